//! `squashmigrations`: one migration that stands for many.

use clap::{Arg, ArgAction, ArgMatches};
use quintet_core::migrate::names;
use quintet_core::migrate::optimize::optimize;
use quintet_core::operation::Operation;

use crate::manage::migrations::files::Folder;
use crate::manage::migrations::writing::{refuse_unknown_files, text};
use crate::manage::migrations::{asking, failed, graph, migrated_app};
use crate::manage::{Checks, Command, CommandError, Context, Style, database};

pub(super) const COMMAND: Command = Command {
    name: "squashmigrations",
    about: "Make one migration out of many",
    args,
    checks: Checks::Configured,
    run,
};

fn args(command: clap::Command) -> clap::Command {
    let flag = |name: &'static str, help: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    command
        .arg(Arg::new("app_label").required(true).help("The migrations' app"))
        .arg(
            Arg::new("names")
                .required(true)
                .num_args(1..=2)
                .value_names(["START", "LAST"])
                .help("The last migration to squash, or the first and the last"),
        )
        .arg(flag("no-optimize", "Keep all operations as they are"))
        .arg(flag("noinput", "Do not ask").alias("no-input"))
        .arg(Arg::new("squashed-name").long("squashed-name").value_name("NAME").help("The name of the new migration"))
        .arg(flag("no-header", "Write no header into the file"))
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    let name = args.get_one::<String>("squashed-name").map(String::as_str);
    if name.is_some_and(|name| !names::is_valid_ending(name)) {
        return Err(CommandError::new("the name of a migration is made of letters, digits and underscores")
            .with_hint("write it so: `--squashed-name all_of_2026`"));
    }
    let applied = database::applied_keys(context)?;
    let graph = graph(context, &applied)?;
    let label = args.get_one::<String>("app_label").map_or("", String::as_str);
    let app = migrated_app(context, &graph, label)?;
    let ends: Vec<&str> = args.get_many::<String>("names").unwrap_or_default().map(String::as_str).collect();
    let (from, to) = if let [from, to] = ends[..] { (Some(from), to) } else { (None, ends[0]) };
    let squash = graph.squash(label, from, to).map_err(|error| failed(&error))?;
    let terminal = context.terminal;
    let says = terminal.verbosity() > 0;
    let asks = !args.get_flag("noinput");
    if says || asks {
        terminal.print(terminal.styled(Style::Heading, "Will squash the following migrations:"));
        for (_, name) in &squash.migrations {
            terminal.print(format!(" - {name}"));
        }
    }
    if asks && !asking::yes(context, "Do you wish to proceed? [y/N] ")? {
        return Ok(());
    }
    let before = squash.operations.len();
    let operations = if args.get_flag("no-optimize") {
        say(context, "(Skipping optimization.)");
        squash.operations.clone()
    } else {
        say(context, "Optimizing...");
        let optimized = optimize(squash.operations.clone(), label, graph.user_model());
        say(
            context,
            &match optimized.len() {
                after if after == before => "  No optimizations possible.".to_owned(),
                after => format!("  Optimized from {before} operations to {after} operations."),
            },
        );
        optimized
    };
    let migration = squash.migration(operations, name);
    let folder = Folder::of(app, context.folder())?;
    let known: Vec<&str> =
        graph.files().iter().filter(|file| file.app == label).map(|file| file.name.as_str()).collect();
    refuse_unknown_files(&folder, &known)?;
    if folder.has(&migration.name) {
        return Err(CommandError::new(format!("migration `{}` already exists", migration.name))
            .with_hint("name the new one: `--squashed-name NAME`"));
    }
    folder.write(&migration.name, &text(app, &migration, !args.get_flag("no-header"))?)?;
    let names: Vec<&str> = squash.migrations.iter().map(|(_, name)| name.as_str()).collect();
    for (squashed, function) in private(&folder, &names, &migration.operations) {
        let what = format!("the new migration names `{function}`, which is private to `{}`", folder.shown(squashed));
        context.terminal.warn(&what, Some(&format!("write `pub` before it: `pub async fn {function}`")));
    }
    say(context, &format!("Created new squashed migration {}", folder.shown(&migration.name)));
    say(
        context,
        "  You should commit this migration but leave the old ones in place;\n  \
         the new migration will be used for new installs. Once you are sure\n  \
         all instances of the codebase have applied the migrations you squashed,\n  \
         you can delete them.",
    );
    Ok(())
}

/// The functions in files of squashed migrations that the new one names and may not, each with its migration.
fn private<'a>(folder: &Folder, names: &[&'a str], operations: &[Operation]) -> Vec<(&'a str, String)> {
    let mut paths = vec![];
    operations.iter().for_each(|operation| paths_of(operation, &mut paths));
    let mut found = vec![];
    for path in paths {
        let Some((module, function)) = path.rsplit_once("::") else { continue };
        let stands_in =
            |name: &&&str| module.rsplit("::").next().is_some_and(|last| folder.file(name) == format!("{last}.rs"));
        let Some(name) = names.iter().find(stands_in) else { continue };
        let hidden = (*name, function.to_owned());
        if !found.contains(&hidden) && folder.hides(name, function) {
            found.push(hidden);
        }
    }
    found
}

fn paths_of<'a>(operation: &'a Operation, paths: &mut Vec<&'a str>) {
    match operation {
        Operation::RunRust { code, reverse, .. } => {
            paths.extend([Some(code), reverse.as_ref()].into_iter().flatten().map(|code| code.path.as_str()));
        }
        Operation::SeparateDatabaseAndState { database, .. } => {
            database.iter().for_each(|operation| paths_of(operation, paths));
        }
        _ => {}
    }
}

fn say(context: &Context<'_>, text: &str) {
    if context.terminal.verbosity() > 0 {
        context.terminal.print(text);
    }
}
