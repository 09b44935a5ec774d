//! The way through the middlewares: order, answers on the way in, errors and panics of each.

use std::sync::{Arc, Mutex};

use super::harness::{get, options, site};
use crate::Site;
use crate::http::{Error, Request, Response, Result};
use crate::middleware::{Layer, Middleware, Next};
use crate::urls::Urls;
use crate::view::{self, BoxFuture, View};

type Trace = Arc<Mutex<Vec<String>>>;

/// What a traced middleware does on the way in.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    On,
    Answers,
    Fails,
    Panics,
    PanicsAfter,
    Handles,
    HandlesAlone,
    HandlesAndPanics,
    PanicsAtTheView,
}

struct Traced {
    name: &'static str,
    way: Way,
    trace: Trace,
}

impl Traced {
    fn note(&self, what: &str) {
        self.trace.lock().expect("a trace").push(format!("{what} {}", self.name));
    }
}

impl Middleware for Traced {
    fn name(&self) -> &'static str {
        self.name
    }

    fn before(&self, _: &Request) -> Result<Option<Response>> {
        self.note("before");
        match self.way {
            Way::Answers => Ok(Some(Response::text("early"))),
            Way::Fails => Err(Error::unexpected("no")),
            Way::Panics => panic!("in before"),
            _ => Ok(None),
        }
    }

    fn after(&self, _: &Request, response: &mut Response) {
        self.note(&format!("after {}", response.status().as_u16()));
        assert!(self.way != Way::PanicsAfter, "in after");
    }

    fn process_view<'a>(&'a self, _: &'a Request, _: &'a View) -> Option<BoxFuture<'a, Result<Option<Response>>>> {
        assert!(self.way != Way::PanicsAtTheView, "at the view");
        None
    }

    fn handle<'a>(&'a self, _: &'a Request, next: Next<'a>) -> Option<BoxFuture<'a, Response>> {
        if ![Way::Handles, Way::HandlesAlone, Way::HandlesAndPanics].contains(&self.way) {
            return None;
        }
        Some(Box::pin(async move {
            self.note("in");
            tokio::task::yield_now().await;
            assert!(self.way != Way::HandlesAndPanics, "in handle");
            let response = if self.way == Way::HandlesAlone { Response::text("alone") } else { next.run().await };
            self.note(&format!("out {}", response.status().as_u16()));
            response
        }))
    }
}

fn routes() -> Urls {
    crate::urls![path("", view::get(fine)), path("boom/", view::get(boom)), path("panic/", view::get(panics))]
}

async fn fine(_: &Request) -> Result<Response> {
    Ok(Response::text("fine"))
}

async fn boom(_: &Request) -> Result<Response> {
    Err(Error::unexpected("boom"))
}

async fn panics(_: &Request) -> Result<Response> {
    tokio::task::yield_now().await;
    panic!("in the view")
}

