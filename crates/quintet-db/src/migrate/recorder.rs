//! Which migrations are applied: the reference's table.

use quintet_core::operation::Migration;
use quintet_core::schema::Value;

use super::tables::MIGRATIONS;
use crate::database::Db;
use crate::error::Result;

/// A migration that is applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Its app's label.
    pub app: String,
    /// Its name.
    pub name: String,
    /// When: `2024-01-31 12:00:00.000001`, in UTC.
    pub at: String,
}

/// All that are applied, in the order in which they were; nothing where there is no table. Makes none.
pub async fn applied(db: impl Into<Db<'_>>) -> Result<Vec<Applied>> {
    let db = db.into();
    if !MIGRATIONS.exists(db).await? {
        return Ok(vec![]);
    }
    let rows = db.query(r#"SELECT "app", "name", "applied" FROM "django_migrations" ORDER BY "id""#, &[]).await?;
    let row = |row: &crate::row::Row| {
        Ok(Applied {
            app: row.text("app")?.to_owned(),
            name: row.text("name")?.to_owned(),
            at: row.text("applied")?.to_owned(),
        })
    };
    rows.iter().map(row).collect()
}

/// Records a migration as applied, unless it is recorded.
pub async fn record(db: impl Into<Db<'_>>, app: &str, name: &str) -> Result<()> {
    let db = db.into();
    MIGRATIONS.ensure(db).await?;
    if is_recorded(db, app, name).await? {
        return Ok(());
    }
    let sql = r#"INSERT INTO "django_migrations" ("app", "name", "applied") VALUES ($1, $2, $3)"#;
    db.execute(sql, &[app.into(), name.into(), Value::DateTime(crate::moment::now())]).await?;
    Ok(())
}

/// Takes a migration's record away.
pub async fn unrecord(db: impl Into<Db<'_>>, app: &str, name: &str) -> Result<()> {
    let db = db.into();
    let sql = r#"DELETE FROM "django_migrations" WHERE "app" = $1 AND "name" = $2"#;
    db.execute(sql, &[app.into(), name.into()]).await?;
    Ok(())
}

/// Takes all records away.
pub async fn flush(db: impl Into<Db<'_>>) -> Result<()> {
    let db = db.into();
    if MIGRATIONS.exists(db).await? {
        db.execute(r#"DELETE FROM "django_migrations""#, &[]).await?;
    }
    Ok(())
}

/// Whether a migration is applied: by its own record, or by those of all that it stands for.
pub(super) async fn is_applied(db: Db<'_>, migration: &Migration) -> Result<bool> {
    if is_recorded(db, &migration.app, &migration.name).await? {
        return Ok(true);
    }
    for (app, name) in &migration.replaces {
        if !is_recorded(db, app, name).await? {
            return Ok(false);
        }
    }
    Ok(!migration.replaces.is_empty())
}

/// Records a migration, or those that it stands for, as the reference does.
pub(super) async fn record_migration(db: Db<'_>, migration: &Migration) -> Result<()> {
    if migration.replaces.is_empty() {
        return record(db, &migration.app, &migration.name).await;
    }
    for (app, name) in &migration.replaces {
        record(db, app, name).await?;
    }
    Ok(())
}

/// Takes away the records of a migration and of those that it stands for.
pub(super) async fn unrecord_migration(db: Db<'_>, migration: &Migration) -> Result<()> {
    for (app, name) in &migration.replaces {
        unrecord(db, app, name).await?;
    }
    unrecord(db, &migration.app, &migration.name).await
}

async fn is_recorded(db: Db<'_>, app: &str, name: &str) -> Result<bool> {
    let sql = r#"SELECT 1 FROM "django_migrations" WHERE "app" = $1 AND "name" = $2 LIMIT 1"#;
    Ok(!db.query(sql, &[app.into(), name.into()]).await?.is_empty())
}
