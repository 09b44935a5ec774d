//! Tokens against recordings, published vectors, and what attackers have tried on others.

mod advisories;
mod again;
mod attacks;
mod fetched;
mod published;
mod recorded;
mod rfc;

use std::time::{Duration, UNIX_EPOCH};

use serde_json::Value;

pub(super) use published::vectors;

use super::*;

const SECRET: &[u8] = b"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk";

fn signing() -> SigningKey {
    SigningKey::secret(Algorithm::HS256, SECRET).expect("a key")
}

fn verifying() -> VerifyingKey {
    VerifyingKey::secret(Algorithm::HS256, SECRET).expect("a key")
}

fn at(seconds: u64) -> Validation {
    Validation::at(UNIX_EPOCH + Duration::from_secs(seconds))
}

#[allow(clippy::needless_pass_by_value, reason = "written as `json!`")]
fn claims(value: Value) -> Claims {
    value.as_object().expect("an object").clone()
}

#[allow(clippy::needless_pass_by_value, reason = "written as `json!`")]
fn token(value: Value) -> String {
    encode(&claims(value), &signing()).expect("a token")
}

#[allow(clippy::disallowed_methods, reason = "a test reads its vectors")]
fn read(path: &std::path::Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).expect("JSON")
}
