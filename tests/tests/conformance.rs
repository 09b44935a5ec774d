//! The recorded exchanges, put to the conformance application on both databases by the oracle's own judge.

use std::process::Command;

use quintet_tests::django;
use quintet_tests::support::{checkout, program, run};

fn judged(database: &str) {
    if !django::is_here() {
        return;
    }
    let oracle = checkout().join("oracle");
    let mut judge = Command::new(oracle.join("venv/bin/python"));
    judge.current_dir(&oracle).env("PYTHONDONTWRITEBYTECODE", "1");
    judge.args(["-m", "recorder.judge", "--verbose", "--db", database]).arg(program("conformance"));
    let said = run(&mut judge);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(said.out.contains("| **all,"), "{}", said.out);
}

#[test]
fn every_recorded_exchange_is_answered_as_recorded() {
    judged("sqlite");
}

#[test]
fn every_recorded_exchange_is_answered_as_recorded_on_postgresql() {
    // `scripts/postgres` names its server so.
    if std::env::var_os("PGHOST").is_some() {
        judged("postgres");
    }
}
