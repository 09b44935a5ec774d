//! The text of a migration's file, as this project would have it.

use quintet_core::migrate::write::{WriteOptions, write};
use quintet_core::operation::Migration;

use super::files::Folder;
use crate::App;
use crate::clock::Moment;
use crate::manage::CommandError;

/// The text of a migration of an app.
pub(in crate::manage) fn text(app: &App, migration: &Migration, with_header: bool) -> Result<String, CommandError> {
    let header = with_header.then(|| Moment::now().minute().to_owned());
    let crate_name = app.module.split("::").next().unwrap_or(app.module).to_owned();
    write(migration, &WriteOptions { crate_name, header }).map_err(|error| {
        CommandError::new(format!("migration `{}`: {}", migration.label(), error.message)).with_hint(error.hint)
    })
}

/// Refuses to go on where files stand beside the migrations that the program does not know: it is older than they are.
pub(in crate::manage) fn refuse_unknown_files(folder: &Folder, known: &[&str]) -> Result<(), CommandError> {
    let unknown = folder.unknown(known);
    let Some(first) = unknown.first() else { return Ok(()) };
    Err(CommandError::new(format!("`{first}` is not a part of this program"))
        .with_hint("name it in the `mod.rs` beside it, or delete it; then build again: `cargo manage` does"))
}
