//! `md5$salt$hash`: fast, for tests; it protects nothing.

use md5::{Digest, Md5};

use super::{is_salt, is_weak};
use crate::auth::chance::hex;

pub(super) fn encode(password: &str, salt: &str) -> String {
    format!("md5${salt}${}", hex(&Md5::digest([salt, password].concat())))
}

pub(super) fn encode_as(password: &str, encoded: &str) -> Option<String> {
    salt_of(encoded).filter(|salt| is_salt(salt)).map(|salt| encode(password, salt))
}

pub(super) fn must_update(encoded: &str) -> bool {
    salt_of(encoded).is_none_or(is_weak)
}

fn salt_of(encoded: &str) -> Option<&str> {
    let mut parts = encoded.splitn(3, '$').skip(1);
    let salt = parts.next()?;
    parts.next().map(|_| salt)
}
