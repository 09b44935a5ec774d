//! Where sessions are kept: each place answers the same few questions.

mod cached;
mod database;
mod signed_cookies;

use std::time::SystemTime;

use quintet_core::json::{Json, Object};

use super::SessionEngine;
use crate::auth::chance;
use crate::http::{Error, Request, Result};

pub use database::clear_expired;

/// So many new keys are tried in a cache, which does not tell a key that is taken from one that it did not keep.
const TRIES: usize = 100;

impl SessionEngine {
    /// The data of a session; nothing where there is none of this key.
    pub(super) async fn load(self, request: &Request, key: &str) -> Result<Option<Object>> {
        match self {
            Self::Database => Ok(database::row(request, key).await?.map(|(data, _)| data)),
            Self::Cache => cached::ALONE.load(request, key).await,
            Self::CachedDatabase => cached::IN_FRONT.load_through(request, key).await,
            Self::SignedCookies => signed_cookies::load(request, key),
        }
    }

    /// Keeps data that had no key so far, and gives them one.
    pub(super) async fn create(self, request: &Request, data: &Object) -> Result<String> {
        if self == Self::SignedCookies {
            return signed_cookies::key(request, data);
        }
        for _ in 0..TRIES {
            let key = new_key()?;
            if self.insert(request, &key, data).await? {
                return Ok(key);
            }
        }
        Err(Error::internal("no session can be kept; the cache may be away"))
    }

    async fn insert(self, request: &Request, key: &str, data: &Object) -> Result<bool> {
        if self == Self::Cache {
            return cached::ALONE.insert(request, key, data).await;
        }
        let is_new = database::insert(request, key, data).await?;
        if is_new && self == Self::CachedDatabase {
            cached::IN_FRONT.copy(request, key, data, None).await;
        }
        Ok(is_new)
    }

    /// Keeps data under the key that they have; the key by which they are found from now on, or nothing where somebody
    /// deleted them meanwhile.
    pub(super) async fn update(self, request: &Request, key: &str, data: &Object) -> Result<Option<String>> {
        let is_there = match self {
            Self::SignedCookies => return signed_cookies::key(request, data).map(Some),
            Self::Cache => cached::ALONE.update(request, key, data).await?,
            Self::Database | Self::CachedDatabase => database::update(request, key, data).await?,
        };
        if is_there && self == Self::CachedDatabase {
            cached::IN_FRONT.copy(request, key, data, None).await;
        }
        Ok(is_there.then(|| key.to_owned()))
    }

    /// Forgets data.
    pub(super) async fn delete(self, request: &Request, key: &str) -> Result<()> {
        match self {
            Self::SignedCookies => Ok(()),
            Self::Cache => cached::ALONE.delete(request, key).await,
            Self::Database => database::delete(request, key).await,
            Self::CachedDatabase => {
                database::delete(request, key).await?;
                cached::IN_FRONT.delete(request, key).await
            }
        }
    }
}

/// 32 letters and digits by chance; as in the reference without capitals, since some places do not tell them apart.
fn new_key() -> Result<String> {
    const LETTERS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let mut key = String::with_capacity(32);
    while key.len() < 32 {
        let bytes: [u8; 64] = chance::bytes()?;
        // Values past the last whole multiple of 36 would make some letters likelier.
        let fair = bytes.into_iter().filter(|byte| *byte < 252).map(|byte| char::from(LETTERS[usize::from(byte % 36)]));
        key.extend(fair.take(32 - key.len()).collect::<Vec<char>>());
    }
    Ok(key)
}

/// Data as they are kept: signed, and made smaller where that helps.
fn encode(request: &Request, salt: &str, data: &Object) -> Result<String> {
    let signer = request.site().timestamp_signer()?.salt(salt);
    signer.sign_json(&Json::Object(data.clone()), true)
}

fn now(request: &Request) -> SystemTime {
    request.site().options().clock.now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_key_is_long_and_never_the_same() {
        let (one, other) = (new_key().expect("chance"), new_key().expect("chance"));
        assert!(one.len() == 32 && one.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()), "{one}");
        assert_ne!(one, other);
    }
}
