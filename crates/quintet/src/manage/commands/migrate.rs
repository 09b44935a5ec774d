//! `migrate`: brings a database to where the migrations say, forwards or backwards.
//!
//! Verbs, flags, texts and exit codes are the reference's; each migration is done together with its record, and one
//! process migrates at a time.

use std::collections::BTreeSet;
use std::time::Instant;

use clap::{Arg, ArgAction, ArgMatches};
use quintet_core::migrate::detect::{Detected, Request, detect};
use quintet_core::migrate::graph::{Graph, Key, Step, Target};
use quintet_core::migrate::question::{Answers, Unasked, without_asking};
use quintet_core::operation::{Migration, Operation};
use quintet_core::schema::ProjectState;
use quintet_db::Database;
use quintet_db::migrate::{self as db_migrate, Direction, Executor, Mode, Notice, Outcome};

use super::makemigrations::history;
use crate::manage::migrations::{self, failed, migrated_app, rows};
use crate::manage::{Checks, Command, CommandError, Context, Style, Terminal, database};

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
        graph.check_consistent_history("default").map_err(|error| failed(&error))?;
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
        prune(context, &database, &graph, label).await?;
    }
    let plan = graph.plan(&targets).map_err(|error| failed(&error))?;
    let graph = graph.for_targets(&targets).map_err(|error| failed(&error))?;
    if args.get_flag("plan") {
        show_plan(context.terminal, &graph, &plan);
        let fails = args.get_flag("check") && !plan.is_empty();
        return if fails { Err(CommandError::silent(1)) } else { Ok(()) };
    }
    if args.get_flag("check") {
        return if plan.is_empty() { Ok(()) } else { Err(CommandError::silent(1)) };
    }
    if args.get_flag("prune") {
        return Ok(());
    }
    refuse_one_way(&graph, &plan, args.get_flag("fake"))?;
    let mode = match (args.get_flag("fake"), args.get_flag("fake-initial")) {
        (true, _) => Mode::Fake,
        (false, true) => Mode::FakeInitial,
        (false, false) => Mode::Run,
    };
    let run = Run { context, database: &database, graph: &graph, mode };
    run.announce(&targets, name.is_some());
    if plan.is_empty() {
        run.nothing_to_apply(&graph)?;
    }
    run.steps(&plan).await?;
    let graph = migrations::graph(context, &applied(&database).await?)?;
    let state = graph.applied_state().map_err(|error| failed(&error))?;
    rows::write(context, &database, &graph, &state).await
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
    let forgotten = db_migrate::forget(database, label, &migration.name)
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

/// What cannot be undone is told before anything runs.
fn refuse_one_way(graph: &Graph, plan: &[Step], fake: bool) -> Result<(), CommandError> {
    for (key, _) in plan.iter().filter(|(_, backwards)| *backwards && !fake) {
        let Some(migration) = graph.migration(key) else { continue };
        let Some(operation) = migration.operations.iter().find(|operation| !has_way_back(operation)) else { continue };
        let place = migration.file.as_ref().map(|file| format!(" ({file})")).unwrap_or_default();
        return Err(CommandError::new(format!(
            "the migration `{}`{place} cannot be unapplied: `{}` has no way back",
            migration.label(),
            operation.describe()
        ))
        .with_hint("give it one: `.reverse(..)`, or `.reverse_sql(..)`; nothing was changed"));
    }
    Ok(())
}

fn has_way_back(operation: &Operation) -> bool {
    match operation {
        Operation::RunSql { reverse, .. } => reverse.is_some(),
        Operation::RunRust { reverse, .. } => reverse.is_some(),
        Operation::SeparateDatabaseAndState { database, .. } => database.iter().all(has_way_back),
        _ => true,
    }
}

fn show_plan(terminal: &Terminal, graph: &Graph, plan: &[Step]) {
    terminal.print("Planned operations:");
    if plan.is_empty() {
        terminal.print("  No planned migration operations.");
    }
    for (key, backwards) in plan {
        let Some(migration) = graph.migration(key) else { continue };
        terminal.print(terminal.styled(Style::Heading, &migration.label()));
        for operation in &migration.operations {
            terminal.print(format!("    {}", planned(operation, *backwards)));
        }
    }
}

