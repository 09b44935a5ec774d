//! The Rust text of a migration's file.
//!
//! Written in the words of [`schema::words`](crate::schema::words) and [`operation::words`](crate::operation::words),
//! with nothing that goes without saying, laid out as `rustfmt` does by default. The same migration always gives the
//! same text, and the text, compiled, gives the same migration.

mod field;
mod layout;
mod list;
mod model;
mod operation;
mod text;
mod value;

use std::fmt;

use crate::operation::{Dependency, Migration};

pub use list::{add_to_mod, file_name, module, new_mod, remove_from_mod};
use text::Text;

/// What a file says besides the migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteOptions {
    /// The project's crate, whose functions are written as `crate::..`.
    pub crate_name: String,
    /// When it was made, for the first line: `2026-11-21 10:52`; none where the line says nothing of it.
    pub header: Option<String>,
}

/// What cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteError {
    /// What is wrong, for people.
    pub message: String,
    /// The way out.
    pub hint: String,
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for WriteError {}

/// The text of a migration's file.
pub fn write(migration: &Migration, options: &WriteOptions) -> Result<String, WriteError> {
    let first = match &options.header {
        Some(time) => format!("Made by quintet {} on {time}.", crate::VERSION),
        None => format!("Migration `{}` of the app `{}`.", migration.name, migration.app),
    };
    let body = layout::lay_out(&chain(migration, options)?, 4);
    Ok(format!("//! {first}\n\nuse quintet::migrations::*;\n\npub fn migration() -> Migration {{\n    {body}\n}}\n"))
}

fn chain(migration: &Migration, options: &WriteOptions) -> Result<Text, WriteError> {
    let mut text = Text::call("Migration::new", vec![Text::string(&migration.name)]);
    text = match migration.initial {
        None => text,
        Some(true) => text.then("initial", vec![]),
        Some(false) => text.then("not_initial", vec![]),
    };
    let pair = |text: Text, word: &str, (app, name): (&String, &String)| {
        text.then(word, vec![Text::string(app), Text::string(name)])
    };
    for (app, name) in &migration.replaces {
        text = pair(text, "replaces", (app, name));
    }
    let mut dependencies: Vec<&Dependency> = migration.dependencies.iter().collect();
    dependencies.sort();
    dependencies.dedup();
    for dependency in dependencies {
        text = match dependency {
            Dependency::On(app, name) => pair(text, "depends_on", (app, name)),
            Dependency::UserModel => text.then("depends_on_user_model", vec![]),
        };
    }
    for (app, name) in &migration.run_before {
        text = pair(text, "run_before", (app, name));
    }
    if !migration.atomic {
        text = text.then("not_atomic", vec![]);
    }
    let place = Place { crate_name: &options.crate_name, what: format!("the migration `{}`", migration.label()) };
    Ok(text.then("operations", vec![operation::operations(&migration.operations, &place)?]))
}

/// Where in a migration something is written, for errors; and whose crate it is.
struct Place<'a> {
    crate_name: &'a str,
    what: String,
}

impl<'a> Place<'a> {
    fn field(&self, model: &str, field: &str) -> Place<'a> {
        Place { crate_name: self.crate_name, what: format!("the field `{model}.{field}`") }
    }

    /// A function's path, in this crate by `crate::`. What has no path of its own cannot be written.
    fn path(&self, path: &str) -> Result<Text, WriteError> {
        let problem = if path.contains("{{closure}}") {
            "a closure, which has no name"
        } else if path.contains(['<', '{', ' ']) {
            "a generic function, which has no path of its own"
        } else {
            let own = path.strip_prefix(&self.crate_name.replace('-', "_")).filter(|rest| rest.starts_with("::"));
            return Ok(Text::Word(own.map_or_else(|| path.to_owned(), |rest| format!("crate{rest}"))));
        };
        Err(WriteError {
            message: format!("{} uses {problem}: `{path}`", self.what),
            hint: "name a function in its place: `fn new_code() -> String`".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests;
