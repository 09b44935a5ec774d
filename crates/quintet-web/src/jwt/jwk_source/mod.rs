//! Public keys that another server publishes, as a JWKS: asked for by their address, read from a file or given by a function
//! of the project's, and kept for a while.

mod address;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::{Mutex, OwnedMutexGuard};

use self::address::Address;
use super::{Algorithm, Error, KeySet, unverified_header};
use crate::clock::Clock;
use crate::http::{BoxFuture, Result as HttpResult};

/// How long keys are kept before they are fetched again.
const LIFESPAN: Duration = Duration::from_secs(300);
/// How long at least lies between two fetches, so that tokens with invented names of keys cannot cause many.
const PAUSE: Duration = Duration::from_secs(10);
/// How long whoever gives them is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

type Fetch = Arc<dyn Fn() -> BoxFuture<'static, HttpResult<String>> + Send + Sync>;

/// Where public keys come from. They are fetched when the first token comes, every five minutes while tokens come, and for
/// a token whose key is not among those that are known.
#[derive(Clone, Default)]
pub struct JwkSource(Place);

#[derive(Clone, Default)]
enum Place {
    #[default]
    Nowhere,
    Address {
        address: String,
        ca_file: Option<PathBuf>,
    },
    File(PathBuf),
    Function(Fetch),
}

impl JwkSource {
    /// The address of a JWKS, as `https://id.example.com/.well-known/jwks.json`; HTTPS needs the feature `tls`. No redirect is
    /// followed. An address that is none is a problem of the settings, told at start.
    pub fn url(address: impl Into<String>) -> Self {
        Self(Place::Address { address: address.into(), ca_file: None })
    }

    /// A file of the authority that signed that server's certificate, in PEM, where it is none of the system's.
    #[must_use]
    pub fn ca_file(self, file: impl Into<PathBuf>) -> Self {
        match self.0 {
            Place::Address { address, .. } => Self(Place::Address { address, ca_file: Some(file.into()) }),
            other => Self(other),
        }
    }

    /// Whether none is named.
    pub fn is_empty(&self) -> bool {
        matches!(self.0, Place::Nowhere)
    }

    /// The address, where there is one.
    pub fn address(&self) -> Option<&str> {
        match &self.0 {
            Place::Address { address, .. } => Some(address),
            _ => None,
        }
    }

    /// A file with the text of a JWKS.
    pub fn file(file: impl Into<PathBuf>) -> Self {
        Self(Place::File(file.into()))
    }

    /// A function that fetches the text of a JWKS, from wherever it likes, within ten seconds.
    pub fn new<F: Future<Output = HttpResult<String>> + Send + 'static>(
        fetch: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self {
        Self(Place::Function(Arc::new(move || Box::pin(fetch()))))
    }
}

impl fmt::Debug for JwkSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::Nowhere => f.write_str("None"),
            Place::Address { address, .. } => fmt::Debug::fmt(address, f),
            Place::File(file) => fmt::Debug::fmt(file, f),
            Place::Function(_) => f.write_str("a function"),
        }
    }
}

/// The keys of a source, as they were fetched last.
pub(super) struct CachedKeys(Arc<Shared>);

struct Shared {
    algorithm: Algorithm,
    origin: Origin,
    patience: Duration,
    kept: RwLock<Kept>,
    /// Who fetches.
    turn: Arc<Mutex<()>>,
}

enum Origin {
    Address(Address),
    File(PathBuf),
    Function(Fetch),
}

#[derive(Clone, Default)]
struct Kept {
    keys: Option<Arc<KeySet>>,
    /// When they were asked for last.
    asked_at: Option<Duration>,
}

impl Kept {
    fn knows(&self, id: &str) -> bool {
        self.keys.as_ref().is_some_and(|keys| keys.candidates(Some(id)).next().is_some())
    }

    fn is_due(&self, id: &str, now: Duration) -> bool {
        let least = if self.knows(id) { LIFESPAN } else { PAUSE };
        self.asked_at.is_none_or(|at| now.saturating_sub(at) >= least)
    }

    fn keys(self) -> Result<Arc<KeySet>, Error> {
        self.keys.ok_or_else(|| Error::Key("no keys were fetched".to_owned()))
    }
}