/// An operation in a plan; those of a project's own are told with what they run.
fn planned(operation: &Operation, backwards: bool) -> String {
    let own = match (operation, backwards) {
        (Operation::RunRust { code, .. }, false) => Some(code.path.clone()),
        (Operation::RunRust { reverse, .. }, true) => Some(one_way(reverse.as_ref().map(|code| code.path.clone()))),
        (Operation::RunSql { sql, .. }, false) => Some(sql.join(" ")),
        (Operation::RunSql { reverse, .. }, true) => Some(one_way(reverse.as_ref().map(|sql| sql.join(" ")))),
        _ => None,
    };
    match own {
        Some(own) => format!("{}{}", operation.describe(), shortened(&format!(" -> {}", own.replace('\n', "")))),
        None if backwards => format!("Undo {}", operation.describe()),
        None => operation.describe(),
    }
}

fn one_way(way_back: Option<String>) -> String {
    way_back.unwrap_or_else(|| "IRREVERSIBLE".to_owned())
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= 40 {
        text.to_owned()
    } else {
        format!("{}…", text.chars().take(39).collect::<String>())
    }
}

async fn prune(
    context: &Context<'_>,
    database: &Database,
    graph: &Graph,
    label: Option<&str>,
) -> Result<(), CommandError> {
    let Some(label) = label else {
        return Err(CommandError::new("migrations can be pruned only when an app is specified")
            .with_hint("`cargo manage migrate APP --prune`"));
    };
    let terminal = context.terminal;
    let says = terminal.verbosity() > 0;
    if says {
        terminal.print(terminal.styled(Style::Heading, "Pruning migrations:"));
    }
    match graph.prunable(label) {
        Err(squashed) => {
            terminal.print(
                "  Cannot use --prune because the following squashed migrations name what they replace and may not be \
                 recorded as applied:",
            );
            squashed.iter().for_each(|(app, name)| terminal.print(format!("    {app}.{name}")));
            terminal.print(
                "  Run `migrate` if they are not marked as applied, and take `.replaces(..)` out of their files.",
            );
        }
        Ok(prunable) => {
            for (app, name) in &prunable {
                db_migrate::unrecord(database, app, name)
                    .await
                    .map_err(|error| database::failed("cannot prune", &error))?;
                if says {
                    terminal.print(format!("  Pruning {app}.{name} OK"));
                }
            }
            if prunable.is_empty() && says {
                terminal.print("  No migrations to prune.");
            }
        }
    }
    Ok(())
}

/// A run over a plan.
struct Run<'a> {
    context: &'a Context<'a>,
    database: &'a Database,
    graph: &'a Graph,
    mode: Mode,
}

