//! Keys that sign and keys that check, each for one algorithm.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    self, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, ParsedPublicKey, RsaKeyPair, VerificationAlgorithm,
};
use aws_lc_rs::{hmac, rsa};
use serde_json::Map;

use super::algorithm::Family;
use super::token::header;
use super::{Algorithm, Error, pem};

/// A key that signs tokens; it can check them too.
#[derive(Clone)]
pub struct SigningKey {
    pub(super) algorithm: Algorithm,
    pub(super) id: Option<String>,
    /// How its tokens begin.
    pub(super) header: Arc<str>,
    pair: Arc<Pair>,
}

enum Pair {
    Hmac(Box<hmac::Key>),
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

/// A key that checks tokens.
#[derive(Clone)]
pub struct VerifyingKey {
    pub(super) algorithm: Algorithm,
    pub(super) id: Option<String>,
    public: Arc<Public>,
}

enum Public {
    Hmac(Box<hmac::Key>),
    Key(ParsedPublicKey),
    Rsa(&'static signature::RsaParameters, rsa::PublicKeyComponents<Vec<u8>>),
}

fn unusable(what: impl Into<String>) -> Error {
    Error::Key(what.into())
}

fn not_of(algorithm: Algorithm) -> Error {
    unusable(format!("it is no key for {algorithm}"))
}

fn hmac_algorithm(algorithm: Algorithm) -> Option<hmac::Algorithm> {
    match algorithm {
        Algorithm::HS256 => Some(hmac::HMAC_SHA256),
        Algorithm::HS384 => Some(hmac::HMAC_SHA384),
        Algorithm::HS512 => Some(hmac::HMAC_SHA512),
        _ => None,
    }
}

fn ec_signing(algorithm: Algorithm) -> Option<&'static signature::EcdsaSigningAlgorithm> {
    match algorithm {
        Algorithm::ES256 => Some(&signature::ECDSA_P256_SHA256_FIXED_SIGNING),
        Algorithm::ES384 => Some(&signature::ECDSA_P384_SHA384_FIXED_SIGNING),
        Algorithm::ES512 => Some(&signature::ECDSA_P521_SHA512_FIXED_SIGNING),
        _ => None,
    }
}

fn rsa_signing(algorithm: Algorithm) -> Option<&'static dyn signature::RsaEncoding> {
    match algorithm {
        Algorithm::RS256 => Some(&signature::RSA_PKCS1_SHA256),
        Algorithm::RS384 => Some(&signature::RSA_PKCS1_SHA384),
        Algorithm::RS512 => Some(&signature::RSA_PKCS1_SHA512),
        Algorithm::PS256 => Some(&signature::RSA_PSS_SHA256),
        Algorithm::PS384 => Some(&signature::RSA_PSS_SHA384),
        Algorithm::PS512 => Some(&signature::RSA_PSS_SHA512),
        _ => None,
    }
}

/// Keys of fewer than 2048 bits are refused.
fn rsa_verifying(algorithm: Algorithm) -> Option<&'static signature::RsaParameters> {
    match algorithm {
        Algorithm::RS256 => Some(&signature::RSA_PKCS1_2048_8192_SHA256),
        Algorithm::RS384 => Some(&signature::RSA_PKCS1_2048_8192_SHA384),
        Algorithm::RS512 => Some(&signature::RSA_PKCS1_2048_8192_SHA512),
        Algorithm::PS256 => Some(&signature::RSA_PSS_2048_8192_SHA256),
        Algorithm::PS384 => Some(&signature::RSA_PSS_2048_8192_SHA384),
        Algorithm::PS512 => Some(&signature::RSA_PSS_2048_8192_SHA512),
        _ => None,
    }
}

fn verifying(algorithm: Algorithm) -> Option<&'static dyn VerificationAlgorithm> {
    match algorithm {
        Algorithm::ES256 => Some(&signature::ECDSA_P256_SHA256_FIXED),
        Algorithm::ES384 => Some(&signature::ECDSA_P384_SHA384_FIXED),
        Algorithm::ES512 => Some(&signature::ECDSA_P521_SHA512_FIXED),
        Algorithm::EdDSA => Some(&signature::ED25519),
        other => rsa_verifying(other).map(|parameters| parameters as &dyn VerificationAlgorithm),
    }
}

