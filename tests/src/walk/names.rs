//! The answers to the autodetector's questions, as whoever made the change would give them.

use quintet_core::migrate::question::{AboutField, Answer, Question};
use quintet_core::schema::{Initial, ModelKey};

use super::change::Changed;
use super::field::value;

/// The truth about a step.
pub(super) fn answer(question: &Question, changes: &[Changed]) -> Answer {
    let yes = |is: bool| if is { Answer::Yes } else { Answer::No };
    match question {
        Question::RenameModel { app, old_name, new_name } => {
            let is = |key: &ModelKey, name: &str| key.0 == *app && key.1 == name.to_lowercase();
            yes(changes.iter().flat_map(|one| &one.models).any(|(old, new)| is(old, old_name) && is(new, new_name)))
        }
        // No two fields of a walk ever have the same name.
        Question::RenameField { old_name, new_name, .. } => {
            yes(changes.iter().flat_map(|one| &one.fields).any(|(_, old, new)| old == old_name && new == new_name))
        }
        Question::AddRequired(about) | Question::AddAutoNowAdd(about) | Question::AlterNotNull(about) => {
            let AboutField { field, .. } = about;
            Answer::Default(Initial::Value(value(&field.kind, 6)))
        }
        Question::UniqueFunction { .. } => Answer::GoOn,
    }
}
