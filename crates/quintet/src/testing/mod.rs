//! Tests of a project: its site without a socket, in the test's own process, with databases that go with the test.
//!
//! A [`Client`] asks the site; [`Client::with_database`] makes tables for one test alone. [`TestClock`] sets the time,
//! [`assert_queries`] counts statements, [`call_command`] runs a command. Nothing here is shared between tests, so that
//! they run at the same time.

mod aside;
mod change;
mod client;
mod clock;
mod cookies;
mod data;
mod database;
mod queries;
mod request;
mod response;
mod scratch;
#[cfg(test)]
mod tests;

use std::future::Future;

use crate::manage::{self, Captured, Terminal};
use crate::settings::{self, Env, Loaded, Project, Settings};

pub use client::Client;
pub use clock::TestClock;
pub use data::TestData;
pub use database::remove_leftovers;
pub use queries::{assert_queries, capture_queries};
pub use request::TestRequest;
pub use response::TestResponse;

/// Waits for a future, on a runtime of its own. What `#[quintet::test]` calls.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a test needs a runtime").block_on(future)
}

/// Runs a command of a project, as its program would, and keeps what it says: the exit code and both streams. The
/// databases are those of the settings; [`Client::call_command`] runs it on those of a test.
pub fn call_command(settings: fn(&Env) -> Settings, args: &[&str]) -> (u8, Captured) {
    answer_command(settings, args, "")
}

/// The same for a command that asks: it is answered with these lines.
pub fn answer_command(settings: fn(&Env) -> Settings, args: &[&str], lines: &str) -> (u8, Captured) {
    let project = Project::in_test(settings);
    // By the thread of the test, which may be what its settings go by.
    let loaded = settings::load(&project);
    command(&project, loaded, args, lines)
}

/// Runs a command on settings that are there.
fn command_with(settings: &Settings, args: &[&str]) -> (u8, Captured) {
    answer_with(settings, args, "")
}

fn answer_with(settings: &Settings, args: &[&str], lines: &str) -> (u8, Captured) {
    let loaded =
        Loaded { settings: settings.clone(), problems: vec![], warnings: vec![], reads: settings::Reads::default() };
    command(&Project::in_test(|_| Settings::default()), loaded, args, lines)
}

fn command(project: &Project, loaded: Loaded, args: &[&str], lines: &str) -> (u8, Captured) {
    let (terminal, captured) = Terminal::answering(lines);
    let args: Vec<_> = args.iter().map(Into::into).collect();
    // Commands wait for futures by themselves, which is forbidden where a test is one.
    (aside::run(|| manage::run_loaded(project, loaded, &args, &terminal)), captured)
}
