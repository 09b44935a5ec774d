//! Regular expressions that clients write: whether the database takes one for such, which only it knows.

use quintet_core::schema::Value;
use quintet_core::sql::Dialect;
use quintet_db::{Db, ErrorKind};

use crate::http::{Error, Result};

/// What is said of one that is none.
pub(super) const NO_PATTERN: &str = "Enter a valid regular expression.";

/// Whether a lookup compares by a regular expression.
pub(super) fn is_by_pattern(lookup: &str) -> bool {
    matches!(lookup.rsplit("__").next(), Some("regex" | "iregex"))
}

/// Whether the database takes a text for a regular expression: it is asked to compare nothing with it.
pub(super) async fn is_pattern(db: Db<'_>, text: &str) -> Result<bool> {
    let sql = match db.dialect() {
        Dialect::Sqlite => "SELECT '' REGEXP $1",
        Dialect::Postgres => "SELECT '' ~ $1",
    };
    match db.query(sql, &[Value::Text(text.to_owned())]).await {
        Ok(_) => Ok(true),
        Err(error) if matches!(error.kind(), ErrorKind::Other | ErrorKind::Query) => Ok(false),
        Err(error) => Err(Error::internal(error)),
    }
}
