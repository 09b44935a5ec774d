//! What processes that are gone have left on a server, and its end.

use std::path::Path;

use quintet_core::database_url::{DatabaseUrl, PostgresOptions};
use quintet_core::schema::Value;
use quintet_db::{Connection, Database, Transaction};

use super::name::{TemplateName, owner, prefix};
use super::{ADMIN, quoted, told};
use crate::settings::Settings;
use crate::testing::{aside, block_on};

/// Removes the test databases of these settings that no living process uses: templates, and what processes had that were
/// killed. `cargo manage test` does it at its end.
///
/// # Errors
/// What the server says.
pub fn remove_leftovers(settings: &Settings) -> Result<(), String> {
    let all = std::iter::once(&settings.database).chain(settings.databases.values());
    for url in all {
        if let DatabaseUrl::Postgres(options) = url {
            aside::run(|| block_on(async { remove_orphans(&admin(options), options, None).await }))?;
        }
    }
    Ok(())
}

/// The databases of tests, with whether nobody has used them for a week.
const ALL: &str = "SELECT datname::text AS name, \
    coalesce(substring(shobj_description(oid, 'pg_database') FROM '^[0-9]{1,15}$')::bigint \
        < extract(epoch FROM now()) - 604800, false) AS is_old \
    FROM pg_database WHERE left(datname::text, length($1)) = $1 ORDER BY 1";

/// Removes copies that nobody owns, and templates: those that are stale beside one, or all where there is none.
pub(super) async fn remove_orphans(
    admin: &Database,
    options: &PostgresOptions,
    beside: Option<&TemplateName>,
) -> Result<(), String> {
    let prefix = prefix(options);
    let rows = admin.query(ALL, &[Value::Text(prefix.clone())]).await.map_err(|error| told(&error))?;
    for row in rows {
        let Ok(name) = row.text("name") else { continue };
        let is_old = row.bool("is_old").unwrap_or(false);
        let lock = match (owner(name, &prefix), TemplateName::read(name, &prefix)) {
            (Some(owner), _) => owner.to_owned(),
            (None, Some((template, false))) => template.making_lock(),
            (None, Some((template, true))) if is_old || beside.is_none_or(|beside| beside.makes_stale(&template)) => {
                template.whole()
            }
            _ => continue,
        };
        // Whoever has the lock lives. A failure is another process that removes it at this moment.
        if let Ok(session) = admin.transaction().await
            && is_free(&session, &lock).await
        {
            drop(admin.script(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quoted(name))).await);
        }
    }
    Ok(())
}

/// Takes a lock, where nobody has it, until the end of the transaction.
pub(super) async fn is_free(transaction: &Transaction, name: &str) -> bool {
    let sql = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS free";
    let rows = transaction.query(sql, &[Value::Text(name.to_owned())]).await;
    rows.is_ok_and(|rows| rows.first().is_some_and(|row| row.bool("free").unwrap_or(false)))
}

pub(super) fn admin(options: &PostgresOptions) -> Database {
    let options = PostgresOptions { name: Some(ADMIN.to_owned()), ..options.clone() };
    Database::connect(&DatabaseUrl::Postgres(Box::new(options)), Path::new("."))
}
