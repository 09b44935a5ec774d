//! A text, the time at which it was signed, and its signature.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use quintet_core::json::Json;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::keys::{Algorithm, Keys};
use super::{BadSignature, Signer, base62, object};
use crate::Clock;
use crate::http::Result;

/// Signs texts with the time: `request.site().timestamp_signer()?.salt("invitations").sign("ann")`.
#[derive(Clone, Debug)]
pub struct TimestampSigner {
    signer: Signer,
    clock: Clock,
}

impl TimestampSigner {
    /// By these keys and this clock, with the reference's own salt.
    pub fn new(keys: &Keys, clock: &Clock) -> Self {
        Self { signer: Signer::new(keys).salt("django.core.signing.TimestampSigner"), clock: clock.clone() }
    }

    /// As [`Signer::salt`].
    #[must_use]
    pub fn salt(self, salt: impl Into<String>) -> Self {
        Self { signer: self.signer.salt(salt), ..self }
    }

    /// As [`Signer::separator`].
    ///
    /// # Panics
    /// Where it could stand in a signature.
    #[must_use]
    #[track_caller]
    pub fn separator(self, separator: impl Into<String>) -> Self {
        Self { signer: self.signer.separator(separator), ..self }
    }

    /// As [`Signer::algorithm`].
    #[must_use]
    pub fn algorithm(self, algorithm: Algorithm) -> Self {
        Self { signer: self.signer.algorithm(algorithm), ..self }
    }

    /// The text with the time and the signature.
    pub fn sign(&self, value: &str) -> String {
        let seconds = i64::try_from(self.now().as_secs()).unwrap_or(i64::MAX);
        self.signer.sign(&format!("{value}{}{}", self.signer.divider(), base62::encode(seconds)))
    }

    /// The text, where its signature is right and no older than it may be.
    ///
    /// # Errors
    /// The signature is missing, another one's, or too old.
    pub fn unsign<'a>(&self, signed: &'a str, max_age: Option<Duration>) -> Result<&'a str, BadSignature> {
        let (value, seconds) = self.opened(signed)?;
        let age = i128::try_from(self.now().as_micros()).unwrap_or(i128::MAX) - i128::from(seconds) * 1_000_000;
        let limit = max_age.map(|limit| i128::try_from(limit.as_micros()).unwrap_or(i128::MAX));
        if limit.is_some_and(|limit| age > limit) { Err(BadSignature::Expired) } else { Ok(value) }
    }

    /// When a text was signed, where its signature is right.
    ///
    /// # Errors
    /// The signature is missing or another one's.
    pub fn signed_at(&self, signed: &str) -> Result<SystemTime, BadSignature> {
        let (_, seconds) = self.opened(signed)?;
        let since = Duration::from_secs(seconds.unsigned_abs());
        let at = if seconds < 0 { UNIX_EPOCH.checked_sub(since) } else { UNIX_EPOCH.checked_add(since) };
        at.ok_or(BadSignature::Malformed)
    }

    fn opened<'a>(&self, signed: &'a str) -> Result<(&'a str, i64), BadSignature> {
        let stamped = self.signer.unsign(signed)?;
        let (value, time) = stamped.rsplit_once(self.signer.divider()).ok_or(BadSignature::Malformed)?;
        Ok((value, base62::decode(time).ok_or(BadSignature::Malformed)?))
    }

    /// As [`Signer::sign_object`].
    ///
    /// # Errors
    /// JSON cannot say it.
    pub fn sign_object(&self, value: &impl Serialize, compress: bool) -> Result<String> {
        self.sign_json(&object::tree(value)?, compress)
    }

    /// As [`Signer::unsign_object`], no older than it may be.
    ///
    /// # Errors
    /// It is not signed, too old, or of another type.
    pub fn unsign_object<T: DeserializeOwned>(
        &self,
        signed: &str,
        max_age: Option<Duration>,
    ) -> Result<T, BadSignature> {
        object::typed(&self.unsign_json(signed, max_age)?)
    }

    pub(crate) fn sign_json(&self, value: &Json, compress: bool) -> Result<String> {
        Ok(self.sign(&object::packed(value, compress)?))
    }

    pub(crate) fn unsign_json(&self, signed: &str, max_age: Option<Duration>) -> Result<Json, BadSignature> {
        object::unpacked(self.unsign(signed, max_age)?).ok_or(BadSignature::Malformed)
    }

    fn now(&self) -> Duration {
        self.clock.now().duration_since(UNIX_EPOCH).unwrap_or_default()
    }
}