/// The key of an HMAC. A public key is no secret: whoever confuses the two would let everybody sign.
fn secret_key(algorithm: Algorithm, secret: &[u8]) -> Result<hmac::Key, Error> {
    let kind = hmac_algorithm(algorithm).ok_or_else(|| not_of(algorithm))?;
    let looks_public = |words: &[u8]| secret.windows(words.len()).any(|window| window == words);
    if secret.is_empty() {
        return Err(unusable("the secret is empty"));
    }
    if looks_public(b"-----BEGIN ") || [&b"ssh-"[..], b"ecdsa-sha2-"].iter().any(|start| secret.starts_with(start)) {
        return Err(unusable("a key pair or a certificate is no secret for HMAC"));
    }
    Ok(hmac::Key::new(kind, secret))
}

impl SigningKey {
    fn new(algorithm: Algorithm, pair: Pair) -> Self {
        Self { algorithm, id: None, header: header(algorithm, None, &Map::new()).into(), pair: Arc::new(pair) }
    }

    /// A secret, for HS256, HS384, HS512.
    ///
    /// # Errors
    /// The algorithm needs a key pair, the secret is empty, or it is no secret.
    pub fn secret(algorithm: Algorithm, secret: &[u8]) -> Result<Self, Error> {
        secret_key(algorithm, secret).map(|key| Self::new(algorithm, Pair::Hmac(Box::new(key))))
    }

    /// A private key in PEM: PKCS #8, PKCS #1 or SEC 1.
    ///
    /// # Errors
    /// It is no private key for this algorithm.
    pub fn from_pem(algorithm: Algorithm, text: &str) -> Result<Self, Error> {
        let pem = pem::read(text).ok_or_else(|| unusable("it is no PEM"))?;
        let refused = || not_of(algorithm);
        let pair = match (algorithm.family(), pem.label) {
            (Family::Rsa, "PRIVATE KEY") => RsaKeyPair::from_pkcs8(&pem.der).map(Pair::Rsa).ok(),
            (Family::Rsa, "RSA PRIVATE KEY") => RsaKeyPair::from_der(&pem.der).map(Pair::Rsa).ok(),
            (Family::Ec, "PRIVATE KEY") => {
                EcdsaKeyPair::from_pkcs8(ec_signing(algorithm).ok_or_else(refused)?, &pem.der).map(Pair::Ec).ok()
            }
            (Family::Ec, "EC PRIVATE KEY") => {
                let kind = ec_signing(algorithm).ok_or_else(refused)?;
                EcdsaKeyPair::from_private_key_der(kind, &pem.der).map(Pair::Ec).ok()
            }
            (Family::Ed, "PRIVATE KEY") => Ed25519KeyPair::from_pkcs8_maybe_unchecked(&pem.der).map(Pair::Ed).ok(),
            _ => None,
        };
        let key = Self::new(algorithm, pair.ok_or_else(refused)?);
        if let Pair::Rsa(pair) = &*key.pair
            && pair.public_modulus_len() < 256
        {
            return Err(unusable("an RSA key has at least 2048 bits"));
        }
        Ok(key)
    }

    pub(super) fn rsa(algorithm: Algorithm, der: &[u8]) -> Result<Self, Error> {
        let pair = RsaKeyPair::from_der(der).ok().filter(|pair| pair.public_modulus_len() >= 256);
        pair.map(|pair| Self::new(algorithm, Pair::Rsa(pair))).ok_or_else(|| not_of(algorithm))
    }

    pub(super) fn ec(algorithm: Algorithm, private: &[u8], point: &[u8]) -> Result<Self, Error> {
        let kind = ec_signing(algorithm).ok_or_else(|| not_of(algorithm))?;
        let pair = EcdsaKeyPair::from_private_key_and_public_key(kind, private, point);
        pair.map(|pair| Self::new(algorithm, Pair::Ec(pair))).map_err(|_| not_of(algorithm))
    }

    pub(super) fn ed(seed: &[u8], public: &[u8]) -> Result<Self, Error> {
        let pair = Ed25519KeyPair::from_seed_and_public_key(seed, public);
        pair.map(|pair| Self::new(Algorithm::EdDSA, Pair::Ed(pair))).map_err(|_| not_of(Algorithm::EdDSA))
    }

