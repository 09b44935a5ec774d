//! Keys that encrypt and keys that decrypt, each for one pair of algorithms.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::agreement::{ParsedPublicKey, PrivateKey};
use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::key_wrap::{AES_128, AES_256, AesKek, KeyWrap as _};
use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use aws_lc_rs::rsa::{
    KeyPair as RsaKeyPair, OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, OaepPublicEncryptingKey,
    PrivateDecryptingKey, PublicEncryptingKey,
};
use serde_json::{Map, Value};

use super::agreement::{Curve, Purpose, agreed};
use super::algorithm::Family;
use super::{ContentAlgorithm, KeyAlgorithm};
use crate::jwt::{Error, pem};

/// A key that encrypts tokens.
#[derive(Clone)]
pub struct EncryptingKey {
    pub(super) algorithm: KeyAlgorithm,
    pub(super) content: ContentAlgorithm,
    pub(super) id: Option<String>,
    public: Arc<Public>,
}

pub(super) enum Public {
    Secret(Vec<u8>),
    Rsa(OaepPublicEncryptingKey),
    Ec(Curve, ParsedPublicKey),
}

/// A key that decrypts tokens; it knows the one that encrypts them.
#[derive(Clone)]
pub struct DecryptingKey {
    pub(super) algorithm: KeyAlgorithm,
    pub(super) content: ContentAlgorithm,
    pub(super) id: Option<String>,
    private: Arc<Private>,
}

pub(super) enum Private {
    Secret(Vec<u8>),
    Rsa(PrivateDecryptingKey),
    Ec(Curve, PrivateKey),
}

/// The key of one token's text, and what the token says of it.
pub(super) struct Packed {
    pub(super) key: Vec<u8>,
    pub(super) encrypted: Vec<u8>,
}

fn unusable(what: impl Into<String>) -> Error {
    Error::Key(what.into())
}

pub(super) fn not_of(algorithm: KeyAlgorithm) -> Error {
    unusable(format!("it is no key for {algorithm}"))
}

/// A secret has the length that its algorithm asks, to the byte: nothing is cut off or filled up.
fn secret(algorithm: KeyAlgorithm, content: ContentAlgorithm, secret: &[u8]) -> Result<Vec<u8>, Error> {
    if algorithm.family() != Family::Secret {
        return Err(not_of(algorithm));
    }
    let length = algorithm.wrapping().unwrap_or(content.key_length());
    if secret.len() != length {
        return Err(unusable(format!("a secret for {algorithm} with {content} has {length} bytes")));
    }
    Ok(secret.to_vec())
}

pub(super) fn random(length: usize) -> Result<Vec<u8>, Error> {
    let mut bytes = vec![0; length];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| unusable("the system gives no random numbers"))?;
    Ok(bytes)
}

fn wrapping(secret: &[u8]) -> Result<AesKek, Unspecified> {
    AesKek::new(if secret.len() == 16 { &AES_128 } else { &AES_256 }, secret)
}

fn wrapped(secret: &[u8], key: &[u8]) -> Result<Vec<u8>, Unspecified> {
    let mut bytes = vec![0; key.len() + 8];
    wrapping(secret)?.wrap(key, &mut bytes).map(|wrapped| wrapped.to_vec())
}

fn unwrapped(secret: &[u8], encrypted: &[u8]) -> Result<Vec<u8>, Unspecified> {
    let mut bytes = vec![0; encrypted.len()];
    wrapping(secret)?.unwrap(encrypted, &mut bytes).map(|key| key.to_vec())
}

impl EncryptingKey {
    pub(super) fn new(algorithm: KeyAlgorithm, content: ContentAlgorithm, public: Public) -> Self {
        Self { algorithm, content, id: None, public: Arc::new(public) }
    }

