//! `clearsessions`: deletes the rows of sessions whose time is over. Says nothing.

use clap::ArgMatches;
use quintet_db::Db;
use quintet_web::sessions::{SessionEngine, clear_expired};

use super::users::{failed, open};
use crate::manage::{Checks, Command, CommandError, Context};

pub(super) const COMMAND: Command = Command {
    name: "clearsessions",
    about: "Delete the rows of sessions whose time is over",
    args: |command| command,
    checks: Checks::First,
    run,
};

fn run(context: &Context<'_>, _: &ArgMatches) -> Result<(), CommandError> {
    match context.settings.sessions.engine {
        SessionEngine::Database | SessionEngine::CachedDatabase => {}
        // They are with the browsers, or end by themselves.
        SessionEngine::SignedCookies | SessionEngine::Cache => return Ok(()),
    }
    let db = open(context)?;
    let deleted = context.block_on(clear_expired(Db::from(&db), quintet_db::time()))?;
    deleted.map(drop).map_err(|error| failed("the sessions were not deleted", &error))
}
