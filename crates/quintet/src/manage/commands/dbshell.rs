//! `dbshell`: the database's own client, with the project's settings.

use std::ffi::OsString;
use std::path::Path;
use std::process;

use clap::{Arg, ArgMatches};
use quintet_core::database_url::{DatabaseUrl, Host, PostgresOptions};

use crate::manage::{Checks, Command, CommandError, Context, database};

pub(super) const COMMAND: Command = Command {
    name: "dbshell",
    about: "Open the database's own client (sqlite3 or psql)",
    args,
    checks: Checks::First,
    run,
};

fn args(command: clap::Command) -> clap::Command {
    command
        .arg(database::arg())
        .arg(Arg::new("parameters").num_args(0..).last(true).value_name("PARAMETERS").help("Handed on to the client"))
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    let mut client = client(&context.settings.database, context.folder());
    client.args(args.get_many::<String>("parameters").unwrap_or_default());
    let name = client.get_program().to_string_lossy().into_owned();
    match client.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(CommandError::silent(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(CommandError::new(format!("`{name}` is not installed"))
                .with_hint("install it, or add its folder to `PATH`"))
        }
        Err(error) => Err(CommandError::because(format!("`{name}` cannot be started"), error)),
    }
}

fn client(database: &DatabaseUrl, folder: &Path) -> process::Command {
    match database {
        DatabaseUrl::Sqlite(options) => {
            let mut client = process::Command::new("sqlite3");
            client.arg(options.path(folder).map_or_else(|| OsString::from(":memory:"), Into::into));
            client
        }
        DatabaseUrl::Postgres(options) => psql(options),
    }
}

/// Everything goes by the environment: a command line can be read by every user of the machine.
fn psql(options: &PostgresOptions) -> process::Command {
    let mut client = process::Command::new("psql");
    match &options.host {
        Some(Host::Tcp(host)) => drop(client.env("PGHOST", host)),
        Some(Host::Socket(folder)) => drop(client.env("PGHOST", folder)),
        None => {}
    }
    let texts = [
        ("PGPORT", options.port.map(|port| port.to_string())),
        ("PGUSER", options.user.clone()),
        ("PGPASSWORD", options.password.as_ref().map(|password| password.expose().to_owned())),
        ("PGDATABASE", options.name.clone()),
        ("PGSSLMODE", Some(options.sslmode.as_str().to_owned())),
        ("PGSSLROOTCERT", options.sslrootcert.as_ref().map(|file| file.display().to_string())),
        ("PGCONNECT_TIMEOUT", options.connect_timeout.map(|time| time.as_secs().to_string())),
        ("PGAPPNAME", options.application_name.clone()),
    ];
    client.envs(texts.into_iter().filter_map(|(name, value)| Some((name, value?))));
    client
}
