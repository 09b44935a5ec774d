//! A test sets the time.

use std::time::Duration;

use quintet::prelude::*;
use quintet::settings::{Env, Settings};
use quintet::testing::{Client, TestClock, call_command};

use crate::project::{Memo, Shift, client, each, postgres, sqlite};
use crate::scratch::Scratch;

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

/// Where it is nine hours later than in UTC.
fn tokyo(env: &Env) -> Settings {
    let settings = if std::env::var_os("QUINTET_TEST_POSTGRES").is_some() { postgres(env) } else { sqlite(env) };
    Settings { time_zone: "Asia/Tokyo".to_owned(), ..settings }
}

#[quintet::test]
async fn days_and_hours_of_rows_are_those_of_the_projects_clocks() {
    let client = Client::with_database(tokyo);
    let db = client.db();
    let clock = TestClock::at("2024-01-31T19:24:00Z");
    let mut shift = create!(db, Shift {}).await.expect("a row");
    let shown = |shift: &Shift| format!("{} {} {}", shift.began_on, shift.seen_at, shift.changed_at.to_rfc3339());
    assert_eq!(shown(&shift), "2024-02-01 04:24:00 2024-01-31T19:24:00+00:00");
    clock.advance(Duration::from_secs(3600));
    shift.save(db).await.expect("saved");
    assert_eq!(shown(&shift), "2024-02-01 05:24:00 2024-01-31T20:24:00+00:00");
    assert_eq!(shown(&Shift::objects().get(db).await.expect("a row")), shown(&shift));
}

#[quintet::test]
async fn a_moment_of_a_fixture_is_by_the_projects_clocks_where_it_says_no_zone() {
    let client = Client::with_database(tokyo);
    let folder = Scratch::new();
    let file = folder.0.join("memos.json");
    let memo = |key: i64, at: &str| {
        json!({ "model": "memos.memo", "pk": key, "fields": {
        "title": "one", "made_at": at, "changed_at": "2024-01-31T12:00:00Z" } })
    };
    let memos = json!([memo(1, "2024-01-31T12:00:00"), memo(2, "2024-01-31T12:00:00+01:00")]);
    std::fs::write(&file, memos.to_string()).expect("a fixture");
    let (code, said) = client.call_command(&["loaddata", file.to_str().expect("a path")]);
    assert_eq!(code, 0, "{}", said.err());
    let memos = Memo::objects().order_by(|memo| memo.id()).all(client.db()).await.expect("rows");
    let made: Vec<_> = memos.iter().map(|memo| memo.made_at.to_rfc3339()).collect();
    assert_eq!(made, ["2024-01-31T03:00:00+00:00", "2024-01-31T11:00:00+00:00"]);
}

#[test]
fn a_time_zone_that_there_is_not_is_told_by_every_command() {
    fn nowhere(env: &Env) -> Settings {
        Settings { time_zone: "Europe/Berln".to_owned(), ..sqlite(env) }
    }
    for command in [&["check"][..], &["migrate"]] {
        let (code, said) = call_command(nowhere, command);
        let told = said.err();
        assert!(code == 1 && told.contains("quintet.E013") && told.contains("`Europe/Berlin`"), "{command:?}: {told}");
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
