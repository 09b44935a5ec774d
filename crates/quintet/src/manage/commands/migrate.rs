//! `migrate`: brings a database to where the migrations say, forwards or backwards.
//!
//! Verbs, flags, texts and exit codes are the reference's; each migration is done together with its record, and one
//! process migrates at a time.

mod plan;
mod prune;
mod run;

use clap::{Arg, ArgAction, ArgMatches};
use quintet_core::migrate::graph::Key;
use quintet_db::Database;
use quintet_db::migrate::{self as db_migrate, Executor, Mode, Notice};

use crate::manage::migrations::{self, failed, migrated_app, rows, told};
use crate::manage::{Checks, Command, CommandError, Context, database};

pub(super) const COMMAND: Command = Command {
    name: "migrate",
    about: "Bring the database to where the migrations say",
    args,
    checks: Checks::First,
    run,
};

fn args(command: clap::Command) -> clap::Command {
    let flag = |name: &'static str, help: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    command
        .arg(Arg::new("app_label").help("Only this app's migrations, and what they need"))
        .arg(Arg::new("migration_name").help("The migration to go to, or the beginning of its name; `zero` for none"))
        .arg(flag("noinput", "Do not ask").alias("no-input"))
        .arg(database::arg())
        .arg(flag("fake", "Record migrations without running them"))
        .arg(flag("fake-initial", "The same for initial migrations whose tables are there already"))
        .arg(flag("plan", "Show what would be done"))
        .arg(flag("run-syncdb", "Make tables for apps without migrations"))
        .arg(flag("check", "Fail where migrations are not applied, and apply none"))
        .arg(flag("prune", "Delete the records of an app's migrations that are gone"))
        .arg(flag("forget-progress", "Forget where a migration that is not atomic was interrupted"))
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    if args.get_flag("run-syncdb") {
        return Err(CommandError::new("`--run-syncdb` is not supported: every app's tables come from its migrations")
            .with_hint("`cargo manage makemigrations APP` makes an app's first"));
    }
    context.block_on(migrate(context, args))?
}

async fn migrate(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    let database = database::connect(context);
    let label = args.get_one::<String>("app_label").map(String::as_str);
    let name = args.get_one::<String>("migration_name").map(String::as_str);
    if args.get_flag("forget-progress") {
        return forget_progress(context, &database, label, name).await;
    }
    let graph = migrations::graph(context, &applied(&database).await?)?;
    graph.check_apps().map_err(|error| failed(&error))?;
    // To record what is missing is the way out of a history with gaps.
    if !args.get_flag("fake") {
        graph.check_consistent_history(&context.alias).map_err(|error| failed(&error))?;
    }
    graph.check_conflicts().map_err(|error| failed(&error))?;
    if let Some(label) = label {
        migrated_app(context, &graph, label)?;
    }
    let targets = match (label, name) {
        (Some(label), Some(name)) => vec![graph.target(label, name).map_err(|error| failed(&error))?],
        _ => graph.leaf_targets(label),
    };
    if args.get_flag("prune") {
        prune::prune(context, &database, &graph, label).await?;
    }
    let plan = graph.plan(&targets).map_err(|error| failed(&error))?;
    let graph = graph.for_targets(&targets).map_err(|error| failed(&error))?;
    if args.get_flag("plan") {
        plan::show(context.terminal, &graph, &plan);
        let fails = args.get_flag("check") && !plan.is_empty();
        return if fails { Err(CommandError::silent(1)) } else { Ok(()) };
    }
    if args.get_flag("check") {
        return if plan.is_empty() { Ok(()) } else { Err(CommandError::silent(1)) };
    }
    if args.get_flag("prune") {
        return Ok(());
    }
    plan::refuse_one_way(&graph, &plan, args.get_flag("fake"))?;
    let mode = match (args.get_flag("fake"), args.get_flag("fake-initial")) {
        (true, _) => Mode::Fake,
        (false, true) => Mode::FakeInitial,
        (false, false) => Mode::Run,
    };
    let run = run::Run { context, database: &database, graph: &graph, mode };
    run.announce(&targets, name.is_some());
    if plan.is_empty() {
        run.nothing_to_apply(&graph)?;
    }
    run.steps(&plan).await?;
    let graph = migrations::graph(context, &applied(&database).await?)?;
    let state = graph.applied_state().map_err(|error| failed(&error))?;
    rows::write(context, &database, &graph, &state).await?;
    told::tell(context, &plan, &state).await
}

async fn applied(database: &Database) -> Result<Vec<Key>, CommandError> {
    let rows = db_migrate::applied(database).await;
    let rows = rows.map_err(|error| database::failed("cannot read which migrations are applied", &error))?;
    Ok(rows.into_iter().map(|row| (row.app, row.name)).collect())
}

async fn forget_progress(
    context: &Context<'_>,
    database: &Database,
    label: Option<&str>,
    name: Option<&str>,
) -> Result<(), CommandError> {
    let (Some(label), Some(name)) = (label, name) else {
        return Err(CommandError::new("`--forget-progress` needs an app and a migration")
            .with_hint("`cargo manage migrate APP NAME --forget-progress`")
            .with_code(2));
    };
    let graph = migrations::graph(context, &[])?;
    let migration = graph.find(label, name).map_err(|error| failed(&error))?;
    let tell = |notice: Notice<'_>| context.terminal.aside(notice.to_string());
    // Not while somebody migrates: what is forgotten then is what runs.
    let forgotten = Executor::new(database, &tell)
        .forget(label, &migration.name)
        .await
        .map_err(|error| database::failed("cannot forget the progress", &error))?;
    let label = migration.label();
    context.terminal.print(if forgotten {
        format!("The progress of {label} is forgotten; the next `migrate` begins it anew.")
    } else {
        format!("No progress of {label} is known.")
    });
    Ok(())
}
