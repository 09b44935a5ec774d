//! The database of a command: its argument, its dialect, and which migrations it has.

use clap::Arg;
use quintet_core::database_url::DatabaseUrl;
use quintet_core::migrate::graph::Key;
use quintet_core::sql::Dialect;
use quintet_db::Database;
use quintet_db::migrate::Applied;

use super::{CommandError, Context};

/// `--database`: there is one.
pub(super) fn arg() -> Arg {
    Arg::new("database")
        .long("database")
        .value_name("ALIAS")
        .value_parser(["default"])
        .default_value("default")
        .help("Which database")
}

/// Its kind.
pub(crate) fn dialect(url: &DatabaseUrl) -> Dialect {
    match url {
        DatabaseUrl::Sqlite(_) => Dialect::Sqlite,
        DatabaseUrl::Postgres(_) => Dialect::Postgres,
    }
}

/// The database; nothing is opened yet.
pub(super) fn connect(context: &Context<'_>) -> Database {
    Database::connect(&context.settings.database, context.folder())
}

/// The migrations that it has, in the order in which they were applied.
pub(super) async fn applied(context: &Context<'_>) -> Result<Vec<Applied>, CommandError> {
    let database = connect(context);
    quintet_db::migrate::applied(&database)
        .await
        .map_err(|error| failed("cannot read which migrations are applied", &error))
}

/// The same by app and name, for commands that ask for nothing else.
pub(super) fn applied_keys(context: &Context<'_>) -> Result<Vec<Key>, CommandError> {
    let applied = context.block_on(applied(context))??;
    Ok(applied.into_iter().map(|row| (row.app, row.name)).collect())
}

/// What a database says, with its way out.
pub(super) fn failed(doing: &str, error: &quintet_db::Error) -> CommandError {
    let failed = CommandError::new(format!("{doing}: {}", error.message()));
    match error.hint() {
        Some(hint) => failed.with_hint(hint),
        None => failed,
    }
}
