//! What a token is, and whether this project would take it: for people who look at one.
//!
//! Everything that is wrong is gathered, where a view stops at the first thing. What cannot be asked is said, and counts
//! as not known.

use std::time::SystemTime;

use quintet_core::secrecy::Secret;
use quintet_db::Db;
use serde_json::{Map, Value};

use super::rotation::user_of_claims;
use super::token::LONGEST;
use super::tokens::password_mark;
use super::{
    Claims, Keys, SimpleJwt, TokenClass, Validation, blacklist, family, json, unverified_claims, unverified_header,
};
use crate::auth::Account;
use crate::auth::base64::{self, Alphabet};
use crate::clock::Clock;
use crate::http::Result;
use crate::rest::AnyUser as _;

/// What is known of a token.
#[derive(Debug, Default)]
pub struct Inspection {
    /// Its header, where it has one.
    pub header: Option<Map<String, Value>>,
    /// Its claims, where it has some that can be read.
    pub claims: Option<Claims>,
    /// The setting that holds the key that signed it; never the key.
    pub signed_by: Option<String>,
    /// The name of the user whom it names.
    pub user: Option<String>,
    /// What is wrong with it.
    pub problems: Vec<String>,
    /// What should have been asked, and why it could not be.
    pub unasked: Vec<String>,
}

impl Inspection {
    /// Whether nothing is wrong, as far as could be asked.
    pub fn is_good(&self) -> bool {
        self.problems.is_empty()
    }

    fn wrong(&mut self, what: impl Into<String>) {
        self.problems.push(what.into());
    }

    /// What was asked, or that it could not be.
    fn asked<T>(&mut self, what: &str, answer: Result<T>) -> Option<T> {
        let failed = |error: &crate::http::Error| format!("{what}: {}", error.chain().join(": "));
        answer.map_err(|error| self.unasked.push(failed(&error))).ok()
    }
}

/// The site whose token it should be.
#[derive(Clone, Copy)]
pub struct Inspector<'a> {
    /// The settings of its tokens.
    pub settings: &'a SimpleJwt,
    /// Its secret, by which tokens are signed where they have no key of their own.
    pub secret: &'a Secret,
    /// Its old ones.
    pub fallbacks: &'a [Secret],
    /// The time.
    pub clock: &'a Clock,
    /// Its database, with the models; without one nothing is asked there, and no key is fetched from elsewhere.
    pub db: Option<Db<'a>>,
}

