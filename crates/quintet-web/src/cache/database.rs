//! A cache in a table of the database, which is the reference's: both frameworks use one.
//!
//! Each step is one statement. The table is made by `createcachetable`, in the database that routers choose for
//! `django_cache.cacheentry`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

use quintet_core::schema::Value;
use quintet_db::{Cell, Connection, Database, Databases, Db, ErrorKind};

use super::backend::{By, CacheBackend, Old, Until};
use crate::auth::base64::{self, Alphabet};
use crate::clock::Clock;
use crate::http::{BoxFuture, Error, Result};

/// Entries in a table.
pub(super) struct Table {
    /// The database and its name. A site that is only looked at, by `check` for one, has none.
    at: Option<(Database, String)>,
    clock: Clock,
    max_entries: usize,
    cull_frequency: usize,
    sql: Sql,
    writes: AtomicUsize,
}

/// The last moment that the reference writes, in microseconds since 1970: an entry that stays.
const FOREVER: i64 = 253_402_300_799_000_000;

/// Every so many writes it is looked whether entries must go.
const LOOK: usize = 1000;

struct Sql {
    get: String,
    set: String,
    add: String,
    swap: String,
    swap_in_time: String,
    touch: String,
    delete: String,
    clear: String,
    count: String,
    cull_over: String,
    cull_first: String,
}

impl Sql {
    fn new(table: &str) -> Self {
        let table = format!("\"{}\"", table.replace('"', "\"\""));
        let insert = format!(
            "INSERT INTO {table} (cache_key, value, expires) VALUES ($1, $2, $3) ON CONFLICT (cache_key) \
             DO UPDATE SET value = excluded.value, expires = excluded.expires"
        );
        Self {
            get: format!("SELECT value FROM {table} WHERE cache_key = $1 AND expires >= $2"),
            add: format!("{insert} WHERE {table}.expires < $4"),
            set: insert,
            swap: format!(
                "UPDATE {table} SET value = $1, expires = $2 WHERE cache_key = $3 AND value = $4 AND expires >= $5"
            ),
            swap_in_time: format!(
                "UPDATE {table} SET value = $1 WHERE cache_key = $2 AND value = $3 AND expires >= $4"
            ),
            touch: format!("UPDATE {table} SET expires = $1 WHERE cache_key = $2 AND expires >= $3"),
            delete: format!("DELETE FROM {table} WHERE cache_key = $1 AND expires >= $2"),
            clear: format!("DELETE FROM {table}"),
            count: format!("SELECT COUNT(*) FROM {table}"),
            cull_over: format!("DELETE FROM {table} WHERE expires < $1"),
            cull_first: format!(
                "DELETE FROM {table} WHERE cache_key IN (SELECT cache_key FROM {table} ORDER BY expires LIMIT $1)"
            ),
        }
    }
}

impl Table {
    /// A table in the database that routers choose.
    pub(super) fn new(
        databases: Option<&Arc<Databases>>,
        table: &str,
        clock: Clock,
        (max_entries, cull_frequency): (usize, usize),
    ) -> Result<Self, String> {
        let chosen = |databases: &Arc<Databases>| {
            let place = databases.routed(("django_cache", "cacheentry"), true)?;
            let alias = databases.names().nth(place.unwrap_or(0)).unwrap_or("default").to_owned();
            Ok((databases.get(&alias)?.clone(), alias))
        };
        let at = databases.map(chosen).transpose().map_err(|error: quintet_db::Error| error.to_string())?;
        let (sql, writes) = (Sql::new(table), AtomicUsize::new(0));
        Ok(Self { at, clock, max_entries, cull_frequency, sql, writes })
    }

    /// What its statements run on: the request's transaction, or the database. Never a copy of it.
    fn db<'a>(&'a self, by: By<'a>) -> Result<Db<'a>> {
        let Some((database, alias)) = &self.at else {
            let error =
                quintet_db::Error::new(ErrorKind::Usage, "the cache is in a table, and the site has no database");
            return Err(Error::internal(error.with_hint("set `SiteOptions::databases`; a project's settings do")));
        };
        match by.filter(|request| request.is_in_transaction()) {
            Some(request) => request.using(alias).map_err(Error::internal),
            None => Ok(Db::from(database)),
        }
    }

    async fn execute(&self, by: By<'_>, sql: &str, params: &[Value]) -> Result<u64> {
        self.db(by)?.execute(sql, params).await.map_err(hinted)
    }

    /// Microseconds since 1970.
    fn now(&self) -> i64 {
        let now = self.clock.now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        i64::try_from(now.as_micros()).unwrap_or(FOREVER)
    }

