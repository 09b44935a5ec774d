//! Keys as JSON: one (JWK), or several (JWKS).

use serde_json::{Map, Value};

use super::algorithm::Family;
use super::{Algorithm, Error, SigningKey, VerifyingKey, json};
use crate::auth::base64::{Alphabet, decode};

/// Keys by their identifiers. A token says by `kid` which one it means; where it says none, all of the algorithm are tried.
#[derive(Clone, Debug, Default)]
pub struct KeySet {
    keys: Vec<VerifyingKey>,
}

impl KeySet {
    /// Keys that are there already.
    pub fn new(keys: Vec<VerifyingKey>) -> Self {
        Self { keys }
    }

    /// The keys of a JWKS that check tokens of an algorithm; others in it are passed by.
    ///
    /// # Errors
    /// It is no JWKS, it has two such keys of one identifier, or it mixes secrets with public keys.
    pub fn from_json(algorithm: Algorithm, text: &str) -> Result<Self, Error> {
        let set = json::object(text.as_bytes(), "it is no JWKS")?;
        let Some(Value::Array(keys)) = set.get("keys") else { return Err(Error::Malformed("it is no JWKS")) };
        let kinds: Vec<&str> = keys.iter().filter_map(|key| key.get("kty")?.as_str()).collect();
        if kinds.contains(&"oct") && kinds.iter().any(|kind| *kind != "oct") {
            return Err(Error::Key("secrets and public keys stand in one set".to_owned()));
        }
        let meant: Vec<_> =
            keys.iter().filter_map(Value::as_object).filter(|key| fits(algorithm, key, "verify").is_ok()).collect();
        // A key for another algorithm may have the same one: some publish a pair once for each. Keys that turn out to be none
        // count, as nobody knows which of them was meant.
        let mut ids: Vec<&str> = meant.iter().filter_map(|key| key.get("kid")?.as_str()).collect();
        ids.sort_unstable();
        if ids.windows(2).any(|two| two[0] == two[1]) {
            return Err(Error::Key("two keys have the same identifier".to_owned()));
        }
        let usable = |key: &Map<String, Value>| VerifyingKey::from_jwk_object(algorithm, key).ok();
        Ok(Self { keys: meant.into_iter().filter_map(usable).collect() })
    }

    /// Without those that no token can name.
    pub(super) fn with_names(mut self) -> Self {
        self.keys.retain(|key| key.id().is_some_and(|id| !id.is_empty()));
        self
    }

    /// Those that a token with this `kid` may be checked by.
    pub(super) fn candidates<'a>(&'a self, id: Option<&'a str>) -> impl Iterator<Item = &'a VerifyingKey> {
        self.keys.iter().filter(move |key| match (id, key.id()) {
            (Some(wanted), Some(own)) => wanted == own,
            _ => true,
        })
    }
}

impl VerifyingKey {
    /// A key as JSON. What it says of its own algorithm and use must fit.
    ///
    /// # Errors
    /// It is no key for checking signatures of this algorithm.
    pub fn from_jwk(algorithm: Algorithm, text: &str) -> Result<Self, Error> {
        Self::from_jwk_object(algorithm, &json::object(text.as_bytes(), "it is no JWK")?)
    }

    pub(super) fn from_jwk_object(algorithm: Algorithm, jwk: &Map<String, Value>) -> Result<Self, Error> {
        fits(algorithm, jwk, "verify")?;
        let key = match algorithm.family() {
            Family::Hmac => Self::secret(algorithm, &secret(algorithm, jwk)?)?,
            Family::Rsa => Self::rsa(algorithm, bytes(jwk, "n")?, bytes(jwk, "e")?)?,
            Family::Ec => Self::public(algorithm, &point(algorithm, jwk)?)?,
            Family::Ed => Self::public(algorithm, &bytes(jwk, "x")?)?,
        };
        Ok(match jwk.get("kid") {
            Some(Value::String(id)) => key.with_id(id),
            _ => key,
        })
    }
}

