//! `inspectdb`: models out of the tables of a database, printed as a `models.rs`.

use clap::{Arg, ArgAction, ArgMatches};
use quintet_core::inspect::{self, Wanted};
use quintet_db::introspect;

use crate::manage::{Checks, Command, CommandError, Context, database};

pub(super) const COMMAND: Command = Command {
    name: "inspectdb",
    about: "Print models of the tables of the database",
    args,
    checks: Checks::Configured,
    run,
};

fn args(command: clap::Command) -> clap::Command {
    let flag = |name: &'static str, help: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    command
        .arg(Arg::new("table").num_args(0..).help("Only these tables or views"))
        .arg(database::arg())
        .arg(flag("include-partitions", "Models of partitions as well"))
        .arg(flag("include-views", "Models of views as well"))
        .arg(flag("managed", "Models for taking the tables over: migrations change them from then on"))
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    let wanted = Wanted {
        names: args.get_many::<String>("table").unwrap_or_default().cloned().collect(),
        views: args.get_flag("include-views"),
        partitions: args.get_flag("include-partitions"),
        managed: args.get_flag("managed"),
    };
    let work = async {
        let db = database::connect(context);
        introspect::seen(&db).await.map_err(|error| database::failed("cannot read which tables there are", &error))
    };
    let seen = context.block_on(work)??;
    context.terminal.begin(inspect::models(database::dialect(&context.settings.database), &seen, &wanted));
    Ok(())
}
