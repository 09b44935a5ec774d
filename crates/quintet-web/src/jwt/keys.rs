//! The keys of a site's tokens, made ready once.

use std::sync::Arc;

use quintet_core::secrecy::Secret;

use super::jwk_source::CachedKeys;
use super::known::Known;
use super::settings::SimpleJwt;
use super::token::{signed, signed_claims};
use super::{Claims, Error, KeySet, SigningKey, Validation, VerifyingKey, decode_with_set, encode};
use crate::clock::Clock;
use crate::http::{Error as HttpError, Result as HttpResult};

/// The key that signs, and those that check.
#[derive(Debug)]
pub(crate) struct Keys {
    signing: Option<SigningKey>,
    verifying: Vec<VerifyingKey>,
    /// Where in the settings each of those stands.
    names: Vec<String>,
    /// Those that come from elsewhere, instead.
    fetched: Option<CachedKeys>,
    /// What those of the settings signed.
    known: Known,
}

impl Keys {
    /// Out of the settings; of secrets, the site's own stands in where tokens have none of theirs.
    pub(crate) fn new(settings: &SimpleJwt, secret: &Secret, fallbacks: &[Secret]) -> Result<Self, String> {
        if settings.algorithm.is_hmac() {
            return Self::secrets(settings, secret, fallbacks);
        }
        let (algorithm, own) = (settings.algorithm, settings.signing_key.expose());
        let signing = match own {
            "" => None,
            pem => Some(SigningKey::from_pem(algorithm, pem).map_err(|error| told("signing_key", &error))?),
        };
        let fetched = CachedKeys::new(algorithm, &settings.jwk_source)
            .map_err(|why| format!("`simple_jwt.jwk_source`: {why}"))?;
        let first = match (settings.verifying_key.as_str(), &signing) {
            _ if fetched.is_some() => None,
            ("", Some(key)) => Some(key.verifying_key().map_err(|error| told("signing_key", &error))?),
            ("", None) => return Err(format!("`simple_jwt.verifying_key` is empty, and {algorithm} needs a key pair")),
            (pem, _) => Some(VerifyingKey::from_pem(algorithm, pem).map_err(|error| told("verifying_key", &error))?),
        };
        let old = settings.verifying_key_fallbacks.iter().map(|pem| VerifyingKey::from_pem(algorithm, pem.expose()));
        let old: Vec<_> = old.collect::<Result<_, _>>().map_err(|error| told("verifying_key_fallbacks", &error))?;
        let own = if settings.verifying_key.is_empty() { "signing_key" } else { "verifying_key" };
        let names = first.iter().map(|_| format!("simple_jwt.{own}")).chain(numbered(OLD, old.len())).collect();
        Ok(Self { signing, verifying: first.into_iter().chain(old).collect(), names, fetched, known: Known::new() })
    }

    fn secrets(settings: &SimpleJwt, secret: &Secret, fallbacks: &[Secret]) -> Result<Self, String> {
        let (algorithm, is_own) = (settings.algorithm, !settings.signing_key.is_empty());
        let first = if is_own { &settings.signing_key } else { secret };
        let signing = SigningKey::secret(algorithm, first.expose().as_bytes());
        let signing = signing.map_err(|error| told("signing_key", &error))?;
        let sites = if is_own { &[] } else { fallbacks };
        let names = [if is_own { "simple_jwt.signing_key" } else { "secret_key" }].map(str::to_owned).into_iter();
        let names = names.chain(numbered("secret_key_fallbacks", sites.len()));
        let names = names.chain(numbered(OLD, settings.verifying_key_fallbacks.len())).collect();
        let keys = [first].into_iter().chain(sites).chain(&settings.verifying_key_fallbacks);
        let keys = keys.map(|secret| VerifyingKey::secret(algorithm, secret.expose().as_bytes()));
        let verifying = keys.collect::<Result<_, _>>().map_err(|error| told("verifying_key_fallbacks", &error))?;
        Ok(Self { signing: Some(signing), verifying, names, fetched: None, known: Known::new() })
    }

    pub(super) fn encode(&self, claims: &Claims) -> HttpResult<String> {
        let key = self.signing.as_ref().ok_or_else(|| HttpError::internal("`simple_jwt.signing_key` is empty"))?;
        encode(claims, key).map_err(HttpError::internal)
    }

    /// Whether somebody else has to be asked for some of them.
    pub(super) fn are_elsewhere(&self) -> bool {
        self.fetched.as_ref().is_some_and(CachedKeys::are_elsewhere)
    }

    /// Where the key stands that a token is signed with; why it is none of these.
    pub(super) async fn signed_by(&self, token: &str, clock: &Clock) -> Result<String, Error> {
        let Some(fetched) = &self.fetched else { return self.signed_by_own(token) };
        let problem = match fetched.for_token(token, clock).await.and_then(|keys| signed(token, &keys)) {
            Ok(()) => return Ok("simple_jwt.jwk_source".to_owned()),
            Err(why) => why,
        };
        self.signed_by_own(token).map_err(|why| if why == Error::Algorithm { problem } else { why })
    }

    /// The same of the keys that are in the settings.
    pub(super) fn signed_by_own(&self, token: &str) -> Result<String, Error> {
        let mut problem = Error::Algorithm;
        for (key, name) in self.verifying.iter().zip(&self.names) {
            match signed(token, &KeySet::new(vec![key.clone()])) {
                Ok(()) => return Ok(name.clone()),
                Err(Error::Algorithm) => {}
                Err(why) => problem = why,
            }
        }
        Err(problem)
    }

    /// The claims of a token that was signed by one of these, and whose registered claims hold.
    pub(super) async fn decode(&self, token: &str, validation: &Validation, clock: &Clock) -> Result<Claims, Error> {
        let Some(fetched) = &self.fetched else { return self.decode_by_own(token, validation) };
        // In a box: who has keys need not keep room for fetching some.
        let keys = Box::pin(fetched.for_token(token, clock)).await;
        match keys.and_then(|keys| decode_with_set(token, &keys, validation)) {
            // Old keys count, also while nobody gives the others.
            Err(Error::Signature | Error::Algorithm | Error::Key(_)) if !self.verifying.is_empty() => {
                self.decode_by_own(token, validation)
            }
            decoded => decoded.map(|decoded| decoded.claims),
        }
    }

    fn decode_by_own(&self, token: &str, validation: &Validation) -> Result<Claims, Error> {
        let claims = signed_claims(token, &self.verifying)?;
        validation.check(&claims)?;
        Ok(claims)
    }

    /// The same of a token that comes again and again: its signature is looked at once, its claims each time. Keys from
    /// elsewhere may be taken back there; what they signed is looked at whole.
    pub(super) async fn decode_again(
        &self,
        token: &str,
        validation: &Validation,
        clock: &Clock,
    ) -> Result<Arc<Claims>, Error> {
        if self.fetched.is_some() {
            return self.decode(token, validation, clock).await.map(Arc::new);
        }
        let claims = match self.known.find(token) {
            Some(claims) => claims,
            None => {
                let claims = Arc::new(signed_claims(token, &self.verifying)?);
                self.known.keep(token, &claims);
                claims
            }
        };
        validation.check(&claims)?;
        Ok(claims)
    }
}

/// The setting of old keys of tokens.
const OLD: &str = "simple_jwt.verifying_key_fallbacks";

fn numbered(setting: &str, count: usize) -> impl Iterator<Item = String> {
    (0..count).map(move |number| format!("{setting}[{number}]"))
}

fn told(what: &str, error: &Error) -> String {
    format!("`simple_jwt.{what}`: {error}")
}
