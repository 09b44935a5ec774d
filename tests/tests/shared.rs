//! What several processes share: caches and counts, in memory, in both databases and in Redis. Each place makes the same
//! promises, and is asked the same.
#![cfg(unix)]

#[path = "shared/visits.rs"]
mod visits;

use std::net::SocketAddr;
use std::process::Command;
use std::time::{Duration, Instant};

use quintet::Settings;
use quintet::cache::{Cache, CacheSettings, Timeout};
use quintet::settings::DatabaseUrl;
use quintet_tests::databases::Scratch;
use quintet_tests::django;
use quintet_tests::redis::Redis;
use quintet_tests::support::{self, Answer, Said, Server, command, run};
use serde_json::{Value, json};

/// Where a cache can be, and what must stay there as long as it is used.
struct Place {
    name: &'static str,
    cache: String,
    database: Scratch,
    _redis: Option<Redis>,
}

impl Place {
    fn memory() -> Self {
        Self { name: "memory", cache: "memory://".into(), database: Scratch::sqlite(), _redis: None }
    }

    fn redis() -> Option<Self> {
        let redis = redis(&[])?;
        Some(Self { name: "Redis", cache: redis.url(), database: Scratch::sqlite(), _redis: Some(redis) })
    }

    fn table(database: Scratch) -> Self {
        let name = if database.is_sqlite() { "SQLite" } else { "PostgreSQL" };
        let place = Self { name, cache: "database://cache_table".into(), database, _redis: None };
        let said = place.manage(&["createcachetable"]);
        assert_eq!((said.code, said.out.as_str()), (0, ""), "{said:?}");
        place
    }

    fn tables() -> Vec<Self> {
        [Some(Scratch::sqlite()), Scratch::postgres()].into_iter().flatten().map(Self::table).collect()
    }

    /// Those that several processes share.
    fn shared() -> Vec<Self> {
        Self::tables().into_iter().chain(Self::redis()).collect()
    }

    fn all() -> Vec<Self> {
        [Self::memory()].into_iter().chain(Self::shared()).collect()
    }

    /// The project whose processes count together.
    fn counting(&self) -> Command {
        let mut counting = command(env!("CARGO_BIN_EXE_counting"));
        counting.env("DATABASE_URL", &self.database.url).env("CACHE_URL", &self.cache).env_remove("ATOMIC_REQUESTS");
        counting
    }

    fn manage(&self, words: &[&str]) -> Said {
        run(self.counting().args(words))
    }

    fn serve(&self) -> Server {
        Server::start(self.counting().args(["serve", "127.0.0.1:0"]))
    }

    /// A site with this cache, and others in the same place.
    fn site(&self) -> quintet::SiteApp {
        let cache = |more: &str| CacheSettings::parse(&format!("{}?{more}", self.cache)).expect("a URL");
        let settings = Settings {
            secret_key: "a-key-for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz".into(),
            database: DatabaseUrl::parse("DATABASE_URL", &self.database.url).expect("a URL"),
            caches: [("default", ""), ("other", "key_prefix=o"), ("short", "timeout=1")]
                .map(|(name, more)| (name.to_owned(), cache(more)))
                .into(),
            ..Settings::default()
        };
        quintet::site(&settings).unwrap_or_else(|bad| panic!("{}: {bad}", self.name))
    }