/// The status of an answer, and the way to it.
fn way(target: &str, middlewares: &[(&'static str, Way)]) -> (u16, String) {
    let (site, trace) = traced_site(middlewares);
    let answer = get(target).to(&site);
    let trace = trace.lock().expect("a trace").join(", ");
    (answer.code(), trace)
}

fn traced_site(middlewares: &[(&'static str, Way)]) -> (Arc<Site>, Trace) {
    let trace = Trace::default();
    let traced = |(name, way): &(&'static str, Way)| Layer::from(Traced { name, way: *way, trace: trace.clone() });
    let mut options = options(routes);
    options.middleware = middlewares.iter().map(traced).collect();
    (site(options), trace)
}

#[test]
fn the_first_middleware_is_the_outermost() {
    let (code, trace) = way("/", &[("a", Way::On), ("b", Way::On)]);
    assert_eq!((code, trace.as_str()), (200, "before a, before b, after 200 b, after 200 a"));
}

#[test]
fn an_answer_on_the_way_in_goes_out_through_the_middleware_that_gave_it() {
    let (code, trace) = way("/", &[("a", Way::On), ("b", Way::Answers), ("c", Way::On)]);
    assert_eq!((code, trace.as_str()), (200, "before a, before b, after 200 b, after 200 a"));
}

#[test]
fn an_error_on_the_way_in_goes_out_past_the_middleware_that_raised_it() {
    for fault in [Way::Fails, Way::Panics] {
        let (code, trace) = way("/", &[("a", Way::On), ("b", fault), ("c", Way::On)]);
        assert_eq!((code, trace.as_str()), (500, "before a, before b, after 500 a"));
    }
}

#[test]
fn a_panic_on_the_way_out_is_the_500_page_for_those_further_out() {
    let (code, trace) = way("/", &[("a", Way::On), ("b", Way::PanicsAfter), ("c", Way::On)]);
    assert_eq!((code, trace.as_str()), (500, "before a, before b, before c, after 200 c, after 200 b, after 500 a"));
}

#[test]
fn a_views_error_and_panic_pass_every_middleware_as_the_500_page() {
    for target in ["/boom/", "/panic/"] {
        let (code, trace) = way(target, &[("a", Way::On), ("b", Way::Handles)]);
        assert_eq!((code, trace.as_str()), (500, "before a, in b, out 500 b, after 500 a"));
    }
}

#[test]
fn a_middleware_that_handles_stands_around_those_further_in() {
    let (code, trace) = way("/", &[("a", Way::On), ("b", Way::Handles), ("c", Way::On), ("d", Way::Handles)]);
    let expected = "before a, in b, before c, in d, out 200 d, after 200 c, out 200 b, after 200 a";
    assert_eq!((code, trace.as_str()), (200, expected));
}

#[test]
fn a_middleware_that_handles_need_not_go_on() {
    let (code, trace) = way("/", &[("a", Way::On), ("b", Way::HandlesAlone), ("c", Way::On)]);
    assert_eq!((code, trace.as_str()), (200, "before a, in b, out 200 b, after 200 a"));
}

#[test]
fn a_middleware_that_handles_and_panics_is_the_500_page_for_those_further_out() {
    let (code, trace) = way("/", &[("a", Way::On), ("b", Way::HandlesAndPanics), ("c", Way::On)]);
    assert_eq!((code, trace.as_str()), (500, "before a, in b, after 500 a"));
}

#[test]
fn an_error_behind_a_middleware_that_answers_is_not_reached() {
    let (code, trace) = way("/boom/", &[("a", Way::Answers)]);
    assert_eq!((code, trace.as_str()), (200, "before a, after 200 a"));
}

/// Keeps the lines of a log.
#[derive(Clone, Default)]
struct Lines(Trace);

impl tracing::Subscriber for Lines {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.is_event()
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut line = event.metadata().level().to_string();
        event.record(&mut |field: &tracing::field::Field, value: &dyn std::fmt::Debug| {
            line += &format!(" {field}={value:?}");
        });
        self.0.lock().expect("a log").push(line);
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

fn logged(target: &str) -> String {
    logged_of(&site(options(routes)), target)
}

fn logged_of(site: &Arc<Site>, target: &str) -> String {
    let lines = Lines::default();
    tracing::subscriber::with_default(lines.clone(), || get(target).to(site));
    let lines = lines.0.lock().expect("a log");
    lines.join("\n")
}

#[test]
fn a_failure_is_logged_with_its_cause_and_a_refusal_to_a_client_is_not() {
    let log = logged("/boom/");
    assert!(log.contains("ERROR") && log.contains("GET \"/boom/\" failed: boom ("), "{log}");
    assert!(log.contains("middlewares.rs:") && log.ends_with(" [00000001-0]"), "where, and which request: {log}");
    let log = logged("/panic/");
    assert!(log.contains("ERROR") && log.contains("the view panicked: in the view"), "{log}");
    assert_eq!(logged("/"), "");
    assert_eq!(logged("/nope/"), "");
}

#[test]
fn the_log_says_which_middleware_panicked() {
    for (way, words) in [
        (Way::Panics, "in before"),
        (Way::PanicsAfter, "in after"),
        (Way::PanicsAtTheView, "at the view"),
        (Way::HandlesAndPanics, "in handle"),
    ] {
        let (site, _) = traced_site(&[("a", Way::On), ("b", way), ("c", Way::On)]);
        let log = logged_of(&site, "/");
        assert!(log.contains(&format!("b panicked: {words}")), "{log}");
    }
}

#[test]
fn a_path_cannot_write_a_line_of_the_log() {
    let mut options = options(|| crate::urls![re_path("", view::get(boom))]);
    options.middleware = vec![];
    let lines = Lines::default();
    tracing::subscriber::with_default(lines.clone(), || get("/a%0AERROR%1b[31m").to(&site(options)));
    let lines = lines.0.lock().expect("a log");
    assert!(lines.len() == 1 && !lines[0].contains(['\n', '\u{1b}']), "{lines:?}");
}

/// The middleware's own words about the path, a view's about a header, and what caused them.
#[test]
fn no_error_writes_a_line_of_the_log_for_a_client() {
    async fn told(request: &Request) -> Result<Response> {
        let sent = request.header("x-sent").unwrap_or_default().replace('|', "\n");
        Err(std::io::Error::other(Inner(sent)).into())
    }
    let mut options = options(|| crate::urls![path("api/<rest>/", view::get(told).post(told))]);
    options.debug = true;
    options.middleware = vec![crate::middleware::CommonMiddleware.into()];
    let site = site(options);
    for asked in [
        super::harness::ask("POST", "/api/a%0AFORGED%1b[31m"),
        get("/api/a/").header("x-sent", "a|FORGED"),
        get("/api/a/").host(Some("a\tb")),
    ] {
        let lines = Lines::default();
        tracing::subscriber::with_default(lines.clone(), || asked.to(&site));
        let lines = lines.0.lock().expect("a log");
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(!lines[0].contains(|c: char| c.is_control()), "{lines:?}");
    }
}

/// An error whose cause has the text.
#[derive(Debug)]
struct Inner(String);

impl std::fmt::Display for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Inner {}
