//! Sessions as rows of the reference's table.
//!
//! Knows the model by the registry, so that the connection may be routed as for any other.

use std::time::SystemTime;

use quintet_core::json::{Json, Object};
use quintet_core::query::{Assign, Condition, Conflict, Expr, Insert, Path, Query, Statement, Step};
use quintet_core::schema::Value;
use quintet_db::model::{DateTime, FieldType as _};
use quintet_db::{Cell, Db};

use super::{encode, now};
use crate::http::{Error, Request, Result};
use crate::sessions::Expiry;
use crate::sessions::expiry::{NAME, since_epoch};

const MODEL: (&str, &str) = ("sessions", "Session");

/// Of the rows' data, as the reference calls it.
const SALT: &str = "django.contrib.sessions.SessionStore";

/// The data of a row that is still good, and its end in microseconds since 1970.
pub(super) async fn row(request: &Request, key: &str) -> Result<Option<(Object, i64)>> {
    let Some(db) = table(request, key)? else { return Ok(None) };
    let mut query = of_key(key);
    let now = Expr::Value(moment(since_epoch(now(request))));
    query.steps.push(Step::Filter(Condition::Lookup(Path::parse("expire_date__gt"), now)));
    let value = |name: &'static str, path: &str| (name.into(), Expr::F(Path::parse(path)));
    query.steps.push(Step::Values(vec![value("data", "session_data"), value("end", "expire_date")]));
    query.ordering = quintet_core::query::Ordering::By(vec![]);
    let found = db.select(&Statement::Select(&query)).await.map_err(Error::internal)?;
    let Some([Cell::Text(text), end]) = found.rows.iter().next() else { return Ok(None) };
    let end = DateTime::from_cell(end.clone()).map_err(Error::internal)?.timestamp_micros();
    let opened = request.site().timestamp_signer()?.salt(SALT).unsign_json(text, None);
    // As in the reference, a row that cannot be read is a session without data.
    let data = match opened {
        Ok(Json::Object(data)) => data,
        Ok(_) => Object::new(),
        Err(why) => {
            tracing::warn!(target: "quintet.security.sessions", "the data of a session cannot be read: {why}");
            Object::new()
        }
    };
    Ok(Some((data, end)))
}

/// A new row; whether there was none of this key.
pub(super) async fn insert(request: &Request, key: &str, data: &Object) -> Result<bool> {
    let db = asked(request)?;
    let row = vec![Value::Text(key.to_owned()), Value::Text(encode(request, SALT, data)?), end(request, data)];
    let insert = Insert {
        model: (MODEL.0.into(), MODEL.1.into()),
        fields: ["session_key", "session_data", "expire_date"].map(Into::into).to_vec(),
        rows: vec![row.into_iter().map(Expr::Value).collect()],
        conflict: Some(Conflict::Ignore),
        returning: vec![],
    };
    Ok(db.run(&Statement::Insert(&insert)).await.map_err(Error::internal)? > 0)
}

/// Other data in the row; whether it is still there.
pub(super) async fn update(request: &Request, key: &str, data: &Object) -> Result<bool> {
    let Some(db) = table(request, key)? else { return Ok(false) };
    let assign = |field: &'static str, value| Assign { field: field.into(), value: Expr::Value(value) };
    let text = Value::Text(encode(request, SALT, data)?);
    let assigns = [assign("session_data", text), assign("expire_date", end(request, data))];
    Ok(db.run(&Statement::Update(&of_key(key), &assigns)).await.map_err(Error::internal)? > 0)
}

pub(super) async fn delete(request: &Request, key: &str) -> Result<()> {
    let Some(db) = table(request, key)? else { return Ok(()) };
    db.run(&Statement::Delete(&of_key(key))).await.map_err(Error::internal)?;
    Ok(())
}

/// Deletes the sessions of a database whose time is over; gives how many.
///
/// # Errors
/// What the database refuses; the app `sessions` is not installed.
pub async fn clear_expired(db: Db<'_>, now: SystemTime) -> Result<u64> {
    check(db)?;
    let mut query = Query::of(MODEL.0, MODEL.1);
    let now = Expr::Value(moment(since_epoch(now)));
    query.steps.push(Step::Filter(Condition::Lookup(Path::parse("expire_date__lt"), now)));
    db.run(&Statement::Delete(&query)).await.map_err(Error::internal)
}

/// The database, where a row could have this key: no text with a NUL is in PostgreSQL.
fn table<'a>(request: &'a Request, key: &str) -> Result<Option<Db<'a>>> {
    asked(request).map(|db| (!key.contains('\0')).then_some(db))
}

fn asked(request: &Request) -> Result<Db<'_>> {
    let db = Db::from(request);
    check(db).map(|()| db)
}

fn check(db: Db<'_>) -> Result<()> {
    let registry = db.registry().map_err(Error::internal)?;
    match registry.find(MODEL.0, MODEL.1) {
        Some(_) => Ok(()),
        None => Err(Error::internal(
            "there is no table of sessions; add `quintet::apps::sessions()` to `installed_apps`, or choose another `sessions.engine`",
        )),
    }
}

fn of_key(key: &str) -> Query {
    let mut query = Query::of(MODEL.0, MODEL.1);
    let is = Condition::Lookup(Path::parse("session_key"), Expr::Value(Value::Text(key.to_owned())));
    query.steps.push(Step::Filter(is));
    query
}

fn end(request: &Request, data: &Object) -> Value {
    moment(Expiry::date(data.get(NAME), &request.site().options().sessions, now(request)))
}

fn moment(micros: i64) -> Value {
    Value::from(Cell::DateTime(micros))
}
