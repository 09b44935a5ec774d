//! Tokens by which somebody who forgot the password chooses another: the reference's, so that each side takes the
//! other's.
//!
//! Nothing is kept of them. A token is a signature over what changes when it is used: it dies with another password,
//! another address, a login, and with time.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use quintet_core::query::Registry;
use quintet_core::schema::Value;
use quintet_db::Db;

use super::account::{Account, find};
use super::base64::{self, Alphabet};
use super::session::key_text;
use super::settings::Accounts;
use crate::clock::Clock;
use crate::http::{Error, Result};
use crate::signing::{Keys, hex_hmac, is_equal};
use crate::site::Site;

/// Makes and checks tokens that reset passwords.
#[derive(Clone, Debug)]
pub struct PasswordResetTokens {
    keys: Keys,
    clock: Clock,
    registry: Arc<Registry>,
    timeout: Duration,
    email_field: String,
}

const SALT: &str = "django.contrib.auth.tokens.PasswordResetTokenGenerator";

/// Seconds between 1970 and 2001, from where tokens count.
const SINCE_2001: i64 = 978_307_200;

impl PasswordResetTokens {
    /// By the keys, the clock and the settings of a site.
    ///
    /// # Errors
    /// `secret_key` is empty, or there is no database.
    pub fn of(site: &Site, db: Db<'_>) -> Result<Self> {
        let auth = &Accounts::of(db).auth;
        Ok(Self {
            keys: site.signing_keys()?,
            clock: site.options().clock.clone(),
            registry: Arc::clone(db.registry().map_err(Error::internal)?),
            timeout: auth.password_reset_timeout,
            email_field: auth.email_field.clone(),
        })
    }

    /// A token for a user, good once and for a while.
    ///
    /// # Errors
    /// The user has no key.
    pub fn make(&self, user: &Account) -> Result<String> {
        let now = self.now();
        Ok(signed(now, &self.state(user, now)?, self.keys.first()))
    }

    /// Whether a token is one of this user's, as the user is now.
    ///
    /// # Errors
    /// The user has no key.
    pub fn check(&self, user: &Account, token: &str) -> Result<bool> {
        let Some(made_at) = made_at(token) else { return Ok(false) };
        let state = self.state(user, made_at)?;
        Ok(self.is_signed(made_at, &state, token) && self.is_in_time(made_at))
    }

    /// What checking a token of nobody costs as much as.
    pub(super) fn check_nobody(&self, token: &str) {
        let made_at = made_at(token).unwrap_or_default();
        let _ = self.is_signed(made_at, "nobody", token);
    }

    fn is_signed(&self, made_at: i64, state: &str, token: &str) -> bool {
        self.keys.all().any(|key| is_equal(&signed(made_at, state, key), token))
    }

    fn is_in_time(&self, made_at: i64) -> bool {
        let age = self.now().saturating_sub(made_at);
        u64::try_from(age).map_or(true, |age| age <= self.timeout.as_secs())
    }

    /// What a clock on the wall shows, as a number: the reference counts so.
    fn now(&self) -> i64 {
        let since = self.clock.now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let seconds = i64::try_from(since).unwrap_or(i64::MAX);
        seconds.saturating_add(self.registry.zone_offset(seconds)) - SINCE_2001
    }

    /// What changes when a token is used.
    fn state(&self, user: &Account, made_at: i64) -> Result<String> {
        let login = match user.value("last_login") {
            // Without fractions, which some databases do not keep.
            Some(Value::DateTime(text) | Value::Text(text)) => text.get(..19).unwrap_or(&text).replace('T', " "),
            _ => String::new(),
        };
        let address = user.text(&self.email_field);
        Ok(format!("{}{}{login}{made_at}{address}", key_text(user)?, user.password()))
    }
}

fn signed(made_at: i64, state: &str, key: &[u8]) -> String {
    let digits = hex_hmac(SALT, state, key);
    // Every other one, for shorter links.
    format!("{}-{}", base36(made_at), digits.chars().step_by(2).collect::<String>())
}

fn made_at(token: &str) -> Option<i64> {
    let (time, signature) = token.split_once('-')?;
    let is_short = !time.is_empty() && time.len() <= 12 && !signature.contains('-');
    is_short.then(|| i64::from_str_radix(time, 36).ok()).flatten().filter(|made_at| *made_at >= 0)
}

fn base36(number: i64) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let (mut left, mut digits) = (number.unsigned_abs(), vec![]);
    loop {
        digits.push(char::from(DIGITS[(left % 36) as usize]));
        left /= 36;
        if left == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}

/// A user's key as it stands in a link.
///
/// # Errors
/// The user has no key.
pub fn uid_of(user: &Account) -> Result<String> {
    Ok(base64::encode(key_text(user)?.as_bytes(), Alphabet::Url))
}

/// The user of a key out of a link; nobody where it is none.
///
/// # Errors
/// What the database refuses.
pub async fn user_of_uid(db: Db<'_>, uid: &str) -> Result<Option<Account>> {
    let key = base64::decode(uid, Alphabet::Url).and_then(|bytes| String::from_utf8(bytes).ok());
    match key {
        Some(key) => find(db, "pk", Value::Text(key)).await,
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_by_36_digits_and_read_again() {
        for (number, text) in [(0, "0"), (35, "z"), (36, "10"), (753_000_000, "cgbeio")] {
            assert_eq!(base36(number), text);
            assert_eq!(made_at(&format!("{text}-x")), Some(number));
        }
        for bad in ["", "-", "x", "-x", "!-x", "1-2-3", "1234567890123-x", "--1-x", " 1-x"] {
            assert_eq!(made_at(bad), None, "{bad:?}");
        }
    }

    #[test]
    #[allow(clippy::disallowed_methods, reason = "a test reads its vectors")]
    fn signatures_are_the_recorded_ones() {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../oracle/vectors/reset_tokens.json");
        let text = std::fs::read_to_string(file).expect("recordings");
        let recorded: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let cases = recorded["tokens"].as_array().expect("a list");
        assert!(cases.len() > 30);
        for case in cases {
            let said = |name: &str| case[name].as_str().expect("text");
            let made_at = case["made_at"].as_i64().expect("a number");
            assert_eq!(signed(made_at, said("state"), said("key").as_bytes()), said("token"), "{case}");
            assert_eq!(base64::encode(said("pk").as_bytes(), Alphabet::Url), said("uid"));
        }
    }
}
