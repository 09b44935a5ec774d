//! What to say to a command line that cannot be read: clap's finding in this project's words.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::terminal::{Failure, Terminal};

/// Help and version were asked for and are printed; everything else is a usage error.
pub(super) fn explain(error: &clap::Error, line: &[OsString], terminal: &Terminal) -> Result<u8, Failure> {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        terminal.print(&error.render().to_string())?;
        return Ok(0);
    }
    let hint = did_you_mean(error).unwrap_or_else(|| format!("see `{}`", help_of(line)));
    Err(Failure { code: 2, message: message(error), hint: Some(hint) })
}

fn message(error: &clap::Error) -> String {
    let argument = context(error, ContextKind::InvalidArg).join(" and ");
    let value = context(error, ContextKind::InvalidValue).join(" ");
    match error.kind() {
        ErrorKind::UnknownArgument => format!("`{argument}` was not expected"),
        ErrorKind::MissingRequiredArgument => format!("{argument} is missing"),
        ErrorKind::ArgumentConflict => format!("`{argument}` was given more than once"),
        ErrorKind::InvalidValue if value.is_empty() => format!("`{argument}` needs a value"),
        ErrorKind::InvalidValue => format!("`{value}` is not a value of `{argument}`"),
        ErrorKind::InvalidUtf8 => "an argument is not Unicode".to_owned(),
        _ => first_line(error),
    }
}

fn did_you_mean(error: &clap::Error) -> Option<String> {
    let values = context(error, ContextKind::ValidValue);
    if !values.is_empty() {
        return Some(format!("use one of `{}`", values.join("`, `")));
    }
    let similar = context(error, ContextKind::SuggestedArg);
    similar.first().map(|similar| format!("did you mean `{similar}`?"))
}

fn context(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}

/// `quintet help VERB` if the line starts with a verb.
fn help_of(line: &[OsString]) -> String {
    match line.get(1).and_then(|verb| verb.to_str()) {
        Some(verb) if super::own_or_similar(verb).is_ok() => format!("quintet help {verb}"),
        _ => "quintet help".to_owned(),
    }
}

/// A kind that this command has no words for yet.
fn first_line(error: &clap::Error) -> String {
    let text = error.to_string();
    text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()
}
