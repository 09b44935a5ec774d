//! An encrypted token as text: five parts with points between.

use std::fmt;

use serde_json::{Map, Value};

use super::content::Sealed;
use super::key::random;
use super::{DecryptingKey, DecryptionLimits, EncryptingKey};
use crate::auth::base64::{self, Alphabet};
use crate::jwt::{Claims, Error, Validation, json};

/// Members of a header that are ours to write.
const OWN: [&str; 5] = ["alg", "enc", "epk", "zip", "crit"];

/// What was in a token.
#[derive(Clone, PartialEq)]
pub struct Decrypted {
    /// Its header, which everybody can read and nobody can change.
    pub header: Map<String, Value>,
    /// What nobody else could read.
    pub plaintext: Vec<u8>,
}

impl Decrypted {
    /// The claims of a token that holds claims, not another token.
    ///
    /// Of a public key's tokens nobody knows who made them: sign first, encrypt then, and decode what comes out.
    ///
    /// # Errors
    /// It holds no claims, or they are not what is asked.
    pub fn claims(&self, validation: &Validation) -> Result<Claims, Error> {
        let claims = json::object(&self.plaintext, "the payload is no object of JSON")?;
        validation.check(&claims)?;
        Ok(claims)
    }
}

/// Its header; never what was secret.
impl fmt::Debug for Decrypted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Decrypted({}, {} bytes)", json::written(&self.header), self.plaintext.len())
    }
}

/// An encrypted token of any bytes.
///
/// # Errors
/// The key cannot encrypt.
pub fn encrypt(plaintext: &[u8], key: &EncryptingKey) -> Result<String, Error> {
    encrypt_with_header(plaintext, key, &Map::new())
}

/// The same with members of the header besides `alg`, `enc` and the key's `kid`: `"cty": "JWT"` for a signed token.
///
/// # Errors
/// The key cannot encrypt, or a member is one that it says itself.
pub fn encrypt_with_header(plaintext: &[u8], key: &EncryptingKey, extra: &Map<String, Value>) -> Result<String, Error> {
    let mut header = Map::new();
    header.insert("alg".to_owned(), key.algorithm.name().into());
    header.insert("enc".to_owned(), key.content.name().into());
    if let Some(id) = &key.id {
        header.insert("kid".to_owned(), id.as_str().into());
    }
    for (name, value) in extra {
        if OWN.contains(&name.as_str()) {
            return Err(Error::Claim(name.clone()));
        }
        header.insert(name.clone(), value.clone());
    }
    let packed = key.pack(&mut header)?;
    let text = |bytes: &[u8]| base64::encode(bytes, Alphabet::Url);
    let header = text(json::written(&header).as_bytes());
    let iv = random(key.content.iv_length())?;
    let sealed = key.content.seal(&packed.key, &iv, header.as_bytes(), plaintext);
    let sealed = sealed.map_err(|_| Error::Key("encrypting failed".to_owned()))?;
    let parts = [&packed.encrypted, &sealed.iv, &sealed.text, &sealed.tag].map(|part| text(part));
    Ok(format!("{header}.{}", parts.join(".")))
}

/// What is in a token that was encrypted for this key, by the key's algorithms.
///
/// # Errors
/// Why it is not taken. Whatever only a key can tell is [`Error::Decryption`].
pub fn decrypt(token: &str, key: &DecryptingKey, limits: &DecryptionLimits) -> Result<Decrypted, Error> {
    decrypt_any(token, std::slice::from_ref(key), limits)
}

/// The same, where it may be for any of several keys: an old one beside the new one.
///
/// # Errors
/// Why it is not taken.
pub fn decrypt_any(token: &str, keys: &[DecryptingKey], limits: &DecryptionLimits) -> Result<Decrypted, Error> {
    let parts = Parts::read(token, limits)?;
    let plaintext = parts.opened(keys)?;
    let plaintext = if parts.header.contains_key("zip") { limits.inflated(&plaintext)? } else { plaintext };
    Ok(Decrypted { header: parts.header, plaintext })
}

/// A token taken apart.
struct Parts<'a> {
    header: Map<String, Value>,
    /// The header as it was written, to which the text is bound.
    written: &'a str,
    key: Vec<u8>,
    sealed: Sealed,
}

impl<'a> Parts<'a> {
    fn read(token: &'a str, limits: &DecryptionLimits) -> Result<Self, Error> {
        if token.len() > limits.token {
            return Err(Error::Malformed("it is too long"));
        }
        let mut all = token.splitn(6, '.');
        let parts = std::array::from_fn(|_| all.next());
        let ([Some(written), Some(key), Some(iv), Some(text), Some(tag)], None) = (parts, all.next()) else {
            return Err(Error::Malformed("it has not five parts"));
        };
        let bytes = |part: &str| base64::decode(part, Alphabet::Url).ok_or(Error::Malformed("a part is no base64url"));
        let header = json::object(&bytes(written)?, "the header is no object of JSON")?;
        if header.contains_key("crit") {
            return Err(Error::Critical);
        }
        match header.get("zip") {
            None => {}
            Some(said) if said == "DEF" && limits.takes_compressed() => {}
            Some(_) => return Err(Error::Malformed("it is compressed, which is not taken")),
        }
        if header.get("kid").is_some_and(|id| !id.is_string()) {
            return Err(Error::Malformed("`kid` is no text"));
        }
        let sealed = Sealed { iv: bytes(iv)?, text: bytes(text)?, tag: bytes(tag)? };
        Ok(Self { header, written, key: bytes(key)?, sealed })
    }

    /// The token may say how it was encrypted, but the keys decide: what it says must be theirs.
    fn opened(&self, keys: &[DecryptingKey]) -> Result<Vec<u8>, Error> {
        let says = |name: &str, own: &str| self.header.get(name).is_some_and(|said| said == own);
        let mut problem = Error::Algorithm;
        for key in keys {
            if !says("alg", key.algorithm.name()) || !says("enc", key.content.name()) {
                continue;
            }
            problem = Error::Decryption;
            if key.id.as_ref().is_some_and(|own| self.header.get("kid").is_some_and(|said| said != own)) {
                continue;
            }
            let secret = key.unpack(&self.header, &self.key)?;
            if let Ok(text) = key.content.open(&secret, self.written.as_bytes(), &self.sealed) {
                return Ok(text);
            }
        }
        Err(problem)
    }
}
