//! Settings: one typed value that a project's `settings.rs` returns; a misspelt setting does not compile.
//!
//! Every field is a row of a table, from which the reference page and `diffsettings` come. No `#[non_exhaustive]`: it
//! would forbid `..Settings::default()`, the line by which a project keeps compiling when a setting is added.

mod env;
mod frontend;
mod load;
mod times;

use std::collections::BTreeMap;
use std::path::PathBuf;

use quintet_core::database_url::{SqliteFile, SqliteOptions};
use quintet_core::settings::{Row, Section};
use quintet_core::settings_section;
use quintet_web::SiteOptions;
use quintet_web::config::Media;

pub(crate) use env::Reads;
pub use env::{Env, EnvProblem};
pub use frontend::Frontend;
pub(crate) use load::{Loaded, Project, load};
pub use quintet_core::database_url::DatabaseUrl;
pub use quintet_core::secrecy::Secret;
pub use quintet_db::DatabaseRouter;
pub use quintet_web::auth::{
    AllowAllUsersModelBackend, Auth, AuthBackend, Backend, ModelBackend, PasswordHasher, PasswordReset,
    PasswordResetMail, PasswordValidator,
};
pub use quintet_web::cache::{CacheSettings, Location, default_caches};
pub use quintet_web::config::{
    Cors, CorsRule, Csrf, Http, OldCors, OpenApi, RestFramework, Security, Server, Sessions,
};
pub use quintet_web::csrf::CsrfFailure;
pub use quintet_web::default_middleware;
pub use quintet_web::http::SameSite;
pub use quintet_web::jwt::{
    Algorithm, CustomClaims, JWTAuthentication, JWTStatelessUserAuthentication, JwkSource, OwnToken, SimpleJwt,
    TokenClass, TokenSerializer, TokenUserClass, UserRule,
};
pub use quintet_web::mail::{EmailBackend, EmailMessage, EmailSettings, OwnBackend};
pub use quintet_web::middleware::{
    AuthenticationMiddleware, BrokenLinkEmailsMiddleware, CommonMiddleware, ConditionalGetMiddleware, CorsMiddleware,
    CsrfViewMiddleware, GZipMiddleware, Layer, Middleware, SecurityMiddleware, SessionMiddleware,
    XFrameOptionsMiddleware,
};
pub use quintet_web::rest::pagination::{CursorPagination, LimitOffsetPagination, PageNumberPagination};
pub use quintet_web::rest::throttle::CounterStore;
pub use quintet_web::rest::{
    AllowAny, AnonRateThrottle, AnyStorage, BasicAuthentication, DjangoModelPermissions,
    DjangoModelPermissionsOrAnonReadOnly, FormParser, IsAdminUser, IsAuthenticated, IsAuthenticatedOrReadOnly,
    JsonParser, JsonRenderer, MultiPartParser, ScopedRateThrottle, SessionAuthentication, TokenAuthentication,
    UserRateThrottle,
};
pub use quintet_web::sessions::SessionEngine;
pub use quintet_web::urls::Urls;
pub use std::sync::Arc;
pub use std::time::Duration;
pub use times::{days, hours, minutes, seconds};

pub use crate::App;

/// The reference page of all settings, in Markdown.
pub fn reference_page() -> String {
    quintet_core::settings::reference_page(&Settings::documented())
}

/// Tower layers around a whole site.
pub type Layers = fn(quintet_web::axum::Router) -> quintet_web::axum::Router;

settings_section! {
    /// Everything that a project decides.
    pub struct Settings in "" {
        /// Signs what must not be forged. At least 50 random characters, known to nobody else; without a default.
        secret_key: Secret = Secret::new(""), "SECRET_KEY";
        /// Keys that signed before, and are still believed: changing the key logs nobody out.
        secret_key_fallbacks: Vec<Secret> = vec![], "SECRET_KEY_FALLBACKS";
        /// Shows developers' pages. Never in production.
        debug: bool = false, "DEBUG";
        /// The hosts that are answered: `example.com`, `.example.com` with all below it, or `*` for any.
        allowed_hosts: Vec<String> = vec![], "ALLOWED_HOSTS";
        /// The project's apps: `crate::api::app()`.
        installed_apps: Vec<App> = vec![], "INSTALLED_APPS";
        /// The model that users are of, by app and name.
        auth_user_model: String = "auth.User".to_owned(), "AUTH_USER_MODEL";
        /// The database; `env.database("DATABASE_URL", "sqlite://db.sqlite3")` reads it from the environment.
        database: DatabaseUrl = no_database(), "DATABASES";
        /// Whether each view is a transaction: kept where it answers, undone where it fails.
        atomic_requests: bool = false, "ATOMIC_REQUESTS";
        /// The folder of uploaded files; empty where none are kept.
        media_root: PathBuf = PathBuf::new(), "MEDIA_ROOT";
        /// The address below which uploaded files are reached.
        media_url: String = "/media/".to_owned(), "MEDIA_URL";
        /// Whether `serve` answers with uploaded files itself; `runserver` always does. A server in front does it better.
        serve_media: bool = false, "";
        /// What keeps uploaded files instead of the folder `media_root`.
        default_storage: Option<AnyStorage> = None, "STORAGES";
        /// The time zone in which days begin, by its name in the tz database: `Europe/Berlin`.
        time_zone: String = "UTC".to_owned(), "TIME_ZONE";
        /// Other databases by name; `--database NAME` of a command means one of them.
        databases: BTreeMap<String, DatabaseUrl> = BTreeMap::new(), "DATABASES";
        /// Copies of a database by its name, `default` too: a request reads from one of them until it writes.
        replicas: BTreeMap<String, Vec<DatabaseUrl>> = BTreeMap::new(), "";
        /// Who says which database a model's rows are in; the first that has an opinion is followed.
        database_routers: Vec<Arc<dyn DatabaseRouter>> = vec![], "DATABASE_ROUTERS";
        /// What may be forgotten, by name: `[("default".to_owned(), env.cache("CACHE_URL", "memory://"))].into()`.
        caches: BTreeMap<String, CacheSettings> = default_caches(), "CACHES";
        /// The function that lists the routes.
        urls: fn() -> Urls = Urls::default, "ROOT_URLCONF";
        /// The front end, `quintet::frontend!("frontend")`: it answers where no route does.
        frontend: Frontend = Frontend::default(), "";
        /// Where `collectstatic` puts the built front end, for a server in front that serves it.
        static_root: PathBuf = PathBuf::new(), "STATIC_ROOT";
        /// What stands around every view, outermost first.
        middleware: Vec<Layer> = default_middleware(), "MIDDLEWARE";
        /// Tower layers around everything: `Some(|router| router.layer(..))`.
        layers: Option<Layers> = None, "";
        /// Ids of system checks that are not shown.
        silenced_system_checks: Vec<String> = vec![], "SILENCED_SYSTEM_CHECKS";
        sections {
            /// How requests are read.
            http: Http;
            /// Headers and redirects that make a site safer.
            security: Security;
            /// Other origins.
            cors: Cors;
            /// The server that is built in.
            server: Server;
            /// How API views behave that do not choose for themselves.
            rest_framework: RestFramework;
            /// What the description of the API says of it as a whole.
            openapi: OpenApi;
            /// Users and their passwords.
            auth: Auth;
            /// Tokens that users log in with.
            simple_jwt: SimpleJwt;
            /// What is remembered of browsers.
            sessions: Sessions;
            /// Protection against forged forms.
            csrf: Csrf;
            /// How messages are sent.
            email: EmailSettings;
        }
    }
}

