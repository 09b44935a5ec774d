//! `flushexpiredtokens`: deletes the rows of tokens whose time is over. Says nothing.

use clap::ArgMatches;
use quintet_db::Database;

use super::users::open;
use crate::apps::token_blacklist::models::OutstandingToken;
use crate::apps::token_families::models::*;
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
    let has = |label: &str| context.settings.installed_apps.iter().any(|app| app.label == label);
    if !has("token_blacklist") && !has("token_families") {
        return Err(CommandError::new("the project has no list of tokens")
            .with_hint("add `quintet::apps::token_blacklist()` to `installed_apps`"));
    }
    let db = open(context)?;
    let (lists, families) = (has("token_blacklist"), has("token_families"));
    let deleted = context.block_on(async {
        if lists {
            OutstandingToken::objects().filter(|token| token.expires_at().lte(utc_now())).delete(&db).await?;
        }
        if families {
            flush_families(&db).await?;
        }
        quintet_db::Result::Ok(())
    })?;
    deleted.map_err(|error| database::failed("the tokens were not deleted", &error))
}

/// Tokens first, then sessions that have none any more.
async fn flush_families(db: &Database) -> quintet_db::Result<()> {
    FamilyToken::objects().filter(|token| token.expires_at().lte(utc_now())).delete(db).await?;
    TokenFamily::objects().filter(|family| family.tokens().id().isnull(true)).delete(db).await?;
    Ok(())
}
