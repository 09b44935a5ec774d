//! `pbkdf2_sha256$1000000$salt$hash` and `pbkdf2_sha1$..`.

use std::num::NonZeroU32;

use aws_lc_rs::pbkdf2::{self, Algorithm};

use super::{is_salt, is_weak};
use crate::auth::base64::{self, Alphabet};

pub(super) const SHA256: Pbkdf2 = Pbkdf2 { name: "pbkdf2_sha256", algorithm: pbkdf2::PBKDF2_HMAC_SHA256, length: 32 };
pub(super) const SHA1: Pbkdf2 = Pbkdf2 { name: "pbkdf2_sha1", algorithm: pbkdf2::PBKDF2_HMAC_SHA1, length: 20 };

/// PBKDF2 with a digest.
pub(super) struct Pbkdf2 {
    name: &'static str,
    algorithm: Algorithm,
    length: usize,
}

impl Pbkdf2 {
    pub(super) fn encode(&self, password: &str, salt: &str, iterations: u32) -> Option<String> {
        let mut hash = [0; 32];
        let hash = &mut hash[..self.length];
        if !is_salt(salt) {
            return None;
        }
        pbkdf2::derive(self.algorithm, NonZeroU32::new(iterations)?, salt.as_bytes(), password.as_bytes(), hash);
        Some(format!("{}${iterations}${salt}${}", self.name, base64::encode(hash, Alphabet::Standard)))
    }

    pub(super) fn encode_as(&self, password: &str, encoded: &str) -> Option<String> {
        let (iterations, salt) = parts(encoded)?;
        self.encode(password, salt, iterations)
    }

    pub(super) fn must_update(&self, encoded: &str, wanted: u32) -> bool {
        parts(encoded).is_none_or(|(iterations, salt)| iterations != wanted || is_weak(salt))
    }

    pub(super) fn harden(&self, password: &str, encoded: &str, wanted: u32) {
        if let Some((iterations, salt)) = parts(encoded) {
            let _ = self.encode(password, salt, wanted.saturating_sub(iterations));
        }
    }
}

fn parts(encoded: &str) -> Option<(u32, &str)> {
    let mut parts = encoded.splitn(4, '$').skip(1);
    let (iterations, salt, _) = (parts.next()?, parts.next()?, parts.next()?);
    Some((iterations.parse().ok()?, salt))
}
