//! The database of a command: its argument, its dialect, and which migrations it has.

use clap::{Arg, ArgMatches};
use quintet_core::database_url::DatabaseUrl;
use quintet_core::migrate::graph::Key;
use quintet_core::sql::Dialect;
use quintet_db::Database;
use quintet_db::migrate::Applied;

use super::{CommandError, Context};
use crate::registry::query_models;
use crate::settings::Settings;

/// `--database`
pub(super) fn arg() -> Arg {
    Arg::new("database").long("database").value_name("ALIAS").default_value(DEFAULT).help("Which database")
}

const DEFAULT: &str = "default";

/// Makes the database that `--database` names the one of the settings; gives its name.
pub(super) fn choose(settings: &mut Settings, args: &ArgMatches) -> Result<String, CommandError> {
    // Commands without the argument, or with one of their own kind, have nothing to choose.
    let Ok(Some(alias)) = args.try_get_one::<String>("database") else { return Ok(DEFAULT.to_owned()) };
    settings.database = named(settings, alias)?.clone();
    Ok(alias.clone())
}

/// The database of a name.
pub(super) fn named<'a>(settings: &'a Settings, alias: &str) -> Result<&'a DatabaseUrl, CommandError> {
    if alias == DEFAULT {
        return Ok(&settings.database);
    }
    settings.databases.get(alias).ok_or_else(|| {
        let known = std::iter::once(DEFAULT).chain(settings.databases.keys().map(String::as_str));
        let known: Vec<String> = known.map(|name| format!("`{name}`")).collect();
        CommandError::new(format!("there is no database `{alias}`"))
            .with_hint(format!("the databases are {}; `databases` in the settings names others", known.join(", ")))
            .with_code(2)
    })
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

/// The database with the project's models.
pub(super) fn open(context: &Context<'_>) -> Result<Database, CommandError> {
    let models = query_models(&context.settings);
    let models = models.map_err(|problem| CommandError::new(problem).with_hint("`check` lists what is wrong"))?;
    Ok(connect(context).with(models))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(alias: &str) -> Result<String, CommandError> {
        let url = |text| DatabaseUrl::parse("DATABASE_URL", text).expect("a URL");
        let mut settings = Settings {
            database: url("sqlite://main.sqlite3"),
            databases: [("archive".to_owned(), url("sqlite://archive.sqlite3"))].into(),
            ..Settings::default()
        };
        let args = clap::Command::new("migrate").arg(arg()).get_matches_from(["migrate", "--database", alias]);
        choose(&mut settings, &args).map(|_| settings.database.to_string())
    }

    #[test]
    fn a_command_works_on_the_database_that_is_named() {
        assert_eq!(chosen("default").expect("it is there"), "sqlite://main.sqlite3");
        assert_eq!(chosen("archive").expect("it is there"), "sqlite://archive.sqlite3");
    }

    #[test]
    fn a_database_that_is_not_there_is_told_with_those_that_are() {
        let error = chosen("archives").expect_err("there is none");
        let said = format!("{error:?}");
        assert!(said.contains("there is no database `archives`") && said.contains("`default`, `archive`"), "{said}");
    }
}