impl Inspector<'_> {
    /// Looks at a token.
    pub async fn inspect(&self, token: &str) -> Inspection {
        let mut found = Inspection::default();
        let header = match unverified_header(token) {
            Ok(header) => header,
            Err(why) => {
                found.header = header_of_encrypted(token);
                found.wrong(if found.header.is_some() { ENCRYPTED.to_owned() } else { why.to_string() });
                return found;
            }
        };
        found.header = Some(header);
        match unverified_claims(token) {
            Ok(claims) => found.claims = Some(claims),
            Err(why) => found.wrong(why.to_string()),
        }
        self.ask_keys(token, &mut found).await;
        // What it says is looked at even where nobody signed it: that is what people look for.
        let Some(claims) = found.claims.clone() else { return found };
        self.check(&claims, &mut found);
        match self.db {
            Some(db) if found.signed_by.is_some() => self.ask_database(db, &claims, &mut found).await,
            Some(_) => found.unasked.push("the database: a token that nobody signed may say anything".to_owned()),
            None => {
                found.unasked.push("the database: whether it is taken back, and whether its user is there".to_owned());
            }
        }
        found
    }

    async fn ask_keys(&self, token: &str, found: &mut Inspection) {
        let keys = match Keys::new(self.settings, self.secret, self.fallbacks) {
            Ok(keys) => keys,
            Err(why) => return found.wrong(why),
        };
        let is_unasked = self.db.is_none() && keys.are_elsewhere();
        let signed_by = if is_unasked { keys.signed_by_own(token) } else { keys.signed_by(token, self.clock).await };
        match signed_by {
            Ok(name) => found.signed_by = Some(name),
            Err(_) if is_unasked => {
                found.unasked.push("`simple_jwt.jwk_source`: whether one of its keys signed the token".to_owned());
            }
            Err(why) => found.wrong(why.to_string()),
        }
    }

    /// What its claims say of themselves.
    fn check(&self, claims: &Claims, found: &mut Inspection) {
        let settings = self.settings;
        let validation = Validation::at(self.clock.now())
            .leeway(settings.leeway)
            .audience(settings.audience.clone())
            .issuer(settings.issuer.clone());
        if let Err(why) = validation.check(claims) {
            found.wrong(why.to_string());
        }
        let needed = [Some("exp"), settings.jti_claim.as_deref(), settings.token_type_claim.as_deref()];
        for name in needed.into_iter().flatten().filter(|name| !claims.contains_key(*name)) {
            found.wrong(format!("the token has no `{name}`"));
        }
    }

    async fn ask_database(&self, db: Db<'_>, claims: &Claims, found: &mut Inspection) {
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let kind = self.settings.token_type_claim.as_deref().and_then(text);
        let is_access = kind == Some(TokenClass::Access.token_type());
        let id = self.settings.jti_claim.as_deref().and_then(text);
        if let Some(id) = id.filter(|_| blacklist::is_there(db)) {
            let answer = blacklist::has(db, id).await;
            if found.asked("whether it is taken back", answer) == Some(true) {
                found.wrong("the token is taken back: it is in the blacklist");
            }
        }
        let ended = self.ask_family(db, claims, (id, is_access), found).await;
        let user = user_of_claims(db, self.settings, claims).await;
        let Some(user) = found.asked("whether its user is there", user) else { return };
        let Some(user) = user else { return found.wrong("the token names no user") };
        let Some(user) = user else { return found.wrong("the token's user is not there") };
        found.user = Some(user.username().to_owned());
        self.check_user(&user, claims, found);
        if self.settings.revoke_on_password_change && ended.is_some_and(|family| !family.knows_password(&user)) {
            found.wrong("the password has been changed since its session began");
        }
    }

    /// Its session, where that is asked for when such a token comes.
    async fn ask_family(
        &self,
        db: Db<'_>,
        claims: &Claims,
        (id, is_access): (Option<&str>, bool),
        found: &mut Inspection,
    ) -> Option<family::Family> {
        let settings = self.settings;
        if !settings.token_families || (is_access && !settings.check_token_family) {
            return None;
        }
        if !family::is_there(db) {
            found.unasked.push("whether its session has ended: the app `token_families` is not installed".to_owned());
            return None;
        }
        let member = match id {
            Some(id) => found.asked("whether it has a successor", family::member(db, id).await)?,
            None => None,
        };
        if member.as_ref().is_some_and(family::Member::is_replaced) {
            found.wrong("the token was used already: it has a successor");
        }
        let key = claims.get(&settings.family_claim).and_then(Value::as_str);
        let of = match (member, key) {
            (Some(member), _) => Some(member.family),
            (None, Some(key)) => {
                let family = found.asked("whether its session has ended", family::find(db, key).await)?;
                if family.is_none() {
                    found.wrong("the token's session is not there");
                }
                family
            }
            (None, None) => None,
        };
        if of.as_ref().is_some_and(|family| family.is_ended || family.is_over(self.now())) {
            found.wrong("the token's session has ended");
        }
        of
    }

    fn check_user(&self, user: &Account, claims: &Claims, found: &mut Inspection) {
        let settings = self.settings;
        if !user.is_active() && settings.check_user_is_active {
            found.wrong("the token's user is inactive");
        } else if !settings.admits(user) {
            found.wrong("the token's user may have no tokens: `simple_jwt.user_authentication_rule`");
        }
        let mark = claims.get(&settings.revoke_token_claim);
        if settings.check_revoke_token && mark.is_none_or(|mark| *mark != password_mark(user)) {
            found.wrong("the password has been changed since the token was made");
        }
    }

    fn now(&self) -> SystemTime {
        self.clock.now()
    }
}

const ENCRYPTED: &str = "the token is encrypted: who has its key can read it by `quintet::jwt::decrypt`";

/// The header of a token of five parts, which is not for us to read further.
fn header_of_encrypted(token: &str) -> Option<Map<String, Value>> {
    let mut parts = token.splitn(6, '.');
    let header = parts.next().filter(|_| token.len() <= LONGEST)?;
    let is_whole = parts.count() == 4;
    json::object(&base64::decode(header, Alphabet::Url).filter(|_| is_whole)?, "the header is no object of JSON").ok()
}
