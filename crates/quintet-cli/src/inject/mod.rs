//! The two lines that wire an app into a project, put into files that belong to the user.
//!
//! Each injector takes a text and gives the text with the line in it, the same text if the line is
//! there, or [`Unrecognised`]: it never guesses. It understands comments, strings and brackets, and
//! nothing of what the code means. What it made is read again before it is handed out.

mod installed_apps;
mod module_list;
mod tokens;

pub(crate) use installed_apps::add_installed_app;
pub(crate) use module_list::add_module;

/// The text is not one that the injector knows how to change, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unrecognised(pub(crate) &'static str);

/// How the text ends its lines.
fn line_end(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// Where the line that holds `position` starts.
fn line_start(text: &str, position: usize) -> usize {
    text[..position].rfind('\n').map_or(0, |newline| newline + 1)
}

/// The white space in front of the line that holds `position`.
fn indentation(text: &str, position: usize) -> &str {
    let line = &text[line_start(text, position)..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}
