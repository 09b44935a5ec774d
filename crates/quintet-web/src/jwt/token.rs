//! A token as text: signed, and checked.

use serde_json::{Map, Value};

use super::{Algorithm, Error, KeySet, SigningKey, Validation, VerifyingKey, json};
use crate::auth::base64::{self, Alphabet};

/// Claims of a token, in order.
pub type Claims = Map<String, Value>;

/// Bytes that a token may have; nothing longer is looked at.
pub(super) const LONGEST: usize = 1 << 18;

/// A token that was checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    /// Its header.
    pub header: Map<String, Value>,
    /// Its claims.
    pub claims: Claims,
}

/// A token of these claims, in their order.
///
/// # Errors
/// The key cannot sign.
pub fn encode(claims: &Claims, key: &SigningKey) -> Result<String, Error> {
    signed_text(&key.header, claims, key)
}

/// The same with members of the header besides `alg`, `typ` and the key's `kid`.
///
/// # Errors
/// The key cannot sign, or a member is one that it says itself.
pub fn encode_with_header(claims: &Claims, key: &SigningKey, extra: &Map<String, Value>) -> Result<String, Error> {
    if let Some(name) = extra.keys().find(|name| ["alg", "b64", "crit"].contains(&name.as_str())) {
        return Err(Error::Claim(name.clone()));
    }
    signed_text(&header(key.algorithm, key.id.as_deref(), extra), claims, key)
}

/// A header as a token begins with it: the names in order, as the reference writes them.
pub(super) fn header(algorithm: Algorithm, id: Option<&str>, extra: &Map<String, Value>) -> String {
    let mut header = std::collections::BTreeMap::from([
        ("alg".to_owned(), Value::from(algorithm.name())),
        ("typ".to_owned(), Value::from("JWT")),
    ]);
    if let Some(id) = id {
        header.insert("kid".to_owned(), id.into());
    }
    header.extend(extra.iter().map(|(name, value)| (name.clone(), value.clone())));
    base64::encode(json::written(&header.into_iter().collect()).as_bytes(), Alphabet::Url)
}

fn signed_text(header: &str, claims: &Claims, key: &SigningKey) -> Result<String, Error> {
    let claims = json::written(claims);
    let mut text = Vec::with_capacity(header.len() + claims.len() * 4 / 3 + 100);
    text.extend_from_slice(header.as_bytes());
    text.push(b'.');
    base64::encode_onto(&mut text, claims.as_bytes(), Alphabet::Url);
    let signature = key.sign(&text)?;
    text.push(b'.');
    base64::encode_onto(&mut text, &signature, Alphabet::Url);
    String::from_utf8(text).map_err(|_| Error::Malformed("it is no text"))
}

/// The claims of a token that was signed by the key's algorithm, and whose registered claims hold.
///
/// # Errors
/// Why it is not taken.
pub fn decode(token: &str, key: &VerifyingKey, validation: &Validation) -> Result<Decoded, Error> {
    decode_any(token, std::slice::from_ref(key), validation)
}

/// The same, where any of several keys may have signed it: an old secret beside the new one.
///
/// # Errors
/// Why it is not taken.
pub fn decode_any(token: &str, keys: &[VerifyingKey], validation: &Validation) -> Result<Decoded, Error> {
    let parts = Parts::read(token)?;
    parts.verified(keys.iter())?;
    parts.valid(validation)
}

/// The claims of a token that one of these keys signed; nothing is asked of them yet. The usual header says nothing but which
/// algorithm it is, and need not be read for each request.
pub(super) fn signed_claims(token: &str, keys: &[VerifyingKey]) -> Result<Claims, Error> {
    let usual = token.strip_prefix(USUAL_HEADER).filter(|_| token.len() <= LONGEST);
    let Some((payload, signature)) = usual.and_then(|rest| rest.split_once('.')) else {
        let parts = Parts::read(token)?;
        parts.verified(keys.iter())?;
        return parts.claims();
    };
    let message = &token.as_bytes()[..token.len() - signature.len() - 1];
    verified_by(Some(Algorithm::HS256), message, &bytes_of(signature)?, keys.iter())?;
    // What it says is read when it is known who says it.
    claims_in(&bytes_of(payload)?)
}