impl CachedKeys {
    /// None where the settings name no source; what is wrong with its address.
    pub(super) fn new(algorithm: Algorithm, source: &JwkSource) -> Result<Option<Self>, String> {
        let origin = match &source.0 {
            Place::Nowhere => return Ok(None),
            Place::Address { address, ca_file } => Origin::Address(Address::parse(address, ca_file.clone())?),
            Place::File(file) => Origin::File(file.clone()),
            Place::Function(fetch) => Origin::Function(fetch.clone()),
        };
        let (kept, turn) = (RwLock::default(), Arc::default());
        Ok(Some(Self(Arc::new(Shared { algorithm, origin, patience: PATIENCE, kept, turn }))))
    }

    /// The same with less patience.
    #[cfg(test)]
    pub(super) fn patient(mut self, patience: Duration) -> Self {
        if let Some(shared) = Arc::get_mut(&mut self.0) {
            shared.patience = patience;
        }
        self
    }

    /// Whether somebody else has to be asked for them.
    pub(super) fn are_elsewhere(&self) -> bool {
        !matches!(self.0.origin, Origin::File(_))
    }

    /// The keys, fetched where they are too old or have none of the name that a token says. What was known before stays
    /// where they cannot be fetched. A token that names no key means none of them, as in the reference.
    pub(super) async fn for_token(&self, token: &str, clock: &Clock) -> Result<Arc<KeySet>, Error> {
        let header = unverified_header(token)?;
        let id = header.get("kid").and_then(Value::as_str);
        let id = id.ok_or_else(|| Error::Key("it does not say by which key it is signed".to_owned()))?;
        let (shared, kept) = (&self.0, self.0.kept());
        let turn = if kept.knows(id) {
            if !kept.is_due(id, clock.elapsed()) {
                return kept.keys();
            }
            // Who has a key for the token waits for nobody else's fetch.
            match Arc::clone(&shared.turn).try_lock_owned() {
                Ok(turn) => turn,
                Err(_) => return kept.keys(),
            }
        } else {
            // Who has none waits for the one that is under way, which may bring it.
            Arc::clone(&shared.turn).lock_owned().await
        };
        if shared.kept().is_due(id, clock.elapsed()) {
            // It goes on where its client hangs up: the keys are for everybody.
            drop(tokio::spawn(Arc::clone(shared).fetch(turn, clock.clone())).await);
        }
        shared.kept().keys()
    }
}

impl Shared {
    async fn fetch(self: Arc<Self>, _turn: OwnedMutexGuard<()>, clock: Clock) {
        // A function that panics is not called for each token.
        self.change(|kept| kept.asked_at = Some(clock.elapsed()));
        let fetched = self.fetched().await;
        if let Err(why) = &fetched {
            tracing::error!(target: "quintet::security", "the keys of tokens were not fetched: {why}");
        }
        self.change(|kept| {
            // From the end on: else each of those who waited for an answer that never came would ask again.
            kept.asked_at = Some(clock.elapsed());
            if let Ok(keys) = fetched {
                kept.keys = Some(Arc::new(keys));
            }
        });
    }

    fn kept(&self) -> Kept {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn change(&self, change: impl FnOnce(&mut Kept)) {
        change(&mut self.kept.write().unwrap_or_else(PoisonError::into_inner));
    }

    async fn fetched(&self) -> Result<KeySet, String> {
        let text = tokio::time::timeout(self.patience, self.text()).await;
        let text = text.map_err(|_| format!("that took more than {} seconds", self.patience.as_secs()))??;
        KeySet::from_json(self.algorithm, &text).map(KeySet::with_names).map_err(|error| error.to_string())
    }

    async fn text(&self) -> Result<String, String> {
        match &self.origin {
            Origin::Address(address) => address.fetched().await,
            Origin::File(file) => read(file),
            Origin::Function(fetch) => fetch().await.map_err(|error| error.to_string()),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the project names the file, and it may change while the site runs")]
fn read(file: &std::path::Path) -> Result<String, String> {
    std::fs::read_to_string(file).map_err(|error| format!("`{}` cannot be read: {error}", file.display()))
}

impl fmt::Debug for CachedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CachedKeys({})", self.0.algorithm)
    }
}
