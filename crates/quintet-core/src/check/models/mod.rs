//! System checks over models: what is wrong with them before any database is asked.
//!
//! Ids are the reference's. A check is about the state of the project; where a field stands in the sources is told by
//! whoever knows the structs.

mod expressions;
mod fields;
mod indexes;
mod names;
mod options;
mod parents;
mod permissions;
mod relations;
mod tables;
#[cfg(test)]
mod tests;

use super::Message;
use crate::schema::{Field, ModelState, ProjectState};
use crate::sql::Dialect;

/// What the checks are told.
pub struct ModelFacts<'a> {
    /// The models.
    pub state: &'a ProjectState,
    /// The database that they are for, where one is configured.
    pub dialect: Option<Dialect>,
    /// Where a model, or a field of it, stands: `src/api/models.rs:12`.
    pub place: &'a dyn Fn(&ModelState, Option<&str>) -> Option<String>,
}

/// All messages, model by model.
pub fn models(facts: &ModelFacts<'_>) -> Vec<Message> {
    let mut found = Found { facts, messages: vec![] };
    for model in facts.state.models.values() {
        names::check(&mut found, model);
        for (name, field) in &model.fields {
            let at = At { model, name, field };
            fields::check(&mut found, &at);
            relations::check(&mut found, &at);
        }
        options::check(&mut found, model);
        indexes::check(&mut found, model);
        tables::check(&mut found, model);
        permissions::check(&mut found, model);
    }
    parents::check(&mut found);
    relations::clashes(&mut found);
    tables::clashes(&mut found);
    indexes::shared_names(&mut found);
    found.messages
}

/// A field with its model.
struct At<'a> {
    model: &'a ModelState,
    name: &'a str,
    field: &'a Field,
}

/// The messages so far.
struct Found<'a> {
    facts: &'a ModelFacts<'a>,
    messages: Vec<Message>,
}

impl<'a> Found<'a> {
    fn state(&self) -> &'a ProjectState {
        self.facts.state
    }

    fn field(&mut self, message: Message, at: &At<'_>) {
        let object = format!("{}.{}", at.model.label(), at.name);
        self.add(message, object, (self.facts.place)(at.model, Some(at.name)));
    }

    fn model(&mut self, message: Message, model: &ModelState) {
        self.add(message, model.label(), (self.facts.place)(model, None));
    }

    fn add(&mut self, message: Message, object: String, place: Option<String>) {
        let object = match place {
            Some(place) => format!("{place}: {object}"),
            None => object,
        };
        self.messages.push(message.about(object));
    }
}
