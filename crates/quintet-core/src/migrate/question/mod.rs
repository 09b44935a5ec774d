//! What the autodetector cannot know and asks: was this renamed, and which value do rows get that there are?
//!
//! A [`Question`] is data. [`Dialogue`] holds the conversation about one with a person, [`without_asking`] says what
//! happens where nobody is there, and [`parse_default`] reads the value that a person types.

mod default;
mod dialogue;
#[cfg(test)]
mod tests;
mod unasked;

pub use default::parse_default;
pub use dialogue::{Dialogue, Said, YesOrNo};
pub use unasked::{Unasked, in_a_dry_run, without_asking};

use crate::schema::{Field, Initial};

/// What has to be known before there can be migrations.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// Was a model renamed, or is the other one new?
    RenameModel {
        /// The app.
        app: String,
        /// The name that it may have had.
        old_name: String,
        /// The name of the one that is new.
        new_name: String,
    },
    /// Was a field renamed, or is the other one new?
    RenameField {
        /// The app.
        app: String,
        /// The model, in lower case.
        model: String,
        /// The name that it may have had.
        old_name: String,
        /// The name of the one that is new.
        new_name: String,
        /// The kind of field, as the reference calls it.
        class: &'static str,
    },
    /// A new field is not null and has no default.
    AddRequired(AboutField),
    /// A new field is set when a row is made, and rows that there are were made before.
    AddAutoNowAdd(AboutField),
    /// A field is not null any more and has no default.
    AlterNotNull(AboutField),
    /// A new field is unique, and a function makes its default: once for all rows that there are.
    UniqueFunction {
        /// The app.
        app: String,
        /// The model, in lower case.
        model: String,
        /// The field's name.
        name: String,
    },
}

/// The field that a question is about.
#[derive(Clone, Debug, PartialEq)]
pub struct AboutField {
    /// The app.
    pub app: String,
    /// The model, in lower case.
    pub model: String,
    /// The field's name.
    pub name: String,
    /// The field.
    pub field: Field,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// It was renamed.
    Yes,
    /// It was not.
    No,
    /// Rows that there are get this.
    Default(Initial),
    /// Nothing is done about rows that there are, or about what was warned of.
    GoOn,
}

/// The answers so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers(Vec<(Question, Answer)>);

impl Answers {
    /// Adds the answer to a question.
    pub fn add(&mut self, question: Question, answer: Answer) {
        self.0.push((question, answer));
    }

    /// The answer to a question, where there is one.
    pub fn get(&self, question: &Question) -> Option<&Answer> {
        self.0.iter().find(|(asked, _)| asked == question).map(|(_, answer)| answer)
    }
}

impl AboutField {
    /// A field by app, model and name.
    pub(super) fn new((app, model, name): (&str, &str, &str), field: &Field) -> Self {
        Self { app: app.to_owned(), model: model.to_owned(), name: name.to_owned(), field: field.clone() }
    }
}