    /// A secret: as long as the text's key for `dir`, 16 or 32 bytes for `A128KW` and `A256KW`.
    ///
    /// # Errors
    /// The algorithm needs a public key, or the secret has another length.
    pub fn secret(algorithm: KeyAlgorithm, content: ContentAlgorithm, bytes: &[u8]) -> Result<Self, Error> {
        Ok(Self::new(algorithm, content, Public::Secret(secret(algorithm, content, bytes)?)))
    }

    /// A public key in PEM.
    ///
    /// # Errors
    /// It is no public key for this algorithm.
    pub fn from_pem(algorithm: KeyAlgorithm, content: ContentAlgorithm, text: &str) -> Result<Self, Error> {
        let pem = pem::read(text).filter(|pem| pem.label == "PUBLIC KEY").ok_or_else(|| unusable("it is no PEM"))?;
        let public = match algorithm.family() {
            Family::Secret => None,
            Family::Rsa => PublicEncryptingKey::from_der(&pem.der).ok().and_then(Public::rsa),
            Family::Ec => Curve::ALL.into_iter().find_map(|curve| Some(Public::Ec(curve, curve.parsed(&pem.der)?))),
        };
        public.map(|public| Self::new(algorithm, content, public)).ok_or_else(|| not_of(algorithm))
    }

    /// The same key with an identifier, which is written into headers as `kid`.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// A key for one token; the header gets what its reader needs.
    pub(super) fn pack(&self, header: &mut Map<String, Value>) -> Result<Packed, Error> {
        let failed = |_| unusable("encrypting failed");
        let fresh = || random(self.content.key_length());
        match &*self.public {
            Public::Secret(secret) if self.algorithm == KeyAlgorithm::Dir => {
                Ok(Packed { key: secret.clone(), encrypted: vec![] })
            }
            Public::Secret(secret) => {
                let key = fresh()?;
                Ok(Packed { encrypted: wrapped(secret, &key).map_err(failed)?, key })
            }
            Public::Rsa(public) => {
                let key = fresh()?;
                let mut encrypted = vec![0; public.ciphertext_size()];
                public.encrypt(&OAEP_SHA256_MGF1SHA256, &key, &mut encrypted, None).map_err(failed)?;
                Ok(Packed { key, encrypted })
            }
            Public::Ec(curve, public) => {
                let pair = curve.pair()?;
                header.insert("epk".to_owned(), curve.jwk(&pair)?);
                let secret = agreed(&pair, public, &Purpose::of(self.algorithm, self.content, header)?)?;
                if self.algorithm.wrapping().is_none() {
                    return Ok(Packed { key: secret, encrypted: vec![] });
                }
                let key = fresh()?;
                Ok(Packed { encrypted: wrapped(&secret, &key).map_err(failed)?, key })
            }
        }
    }
}

impl Public {
    pub(super) fn rsa(key: PublicEncryptingKey) -> Option<Self> {
        OaepPublicEncryptingKey::new(key).ok().map(Self::Rsa)
    }
}

impl DecryptingKey {
    pub(super) fn new(algorithm: KeyAlgorithm, content: ContentAlgorithm, private: Private) -> Self {
        Self { algorithm, content, id: None, private: Arc::new(private) }
    }

    /// A secret: as long as the text's key for `dir`, 16 or 32 bytes for `A128KW` and `A256KW`.
    ///
    /// # Errors
    /// The algorithm needs a private key, or the secret has another length.
    pub fn secret(algorithm: KeyAlgorithm, content: ContentAlgorithm, bytes: &[u8]) -> Result<Self, Error> {
        Ok(Self::new(algorithm, content, Private::Secret(secret(algorithm, content, bytes)?)))
    }