    fn moment(&self) -> Value {
        Cell::DateTime(self.now()).into()
    }

    /// When an entry is over: whole seconds, as the reference writes them, but the next one, not the last.
    fn expires(&self, until: Until) -> Value {
        const SECOND: i64 = 1_000_000;
        let over = match until {
            Until::Forever => FOREVER,
            Until::Over => 0,
            Until::After(time) => {
                let over = self.now().saturating_add(i64::try_from(time.as_micros()).unwrap_or(FOREVER));
                over.saturating_add(SECOND - 1).div_euclid(SECOND).saturating_mul(SECOND).min(FOREVER)
            }
        };
        Cell::DateTime(over).into()
    }

    /// Deletes what is over, now and then, and what there is too much of. Not as part of a transaction.
    async fn look(&self, by: By<'_>) -> Result<()> {
        if self.db(by)?.is_in_transaction() || !self.writes.fetch_add(1, Ordering::Relaxed).is_multiple_of(LOOK) {
            return Ok(());
        }
        self.execute(None, &self.sql.cull_over, &[self.moment()]).await?;
        let counted = self.db(None)?.fetch(&self.sql.count, vec![]).await.map_err(hinted)?;
        let Some(Cell::Int(entries)) = counted.into_first() else { return Ok(()) };
        if usize::try_from(entries).is_ok_and(|entries| entries > self.max_entries) {
            let goes = entries / i64::try_from(self.cull_frequency.max(1)).unwrap_or(i64::MAX);
            self.execute(None, &self.sql.cull_first, &[goes.into()]).await?;
        }
        Ok(())
    }
}

/// The text of a value. Whole numbers are packed too, as the reference reads nothing else in a table.
fn text(value: &[u8]) -> Value {
    let packed = super::whole_number(value).map(|number| quintet_core::python::pickle::write(&number.into()));
    Value::Text(base64::encode(packed.as_deref().unwrap_or(value), Alphabet::Standard))
}

fn hinted(error: quintet_db::Error) -> Error {
    let error = match error.kind() {
        ErrorKind::NoSuchTable => error.with_hint("run `createcachetable`, which makes the tables of `caches`"),
        _ => error,
    };
    Error::internal(error)
}

impl CacheBackend for Table {
    fn get<'a>(&'a self, by: By<'a>, key: &'a str) -> BoxFuture<'a, Result<Option<Vec<u8>>>> {
        Box::pin(async move {
            let params = vec![key.into(), self.moment()];
            let rows = self.db(by)?.connection().read(&self.sql.get, params).await.map_err(hinted)?;
            let Some(Cell::Text(value)) = rows.into_first() else { return Ok(None) };
            let value = base64::decode(&value, Alphabet::Standard);
            value.map(Some).ok_or_else(|| super::unreadable(key, &"it is no base64"))
        })
    }

    fn set<'a>(&'a self, by: By<'a>, key: &'a str, value: &'a [u8], until: Until) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            self.look(by).await?;
            self.execute(by, &self.sql.set, &[key.into(), text(value), self.expires(until)]).await?;
            Ok(())
        })
    }

    fn add<'a>(&'a self, by: By<'a>, key: &'a str, value: &'a [u8], until: Until) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            self.look(by).await?;
            let params = [key.into(), text(value), self.expires(until), self.moment()];
            Ok(self.execute(by, &self.sql.add, &params).await? > 0)
        })
    }

    fn swap<'a>(
        &'a self,
        by: By<'a>,
        key: &'a str,
        old: Old<'a>,
        new: &'a [u8],
        until: Option<Until>,
    ) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let old = Value::Text(base64::encode(old.0, Alphabet::Standard));
            let swapped = match until {
                Some(until) => {
                    let params = [text(new), self.expires(until), key.into(), old, self.moment()];
                    self.execute(by, &self.sql.swap, &params).await?
                }
                None => self.execute(by, &self.sql.swap_in_time, &[text(new), key.into(), old, self.moment()]).await?,
            };
            Ok(swapped > 0)
        })
    }

    fn touch<'a>(&'a self, by: By<'a>, key: &'a str, until: Until) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let params = [self.expires(until), key.into(), self.moment()];
            Ok(self.execute(by, &self.sql.touch, &params).await? > 0)
        })
    }

    fn delete<'a>(&'a self, by: By<'a>, key: &'a str) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move { Ok(self.execute(by, &self.sql.delete, &[key.into(), self.moment()]).await? > 0) })
    }

    fn clear<'a>(&'a self, by: By<'a>, _: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move { self.execute(by, &self.sql.clear, &[]).await.map(drop) })
    }
}
