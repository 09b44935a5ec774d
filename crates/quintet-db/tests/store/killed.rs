//! A process that is killed while it writes: what it had said was kept is there, and nothing is there by half.
//!
//! `ROUNDS=100` makes it longer.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use quintet_core::schema::Value;
use quintet_db::Connection as _;

use crate::scratch::{Scratch, open};

const URL: &str = "QUINTET_TEST_KILLED_URL";

/// Pairs of rows are written in transactions, single rows by themselves; each is told when it is kept.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run by the test below, in a process of its own"]
async fn the_child_that_is_killed() {
    let Ok(url) = std::env::var(URL) else { return };
    let db = open(&url);
    let from: i64 = std::env::var("FROM").unwrap().parse().unwrap();
    let tasks: Vec<_> = (0..16_i64)
        .map(|task| {
            let db = db.clone();
            tokio::spawn(async move {
                for number in 0..i64::MAX {
                    let id = from + number * 16 + task;
                    let written = if task % 2 == 0 {
                        db.execute("INSERT INTO one VALUES ($1)", &[Value::Int(id)]).await
                    } else {
                        let pair = async |tx: &quintet_db::Transaction| {
                            tx.execute("INSERT INTO pair VALUES ($1, 1)", &[Value::Int(id)]).await?;
                            tx.execute("INSERT INTO pair VALUES ($1, 2)", &[Value::Int(id)]).await
                        };
                        db.atomic(pair).await
                    };
                    written.unwrap();
                    // Not `println!`, which the test's harness keeps back.
                    std::io::Write::write_all(&mut std::io::stdout(), format!("kept {id}\n").as_bytes()).unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

/// Runs the child for a while; gives what it had told.
fn killed_after(url: &str, from: i64, time: Duration) -> BTreeSet<i64> {
    let program = std::env::current_exe().expect("this program");
    let words = ["killed::the_child_that_is_killed", "--exact", "--ignored", "--nocapture"];
    let mut child = Command::new(program);
    child.args(words).env(URL, url).env("FROM", from.to_string()).stdout(Stdio::piped());
    let mut child = child.spawn().expect("a child");
    std::thread::sleep(time);
    child.kill().expect("killed");
    let mut said = String::new();
    child.stdout.take().expect("a pipe").read_to_string(&mut said).expect("text");
    child.wait().expect("the end");
    // The last line may be cut short.
    let whole = said.rfind('\n').map_or("", |end| &said[..end]);
    whole.lines().filter_map(|line| line.split_once("kept ")?.1.parse().ok()).collect()
}

#[tokio::test]
async fn what_was_told_to_be_kept_is_there_and_nothing_by_half() {
    let rounds: u64 = std::env::var("ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(8);
    for scratch in [Some(Scratch::sqlite()), Scratch::postgres("").await].into_iter().flatten() {
        scratch.db.script("CREATE TABLE one (id bigint); CREATE TABLE pair (id bigint, part integer)").await.unwrap();
        let mut told = BTreeSet::new();
        for round in 0..rounds {
            let url = scratch.url.clone();
            let from = i64::try_from(round).unwrap() * 1_000_000;
            let time = Duration::from_millis(60 + round * 37 % 120);
            told.extend(tokio::task::spawn_blocking(move || killed_after(&url, from, time)).await.unwrap());
        }
        assert!(told.len() as u64 > rounds, "the children wrote: {}", told.len());
        // What the server still does for a child that is gone ends by itself.
        tokio::time::sleep(Duration::from_millis(200)).await;
        let ids = async |sql: &str| -> BTreeSet<i64> {
            scratch.db.query(sql, &[]).await.unwrap().iter().map(|row| row.int("id").unwrap()).collect()
        };
        let there = ids("SELECT id FROM one UNION ALL SELECT id FROM pair").await;
        let lost: Vec<_> = told.difference(&there).collect();
        assert!(lost.is_empty(), "told and lost: {lost:?}");
        let halves = ids("SELECT id FROM pair GROUP BY id HAVING count(*) <> 2").await;
        assert!(halves.is_empty(), "half: {halves:?}");
    }
}
