//! The lists of tokens that were given out, and of those that are taken back; the reference's tables.
//!
//! Whoever writes a token into the second list has taken it back, and nobody else: that one statement decides who may make
//! its successor, however many ask at once.

use std::time::SystemTime;

use quintet_core::query::{Statement, Step};
use quintet_core::schema::Value;
use quintet_db::{Cell, Db};

use super::rows::{self, Model};
use super::{Tokens, UserToken};
use crate::http::{Error, Result};

const OUTSTANDING: Model = ("token_blacklist", "OutstandingToken");
const BLACKLISTED: Model = ("token_blacklist", "BlacklistedToken");

/// Whether the project has the lists.
pub(super) fn is_there(db: Db<'_>) -> bool {
    rows::is_there(db, BLACKLISTED)
}

/// The connection that the lists are written on, where routers choose it: for a transaction around both.
pub(super) fn home(db: Db<'_>) -> Result<Db<'_>> {
    rows::home(db, OUTSTANDING)
}

/// Whether a token is taken back.
pub(super) async fn has(db: Db<'_>, id: &str) -> Result<bool> {
    let mut query = rows::of(BLACKLISTED);
    query.steps.push(Step::lookup("token__jti", Value::Text(id.to_owned())));
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
        rows::moment(token.made_at()),
        Value::from(Cell::DateTime(token.end().saturating_mul(1_000_000))),
    ];
    rows::insert(db, OUTSTANDING, &["user", "jti", "token", "created_at", "expires_at"], row).await.map(drop)
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
    let mut query = rows::of(OUTSTANDING);
    query.steps.push(Step::lookup("jti", Value::Text(id.to_owned())));
    let Some(key) = rows::values(db, query, &["id"]).await?.into_iter().next() else { return Ok(None) };
    let row = vec![Value::from(key), rows::moment(now)];
    Ok(Some(rows::insert(db, BLACKLISTED, &["token", "blacklisted_at"], row).await? > 0))
}

/// The identifiers of the tokens of a user that were given out and are good still.
pub(super) async fn living(db: Db<'_>, user: &Value, now: SystemTime) -> Result<Vec<String>> {
    let mut query = rows::of(OUTSTANDING);
    query.steps.push(Step::lookup("user", user.clone()));
    query.steps.push(Step::lookup("expires_at__gt", rows::moment(now)));
    query.steps.push(Step::lookup("blacklistedtoken__isnull", Value::Bool(true)));
    let cells = rows::values(db, query, &["jti"]).await?;
    Ok(cells.into_iter().filter_map(|cell| if let Cell::Text(id) = cell { Some(id) } else { None }).collect())
}
