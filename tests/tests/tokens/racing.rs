//! Of one refresh token there is one successor, however many ask at once, and at whichever of two processes.

use std::collections::BTreeSet;
use std::sync::Barrier;
use std::time::Instant;

use quintet_tests::databases::{Scratch, each};
use quintet_tests::support::{Answer, Client, scale, soaked};
use serde_json::json;

use super::{json, post, prepare, serve};

const MANY: usize = 64;

/// What the settings make of those who come late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// As the reference has it: they are refused.
    Lists,
    /// Sessions without an interval: they end it.
    Strict,
    /// Sessions with an interval: they get the same answer.
    Lenient,
}

impl Kind {
    fn variables(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Lists => &[],
            Self::Strict => &[("FAMILIES", "0")],
            Self::Lenient => &[("FAMILIES", "60")],
        }
    }
}

fn race(database: &Scratch, kind: Kind, rounds: usize) {
    prepare(database, kind.variables());
    let servers = [serve(database, kind.variables()), serve(database, kind.variables())];
    let mut clients: Vec<Client> =
        (0..MANY).map(|number| Client::new(servers[number % 2].address()).expect("a connection")).collect();
    for round in 0..rounds {
        let login = post(&mut clients[0], "/api/token/", &json!({ "username": "ann", "password": "pw" }));
        assert_eq!(login.status, 200, "{login:?}");
        let body = json!({ "refresh": json(&login)["refresh"] });
        let start = Barrier::new(MANY);
        let answers: Vec<Answer> = std::thread::scope(|scope| {
            let asked: Vec<_> = clients
                .iter_mut()
                .map(|client| {
                    let (start, body) = (&start, &body);
                    scope.spawn(move || {
                        start.wait();
                        post(client, "/api/token/refresh/", body)
                    })
                })
                .collect();
            asked.into_iter().map(|asked| asked.join().expect("an answer")).collect()
        });
        judge(kind, round, &answers);
    }
}

fn judge(kind: Kind, round: usize, answers: &[Answer]) {
    let (good, refused): (Vec<&Answer>, Vec<&Answer>) = answers.iter().partition(|answer| answer.status == 200);
    let successors: BTreeSet<String> = good.iter().map(|answer| json(answer)["refresh"].to_string()).collect();
    assert_eq!(successors.len(), 1, "{kind:?}, round {round}: {successors:?}, {:?}", refused.first());
    let wanted = if kind == Kind::Lenient { MANY } else { 1 };
    assert_eq!(good.len(), wanted, "{kind:?}, round {round}: {:?}", refused.first());
    for answer in refused {
        let told = (answer.status, answer.body.as_str());
        assert_eq!(told, (401, r#"{"detail":"Token is blacklisted","code":"token_not_valid"}"#), "round {round}");
    }
}

fn races(name: &str, kind: Kind) {
    let started = Instant::now();
    let rounds = if scale() == 1 { 3 } else { 1_000 };
    for database in each() {
        race(&database, kind, rounds);
        let count = |table: &str| database.rows(&format!("SELECT count(*) FROM {table}"));
        assert_eq!(count("token_blacklist_outstandingtoken"), [(2 * rounds).to_string()], "logins and successors");
        if kind != Kind::Lists {
            assert_eq!(count("quintet_token_family"), [rounds.to_string()]);
            assert_eq!(count("quintet_family_token"), [(2 * rounds).to_string()]);
        }
    }
    soaked(name, rounds * MANY, started);
}

#[test]
fn of_64_refreshes_at_two_servers_one_gets_the_successor() {
    races("one_gets_the_successor", Kind::Lists);
}

#[test]
fn of_64_refreshes_at_two_servers_all_get_the_same_successor_within_the_interval() {
    races("all_get_the_same_successor", Kind::Lenient);
}

#[test]
fn of_64_refreshes_at_two_servers_one_gets_the_successor_and_the_rest_end_the_session() {
    races("the_rest_end_the_session", Kind::Strict);
}
