//! A site that is asked without a socket, with users who are known by a header.

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use quintet_core::schema::Value;
use quintet_db::Db;

use crate::config::{Cors, Http, Security, Server};
use crate::http::{BoxFuture, Error, Incoming, Request, Result};
use crate::rest::{AnyUser, Authentication, Identity, RestFramework, Token};
use crate::server::Peer;
use crate::urls::Urls;
use crate::{Clock, Site, SiteOptions};

/// A user with the permissions that its name lists: `staff`, `root`, or any other.
struct Person(String);

impl AnyUser for Person {
    fn id(&self) -> Value {
        Value::Int(self.0.len() as i64)
    }

    fn username(&self) -> &str {
        &self.0
    }

    fn is_staff(&self) -> bool {
        self.0 == "staff" || self.is_superuser()
    }

    fn is_superuser(&self) -> bool {
        self.0 == "root"
    }

    fn has_perm<'a>(&'a self, _: Db<'a>, permission: &'a str) -> BoxFuture<'a, Result<bool>> {
        let has = self.is_superuser() || permission == format!("shop.{}_product", self.0);
        Box::pin(std::future::ready(Ok(has)))
    }

    fn as_any(&self) -> &(dyn Any + Send + Sync) {
        self
    }
}

/// `X-User: ana` is ana; `X-User: bad` is refused.
pub(super) struct ByHeader;

impl Authentication for ByHeader {
    fn authenticate<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Option<(Identity, Option<Token>)>>> {
        let answer = match request.header("x-user").as_deref() {
            None => Ok(None),
            Some("bad") => Err(Error::authentication_failed("Who is that?")),
            Some(name) => Ok(Some((Arc::new(Person(name.to_owned())) as Identity, None))),
        };
        Box::pin(std::future::ready(answer))
    }

    fn authenticate_header(&self, _: &Request) -> Option<String> {
        Some("Header realm=\"api\"".to_owned())
    }
}

/// Settings with that authentication.
pub(super) fn settings() -> RestFramework {
    RestFramework { default_authentication_classes: vec![ByHeader.into()], ..RestFramework::default() }
}

/// A site of these routes whose clock can be set forward.
pub(super) struct Asked {
    site: Arc<Site>,
    seconds: Arc<AtomicU64>,
}

pub(super) fn site(urls: fn() -> Urls, rest_framework: RestFramework) -> Asked {
    try_site(urls, rest_framework).unwrap_or_else(|bad| panic!("{bad:?}"))
}

pub(super) fn try_site(urls: fn() -> Urls, rest_framework: RestFramework) -> Result<Asked, Vec<String>> {
    let seconds = Arc::new(AtomicU64::new(1_700_000_000));
    let now = seconds.clone();
    let clock = Clock::new(
        move || SystemTime::UNIX_EPOCH + Duration::from_secs(now.load(Ordering::Relaxed)),
        || Duration::ZERO,
    );
    let options = SiteOptions {
        debug: false,
        allowed_hosts: vec!["*".to_owned()],
        http: Http::default(),
        security: Security::default(),
        cors: Cors::default(),
        server: Server::default(),
        rest_framework,
        media: crate::config::Media::default(),
        secret_key_fallbacks: vec![],
        secret_key: "a-key-for-tests-only".into(),
        simple_jwt: crate::jwt::SimpleJwt::default(),
        sessions: crate::config::Sessions::default(),
        openapi: crate::config::OpenApi::default(),
        csrf: crate::config::Csrf::default(),
        frontend: None,
        middleware: vec![],
        layers: None,
        urls,
        databases: None,
        caches: crate::cache::default_caches(),
        atomic_requests: false,
        clock,
        seed: 1,
        mailer: crate::mail::Mailer::default(),
        access_log: None,
        shown_settings: vec![],
    };
    let site = Site::build(options).map_err(|bad| bad.0)?;
    Ok(Asked { site, seconds })
}

/// An answer: status, headers, body.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: http::HeaderMap,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap_or("?"))
    }

    pub(super) fn is(&self, status: u16, body: &str) {
        assert_eq!((self.status, self.body.as_str()), (status, body));
    }
}

impl Asked {
    pub(super) fn forward(&self, seconds: u64) {
        self.seconds.fetch_add(seconds, Ordering::Relaxed);
    }

    pub(super) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[])
    }

    /// As a user.
    pub(super) fn by(&self, user: &str, method: &str, path: &str) -> Answer {
        self.ask(method, path, &[("x-user", user)])
    }

    pub(super) fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(method, path, headers, "")
    }

    /// With a body.
    pub(super) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &'static str) -> Answer {
        let mut request = http::Request::builder().method(method).uri(path).header("host", "testserver");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(()).unwrap();
        let peer = Peer { address: Some(([127, 0, 0, 1], 5).into()), ..Peer::default() };
        let answered = self.site.handle(request, Incoming::Whole(Bytes::from_static(body.as_bytes())), Arc::new(peer));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (parts, body) = answered.await.into_parts();
            let body = body.collect().await.unwrap();
            let body = String::from_utf8(body.to_vec()).unwrap();
            Answer { status: parts.status.as_u16(), headers: parts.headers, body }
        })
    }
}
