//! Public keys that another server publishes, as a JWKS: fetched by a function of the project's, and kept for a while.
//!
//! This crate has no HTTP client, and does not choose one for a project.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::Mutex;

use super::{Algorithm, Error, KeySet, unverified_header};
use crate::clock::Clock;
use crate::http::{BoxFuture, Result as HttpResult};

/// How long keys are kept before they are fetched again.
const LIFESPAN: Duration = Duration::from_secs(300);
/// How long at least lies between two fetches, so that tokens with invented names of keys cannot cause many.
const PAUSE: Duration = Duration::from_secs(10);

type Fetch = Arc<dyn Fn() -> BoxFuture<'static, HttpResult<String>> + Send + Sync>;

/// Where public keys come from.
#[derive(Clone, Default)]
pub struct JwkSource(Option<Fetch>);

impl JwkSource {
    /// A function that fetches the text of a JWKS. It is asked when the first token comes, every five minutes while tokens
    /// come, and for a token whose key is not among those that are known.
    pub fn new<F: Future<Output = HttpResult<String>> + Send + 'static>(
        fetch: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self {
        Self(Some(Arc::new(move || Box::pin(fetch()))))
    }
}

impl fmt::Debug for JwkSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "a function" } else { "None" })
    }
}

/// The keys of a source, as they were fetched last.
pub(super) struct CachedKeys {
    algorithm: Algorithm,
    fetch: Fetch,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    keys: Option<Arc<KeySet>>,
    /// When they were asked for last.
    asked_at: Option<Duration>,
}

impl CachedKeys {
    pub(super) fn new(algorithm: Algorithm, source: &JwkSource) -> Option<Self> {
        Some(Self { algorithm, fetch: source.0.clone()?, kept: Mutex::default() })
    }

    /// The keys, fetched where they are too old or have none of the name that a token says. What was known before stays
    /// where they cannot be fetched.
    pub(super) async fn for_token(&self, token: &str, clock: &Clock) -> Result<Arc<KeySet>, Error> {
        let header = unverified_header(token)?;
        let id = header.get("kid").and_then(Value::as_str);
        let mut kept = self.kept.lock().await;
        let now = clock.elapsed();
        let age = kept.asked_at.map(|at| now.saturating_sub(at));
        let is_known = kept.keys.as_ref().is_some_and(|keys| keys.candidates(id).next().is_some());
        let least = if is_known { LIFESPAN } else { PAUSE };
        if age.is_none_or(|age| age >= least) {
            kept.asked_at = Some(now);
            match self.fetched().await {
                Ok(keys) => kept.keys = Some(Arc::new(keys)),
                Err(why) => tracing::error!(target: "quintet::security", "the keys of tokens were not fetched: {why}"),
            }
        }
        kept.keys.clone().ok_or_else(|| Error::Key("no keys were fetched".to_owned()))
    }

    async fn fetched(&self) -> Result<KeySet, String> {
        let text = (self.fetch)().await.map_err(|error| error.to_string())?;
        KeySet::from_json(self.algorithm, &text).map_err(|error| error.to_string())
    }
}

impl fmt::Debug for CachedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CachedKeys({})", self.algorithm)
    }
}
