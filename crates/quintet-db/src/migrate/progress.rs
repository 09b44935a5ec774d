//! How far a migration is that does not happen whole: a row while it runs, and after it was interrupted.

use quintet_core::operation::Migration;
use quintet_core::schema::Value;

use super::executor::Direction;
use super::numbered;
use super::tables::PROGRESS;
use crate::database::Db;
use crate::error::{Error, Result};

/// A migration that was begun and not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinished {
    /// Its app's label.
    pub app: String,
    /// Its name.
    pub name: String,
    /// Whether it was being undone.
    pub backwards: bool,
    /// The operation that it had reached, counted from one; none before the first.
    pub operation: i64,
    /// What that operation does.
    pub description: String,
    /// When it was begun, in UTC.
    pub started: String,
}

/// The migration that was begun and not ended, if there is one. Makes no table.
pub async fn unfinished(db: impl Into<Db<'_>>) -> Result<Option<Unfinished>> {
    let db = db.into();
    if !PROGRESS.exists(db).await? {
        return Ok(None);
    }
    let sql = r#"SELECT * FROM "quintet_migration_progress" ORDER BY "started" LIMIT 1"#;
    let rows = db.query(sql, &[]).await?;
    let read = |row: &crate::row::Row| {
        Ok(Unfinished {
            app: row.text("app")?.to_owned(),
            name: row.text("name")?.to_owned(),
            backwards: row.bool("backwards")?,
            operation: row.int("operation")?,
            description: row.text("description")?.to_owned(),
            started: row.text("started")?.to_owned(),
        })
    };
    rows.first().map(read).transpose()
}

/// Forgets that a migration was begun, after what it did was undone by hand. Whether it was begun.
pub async fn forget(db: impl Into<Db<'_>>, app: &str, name: &str) -> Result<bool> {
    let db = db.into();
    if !PROGRESS.exists(db).await? {
        return Ok(false);
    }
    let sql = r#"DELETE FROM "quintet_migration_progress" WHERE "app" = $1 AND "name" = $2"#;
    Ok(db.execute(sql, &[app.into(), name.into()]).await? > 0)
}

impl Unfinished {
    /// What is wrong.
    pub fn problem(&self) -> String {
        let verb = if self.backwards { "undoing the migration" } else { "the migration" };
        let reached = match self.operation {
            0 => "before its first operation".to_owned(),
            number => format!("at operation {number}, `{}`", self.description),
        };
        format!(
            "{verb} `{}.{}`, begun at {} UTC, was interrupted {reached}; it is not atomic and cannot be resumed by \
             itself",
            self.app, self.name, self.started
        )
    }

    /// The two ways out.
    pub fn hint(&self) -> String {
        let (app, name) = (&self.app, &self.name);
        if self.backwards {
            return format!(
                "either finish undoing it by hand, then `migrate {app} PREVIOUS --fake` with the migration before it \
                 (or `zero`); or do again by hand what was undone, then `migrate {app} {name} --forget-progress`"
            );
        }
        format!(
            "either finish it by hand, then `migrate {app} {name} --fake`; or undo by hand what it did, then `migrate \
             {app} {name} --forget-progress`, and `migrate` does it from the start"
        )
    }
}

pub(super) async fn begin(db: Db<'_>, migration: &Migration, direction: Direction) -> Result<()> {
    PROGRESS.ensure(db).await?;
    forget(db, &migration.app, &migration.name).await?;
    let sql = r#"INSERT INTO "quintet_migration_progress" ("app", "name", "backwards", "operation", "description", "started") VALUES ($1, $2, $3, 0, '', $4)"#;
    let backwards = Value::Bool(direction == Direction::Backwards);
    let now = Value::DateTime(crate::moment::now());
    db.execute(sql, &[migration.app.as_str().into(), migration.name.as_str().into(), backwards, now]).await?;
    Ok(())
}

/// The operation is about to begin.
pub(super) async fn reach(db: Db<'_>, migration: &Migration, operation: Option<usize>) -> Result<()> {
    let (number, description) = operation
        .and_then(|at| numbered::told(migration, at))
        .unwrap_or_else(|| (numbered::count(migration), "what was put off to the end".to_owned()));
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    let sql = r#"UPDATE "quintet_migration_progress" SET "operation" = $1, "description" = $2 WHERE "app" = $3 AND "name" = $4"#;
    let params = [number.into(), description.into(), migration.app.as_str().into(), migration.name.as_str().into()];
    if db.execute(sql, &params).await? == 0 {
        let message = "its progress was forgotten while it ran: another process may have taken it over";
        return Err(Error::other(message));
    }
    Ok(())
}
