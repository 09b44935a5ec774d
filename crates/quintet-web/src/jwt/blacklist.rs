//! The lists of tokens that were given out, and of those that are taken back; the reference's tables.
//!
//! Whoever writes a token into the second list has taken it back, and nobody else: that one statement decides who may make
//! its successor, however many ask at once.

use std::time::SystemTime;

use quintet_core::query::{Statement, Step};
use quintet_core::schema::Value;
use quintet_db::{Cell, Db, Made, Recipe};

use super::rows::{self, Model, Together, Write};
use super::{Tokens, UserToken};
use crate::http::{Error, Result};

const OUTSTANDING: Model = ("token_blacklist", "OutstandingToken");
const BLACKLISTED: Model = ("token_blacklist", "BlacklistedToken");

/// Whether the project has the lists.
pub(super) fn is_there(db: Db<'_>) -> bool {
    rows::is_there(db, BLACKLISTED)
}

/// The connection that the lists are written on, where routers choose it: for what is written into both together.
pub(super) fn home(db: Db<'_>) -> Result<Db<'_>> {
    rows::home(db, OUTSTANDING)
}

/// What the lists say of a token that was given out.
pub(super) struct Listed {
    key: Value,
    pub(super) is_taken_back: bool,
}

static BY_ID: Recipe = Recipe::new(OUTSTANDING, |id| {
    let mut query = rows::of(OUTSTANDING);
    query.steps.extend(id.into_iter().map(|id| Step::lookup("jti", id)));
    Made::Found(rows::values(query, &["id", "blacklistedtoken__id"]))
});

/// What the lists say of a token; nothing where it was never given out.
pub(super) async fn find(db: Db<'_>, id: &str) -> Result<Option<Listed>> {
    let mut cells = rows::found(db, &BY_ID, vec![Value::Text(id.to_owned())]).await?.into_iter();
    let (Some(key), Some(taken)) = (cells.next(), cells.next()) else { return Ok(None) };
    Ok(Some(Listed { key: Value::from(key), is_taken_back: !taken.is_null() }))
}

/// Whether a token is taken back.
pub(super) async fn has(db: Db<'_>, id: &str) -> Result<bool> {
    let mut query = rows::of(BLACKLISTED);
    query.steps.push(Step::lookup("token__jti", Value::Text(id.to_owned())));
    let found = db.find(&Statement::Exists(&query)).await.map_err(Error::internal)?;
    Ok(!found.rows.is_empty())
}

static LISTED: Recipe =
    Recipe::new(OUTSTANDING, |row| rows::row(OUTSTANDING, &["user", "jti", "token", "created_at", "expires_at"], row));

/// A token in the list of those that were given out, unless it is there; nothing where tokens have no identifier.
pub(super) fn listed(tokens: &Tokens<'_>, (token, text): (&UserToken, &str), user: &Value) -> Option<Write> {
    let row = vec![
        user.clone(),
        Value::Text(tokens.id(token)?.to_owned()),
        Value::Text(text.to_owned()),
        rows::moment(token.made_at()),
        Value::from(Cell::DateTime(token.end().saturating_mul(1_000_000))),
    ];
    Some(Write(&LISTED, row))
}

const TAKING_BACK: [&str; 2] = ["token", "blacklisted_at"];

static TAKEN_BACK: Recipe = Recipe::new(BLACKLISTED, |row| rows::row(BLACKLISTED, &TAKING_BACK, row));

static TAKEN_BACK_BY_ID: Recipe =
    Recipe::new(BLACKLISTED, |row| rows::row_beside(BLACKLISTED, &TAKING_BACK, (OUTSTANDING, "jti"), row));

/// A token in the list of those that are taken back. Where it was good until now, this touches a row.
pub(super) fn taken_back(id: &str, known: Option<&Listed>, now: SystemTime) -> Write {
    match known {
        Some(listed) => Write(&TAKEN_BACK, vec![listed.key.clone(), rows::moment(now)]),
        None => Write(&TAKEN_BACK_BY_ID, vec![Value::Text(id.to_owned()), rows::moment(now)]),
    }
}

/// Takes a token back, which the lists may not know yet.
pub(super) fn take_back(
    together: &mut Together<'_>,
    tokens: &Tokens<'_>,
    (token, known): (&UserToken, Option<&Listed>),
    user: &Value,
) -> Result<()> {
    let Some(id) = tokens.id(token) else { return Ok(()) };
    if known.is_none()
        && let Some(listed) = listed(tokens, (token, &tokens.encode(token)?), user)
    {
        together.add(listed)?;
    }
    together.need(taken_back(id, known, tokens.now))?;
    Ok(())
}

/// Takes the token of an identifier back; whether it was good until now, and nothing where it was never given out.
pub(super) async fn take_back_id(db: Db<'_>, id: &str, now: SystemTime) -> Result<Option<bool>> {
    let Some(known) = find(db, id).await? else { return Ok(None) };
    Ok(Some(taken_back(id, Some(&known), now).alone(db).await? > 0))
}

/// The identifiers of the tokens of a user that were given out and are good still.
pub(super) async fn living(db: Db<'_>, user: &Value, now: SystemTime) -> Result<Vec<String>> {
    let mut query = rows::of(OUTSTANDING);
    query.steps.push(Step::lookup("user", user.clone()));
    query.steps.push(Step::lookup("expires_at__gt", rows::moment(now)));
    query.steps.push(Step::lookup("blacklistedtoken__isnull", Value::Bool(true)));
    let cells = rows::asked(db, &rows::values(query, &["jti"])).await?;
    Ok(cells
        .into_iter()
        .filter_map(|cell| if let Cell::Text(id) = cell { Some(id.into_string()) } else { None })
        .collect())
}
