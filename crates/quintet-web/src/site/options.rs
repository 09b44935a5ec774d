//! What a site is made of.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use quintet_core::secrecy::Secret;
use quintet_db::Databases;

use crate::assets::FrontEnd;
use crate::cache::CacheSettings;
use crate::clock::Clock;
use crate::config::{Cors, Csrf, Http, Media, Security, Server, Sessions};
use crate::http::Request;
use crate::jwt::SimpleJwt;
use crate::mail::Mailer;
use crate::middleware::{CommonMiddleware, CorsMiddleware, Layer, SecurityMiddleware, XFrameOptionsMiddleware};
use crate::rest::RestFramework;
use crate::urls::Urls;

/// What a site is made of.
#[derive(Clone)]
pub struct SiteOptions {
    /// Shows developers' pages; never in production.
    pub debug: bool,
    /// The hosts that are answered.
    pub allowed_hosts: Vec<String>,
    /// How requests are read.
    pub http: Http,
    /// Headers and redirects.
    pub security: Security,
    /// Other origins.
    pub cors: Cors,
    /// Limits and health.
    pub server: Server,
    /// How API views behave that do not choose for themselves.
    pub rest_framework: RestFramework,
    /// What the description of the API says of it as a whole.
    pub openapi: crate::rest::openapi::OpenApi,
    /// Tokens that users log in with.
    pub simple_jwt: SimpleJwt,
    /// What is remembered of browsers.
    pub sessions: Sessions,
    /// Protection against forged forms.
    pub csrf: Csrf,
    /// Signs what must not be forged.
    pub secret_key: Secret,
    /// What signed before, and is still believed.
    pub secret_key_fallbacks: Vec<Secret>,
    /// Where uploaded files stay.
    pub media: Media,
    /// What answers where no route does: the files and pages of a front end.
    pub frontend: Option<FrontEnd>,
    /// What stands around the views, outermost first.
    pub middleware: Vec<Layer>,
    /// Tower layers around everything, for what speaks no quintet.
    pub layers: Option<fn(axum::Router) -> axum::Router>,
    /// The routes.
    pub urls: fn() -> Urls,
    /// The databases that requests are handles of.
    pub databases: Option<Arc<Databases>>,
    /// What may be forgotten, by name.
    pub caches: BTreeMap<String, CacheSettings>,
    /// Whether each view is a transaction: kept where it answers, undone where it fails.
    pub atomic_requests: bool,
    /// The clock.
    pub clock: Clock,
    /// Some number that another process would not have.
    pub seed: u64,
    /// Sends messages.
    pub mailer: Mailer,
    /// Who is told of every answer.
    pub access_log: Option<AccessLog>,
    /// The settings as developers' pages show them, with secrets masked.
    pub shown_settings: Vec<(String, String)>,
}

/// The middlewares that a site has unless its settings say otherwise.
pub fn default_middleware() -> Vec<Layer> {
    vec![CorsMiddleware.into(), SecurityMiddleware.into(), CommonMiddleware.into(), XFrameOptionsMiddleware.into()]
}

/// Told of every answer.
pub type AccessLog = Arc<dyn Fn(&Access<'_>) + Send + Sync>;

/// One answered request, for a log.
#[derive(Debug)]
pub struct Access<'a> {
    /// The request.
    pub request: &'a Request,
    /// The answer's status.
    pub status: StatusCode,
    /// The answer's length, where it is known.
    pub length: Option<u64>,
    /// How long it took until the answer's headers were there.
    pub duration: Duration,
}
