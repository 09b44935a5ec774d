//! The autodetector: from two states of a project to the migrations that lead from one to the other.
//!
//! [`detect`] is a pure function. What it cannot know it asks, one [`Question`] at a time: the caller gets an answer, adds
//! it to the [`Answers`] and calls again. Which operations it makes, in which order and under which names, is the
//! reference's behaviour; it knows nothing about SQL or files.

mod arrange;
mod fields;
mod models;
mod need;
mod options;
mod relations;
mod rename;
mod rules;
mod sort;
mod split;
#[cfg(test)]
mod tests;
mod work;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

pub use arrange::empty;

use super::optimize::optimize;
use super::question::{Answers, Question};
use crate::operation::Migration;
use crate::schema::ProjectState;
use work::Work;

/// What is known of the migrations that there are.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The last migration of each app that has one.
    pub leaves: BTreeMap<String, String>,
    /// Apps without a list of migrations. They get none unless they are asked for by name.
    pub unmigrated: BTreeSet<String>,
}

/// What is asked of the autodetector.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The apps whose changes are wanted, with what these depend on; empty for all.
    pub apps: BTreeSet<String>,
    /// The name of the migrations, behind the number; made from the operations unless said.
    pub name: Option<String>,
    /// The time now as `20240131_1200`, for migrations whose operations have no names.
    pub timestamp: String,
}

/// What came out.
#[derive(Clone, Debug, PartialEq)]
pub enum Detected {
    /// Something has to be known first.
    Ask(Box<Question>),
    /// The migrations of each app with changes; none where nothing changed.
    Changes(Vec<AppChanges>),
}

/// The new migrations of an app, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct AppChanges {
    /// The app's label.
    pub app: String,
    /// Its new migrations.
    pub migrations: Vec<Migration>,
}

/// Changes that cannot be brought into an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DetectError {
    /// What is wrong, for people.
    pub message: String,
}

/// The migrations that lead from one state to another, or a question.
pub fn detect(
    from: &ProjectState,
    to: &ProjectState,
    history: &History,
    request: &Request,
    answers: &Answers,
) -> Result<Detected, DetectError> {
    let mut work = Work::new(from, to, history, request, answers);
    if let Err(question) = generate(&mut work) {
        return Ok(Detected::Ask(question));
    }
    let mut sorted = BTreeMap::new();
    for (app, list) in work.operations {
        let list = sort::by_need(&app, list)?;
        sorted.insert(app, list);
    }
    let existing: BTreeSet<&str> = from.models.keys().map(|(app, _)| app.as_str()).collect();
    let mut changes = split::into_migrations(&sorted, &existing, history)?;
    let user_model = format!("{}.{}", to.user_model.0, to.user_model.1);
    for migration in changes.iter_mut().flat_map(|changes| &mut changes.migrations) {
        let operations = std::mem::take(&mut migration.operations);
        migration.operations = optimize(operations, &migration.app, &user_model);
    }
    let changes = arrange::after_leaves(changes, history, request);
    Ok(Detected::Changes(arrange::trimmed(changes, &request.apps)))
}

/// All operations, in the order in which the reference makes them: where nothing else decides, it is kept.
fn generate(work: &mut Work<'_>) -> Result<(), Box<Question>> {
    rename::models(work)?;
    work.list_fields();
    models::deleted(work);
    models::created(work);
    models::deleted_proxies(work);
    models::created_proxies(work);
    options::altered(work);
    options::managers(work);
    options::table_comments(work);
    let renames = rename::find_fields(work)?;
    let indexes = rules::altered_indexes(work);
    let constraints = rules::altered_constraints(work);
    rules::remove_constraints(work, &constraints);
    rules::remove_indexes(work, &indexes);
    rename::fields(work, &renames);
    rules::rename_indexes(work, &indexes);
    rules::shrink_unique_together(work);
    fields::removed(work);
    fields::added(work)?;
    fields::altered(work)?;
    options::order_with_respect_to(work);
    rules::grow_unique_together(work);
    rules::add_indexes(work, &indexes);
    rules::add_constraints(work, &constraints);
    rules::alter_constraints(work, &constraints);
    options::tables(work);
    Ok(())
}

impl DetectError {
    fn circle(place: &str, stuck: &[String]) -> Self {
        Self {
            message: format!(
                "the changes of {place} need each other in a circle: {}\nhint: make one of them in a migration of its own \
                 first, with `makemigrations --empty`",
                stuck.join(", ")
            ),
        }
    }
}

impl fmt::Display for DetectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for DetectError {}