/// What stands where a project names no database: one in memory, gone with its connections.
fn no_database() -> DatabaseUrl {
    DatabaseUrl::Sqlite(SqliteOptions { file: SqliteFile::Memory })
}

impl Settings {
    /// Every setting with its value as text, secrets masked.
    pub fn shown(&self) -> Vec<Row> {
        let mut rows = self.rows();
        for row in &mut rows {
            match row.path {
                // A function's address says nothing, and differs from run to run.
                "urls" => row.value = "a function".to_owned(),
                "database" => row.value = self.database.to_string(),
                "caches" => {
                    let shown = self.caches.iter().map(|(name, cache)| format!("{name}: {:?}", cache.location));
                    row.value = format!("{{{}}}", shown.collect::<Vec<_>>().join(", "));
                }
                "databases" => {
                    let shown = self.databases.iter().map(|(name, url)| format!("{name}: {url}"));
                    row.value = format!("{{{}}}", shown.collect::<Vec<_>>().join(", "));
                }
                "replicas" => {
                    let list =
                        |urls: &[DatabaseUrl]| urls.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                    let shown = self.replicas.iter().map(|(name, urls)| format!("{name}: [{}]", list(urls)));
                    row.value = format!("{{{}}}", shown.collect::<Vec<_>>().join(", "));
                }
                "layers" if self.layers.is_some() => row.value = "Some(a function)".to_owned(),
                _ => {}
            }
        }
        rows
    }

    /// The defaults by section, for the reference page.
    pub fn documented() -> Vec<(&'static str, Vec<Row>)> {
        let settings = Self::default();
        let mut core = settings.shown();
        core.retain(|row| !row.path.contains('.'));
        vec![
            ("Core", core),
            ("`http`: how requests are read", settings.http.rows()),
            ("`security`: headers and redirects", settings.security.rows()),
            ("`cors`: other origins", settings.cors.rows()),
            ("`server`: the server that is built in", settings.server.rows()),
            ("`rest_framework`: API views", settings.rest_framework.rows()),
            ("`openapi`: the description of the API", settings.openapi.rows()),
            ("`auth`: users and their passwords", settings.auth.rows()),
            ("`simple_jwt`: tokens that users log in with", settings.simple_jwt.rows()),
            ("`sessions`: what is remembered of browsers", settings.sessions.rows()),
            ("`csrf`: protection against forged forms", settings.csrf.rows()),
            ("`email`: how messages are sent", settings.email.rows()),
        ]
    }

    pub(crate) fn media(&self) -> Media {
        Media {
            root: self.media_root.clone(),
            url: self.media_url.clone(),
            serve: self.serve_media,
            permissions: self.http.file_upload_permissions,
            default_storage: self.default_storage.clone(),
        }
    }

    /// What the HTTP layer needs of these settings.
    pub(crate) fn site_options(&self) -> SiteOptions {
        SiteOptions {
            debug: self.debug,
            allowed_hosts: self.allowed_hosts.clone(),
            http: self.http.clone(),
            security: self.security.clone(),
            cors: self.cors.clone(),
            server: self.server.clone(),
            rest_framework: self.rest_framework.clone(),
            openapi: self.openapi.clone(),
            simple_jwt: self.simple_jwt.clone(),
            sessions: self.sessions.clone(),
            csrf: self.csrf.clone(),
            secret_key: self.secret_key.clone(),
            secret_key_fallbacks: self.secret_key_fallbacks.clone(),
            media: self.media(),
            frontend: None,
            middleware: self.middleware.clone(),
            layers: self.layers,
            urls: self.urls,
            databases: None,
            caches: self.caches.clone(),
            atomic_requests: self.atomic_requests,
            clock: crate::clock::system(),
            seed: crate::clock::seed(),
            mailer: crate::mail::mailer(self),
            access_log: None,
            shown_settings: self.shown().into_iter().map(|row| (row.path.to_owned(), row.value)).collect(),
        }
    }
}
