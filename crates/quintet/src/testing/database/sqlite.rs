//! SQLite: a file that is migrated once and kept in memory, so that a killed test leaves no template behind.

use quintet_db::Connection;

use super::{migrate, sqlite_url};
use crate::settings::Settings;
use crate::testing::{aside, block_on, scratch::Scratch};

/// The bytes of a database that has all tables.
pub(super) fn template(settings: &Settings, name: &str) -> Result<Vec<u8>, String> {
    let folder = Scratch::made().map_err(|error| format!("no folder can be made: {error}"))?;
    let (file, whole) = (folder.path().join("migrated.sqlite3"), folder.path().join("template.sqlite3"));
    let url = sqlite_url(file);
    migrate(settings, name, url.clone())?;
    let database = quintet_db::Database::connect(&url, folder.path());
    // Not the file itself: what was written last may stand in the one beside it.
    let sql = format!("VACUUM INTO '{}'", whole.display().to_string().replace('\'', "''"));
    aside::run(|| block_on(database.script(&sql))).map_err(|error| format!("the template cannot be kept: {error}"))?;
    std::fs::read(&whole).map_err(|error| format!("the template cannot be read: {error}"))
}
