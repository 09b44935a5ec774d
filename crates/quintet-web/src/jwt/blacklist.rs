//! The lists of tokens that were given out, and of those that are taken back; the reference's tables.
//!
//! Whoever writes a token into the second list has taken it back, and nobody else: that one statement decides who may make
//! its successor, however many ask at once.

use std::time::{SystemTime, UNIX_EPOCH};

use quintet_core::query::{Condition, Conflict, Expr, Insert, Path, Query, Statement, Step};
use quintet_core::schema::Value;
use quintet_db::{Cell, Db};

use super::{Tokens, UserToken};
use crate::http::{Error, Result};

const APP: &str = "token_blacklist";

/// Whether the project has the lists.
pub(super) fn is_there(db: Db<'_>) -> bool {
    db.registry().is_ok_and(|registry| registry.find(APP, "BlacklistedToken").is_some())
}

/// The connection that the lists are written on, where routers choose it: for a transaction around both.
pub(super) fn home(db: Db<'_>) -> Result<Db<'_>> {
    let routed = db.connection().routed((APP, "OutstandingToken"), true).map_err(Error::internal)?;
    Ok(routed.map_or(db, Db::of))
}

/// Whether a token is taken back.
pub(super) async fn has(db: Db<'_>, id: &str) -> Result<bool> {
    let mut query = Query::of(APP, "BlacklistedToken");
    query.steps.push(equal("token__jti", Value::Text(id.to_owned())));
    let found = db.select(&Statement::Exists(&query)).await.map_err(Error::internal)?;
    Ok(!found.rows.is_empty())
}

/// Writes a token into the list of those that were given out, unless it is there.
pub(super) async fn list(db: Db<'_>, tokens: &Tokens<'_>, token: &UserToken, user: Value) -> Result<()> {
    let Some(id) = tokens.id(token) else { return Ok(()) };
    let row = vec![
        user,
        Value::Text(id.to_owned()),
        Value::Text(tokens.encode(token)?),
        moment(token.made_at()),
        Value::from(Cell::DateTime(token.end().saturating_mul(1_000_000))),
    ];
    insert(db, "OutstandingToken", &["user", "jti", "token", "created_at", "expires_at"], row).await.map(drop)
}

/// Takes a token back; whether it was good until now.
pub(super) async fn take_back(db: Db<'_>, tokens: &Tokens<'_>, token: &UserToken, user: Value) -> Result<bool> {
    list(db, tokens, token, user).await?;
    let Some(id) = tokens.id(token) else { return Ok(true) };
    let taken = take_back_id(db, id, token.made_at()).await?;
    taken.ok_or_else(|| Error::internal("a token that was listed is gone"))
}

/// Takes the token of an identifier back; whether it was good until now, and nothing where it was never given out.
pub(super) async fn take_back_id(db: Db<'_>, id: &str, now: SystemTime) -> Result<Option<bool>> {
    let mut query = Query::of(APP, "OutstandingToken");
    query.steps.push(equal("jti", Value::Text(id.to_owned())));
    let Some(key) = values(db, query, "id").await?.into_iter().next() else { return Ok(None) };
    let row = vec![Value::from(key), moment(now)];
    Ok(Some(insert(db, "BlacklistedToken", &["token", "blacklisted_at"], row).await? > 0))
}

/// The identifiers of the tokens of a user that were given out and are good still.
pub(super) async fn living(db: Db<'_>, user: &Value, now: SystemTime) -> Result<Vec<String>> {
    let mut query = Query::of(APP, "OutstandingToken");
    query.steps.push(equal("user", user.clone()));
    query.steps.push(equal("expires_at__gt", moment(now)));
    query.steps.push(equal("blacklistedtoken__isnull", Value::Bool(true)));
    let cells = values(db, query, "jti").await?;
    Ok(cells.into_iter().filter_map(|cell| if let Cell::Text(id) = cell { Some(id) } else { None }).collect())
}

async fn values(db: Db<'_>, mut query: Query, field: &'static str) -> Result<Vec<Cell>> {
    query.steps.push(Step::Values(vec![(field.into(), Expr::F(Path::parse(field)))]));
    query.ordering = quintet_core::query::Ordering::By(vec![]);
    let found = db.select(&Statement::Select(&query)).await.map_err(Error::internal)?;
    Ok(found.rows.into_cells())
}

/// A row, unless one like it is there; gives how many were made.
async fn insert(db: Db<'_>, model: &'static str, fields: &[&'static str], row: Vec<Value>) -> Result<u64> {
    let insert = Insert {
        model: (APP.into(), model.into()),
        fields: fields.iter().map(|field| (*field).into()).collect(),
        rows: vec![row.into_iter().map(Expr::Value).collect()],
        conflict: Some(Conflict::Ignore),
        returning: vec![],
    };
    db.run(&Statement::Insert(&insert)).await.map_err(Error::internal)
}

fn equal(path: &str, value: Value) -> Step {
    Step::Filter(Condition::Lookup(Path::parse(path), Expr::Value(value)))
}

fn moment(time: SystemTime) -> Value {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_micros();
    Value::from(Cell::DateTime(i64::try_from(since).unwrap_or(i64::MAX)))
}