    #[track_caller]
    fn work(&self, work: impl AsyncFnOnce(Cache<'_>) -> quintet::prelude::Result<()>) {
        let app = self.site();
        let done = quintet::testing::block_on(async { work(app.site().cache("default")?).await });
        done.unwrap_or_else(|error| panic!("{}: {error:?}: {:?}", self.name, error.chain()));
    }
}

#[expect(clippy::print_stdout, reason = "a test says why it is skipped")]
/// A Redis server; nothing, and a line that says so, where the programs cannot talk to one or there is none.
fn redis(words: &[&str]) -> Option<Redis> {
    if !cfg!(feature = "redis") {
        println!("SKIPPED: built without the feature `redis`");
        return None;
    }
    Redis::start_with(words)
}

#[test]
fn every_place_keeps_what_it_is_given() {
    let values = [
        json!(null),
        json!(true),
        json!(0),
        json!(-5),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(0.5),
        json!("é\u{0}'\"\\ 5"),
        json!("5"),
        json!([1, [2.5, {}]]),
        json!({"a": {"b": [null]}, "": "x".repeat(100_000)}),
    ];
    for place in Place::all() {
        place.work(async |cache| {
            assert_eq!(cache.get::<Value>("none").await?, None);
            for (number, value) in values.iter().enumerate() {
                let key = number.to_string();
                cache.set(&key, value, Timeout::Default).await?;
                assert_eq!(cache.get_value(&key).await?.as_ref(), Some(value), "{}", place.name);
            }
            assert!(cache.get::<u8>("7").await.is_err(), "{}: a text is no number", place.name);
            Ok(())
        });
    }
}

#[test]
fn every_place_keeps_the_same_promises() {
    for place in Place::all() {
        place.work(async |cache| {
            let name = place.name;
            assert!(cache.add("a", &1, Timeout::Never).await?, "{name}");
            assert!(!cache.add("a", &2, Timeout::Never).await?, "{name}: it is there");
            assert_eq!(cache.get("a").await?, Some(1), "{name}");
            cache.set("a", "text", Timeout::Default).await?;
            assert_eq!(cache.get::<String>("a").await?.as_deref(), Some("text"), "{name}");
            assert!(cache.has_key("a").await? && !cache.has_key("b").await?, "{name}");
            assert!(cache.touch("a", Duration::from_secs(9)).await?, "{name}");
            assert!(cache.touch("a", Timeout::Never).await? && cache.touch("a", Timeout::Never).await?, "{name}");
            assert!(!cache.touch("b", Timeout::Never).await?, "{name}: there is none");
            assert!(cache.delete("a").await? && !cache.delete("a").await?, "{name}");

            cache.set("n", &40, Timeout::Never).await?;
            assert_eq!(cache.incr("n", 2).await?, Some(42), "{name}");
            assert_eq!(cache.incr("n", -50).await?, Some(-8), "{name}");
            assert_eq!(cache.incr("none", 1).await?, None, "{name}");
            cache.set("n", &i64::MAX, Timeout::Never).await?;
            assert!(cache.incr("n", 1).await.is_err(), "{name}: too large");
            cache.set("n", "text", Timeout::Never).await?;
            assert!(cache.incr("n", 1).await.is_err(), "{name}: a text");

            cache.set("z", &1, Duration::ZERO).await?;
            assert!(!cache.has_key("z").await?, "{name}: kept for no time");
            assert!(cache.add("z", &1, Duration::ZERO).await? && !cache.has_key("z").await?, "{name}");
            cache.set("z", &1, Timeout::Never).await?;
            assert!(cache.touch("z", Duration::ZERO).await? && !cache.has_key("z").await?, "{name}");

            cache.with_version(2).set("v", &2, Timeout::Default).await?;
            assert_eq!(cache.get::<i32>("v").await?, None, "{name}: of another version");
            let long = "é".repeat(1000);
            for key in [long.as_str(), &format!("{long}2"), "a\0b", "a\nb", "a b", "a'b\"", "*"] {
                cache.set(key, key, Timeout::Default).await?;
            }
            for key in [long.as_str(), &format!("{long}2"), "a\0b", "a\nb", "a b", "a'b\"", "*"] {
                assert_eq!(cache.get::<String>(key).await?.as_deref(), Some(key), "{name}");
            }
            cache.clear().await?;
            assert!(!cache.has_key(&long).await? && !cache.has_key("*").await?, "{name}");
            Ok(())
        });
    }
}

#[test]
fn an_entry_is_gone_when_its_time_is_over_and_not_before() {
    for place in Place::all() {
        let app = place.site();
        let done: quintet::prelude::Result<()> = quintet::testing::block_on(async {
            let (cache, short) = (app.site().cache("default")?, app.site().cache("short")?);
            let begun = Instant::now();
            short.set("default", &1, Timeout::Default).await?;
            cache.set("said", &1, Duration::from_millis(900)).await?;
            cache.set("number", &1, Duration::from_secs(1)).await?;
            cache.incr("number", 1).await?;
            cache.set("long", &1, Duration::from_secs(60)).await?;
            let kept =
                cache.has_key("said").await? && short.has_key("default").await? && cache.has_key("number").await?;
            assert!(kept || begun.elapsed() > Duration::from_millis(800), "{}", place.name);
            // A table counts whole seconds, and lets nothing go too early.
            tokio::time::sleep(Duration::from_millis(2100)).await;
            assert!(!cache.has_key("said").await? && !short.has_key("default").await?, "{}", place.name);
            assert!(!cache.has_key("number").await?, "{}: adding leaves the time as it was", place.name);
            assert!(cache.add("said", &2, Timeout::Default).await?, "{}: there is room again", place.name);
            assert!(cache.has_key("long").await?, "{}", place.name);
            Ok(())
        });
        done.expect("the cache answers");
    }
}

#[test]
fn adding_at_once_loses_nothing() {
    for place in Place::all() {
        let app = place.site();
        quintet::testing::block_on(async {
            let site = app.site().clone();
            site.cache("default").expect("a cache").set("n", &0, Timeout::Never).await.expect("kept");
            let adders: Vec<_> = (0..16)
                .map(|_| {
                    let site = site.clone();
                    tokio::spawn(async move {
                        let cache = site.cache("default").expect("a cache");
                        let is_first = cache.add("first", &1, Timeout::Never).await.expect("added");
                        for _ in 0..25 {
                            cache.incr("n", 1).await.expect("a number");
                        }
                        usize::from(is_first)
                    })
                })
                .collect();
            let mut first = 0;
            for adder in adders {
                first += adder.await.expect("an adder");
            }
            let sum = site.cache("default").expect("a cache").get("n").await.expect("a number");
            assert_eq!((first, sum), (1, Some(400)), "{}", place.name);
        });
    }
}

#[test]
fn caches_with_prefixes_of_their_own_do_not_meet() {
    for place in Place::shared() {
        let app = place.site();
        let done: quintet::prelude::Result<()> = quintet::testing::block_on(async {
            let (one, other) = (app.site().cache("default")?, app.site().cache("other")?);
            one.set("a", &1, Timeout::Default).await?;
            assert_eq!(other.get::<i32>("a").await?, None, "{}", place.name);
            other.set("a", &2, Timeout::Default).await?;
            assert_eq!(one.get("a").await?, Some(1), "{}", place.name);
            if place.name == "Redis" {
                other.clear().await?;
                assert_eq!(one.get("a").await?, Some(1), "what another prefix keeps stays");
            }
            Ok(())
        });
        done.expect("the cache answers");
    }
}

const GET: &str = "GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {client}\r\n\r\n";

/// Asks so often, from several connections at once to several servers; gives the statuses.
fn asked(servers: &[SocketAddr], path: &str, times: usize) -> Vec<u16> {
    const CONNECTIONS: usize = 8;
    let request = GET.replace("{path}", path).replace("{client}", "203.0.113.9");
    let threads: Vec<_> = (0..CONNECTIONS)
        .map(|number| {
            let (address, request) = (servers[number % servers.len()], request.clone());
            std::thread::spawn(move || {
                let mut client = support::Client::new(address).expect("a connection");
                let ask = |_| client.ask(&request).expect("an answer").status;
                (0..times / CONNECTIONS).map(ask).collect::<Vec<_>>()
            })
        })
        .collect();
    threads.into_iter().flat_map(|thread| thread.join().expect("a client")).collect()
}

fn of(statuses: &[u16], status: u16) -> usize {
    statuses.iter().filter(|one| **one == status).count()
}

#[test]
fn two_processes_count_together_and_exactly_the_rate_passes() {
    for place in Place::shared() {
        let servers = [place.serve(), place.serve()];
        let addresses = servers.each_ref().map(Server::address);
        let statuses = asked(&addresses, "/few/", 160);
        assert_eq!((of(&statuses, 200), of(&statuses, 429)), (50, 110), "{}", place.name);
        let other = GET.replace("{path}", "/few/").replace("{client}", "203.0.113.10");
        let other = support::Client::new(addresses[1]).expect("a connection").ask(other).expect("an answer");
        assert_eq!(other.status, 200, "{}: another client", place.name);
        // A process that begins anew goes on counting.
        let third = place.serve();
        assert_eq!(asked(&[third.address()], "/few/", 8), [429; 8], "{}", place.name);
    }
}

#[test]
fn processes_that_count_in_memory_count_for_themselves() {
    let place = Place::memory();
    for _ in 0..2 {
        let statuses = asked(&[place.serve().address()], "/few/", 80);
        assert_eq!((of(&statuses, 200), of(&statuses, 429)), (50, 30));
    }
}

#[test]
fn a_refusal_undoes_what_the_view_did_and_not_that_it_was_counted() {
    for place in Place::tables() {
        let server = Server::start(place.counting().args(["serve", "127.0.0.1:0"]).env("ATOMIC_REQUESTS", "1"));
        let statuses = asked(&[server.address()], "/refused/", 64);
        assert_eq!((of(&statuses, 400), of(&statuses, 429)), (50, 14), "{}", place.name);
        place.work(async |cache| {
            assert!(!cache.has_key("kept").await?, "{}: it went with the transaction", place.name);
            Ok(())
        });
    }
}

#[test]
fn while_redis_is_away_the_answer_is_503_and_nothing_passes_uncounted() {
    let Some(mut redis) = redis(&[]) else { return };
    let place = Place { name: "Redis", cache: redis.url(), database: Scratch::sqlite(), _redis: None };
    let mut server = place.serve();
    let get = || support::get(server.address(), "/few/").expect("an answer");
    assert_eq!(get().status, 200);
    redis.stop();
    let away = get();
    assert_eq!((away.status, away.header("retry-after")), (503, Some("1")), "{away:?}");
    redis.resume();
    assert_eq!(get().status, 200, "the connection is made again");
    server.wait_for("is away", Duration::from_secs(10));
}

#[test]
fn who_does_not_answer_is_given_up() {
    let Some(redis) = redis(&[]) else { return };
    let cache = format!("{}?wait=1", redis.url());
    let place = Place { name: "Redis", cache, database: Scratch::sqlite(), _redis: None };
    let server = place.serve();
    let get = || support::get(server.address(), "/few/").expect("an answer").status;
    assert_eq!(get(), 200);
    redis.pause();
    let begun = Instant::now();
    assert_eq!(get(), 503);
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    redis.go_on();
    assert_eq!(get(), 200);
}

#[test]
fn a_password_and_another_database_of_redis_are_used() {
    let Some(redis) = redis(&["--requirepass", "hush hush"]) else { return };
    let url = redis.url();
    let with = |who: &str| url.replace("redis+unix://", &format!("redis+unix://{who}@")) + "?db=3";
    let place = |cache: String| Place { name: "Redis", cache, database: Scratch::sqlite(), _redis: None };
    let status = |place: &Place| support::get(place.serve().address(), "/few/").expect("an answer").status;
    assert_eq!(status(&place(with(":hush%20hush"))), 200);
    assert_eq!(status(&place(with("default:hush%20hush"))), 200);
    assert_eq!(redis.ask(&["-a", "hush hush", "--no-auth-warning", "-n", "3", "DBSIZE"]), "1");
    assert_eq!(status(&place(with(":wrong"))), 503, "nothing passes uncounted");
    let said = place(with(":wrong")).manage(&["diffsettings"]);
    assert!(said.out.contains("caches") && !said.out.contains("wrong"), "{said:?}");
}

/// An attempt to log in.
fn log_in(server: &Server, path: &str, client: &str, body: &str) -> Answer {
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {client}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    support::Client::new(server.address()).expect("a connection").ask(request).expect("an answer")
}

#[test]
fn guessing_a_password_has_an_end_by_account_and_by_address() {
    for place in Place::shared() {
        let servers = [place.serve(), place.serve()];
        let mut turn = 0;
        let mut attempt = |client: &str, name: &str| {
            turn += 1;
            let body = json!({"username": name, "password": "guess"}).to_string();
            log_in(&servers[turn % 2], "/login/", client, &body).status
        };
        let name = place.name;
        // Three times an account from an address, in whatever case it is written.
        assert_eq!(["ann", "Ann", " ann "].map(|ann| attempt("192.0.2.1", ann)), [403; 3], "{name}");
        assert_eq!(attempt("192.0.2.1", "ann"), 429, "{name}");
        assert_eq!(attempt("192.0.2.2", "ann"), 403, "{name}: from another address");
        // Five times an address, whatever the accounts.
        assert_eq!(attempt("192.0.2.1", "bob"), 403, "{name}: another account");
        assert_eq!(attempt("192.0.2.1", "cat"), 429, "{name}: the address has had enough");
        // Twenty times an account, whatever the addresses.
        let statuses: Vec<u16> = (0..30).map(|number| attempt(&format!("198.51.100.{number}"), "ann")).collect();
        assert!(of(&statuses, 429) >= 10 && statuses[29] == 429, "{name}: {statuses:?}");
        let refused = log_in(&servers[0], "/login/", "192.0.2.9", r#"{"username": "ann", "password": "x"}"#);
        assert!(refused.header("retry-after").is_some(), "{name}: {refused:?}");
        assert_eq!(attempt("192.0.2.77", "dan"), 403, "{name}: nobody else is kept out");
        let odd = log_in(&servers[0], "/login/", "192.0.2.88", r#"{"username": ["a\u0000"]}"#);
        assert_eq!(odd.status, 403, "{name}: what is no name is counted as well");
    }
}

#[test]
fn the_view_that_gives_tokens_out_counts_attempts_though_it_refuses_them() {
    for place in Place::tables() {
        let migrated = place.manage(&["migrate", "--verbosity", "0"]);
        assert_eq!(migrated.code, 0, "{migrated:?}");
        let server = Server::start(place.counting().args(["serve", "127.0.0.1:0"]).env("ATOMIC_REQUESTS", "1"));
        let guess = r#"{"username": "ann", "password": "guess"}"#;
        let statuses = [0; 4].map(|_| log_in(&server, "/token/", "192.0.2.1", guess).status);
        assert_eq!(statuses, [401, 401, 401, 429], "{}", place.name);
    }
}

#[test]
fn both_frameworks_use_one_table() {
    if !django::is_here() {
        return;
    }
    for place in Place::tables() {
        let script = "
from django.core.cache.backends.db import DatabaseCache
cache = DatabaseCache('cache_table', {})
cache.set('theirs', {'_auth_user_id': '1', 'é': [1, 2.5, None, True, (3,)]})
cache.set('many', [1700000000.5] * 3000)
cache.set('number', 41)
cache.set('gone', 1, timeout=0)
cache.set('stays', 'x', timeout=None)
";
        django::python_script(&place.database, script);
        place.work(async |cache| {
            let name = place.name;
            let theirs = json!({"_auth_user_id": "1", "é": [1, 2.5, null, true, [3]]});
            assert_eq!(cache.get_value("theirs").await?, Some(theirs), "{name}");
            assert_eq!(cache.get::<Vec<f64>>("many").await?, Some(vec![1_700_000_000.5; 3000]), "{name}");
            assert_eq!(cache.incr("number", 1).await?, Some(42), "{name}");
            assert!(!cache.has_key("gone").await? && cache.has_key("stays").await?, "{name}");
            cache.set("ours", &json!({"a": [1, -2, 0.5, "é", null, true, i64::MAX]}), Timeout::Never).await?;
            cache.set("soon", &1, Duration::from_secs(60)).await?;
            Ok(())
        });
        let script = "
from django.core.cache.backends.db import DatabaseCache
cache = DatabaseCache('cache_table', {})
print(cache.get('ours'), cache.get('number'), cache.get('soon'), cache.incr('number'), cache.touch('stays', 5))
";
        let said = django::python_script(&place.database, script);
        let ours = "{'a': [1, -2, 0.5, 'é', None, True, 9223372036854775807]}";
        assert_eq!(said.trim_end(), format!("{ours} 42 1 43 True"), "{}", place.name);
    }
}

#[test]
fn both_frameworks_count_together() {
    if !django::is_here() {
        return;
    }
    for place in Place::tables() {
        let script = "
import time
from django.core.cache.backends.db import DatabaseCache
cache = DatabaseCache('cache_table', {})
now = time.time()
history = cache.get('throttle_few_203.0.113.9', [])
print(len(history), all(type(moment) is float for moment in history))
cache.set('throttle_few_203.0.113.9', [now] * 30 + [now - 4000] * 5 + history, 3600)
";
        assert_eq!(django::python_script(&place.database, script).trim_end(), "0 True");
        let server = place.serve();
        let statuses = asked(&[server.address()], "/few/", 40);
        assert_eq!(of(&statuses, 200), 20, "{}: thirty were counted there, and five too long ago", place.name);
        assert_eq!(django::python_script(&place.database, script).trim_end(), "50 True", "{}", place.name);
    }
}

#[test]
fn createcachetable_says_what_the_reference_says() {
    if !django::is_here() {
        return;
    }
    for database in quintet_tests::databases::each() {
        let ours = Place { name: "", cache: "database://cache_table".into(), database, _redis: None };
        let dry = ours.manage(&["createcachetable", "--dry-run"]);
        let theirs = django::manage(&ours.database, &["createcachetable", "--dry-run", "cache_table"]);
        assert_eq!((dry.code, &dry.out), (0, &theirs.out));
        let made = ours.manage(&["createcachetable", "-v2"]);
        assert_eq!(made.out, "Cache table 'cache_table' created.\n");
        let schema = ours.database.schema();
        let again = ours.manage(&["createcachetable"]);
        assert_eq!(again.out, "Cache table 'cache_table' already exists.\n");
        let theirs = django::manage(&ours.database, &["createcachetable", "cache_table"]);
        assert_eq!(theirs.out, again.out);
        ours.database.script("DROP TABLE cache_table");
        assert_eq!(django::manage(&ours.database, &["createcachetable", "cache_table"]).code, 0);
        assert_eq!(ours.database.schema().diff(&schema), "", "made by either");
    }
}

#[test]
fn what_is_wrong_with_a_cache_is_told() {
    let place = |cache: &str| Place { name: "", cache: cache.to_owned(), database: Scratch::sqlite(), _redis: None };
    let said = place("file:///tmp").manage(&["check"]);
    assert!(said.code != 0 && said.err.contains("CACHE_URL") && said.err.contains("redis://"), "{said:?}");
    let forgotten = place("database://not_there");
    assert_eq!(forgotten.manage(&["createcachetable", "another"]).code, 0);
    let mut server = forgotten.serve();
    let answer = support::get(server.address(), "/few/").expect("an answer");
    assert_eq!(answer.status, 500, "nothing passes uncounted");
    server.wait_for("createcachetable", Duration::from_secs(10));
}
