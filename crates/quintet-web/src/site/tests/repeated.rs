//! What developers are told of queries: that a request repeats one, once, and never in production.

use std::path::Path;
use std::sync::{Arc, Mutex};

use quintet_core::database_url::DatabaseUrl;
use quintet_db::{Database, Databases, Db};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::harness::{get, options, site};
use crate::http::{Request, Response, Result};
use crate::urls::Urls;
use crate::view;

/// Keeps what is logged about queries.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "quintet.queries"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Words(self));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Words<'a>(&'a Log);

impl Visit for Words<'_> {
    fn record_debug(&mut self, _: &Field, value: &dyn std::fmt::Debug) {
        self.0.0.lock().unwrap().push(format!("{value:?}"));
    }
}

async fn ten(request: &Request) -> Result<Response> {
    repeat(request, "SELECT $1", 10).await
}

async fn eleven(request: &Request) -> Result<Response> {
    repeat(request, "SELECT 0 + $1", 2).await?;
    repeat(request, "SELECT $1", 11).await
}

async fn writes(request: &Request) -> Result<Response> {
    Db::from(request).execute("CREATE TABLE log (line integer)", &[]).await?;
    repeat(request, "INSERT INTO log VALUES ($1)", 30).await
}

async fn repeat(request: &Request, sql: &str, times: i64) -> Result<Response> {
    for number in 0..times {
        Db::from(request).query(sql, &[number.into()]).await?;
    }
    Ok(Response::text("done"))
}

fn urls() -> Urls {
    crate::urls![path("ten", view::get(ten)), path("eleven", view::get(eleven)), path("writes", view::get(writes)),]
}

/// What is logged of a request.
fn told(path: &str, debug: bool) -> Vec<String> {
    let mut options = options(urls);
    let url = DatabaseUrl::parse("DATABASE_URL", "sqlite::memory:").expect("a URL");
    options.databases = Some(Arc::new(Databases::new(Database::connect(&url, Path::new("/")))));
    (options.debug, options.atomic_requests) = (debug, true);
    let (site, log) = (site(options), Log::default());
    tracing::subscriber::with_default(log.clone(), || assert_eq!(get(path).to(&site).code(), 200));
    let told = log.0.lock().unwrap();
    told.clone()
}

#[test]
fn a_query_that_a_request_repeats_is_told_once_with_the_remedy() {
    let told = told("/eleven", true);
    let [one] = told.as_slice() else { panic!("{told:?}") };
    assert!(one.contains("tests::repeated::eleven` ran one statement 11 times: SELECT $1; "), "{one}");
    assert!(one.contains("`select_related`") && one.contains("`prefetch_related`"), "{one}");
}

#[test]
fn rows_that_are_written_one_by_one_have_another_remedy() {
    let told = told("/writes", true);
    assert!(told.len() == 1 && told[0].contains("30 times: INSERT") && told[0].contains("`bulk_create`"), "{told:?}");
}

#[test]
fn a_few_queries_are_not_told() {
    assert_eq!(told("/ten", true), Vec::<String>::new());
}

#[test]
fn in_production_nothing_is_told() {
    assert_eq!(told("/eleven", false), Vec::<String>::new());
}
