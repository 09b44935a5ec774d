//! The settings of sessions.

use std::time::Duration;

use quintet_core::settings_section;

use crate::http::{Cookie, SameSite};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Where sessions are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SessionEngine {
    /// In the table of the app `sessions`.
    #[default]
    Database,
    /// In the cache `sessions.cache_alias` alone: what that forgets is gone.
    Cache,
    /// In the table, with a copy in that cache, so that reading asks no database.
    CachedDatabase,
    /// In the cookie itself, signed: who has it can read it, and one that was copied cannot be taken back.
    SignedCookies,
}

settings_section! {
    /// What is remembered of a browser; the reference's `SESSION_*` settings.
    pub struct Sessions in "sessions." {
        /// Where sessions are kept.
        engine: SessionEngine = SessionEngine::Database, "SESSION_ENGINE";
        /// Which of `caches` keeps them, where a cache does.
        cache_alias: String = "default".to_owned(), "SESSION_CACHE_ALIAS";
        /// The name of the cookie.
        cookie_name: String = "sessionid".to_owned(), "SESSION_COOKIE_NAME";
        /// How long a session lives after it was last changed.
        cookie_age: Duration = 14 * DAY, "SESSION_COOKIE_AGE";
        /// The domain of the cookie; by `None` the host alone that set it.
        cookie_domain: Option<String> = None, "SESSION_COOKIE_DOMAIN";
        /// Sends the cookie over HTTPS only.
        cookie_secure: bool = false, "SESSION_COOKIE_SECURE";
        /// The path of the cookie.
        cookie_path: String = "/".to_owned(), "SESSION_COOKIE_PATH";
        /// Hides the cookie from scripts.
        cookie_httponly: bool = true, "SESSION_COOKIE_HTTPONLY";
        /// Which requests from other sites carry the cookie; by `None` nothing is said of that.
        cookie_samesite: Option<SameSite> = Some(SameSite::Lax), "SESSION_COOKIE_SAMESITE";
        /// Saves a session with every request, so that it lives on.
        save_every_request: bool = false, "SESSION_SAVE_EVERY_REQUEST";
        /// Forgets the cookie when the browser is closed.
        expire_at_browser_close: bool = false, "SESSION_EXPIRE_AT_BROWSER_CLOSE";
    }
}

impl Sessions {
    /// The cookie that carries a session's key.
    pub(super) fn cookie(&self, key: &str, max_age: Option<Duration>) -> Cookie {
        let mut cookie = self.dressed(Cookie::new(&self.cookie_name, key));
        if let Some(age) = max_age {
            cookie = cookie.max_age(age);
        }
        if self.cookie_secure {
            cookie = cookie.secure();
        }
        if self.cookie_httponly { cookie.http_only() } else { cookie }
    }

    /// What deletes that cookie.
    pub(super) fn deletion(&self) -> Cookie {
        self.dressed(Cookie::deleted(&self.cookie_name))
    }

    fn dressed(&self, cookie: Cookie) -> Cookie {
        let mut cookie = cookie.path(&self.cookie_path);
        if let Some(domain) = &self.cookie_domain {
            cookie = cookie.domain(domain);
        }
        match self.cookie_samesite {
            Some(same_site) => cookie.same_site(same_site),
            None => cookie,
        }
    }
}
