//! Questions of the autodetector put to whoever sits at the terminal, or answered by the rules where nobody does.

use quintet_core::migrate::question::{
    Answer, Dialogue, Question, Said, Unasked, YesOrNo, in_a_dry_run, without_asking,
};
use quintet_core::schema::Function;

use crate::manage::{CommandError, Context};
use crate::models::{new_uuid, utc_now, utc_today};

/// How a run treats questions.
#[derive(Clone, Copy, Debug)]
pub(in crate::manage) struct Asking {
    /// Whether somebody is asked.
    pub(in crate::manage) interactive: bool,
    /// Whether nothing is written, so that values do not matter.
    pub(in crate::manage) dry_run: bool,
    /// Whether prompts and messages go to the standard error.
    pub(in crate::manage) aside: bool,
}

impl Asking {
    /// The answer to a question.
    pub(in crate::manage) fn answer(self, context: &Context<'_>, question: &Question) -> Result<Answer, CommandError> {
        if !self.interactive {
            return match without_asking(question) {
                Unasked::Answered(answer, told) => {
                    if let Some(told) = told.filter(|_| context.terminal.verbosity() > 0) {
                        self.say(context, &told);
                    }
                    Ok(answer)
                }
                Unasked::Stop(told, code) => {
                    if context.terminal.verbosity() > 0 {
                        self.say(context, &told);
                    }
                    Err(CommandError::silent(code))
                }
            };
        }
        if let Some(answer) = in_a_dry_run(question).filter(|_| self.dry_run) {
            return Ok(answer);
        }
        let functions = functions();
        let (mut dialogue, mut text) = Dialogue::begin(question, &functions);
        loop {
            let line = self.ask(context, &text)?;
            match dialogue.hear(&line) {
                Said::More(more) => text = more,
                Said::Answer(answer) => return Ok(answer),
                Said::Leave(code) => return Err(CommandError::silent(code)),
            }
        }
    }

    /// A question for yes or no, no unless said.
    pub(in crate::manage) fn yes(self, context: &Context<'_>, prompt: &str) -> Result<bool, CommandError> {
        let mut question = YesOrNo::default();
        let mut text = prompt.to_owned();
        loop {
            match question.hear(&self.ask(context, &text)?) {
                Ok(yes) => return Ok(yes),
                Err(again) => again.clone_into(&mut text),
            }
        }
    }

    /// A line about what is going on.
    pub(in crate::manage) fn say(self, context: &Context<'_>, text: &str) {
        if self.aside {
            context.terminal.aside(text);
        } else {
            context.terminal.print(text);
        }
    }

    fn ask(self, context: &Context<'_>, prompt: &str) -> Result<String, CommandError> {
        let line = if self.aside { context.terminal.ask_aside(prompt) } else { context.terminal.ask(prompt) };
        line.ok_or_else(|| {
            CommandError::new("there is a question, and the input has ended")
                .with_hint("run it in a terminal, or with `--noinput`")
        })
    }
}

/// A question for yes or no at the terminal.
pub(in crate::manage) fn yes(context: &Context<'_>, prompt: &str) -> Result<bool, CommandError> {
    Asking { interactive: true, dry_run: false, aside: false }.yes(context, prompt)
}

/// The functions that may be named where a default is asked for.
fn functions() -> [(&'static str, Function); 3] {
    [("now()", Function::of(utc_now)), ("today()", Function::of(utc_today)), ("uuid4()", Function::of(new_uuid))]
}
