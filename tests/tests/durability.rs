//! What was acknowledged stays, and what goes wrong passes: processes that are killed while they write, a PostgreSQL server
//! that goes away under load and comes back, clients that leave in the middle of a query.
//!
//! Facts are waited for. Limits of time are the targets in `make soak` and ten times as much in `make test`.

#[path = "durability/killed.rs"]
mod killed;
#[path = "durability/leaving.rs"]
mod leaving;
#[path = "durability/outage.rs"]
mod outage;
#[path = "durability/readiness.rs"]
mod readiness;
#[path = "durability/visitor.rs"]
mod visitor;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use quintet_core::database_url::DatabaseUrl;
use quintet_db::Database;
use quintet_tests::support::{command, scale};

/// How long a fact that must come is waited for, where another limit says how soon.
const PATIENCE: Duration = Duration::from_secs(40);

/// The program that writes and asks, upon a database.
fn lasting(url: &str) -> Command {
    let mut command = command(env!("CARGO_BIN_EXE_lasting"));
    command.env("DATABASE_URL", url);
    command
}

fn open(url: &str) -> Database {
    Database::connect(&DatabaseUrl::parse("DATABASE_URL", url).expect("a URL of the test's own"), Path::new("/"))
}

/// A target, as this run measures it: a machine that does much else at once gets ten times as long.
fn limit(target: Duration) -> Duration {
    if scale() == 1 { target * 10 } else { target }
}

/// Few rounds in `make test`, many in `make soak`.
fn rounds(few: usize, many: usize) -> usize {
    if scale() == 1 { few } else { many }
}

/// Waits until something is so; gives how long that took.
#[track_caller]
fn until(what: &str, mut is_so: impl FnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "never: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
    begun.elapsed()
}
