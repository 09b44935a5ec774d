//! Receivers of what `migrate` did: `post_migrate(fill)` in the `signals` of an app.

use quintet_core::migrate::graph::Step;
use quintet_core::schema::ProjectState;

use crate::model::Model;

/// A database that was migrated, as a receiver of `post_migrate` is told.
#[derive(Clone, Copy, Debug)]
pub struct Migrated<'a> {
    /// The name of the database in the settings: `default`, or another.
    pub database: &'a str,
    /// The migrations that were run, by app and name, each with whether it was undone. None where all were applied before,
    /// and none behind `flush`.
    pub steps: &'a [Step],
    state: &'a ProjectState,
}

impl<'a> Migrated<'a> {
    /// What is told; `state` has the models that have their tables.
    pub fn new(database: &'a str, steps: &'a [Step], state: &'a ProjectState) -> Self {
        Self { database, steps, state }
    }

    /// Whether the database has the table of a model, which it has not where its app was migrated backwards, or where a
    /// router keeps it elsewhere: `migrated.has::<Note>()`.
    pub fn has<M: Model>(&self) -> bool {
        self.state.model(M::APP_LABEL, M::DEF.name).is_some()
    }
}
