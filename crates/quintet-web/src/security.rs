//! Security events: one log line for each thing that whoever watches a site wants to hear of, by a name that stays.
//!
//! They go to the tracing target `quintet::security`. A line names the user by the key, never by what somebody typed,
//! for people type passwords into the wrong field; it has no token and no cookie in it.

use quintet_core::schema::Value;
use quintet_core::secrecy::one_line;

use crate::http::Request;

/// How loud an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// What happens every day.
    Info,
    /// What somebody should look at.
    Warning,
}

macro_rules! security_events {
    ($($(#[$doc:meta])* $name:ident => $id:literal, $severity:ident, $meaning:literal;)*) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum SecurityEvent { $($(#[$doc])* $name,)* }

        impl SecurityEvent {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name, which stays: the field `event` of the line.
            pub fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// How loud it is.
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }

            /// What it means, in words: the message of the line.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning,)* }
            }
        }
    };
}

security_events! {
    /// A name and a password were given for tokens.
    LoginSucceeded => "login.succeeded", Info, "a user logged in and got tokens";
    /// A name and a password were nobody's, or of somebody who may not have tokens.
    LoginFailed => "login.failed", Warning, "a login was refused";
    /// Somebody tried to log in too often.
    LoginThrottled => "login.throttled", Warning, "logins were tried more often than the rates allow";
    /// A refresh token was used again: somebody else has it too.
    TokenReused => "token.reused", Warning, "a refresh token was used again, and its session was ended";
    /// A refresh token was used again within the reuse interval.
    TokenRepeated => "token.repeated", Info, "a refresh was repeated and answered with the same successor";
    /// A refresh token that is taken back was used.
    TokenRevoked => "token.revoked", Warning, "a token was used that is taken back";
    /// A token was used that is older than its user's password.
    PasswordChanged => "token.password_changed", Info, "a token was used that is older than the password";
    /// A user ended a session, or logged out.
    SessionEnded => "session.ended", Info, "a session was ended";
    /// A user ended all sessions, or all others.
    SessionsEnded => "sessions.ended", Info, "all sessions of a user were ended, or all others";
    /// A refresh token was asked for as a cookie, or sent as one, by an origin that is not allowed.
    CookieRefused => "cookie.refused", Warning, "a refresh token in a cookie was refused to an origin that is not allowed";
}

/// Writes the line of an event.
pub(crate) fn tell(request: &Request, event: SecurityEvent, user: &Value, session: &str) {
    let user = match user {
        Value::Null => String::new(),
        Value::Int(number) => number.to_string(),
        Value::Text(text) | Value::Uuid(text) | Value::Decimal(text) => one_line(text),
        _ => "?".to_owned(),
    };
    let address = request.client_ip().map(|address| address.to_string()).unwrap_or_default();
    let (id, meaning, number) = (event.id(), event.meaning(), request.id());
    match event.severity() {
        Severity::Info => {
            tracing::info!(target: "quintet::security", event = id, user, session, address, request = number, "{meaning}");
        }
        Severity::Warning => {
            tracing::warn!(target: "quintet::security", event = id, user, session, address, request = number, "{meaning}");
        }
    }
}
