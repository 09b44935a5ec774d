//! `createcachetable`: makes the tables of the caches that are in the database, as the reference makes them.

use clap::{Arg, ArgAction, ArgMatches};
use quintet_core::sql::Dialect;
use quintet_db::{Connection, Database, introspect};
use quintet_web::cache::Location;

use crate::manage::migrations::allowed;
use crate::manage::{Checks, Command, CommandError, Context, database};

pub(super) const COMMAND: Command = Command {
    name: "createcachetable",
    about: "Create the tables of the caches that are in the database",
    args,
    checks: Checks::Configured,
    run,
};

fn args(command: clap::Command) -> clap::Command {
    command
        .arg(Arg::new("table_name").num_args(0..).help("Tables; those of `caches` in the settings where none is named"))
        .arg(database::arg())
        .arg(Arg::new("dry-run").long("dry-run").action(ArgAction::SetTrue).help("Print the SQL and run nothing"))
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    // Routers know the tables by this name.
    if !allowed::is_allowed(context, "django_cache", Some("cacheentry")) {
        return Ok(());
    }
    let db = database::connect(context);
    let work = async {
        for table in tables(context, args) {
            create(context, &db, &table, args.get_flag("dry-run")).await?;
        }
        Ok(())
    };
    context.block_on(work)?
}

fn tables(context: &Context<'_>, args: &ArgMatches) -> Vec<String> {
    if let Some(named) = args.get_many::<String>("table_name") {
        return named.cloned().collect();
    }
    let of_caches = context.settings.caches.values().filter_map(|cache| match &cache.location {
        Location::Database(table) => Some(table.clone()),
        _ => None,
    });
    let mut tables: Vec<String> = of_caches.collect();
    // Caches with prefixes of their own may share one.
    tables.sort();
    tables.dedup();
    tables
}

async fn create(context: &Context<'_>, db: &Database, table: &str, is_dry: bool) -> Result<(), CommandError> {
    let terminal = context.terminal;
    if has(db, table).await? {
        if terminal.verbosity() > 0 {
            terminal.print(format!("Cache table '{table}' already exists."));
        }
        return Ok(());
    }
    let statements = statements(db.dialect(), table);
    if is_dry {
        terminal.print(statements.join("\n"));
        return Ok(());
    }
    let made = db.atomic(async |transaction| {
        for statement in &statements {
            transaction.script(statement).await?;
        }
        Ok(())
    });
    match made.await {
        Ok(()) if terminal.verbosity() > 1 => terminal.print(format!("Cache table '{table}' created.")),
        Ok(()) => {}
        // Another process was faster.
        Err(_) if has(db, table).await? => {}
        Err(error) => return Err(database::failed(&format!("the cache table `{table}` could not be created"), &error)),
    }
    Ok(())
}

async fn has(db: &Database, table: &str) -> Result<bool, CommandError> {
    let schema = introspect::schema(db).await;
    let schema = schema.map_err(|error| database::failed("cannot read which tables there are", &error))?;
    Ok(schema.tables.contains_key(table))
}

/// The reference's statements, letter by letter.
fn statements(dialect: Dialect, table: &str) -> [String; 2] {
    let moment = match dialect {
        Dialect::Sqlite => "datetime",
        Dialect::Postgres => "timestamp with time zone",
    };
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let (index, table) = (quoted(&format!("{table}_expires")), quoted(table));
    [
        format!(
            "CREATE TABLE {table} (\n    \"cache_key\" varchar(255) NOT NULL PRIMARY KEY,\n    \"value\" text NOT NULL,\n    \
             \"expires\" {moment} NOT NULL\n);"
        ),
        format!("CREATE INDEX {index} ON {table} (\"expires\");"),
    ]
}
