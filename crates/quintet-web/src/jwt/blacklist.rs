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

/// What the lists say of a token that was given out.
pub(super) struct Listed {
    key: Value,
    pub(super) is_taken_back: bool,
}

/// What the lists say of a token; nothing where it was never given out.
pub(super) async fn find(db: Db<'_>, id: &str) -> Result<Option<Listed>> {
    let mut query = rows::of(OUTSTANDING);
    query.steps.push(Step::lookup("jti", Value::Text(id.to_owned())));
    let mut cells = rows::values(db, query, &["id", "blacklistedtoken__id"]).await?.into_iter();
    let (Some(key), Some(taken)) = (cells.next(), cells.next()) else { return Ok(None) };
    Ok(Some(Listed { key: Value::from(key), is_taken_back: !taken.is_null() }))
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
    let text = tokens.encode(token)?;
    list_text(db, tokens, (token, &text), user).await
}

/// The same where its text is there already.
pub(super) async fn list_text(
    db: Db<'_>,
    tokens: &Tokens<'_>,
    (token, text): (&UserToken, &str),
    user: Value,
) -> Result<()> {
    let Some(id) = tokens.id(token) else { return Ok(()) };
    let row = vec![
        user,
        Value::Text(id.to_owned()),
        Value::Text(text.to_owned()),
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

/// Takes back a token that was found in the list; whether it was good until now.
pub(super) async fn take_back_listed(db: Db<'_>, listed: &Listed, now: SystemTime) -> Result<bool> {
    take_back_row(db, listed.key.clone(), now).await
}

/// Takes the token of an identifier back; whether it was good until now, and nothing where it was never given out.
pub(super) async fn take_back_id(db: Db<'_>, id: &str, now: SystemTime) -> Result<Option<bool>> {
    let mut query = rows::of(OUTSTANDING);
    query.steps.push(Step::lookup("jti", Value::Text(id.to_owned())));
    let Some(key) = rows::values(db, query, &["id"]).await?.into_iter().next() else { return Ok(None) };
    take_back_row(db, Value::from(key), now).await.map(Some)
}

async fn take_back_row(db: Db<'_>, key: Value, now: SystemTime) -> Result<bool> {
    let row = vec![key, rows::moment(now)];
    Ok(rows::insert(db, BLACKLISTED, &["token", "blacklisted_at"], row).await? > 0)
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
