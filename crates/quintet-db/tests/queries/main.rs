//! The queries that the reference ran, run here: the same rows in the same order, with the same types, on SQLite and on
//! PostgreSQL.
//!
//! All differences are told at once, with the SQL of both.

mod ask;
#[allow(dead_code, reason = "some of it is another test's")]
#[path = "../database/harness.rs"]
mod harness;
mod known;
#[allow(dead_code, reason = "other recordings are read by other tests")]
#[path = "../../../quintet-core/tests/recorded/mod.rs"]
mod recorded;
mod rows;
mod same;

use std::collections::BTreeMap;
use std::sync::Arc;

use quintet_core::query::Registry;
use quintet_db::{Connection as _, Database, Db};
use serde_json::Value as Json;

use ask::ask;
use harness::Scratch;
use known::reason;
use rows::fill;
use same::{same, sorted};

#[tokio::test]
async fn the_tables_and_rows_of_the_reference_are_there() {
    for scratch in Scratch::each().await {
        fill(&scratch).await;
        for table in recorded::rows_of_queries() {
            let count = usize::try_from(scratch.count(&format!("\"{}\"", table.table)).await).expect("a number");
            assert_eq!(count, table.rows.len(), "{}", table.table);
        }
    }
}

/// All differences of one database.
async fn differences(scratch: &Scratch) -> (usize, usize, Vec<String>) {
    let vendor = rows::vendor(scratch);
    // One database with its statements for each time zone, so that shapes are shared between queries.
    let mut zones: BTreeMap<String, Database> = BTreeMap::new();
    let (mut agreed, mut known, mut different) = (0, 0, vec![]);
    for one in recorded::queries() {
        let new = || {
            let registry = Registry::new(&recorded::models_of_queries(), &one.zone).expect("good models");
            scratch.db.clone().with_models(Arc::new(registry))
        };
        let db = zones.entry(one.zone.clone()).or_insert_with(new);
        let tx = db.transaction().await.expect("a transaction");
        let answer = ask(Db::from(&tx), &one).await;
        tx.rollback().await.expect("nothing is kept");
        let wanted = one.result(vendor);
        let is_same = agrees(wanted, &answer.result, one.is_unordered);
        if is_same && reason(&one.id, vendor).is_some() {
            different.push(format!("{vendor}: {} does not differ any more: take it out of `known.rs`", one.id));
        } else if is_same {
            agreed += 1;
        } else if reason(&one.id, vendor).is_some() {
            known += 1;
        } else {
            let (ours, theirs) = (&answer.sql, one.sql(vendor));
            let found = &answer.result;
            different.push(format!(
                "{vendor}: {}\n  wanted {wanted}\n  found  {found}\n  ours   {ours}\n  theirs {theirs}",
                one.id
            ));
        }
    }
    (agreed, known, different)
}

/// The same rows; or an error where the reference has one.
fn agrees(wanted: &Json, found: &Json, is_unordered: bool) -> bool {
    let part = |of: &Json, key: &str| match of[key].as_array() {
        Some(rows) if is_unordered => Json::Array(sorted(rows.clone())),
        _ => of[key].clone(),
    };
    match (wanted.get("error"), found.as_object()) {
        (Some(_), Some(found)) => found.contains_key("error"),
        (None, Some(all)) => all.keys().all(|key| same(&part(wanted, key), &part(found, key))),
        _ => false,
    }
}

#[tokio::test]
async fn recorded_queries_give_what_they_gave_the_reference() {
    let mut all = vec![];
    for scratch in Scratch::each().await {
        fill(&scratch).await;
        let (agreed, known, different) = differences(&scratch).await;
        #[allow(clippy::print_stdout, reason = "the count is the report")]
        let () = println!(
            "queries: {agreed} of {} ({}), {known} differ for a reason",
            agreed + known + different.len(),
            rows::vendor(&scratch)
        );
        all.extend(different);
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}
