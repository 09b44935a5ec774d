//! A test sets the time.

use std::time::Duration;

use quintet::prelude::*;
use quintet::testing::{Client, TestClock};

use crate::project::{Memo, client, each};

#[quintet::test]
async fn rows_have_the_time_of_the_test() {
    for project in each() {
        let client = Client::with_database(project);
        let clock = TestClock::at("2024-02-29T23:59:59.5+01:00");
        client.post("/memos/", json!({ "title": "one" })).await.assert_status(201);
        clock.advance(Duration::from_secs(3600));
        let mut memo = Memo::objects().get(client.db()).await.expect("a row");
        assert_eq!(memo.made_at.to_rfc3339(), "2024-02-29T22:59:59.500+00:00");
        assert_eq!(memo.changed_at, memo.made_at);
        memo.save(client.db()).await.expect("it is written");
        assert_eq!(memo.changed_at.to_rfc3339(), "2024-02-29T23:59:59.500+00:00");
        assert_eq!(memo.changed_at, clock.now());
    }
}

#[quintet::test]
async fn throttles_and_cookies_wait_for_the_clock() {
    let (clock, client) = (TestClock::stopped(), client());
    let mut statuses = vec![];
    for _ in 0..3 {
        statuses.push(client.get("/often/").await.status());
    }
    assert_eq!(statuses, [200, 200, 429]);
    client.get("/cookie/dark/").await;
    clock.advance(Duration::from_secs(61));
    assert_eq!((client.get("/often/").await.status(), client.cookie("theme")), (200, None));
}

#[test]
fn a_clock_is_that_of_its_thread_and_gone_when_it_is_dropped() {
    let year = || models::utc_today().to_string()[..4].to_owned();
    let today = year();
    let outer = TestClock::at("2001-01-01T00:00:00Z");
    let inner = TestClock::at("2002-01-01T00:00:00Z");
    assert_eq!((year().as_str(), std::thread::spawn(year).join().expect("a year")), ("2002", today.clone()));
    drop(inner);
    assert_eq!(year(), "2001");
    outer.set("2003-01-01T00:00:00Z");
    assert_eq!(year(), "2003");
    drop(outer);
    assert_eq!(year(), today);
}

#[test]
fn a_moment_without_a_zone_is_refused() {
    for wrong in ["2024-01-31T12:00:00", "yesterday", "1969-12-31T00:00:00Z", ""] {
        let refused = std::panic::catch_unwind(|| TestClock::at(wrong)).expect_err("no moment");
        assert!(refused.downcast_ref::<String>().is_some_and(|said| said.contains("hint: write it with its zone")));
    }
}
