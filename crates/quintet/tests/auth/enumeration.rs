//! Nobody learns by the time of an answer which accounts there are: each costs one hash of today's cost.

use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

use quintet::auth::{Account, Asker, AuthBackend, Credentials, ModelBackend};
use quintet::prelude::*;
use quintet::rest::BasicAuthentication;
use quintet::settings::{PasswordHasher, Settings};
use quintet::testing::{Client, TestResponse};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::harness::{Kit, PASSWORD, each, rotating};

/// Costs that no other test of this program has, so that their hashes are not counted: one for each test here.
const COSTS: [u32; 3] = [1237, 1238, 1239];

static COUNTS: [AtomicUsize; 3] = [const { AtomicUsize::new(0) }; 3];

/// Counts the hashes of those costs.
struct Counter;

impl Visit for Counter {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let value = if field.name() == "hasher" { format!("{value:?}") } else { String::new() };
        for (cost, count) in COSTS.iter().zip(&COUNTS) {
            if value.contains(&format!("iterations: {cost} ")) {
                count.fetch_add(1, Ordering::SeqCst);
            }
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

/// A client of a site whose hashes are counted: alice and the inactive carol have one, bob's is unusable.
async fn counted(kit: &Kit, cost: u32, change: impl FnOnce(&mut Settings)) -> Client {
    static IS_SET: Once = Once::new();
    IS_SET.call_once(|| tracing::subscriber::set_global_default(Counter).expect("nobody else counts"));
    let hashers = vec![PasswordHasher::Pbkdf2 { iterations: cost }];
    let encoded = quintet::auth::hashers::make_password(&hashers, Some(PASSWORD)).expect("a hash");
    let sql = format!("UPDATE auth_user SET password = '{encoded}'");
    quintet_db::Connection::script(&kit.db, &sql).await.expect("hashes");
    let sql = "UPDATE auth_user SET password = '!nothing' WHERE username = 'bob'";
    quintet_db::Connection::script(&kit.db, sql).await.expect("an unusable password");
    let mut settings = Settings { simple_jwt: rotating(), ..kit.settings.clone() };
    settings.auth.password_hashers = hashers;
    change(&mut settings);
    Client::of(settings)
}

/// Who asks, with which password, and what the answer is.
const ASKED: [(&str, &str, u16); 7] = [
    ("alice", PASSWORD, 200),
    ("alice", "guessed", 401),
    ("nobody", "guessed", 401),
    ("nobody", PASSWORD, 401),
    ("carol", "guessed", 401),
    ("carol", PASSWORD, 401),
    ("bob", "guessed", 401),
];

/// Asks as each of them: each costs one hash, and every refusal says the same.
async fn each_costs_one_hash(number: usize, ask: impl AsyncFn(&str, &str) -> TestResponse) {
    let mut told = vec![];
    for (name, password, status) in ASKED {
        let before = COUNTS[number].load(Ordering::SeqCst);
        let answer = ask(name, password).await;
        assert_eq!(COUNTS[number].load(Ordering::SeqCst) - before, 1, "{name} with {password}");
        assert_eq!(answer.status(), status, "{name}: {}", answer.text());
        if status == 401 {
            told.push(answer.text());
        }
    }
    told.dedup();
    assert_eq!(told.len(), 1, "every refusal says the same: {told:?}");
}

#[quintet::test]
async fn every_login_costs_one_hash_whoever_is_asked_for() {
    each(async |kit| {
        let client = counted(kit, COSTS[0], |_| {}).await;
        let ask = async |name: &str, password: &str| {
            client.post("/api/token/", json!({ "username": name, "password": password })).await
        };
        each_costs_one_hash(0, ask).await;
    })
    .await;
}

#[quintet::test]
async fn every_name_and_password_in_a_header_cost_one_hash_whoever_is_asked_for() {
    each(async |kit| {
        let basic = |settings: &mut Settings| {
            settings.rest_framework.default_authentication_classes = vec![BasicAuthentication::default().into()];
        };
        let client = counted(kit, COSTS[1], basic).await;
        let ask = async |name: &str, password: &str| {
            let header = quintet_core::python::base64::encode(format!("{name}:{password}").as_bytes());
            client.get("/api/notes/").header("authorization", &format!("Basic {header}")).await
        };
        each_costs_one_hash(1, ask).await;
    })
    .await;
}

/// Knows names and passwords of nobody.
struct Codes;

impl AuthBackend for Codes {
    fn path(&self) -> &str {
        "codes.Codes"
    }

    async fn authenticate(&self, _: Asker<'_>, credentials: &Credentials<'_>) -> Result<Option<Account>> {
        assert_eq!(credentials.get("code"), None);
        Ok(None)
    }
}

#[quintet::test]
async fn every_login_costs_one_hash_with_a_backend_of_ones_own_before_the_model_backend() {
    each(async |kit| {
        let own = |settings: &mut Settings| settings.auth.backends = vec![Codes.into(), ModelBackend.into()];
        let client = counted(kit, COSTS[2], own).await;
        let ask = async |name: &str, password: &str| {
            client.post("/api/token/", json!({ "username": name, "password": password })).await
        };
        each_costs_one_hash(2, ask).await;
    })
    .await;
}
