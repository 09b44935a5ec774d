//! Random filters over rows with nulls and a relation of many, against a plain evaluator of what they mean.
//!
//! The evaluator knows no SQL: truth has three values; under `not`, what is unknown of a column is false; a relation of
//! many means one row of it for a whole filter, and under `not` any row of it for each condition by itself.

#[path = "filters/chance.rs"]
mod chance;
#[path = "filters/meaning.rs"]
mod meaning;
#[path = "filters/world.rs"]
mod world;

use std::time::Instant;

use quintet_core::query::{Distinct, OrderBy, Ordering, Query, Step};
use quintet_tests::databases::Scratch;
use quintet_tests::support::{Random, scale, soaked};

use meaning::holds;
use world::World;

#[test]
fn random_filters_mean_what_they_say() {
    random_filters("random_filters_mean_what_they_say", "sqlite::memory:");
}

#[test]
fn random_filters_mean_what_they_say_on_postgresql() {
    let Some(database) = Scratch::postgres() else { return };
    random_filters("random_filters_mean_what_they_say_on_postgresql", &database.url);
}

fn random_filters(name: &str, url: &str) {
    tokio::runtime::Runtime::new().expect("a runtime").block_on(filtered(name, url));
}

async fn filtered(name: &str, url: &str) {
    let started = Instant::now();
    let mut random = Random::of(name);
    let count = 1500 * scale();
    let (mut done, mut some) = (0, 0);
    while done < count {
        // New rows now and then, so that a rare row has its chance.
        let world = World::made(&mut random, url).await;
        for _ in 0..500.min(count - done) {
            done += 1;
            let mut query = Query::of("lab", "Thing");
            query.ordering = Ordering::By(vec![OrderBy::parse("pk")]);
            query.distinct = Distinct::Yes;
            query.steps = (0..=random.below(3)).map(|_| chance::step(&mut random)).collect();
            let wanted: Vec<i64> =
                world.things.iter().filter(|thing| passes(&world, &query, thing.id)).map(|thing| thing.id).collect();
            let found = world.ask(&query).await;
            some += usize::from(!wanted.is_empty() && wanted.len() < world.things.len());
            assert_eq!(found, wanted, "filter {done}: {:?}\n{}", query.steps, world.sql(&query));
        }
    }
    assert!(some * 4 > count, "only {some} of {count} filters told rows apart");
    soaked(name, count, started);
}

/// Whether a row passes all steps; a relation of many may mean another row of it in each.
fn passes(world: &World, query: &Query, id: i64) -> bool {
    query.steps.iter().all(|step| match step {
        Step::Filter(condition) => holds(world, condition, false, id),
        Step::Exclude(condition) => holds(world, condition, true, id),
        _ => unreachable!("only these are drawn"),
    })
}
