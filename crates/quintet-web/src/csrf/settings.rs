//! The settings of the protection.

use std::time::Duration;

use quintet_core::settings_section;

use super::CsrfFailure;
use crate::http::{Cookie, SameSite};

const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

settings_section! {
    /// Protection against forged forms; the reference's `CSRF_*` settings.
    pub struct Csrf in "csrf." {
        /// The name of the cookie.
        cookie_name: String = "csrftoken".to_owned(), "CSRF_COOKIE_NAME";
        /// How long the cookie lives; by `None` until the browser is closed.
        cookie_age: Option<Duration> = Some(52 * WEEK), "CSRF_COOKIE_AGE";
        /// The domain of the cookie; by `None` the host alone that set it.
        cookie_domain: Option<String> = None, "CSRF_COOKIE_DOMAIN";
        /// The path of the cookie.
        cookie_path: String = "/".to_owned(), "CSRF_COOKIE_PATH";
        /// Sends the cookie over HTTPS only.
        cookie_secure: bool = false, "CSRF_COOKIE_SECURE";
        /// Hides the cookie from scripts, which cannot send it as a header then.
        cookie_httponly: bool = false, "CSRF_COOKIE_HTTPONLY";
        /// Which requests from other sites carry the cookie; by `None` nothing is said of that.
        cookie_samesite: Option<SameSite> = Some(SameSite::Lax), "CSRF_COOKIE_SAMESITE";
        /// The header in which a script sends the token, as the reference writes it.
        header_name: String = "HTTP_X_CSRFTOKEN".to_owned(), "CSRF_HEADER_NAME";
        /// Other origins from which forms may come: `https://app.example.com`, `https://*.example.com`.
        trusted_origins: Vec<String> = vec![], "CSRF_TRUSTED_ORIGINS";
        /// Keeps the secret in the session instead of a cookie.
        use_sessions: bool = false, "CSRF_USE_SESSIONS";
        /// What answers a request that is refused.
        failure_view: CsrfFailure = CsrfFailure::default(), "CSRF_FAILURE_VIEW";
    }
}

impl Csrf {
    /// The cookie that carries the secret.
    pub(super) fn cookie(&self, secret: &str) -> Cookie {
        let mut cookie = Cookie::new(&self.cookie_name, secret).path(&self.cookie_path);
        if let Some(age) = self.cookie_age {
            cookie = cookie.max_age(age);
        }
        if let Some(domain) = &self.cookie_domain {
            cookie = cookie.domain(domain);
        }
        if self.cookie_secure {
            cookie = cookie.secure();
        }
        if self.cookie_httponly {
            cookie = cookie.http_only();
        }
        match self.cookie_samesite {
            Some(same_site) => cookie.same_site(same_site),
            None => cookie,
        }
    }

    /// The header's name as it stands in requests.
    pub(super) fn header(&self) -> String {
        self.header_name.strip_prefix("HTTP_").unwrap_or(&self.header_name).replace('_', "-").to_lowercase()
    }

    /// The same as refusals name it.
    pub(crate) fn shown_header(&self) -> String {
        let capitalised = |word: &str| {
            let (first, rest) = word.split_at(word.len().min(1));
            first.to_uppercase() + rest
        };
        self.header().split('-').map(capitalised).collect::<Vec<_>>().join("-")
    }
}
