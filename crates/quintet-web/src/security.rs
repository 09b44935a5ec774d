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
    /// A user chose another password.
    PasswordSet => "password.set", Info, "a user changed the password, and all sessions were ended";
    /// The password there is was given wrong, by who is logged in.
    PasswordRefused => "password.refused", Warning, "a user who is logged in gave a wrong password";
    /// Somebody asked for a link that resets a password.
    ResetAsked => "reset.asked", Info, "a link that resets a password was asked for";
    /// Such a link was sent.
    ResetSent => "reset.sent", Info, "a link that resets a password was sent to its user";
    /// Such a link was used.
    PasswordReset => "password.reset", Info, "a password was reset by a link, and all sessions were ended";
    /// A link was used that is not good, or not any more.
    ResetRefused => "reset.refused", Warning, "a link that resets a password was refused";
    /// A user deleted the account.
    AccountDeleted => "account.deleted", Info, "a user deleted the own account";
    /// A refresh token was asked for as a cookie, or sent as one, by an origin that is not allowed.
    CookieRefused => "cookie.refused", Warning, "a refresh token in a cookie was refused to an origin that is not allowed";
}

/// Writes the line of an event.
pub(crate) fn tell(request: &Request, event: SecurityEvent, user: &Value, session: &str) {
    Asker::of(request).tell(event, user, session);
}

/// What is known of who asked, for work that goes on beside the request.
#[derive(Clone, Debug)]
pub(crate) struct Asker {
    address: String,
    number: String,
}

impl Asker {
    pub(crate) fn of(request: &Request) -> Self {
        let address = request.client_ip().map(|address| address.to_string()).unwrap_or_default();
        Self { address, number: request.id() }
    }

    /// Writes the line of an event.
    pub(crate) fn tell(&self, event: SecurityEvent, user: &Value, session: &str) {
        let (user, Self { address, number }) = (name_of(user), self);
        let (id, meaning) = (event.id(), event.meaning());
        match event.severity() {
            Severity::Info => {
                tracing::info!(target: "quintet::security", event = id, user, session, address, request = number, "{meaning}");
            }
            Severity::Warning => {
                tracing::warn!(target: "quintet::security", event = id, user, session, address, request = number, "{meaning}");
            }
        }
    }
}

fn name_of(user: &Value) -> String {
    match user {
        Value::Null => String::new(),
        Value::Int(number) => number.to_string(),
        Value::Text(text) | Value::Uuid(text) | Value::Decimal(text) => one_line(text),
        _ => "?".to_owned(),
    }
}
