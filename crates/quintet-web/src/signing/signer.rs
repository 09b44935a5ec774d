//! A text and its signature behind it.

use std::fmt;

use quintet_core::json::Json;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::keys::{Algorithm, Keys, is_equal, salted_hmac};
use super::object;
use crate::auth::base64::{self, Alphabet};
use crate::http::Result;

/// Signs texts: `Signer::new(&keys).salt("invitations").sign("ann")`.
#[derive(Clone, Debug)]
pub struct Signer {
    keys: Keys,
    salt: String,
    separator: String,
    algorithm: Algorithm,
}

/// Why a signed value is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadSignature {
    /// There is no signature.
    Missing,
    /// The signature is not that of the value.
    Mismatch,
    /// The value is older than it may be.
    Expired,
    /// It was signed, and is not what should be in it.
    Malformed,
}

impl fmt::Display for BadSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "the value has no signature",
            Self::Mismatch => "the signature does not match",
            Self::Expired => "the signature is too old",
            Self::Malformed => "what was signed cannot be read",
        })
    }
}

impl std::error::Error for BadSignature {}

impl Signer {
    /// By these keys, with the reference's own salt.
    pub fn new(keys: &Keys) -> Self {
        Self {
            keys: keys.clone(),
            salt: "django.core.signing.Signer".to_owned(),
            separator: ":".to_owned(),
            algorithm: Algorithm::default(),
        }
    }

    /// With another salt: what is signed with one is worth nothing with another. An empty one changes nothing.
    #[must_use]
    pub fn salt(self, salt: impl Into<String>) -> Self {
        let salt = salt.into();
        if salt.is_empty() { self } else { Self { salt, ..self } }
    }

    /// With something else than `:` in front of the signature.
    ///
    /// # Panics
    /// Where it could stand in a signature: that is a mistake in the program.
    #[must_use]
    #[track_caller]
    pub fn separator(self, separator: impl Into<String>) -> Self {
        let separator = separator.into();
        let plain = |c: char| matches!(c, 'A'..='z' | '0'..='9' | '-' | '=');
        let unsafe_one = separator.strip_suffix('\n').unwrap_or(&separator).chars().all(plain);
        assert!(!unsafe_one, "the separator {separator:?} could stand in a signature");
        Self { separator, ..self }
    }

    /// With another digest.
    #[must_use]
    pub fn algorithm(self, algorithm: Algorithm) -> Self {
        Self { algorithm, ..self }
    }

    pub(super) fn divider(&self) -> &str {
        &self.separator
    }

    /// The signature of a text.
    pub fn signature(&self, value: &str) -> String {
        self.signature_by(value, self.keys.first())
    }

    fn signature_by(&self, value: &str, key: &[u8]) -> String {
        let salt = format!("{}signer", self.salt);
        base64::encode(&salted_hmac(&salt, value.as_bytes(), key, self.algorithm), Alphabet::Url)
    }

    /// The text with its signature.
    pub fn sign(&self, value: &str) -> String {
        format!("{value}{}{}", self.separator, self.signature(value))
    }

    /// The text, where its signature is right, by whichever key.
    ///
    /// # Errors
    /// There is no signature, or another one's.
    pub fn unsign<'a>(&self, signed: &'a str) -> Result<&'a str, BadSignature> {
        let (value, signature) = signed.rsplit_once(&self.separator).ok_or(BadSignature::Missing)?;
        let is_right = self.keys.all().any(|key| is_equal(signature, &self.signature_by(value, key)));
        if is_right { Ok(value) } else { Err(BadSignature::Mismatch) }
    }

    /// Whatever JSON can say, as one text; made smaller, where that is asked for and helps.
    ///
    /// # Errors
    /// JSON cannot say it.
    pub fn sign_object(&self, value: &impl Serialize, compress: bool) -> Result<String> {
        Ok(self.sign(&object::packed(&object::tree(value)?, compress)?))
    }

    /// The same back.
    ///
    /// # Errors
    /// It is not signed, or of another type.
    pub fn unsign_object<T: DeserializeOwned>(&self, signed: &str) -> Result<T, BadSignature> {
        object::typed(&self.unsign_json(signed)?)
    }

    fn unsign_json(&self, signed: &str) -> Result<Json, BadSignature> {
        object::unpacked(self.unsign(signed)?).ok_or(BadSignature::Malformed)
    }
}
