//! The conversation with a person about one question: which text follows on which line that was typed.
//!
//! Pure: [`Dialogue::begin`] gives the first text to show, and [`Dialogue::hear`] takes a line and gives the next, until
//! there is an answer or the person leaves. The texts are the reference's, except where they speak of its language.

use super::{AboutField, Answer, Question, parse_default};
use crate::schema::Function;

/// A conversation that has begun.
#[derive(Clone, Debug)]
pub struct Dialogue<'a> {
    question: &'a Question,
    /// The functions that may be named as a default, as `now()` and the like.
    functions: &'a [(&'a str, Function)],
    stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    YesOrNo(YesOrNo),
    Choice,
    Default,
}

/// What follows on a line.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// A text to show; then another line is needed.
    More(String),
    /// The answer.
    Answer(Answer),
    /// The person leaves: the process ends with this code and nothing is changed.
    Leave(u8),
}

/// A question for yes or no, no unless said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct YesOrNo {
    again: bool,
}

impl YesOrNo {
    /// What a line says, or the text that asks again.
    pub fn hear(&mut self, line: &str) -> Result<bool, &'static str> {
        if line.is_empty() && !self.again {
            return Ok(false);
        }
        match line.chars().next() {
            Some('y' | 'Y') => Ok(true),
            Some('n' | 'N') => Ok(false),
            _ => {
                self.again = true;
                Err("Please answer yes or no: ")
            }
        }
    }
}

const NEEDS_VALUE: &str = "This is because the database needs something to populate existing rows.\n";
const ONE_OFF: &str =
    "Provide a one-off default now (will be set on all existing rows with a null value for this column)";
const QUIT: &str = "Quit and manually define a default value in models.rs.";

impl<'a> Dialogue<'a> {
    /// A conversation and its first text. `functions` are those that may be named where a default is asked for.
    pub fn begin(question: &'a Question, functions: &'a [(&'a str, Function)]) -> (Self, String) {
        let is_yes_or_no = matches!(question, Question::RenameModel { .. } | Question::RenameField { .. });
        let stage = if is_yes_or_no { Stage::YesOrNo(YesOrNo::default()) } else { Stage::Choice };
        let dialogue = Self { question, functions, stage };
        let choices = dialogue.choices();
        let mut text = dialogue.opening();
        for (at, choice) in choices.iter().enumerate() {
            text += &format!(" {}) {choice}\n", at + 1);
        }
        if !choices.is_empty() {
            text += "Select an option: ";
        }
        (dialogue, text)
    }

    /// What follows on a line, given without its end.
    pub fn hear(&mut self, line: &str) -> Said {
        match &mut self.stage {
            Stage::YesOrNo(question) => match question.hear(line) {
                Ok(yes) => Said::Answer(if yes { Answer::Yes } else { Answer::No }),
                Err(again) => Said::More(again.to_owned()),
            },
            Stage::Choice => self.choose(line),
            Stage::Default => self.take_default(line),
        }
    }

    fn opening(&self) -> String {
        match self.question {
            Question::RenameModel { app, old_name, new_name } => {
                format!("Was the model {app}.{old_name} renamed to {new_name}? [y/N] ")
            }
            Question::RenameField { model, old_name, new_name, class, .. } => {
                format!("Was {model}.{old_name} renamed to {model}.{new_name} (a {class})? [y/N] ")
            }
            Question::AddRequired(AboutField { model, name, .. }) => format!(
                "It is impossible to add a non-nullable field '{name}' to {model} without specifying a default. \
                 {NEEDS_VALUE}Please select a fix:\n"
            ),
            Question::AddAutoNowAdd(AboutField { model, name, .. }) => format!(
                "It is impossible to add the field '{name}' with 'auto_now_add=True' to {model} without providing a \
                 default. {NEEDS_VALUE}"
            ),
            Question::AlterNotNull(AboutField { model, name, .. }) => format!(
                "It is impossible to change a nullable field '{name}' on {model} to non-nullable without providing a \
                 default. {NEEDS_VALUE}Please select a fix:\n"
            ),
            Question::UniqueFunction { model, name, .. } => format!(
                "Callable default on unique field {model}.{name} will not generate unique values upon migrating.\n\
                 Please choose how to proceed:\n"
            ),
        }
    }

    fn choices(&self) -> &'static [&'static str] {
        match self.question {
            Question::RenameModel { .. } | Question::RenameField { .. } => &[],
            Question::AddRequired(_) => &[ONE_OFF, QUIT],
            Question::AddAutoNowAdd(_) => {
                &["Provide a one-off default now which will be set on all existing rows", QUIT]
            }
            Question::AlterNotNull(_) => &[
                ONE_OFF,
                "Ignore for now. Existing rows that contain NULL values will have to be handled manually, for example \
                 with a RunRust or RunSql operation.",
                QUIT,
            ],
            Question::UniqueFunction { .. } => &[
                "Continue making this migration as the first step in writing a manual migration to generate unique \
                 values.",
                "Quit and edit field options in models.rs.",
            ],
        }
    }

    fn choose(&mut self, line: &str) -> Said {
        let last = self.choices().len();
        match (line.trim().parse::<usize>(), self.question) {
            (Ok(chosen), _) if chosen == last => Said::Leave(3),
            (Ok(1), Question::UniqueFunction { .. }) | (Ok(2), Question::AlterNotNull(_)) => Said::Answer(Answer::GoOn),
            (Ok(1), _) => {
                self.stage = Stage::Default;
                Said::More(self.default_opening())
            }
            _ => Said::More("Please select a valid option: ".to_owned()),
        }
    }

    fn default_opening(&self) -> String {
        let mut text = "Please enter the default value as a Rust literal.\n".to_owned();
        if let Some(default) = self.offered() {
            text += &format!("Accept the default '{default}' by pressing 'Enter' or provide another value.\n");
        }
        let functions: Vec<&str> = self.functions.iter().map(|(name, _)| *name).collect();
        text += "Besides literals there are date(2024, 1, 31), time(12, 0), datetime(2024, 1, 31, 12, 0), \
                 duration(90.5), decimal(\"10.50\"), uuid(\"..\"), json(\"..\")";
        if !functions.is_empty() {
            text += &format!(" and the functions {}", functions.join(", "));
        }
        text + ".\nType 'exit' to exit this prompt\n" + &self.prompt()
    }

    fn take_default(&mut self, line: &str) -> Said {
        let line = if line.is_empty() { self.offered().unwrap_or_default() } else { line };
        if line.is_empty() {
            let hint = "Please enter some code, or 'exit' (without quotes) to exit.";
            return Said::More(format!("{hint}\n{}", self.prompt()));
        }
        if line == "exit" {
            return Said::Leave(1);
        }
        let (Question::AddRequired(about) | Question::AddAutoNowAdd(about) | Question::AlterNotNull(about)) =
            self.question
        else {
            return Said::Answer(Answer::GoOn);
        };
        match parse_default(line, &about.field, self.functions) {
            Ok(default) => Said::Answer(Answer::Default(default)),
            Err(problem) => Said::More(format!("{problem}\n{}", self.prompt())),
        }
    }

    fn prompt(&self) -> String {
        self.offered().map_or_else(|| ">>> ".to_owned(), |default| format!("[default: {default}] >>> "))
    }

    /// The default that an empty line stands for.
    fn offered(&self) -> Option<&'a str> {
        let is_now = |(name, _): &&(&'a str, Function)| *name == "now()";
        let now = self.functions.iter().find(is_now).map(|(name, _)| *name);
        now.filter(|_| matches!(self.question, Question::AddAutoNowAdd(_)))
    }
}