    /// The same key with an identifier, which is written into headers as `kid`.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self.header = header(self.algorithm, self.id.as_deref(), &Map::new()).into();
        self
    }

    /// Its algorithm.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The key that checks what this one signs.
    ///
    /// # Errors
    /// The key pair has no public part that could be used.
    pub fn verifying_key(&self) -> Result<VerifyingKey, Error> {
        let public = match &*self.pair {
            Pair::Hmac(key) => Public::Hmac(key.clone()),
            Pair::Rsa(pair) => return VerifyingKey::public(self.algorithm, pair.public_key().as_ref()),
            Pair::Ec(pair) => return VerifyingKey::public(self.algorithm, pair.public_key().as_ref()),
            Pair::Ed(pair) => return VerifyingKey::public(self.algorithm, pair.public_key().as_ref()),
        };
        Ok(VerifyingKey { algorithm: self.algorithm, id: self.id.clone(), public: Arc::new(public) })
    }

    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let failed = |_| unusable("signing failed");
        match &*self.pair {
            Pair::Hmac(key) => Ok(hmac::sign(key, message).as_ref().to_vec()),
            Pair::Rsa(pair) => {
                let encoding = rsa_signing(self.algorithm).ok_or_else(|| not_of(self.algorithm))?;
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(encoding, &SystemRandom::new(), message, &mut signature).map_err(failed)?;
                Ok(signature)
            }
            Pair::Ec(pair) => {
                let signature = pair.sign(&SystemRandom::new(), message).map_err(failed)?;
                Ok(signature.as_ref().to_vec())
            }
            Pair::Ed(pair) => Ok(pair.sign(message).as_ref().to_vec()),
        }
    }
}

impl VerifyingKey {
    /// A secret, for HS256, HS384, HS512.
    ///
    /// # Errors
    /// The algorithm needs a public key, the secret is empty, or it is no secret.
    pub fn secret(algorithm: Algorithm, secret: &[u8]) -> Result<Self, Error> {
        let key = secret_key(algorithm, secret)?;
        Ok(Self { algorithm, id: None, public: Arc::new(Public::Hmac(Box::new(key))) })
    }

    /// A public key in PEM, or the public part of a private one.
    ///
    /// # Errors
    /// It is no key for this algorithm.
    pub fn from_pem(algorithm: Algorithm, text: &str) -> Result<Self, Error> {
        let pem = pem::read(text).ok_or_else(|| unusable("it is no PEM"))?;
        match (algorithm.family(), pem.label) {
            (Family::Hmac, _) => Err(unusable("a key pair or a certificate is no secret for HMAC")),
            (_, label) if label.ends_with("PRIVATE KEY") => SigningKey::from_pem(algorithm, text)?.verifying_key(),
            (_, "PUBLIC KEY") | (Family::Rsa, "RSA PUBLIC KEY") => Self::public(algorithm, &pem.der),
            _ => Err(not_of(algorithm)),
        }
    }

    pub(super) fn public(algorithm: Algorithm, bytes: &[u8]) -> Result<Self, Error> {
        let kind = verifying(algorithm).ok_or_else(|| not_of(algorithm))?;
        let key = ParsedPublicKey::new(kind, bytes).map_err(|_| not_of(algorithm))?;
        Ok(Self { algorithm, id: None, public: Arc::new(Public::Key(key)) })
    }

    pub(super) fn rsa(algorithm: Algorithm, n: Vec<u8>, e: Vec<u8>) -> Result<Self, Error> {
        let kind = rsa_verifying(algorithm).ok_or_else(|| not_of(algorithm))?;
        let significant = n.iter().skip_while(|byte| **byte == 0).count();
        if significant < 256 {
            return Err(unusable("an RSA key has at least 2048 bits"));
        }
        if is_guessable(&n) {
            return Err(unusable("the RSA key was made by a generator whose keys can be guessed (CVE-2017-15361)"));
        }
        let key = rsa::PublicKeyComponents { n, e };
        Ok(Self { algorithm, id: None, public: Arc::new(Public::Rsa(kind, key)) })
    }

    /// The same key with an identifier, by which a set of keys finds it.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Its algorithm.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Its identifier.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match &*self.public {
            Public::Hmac(key) => hmac::verify(key, message, signature).is_ok(),
            Public::Key(key) => key.verify_sig(message, signature).is_ok(),
            Public::Rsa(kind, key) => key.verify(kind, message, signature).is_ok(),
        }
    }
}

/// Whether a modulus was made by the generator of CVE-2017-15361: by each of these primes it leaves a power of 65537.
pub(super) fn is_guessable(modulus: &[u8]) -> bool {
    const PRIMES: [u32; 17] = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];
    PRIMES.iter().all(|prime| {
        let rest = modulus.iter().fold(0, |rest, byte| (rest * 256 + u32::from(*byte)) % prime);
        let mut power = 1;
        (0..*prime).any(|_| {
            power = power * 65_537 % prime;
            power == rest
        })
    })
}

/// Its algorithm and its identifier; never the key.
impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}, {:?})", self.algorithm, self.id)
    }
}

/// Its algorithm and its identifier; never the key, which may be a secret.
impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({}, {:?})", self.algorithm, self.id)
    }
}
