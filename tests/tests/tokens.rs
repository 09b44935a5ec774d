//! Tokens through processes: many who refresh one at two servers, the reference's own tokens and ours, the time of a login,
//! and more logins than there is time for.

#[path = "tokens/exchanged.rs"]
mod exchanged;
#[path = "tokens/flooding.rs"]
mod flooding;
#[path = "tokens/links.rs"]
mod links;
#[path = "tokens/racing.rs"]
mod racing;
#[path = "tokens/settings.rs"]
mod settings;
#[path = "tokens/timing.rs"]
mod timing;

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use quintet_tests::databases::Scratch;
use quintet_tests::support::{Answer, Client, Server, command, run, swift};
use serde_json::Value;

/// More of the environment of the program.
type Variables<'a> = &'a [(&'static str, &'static str)];

/// The program that gives tokens out, upon a database.
fn tokening(database: &Scratch, variables: Variables<'_>) -> Command {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    let program = PROGRAM.get_or_init(|| swift("tokening", env!("CARGO_BIN_EXE_tokening")));
    let mut command = command(program);
    command.env("DATABASE_URL", &database.url).envs(variables.iter().copied());
    command
}

/// The tables and the users.
fn prepare(database: &Scratch, variables: Variables<'_>) {
    for word in ["migrate", "people"] {
        let said = run(tokening(database, variables).arg(word));
        assert_eq!(said.code, 0, "{said:?}");
    }
}

fn serve(database: &Scratch, variables: Variables<'_>) -> Server {
    Server::start(tokening(database, variables).args(["serve", "127.0.0.1:0", "--access-log", "off"]))
}

/// `POST` of JSON on a connection that is kept.
fn post(client: &mut Client, path: &str, body: &Value) -> Answer {
    let body = body.to_string();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    client.ask(head + &body).expect("an answer")
}

fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{answer:?}"))
}
