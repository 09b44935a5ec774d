//! `makemigrations`: writes migrations for what changed in the models.
//!
//! What the models were is told by the migrations that the program was built with, never by a database. Verbs, flags,
//! texts and exit codes are the reference's.

use std::collections::{BTreeMap, BTreeSet};

use clap::{Arg, ArgAction, ArgMatches};
use quintet_core::migrate::detect::{AppChanges, Detected, History, Request, detect, empty};
use quintet_core::migrate::graph::Graph;
use quintet_core::migrate::names;
use quintet_core::migrate::optimize::optimize;
use quintet_core::migrate::question::Answers;
use quintet_core::operation::{Dependency, Migration};

use crate::clock::Moment;
use crate::manage::migrations::asking::Asking;
use crate::manage::migrations::files::Folder;
use crate::manage::migrations::writing::{refuse_unknown_files, text};
use crate::manage::migrations::{self, failed};
use crate::manage::{Checks, Command, CommandError, Context, Style, database};

pub(super) const COMMAND: Command = Command {
    name: "makemigrations",
    about: "Write migrations for what changed in the models",
    args,
    checks: Checks::First,
    run,
};

fn args(command: clap::Command) -> clap::Command {
    let flag = |name: &'static str, help: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    command
        .arg(Arg::new("app_label").num_args(0..).help("Only these apps"))
        .arg(flag("dry-run", "Show what would be written, and write nothing"))
        .arg(flag("merge", "Join migrations that are in conflict"))
        .arg(flag("empty", "Write an empty migration, to be filled by hand"))
        .arg(flag("noinput", "Do not ask").alias("no-input"))
        .arg(Arg::new("name").short('n').long("name").value_name("NAME").help("The name of the migrations"))
        .arg(flag("no-header", "Write no header into the files"))
        .arg(flag("check", "Fail where migrations are missing, and write nothing"))
        .arg(flag("scriptable", "Only the paths of written files to the standard output"))
        .arg(flag("update", "Put the changes into the app's last migration"))
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    let check = args.get_flag("check");
    let making = Making {
        context,
        asking: Asking {
            interactive: !args.get_flag("noinput"),
            dry_run: args.get_flag("dry-run") || check,
            aside: args.get_flag("scriptable"),
        },
        labels: args.get_many::<String>("app_label").unwrap_or_default().cloned().collect(),
        name: args.get_one::<String>("name").cloned(),
        with_header: !args.get_flag("no-header"),
    };
    if making.name.as_ref().is_some_and(|name| !names::is_valid(name)) {
        return Err(CommandError::new("the migration name must be a valid identifier")
            .with_hint("write it with letters, digits and underscores: `--name add_slug`"));
    }
    for label in &making.labels {
        migrations::app(context, label).map_err(|error| error.with_code(2))?;
    }
    let graph = migrations::graph(context, &[])?;
    making.check_history()?;
    let mut conflicts = graph.conflicts();
    conflicts.retain(|(app, _)| making.labels.is_empty() || making.labels.contains(app));
    if args.get_flag("merge") {
        return making.merge(&graph, &conflicts);
    }
    if !conflicts.is_empty() {
        return Err(graph.check_conflicts().err().map_or_else(|| CommandError::silent(1), |error| failed(&error)));
    }
    let request = making.request();
    let history = history(context, &graph);
    if args.get_flag("empty") {
        if making.labels.is_empty() {
            return Err(CommandError::new("you must supply at least one app label when using --empty")
                .with_hint("`cargo manage makemigrations APP --empty`"));
        }
        return making.write(&graph, &empty(&history, &request));
    }
    let changes = making.detect(&graph, &history, &request)?;
    if changes.is_empty() {
        making.say_nothing_changed();
        return Ok(());
    }
    if args.get_flag("update") {
        making.update(&graph, changes)?;
    } else {
        making.write(&graph, &changes)?;
    }
    if check { Err(CommandError::silent(1)) } else { Ok(()) }
}

/// What is known of the migrations that there are.
pub(in crate::manage) fn history(context: &Context<'_>, graph: &Graph) -> History {
    let apps = context.settings.installed_apps.iter();
    History {
        leaves: graph.leaf_nodes(None).into_iter().collect::<BTreeMap<_, _>>(),
        unmigrated: apps
            .filter(|app| app.migrations.is_none())
            .map(|app| app.label.to_owned())
            .collect::<BTreeSet<_>>(),
    }
}

