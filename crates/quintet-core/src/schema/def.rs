//! What a derive knows of a struct.

use super::ModelState;

/// A model as its struct declares it: where it stands, and how its state is made.
#[derive(Clone, Copy, Debug)]
pub struct ModelDef {
    /// The struct's name.
    pub name: &'static str,
    /// The file that it stands in.
    pub file: &'static str,
    /// The line that it begins at.
    pub line: u32,
    /// Where its fields stand.
    pub fields: &'static [FieldPlace],
    /// Its state, without the app's label, which the app's list gives it.
    pub state: fn() -> ModelState,
}

/// Where a field stands.
#[derive(Clone, Copy, Debug)]
pub struct FieldPlace {
    /// Its name.
    pub name: &'static str,
    /// Its line.
    pub line: u32,
}

impl ModelDef {
    /// The state of the model in an app.
    pub fn state_in(&self, app: &str) -> ModelState {
        let mut state = (self.state)();
        if state.app.is_empty() {
            app.clone_into(&mut state.app);
        }
        state.fill_names();
        state
    }

    /// `src/api/models.rs:12`, of a field or else of the struct.
    pub fn place(&self, field: Option<&str>) -> String {
        let line = self.fields.iter().find(|place| Some(place.name) == field).map_or(self.line, |place| place.line);
        format!("{}:{line}", self.file)
    }
}
