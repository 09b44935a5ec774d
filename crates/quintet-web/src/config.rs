//! The settings that the HTTP layer obeys, each with the reference's default where it has one.
//!
//! Plain data. Crate `quintet` puts these sections into its `Settings`; nothing here reads a source.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use quintet_core::settings_section;

use crate::http::Request;
use crate::server::Limits;

pub use crate::csrf::Csrf;
pub use crate::rest::RestFramework;
pub use crate::rest::openapi::OpenApi;
use crate::rest::storage::{AnyStorage, FileSystemStorage};
pub use crate::sessions::Sessions;

settings_section! {
    /// Headers and redirects that make a site safer; the reference's `SECURE_*` settings.
    pub struct Security in "security." {
        /// Redirects every plain HTTP request to HTTPS.
        ssl_redirect: bool = false, "SECURE_SSL_REDIRECT";
        /// The host to redirect to; the one that was asked for where this is `None`.
        ssl_host: Option<String> = None, "SECURE_SSL_HOST";
        /// Regular expressions of paths (without the leading slash) that are not redirected.
        redirect_exempt: Vec<String> = vec![], "SECURE_REDIRECT_EXEMPT";
        /// Seconds for which browsers shall come by HTTPS only; 0 sends no header. Begin small: it cannot be taken back.
        hsts_seconds: u64 = 0, "SECURE_HSTS_SECONDS";
        /// Adds `includeSubDomains` to that header.
        hsts_include_subdomains: bool = false, "SECURE_HSTS_INCLUDE_SUBDOMAINS";
        /// Adds `preload` to that header.
        hsts_preload: bool = false, "SECURE_HSTS_PRELOAD";
        /// Sends `X-Content-Type-Options: nosniff`.
        content_type_nosniff: bool = true, "SECURE_CONTENT_TYPE_NOSNIFF";
        /// The `Referrer-Policy`, in order of preference; empty sends none.
        referrer_policy: Vec<String> = vec!["same-origin".to_owned()], "SECURE_REFERRER_POLICY";
        /// The `Cross-Origin-Opener-Policy`; `None` sends none.
        cross_origin_opener_policy: Option<String> = Some("same-origin".to_owned()), "SECURE_CROSS_ORIGIN_OPENER_POLICY";
        /// A header and the value by which a proxy says that the client came by HTTPS, as `("x-forwarded-proto", "https")`.
        /// Only behind a proxy that removes the client's own.
        proxy_ssl_header: Option<(String, String)> = None, "SECURE_PROXY_SSL_HEADER";
        /// `X-Frame-Options`: `DENY` or `SAMEORIGIN`.
        x_frame_options: String = "DENY".to_owned(), "X_FRAME_OPTIONS";
    }
}

settings_section! {
    /// Which other origins a browser lets read the answers; django-cors-headers' settings.
    pub struct Cors in "cors." {
        /// Answers any origin. Never together with `allow_credentials`.
        allow_all_origins: bool = false, "CORS_ALLOW_ALL_ORIGINS";
        /// Origins that are answered, as `https://app.example.com`.
        allowed_origins: Vec<String> = vec![], "CORS_ALLOWED_ORIGINS";
        /// Regular expressions of origins that are answered, matched from the start.
        allowed_origin_regexes: Vec<String> = vec![], "CORS_ALLOWED_ORIGIN_REGEXES";
        /// Lets browsers send cookies along.
        allow_credentials: bool = false, "CORS_ALLOW_CREDENTIALS";
        /// Request headers that a script may set.
        allow_headers: Vec<String> = words("accept authorization content-type user-agent x-csrftoken x-requested-with"), "CORS_ALLOW_HEADERS";
        /// Methods that a script may use.
        allow_methods: Vec<String> = words("DELETE GET OPTIONS PATCH POST PUT"), "CORS_ALLOW_METHODS";
        /// Response headers that a script may read.
        expose_headers: Vec<String> = vec![], "CORS_EXPOSE_HEADERS";
        /// Seconds for which a browser keeps the answer to a preflight; 0 sends no header.
        preflight_max_age: u64 = 86_400, "CORS_PREFLIGHT_MAX_AGE";
        /// A regular expression of the paths that this applies to, matched from the start.
        urls_regex: String = "^.*$".to_owned(), "CORS_URLS_REGEX";
        /// Answers browsers that ask for access from a public page to a private network.
        allow_private_network: bool = false, "CORS_ALLOW_PRIVATE_NETWORK";
        /// Lets a function allow requests besides, of other paths and of other origins; the reference's signal `check_request_enabled`.
        check_request_enabled: CorsRule = CorsRule::default(), "";
    }
}

