//! Tokens by HS256, and passwords.

use std::sync::LazyLock;

use aws_lc_rs::{digest, hmac, pbkdf2, rand};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::rows::Given;

static KEY: LazyLock<hmac::Key> =
    LazyLock::new(|| hmac::Key::new(hmac::HMAC_SHA256, b"a-key-of-the-benchmark-that-protects-nothing-at-all"));

/// What a token says.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Claims {
    pub(crate) token_type: String,
    pub(crate) exp: i64,
    pub(crate) iat: i64,
    pub(crate) jti: String,
    pub(crate) user_id: String,
}

#[derive(Deserialize)]
struct Header<'a> {
    alg: &'a str,
}

/// What is wrong with a token.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wrong {
    Invalid,
    Expired,
    Type,
}

impl Wrong {
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::Invalid => "Token is invalid",
            Self::Expired => "Token is expired",
            Self::Type => "Token has wrong type",
        }
    }
}

/// Reads a token: its signature, its end, its type.
pub(crate) fn read(text: &str, wanted: &str) -> Result<Claims, Wrong> {
    let (signed, signature) = text.rsplit_once('.').ok_or(Wrong::Invalid)?;
    let (header, payload) = signed.split_once('.').ok_or(Wrong::Invalid)?;
    let header = URL_SAFE_NO_PAD.decode(header).map_err(|_| Wrong::Invalid)?;
    if serde_json::from_slice::<Header<'_>>(&header).map_err(|_| Wrong::Invalid)?.alg != "HS256" {
        return Err(Wrong::Invalid);
    }
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| Wrong::Invalid)?;
    hmac::verify(&KEY, signed.as_bytes(), &signature).map_err(|_| Wrong::Invalid)?;
    let payload = URL_SAFE_NO_PAD.decode(payload).map_err(|_| Wrong::Invalid)?;
    let claims: Claims = serde_json::from_slice(&payload).map_err(|_| Wrong::Invalid)?;
    if claims.exp <= Utc::now().timestamp() {
        return Err(Wrong::Expired);
    }
    if claims.token_type != wanted { Err(Wrong::Type) } else { Ok(claims) }
}

/// A new refresh token of a user's.
pub(crate) fn refresh(user: i64) -> Given {
    let (created, ends) = from_now(Duration::days(1));
    let (text, jti) = signed("refresh", user, created, ends);
    Given { text, jti, user, created, ends }
}

/// A new access token of a user's.
pub(crate) fn access(user: i64) -> String {
    let (created, ends) = from_now(Duration::hours(24));
    signed("access", user, created, ends).0
}

fn from_now(lifetime: Duration) -> (DateTime<Utc>, DateTime<Utc>) {
    let now = Utc::now();
    (now, now + lifetime)
}

fn signed(token_type: &str, user: i64, created: DateTime<Utc>, ends: DateTime<Utc>) -> (String, String) {
    let mut bytes = [0; 16];
    // The system's source of chance does not fail once it has begun.
    let _ = rand::fill(&mut bytes);
    let jti: String = format!("{:032x}", u128::from_be_bytes(bytes));
    let claims = Claims {
        token_type: token_type.to_owned(),
        exp: ends.timestamp(),
        iat: created.timestamp(),
        jti,
        user_id: user.to_string(),
    };
    let payload = serde_json::to_vec(&claims).unwrap_or_default();
    let mut text = String::with_capacity(300);
    text.push_str("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.");
    URL_SAFE_NO_PAD.encode_string(payload, &mut text);
    let tag = hmac::sign(&KEY, text.as_bytes());
    text.push('.');
    URL_SAFE_NO_PAD.encode_string(tag.as_ref(), &mut text);
    (text, claims.jti)
}

/// Whether a password is that of a hash `pbkdf2_sha256$ITERATIONS$SALT$DIGEST`.
pub(crate) fn is_password(password: &str, hash: &str) -> bool {
    let mut parts = hash.split('$');
    let (Some("pbkdf2_sha256"), Some(iterations), Some(salt), Some(wanted)) =
        (parts.next(), parts.next().and_then(|text| text.parse().ok()), parts.next(), parts.next())
    else {
        return false;
    };
    let Ok(wanted) = STANDARD.decode(wanted) else { return false };
    debug_assert_eq!(wanted.len(), digest::SHA256_OUTPUT_LEN);
    pbkdf2::verify(pbkdf2::PBKDF2_HMAC_SHA256, iterations, salt.as_bytes(), password.as_bytes(), &wanted).is_ok()
}
