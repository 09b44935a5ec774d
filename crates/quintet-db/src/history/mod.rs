//! Models as they were at a point of the history: what the code of a migration works with.
//!
//! The structs of today may lack a field, or a whole model, that there was when the migration was written. So models are
//! named by texts here, and a name that is not known is an error. All work goes row by row over the state of that time.

mod code;
pub(crate) mod columns;
mod delete;
mod json;
mod model;
mod row;
pub(crate) mod storage;

use std::sync::Arc;

use quintet_core::schema::{ModelState, ProjectState};
use quintet_core::sql::Dialect;

pub use code::{Body, DataMigration, Runs, bound, code};
pub use model::{Batches, HistoricalModel};
pub use row::HistoricalRow;

use crate::error::{Error, Result};

/// The models at a point of the history.
#[derive(Clone, Debug)]
pub struct Apps {
    state: Arc<ProjectState>,
    dialect: Dialect,
}

impl Apps {
    /// The models of a state, on a kind of database.
    pub fn new(state: ProjectState, dialect: Dialect) -> Self {
        Self { state: Arc::new(state), dialect }
    }

    /// The state that they are of.
    pub fn state(&self) -> &ProjectState {
        &self.state
    }

    /// A model by its label: `api.Note`. The table that a many-to-many field makes is `api.Note_tags`.
    pub fn model(&self, label: &str) -> Result<HistoricalModel> {
        let unknown = || {
            let known: Vec<String> = self.state.models.values().map(ModelState::label).collect();
            Error::other(format!("there is no model `{label}` at this point of the history")).with_hint(format!(
                "there are `{}`; a model of another app needs a dependency on that app's migration",
                known.join("`, `")
            ))
        };
        let (app, name) = label.split_once('.').ok_or_else(unknown)?;
        let found = self.state.model(app, name).cloned().or_else(|| self.join_model(app, name));
        HistoricalModel::new(Arc::clone(&self.state), self.dialect, &found.ok_or_else(unknown)?)
    }

    fn join_model(&self, app: &str, name: &str) -> Option<ModelState> {
        joins(&self.state).find(|join| join.app == app && join.name.eq_ignore_ascii_case(name))
    }
}

/// The models that many-to-many fields make by themselves.
fn joins(state: &ProjectState) -> impl Iterator<Item = ModelState> {
    state.models.values().flat_map(move |model| {
        model.fields.iter().filter_map(move |(name, field)| state.join_model(model, name, field))
    })
}
