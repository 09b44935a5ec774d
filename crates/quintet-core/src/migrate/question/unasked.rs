//! What happens to a question where nobody is there to answer: `--noinput`, or a run that writes nothing.

use super::{AboutField, Answer, Question};
use crate::schema::{Initial, Value};

/// What becomes of a question that nobody is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Unasked {
    /// It is answered, and this is told.
    Answered(Answer, Option<String>),
    /// It cannot be: this is told, the process ends with this code, and nothing is changed.
    Stop(String, u8),
}

/// The answer with `--noinput`: nothing was renamed, and no value is made up. The texts are the reference's.
pub fn without_asking(question: &Question) -> Unasked {
    let stop = |about: &AboutField, reason: &str| {
        let AboutField { model, name, .. } = about;
        Unasked::Stop(format!("Field '{name}' on model '{model}' not migrated: {reason}."), 3)
    };
    match question {
        Question::RenameModel { .. } | Question::RenameField { .. } => Unasked::Answered(Answer::No, None),
        Question::AddRequired(about) => {
            stop(about, "it is impossible to add a non-nullable field without specifying a default")
        }
        Question::AddAutoNowAdd(about) => {
            stop(about, "it is impossible to add a field with 'auto_now_add=True' without specifying a default")
        }
        Question::AlterNotNull(AboutField { model, name, .. }) => {
            let told =
                format!("Field '{name}' on model '{model}' given a default of NOT PROVIDED and must be corrected.");
            Unasked::Answered(Answer::GoOn, Some(told))
        }
        Question::UniqueFunction { .. } => Unasked::Answered(Answer::GoOn, None),
    }
}

/// The answer to a question that matters to the written file only, in an interactive run that writes none. Renames are
/// asked for all the same.
pub fn in_a_dry_run(question: &Question) -> Option<Answer> {
    match question {
        Question::RenameModel { .. } | Question::RenameField { .. } => None,
        Question::AddRequired(_) | Question::AddAutoNowAdd(_) | Question::AlterNotNull(_) => {
            Some(Answer::Default(Initial::Value(Value::Null)))
        }
        Question::UniqueFunction { .. } => Some(Answer::GoOn),
    }
}
