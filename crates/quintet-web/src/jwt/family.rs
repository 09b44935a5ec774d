//! Families of tokens: a login and all the refresh tokens that came of it, one after the other. Our own tables.
//!
//! A family is what a user calls a session. It ends when its user ends it, when a token of it comes a second time, when
//! the password changes, and when its lifetime is over. Of several that refresh a token at once, one statement decides:
//! whoever writes that the token is replaced has replaced it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use aws_lc_rs::digest;
use quintet_core::query::{Assign, Condition, Expr, Path, Statement, Step};
use quintet_core::schema::Value;
use quintet_db::model::{DateTime, FieldType as _};
use quintet_db::{Cell, Db, Made, Recipe};

use super::rows::{self, Model, Write};
use crate::auth::base64::{self, Alphabet};
use crate::auth::{Account, chance};
use crate::http::{Error, Request, Result};
use crate::rest::AnyUser as _;

const FAMILY: Model = ("token_families", "TokenFamily");
const TOKEN: Model = ("token_families", "FamilyToken");

/// A family, as it is now.
#[derive(Debug)]
pub(super) struct Family {
    pub(super) key: String,
    pub(super) user: Value,
    pub(super) is_ended: bool,
    /// In microseconds since 1970.
    expires_at: Option<i64>,
    mark: String,
}

/// A refresh token that is one of a family.
pub(super) struct Member {
    pub(super) family: Family,
    /// The primary key of its family.
    family_id: Value,
    /// When its successor was made, in microseconds since 1970.
    replaced_at: Option<i64>,
    successor: String,
}

/// Whether the project has the tables.
pub(super) fn is_there(db: Db<'_>) -> bool {
    rows::is_there(db, FAMILY)
}