impl Run<'_> {
    fn announce(&self, targets: &[Target], one: bool) {
        self.say(&self.heading("Operations to perform:"));
        self.say(&match (one, targets) {
            (true, [(app, None)]) => format!("  Unapply all migrations: {app}"),
            (true, [(app, Some(name))]) => format!("  Target specific migration: {name}, from {app}"),
            _ => {
                let apps: BTreeSet<&str> = targets.iter().map(|(app, _)| app.as_str()).collect();
                let apps: Vec<&str> = apps.into_iter().collect();
                let apps = if apps.is_empty() { "(none)".to_owned() } else { apps.join(", ") };
                format!("  Apply all migrations: {apps}")
            }
        });
        self.say(&self.heading("Running migrations:"));
    }

    /// Tells of changes in the models that are in no migration yet.
    fn nothing_to_apply(&self, graph: &Graph) -> Result<(), CommandError> {
        self.say("  No migrations to apply.");
        let from = graph.state().map_err(|error| failed(&error))?;
        let to = migrations::models(self.context);
        let changed = changed_apps(self.context, graph, &from, &to)?;
        if !changed.is_empty() {
            let apps: Vec<String> = changed.iter().map(|app| format!("'{app}'")).collect();
            self.say(&format!(
                "  Your models in app(s): {} have changes that are not yet reflected in a migration, and so won't be \
                 applied.",
                apps.join(", ")
            ));
            self.say(
                "  Run 'cargo manage makemigrations' to make new migrations, and then re-run 'cargo manage migrate' to \
                 apply them.",
            );
        }
        Ok(())
    }

    async fn steps(&self, plan: &[Step]) -> Result<(), CommandError> {
        let terminal = self.context.terminal;
        let tell = |notice: Notice<'_>| {
            if terminal.verbosity() >= 1 {
                terminal.aside(notice.to_string());
            }
        };
        let executor = Executor::new(self.database, &tell);
        let backwards = plan.iter().any(|(_, backwards)| *backwards);
        let keys: Vec<Key> = plan.iter().map(|(key, _)| key.clone()).collect();
        let mut states =
            if backwards { self.graph.applied_states_before(&keys).map_err(|error| failed(&error))? } else { vec![] };
        let mut state = self.graph.applied_state().map_err(|error| failed(&error))?;
        for (key, backwards) in plan {
            let Some(migration) = self.graph.migration(key) else { continue };
            if *backwards {
                let at = states.iter().position(|(of, _)| of == key);
                let Some(at) = at else { continue };
                let (_, before) = states.remove(at);
                self.step(&executor, migration, &before, Direction::Backwards).await?;
            } else {
                self.step(&executor, migration, &state, Direction::Forwards).await?;
                migration.apply(&mut state).map_err(|error| CommandError::new(error.to_string()))?;
            }
        }
        self.record_replacements().await
    }

    async fn step(
        &self,
        executor: &Executor<'_>,
        migration: &Migration,
        before: &ProjectState,
        direction: Direction,
    ) -> Result<(), CommandError> {
        let terminal = self.context.terminal;
        let says = terminal.verbosity() >= 1;
        let verb = if direction == Direction::Forwards { "Applying" } else { "Unapplying" };
        if says {
            terminal.begin(format!("  {verb} {}...", migration.label()));
        }
        let started = Instant::now();
        let migration = rows::with_renamed_content_types(migration, before);
        let outcome = executor.apply(&migration, before, direction, self.mode).await;
        let time = format!(" ({:.3}s)", started.elapsed().as_secs_f64());
        match outcome {
            Ok(outcome) => {
                let word = match outcome {
                    Outcome::Done => " OK",
                    Outcome::Faked => " FAKED",
                    Outcome::Already => " already done by another process",
                };
                if says {
                    terminal.print(format!("{}{time}", terminal.styled(Style::Success, word)));
                }
                Ok(())
            }
            Err(error) => {
                if says {
                    terminal.print(terminal.styled(Style::Error, " FAILED"));
                }
                let text = error.to_string();
                let (message, hint) = text.split_once("\nhint: ").unwrap_or((&text, ""));
                Err(CommandError::new(message).with_hint(hint))
            }
        }
    }

    /// A squashed migration is recorded as soon as all that it replaces is.
    async fn record_replacements(&self) -> Result<(), CommandError> {
        let graph = migrations::graph(self.context, &applied(self.database).await?)?;
        for (app, name) in graph.unrecorded_replacements() {
            db_migrate::record(self.database, &app, &name)
                .await
                .map_err(|error| database::failed("cannot record a squashed migration", &error))?;
        }
        Ok(())
    }

    fn heading(&self, text: &str) -> String {
        self.context.terminal.styled(Style::Heading, text)
    }

    fn say(&self, text: &str) {
        if self.context.terminal.verbosity() >= 1 {
            self.context.terminal.print(text);
        }
    }
}

/// The apps whose models are not as their migrations say.
pub(in crate::manage) fn changed_apps(
    context: &Context<'_>,
    graph: &Graph,
    from: &ProjectState,
    to: &ProjectState,
) -> Result<Vec<String>, CommandError> {
    let (history, request) = (history(context, graph), Request::default());
    let mut answers = Answers::default();
    loop {
        match detect(from, to, &history, &request, &answers).map_err(|error| CommandError::new(error.to_string()))? {
            Detected::Changes(changes) => return Ok(changes.into_iter().map(|changes| changes.app).collect()),
            Detected::Ask(question) => match without_asking(&question) {
                Unasked::Answered(answer, _) => answers.add(*question, answer),
                // A field without a default is a change, whatever its default will be.
                Unasked::Stop(..) => {
                    use quintet_core::migrate::question::Answer;
                    answers.add(*question, Answer::GoOn);
                }
            },
        }
    }
}