/// A run of the command.
struct Making<'a> {
    context: &'a Context<'a>,
    asking: Asking,
    labels: BTreeSet<String>,
    name: Option<String>,
    with_header: bool,
}

impl Making<'_> {
    /// A database that can be asked must not have migrations out of their order; one that cannot is only told of.
    fn check_history(&self) -> Result<(), CommandError> {
        let applied = match database::applied_keys(self.context) {
            Ok(applied) => applied,
            Err(error) => {
                let told = format!("the history of migrations could not be checked: {}", error.text());
                self.context.terminal.warn(&told, Some("`check --database default` says more"));
                return Ok(());
            }
        };
        let graph = migrations::graph(self.context, &applied)?;
        graph.check_consistent_history("default").map_err(|error| failed(&error))
    }

    fn request(&self) -> Request {
        Request { apps: self.labels.clone(), name: self.name.clone(), timestamp: Moment::now().stamp() }
    }

    fn detect(&self, graph: &Graph, history: &History, request: &Request) -> Result<Vec<AppChanges>, CommandError> {
        let from = graph.state().map_err(|error| failed(&error))?;
        let to = migrations::models(self.context);
        let mut answers = Answers::default();
        loop {
            match detect(&from, &to, history, request, &answers)
                .map_err(|error| CommandError::new(error.to_string()))?
            {
                Detected::Changes(changes) => return Ok(changes),
                Detected::Ask(question) => {
                    let answer = self.asking.answer(self.context, &question)?;
                    answers.add(*question, answer);
                }
            }
        }
    }

    fn say_nothing_changed(&self) {
        let labels: Vec<&str> = self.labels.iter().map(String::as_str).collect();
        self.say(&match labels[..] {
            [] => "No changes detected".to_owned(),
            [one] => format!("No changes detected in app '{one}'"),
            _ => format!("No changes detected in apps '{}'", labels.join("', '")),
        });
    }

    fn write(&self, graph: &Graph, changes: &[AppChanges]) -> Result<(), CommandError> {
        // Everything is made before anything is written: what cannot be written leaves no half of the changes.
        let mut files = vec![];
        for AppChanges { app: label, migrations } in changes {
            let app = migrations::app(self.context, label)?;
            let folder = self.folder(graph, label)?;
            for migration in migrations {
                files.push((folder.clone(), migration, text(app, migration, self.with_header)?));
            }
        }
        let mut before = "";
        for (folder, migration, text) in &files {
            if before != migration.app {
                self.heading(&format!("Migrations for '{}':", migration.app));
                before = &migration.app;
            }
            self.tell(folder, migration, text);
            if !self.asking.dry_run {
                folder.write(&migration.name, text)?;
            }
        }
        Ok(())
    }

    fn folder(&self, graph: &Graph, label: &str) -> Result<Folder, CommandError> {
        let folder = Folder::of(migrations::app(self.context, label)?, self.context.folder())?;
        let known = graph.files().iter().filter(|file| file.app == label).map(|file| file.name.as_str());
        refuse_unknown_files(&folder, &known.collect::<Vec<_>>())?;
        Ok(folder)
    }

    fn tell(&self, folder: &Folder, migration: &Migration, text: &str) {
        let path = folder.shown(&migration.name);
        self.say(&format!("  {path}"));
        for operation in &migration.operations {
            self.say(&format!("    {} {}", operation.symbol(), operation.describe()));
        }
        if self.asking.aside && self.context.terminal.verbosity() >= 1 {
            self.context.terminal.print(path);
        }
        if self.asking.dry_run && self.context.terminal.verbosity() == 3 {
            self.heading(&format!("Full migrations file '{}':", folder.file(&migration.name)));
            self.say(text.trim_end());
        }
    }

    /// The changes become a part of the app's last migration.
    fn update(&self, graph: &Graph, changes: Vec<AppChanges>) -> Result<(), CommandError> {
        let applied = database::applied_keys(self.context)?;
        // Everything is made before anything is written, as in `write`.
        let mut files = vec![];
        for AppChanges { app: label, migrations } in changes {
            let Some(leaf) = graph.leaf_nodes(Some(&label)).first().and_then(|key| graph.migration(key)) else {
                return Err(CommandError::new(format!("App {label} has no migration, cannot update last migration.")));
            };
            refuse_update(graph, leaf, &applied)?;
            let updated = self.updated(graph, leaf, migrations);
            let folder = self.folder(graph, &label)?;
            folder.refuse_own_code(&leaf.name)?;
            let text = text(migrations::app(self.context, &label)?, &updated, self.with_header)?;
            files.push((folder, leaf, updated, text));
        }
        for (folder, leaf, updated, text) in files {
            self.heading(&format!("Migrations for '{}':", leaf.app));
            self.tell(&folder, &updated, &text);
            if !self.asking.dry_run {
                folder.write(&updated.name, &text)?;
                folder.remove(&leaf.name)?;
                self.say(&format!("Deleted {}", folder.shown(&leaf.name)));
            }
        }
        Ok(())
    }

    fn updated(&self, graph: &Graph, leaf: &Migration, more: Vec<Migration>) -> Migration {
        let mut updated = leaf.clone();
        for migration in more {
            updated.operations.extend(migration.operations);
            let needed = migration.dependencies.into_iter().filter(|dependency| match dependency {
                Dependency::On(app, _) => *app != leaf.app,
                Dependency::UserModel => true,
            });
            for dependency in needed {
                if !updated.dependencies.contains(&dependency) {
                    updated.dependencies.push(dependency);
                }
            }
        }
        updated.operations = optimize(updated.operations, &leaf.app, graph.user_model());
        let suggested = self.name.clone().unwrap_or_else(|| {
            names::suggested(&updated.operations, updated.initial == Some(true), &Moment::now().stamp())
        });
        updated.name = names::updated(&leaf.name, &suggested);
        updated
    }

    fn merge(&self, graph: &Graph, conflicts: &[(String, Vec<String>)]) -> Result<(), CommandError> {
        if conflicts.is_empty() {
            self.say("No conflicts detected to merge.");
            return Ok(());
        }
        for (label, ends) in conflicts {
            let merge = graph.merge(label, ends).map_err(|error| failed(&error))?;
            merge.lines().iter().for_each(|line| self.say(line));
            let question = "\nMerging will only work if the operations printed above do not conflict\nwith each other \
                            (working on different fields or models)\nShould these migration branches be merged? [y/N] ";
            if self.asking.interactive && !self.asking.yes(self.context, question)? {
                continue;
            }
            let migration = merge.migration(self.name.as_deref(), &Moment::now().stamp());
            let folder = self.folder(graph, label)?;
            let text = text(migrations::app(self.context, label)?, &migration, self.with_header)?;
            if self.asking.dry_run {
                if self.context.terminal.verbosity() == 3 {
                    self.heading(&format!("Full merge migrations file '{}':", folder.file(&migration.name)));
                    self.say(text.trim_end());
                }
                continue;
            }
            folder.write(&migration.name, &text)?;
            self.say(&format!("\nCreated new merge migration {}", folder.shown(&migration.name)));
            if self.asking.aside {
                self.context.terminal.print(folder.shown(&migration.name));
            }
        }
        Ok(())
    }

    fn say(&self, text: &str) {
        if self.context.terminal.verbosity() >= 1 {
            self.asking.say(self.context, text);
        }
    }

    fn heading(&self, text: &str) {
        self.say(&self.context.terminal.styled(Style::Heading, text));
    }
}

fn refuse_update(graph: &Graph, leaf: &Migration, applied: &[(String, String)]) -> Result<(), CommandError> {
    let label = leaf.label();
    if !leaf.replaces.is_empty() {
        return Err(CommandError::new(format!("Cannot update squash migration '{label}'."))
            .with_hint("make a new migration: leave `--update` out"));
    }
    if applied.contains(&leaf.key()) {
        let (app, name) = leaf.key();
        return Err(CommandError::new(format!("Cannot update applied migration '{label}'.")).with_hint(format!(
            "leave `--update` out, or unapply it first: `migrate {app} PREVIOUS`, the one before `{name}`"
        )));
    }
    let needs =
        |migration: &&Migration| migration.dependencies.contains(&Dependency::On(leaf.app.clone(), leaf.name.clone()));
    let depending: Vec<String> =
        graph.files().iter().filter(needs).map(|migration| format!("'{}'", migration.label())).collect();
    if depending.is_empty() {
        return Ok(());
    }
    let all = depending.join(", ");
    Err(CommandError::new(format!("Cannot update migration '{label}' that migrations {all} depend on."))
        .with_hint("make a new migration: leave `--update` out"))
}
