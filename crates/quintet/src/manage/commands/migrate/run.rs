//! Runs a plan, and tells each migration with its time.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::time::Instant;

use quintet_core::migrate::detect::{Detected, Request, detect};
use quintet_core::migrate::graph::{Graph, Key, Step, Target};
use quintet_core::migrate::question::{Answers, Unasked, without_asking};
use quintet_core::operation::Migration;
use quintet_core::schema::ProjectState;
use quintet_db::Database;
use quintet_db::migrate::{self as db_migrate, Direction, Executor, Mode, Notice, Outcome};

use super::super::makemigrations::history;
use super::applied;
use crate::manage::migrations::allowed::{allowed, is_allowed};
use crate::manage::migrations::{self, failed, rows};
use crate::manage::{CommandError, Context, Style, database};

/// A run over a plan.
pub(super) struct Run<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) database: &'a Database,
    pub(super) graph: &'a Graph,
    pub(super) mode: Mode,
}

impl Run<'_> {
    pub(super) fn announce(&self, targets: &[Target], one: bool) {
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
    pub(super) fn nothing_to_apply(&self, graph: &Graph) -> Result<(), CommandError> {
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

    pub(super) async fn steps(&self, plan: &[Step]) -> Result<(), CommandError> {
        let terminal = self.context.terminal;
        let tell = |notice: Notice<'_>| {
            if terminal.verbosity() >= 1 {
                terminal.aside(notice.to_string());
            }
        };
        let executor = Executor::new(self.database, &tell).in_zone(&self.context.settings.time_zone);
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
        let migration = if is_allowed(self.context, "contenttypes", Some("ContentType")) {
            rows::with_renamed_content_types(migration, before)
        } else {
            Cow::Borrowed(migration)
        };
        let migration = allowed(self.context, migration);
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
fn changed_apps(
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
