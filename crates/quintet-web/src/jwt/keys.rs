//! The keys of a site's tokens, made ready once.

use quintet_core::secrecy::Secret;

use super::algorithm::Family;
use super::settings::SimpleJwt;
use super::{Claims, Decoded, Error, SigningKey, Validation, VerifyingKey, decode_any, encode};
use crate::http::{Error as HttpError, Result as HttpResult};

/// The key that signs, and those that check.
#[derive(Debug)]
pub(crate) struct Keys {
    signing: Option<SigningKey>,
    verifying: Vec<VerifyingKey>,
}

impl Keys {
    /// Out of the settings; of secrets, the site's own stands in where tokens have none of theirs.
    pub(crate) fn new(settings: &SimpleJwt, secret: &Secret, fallbacks: &[Secret]) -> Result<Self, String> {
        let told = |what: &str, error: Error| format!("`simple_jwt.{what}`: {error}");
        let (algorithm, own) = (settings.algorithm, settings.signing_key.expose());
        if algorithm.family() == Family::Hmac {
            let is_own = !own.is_empty();
            let secrets = if is_own { vec![own] } else { vec![secret.expose()] };
            let old = fallbacks.iter().filter(|_| !is_own).map(Secret::expose);
            let signing = SigningKey::secret(algorithm, secrets[0].as_bytes());
            let signing = signing.map_err(|error| told("signing_key", error))?;
            let keys = secrets.into_iter().chain(old).map(|secret| VerifyingKey::secret(algorithm, secret.as_bytes()));
            let verifying = keys.collect::<Result<_, _>>().map_err(|error| told("signing_key", error))?;
            return Ok(Self { signing: Some(signing), verifying });
        }
        let signing = match own {
            "" => None,
            pem => Some(SigningKey::from_pem(algorithm, pem).map_err(|error| told("signing_key", error))?),
        };
        let verifying = match (settings.verifying_key.as_str(), &signing) {
            ("", Some(key)) => key.verifying_key().map_err(|error| told("signing_key", error))?,
            ("", None) => return Err(format!("`simple_jwt.verifying_key` is empty, and {algorithm} needs a key pair")),
            (pem, _) => VerifyingKey::from_pem(algorithm, pem).map_err(|error| told("verifying_key", error))?,
        };
        Ok(Self { signing, verifying: vec![verifying] })
    }

    pub(super) fn encode(&self, claims: &Claims) -> HttpResult<String> {
        let key = self.signing.as_ref().ok_or_else(|| HttpError::internal("`simple_jwt.signing_key` is empty"))?;
        encode(claims, key).map_err(HttpError::internal)
    }

    pub(super) fn decode(&self, token: &str, validation: &Validation) -> Result<Decoded, Error> {
        decode_any(token, &self.verifying, validation)
    }
}