impl SigningKey {
    /// A private key as JSON.
    ///
    /// # Errors
    /// It is no key for signing by this algorithm.
    pub fn from_jwk(algorithm: Algorithm, text: &str) -> Result<Self, Error> {
        let jwk = &json::object(text.as_bytes(), "it is no JWK")?;
        fits(algorithm, jwk, "sign")?;
        let key = match algorithm.family() {
            Family::Hmac => Self::secret(algorithm, &secret(algorithm, jwk)?)?,
            Family::Rsa => {
                let numbers = ["n", "e", "d", "p", "q", "dp", "dq", "qi"].map(|name| bytes(jwk, name));
                let numbers = numbers.into_iter().collect::<Result<Vec<_>, _>>()?;
                Self::rsa(algorithm, &rsa_der(&numbers))?
            }
            Family::Ec => Self::ec(algorithm, &bytes(jwk, "d")?, &point(algorithm, jwk)?)?,
            Family::Ed => Self::ed(&bytes(jwk, "d")?, &bytes(jwk, "x")?)?,
        };
        Ok(match jwk.get("kid") {
            Some(Value::String(id)) => key.with_id(id),
            _ => key,
        })
    }
}

/// Whether a key says of itself what it is used for here.
fn fits(algorithm: Algorithm, jwk: &Map<String, Value>, operation: &str) -> Result<(), Error> {
    let says = |name: &str, wanted: &str| jwk.get(name).is_none_or(|said| said == wanted);
    let (kind, curve) = match algorithm {
        Algorithm::ES256 => ("EC", Some("P-256")),
        Algorithm::ES384 => ("EC", Some("P-384")),
        Algorithm::ES512 => ("EC", Some("P-521")),
        Algorithm::EdDSA => ("OKP", Some("Ed25519")),
        other if other.family() == Family::Rsa => ("RSA", None),
        _ => ("oct", None),
    };
    let may = match jwk.get("key_ops") {
        None => true,
        Some(Value::Array(operations)) => operations.iter().any(|known| known == operation),
        Some(_) => false,
    };
    let is_kind = jwk.get("kty").is_some_and(|said| said == kind);
    let is_curve = curve.is_none_or(|curve| jwk.get("crv").is_some_and(|said| said == curve));
    if is_kind && is_curve && may && says("alg", algorithm.name()) && says("use", "sig") {
        return Ok(());
    }
    Err(Error::Key(format!("it is no key for {algorithm}, or not for this use")))
}

pub(super) fn bytes(jwk: &Map<String, Value>, name: &str) -> Result<Vec<u8>, Error> {
    let text = jwk.get(name).and_then(Value::as_str);
    text.and_then(|text| decode(text, Alphabet::Url)).ok_or_else(|| Error::Key(format!("it has no `{name}`")))
}

/// A secret that is made for an algorithm is as long as its digest, or longer.
fn secret(algorithm: Algorithm, jwk: &Map<String, Value>) -> Result<Vec<u8>, Error> {
    let least = match algorithm {
        Algorithm::HS256 => 32,
        Algorithm::HS384 => 48,
        _ => 64,
    };
    let secret = bytes(jwk, "k")?;
    let is_long = secret.len() >= least;
    is_long.then_some(secret).ok_or_else(|| Error::Key(format!("a secret for {algorithm} has at least {least} bytes")))
}

/// A point on a curve; each of its numbers has the length that belongs to the curve.
fn point(algorithm: Algorithm, jwk: &Map<String, Value>) -> Result<Vec<u8>, Error> {
    let length = match algorithm {
        Algorithm::ES256 => 32,
        Algorithm::ES384 => 48,
        _ => 66,
    };
    let (x, y) = (bytes(jwk, "x")?, bytes(jwk, "y")?);
    if x.len() != length || y.len() != length {
        return Err(Error::Key("a point has another length than its curve asks".to_owned()));
    }
    Ok([&[4][..], &x, &y].concat())
}

/// A private RSA key as PKCS #1 has it: a sequence of numbers, the version first.
pub(super) fn rsa_der(numbers: &[Vec<u8>]) -> Vec<u8> {
    let mut body = vec![2, 1, 0];
    for number in numbers {
        let significant = &number[number.iter().take_while(|byte| **byte == 0).count()..];
        let mut value = significant.to_vec();
        if value.first().is_none_or(|first| *first >= 0x80) {
            value.insert(0, 0);
        }
        body.push(2);
        body.extend(der_length(value.len()));
        body.extend(value);
    }
    let mut der = vec![0x30];
    der.extend(der_length(body.len()));
    der.extend(body);
    der
}

#[allow(clippy::cast_possible_truncation, reason = "a byte of a number")]
fn der_length(length: usize) -> Vec<u8> {
    match length {
        0..=127 => vec![length as u8],
        128..=255 => vec![0x81, length as u8],
        _ => vec![0x82, (length >> 8) as u8, length as u8],
    }
}
