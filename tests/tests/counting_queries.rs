//! Queries of a test are counted: of a request through its client, of code with a database, on both kinds.

use quintet::apps;
use quintet::apps::contenttypes::models::ContentType;
use quintet::prelude::*;
use quintet::settings::*;
use quintet::testing::{Client, assert_queries, block_on, capture_queries};
use quintet_tests::databases::Scratch;

fn settings(url: &str) -> Settings {
    Settings {
        secret_key: "a-key-for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz".into(),
        installed_apps: vec![apps::contenttypes()],
        database: DatabaseUrl::parse("DATABASE_URL", url).expect("a URL"),
        urls: || urls![path("one/", get(one)), path("each/", get(each))],
        ..Settings::default()
    }
}

async fn one(request: &Request) -> Result<Response> {
    Ok(Response::json(&ContentType::objects().count(request).await?))
}

/// A query for each row.
async fn each(request: &Request) -> Result<Response> {
    for row in ContentType::objects().all(request).await? {
        ContentType::objects().filter(|c| c.id().eq(row.id.0)).exists(request).await?;
    }
    Ok(Response::json(&0))
}

const TABLE: [&str; 2] = [
    "CREATE TABLE django_content_type (id integer PRIMARY KEY, app_label varchar(100), model varchar(100))",
    "INSERT INTO django_content_type VALUES (1, 'a', 'a'), (2, 'a', 'b'), (3, 'a', 'c')",
];

fn on_each(test: impl AsyncFn(Settings)) {
    for scratch in [Some(Scratch::sqlite()), Scratch::postgres()].into_iter().flatten() {
        TABLE.iter().for_each(|sql| scratch.script(sql));
        block_on(test(settings(&scratch.url)));
    }
}

#[test]
fn queries_of_a_request_are_counted_and_kept() {
    on_each(async |settings| {
        for atomic_requests in [false, true] {
            let client = Client::of(Settings { atomic_requests, ..settings.clone() });
            let answer = assert_queries(1, async || client.get("/one/").await).await;
            assert_eq!(answer.json(), 3);
            let (_, queries) = capture_queries(async || client.get("/each/").await).await;
            assert_eq!(queries.len(), 4, "without the transaction's beginning and end: {queries:?}");
            assert!(queries[1] == queries[3] && queries[1].contains("$1"), "values are no part of them: {queries:?}");
        }
    });
}

#[test]
fn queries_of_a_database_and_its_transactions_are_counted() {
    on_each(async |settings| {
        let db = quintet::database(&settings).expect("a database");
        assert_queries(0, async || ContentType::objects().none().count(&db).await).await.expect("a count");
        let work = async || {
            db.atomic(async |tx| {
                ContentType::objects().filter(|c| c.id().eq(1)).update(tx, |c| c.model().set("z")).await?;
                ContentType::objects().count(tx).await
            })
            .await
        };
        assert_eq!(assert_queries(2, work).await.expect("a count"), 3);
        let (_, outer) = capture_queries(async || assert_queries(2, work).await).await;
        assert_eq!(outer.len(), 2, "who watches around is told as well");
        let (_, late) = capture_queries(async || ()).await;
        assert_eq!(late, Vec::<String>::new());
    });
}

#[test]
fn another_number_of_queries_is_a_failure_that_lists_them() {
    let scratch = Scratch::sqlite();
    TABLE.iter().for_each(|sql| scratch.script(sql));
    let client = Client::of(settings(&scratch.url));
    let work = || block_on(async { assert_queries(2, async || client.get("/each/").await).await });
    let failed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).expect_err("4 are not 2");
    let said = failed.downcast_ref::<String>().expect("words");
    assert!(said.contains("counting_queries.rs:"), "{said}");
    assert!(said.contains("4 queries were asked, and 2 expected\n1. SELECT") && said.contains("\n4. SELECT"), "{said}");
}
