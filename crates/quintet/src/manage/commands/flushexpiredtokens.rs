//! `flushexpiredtokens`: deletes the rows of tokens whose time is over. Says nothing.

use clap::ArgMatches;

use super::users::open;
use crate::apps::token_blacklist::models::OutstandingToken;
use crate::manage::{Checks, Command, CommandError, Context, database};
use crate::models::{Model as _, utc_now};

pub(super) const COMMAND: Command = Command {
    name: "flushexpiredtokens",
    about: "Delete the rows of tokens whose time is over",
    args: |command| command,
    checks: Checks::First,
    run,
};

fn run(context: &Context<'_>, _: &ArgMatches) -> Result<(), CommandError> {
    if !context.settings.installed_apps.iter().any(|app| app.label == "token_blacklist") {
        return Err(CommandError::new("the project has no list of tokens")
            .with_hint("add `quintet::apps::token_blacklist()` to `installed_apps`"));
    }
    let db = open(context)?;
    let over = OutstandingToken::objects().filter(|token| token.expires_at().lte(utc_now()));
    let deleted = context.block_on(over.delete(&db))?;
    deleted.map_err(|error| database::failed("the tokens were not deleted", &error))?;
    Ok(())
}
