//! Random sequences of what users, thieves and operators do, beside a model that is simple enough to be believed: what it
//! says is taken back is never accepted, and what it says is good is.

use quintet::apps::auth::models::User;
use quintet::auth::hashers::make_password;
use quintet::prelude::*;
use quintet::settings::{Duration, PasswordHasher, Secret, SimpleJwt};
use quintet::testing::{Client, TestClock};

use crate::harness::{Kit, PASSWORD, SECRET, cheap, each, families, rotating};

const NAMES: [&str; 2] = ["alice", "bob"];
const ACCESS: u64 = 30 * 60;
const REFRESH: u64 = 24 * 3600;
const LIFETIME: u64 = 40 * 3600;
const INTERVAL: u64 = 10;

/// Chance that can be repeated: SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(limit).expect("a limit")).expect("a number")
    }
}

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Somebody. Who is deleted comes again as another.
#[derive(Clone, Copy)]
struct Person {
    is_there: bool,
    is_active: bool,
    password: u64,
}

struct Session {
    person: usize,
    is_ended: bool,
    end: u64,
    password: u64,
}

struct Token {
    text: String,
    session: usize,
    end: u64,
    key: usize,
    /// When it was replaced, and by which.
    replaced: Option<(u64, usize)>,
    is_taken_back: bool,
}

/// Everything that there is.
struct World<'k> {
    kit: &'k Kit,
    jwt: SimpleJwt,
    client: Client,
    clock: TestClock,
    now: u64,
    /// The key that signs; those from the first that is believed up to it are good.
    key: usize,
    oldest_key: usize,
    people: Vec<Person>,
    /// Who has a name at present.
    named: [usize; 2],
    sessions: Vec<Session>,
    refresh: Vec<Token>,
    access: Vec<Token>,
    passwords: u64,
    accepted: usize,
    refused: usize,
    trace: Vec<String>,
}

