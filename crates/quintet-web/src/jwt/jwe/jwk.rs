//! Keys of encrypted tokens as JSON.

use aws_lc_rs::rsa::{PublicEncryptingKey, PublicKeyComponents};
use serde_json::{Map, Value};

use super::agreement::Curve;
use super::algorithm::Family;
use super::key::{Private, Public, not_of};
use super::{ContentAlgorithm, DecryptingKey, EncryptingKey, KeyAlgorithm};
use crate::jwt::jwk::{bytes, rsa_der};
use crate::jwt::key::is_guessable;
use crate::jwt::{Error, json};

impl EncryptingKey {
    /// A public key or a secret as JSON. What it says of its own algorithm and use must fit.
    ///
    /// # Errors
    /// It is no key for encrypting by these algorithms.
    pub fn from_jwk(algorithm: KeyAlgorithm, content: ContentAlgorithm, text: &str) -> Result<Self, Error> {
        let jwk = &json::object(text.as_bytes(), "it is no JWK")?;
        fits(algorithm, content, jwk, &["encrypt", "wrapKey", "deriveKey", "deriveBits"])?;
        let refused = || not_of(algorithm);
        let key = match algorithm.family() {
            Family::Secret => Self::secret(algorithm, content, &bytes(jwk, "k")?)?,
            Family::Rsa => {
                let (n, e) = (bytes(jwk, "n")?, bytes(jwk, "e")?);
                if is_guessable(&n) {
                    return Err(refused());
                }
                let key: Option<PublicEncryptingKey> = PublicKeyComponents { n, e }.try_into().ok();
                Self::new(algorithm, content, key.and_then(Public::rsa).ok_or_else(refused)?)
            }
            Family::Ec => {
                let curve = curve(jwk).ok_or_else(refused)?;
                let point = curve.point(jwk).ok_or_else(refused)?;
                Self::new(algorithm, content, Public::Ec(curve, point))
            }
        };
        Ok(match jwk.get("kid") {
            Some(Value::String(id)) => key.with_id(id),
            _ => key,
        })
    }
}

impl DecryptingKey {
    /// A private key or a secret as JSON.
    ///
    /// # Errors
    /// It is no key for decrypting by these algorithms.
    pub fn from_jwk(algorithm: KeyAlgorithm, content: ContentAlgorithm, text: &str) -> Result<Self, Error> {
        let jwk = &json::object(text.as_bytes(), "it is no JWK")?;
        fits(algorithm, content, jwk, &["decrypt", "unwrapKey", "deriveKey", "deriveBits"])?;
        let refused = || not_of(algorithm);
        let key = match algorithm.family() {
            Family::Secret => Self::secret(algorithm, content, &bytes(jwk, "k")?)?,
            Family::Rsa => {
                let numbers = ["n", "e", "d", "p", "q", "dp", "dq", "qi"].map(|name| bytes(jwk, name));
                let numbers = numbers.into_iter().collect::<Result<Vec<_>, _>>()?;
                Self::new(algorithm, content, Private::rsa(&rsa_der(&numbers)).ok_or_else(refused)?)
            }
            Family::Ec => {
                let curve = curve(jwk).ok_or_else(refused)?;
                let point = curve.point(jwk).ok_or_else(refused)?;
                let private = curve.private(&bytes(jwk, "d")?).ok_or_else(refused)?;
                // The two halves must belong together.
                let own = private.compute_public_key().map_err(|_| refused())?;
                if own.as_ref() != point.as_ref() {
                    return Err(refused());
                }
                Self::new(algorithm, content, Private::Ec(curve, private))
            }
        };
        Ok(match jwk.get("kid") {
            Some(Value::String(id)) => key.with_id(id),
            _ => key,
        })
    }
}

fn curve(jwk: &Map<String, Value>) -> Option<Curve> {
    Curve::named(jwk.get("crv")?)
}

/// Whether a key says of itself what it is used for here. One that both sides have may be called after the text's
/// algorithm.
fn fits(
    algorithm: KeyAlgorithm,
    content: ContentAlgorithm,
    jwk: &Map<String, Value>,
    operations: &[&str],
) -> Result<(), Error> {
    let kind = match algorithm.family() {
        Family::Secret => "oct",
        Family::Rsa => "RSA",
        Family::Ec => "EC",
    };
    let may = match jwk.get("key_ops") {
        None => true,
        Some(Value::Array(said)) => said.iter().any(|said| operations.iter().any(|known| said == known)),
        Some(_) => false,
    };
    let is_named = jwk
        .get("alg")
        .is_none_or(|said| said == algorithm.name() || (algorithm == KeyAlgorithm::Dir && said == content.name()));
    let is_kind = jwk.get("kty").is_some_and(|said| said == kind);
    if is_kind && is_named && may && jwk.get("use").is_none_or(|said| said == "enc") {
        return Ok(());
    }
    Err(Error::Key(format!("it is no key for {algorithm} with {content}, or not for this use")))
}
