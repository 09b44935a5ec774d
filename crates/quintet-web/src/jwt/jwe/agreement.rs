//! Keys that two sides agree upon: elliptic curves, and the digest that makes keys of what they have in common.

use aws_lc_rs::agreement::{self, ECDH_P256, ECDH_P384, ParsedPublicKey, PrivateKey, UnparsedPublicKey};
use aws_lc_rs::digest::{Context, SHA256};
use serde_json::{Map, Value, json};

use super::{ContentAlgorithm, KeyAlgorithm};
use crate::auth::base64::{Alphabet, decode, encode};
use crate::jwt::Error;

/// A curve that keys are on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Curve {
    P256,
    P384,
}

impl Curve {
    pub(super) const ALL: [Self; 2] = [Self::P256, Self::P384];

    pub(super) fn named(name: &Value) -> Option<Self> {
        Self::ALL.into_iter().find(|curve| name == curve.name())
    }

    fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
        }
    }

    fn algorithm(self) -> &'static agreement::Algorithm {
        match self {
            Self::P256 => &ECDH_P256,
            Self::P384 => &ECDH_P384,
        }
    }

    /// The bytes of each number of a point.
    fn length(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
        }
    }

    /// The point of a JWK; nothing where it is not on the curve.
    pub(super) fn point(self, jwk: &Map<String, Value>) -> Option<ParsedPublicKey> {
        if jwk.get("kty")? != "EC" || jwk.get("crv")? != self.name() {
            return None;
        }
        let number = |name: &str| {
            let bytes = decode(jwk.get(name)?.as_str()?, Alphabet::Url)?;
            (bytes.len() == self.length()).then_some(bytes)
        };
        self.parsed(&[&[4][..], &number("x")?, &number("y")?].concat())
    }

    /// A public key as bytes: a point, or X.509.
    pub(super) fn parsed(self, bytes: &[u8]) -> Option<ParsedPublicKey> {
        ParsedPublicKey::try_from(UnparsedPublicKey::new(self.algorithm(), bytes)).ok()
    }

    /// A private key in PKCS #8 or SEC 1.
    pub(super) fn private_der(self, der: &[u8]) -> Option<PrivateKey> {
        PrivateKey::from_private_key_der(self.algorithm(), der).ok()
    }

    /// A private key as its number.
    pub(super) fn private(self, number: &[u8]) -> Option<PrivateKey> {
        PrivateKey::from_private_key(self.algorithm(), number).ok()
    }

    /// A key pair for one token.
    pub(super) fn pair(self) -> Result<PrivateKey, Error> {
        PrivateKey::generate(self.algorithm()).map_err(|_| Error::Key("the system gives no key pairs".to_owned()))
    }

    /// The public part of a pair, as a header has it.
    pub(super) fn jwk(self, pair: &PrivateKey) -> Result<Value, Error> {
        let public = pair.compute_public_key().map_err(|_| Error::Key("it has no public part".to_owned()))?;
        let text = |bytes: &[u8]| encode(bytes, Alphabet::Url);
        let (x, y) = public.as_ref()[1..].split_at(self.length());
        Ok(json!({ "crv": self.name(), "kty": "EC", "x": text(x), "y": text(y) }))
    }
}

/// What a derived key is for: an agreement gives another key for each.
pub(super) struct Purpose<'a> {
    algorithm: &'a str,
    /// The bytes of the key.
    length: usize,
    /// What the header says of who sends and who reads.
    parties: [Vec<u8>; 2],
}

impl<'a> Purpose<'a> {
    /// The key of the text where nothing wraps one, or the one that wraps it.
    ///
    /// # Errors
    /// The header says of a party what is no base64url.
    pub(super) fn of(
        algorithm: KeyAlgorithm,
        content: ContentAlgorithm,
        header: &'a Map<String, Value>,
    ) -> Result<Self, Error> {
        let party = |name: &'static str| match header.get(name) {
            None => Ok(vec![]),
            Some(said) => said
                .as_str()
                .and_then(|said| decode(said, Alphabet::Url))
                .ok_or(Error::Malformed("`apu` or `apv` is no base64url")),
        };
        let parties = [party("apu")?, party("apv")?];
        Ok(match algorithm.wrapping() {
            Some(length) => Self { algorithm: algorithm.name(), length, parties },
            None => Self { algorithm: content.name(), length: content.key_length(), parties },
        })
    }
}

/// The key that a private key and another's public one give for a purpose.
pub(super) fn agreed(private: &PrivateKey, public: &ParsedPublicKey, purpose: &Purpose<'_>) -> Result<Vec<u8>, Error> {
    agreement::agree(private, public.clone(), Error::Decryption, |common| Ok(derived(common, purpose)))
}

/// The key derivation of NIST SP 800-56A with one step, as RFC 7518 asks for it: section 4.6.2.
pub(super) fn derived(common: &[u8], purpose: &Purpose<'_>) -> Vec<u8> {
    let mut key = vec![];
    for round in 1_u32.. {
        if key.len() >= purpose.length {
            break;
        }
        let mut digest = Context::new(&SHA256);
        digest.update(&round.to_be_bytes());
        digest.update(common);
        for part in [purpose.algorithm.as_bytes(), &purpose.parties[0], &purpose.parties[1]] {
            digest.update(&length(part.len()));
            digest.update(part);
        }
        digest.update(&length(purpose.length * 8));
        key.extend_from_slice(digest.finish().as_ref());
    }
    key.truncate(purpose.length);
    key
}

fn length(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes()
}
