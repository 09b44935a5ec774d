//! What a command is: a row with a name, its arguments, and a function to run.

use std::cell::OnceCell;
use std::fmt::Display;
use std::future::Future;
use std::path::Path;

use clap::ArgMatches;
use quintet_core::check::{Level, report};
use quintet_db::Database;
use tokio::runtime::{Builder, Runtime};

use super::Terminal;
use crate::checks;
use crate::settings::{Loaded, Project, Reads, Settings};

/// A command of `manage`: one of ours, or one of an app's (`quintet::app! { api, commands = [greet::COMMAND] }`).
#[derive(Clone, Copy)]
pub struct Command {
    /// The verb.
    pub name: &'static str,
    /// What it does, in a line.
    pub about: &'static str,
    /// Adds its arguments; `|command| command` where it has none.
    pub args: fn(clap::Command) -> clap::Command,
    /// What must be in order before it runs.
    pub checks: Checks,
    /// Does it.
    pub run: fn(&Context<'_>, &ArgMatches) -> Result<(), CommandError>,
}

/// What must be in order before a command runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checks {
    /// Nothing: it runs without valid settings.
    Unconfigured,
    /// The settings.
    Configured,
    /// The settings, and the system checks, as for everything that touches the database.
    First,
}

/// What a command is given.
pub struct Context<'a> {
    pub(super) project: &'a Project,
    /// The settings.
    pub settings: Settings,
    /// Where it talks.
    pub terminal: &'a Terminal,
    /// The name of the database that `--database` means.
    pub(super) alias: String,
    skip_checks: bool,
    problems: Vec<(String, String)>,
    warnings: Vec<(String, String)>,
    pub(super) reads: Reads,
    runtime: OnceCell<Runtime>,
}

impl<'a> Context<'a> {
    pub(super) fn new(
        project: &'a Project,
        loaded: Loaded,
        (terminal, alias): (&'a Terminal, String),
        skip_checks: bool,
    ) -> Self {
        let Loaded { settings, problems, warnings, reads } = loaded;
        Self { project, settings, terminal, alias, skip_checks, problems, warnings, reads, runtime: OnceCell::new() }
    }

    /// The project's folder.
    pub fn folder(&self) -> &Path {
        &self.project.folder
    }

    /// The database of the settings, or the one that `--database` names where the command has that argument, with the models
    /// of the apps. A relative path counts from the project's folder. Nothing is opened yet.
    ///
    /// # Errors
    /// The models of the apps do not fit together.
    pub fn database(&self) -> Result<Database, CommandError> {
        super::database::open(self)
    }

    /// Sends messages as the settings say.
    pub fn mailer(&self) -> crate::mail::Mailer {
        crate::mail::mailer(&self.settings)
    }

    /// Waits for a future: commands are plain functions. All of a command's on one runtime, because connections to
    /// databases end with the one on which they were opened.
    pub fn block_on<T>(&self, future: impl Future<Output = T>) -> Result<T, CommandError> {
        let runtime = match self.runtime.get() {
            Some(runtime) => runtime,
            None => {
                let runtime = runtime(Some(1))?;
                self.runtime.get_or_init(|| runtime)
            }
        };
        Ok(runtime.block_on(future))
    }

    /// Whether the settings could be made; what is odd about them is shown.
    pub(super) fn configured(&self) -> Result<(), CommandError> {
        for (what, hint) in &self.warnings {
            self.terminal.warn(what, Some(hint));
        }
        for (what, hint) in &self.problems {
            self.terminal.error(what, Some(hint));
        }
        if self.problems.is_empty() { Ok(()) } else { Err(CommandError::silent(1)) }
    }

    /// The same, and the system checks, unless `--skip-checks`: warnings are shown, an error stops the command.
    pub(super) fn checked(&self) -> Result<(), CommandError> {
        self.configured()?;
        if self.skip_checks {
            return Ok(());
        }
        let report = report(checks::plain(&self.settings), &self.settings.silenced_system_checks);
        let text = report.text(Level::Error, false, |paint, text| self.terminal.paint(paint, text));
        if report.fails(Level::Error) {
            return Err(CommandError::new(text.trim_end()).with_hint("correct what is listed; `check` shows it again"));
        }
        if !report.shown.is_empty() {
            self.terminal.note(text.trim_end());
        }
        Ok(())
    }
}

/// What is still at work then is left to the end of the process.
impl Drop for Context<'_> {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Runs a future to its end, with so many threads or one for each core. What is still at work then, a view that blocks
/// its thread for one, is left to the end of the process.
pub(super) fn run_to_end<T>(threads: Option<usize>, future: impl Future<Output = T>) -> Result<T, CommandError> {
    let runtime = runtime(threads)?;
    let result = runtime.block_on(future);
    runtime.shutdown_background();
    Ok(result)
}

fn runtime(threads: Option<usize>) -> Result<Runtime, CommandError> {
    let mut builder = Builder::new_multi_thread();
    if let Some(threads) = threads {
        builder.worker_threads(threads);
    }
    builder.enable_all().build().map_err(|error| CommandError::because("no threads can be started", error))
}

/// Why a command failed: what, and the way out.
#[derive(Debug)]
pub struct CommandError {
    message: String,
    hint: Option<String>,
    code: u8,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl CommandError {
    /// A failure with exit code 1.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, code: 1, source: None }
    }

    /// The same with the way out.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same with another exit code.
    #[must_use]
    pub fn with_code(mut self, code: u8) -> Self {
        self.code = code;
        self
    }

    /// Only an exit code: everything is said already.
    pub fn silent(code: u8) -> Self {
        Self::new("").with_code(code)
    }

    /// What is wrong, without the way out.
    pub fn text(&self) -> &str {
        &self.message
    }

    /// Something that failed, and what was being done.
    pub fn because(doing: impl Display, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let source = source.into();
        let mut error = Self::new(format!("{doing}: {source}"));
        error.source = Some(source);
        error
    }

    pub(super) fn report(&self, terminal: &Terminal, traceback: bool) -> u8 {
        if !self.message.is_empty() {
            terminal.error(&self.message, self.hint.as_deref());
        }
        if traceback {
            let mut cause = self.source.as_deref().and_then(|source| source.source());
            while let Some(error) = cause {
                terminal.note(format!("because: {error}"));
                cause = error.source();
            }
        }
        self.code
    }
}
