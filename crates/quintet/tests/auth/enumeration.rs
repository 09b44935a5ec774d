//! Nobody learns by the time of an answer which accounts there are: each costs one hash of today's cost.

use std::sync::atomic::{AtomicUsize, Ordering};

use quintet::prelude::*;
use quintet::settings::{PasswordHasher, Settings};
use quintet::testing::Client;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::harness::{PASSWORD, each, rotating};

/// A cost that no other test of this program has, so that their hashes are not counted.
const COST: u32 = 1237;

static COUNT: AtomicUsize = AtomicUsize::new(0);

/// Counts the hashes of that cost.
struct Counter;

impl Visit for Counter {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "hasher" && format!("{value:?}").contains(&format!("iterations: {COST} ")) {
            COUNT.fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl Subscriber for Counter {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "quintet::hash"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Self);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[quintet::test]
async fn every_login_costs_one_hash_whoever_is_asked_for() {
    tracing::subscriber::set_global_default(Counter).expect("nobody else counts");
    each(async |kit| {
        let hashers = vec![PasswordHasher::Pbkdf2 { iterations: COST }];
        let encoded = quintet::auth::hashers::make_password(&hashers, Some(PASSWORD)).expect("a hash");
        let sql = format!("UPDATE auth_user SET password = '{encoded}'");
        quintet_db::Connection::script(&kit.db, &sql).await.expect("hashes");
        let sql = "UPDATE auth_user SET password = '!nothing' WHERE username = 'bob'";
        quintet_db::Connection::script(&kit.db, sql).await.expect("an unusable password");
        let mut settings = Settings { simple_jwt: rotating(), ..kit.settings.clone() };
        settings.auth.password_hashers = hashers;
        let client = Client::of(settings);
        let mut told = vec![];
        for (name, password, status) in [
            ("alice", PASSWORD, 200),
            ("alice", "guessed", 401),
            ("nobody", "guessed", 401),
            ("nobody", PASSWORD, 401),
            ("carol", "guessed", 401),
            ("carol", PASSWORD, 401),
            ("bob", "guessed", 401),
        ] {
            let before = COUNT.load(Ordering::SeqCst);
            let answer = client.post("/api/token/", json!({ "username": name, "password": password })).await;
            assert_eq!(COUNT.load(Ordering::SeqCst) - before, 1, "{name} with {password}");
            assert_eq!(answer.status(), status, "{name}: {}", answer.text());
            if status == 401 {
                told.push(answer.text());
            }
        }
        told.dedup();
        assert_eq!(told.len(), 1, "every refusal says the same: {told:?}");
    })
    .await;
}