/// The settings of [`Cors`] by the names that they had before, for a project that is taken over: what `Cors` says itself wins.
///
/// ```
/// use quintet_web::config::{Cors, OldCors};
///
/// let old = OldCors { origin_whitelist: vec!["https://app.example.com".to_owned()], ..OldCors::default() };
/// let cors = Cors { allow_credentials: true, ..old.into() };
/// assert_eq!(cors.allowed_origins, ["https://app.example.com"]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct OldCors {
    /// `CORS_ORIGIN_ALLOW_ALL`, now `allow_all_origins`.
    pub origin_allow_all: bool,
    /// `CORS_ORIGIN_WHITELIST`, now `allowed_origins`.
    pub origin_whitelist: Vec<String>,
    /// `CORS_ORIGIN_REGEX_WHITELIST`, now `allowed_origin_regexes`.
    pub origin_regex_whitelist: Vec<String>,
}

impl From<OldCors> for Cors {
    fn from(old: OldCors) -> Self {
        Self {
            allow_all_origins: old.origin_allow_all,
            allowed_origins: old.origin_whitelist,
            allowed_origin_regexes: old.origin_regex_whitelist,
            ..Self::default()
        }
    }
}

/// A function that allows requests of other origins.
#[derive(Clone, Copy, Default)]
pub struct CorsRule(Option<fn(&Request) -> bool>);

impl CorsRule {
    /// A function of a project's own.
    pub fn new(allows: fn(&Request) -> bool) -> Self {
        Self(Some(allows))
    }

    pub(crate) fn allows(self, request: &Request) -> bool {
        self.0.is_some_and(|allows| allows(request))
    }
}

/// A function's address says nothing, and differs from run to run.
impl fmt::Debug for CorsRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "a function" } else { "None" })
    }
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

settings_section! {
    /// How requests are read; the reference's own names.
    pub struct Http in "http." {
        /// Redirects a path without a trailing slash to the one with it, where only that one is routed.
        append_slash: bool = true, "APPEND_SLASH";
        /// Redirects `example.com` to `www.example.com`.
        prepend_www: bool = false, "PREPEND_WWW";
        /// Regular expressions of `User-Agent`s that get the 403 page.
        disallowed_user_agents: Vec<String> = vec![], "DISALLOWED_USER_AGENTS";
        /// Regular expressions of addresses, from the path on, of which `BrokenLinkEmailsMiddleware` tells nobody.
        ignorable_404_urls: Vec<String> = vec![], "IGNORABLE_404_URLS";
        /// Takes the host from `X-Forwarded-Host`. Only behind a proxy that sets it.
        use_x_forwarded_host: bool = false, "USE_X_FORWARDED_HOST";
        /// Takes the port from `X-Forwarded-Port`. Only behind a proxy that sets it.
        use_x_forwarded_port: bool = false, "USE_X_FORWARDED_PORT";
        /// Bytes of a body that are kept in memory; a larger one is refused. `None` is no limit but the server's own.
        data_upload_max_memory_size: Option<usize> = Some(2_621_440), "DATA_UPLOAD_MAX_MEMORY_SIZE";
        /// Fields of a query that are read; more are refused. `None` is no limit.
        data_upload_max_number_fields: Option<usize> = Some(1000), "DATA_UPLOAD_MAX_NUMBER_FIELDS";
        /// Files of a form that are taken; more are refused. `None` is no limit.
        data_upload_max_number_files: Option<usize> = Some(100), "DATA_UPLOAD_MAX_NUMBER_FILES";
        /// Bytes of a request's files that are kept in memory; what is more goes to temporary files.
        file_upload_max_memory_size: usize = 2_621_440, "FILE_UPLOAD_MAX_MEMORY_SIZE";
        /// The folder of those temporary files; the system's own where this is `None`.
        file_upload_temp_dir: Option<PathBuf> = None, "FILE_UPLOAD_TEMP_DIR";
        /// What may be done with an uploaded file that is kept, by whom; `None` leaves it to the system.
        file_upload_permissions: Option<u32> = Some(0o644), "FILE_UPLOAD_PERMISSIONS";
        /// Believes cookies too that the reference's former versions signed.
        signed_cookie_legacy_salt_fallback: bool = true, "SIGNED_COOKIE_LEGACY_SALT_FALLBACK";
    }
}

