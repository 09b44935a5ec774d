//! A token of a user: its kind, and its claims.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::Claims;
use super::family::Family;
use super::settings::SimpleJwt;

/// The kinds of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenClass {
    /// Opens views, for a short while.
    Access,
    /// Gives access tokens, for a longer one.
    Refresh,
    /// Opens views, and can be renewed itself.
    Sliding,
    /// A kind of a project's own.
    Own(&'static OwnToken),
}

/// A kind of token of a project's own: `static PIPELINE: OwnToken = OwnToken::new("PipelineToken", "pipeline", hour)`.
#[derive(Debug, PartialEq, Eq)]
pub struct OwnToken {
    name: &'static str,
    token_type: &'static str,
    lifetime: Duration,
}

impl OwnToken {
    /// A kind: its name in refusals, what the claim of its type says, and how long its tokens are good.
    pub const fn new(name: &'static str, token_type: &'static str, lifetime: Duration) -> Self {
        Self { name, token_type, lifetime }
    }
}

impl TokenClass {
    /// Its name in refusals: `AccessToken`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Access => "AccessToken",
            Self::Refresh => "RefreshToken",
            Self::Sliding => "SlidingToken",
            Self::Own(own) => own.name,
        }
    }

    /// What the claim of its type says: `access`.
    pub fn token_type(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
            Self::Sliding => "sliding",
            Self::Own(own) => own.token_type,
        }
    }

    pub(super) fn lifetime(self, settings: &SimpleJwt) -> Duration {
        match self {
            Self::Access => settings.access_token_lifetime,
            Self::Refresh => settings.refresh_token_lifetime,
            Self::Sliding => settings.sliding_token_lifetime,
            Self::Own(own) => own.lifetime,
        }
    }

    /// Whether tokens of this kind are kept in the list of those that were given out.
    pub(super) fn is_listed(self) -> bool {
        matches!(self, Self::Refresh | Self::Sliding)
    }
}

/// A token of a user: its claims, which were checked or are new. Beside the user of a request as `request.auth::<UserToken>()`.
#[derive(Clone, Debug)]
pub struct UserToken {
    pub(super) class: Option<TokenClass>,
    /// One for all requests that it came with.
    pub(super) claims: Arc<Claims>,
    /// The moment from which its times are counted.
    pub(super) now: SystemTime,
    /// The family, where it was asked for.
    pub(super) family: Option<Arc<Family>>,
}

impl UserToken {
    /// Its kind; nothing of a token that was read without asking for it.
    pub fn class(&self) -> Option<TokenClass> {
        self.class
    }

    /// Its claims.
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    pub(super) fn claims_mut(&mut self) -> &mut Claims {
        Arc::make_mut(&mut self.claims)
    }

    /// A claim.
    pub fn get(&self, claim: &str) -> Option<&Value> {
        self.claims.get(claim)
    }

    /// Sets a claim.
    pub fn insert(&mut self, claim: impl Into<String>, value: impl Into<Value>) {
        self.claims_mut().insert(claim.into(), value.into());
    }

    /// Takes a claim away; what it was.
    pub fn remove(&mut self, claim: &str) -> Option<Value> {
        self.claims_mut().shift_remove(claim)
    }

    /// Sets a claim to the moment that so much later is than the token was made, in seconds since 1970: `exp`.
    pub fn set_moment(&mut self, claim: &str, after: Duration) {
        let moment = (self.now + after).duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        self.claims_mut().insert(claim.to_owned(), moment.into());
    }

    /// Ends it no later than at a moment.
    pub(super) fn cap(&mut self, claim: &str, end: SystemTime) {
        let end = end.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        if self.claims.get(claim).and_then(Value::as_u64).is_some_and(|said| said > end) {
            self.claims_mut().insert(claim.to_owned(), end.into());
        }
    }

    /// The end of its life, in seconds since 1970.
    pub(super) fn end(&self) -> i64 {
        self.moment("exp")
    }

    /// A claim that is a moment, in seconds since 1970.
    #[allow(clippy::cast_possible_truncation, reason = "the range was looked at")]
    pub(super) fn moment(&self, claim: &str) -> i64 {
        self.claims.get(claim).and_then(Value::as_f64).map_or(0, |end| end as i64)
    }

    pub(super) fn made_at(&self) -> SystemTime {
        self.now
    }
}
