//! axum routers below a prefix, and tower layers around a site.

use axum::Router;
use axum::extract::{Path, Request as AxumRequest};
use axum::routing::{get as axum_get, post as axum_post};

use super::harness::{ask, get, middleware, options, site};
use crate::App;
use crate::http::{Request, Response, Result};
use crate::middleware::Middleware;
use crate::urls::Urls;
use crate::view;

fn inner() -> Router {
    Router::new()
        .route("/", axum_get(async || "root"))
        .route("/echo", axum_post(async |body: String| body))
        .route("/item/{name}", axum_get(async |Path(name): Path<String>| format!("item {name:?}")))
        .route("/uri", axum_get(async |uri: http::Uri| uri.to_string()))
        .route("/user", axum_get(user))
}

/// Reads what a middleware of ours kept with the request.
async fn user(request: AxumRequest) -> String {
    let ours = request.extensions().get::<Request>().expect("our request");
    let user = ours.get::<String>().map_or_else(|| "nobody".to_owned(), |user| user.to_string());
    format!("{user} at {}", ours.path())
}

fn routes() -> Urls {
    crate::urls![
        path("x/own/", view::get(async |_: &Request| Ok(Response::text("own")))),
        mount("x/", inner()),
        mount("café/", inner()),
        mount("u/<int:id>/", inner()),
        include("deep/", crate::urls![mount("er/", inner())]),
    ]
}

#[test]
fn a_mounted_router_sees_the_path_without_the_prefix() {
    let site = site(options(routes));
    let rows = [
        ("/x/", "root"),
        ("/x/own/", "own"),
        ("/x/item/a", "item \"a\""),
        ("/x/item/a%20b", "item \"a b\""),
        ("/x/item/a%2Fb", "item \"a/b\""),
        ("/x/item/caf%C3%A9", "item \"café\""),
        ("/x/item/%3F%23", "item \"?#\""),
        ("/%78/item/a", "item \"a\""),
        ("/caf%C3%A9/item/a", "item \"a\""),
        ("/u/7/item/a", "item \"a\""),
        ("/deep/er/item/a", "item \"a\""),
        ("/x/uri?a=1&b=%20", "/uri?a=1&b=%20"),
    ];
    for (target, text) in rows {
        let answer = get(target).to(&site);
        assert_eq!((answer.code(), answer.text().as_str()), (200, text), "{target}");
    }
    assert_eq!(get("/x/nope").to(&site).code(), 404);
    assert_eq!(get("/nope").to(&site).code(), 404);
}

#[test]
fn a_mounted_router_gets_the_body_and_the_middlewares_headers() {
    let mut options = options(routes);
    options.middleware = middleware(&["SecurityMiddleware", "CommonMiddleware", "XFrameOptionsMiddleware"]);
    let site = site(options);
    let answer = ask("POST", "/x/echo").body("hello").to(&site);
    assert_eq!((answer.code(), answer.text().as_str()), (200, "hello"));
    assert_eq!(answer.header("x-frame-options"), Some("DENY"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(get("/x/echo").to(&site).code(), 405);
    assert_eq!(get("/x").to(&site).header("location"), Some("/x/"));
}

struct Login;

impl Middleware for Login {
    fn name(&self) -> &'static str {
        "Login"
    }

    fn before(&self, request: &Request) -> Result<Option<Response>> {
        request.insert("alice".to_owned());
        Ok(None)
    }
}

#[test]
fn a_mounted_router_can_ask_for_our_request() {
    let mut options = options(routes);
    assert_eq!(get("/x/user").to(&site(options.clone())).text(), "nobody at /x/user");
    options.middleware = vec![Login.into()];
    assert_eq!(get("/x/user").to(&site(options)).text(), "alice at /x/user");
}

#[test]
fn layers_stand_around_everything_and_see_the_answers_of_the_middleware() {
    let mut options = options(routes);
    options.middleware = middleware(&["XFrameOptionsMiddleware"]);
    options.layers = Some(|router| {
        router.layer(axum::middleware::from_fn(async |mut request: AxumRequest, next: axum::middleware::Next| {
            request.headers_mut().insert("x-from-layer", http::HeaderValue::from_static("1"));
            let mut answer = next.run(request).await;
            let framed = answer.headers().contains_key("x-frame-options");
            answer
                .headers_mut()
                .insert("x-saw-frame", http::HeaderValue::from_static(if framed { "yes" } else { "no" }));
            answer
        }))
    });
    let app = App::new(site(options));
    for target in ["/x/", "/x/own/", "/nope"] {
        assert_eq!(get(target).through(&app).header("x-saw-frame"), Some("yes"), "{target}");
    }
    assert_eq!(ask("POST", "/x/echo").body("hello").through(&app).text(), "hello");
}

#[test]
fn a_site_can_stand_in_somebody_elses_program() {
    use tower_service::Service as _;
    let router = App::new(site(options(routes))).into_router();
    let program = Router::new().route("/theirs", axum_get(async || "theirs")).fallback_service(router);
    let text = |target: &str| {
        let request = AxumRequest::get(target).body(axum::body::Body::empty()).expect("a request");
        super::harness::block_on(async {
            let answer = program.clone().call(request).await.expect("an answer");
            let body = axum::body::to_bytes(answer.into_body(), 1000).await.expect("a body");
            String::from_utf8_lossy(&body).into_owned()
        })
    };
    assert_eq!((text("/theirs").as_str(), text("/x/own/").as_str()), ("theirs", "own"));
}

#[test]
fn what_is_left_of_a_body_that_a_router_took_is_an_error_and_no_panic() {
    let mut options = options(routes);
    options.middleware = vec![ReadsAfterwards.into()];
    assert_eq!(ask("POST", "/x/echo").body("hello").to(&site(options)).text(), "hello, then nothing");
}

/// Reads the body before anybody else does.
struct ReadsFirst;

impl Middleware for ReadsFirst {
    fn name(&self) -> &'static str {
        "ReadsFirst"
    }

    fn handle<'a>(
        &'a self,
        request: &'a Request,
        next: crate::middleware::Next<'a>,
    ) -> Option<view::BoxFuture<'a, Response>> {
        Some(Box::pin(async move {
            let read = request.bytes().await.expect("a body");
            next.run().await.with_header("x-read", &read.len().to_string())
        }))
    }
}

