//! A walk without a database: what changes at each step, and the migrations that are detected for it.
//!
//! Made already here: that the operations lead to the models that were meant, that nothing is detected afterwards, and
//! that every migration can be written as Rust.

use std::collections::BTreeSet;
use std::fmt;

use quintet_core::migrate::detect::{Detected, History, Request, detect};
use quintet_core::migrate::question::Answers;
use quintet_core::migrate::write::{WriteOptions, write};
use quintet_core::operation::{Dependency, Migration, Operation};
use quintet_core::schema::{ModelKey, ProjectState};

use super::change::{Changed, small};
use super::models::Models;
use super::names::answer;
use super::shape::large;
use super::start;
use crate::support::Random;

/// A walk, before anyone walks it.
#[derive(Debug)]
pub struct Course {
    /// The steps; the first makes the models of the start.
    pub steps: Vec<Step>,
}

/// One step of a walk.
#[derive(Clone, Debug)]
pub struct Step {
    /// What it changes; nothing for the first.
    pub(super) changes: Vec<Changed>,
    /// The migrations, in the order in which they are applied.
    pub migrations: Vec<Migration>,
    /// The models before.
    pub(super) before: ProjectState,
    /// The models after.
    pub(super) after: ProjectState,
    /// The models before, in the order in which their rows can be made.
    pub(super) order_before: Vec<ModelKey>,
    /// The same of those after.
    pub(super) order_after: Vec<ModelKey>,
}

impl Course {
    /// A walk by chance.
    ///
    /// # Errors
    /// What was wrong with the migrations of a step, with the walk as far as it came.
    pub fn new(random: &mut Random) -> Result<Self, String> {
        let mut history = History::default();
        let mut state = ProjectState::new("auth.User");
        let mut models = start::models(random);
        let mut course = Self { steps: vec![] };
        let mut order = vec![];
        let mut changes = vec![];
        for _ in 0..7 + random.below(7) {
            let mut step = Step {
                changes,
                migrations: vec![],
                before: state.clone(),
                after: state.clone(),
                order_before: order,
                order_after: models.order.clone(),
            };
            let done = step.detect(&models.state, &mut history);
            state = step.after.clone();
            order = models.order.clone();
            course.steps.push(step);
            done.map_err(|error| format!("{error}\n{course}"))?;
            changes = change(&mut models, random);
        }
        Ok(course)
    }
}

/// One large change or a few small ones.
fn change(models: &mut Models, random: &mut Random) -> Vec<Changed> {
    if random.below(3) == 0 {
        return large(models, random).into_iter().collect();
    }
    let mut touched = BTreeSet::new();
    let count = *random.one_of(&[1, 1, 2, 3]);
    (0..count).filter_map(|_| small(models, random, &mut touched)).collect()
}

impl Step {
    fn detect(&mut self, wanted: &ProjectState, history: &mut History) -> Result<(), String> {
        let found = detected(&self.before, wanted, history, &self.changes)?;
        self.migrations = in_order(found)?;
        for migration in &self.migrations {
            migration.apply(&mut self.after).map_err(|error| format!("{}: {error}", migration.label()))?;
            history.leaves.insert(migration.app.clone(), migration.name.clone());
            let options = WriteOptions { crate_name: "walk".to_owned(), header: None };
            let text = write(migration, &options).map_err(|error| error.to_string())?;
            if !text.contains(&migration.name) {
                return Err(format!("the text of {} does not name it", migration.label()));
            }
        }
        let (after, meant) = (sorted(&self.after), sorted(wanted));
        for key in meant.models.keys().chain(after.models.keys()).collect::<BTreeSet<_>>() {
            let (got, want) = (after.models.get(key), meant.models.get(key));
            if got != want {
                return Err(format!("the operations lead to\n{got:#?}\ninstead of\n{want:#?}"));
            }
        }
        let more = detected(&self.after, wanted, history, &self.changes)?;
        if more.is_empty() { Ok(()) } else { Err(format!("more is detected: {more:#?}")) }
    }
}

/// What is detected, with all questions answered.
pub(super) fn detected(
    from: &ProjectState,
    to: &ProjectState,
    history: &History,
    changes: &[Changed],
) -> Result<Vec<Migration>, String> {
    let mut answers = Answers::default();
    let request = Request { timestamp: "20240131_1200".to_owned(), ..Request::default() };
    for _ in 0..200 {
        match detect(from, to, history, &request, &answers).map_err(|error| error.to_string())? {
            Detected::Ask(question) => {
                let said = answer(&question, changes);
                answers.add(*question, said);
            }
            Detected::Changes(changes) => return Ok(changes.into_iter().flat_map(|one| one.migrations).collect()),
        }
    }
    Err("there is no end of questions".to_owned())
}

/// Each behind those that it depends on.
pub(super) fn in_order(mut migrations: Vec<Migration>) -> Result<Vec<Migration>, String> {
    let mut ordered = vec![];
    while !migrations.is_empty() {
        let waits = |migration: &Migration| {
            migration.dependencies.iter().any(|dependency| match dependency {
                Dependency::On(app, name) => migrations.iter().any(|other| (&other.app, &other.name) == (app, name)),
                Dependency::UserModel => false,
            })
        };
        let next = migrations.iter().position(|migration| !waits(migration)).ok_or("migrations in a circle")?;
        ordered.push(migrations.remove(next));
    }
    Ok(ordered)
}

/// A state in which nothing has an order that does not matter.
fn sorted(state: &ProjectState) -> ProjectState {
    let mut state = state.clone();
    for model in state.models.values_mut() {
        model.fields.sort_by(|one, other| one.0.cmp(&other.0));
        model.options.indexes.sort_by(|one, other| one.name.cmp(&other.name));
        model.options.constraints.sort_by(|one, other| one.name().cmp(other.name()));
        model.options.unique_together.sort();
    }
    state
}

impl fmt::Display for Course {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, step) in self.steps.iter().enumerate() {
            writeln!(f, "step {number}")?;
            for changed in &step.changes {
                writeln!(f, "    {}", changed.text)?;
            }
            for migration in &step.migrations {
                let does: Vec<String> = migration.operations.iter().map(Operation::describe).collect();
                writeln!(f, "        {}: {}", migration.label(), does.join("; "))?;
            }
        }
        Ok(())
    }
}
