//! Random walks over the changes of models: every step by migrations that are detected, on both databases, with rows in
//! the tables, to the end and back to nothing. `make test` walks the same few, `make soak` others and more.

use std::path::Path;
use std::time::Instant;

use quintet_core::database_url::DatabaseUrl;
use quintet_db::{Connection as _, Database};
use quintet_tests::databases::Scratch;
use quintet_tests::support::{Random, scale, seed, soaked};
use quintet_tests::walk::{Course, Ours, Reference, run, run_beside};

/// How many walks there are on each database, and how many beside the reference on each.
const ON_SQLITE: usize = 150;
const ON_POSTGRESQL: usize = 50;
const BESIDE: usize = 6;

/// How many of those that fail are told.
const MOST_TOLD: usize = 8;

/// A database as new, whatever a walk before that failed left there.
const AS_NEW: &str = "DROP SCHEMA public CASCADE; CREATE SCHEMA public";

fn open(url: &str) -> Database {
    Database::connect(&DatabaseUrl::parse("DATABASE_URL", url).expect("a URL of the test's own"), Path::new("/"))
}

/// Walks, each with a seed of its own, so that one that failed is the first when it is repeated.
fn walks(name: &str, count: usize, mut walk: impl AsyncFnMut(&Course, &mut Random) -> Result<(), String>) {
    let started = Instant::now();
    let mut failed = vec![];
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    for number in 0..count * scale() {
        let seed = seed().wrapping_add(number as u64);
        let mut random = Random::seeded(seed, name);
        let walked = match Course::new(&mut random) {
            Ok(course) => runtime.block_on(walk(&course, &mut random)),
            Err(error) => Err(error),
        };
        if let Err(error) = walked {
            failed.push(format!("QUINTET_TEST_SEED={seed}, {name}: {error}"));
        }
    }
    assert!(failed.is_empty(), "{} walks failed\n{}", failed.len(), failed[..failed.len().min(MOST_TOLD)].join("\n"));
    soaked(name, count * scale(), started);
}

#[test]
fn any_walk_on_sqlite_comes_to_the_models_and_back_to_nothing() {
    walks("any_walk_on_sqlite", ON_SQLITE, async |course, random| {
        let database = Scratch::sqlite();
        let fresh = open("sqlite::memory:");
        run(course, &open(&database.url), &fresh, &mut Ours, random).await
    });
}

#[test]
fn any_walk_on_postgresql_comes_to_the_models_and_back_to_nothing() {
    let Some((database, fresh)) = Scratch::postgres().zip(Scratch::postgres()) else { return };
    let (db, fresh) = (open(&database.url), open(&fresh.url));
    walks("any_walk_on_postgresql", ON_POSTGRESQL, async |course, random| {
        db.script(AS_NEW).await.map_err(|error| error.to_string())?;
        run(course, &db, &fresh, &mut Ours, random).await
    });
}

#[test]
fn the_reference_comes_to_the_same_schema_after_each_step_on_sqlite() {
    if !quintet_tests::django::is_here() {
        return;
    }
    walks("beside_the_reference_on_sqlite", BESIDE, async |course, random| {
        let (ours, theirs) = (Scratch::sqlite(), Scratch::sqlite());
        let mut reference = Reference::start(&theirs);
        run_beside(course, (&open(&ours.url), &mut Ours), (&open(&theirs.url), &mut reference), random).await
    });
}

#[test]
fn the_reference_comes_to_the_same_schema_after_each_step_on_postgresql() {
    if !quintet_tests::django::is_here() {
        return;
    }
    let Some((ours, theirs)) = Scratch::postgres().zip(Scratch::postgres()) else { return };
    walks("beside_the_reference_on_postgresql", BESIDE, async |course, random| {
        // The reference changes tables in a process of its own: what was prepared here would not hear of it.
        let sign = if theirs.url.contains('?') { '&' } else { '?' };
        let (one, other) = (open(&ours.url), open(&format!("{}{sign}prepare=false", theirs.url)));
        for db in [&one, &other] {
            db.script(AS_NEW).await.map_err(|error| error.to_string())?;
        }
        let mut reference = Reference::start(&theirs);
        run_beside(course, (&one, &mut Ours), (&other, &mut reference), random).await
    });
}