settings_section! {
    /// The server that is built in: limits, health, logs. The reference leaves these to gunicorn or uvicorn.
    pub struct Server in "server." {
        /// The path that says that the process lives; empty switches it off, a project's own route of that path wins.
        livez: String = "/livez".to_owned(), "";
        /// The path that says that the process can serve; empty switches it off, a project's own route of that path wins.
        readyz: String = "/readyz".to_owned(), "";
        /// Bytes of a request's line and headers together.
        max_header_bytes: usize = 32_768, "";
        /// Number of a request's headers.
        max_headers: usize = 100, "";
        /// Bytes of any body, whoever reads it; 0 is no limit.
        max_body_bytes: u64 = 104_857_600, "";
        /// Time for a request's line and headers to arrive; 0 is no limit.
        header_timeout: Duration = Duration::from_secs(10), "";
        /// Time for a request's body to arrive, 0 is no limit; every `body_rate` bytes buy it one more second.
        body_timeout: Duration = Duration::from_secs(30), "";
        /// Bytes of a body that buy it one more second, so that a long upload may take its time and a drip may not.
        body_rate: u64 = 1024, "";
        /// Time for which a client may take nothing of its answer; 0 is no limit.
        write_timeout: Duration = Duration::from_secs(60), "";
        /// Time for which a connection without a request is kept, 0 is no limit: longer than the 60 s of common proxies, so that it is
        /// not us who closes under their request.
        keep_alive_timeout: Duration = Duration::from_secs(75), "";
        /// Connections at the same time, 0 is no limit; further ones wait.
        max_connections: usize = 16_384, "";
        /// Time that requests in flight have to finish after SIGTERM; orchestrators commonly kill after 30 s.
        shutdown_grace: Duration = Duration::from_secs(25), "";
        /// How many proxies in front write `X-Forwarded-For`; 0 ignores that header.
        trusted_proxies: usize = 0, "";
        /// A header that carries the request's id: taken over from the client, and sent with the answer. Empty is off.
        request_id_header: String = String::new(), "";
    }
}

impl From<&Server> for Limits {
    fn from(settings: &Server) -> Self {
        Self {
            header_bytes: settings.max_header_bytes,
            headers: settings.max_headers,
            header_timeout: settings.header_timeout,
            body_bytes: settings.max_body_bytes,
            body_timeout: settings.body_timeout,
            body_rate: settings.body_rate,
            write_timeout: settings.write_timeout,
            keep_alive_timeout: settings.keep_alive_timeout,
            connections: settings.max_connections,
            shutdown_grace: settings.shutdown_grace,
            ..Self::default()
        }
    }
}

/// Where uploaded files stay and how they are reached: the settings `media_root`, `media_url`, `serve_media`,
/// `default_storage` and `http.file_upload_permissions`.
#[derive(Clone, Debug, Default)]
pub struct Media {
    /// The folder; empty where there is none.
    pub root: PathBuf,
    /// The address below which files are reached: `/media/`, or one on another host.
    pub url: String,
    /// Whether this process serves them itself.
    pub serve: bool,
    /// What may be done with a new file, by whom.
    pub permissions: Option<u32>,
    /// What keeps files instead of the folder.
    pub default_storage: Option<AnyStorage>,
}

impl Media {
    /// What keeps files, if anything does.
    pub fn storage(&self) -> Option<AnyStorage> {
        let folder = || {
            let storage = FileSystemStorage::new(&self.root, self.base_url());
            AnyStorage::from(storage.with_permissions(self.permissions))
        };
        self.default_storage.clone().or_else(|| (!self.root.as_os_str().is_empty()).then(folder))
    }

    /// The address, from the root of this site unless it is on another.
    fn base_url(&self) -> String {
        let is_absolute = self.url.starts_with('/') || self.url.contains("://");
        if is_absolute { self.url.clone() } else { format!("/{}", self.url) }
    }

    /// The path on this site below which files are served; nothing where that is the whole site or another one.
    pub fn path(&self) -> Option<String> {
        let path = self.base_url();
        let is_folder = path.starts_with('/') && path.ends_with('/') && !path.starts_with("//") && path.len() > 1;
        is_folder.then_some(path)
    }
}
