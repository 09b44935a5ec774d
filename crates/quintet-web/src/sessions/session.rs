//! The session of a request, as views use it.
//!
//! Every word is a line around a function on JSON that is not generic. The data are read when the first is asked for.

use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::StatusCode;
use quintet_core::json::{Json, Object};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::MutexGuard;

use super::expiry::{Expiry, NAME};
use super::visit::{Kept, State};
use super::{SessionEngine, Sessions};
use crate::http::{Error, Request, Result};
use crate::signing::{tree, typed};

/// What is kept to see whether a browser takes cookies.
const TEST_COOKIE: (&str, &str) = ("testcookie", "worked");

/// The session of a request: `request.session()?.get::<u32>("visits").await?`.
#[derive(Clone, Copy)]
pub struct Session<'a> {
    request: &'a Request,
    kept: &'a Kept,
}

impl Request {
    /// What is remembered of the browser that asks.
    ///
    /// # Errors
    /// `SessionMiddleware` is not in `middleware`.
    pub fn session(&self) -> Result<Session<'_>> {
        let kept = self.visit().session.get();
        let kept =
            kept.ok_or_else(|| Error::internal("there are no sessions; add `SessionMiddleware` to `middleware`"))?;
        Ok(Session { request: self, kept })
    }
}

impl<'a> Session<'a> {
    /// A value; nothing where there is none, or one of another type.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn get<T: DeserializeOwned>(self, name: &str) -> Result<Option<T>> {
        Ok(self.get_json(name).await?.and_then(|value| typed(&value).ok()))
    }

    /// Keeps a value.
    ///
    /// # Errors
    /// What the database refuses; JSON cannot say the value.
    pub async fn set(self, name: &str, value: impl Serialize) -> Result<()> {
        let value = tree(&value)?;
        self.set_json(name, value).await
    }

    /// Forgets a value, and gives it back.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn remove<T: DeserializeOwned>(self, name: &str) -> Result<Option<T>> {
        Ok(self.remove_json(name).await?.and_then(|value| typed(&value).ok()))
    }

    /// Whether there is a value of a name.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn contains(self, name: &str) -> Result<bool> {
        Ok(self.get_json(name).await?.is_some())
    }

    /// All values, by name.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn values(self) -> Result<Object> {
        Ok(self.read().await?.data.clone().unwrap_or_default())
    }

    /// Forgets all values. The session stays: [`flush`](Self::flush) ends it.
    pub async fn clear(self) {
        self.kept.is_accessed.store(true, Ordering::Release);
        self.kept.modify();
        self.kept.state.lock().await.data = Some(Object::new());
    }

    pub(crate) async fn get_json(self, name: &str) -> Result<Option<Json>> {
        Ok(self.read().await?.data.as_ref().and_then(|data| data.get(name)).cloned())
    }

    pub(crate) async fn text(self, name: &str) -> Result<Option<String>> {
        match self.get_json(name).await? {
            Some(Json::Text(text)) => Ok(Some(text)),
            _ => Ok(None),
        }
    }

    pub(crate) async fn set_json(self, name: &str, value: Json) -> Result<()> {
        let mut state = self.read().await?;
        state.data.get_or_insert_default().insert(name, value);
        self.kept.modify();
        Ok(())
    }

    pub(crate) async fn remove_json(self, name: &str) -> Result<Option<Json>> {
        let mut state = self.read().await?;
        let Some(data) = state.data.take() else { return Ok(None) };
        let mut removed = None;
        let kept = data.into_iter().filter_map(|(known, value)| {
            if known == name {
                removed = Some(value);
                return None;
            }
            Some((known, value))
        });
        let kept: Object = kept.collect();
        state.data = Some(kept);
        if removed.is_some() {
            self.kept.modify();
        }
        Ok(removed)
    }

    /// The key, which stands in the cookie. A new session has none before it is saved.
    pub async fn key(self) -> Option<String> {
        self.kept.state.lock().await.key.clone()
    }

    /// Whether a value was asked for or changed.
    pub fn is_accessed(self) -> bool {
        self.kept.is_accessed.load(Ordering::Acquire)
    }

    /// Whether something is to be saved.
    pub fn is_modified(self) -> bool {
        self.kept.is_modified.load(Ordering::Acquire)
    }

    /// Whether there is nothing to remember.
    pub async fn is_empty(self) -> bool {
        self.kept.state.lock().await.is_empty()
    }

    /// Ends the session: its data are gone here and where they are kept, and the browser is told to forget its cookie.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn flush(self) -> Result<()> {
        self.clear().await;
        let mut state = self.kept.state.lock().await;
        if let Some(key) = state.key.take() {
            self.kept.engine.delete(self.request, &key).await?;
        }
        Ok(())
    }

    /// Gives the session another key, so that who knew the old one is left behind; the data stay.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn cycle_key(self) -> Result<()> {
        let mut state = self.read().await?;
        let old = state.key.take();
        self.create(&mut state).await?;
        match old {
            Some(old) => self.kept.engine.delete(self.request, &old).await,
            None => Ok(()),
        }
    }

    /// Saves now what would be saved when the request was answered.
    ///
    /// # Errors
    /// What the database refuses; 400 where the session was deleted meanwhile, by a log-out in another window.
    pub async fn save(self) -> Result<()> {
        if self.kept.engine != SessionEngine::SignedCookies && self.key().await.is_none() {
            let mut state = self.kept.state.lock().await;
            return self.create(&mut state).await;
        }
        let mut state = self.read().await?;
        let data = state.data.clone().unwrap_or_default();
        let kept = match &state.key {
            Some(key) => self.kept.engine.update(self.request, key, &data).await?,
            None if self.kept.engine == SessionEngine::SignedCookies => {
                Some(self.kept.engine.create(self.request, &data).await?)
            }
            // It was there when the request came, and is not any more.
            None => None,
        };
        state.key = Some(kept.ok_or_else(interrupted)?);
        Ok(())
    }

    async fn create(self, state: &mut State) -> Result<()> {
        let data = state.data.get_or_insert_default();
        state.key = Some(self.kept.engine.create(self.request, data).await?);
        self.kept.modify();
        Ok(())
    }

    /// Says how long the session lives.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn set_expiry(self, expiry: Expiry) -> Result<()> {
        match expiry.to_json() {
            Some(said) => self.set_json(NAME, said).await,
            None => self.remove_json(NAME).await.map(drop),
        }
    }

    /// The time that is left, if nothing is changed any more.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn expiry_age(self) -> Result<Duration> {
        let said = self.get_json(NAME).await?;
        let seconds = Expiry::age(said.as_ref(), self.settings(), self.now());
        Ok(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
    }

    /// When it is over, if nothing is changed any more.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn expiry_date(self) -> Result<SystemTime> {
        let said = self.get_json(NAME).await?;
        let micros = Expiry::date(said.as_ref(), self.settings(), self.now());
        Ok(UNIX_EPOCH + Duration::from_micros(u64::try_from(micros).unwrap_or(0)))
    }

    /// Whether it goes with the browser.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn expires_at_browser_close(self) -> Result<bool> {
        Ok(Expiry::is_browsers(self.get_json(NAME).await?.as_ref(), self.settings()))
    }

    /// Keeps something that [`test_cookie_worked`](Self::test_cookie_worked) finds in the next request, where the browser
    /// takes cookies.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn set_test_cookie(self) -> Result<()> {
        self.set_json(TEST_COOKIE.0, Json::from(TEST_COOKIE.1)).await
    }

    /// Whether the browser has sent back the cookie of the last request.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn test_cookie_worked(self) -> Result<bool> {
        Ok(self.text(TEST_COOKIE.0).await?.as_deref() == Some(TEST_COOKIE.1))
    }

    /// Forgets what was kept for that.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn delete_test_cookie(self) -> Result<()> {
        self.remove_json(TEST_COOKIE.0).await.map(drop)
    }

    /// The state with its data read.
    async fn read(self) -> Result<MutexGuard<'a, State>> {
        self.kept.is_accessed.store(true, Ordering::Release);
        let mut state = self.kept.state.lock().await;
        if state.data.is_some() {
            return Ok(state);
        }
        let loaded = match &state.key {
            None => Some(Object::new()),
            Some(key) => self.kept.engine.load(self.request, key).await?,
        };
        if loaded.is_none() {
            match self.kept.engine {
                // A cookie that cannot be read is replaced.
                SessionEngine::SignedCookies => self.kept.modify(),
                _ => state.key = None,
            }
        }
        state.data = Some(loaded.unwrap_or_default());
        Ok(state)
    }

    pub(super) fn settings(self) -> &'a Sessions {
        &self.request.site().options().sessions
    }

    fn now(self) -> SystemTime {
        self.request.site().options().clock.now()
    }
}

fn interrupted() -> Error {
    Error::page(
        StatusCode::BAD_REQUEST,
        "the session was deleted before the request was answered: somebody logged out in another window",
    )
}

/// Nothing of it: its key is worth a password.
impl std::fmt::Debug for Session<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Session")
    }
}
