//! Requests as handles of the site's database: what a view wrote is there where it answers, and nowhere else.

use std::path::Path;
use std::sync::Arc;

use quintet_core::database_url::DatabaseUrl;
use quintet_db::{Database, Databases, Db};

use super::harness::{get, options, site};
use crate::http::{Error, Request, Response, Result};
use crate::urls::Urls;
use crate::{Site, view};

fn databases(url: &str) -> Arc<Databases> {
    let url = DatabaseUrl::parse("DATABASE_URL", url).expect("a URL of the test's own");
    Arc::new(Databases::new(Database::connect(&url, Path::new("/"))))
}

async fn write(request: &Request) -> quintet_db::Result<()> {
    let db = Db::from(request);
    db.execute("CREATE TABLE IF NOT EXISTS log (line integer)", &[]).await?;
    db.execute("INSERT INTO log VALUES (1)", &[]).await?;
    Ok(())
}

async fn answers(request: &Request) -> Result<Response> {
    write(request).await?;
    Ok(Response::text("done"))
}

async fn fails(request: &Request) -> Result<Response> {
    write(request).await?;
    Err(Error::not_found())
}

async fn panics(request: &Request) -> Result<Response> {
    write(request).await?;
    panic!("on purpose");
}

async fn count(request: &Request) -> Result<Response> {
    let db = Db::from(request);
    db.execute("CREATE TABLE IF NOT EXISTS log (line integer)", &[]).await?;
    let rows = db.query("SELECT count(*) AS lines FROM log", &[]).await?;
    Ok(Response::text(rows[0].int("lines")?.to_string()))
}

fn urls() -> Urls {
    crate::urls![
        path("answers", view::get(answers)),
        path("fails", view::get(fails)),
        path("panics", view::get(panics)),
        path("freely-fails", view::get(fails).non_atomic_requests()),
        path("count", view::get(count)),
    ]
}

fn atomic() -> Arc<Site> {
    let mut options = options(urls);
    options.databases = Some(databases("sqlite::memory:"));
    options.atomic_requests = true;
    site(options)
}

/// How many lines are there after a view.
fn lines_after(path: &str) -> (u16, String) {
    let site = atomic();
    let code = get(path).to(&site).code();
    (code, get("/count").to(&site).text())
}

#[test]
fn what_a_view_wrote_is_kept_where_it_answers() {
    assert_eq!(lines_after("/answers"), (200, "1".to_owned()));
}

#[test]
fn what_a_view_wrote_is_undone_where_it_fails() {
    assert_eq!(lines_after("/fails"), (404, "0".to_owned()));
}

#[test]
fn what_a_view_wrote_is_undone_where_it_panics() {
    assert_eq!(lines_after("/panics"), (500, "0".to_owned()));
}

#[test]
fn a_view_that_is_not_atomic_keeps_what_it_wrote() {
    assert_eq!(lines_after("/freely-fails"), (404, "1".to_owned()));
}

#[test]
fn a_site_without_a_database_says_what_is_missing() {
    let site = site(options(urls));
    assert_eq!(get("/count").to(&site).code(), 500);
}

#[test]
fn a_database_that_is_away_is_told_as_a_passing_failure() {
    let mut options = options(urls);
    options.databases = Some(databases("postgres://u:p@127.0.0.1:1/db"));
    let site = site(options);
    for path in ["/count", "/readyz"] {
        let answer = get(path).to(&site);
        assert_eq!((path, answer.code(), answer.header("retry-after")), (path, 503, Some("1")));
    }
    assert_eq!(get("/livez").to(&site).code(), 200);
}