/// `{"alg":"HS256","typ":"JWT"}.`
const USUAL_HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.";

/// The same with a set of keys, of which the token's `kid` names one.
///
/// # Errors
/// Why it is not taken.
pub fn decode_with_set(token: &str, keys: &KeySet, validation: &Validation) -> Result<Decoded, Error> {
    let parts = Parts::read(token)?;
    let id = parts.header.get("kid").and_then(Value::as_str);
    parts.verified(keys.candidates(id))?;
    parts.valid(validation)
}

/// The header of a token, which nobody has checked: for people, and for finding a key. Never decide by it.
///
/// # Errors
/// It is no token.
pub fn unverified_header(token: &str) -> Result<Map<String, Value>, Error> {
    Parts::read(token).map(|parts| parts.header)
}

/// The claims of a token, which nobody has checked: for people.
///
/// # Errors
/// It is no token.
pub fn unverified_claims(token: &str) -> Result<Claims, Error> {
    Parts::read(token)?.claims()
}

/// Whether one of these keys signed it, whatever it says.
pub(super) fn signed(token: &str, keys: &KeySet) -> Result<(), Error> {
    let parts = Parts::read(token)?;
    let id = parts.header.get("kid").and_then(Value::as_str);
    parts.verified(keys.candidates(id))
}

/// A token taken apart.
struct Parts<'a> {
    header: Map<String, Value>,
    message: &'a str,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

impl<'a> Parts<'a> {
    fn read(token: &'a str) -> Result<Self, Error> {
        if token.len() > LONGEST {
            return Err(Error::Malformed("it is too long"));
        }
        let (message, signature) = token.rsplit_once('.').ok_or(Error::Malformed("it has no parts"))?;
        let (header, payload) = message.split_once('.').ok_or(Error::Malformed("it has no parts"))?;
        let header = json::object(&bytes_of(header)?, "the header is no object of JSON")?;
        if header.contains_key("crit") || header.get("b64").is_some_and(|encoded| *encoded != Value::Bool(true)) {
            return Err(Error::Critical);
        }
        if header.get("kid").is_some_and(|id| !id.is_string()) {
            return Err(Error::Malformed("`kid` is no text"));
        }
        Ok(Self { header, message, payload: bytes_of(payload)?, signature: bytes_of(signature)? })
    }

    /// The token may say by which algorithm it was signed, but the keys decide: what it says must be theirs.
    fn verified<'k>(&self, keys: impl Iterator<Item = &'k VerifyingKey>) -> Result<(), Error> {
        let said = self.header.get("alg").and_then(Value::as_str).and_then(|name| name.parse::<Algorithm>().ok());
        verified_by(said, self.message.as_bytes(), &self.signature, keys)
    }

    fn claims(&self) -> Result<Claims, Error> {
        claims_in(&self.payload)
    }

    fn valid(self, validation: &Validation) -> Result<Decoded, Error> {
        let claims = self.claims()?;
        validation.check(&claims)?;
        Ok(Decoded { header: self.header, claims })
    }
}

fn bytes_of(part: &str) -> Result<Vec<u8>, Error> {
    base64::decode(part, Alphabet::Url).ok_or(Error::Malformed("a part is no base64url"))
}

fn claims_in(payload: &[u8]) -> Result<Claims, Error> {
    json::object(payload, "the payload is no object of JSON")
}

fn verified_by<'k>(
    said: Option<Algorithm>,
    message: &[u8],
    signature: &[u8],
    keys: impl Iterator<Item = &'k VerifyingKey>,
) -> Result<(), Error> {
    let mut problem = Error::Algorithm;
    for key in keys {
        if said != Some(key.algorithm) {
            continue;
        }
        if key.verify(message, signature) {
            return Ok(());
        }
        problem = Error::Signature;
    }
    Err(problem)
}