#[test]
fn a_body_that_a_middleware_has_read_is_still_there_for_a_router() {
    let mut options = options(routes);
    options.middleware = vec![ReadsFirst.into()];
    let answer = ask("POST", "/x/echo").header("content-length", "5").body("hello").to(&site(options));
    assert_eq!((answer.text().as_str(), answer.header("x-read")), ("hello", Some("5")));
}

/// Sends every request inwards twice, as one that tries again.
struct Twice;

impl Middleware for Twice {
    fn name(&self) -> &'static str {
        "Twice"
    }

    fn handle<'a>(
        &'a self,
        _: &'a Request,
        next: crate::middleware::Next<'a>,
    ) -> Option<view::BoxFuture<'a, Response>> {
        Some(Box::pin(async move {
            next.run().await;
            next.run().await
        }))
    }
}

#[test]
fn a_body_that_is_gone_is_an_error_for_a_router_and_no_empty_body() {
    let mut options = options(routes);
    options.middleware = vec![Twice.into()];
    let site = site(options);
    assert_eq!(ask("POST", "/x/echo").body("hello").to(&site).code(), 500);
    assert_eq!(get("/x/item/a").to(&site).text(), "item \"a\"");
}

fn answering() -> Urls {
    let big = async || "a".repeat((1 << 20) + 1);
    let part = async || (http::StatusCode::PARTIAL_CONTENT, [("content-range", "bytes 0-499/1000")], "a".repeat(500));
    let stream = async || axum::body::Body::new(Once(Some("ok")));
    let router = Router::new()
        .route("/short", axum_get(async || "ok"))
        .route("/long", axum_get(async || "a".repeat(500)))
        .route("/big", axum_get(big))
        .route("/part", axum_get(part))
        .route("/nothing", axum_get(async || http::StatusCode::NO_CONTENT))
        .route("/stream", axum_get(stream));
    crate::urls![mount("", router)]
}

/// A stream of one piece, whose end nobody knows before.
struct Once(Option<&'static str>);

impl http_body::Body for Once {
    type Data = bytes::Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<std::result::Result<http_body::Frame<bytes::Bytes>, Self::Error>>> {
        std::task::Poll::Ready(self.0.take().map(|piece| Ok(http_body::Frame::data(piece.into()))))
    }
}

#[test]
fn a_short_answer_of_a_router_is_treated_as_a_views() {
    let mut options = options(answering);
    options.middleware = middleware(&["GZipMiddleware", "ConditionalGetMiddleware", "CommonMiddleware"]);
    let site = site(options);
    // Path, then: is it compressed, has it a length, has it a tag.
    let rows = [
        ("/short", false, true, true),
        ("/long", true, true, true),
        ("/big", true, false, false),
        ("/part", false, true, false),
        ("/nothing", false, true, false),
        ("/stream", true, false, false),
    ];
    for (path, compressed, length, tag) in rows {
        let answer = get(path).header("accept-encoding", "gzip").to(&site);
        let has = |name: &str| answer.headers.contains_key(name);
        let ours = (has("content-encoding"), has("content-length"), has("etag"));
        assert_eq!(ours, (compressed, length, tag), "{path}");
    }
    let tag = get("/short").to(&site).header("etag").expect("a tag").to_owned();
    assert_eq!(get("/short").header("if-none-match", tag).to(&site).code(), 304);
    let head = ask("HEAD", "/short").header("accept-encoding", "gzip").to(&site);
    assert_eq!((head.header("content-length"), head.header("content-encoding")), (Some("2"), None));
}

struct ReadsAfterwards;

impl Middleware for ReadsAfterwards {
    fn name(&self) -> &'static str {
        "ReadsAfterwards"
    }

    fn handle<'a>(
        &'a self,
        request: &'a Request,
        next: crate::middleware::Next<'a>,
    ) -> Option<view::BoxFuture<'a, Response>> {
        Some(Box::pin(async move {
            let body = next.run().await.into_body().collect().await.expect("a body");
            let left = request.bytes().await;
            let left = if left.is_err() { "nothing" } else { "something" };
            Response::text(format!("{}, then {left}", String::from_utf8_lossy(&body)))
        }))
    }
}