/// The connection that families are written on, where routers choose it: for what is written together.
pub(super) fn home(db: Db<'_>) -> Result<Db<'_>> {
    rows::home(db, TOKEN)
}

static BY_KEY: Recipe = Recipe::new(FAMILY, |key| {
    let mut query = rows::of(FAMILY);
    query.steps.extend(key.into_iter().map(|key| Step::lookup("key", key)));
    Made::Found(rows::values(query, &["key", "user", "ended_at", "expires_at", "password_mark"]))
});

/// The family of a name; nothing where there is none any more.
pub(super) async fn find(db: Db<'_>, key: &str) -> Result<Option<Family>> {
    let cells = rows::found(db, &BY_KEY, vec![Value::Text(key.to_owned())]).await?;
    (!cells.is_empty()).then(|| family(&mut cells.into_iter())).transpose()
}

static BY_ID: Recipe = Recipe::new(TOKEN, |id| {
    let mut query = rows::of(TOKEN);
    query.steps.extend(id.into_iter().map(|id| Step::lookup("jti", id)));
    let names = [
        "family",
        "family__key",
        "family__user",
        "family__ended_at",
        "family__expires_at",
        "family__password_mark",
        "replaced_at",
        "successor",
    ];
    Made::Found(rows::values(query, &names))
});

/// What is known of a token by its identifier; nothing where it is in no family.
pub(super) async fn member(db: Db<'_>, id: &str) -> Result<Option<Member>> {
    let cells = rows::found(db, &BY_ID, vec![Value::Text(id.to_owned())]).await?;
    if cells.is_empty() {
        return Ok(None);
    }
    let mut cells = cells.into_iter();
    let family_id = Value::from(cells.next().unwrap_or_default());
    let family = family(&mut cells)?;
    let replaced_at = moment(cells.next().unwrap_or_default())?;
    Ok(Some(Member { family, family_id, replaced_at, successor: rows::text(cells.next()) }))
}

fn family(cells: &mut impl Iterator<Item = Cell>) -> Result<Family> {
    let key = rows::text(cells.next());
    let user = Value::from(cells.next().unwrap_or_default());
    let is_ended = !cells.next().unwrap_or_default().is_null();
    let expires_at = moment(cells.next().unwrap_or_default())?;
    Ok(Family { key, user, is_ended, expires_at, mark: rows::text(cells.next()) })
}

impl Family {
    /// Whether its lifetime is over.
    pub(super) fn is_over(&self, now: SystemTime) -> bool {
        self.expires_at.is_some_and(|end| end <= rows::micros(now))
    }

    /// The moment at which its lifetime ends.
    pub(super) fn end(&self) -> Option<SystemTime> {
        let end = u64::try_from(self.expires_at?).unwrap_or_default();
        Some(UNIX_EPOCH + Duration::from_micros(end))
    }

    /// Whether it began with the password that its user has now.
    pub(super) fn knows_password(&self, user: &Account) -> bool {
        self.mark == password_mark(user)
    }
}

impl Member {
    /// Whether its successor is there.
    pub(super) fn is_replaced(&self) -> bool {
        self.replaced_at.is_some()
    }

    /// The successor's text, and when it was made, for who has the token itself and asks again within an interval.
    pub(super) fn successor(&self, parent: &str, now: SystemTime, interval: Duration) -> Option<(String, SystemTime)> {
        let replaced_at = self.replaced_at?;
        let since = rows::micros(now).saturating_sub(replaced_at);
        let interval = i64::try_from(interval.as_micros()).unwrap_or(i64::MAX);
        // Clocks of two machines may differ a little, both ways.
        let is_near = since.saturating_abs() <= interval && interval > 0;
        let text = is_near.then(|| opened(parent, &self.successor)).flatten()?;
        Some((text, UNIX_EPOCH + Duration::from_micros(u64::try_from(replaced_at).ok()?)))
    }
}

/// What a new family remembers of where it began.
pub(super) struct Origin {
    user_agent: String,
    address: String,
}

impl Origin {
    pub(super) fn of(request: &Request) -> Self {
        let agent = request.header("user-agent").unwrap_or_default();
        let user_agent = agent.chars().filter(|letter| !letter.is_control()).take(200).collect();
        let address = request.client_ip().map(|address| address.to_string()).unwrap_or_default();
        Self { user_agent, address }
    }
}

/// A new name for a family.
pub(super) fn new_key() -> Result<String> {
    chance::uuid_hex()
}

static BEGUN: Recipe = Recipe::new(FAMILY, |row| {
    let fields = ["key", "user", "created_at", "last_used_at", "expires_at", "password_mark", "user_agent", "address"];
    rows::row(FAMILY, &fields, row)
});

/// A new family.
pub(super) fn begun(key: &str, user: &Account, origin: Origin, (now, end): (SystemTime, Option<SystemTime>)) -> Write {
    let row = vec![
        Value::Text(key.to_owned()),
        user.id(),
        rows::moment(now),
        rows::moment(now),
        end.map_or(Value::Null, rows::moment),
        Value::Text(password_mark(user)),
        Value::Text(origin.user_agent),
        Value::Text(origin.address),
    ];
    Write(&BEGUN, row)
}

const JOINING: [&str; 4] = ["family", "jti", "expires_at", "successor"];

static JOINED: Recipe = Recipe::new(TOKEN, |row| rows::row_beside(TOKEN, &JOINING, (FAMILY, "key"), row));

static JOINED_BESIDE: Recipe = Recipe::new(TOKEN, |row| rows::row(TOKEN, &JOINING, row));

/// A token that is one of a family, by its name. Where it was in none until now, this touches a row.
pub(super) fn joined(family: &str, id: &str, expires_at: i64) -> Write {
    Write(&JOINED, row(Value::Text(family.to_owned()), id, expires_at))
}

/// A token that is one of the family of another.
pub(super) fn joined_beside(member: &Member, id: &str, expires_at: i64) -> Write {
    Write(&JOINED_BESIDE, row(member.family_id.clone(), id, expires_at))
}

fn row(family: Value, id: &str, expires_at: i64) -> Vec<Value> {
    let end = Value::from(Cell::DateTime(expires_at.saturating_mul(1_000_000)));
    vec![family, Value::Text(id.to_owned()), end, Value::Text(String::new())]
}

static REPLACED: Recipe = Recipe::new(TOKEN, |values| {
    changed_unless(TOKEN, ["jti", "replaced_at__isnull"], &["replaced_at", "successor"], values)
});

/// That a token has a successor. Where it had none until now, this touches a row: that one statement decides.
pub(super) fn replaced(id: &str, sealed: String, now: SystemTime) -> Write {
    let found_by = [Value::Text(id.to_owned()), Value::Bool(true)];
    Write(&REPLACED, found_by.into_iter().chain([rows::moment(now), Value::Text(sealed)]).collect())
}

static USED: Recipe =
    Recipe::new(FAMILY, |values| changed_unless(FAMILY, ["key", "ended_at__isnull"], &["last_used_at"], values));

/// That a family was used. Where it has ended meanwhile, this touches no row.
pub(super) fn used(key: &str, now: SystemTime) -> Write {
    Write(&USED, vec![Value::Text(key.to_owned()), Value::Bool(true), rows::moment(now)])
}

/// Other values of a row that two of its columns are asked for.
fn changed_unless(model: Model, found_by: [&str; 2], fields: &[&'static str], values: Vec<Value>) -> Made {
    let mut values = values.into_iter();
    let mut query = rows::of(model);
    query.steps.extend(found_by.into_iter().zip(&mut values).map(|(column, value)| Step::lookup(column, value)));
    Made::Changed(query, fields.iter().zip(values).map(|(field, value)| assign(field, value)).collect())
}

/// Which families are meant.
#[derive(Clone, Copy)]
pub(super) enum Which<'a> {
    /// One.
    One(&'a str),
    /// One of a user's.
    OneOf(&'a Value, &'a str),
    /// All of a user's.
    AllOf(&'a Value),
    /// All of a user's but one.
    AllBut(&'a Value, &'a str),
}

impl Which<'_> {
    fn steps(self, before: &str) -> Vec<Step> {
        let key = |key: &str| Step::lookup(&format!("{before}key"), Value::Text(key.to_owned()));
        let user = |user: &Value| Step::lookup(&format!("{before}user"), user.clone());
        match self {
            Self::One(one) => vec![key(one)],
            Self::OneOf(owner, one) => vec![user(owner), key(one)],
            Self::AllOf(owner) => vec![user(owner)],
            Self::AllBut(owner, but) => {
                let but = Condition::Lookup(Path::parse(&format!("{before}key")), Value::Text(but.to_owned()).into());
                vec![user(owner), Step::Exclude(but)]
            }
        }
    }
}

/// Ends families; gives how many were good until now.
pub(super) async fn end(db: Db<'_>, which: Which<'_>, now: SystemTime) -> Result<u64> {
    let mut query = rows::of(FAMILY);
    query.steps = which.steps("");
    query.steps.push(Step::lookup("ended_at__isnull", Value::Bool(true)));
    db.run(&Statement::Update(&query, &[assign("ended_at", rows::moment(now))])).await.map_err(Error::internal)
}

/// The identifiers of the tokens that were good until their families ended at this moment: for the other list.
pub(super) async fn ended_with(db: Db<'_>, which: Which<'_>, now: SystemTime) -> Result<Vec<String>> {
    unreplaced(db, which, Step::lookup("family__ended_at", rows::moment(now))).await
}

/// The identifiers of the tokens that are good.
pub(super) async fn living(db: Db<'_>, which: Which<'_>) -> Result<Vec<String>> {
    unreplaced(db, which, Step::lookup("family__ended_at__isnull", Value::Bool(true))).await
}

async fn unreplaced(db: Db<'_>, which: Which<'_>, filter: Step) -> Result<Vec<String>> {
    let mut query = rows::of(TOKEN);
    query.steps = which.steps("family__");
    query.steps.push(filter);
    query.steps.push(Step::lookup("replaced_at__isnull", Value::Bool(true)));
    let cells = rows::asked(db, &rows::values(query, &["jti"])).await?;
    Ok(cells.into_iter().map(|cell| rows::text(Some(cell))).collect())
}

/// What a family remembers of a password: a digest of its hash.
fn password_mark(user: &Account) -> String {
    chance::hex(digest::digest(&digest::SHA256, user.password().as_bytes()).as_ref())
}

/// A successor, so that only who has its parent can read it: a copy of the database opens nothing.
pub(super) fn sealed(parent: &str, successor: &str) -> Result<String> {
    let mut text = successor.as_bytes().to_vec();
    let failed = |_| Error::internal("a token cannot be sealed");
    let nonce = key_of(parent)?.seal_in_place_append_tag(Aad::empty(), &mut text).map_err(failed)?;
    text.extend_from_slice(nonce.as_ref());
    Ok(base64::encode(&text, Alphabet::Url))
}

fn opened(parent: &str, sealed: &str) -> Option<String> {
    let mut bytes = base64::decode(sealed, Alphabet::Url)?;
    let nonce = bytes.split_off(bytes.len().checked_sub(12)?);
    let nonce = Nonce::try_assume_unique_for_key(&nonce).ok()?;
    let text = key_of(parent).ok()?.open_in_place(nonce, Aad::empty(), &mut bytes).ok()?;
    String::from_utf8(text.to_vec()).ok()
}

fn key_of(parent: &str) -> Result<RandomizedNonceKey> {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(b"quintet.successor\0");
    context.update(parent.as_bytes());
    RandomizedNonceKey::new(&AES_256_GCM, context.finish().as_ref())
        .map_err(|_| Error::internal("a token cannot be sealed"))
}

fn assign(field: &'static str, value: Value) -> Assign {
    Assign { field: field.into(), value: Expr::Value(value) }
}

fn moment(cell: Cell) -> Result<Option<i64>> {
    if cell.is_null() {
        return Ok(None);
    }
    DateTime::from_cell(cell).map(|moment| Some(moment.timestamp_micros())).map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_has_a_token_can_read_its_successor() {
        let kept = sealed("parent", "successor").expect("sealed");
        assert_eq!(opened("parent", &kept).as_deref(), Some("successor"));
        assert_eq!(opened("another", &kept), None);
        assert_eq!(opened("parent", ""), None);
        assert!(!kept.contains("successor"));
    }
}
