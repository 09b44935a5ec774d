//! The keys that sign, and the one function that makes a signature of them.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::{digest, hmac};
use quintet_core::secrecy::Secret;

use crate::auth::chance::hex;
use crate::http::{Error, Result};

/// The key that signs, and those that are believed beside it.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys(Arc<[Vec<u8>]>);

/// The digest of a signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Algorithm {
    /// SHA-1, for what was signed long ago.
    Sha1,
    /// SHA-256.
    #[default]
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Keys {
    /// The setting `secret_key` and its fallbacks.
    ///
    /// # Errors
    /// The first is empty.
    pub fn new(key: &Secret, fallbacks: &[Secret]) -> Result<Self> {
        if key.is_empty() {
            return Err(Error::internal("`secret_key` is empty, so nothing can be signed"));
        }
        let believed = fallbacks.iter().filter(|key| !key.is_empty());
        Ok(Self([key].into_iter().chain(believed).map(|key| key.expose().as_bytes().to_vec()).collect()))
    }

    /// The same, each behind a word that says what it is for.
    pub(super) fn behind(&self, word: &str) -> Self {
        Self(self.0.iter().map(|key| [word.as_bytes(), key].concat()).collect())
    }

    /// The key that signs.
    pub(crate) fn first(&self) -> &[u8] {
        self.0.first().map_or(&[], Vec::as_slice)
    }

    /// All that are believed, the one that signs first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(Vec::as_slice)
    }
}

/// How many there are, and nothing of them.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({})", self.0.len())
    }
}

/// The digest of a value by a key that is made of a salt and a secret. Each use has a salt of its own.
pub fn salted_hmac(salt: &str, value: &[u8], secret: &[u8], algorithm: Algorithm) -> Vec<u8> {
    let (digest, mac) = match algorithm {
        Algorithm::Sha1 => (&digest::SHA1_FOR_LEGACY_USE_ONLY, hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY),
        Algorithm::Sha256 => (&digest::SHA256, hmac::HMAC_SHA256),
        Algorithm::Sha384 => (&digest::SHA384, hmac::HMAC_SHA384),
        Algorithm::Sha512 => (&digest::SHA512, hmac::HMAC_SHA512),
    };
    let key = digest::digest(digest, &[salt.as_bytes(), secret].concat());
    hmac::sign(&hmac::Key::new(mac, key.as_ref()), value).as_ref().to_vec()
}

/// The same by SHA-256, as hexadecimal digits.
pub(crate) fn hex_hmac(salt: &str, value: &str, secret: &[u8]) -> String {
    hex(&salted_hmac(salt, value.as_bytes(), secret, Algorithm::Sha256))
}

/// Whether two texts are equal, in a time that does not tell where they differ.
pub fn is_equal(one: &str, other: &str) -> bool {
    verify_slices_are_equal(one.as_bytes(), other.as_bytes()).is_ok()
}