    /// A private key in PEM: PKCS #8, PKCS #1 or SEC 1.
    ///
    /// # Errors
    /// It is no private key for this algorithm.
    pub fn from_pem(algorithm: KeyAlgorithm, content: ContentAlgorithm, text: &str) -> Result<Self, Error> {
        let pem = pem::read(text).ok_or_else(|| unusable("it is no PEM"))?;
        let private = match (algorithm.family(), pem.label) {
            (Family::Rsa, "PRIVATE KEY") => PrivateDecryptingKey::from_pkcs8(&pem.der).ok().map(Private::Rsa),
            (Family::Rsa, "RSA PRIVATE KEY") => Private::rsa(&pem.der),
            (Family::Ec, "PRIVATE KEY" | "EC PRIVATE KEY") => {
                Curve::ALL.into_iter().find_map(|curve| Some(Private::Ec(curve, curve.private_der(&pem.der)?)))
            }
            _ => None,
        };
        private.map(|private| Self::new(algorithm, content, private)).ok_or_else(|| not_of(algorithm))
    }

    /// The same key with an identifier: a token that names another is not tried.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// The key that encrypts what this one decrypts.
    ///
    /// # Errors
    /// The key has no public part that could be used.
    pub fn encrypting_key(&self) -> Result<EncryptingKey, Error> {
        let public = match &*self.private {
            Private::Secret(secret) => Some(Public::Secret(secret.clone())),
            Private::Rsa(key) => Public::rsa(key.public_key()),
            Private::Ec(curve, key) => {
                let point = key.compute_public_key().ok();
                point.and_then(|point| curve.parsed(point.as_ref())).map(|point| Public::Ec(*curve, point))
            }
        };
        let public = public.ok_or_else(|| not_of(self.algorithm))?;
        Ok(EncryptingKey { id: self.id.clone(), ..EncryptingKey::new(self.algorithm, self.content, public) })
    }

    /// The key of a token's text.
    ///
    /// Where it cannot be had, another that nobody knows: opening the text fails then as it does with a wrong text, after
    /// as much work, and who tries learns nothing of the key (RFC 7516, section 11.5).
    pub(super) fn unpack(&self, header: &Map<String, Value>, encrypted: &[u8]) -> Result<Vec<u8>, Error> {
        let length = self.content.key_length();
        let key = self.unpacked(header, encrypted).filter(|key| key.len() == length);
        key.map_or_else(|| random(length), Ok)
    }

    fn unpacked(&self, header: &Map<String, Value>, encrypted: &[u8]) -> Option<Vec<u8>> {
        match &*self.private {
            Private::Secret(secret) if self.algorithm == KeyAlgorithm::Dir => {
                encrypted.is_empty().then(|| secret.clone())
            }
            Private::Secret(secret) => unwrapped(secret, encrypted).ok(),
            Private::Rsa(private) => {
                let private = OaepPrivateDecryptingKey::new(private.clone()).ok()?;
                let mut key = vec![0; private.min_output_size()];
                let key = private.decrypt(&OAEP_SHA256_MGF1SHA256, encrypted, &mut key, None).ok()?;
                Some(key.to_vec())
            }
            Private::Ec(curve, private) => {
                let public = curve.point(header.get("epk")?.as_object()?)?;
                let secret = agreed(private, &public, &Purpose::of(self.algorithm, self.content, header).ok()?).ok()?;
                match self.algorithm.wrapping() {
                    Some(_) => unwrapped(&secret, encrypted).ok(),
                    None => encrypted.is_empty().then_some(secret),
                }
            }
        }
    }
}

impl Private {
    /// A private key as PKCS #1 has it.
    pub(super) fn rsa(der: &[u8]) -> Option<Self> {
        let der: Pkcs8V1Der<'_> = RsaKeyPair::from_der(der).ok()?.as_der().ok()?;
        PrivateDecryptingKey::from_pkcs8(der.as_ref()).ok().map(Self::Rsa)
    }
}

/// Its algorithms and its identifier; never the key, which may be a secret.
impl fmt::Debug for EncryptingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EncryptingKey({}, {}, {:?})", self.algorithm, self.content, self.id)
    }
}

/// Its algorithms and its identifier; never the key.
impl fmt::Debug for DecryptingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DecryptingKey({}, {}, {:?})", self.algorithm, self.content, self.id)
    }
}