impl World<'_> {
    fn has_families(&self) -> bool {
        self.jwt.token_families
    }

    fn is_signed(&self, token: &Token) -> bool {
        token.key >= self.oldest_key && self.now < token.end
    }

    fn person(&self, token: &Token) -> Person {
        self.people[self.sessions[token.session].person]
    }

    fn judged(&mut self, what: &str, is_good: bool, status: u16) {
        self.trace.push(format!("{what} at {}: {is_good}", self.now));
        assert_eq!(status, if is_good { 200 } else { 401 }, "{:#?}", self.trace);
        *(if is_good { &mut self.accepted } else { &mut self.refused }) += 1;
    }

    async fn login(&mut self, name: usize) {
        let person = self.named[name];
        let answer = self.client.post("/api/token/", json!({ "username": NAMES[name], "password": PASSWORD })).await;
        self.judged(&format!("{} logs in", NAMES[name]), self.people[person].is_active, answer.status());
        if answer.status() != 200 {
            return;
        }
        let end = if self.has_families() { self.now + LIFETIME } else { u64::MAX };
        let password = self.people[person].password;
        self.sessions.push(Session { person, is_ended: false, end, password });
        self.keep(self.sessions.len() - 1, &answer.json());
    }

    /// Keeps the tokens of an answer; the place of the refresh token.
    fn keep(&mut self, session: usize, answer: &Value) -> Option<usize> {
        let last = self.sessions[session].end;
        let (key, now) = (self.key, self.now);
        let token = |name: &str, life: u64| {
            let text = answer.get(name)?.as_str()?.to_owned();
            Some(Token { text, session, end: (now + life).min(last), key, replaced: None, is_taken_back: false })
        };
        self.access.extend(token("access", ACCESS));
        let refresh = token("refresh", REFRESH)?;
        self.refresh.push(refresh);
        Some(self.refresh.len() - 1)
    }

    async fn exchange(&mut self, at: usize) {
        let answer = self.client.post("/api/token/refresh/", json!({ "refresh": self.refresh[at].text })).await;
        let (is_good, is_repeat) = self.expect_exchange(at);
        self.judged(&format!("token {at} is refreshed"), is_good, answer.status());
        if !is_good {
            return;
        }
        if let Some(successor) = is_repeat {
            assert_eq!(answer.json()["refresh"], self.refresh[successor].text, "{:#?}", self.trace);
            return;
        }
        let session = self.refresh[at].session;
        let next = self.keep(session, &answer.json()).expect("a successor");
        self.refresh[at].replaced = Some((self.now, next));
        self.refresh[at].is_taken_back = true;
    }

    /// Whether a refresh is good, and which token it is answered with again; what ends by it ends.
    fn expect_exchange(&mut self, at: usize) -> (bool, Option<usize>) {
        let (token, person) = (&self.refresh[at], self.person(&self.refresh[at]));
        let session = &self.sessions[token.session];
        let is_over = !self.is_signed(token) || session.is_ended || !person.is_there || !person.is_active;
        if is_over {
            return (false, None);
        }
        if !self.has_families() {
            return (!token.is_taken_back, None);
        }
        let is_old = session.password != person.password;
        let repeat =
            token.replaced.filter(|(when, next)| self.now - when <= INTERVAL && self.refresh[*next].replaced.is_none());
        if is_old || (token.replaced.is_some() && repeat.is_none()) {
            let session = token.session;
            self.sessions[session].is_ended = true;
            return (false, None);
        }
        (true, repeat.map(|(_, next)| next))
    }

    fn access_is_good(&self, at: usize) -> bool {
        let (token, person) = (&self.access[at], self.person(&self.access[at]));
        let session = &self.sessions[token.session];
        let lives = !self.has_families() || !session.is_ended;
        self.is_signed(token) && person.is_there && person.is_active && session.password == person.password && lives
    }

    async fn open(&mut self, at: usize) {
        let status = self.client.clone().with_token(&self.access[at].text).get("/api/notes/").await.status();
        let is_good = self.access_is_good(at);
        self.judged(&format!("access token {at} is used"), is_good, status);
    }

    async fn log_out(&mut self, at: usize) {
        let answer = self.client.post("/api/token/blacklist/", json!({ "refresh": self.refresh[at].text })).await;
        let token = &self.refresh[at];
        let (session, is_signed) = (token.session, self.is_signed(token));
        let is_good = if self.has_families() {
            is_signed && !self.sessions[session].is_ended && self.person(token).is_there
        } else {
            is_signed && !token.is_taken_back
        };
        self.judged(&format!("token {at} is taken back"), is_good, answer.status());
        if is_good {
            self.refresh[at].is_taken_back = true;
            self.sessions[session].is_ended |= self.has_families();
        }
    }

    async fn log_out_everywhere(&mut self, at: usize) {
        let answer = self.client.clone().with_token(&self.access[at].text).delete("/api/sessions/").await;
        let is_good = self.access_is_good(at);
        let status = if answer.status() == 204 { 200 } else { answer.status() };
        self.judged(&format!("everywhere out, with access token {at}"), is_good, status);
        if !is_good {
            return;
        }
        let person = self.sessions[self.access[at].session].person;
        for token in &mut self.refresh {
            let session = &mut self.sessions[token.session];
            if session.person == person {
                token.is_taken_back = true;
                session.is_ended |= self.jwt.token_families;
            }
        }
    }

    async fn change_password(&mut self, name: usize) {
        let made = make_password(&[PasswordHasher::Md5], Some(PASSWORD)).expect("a hash");
        let mut user = self.user(name).await;
        user.update(&self.kit.db, |u| u.password().set(made)).await.expect("changed");
        self.passwords += 1;
        self.people[self.named[name]].password = self.passwords;
        self.trace.push(format!("{} has another password", NAMES[name]));
    }

    async fn switch(&mut self, name: usize) {
        let person = &mut self.people[self.named[name]];
        person.is_active = !person.is_active;
        let is_active = person.is_active;
        let mut user = self.user(name).await;
        user.update(&self.kit.db, |u| u.is_active().set(is_active)).await.expect("changed");
        self.trace.push(format!("{} is active: {is_active}", NAMES[name]));
    }

    /// Somebody goes, and another comes by the same name.
    async fn replace(&mut self, name: usize) {
        let user = self.user(name).await;
        Stored::delete(&user, &self.kit.db).await.expect("gone");
        self.people[self.named[name]].is_there = false;
        let password = make_password(&[PasswordHasher::Md5], Some(PASSWORD)).expect("a hash");
        create!(&self.kit.db, User { username: NAMES[name], password, is_active: true }).await.expect("a user");
        self.passwords += 1;
        self.people.push(Person { is_there: true, is_active: true, password: self.passwords });
        self.named[name] = self.people.len() - 1;
        self.trace.push(format!("{} is another", NAMES[name]));
    }

    async fn user(&self, name: usize) -> User {
        User::objects().filter(|u| u.username().eq(NAMES[name])).get(&self.kit.db).await.expect("a user")
    }

    fn wait(&mut self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
        self.now += seconds;
    }

    /// Another key signs; the older ones are believed, or not any more.
    fn rotate_keys(&mut self, keeps: bool) {
        self.key += 1;
        if !keeps {
            self.oldest_key = self.key;
        }
        let jwt = self.jwt.clone();
        self.client = cheap(self.kit, jwt).with_settings(|settings| {
            settings.secret_key = secret(self.key);
            settings.secret_key_fallbacks = (self.oldest_key..self.key).map(secret).collect();
        });
        self.trace.push(format!("another key, the old ones stay: {keeps}"));
    }

    async fn step(&mut self, chance: &mut Random) {
        let name = chance.below(2);
        match chance.below(100) {
            0..14 => self.login(name).await,
            14..42 if !self.refresh.is_empty() => {
                // The younger ones more often: they are good more often.
                let back = chance.below(self.refresh.len()).min(chance.below(self.refresh.len()));
                self.exchange(self.refresh.len() - 1 - back).await;
            }
            42..68 if !self.access.is_empty() => {
                let back = chance.below(self.access.len()).min(chance.below(self.access.len()));
                self.open(self.access.len() - 1 - back).await;
            }
            68..74 if !self.refresh.is_empty() => self.log_out(chance.below(self.refresh.len())).await,
            74..77 if !self.access.is_empty() => {
                let at = self.access.len() - 1 - chance.below(self.access.len().min(5));
                self.log_out_everywhere(at).await;
            }
            77..80 => self.change_password(name).await,
            80..84 => self.switch(name).await,
            84..86 => self.replace(name).await,
            86..96 => {
                let seconds = [1, 5, 9, 12, 700, 4_000, 30_000][chance.below(7)];
                self.wait(seconds);
            }
            96..98 => self.rotate_keys(true),
            98 => self.rotate_keys(false),
            _ => {}
        }
    }
}

fn secret(number: usize) -> Secret {
    if number == 0 { SECRET.into() } else { format!("key {number} {SECRET}").as_str().into() }
}

async fn walk(kit: &Kit, jwt: SimpleJwt, seed: u64) -> (usize, usize) {
    // No two walks upon one database meet: each begins later than the last can have ended.
    let clock = TestClock::at("2026-01-01T00:00:00Z");
    let start = 100 * 24 * 3600 * (seed % 1000);
    clock.advance(Duration::from_secs(start));
    let people = vec![Person { is_there: true, is_active: true, password: 0 }; 2];
    let mut world = World {
        client: cheap(kit, jwt.clone()),
        kit,
        jwt,
        clock,
        now: start,
        key: 0,
        oldest_key: 0,
        people,
        named: [0, 1],
        sessions: vec![],
        refresh: vec![],
        access: vec![],
        passwords: 0,
        accepted: 0,
        refused: 0,
        trace: vec![format!("seed {seed}")],
    };
    for name in 0..2 {
        world.replace(name).await;
    }
    let mut chance = Random(seed);
    for _ in 0..200 {
        world.step(&mut chance).await;
    }
    (world.accepted, world.refused)
}

async fn walks(jwt: SimpleJwt) {
    let (seed, rounds) = (number("QUINTET_TEST_SEED", 1), 2 * number("QUINTET_TEST_SCALE", 1));
    each(async |kit| {
        let (mut accepted, mut refused) = (0, 0);
        for round in 0..rounds {
            let (good, bad) = walk(kit, jwt.clone(), seed * 100 + round).await;
            (accepted, refused) = (accepted + good, refused + bad);
        }
        let least = 20 * usize::try_from(rounds).expect("a number");
        assert!(accepted > least && refused > least, "{accepted} accepted, {refused} refused: it proves little");
    })
    .await;
}

#[quintet::test]
async fn no_token_that_is_taken_back_is_ever_accepted() {
    let jwt = SimpleJwt { check_revoke_token: true, ..rotating() };
    walks(jwt).await;
}

#[quintet::test]
async fn with_sessions_no_token_that_is_taken_back_is_ever_accepted() {
    walks(SimpleJwt { family_lifetime: Some(Duration::from_secs(LIFETIME)), ..families() }).await;
}
