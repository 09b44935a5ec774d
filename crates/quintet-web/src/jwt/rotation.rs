//! What becomes of a refresh token that is sent in: an access token and perhaps a successor, or a refusal; and how
//! sessions end.
//!
//! Whatever is read here before something is written only finds refusals early. What decides is one of the statements that
//! are made together: with families that a token has a successor, without them that it is in the list of those that are
//! taken back. What need not wait for another answer is asked at once: each turn to the database and back costs more than
//! its statement.

use std::time::SystemTime;

use quintet_core::schema::Value;
use quintet_core::sql::Dialect;
use quintet_db::Db;

use super::blacklist::Listed;
use super::family::{Member, Which};
use super::rows::Together;
use super::tokens::{BLACKLISTED, database_value, invalid_token};
use super::{Claims, SimpleJwt, TokenClass, Tokens, UserToken, blacklist, family};
use crate::auth::{Account, find};
use crate::http::{Error, Request, Result, StatusCode};
use crate::rest::AnyUser as _;
use crate::security::{SecurityEvent, tell};

/// What a refresh gives.
pub(super) struct Fresh {
    pub(super) access: String,
    /// The successor, and its text.
    pub(super) refresh: Option<(UserToken, String)>,
}

/// A refresh token, exchanged.
pub(super) async fn refreshed(tokens: &Tokens<'_>, text: &str) -> Result<Fresh> {
    match tokens.settings.token_families {
        // In a box: who has no families need not carry it along.
        true => Box::pin(in_family(tokens, text)).await,
        false => without_family(tokens, text).await,
    }
}

/// Where families of tokens tell who is the last of which.
async fn in_family(tokens: &Tokens<'_>, text: &str) -> Result<Fresh> {
    let refresh = read(tokens, text).await?;
    let id = tokens.id(&refresh).ok_or_else(|| invalid_token("Token has no id"))?;
    let (member, listed, user) =
        tokio::join!(family::member(tokens.db(), id), listed(tokens, &refresh), user_of(tokens, &refresh));
    let member = match member? {
        Some(member) => member,
        None => adopted(tokens, &refresh, id).await?,
    };
    within_family(tokens, Sent { text, refresh, listed: listed?, user: user? }, member).await
}

/// A refresh token that was sent in, and what is known of it.
struct Sent<'a> {
    text: &'a str,
    refresh: UserToken,
    listed: Option<Listed>,
    /// The user whom it names: see [`user_of`].
    user: Option<Option<Account>>,
}

/// The token without what the lists say of it.
async fn read(tokens: &Tokens<'_>, text: &str) -> Result<UserToken> {
    let token = tokens.opened(Some(TokenClass::Refresh), text).await;
    token.and_then(|token| tokens.check(&token).map(|()| token)).map_err(|why| invalid_token(&why))
}

/// As the reference does it.
async fn without_family(tokens: &Tokens<'_>, text: &str) -> Result<Fresh> {
    let refresh = tokens.opened(Some(TokenClass::Refresh), text).await.map_err(|why| invalid_token(&why))?;
    if let Some(fresh) = hopeful(tokens, &refresh).await? {
        return Ok(fresh);
    }
    Box::pin(alone(tokens, refresh)).await
}

/// As if the token were in the list and good, as most are: the statement that takes it back finds its row as well, and tells
/// whether that was so. Nothing where something else is the matter, which is not said here.
///
/// On SQLite only: PostgreSQL makes what says nothing but values together with others' rows, and that is worth more.
async fn hopeful(tokens: &Tokens<'_>, refresh: &UserToken) -> Result<Option<Fresh>> {
    let (db, settings) = (tokens.db(), tokens.settings);
    let is_decisive = settings.rotate_refresh_tokens && settings.blacklist_after_rotation;
    if db.dialect() != Dialect::Sqlite || !is_decisive || !blacklist::is_there(db) {
        return Ok(None);
    }
    let Some(id) = tokens.id(refresh).filter(|_| tokens.check(refresh).is_ok()) else { return Ok(None) };
    let user = user_of(tokens, refresh).await?;
    if user.as_ref().is_some_and(|user| admitted(tokens, user.as_ref()).is_err()) {
        return Ok(None);
    }
    let made = Successors::of(tokens, refresh, user.flatten())?;
    let mut together = Together::on(blacklist::home(db)?);
    together.need(blacklist::taken_back(id, None, tokens.now))?;
    if let Some(listed) = blacklist::listed(tokens, (&made.refresh, &made.text), &made.owner) {
        together.add(listed)?;
    }
    Ok(together.make().await?.is_none().then(|| made.into()))
}

/// An access token and the successor of a refresh token, and whose they are.
struct Successors {
    access: String,
    refresh: UserToken,
    text: String,
    owner: Value,
}

impl Successors {
    fn of(tokens: &Tokens<'_>, old: &UserToken, user: Option<Account>) -> Result<Self> {
        let access = tokens.encode(&tokens.access_of(old)?)?;
        let refresh = tokens.successor(old)?;
        let text = tokens.encode(&refresh)?;
        Ok(Self { access, refresh, text, owner: user.map_or(Value::Null, |user| user.id()) })
    }
}

impl From<Successors> for Fresh {
    fn from(made: Successors) -> Self {
        Self { access: made.access, refresh: Some((made.refresh, made.text)) }
    }
}

async fn alone(tokens: &Tokens<'_>, refresh: UserToken) -> Result<Fresh> {
    let (listed, user) = tokio::join!(listed(tokens, &refresh), user_of(tokens, &refresh));
    let listed = listed?;
    if listed.as_ref().is_some_and(|listed| listed.is_taken_back) {
        return Err(invalid_token(BLACKLISTED));
    }
    tokens.check(&refresh).map_err(|why| invalid_token(&why))?;
    let user = user?;
    if let Some(user) = &user {
        admitted(tokens, user.as_ref())?;
    }
    if !tokens.settings.rotate_refresh_tokens {
        return Ok(Fresh { access: tokens.encode(&tokens.access_of(&refresh)?)?, refresh: None });
    }
    let made = Successors::of(tokens, &refresh, user.flatten())?;
    if blacklist::is_there(tokens.db()) {
        let exchanged = decided(tokens, blacklist::home(tokens.db())?, &refresh, async |db| {
            let mut together = Together::on(db);
            let next = (&made.refresh, made.text.as_str());
            exchange_in_lists(&mut together, tokens, (&refresh, listed.as_ref()), next, &made.owner)?;
            together.make().await
        });
        if exchanged.await? != Some(None) {
            tell(tokens.request, SecurityEvent::TokenRevoked, &made.owner, "");
            return Err(invalid_token(BLACKLISTED));
        }
    }
    Ok(made.into())
}

/// What the lists say of a token, where the project has them.
async fn listed(tokens: &Tokens<'_>, token: &UserToken) -> Result<Option<Listed>> {
    if !blacklist::is_there(tokens.db()) {
        return Ok(None);
    }
    let id = tokens.id(token).ok_or_else(|| invalid_token("Token has no id"))?;
    blacklist::find(tokens.db(), id).await
}

/// Writes what makes the successor of a token, unless that one is taken back: then it gives nothing. Where it is taken back
/// with the successor, that statement decides; where it stays good, it is looked at in one transaction with it.
async fn decided<T>(
    tokens: &Tokens<'_>,
    home: Db<'_>,
    old: &UserToken,
    write: impl AsyncFnOnce(Db<'_>) -> Result<T>,
) -> Result<Option<T>> {
    let is_decisive = tokens.settings.blacklist_after_rotation;
    let Some(id) = tokens.id(old).filter(|_| !is_decisive && blacklist::is_there(home)) else {
        return write(home).await.map(Some);
    };
    let transaction = home.transaction().await.map_err(Error::internal)?;
    let within = Db::from(&transaction);
    if blacklist::has(within, id).await? {
        transaction.rollback().await.map_err(Error::internal)?;
        return Ok(None);
    }
    let written = write(within).await?;
    transaction.commit().await.map_err(Error::internal)?;
    Ok(Some(written))
}

/// Takes a token back, where the settings say so, and lists its successor. What has to touch a row says that the token was
/// good until now.
fn exchange_in_lists(
    together: &mut Together<'_>,
    tokens: &Tokens<'_>,
    old: (&UserToken, Option<&Listed>),
    next: (&UserToken, &str),
    owner: &Value,
) -> Result<()> {
    if tokens.settings.blacklist_after_rotation {
        blacklist::take_back(together, tokens, old, owner)?;
    }
    if let Some(listed) = blacklist::listed(tokens, next, owner) {
        together.add(listed)?;
    }
    Ok(())
}

/// A token that is older than families, or another server's: its family begins now. The list of those that were given
/// out must be there, without which nobody could have taken it back.
async fn adopted(tokens: &Tokens<'_>, refresh: &UserToken, id: &str) -> Result<Member> {
    let db = tokens.db();
    let is_taken_back = blacklist::is_there(db) && blacklist::has(db, id).await?;
    if tokens.family_key(refresh).is_some() || is_taken_back {
        tell(tokens.request, SecurityEvent::TokenRevoked, &Value::Null, "");
        return Err(invalid_token(BLACKLISTED));
    }
    if !blacklist::is_there(db) {
        return Err(invalid_token("Token is invalid"));
    }
    let user = user_of(tokens, refresh).await?.flatten();
    let user = admitted(tokens, user.as_ref())?;
    // Where another was first, nothing is written, and that one's family is it.
    begin(tokens, &family::new_key()?, user, (id, refresh.end())).await?;
    family::member(family::home(db)?, id).await?.ok_or_else(|| invalid_token(BLACKLISTED))
}

async fn within_family(tokens: &Tokens<'_>, mut sent: Sent<'_>, member: Member) -> Result<Fresh> {
    let (request, settings, owner) = (tokens.request, tokens.settings, &member.family.user);
    let key = member.family.key.as_str();
    if member.family.is_ended || tokens.family_key(&sent.refresh).is_some_and(|said| said != key) {
        tell(request, SecurityEvent::TokenRevoked, owner, key);
        return Err(invalid_token(BLACKLISTED));
    }
    if member.family.is_over(tokens.now) {
        return Err(invalid_token("Token is expired"));
    }
    let user = admitted(tokens, sent.user.as_ref().and_then(Option::as_ref))?;
    if settings.revoke_on_password_change && !member.family.knows_password(user) {
        tell(request, SecurityEvent::PasswordChanged, owner, key);
        end(tokens, Which::One(key)).await?;
        request.rest().set_kept();
        return Err(password_changed());
    }
    if member.is_replaced() {
        return repeated(tokens, sent.text, &member).await;
    }
    sent.refresh.insert(settings.family_claim.as_str(), key);
    if !settings.rotate_refresh_tokens {
        return renewed(tokens, &sent.refresh, &member).await;
    }
    rotated(tokens, &sent, &member).await
}

/// Another access token, where refresh tokens stay as they are.
async fn renewed(tokens: &Tokens<'_>, refresh: &UserToken, member: &Member) -> Result<Fresh> {
    let id = tokens.id(refresh).unwrap_or_default();
    let is_taken_back = blacklist::is_there(tokens.db()) && blacklist::has(tokens.db(), id).await?;
    if is_taken_back || family::used(&member.family.key, tokens.now).alone(tokens.db()).await? == 0 {
        tell(tokens.request, SecurityEvent::TokenRevoked, &member.family.user, &member.family.key);
        return Err(invalid_token(BLACKLISTED));
    }
    Ok(Fresh { access: access(tokens, refresh, member)?, refresh: None })
}

async fn rotated(tokens: &Tokens<'_>, sent: &Sent<'_>, member: &Member) -> Result<Fresh> {
    let mut next = tokens.successor(&sent.refresh)?;
    if let Some(end) = member.family.end() {
        next.cap("exp", end);
    }
    let text = tokens.encode(&next)?;
    let exchanged = decided(tokens, family::home(tokens.db())?, &sent.refresh, async |db| {
        exchanged(db, tokens, sent, member, (&next, &text)).await
    });
    match exchanged.await?.unwrap_or(Exchanged::Never) {
        Exchanged::Now => Ok(Fresh { access: access(tokens, &next, member)?, refresh: Some((next, text)) }),
        Exchanged::Before(member) => repeated(tokens, sent.text, &member).await,
        Exchanged::Never => {
            tell(tokens.request, SecurityEvent::TokenRevoked, &member.family.user, &member.family.key);
            Err(invalid_token(BLACKLISTED))
        }
    }
}

/// What became of a token that was to be exchanged.
enum Exchanged {
    Now,
    /// It has a successor already.
    Before(Member),
    /// It is taken back.
    Never,
}

/// Writes the successor of a token of a family, or nothing.
async fn exchanged(
    db: Db<'_>,
    tokens: &Tokens<'_>,
    old: &Sent<'_>,
    member: &Member,
    (next, text): (&UserToken, &str),
) -> Result<Exchanged> {
    let has_interval = !tokens.settings.reuse_interval.is_zero();
    let sealed = if has_interval { family::sealed(old.text, text)? } else { String::new() };
    let (old_id, next_id) = (tokens.id(&old.refresh).unwrap_or_default(), tokens.id(next).unwrap_or_default());
    let mut together = Together::on(db);
    // The family's row first: who ends it waits for this, or this for that.
    together.need(family::used(&member.family.key, tokens.now))?;
    let replaced = together.need(family::replaced(old_id, sealed, tokens.now))?;
    if blacklist::is_there(db) {
        let old = (&old.refresh, old.listed.as_ref());
        exchange_in_lists(&mut together, tokens, old, (next, text), &member.family.user)?;
    }
    together.add(family::joined_beside(member, next_id, next.end()))?;
    match together.make().await? {
        None => Ok(Exchanged::Now),
        Some(missed) if missed == replaced => {
            let member = family::member(db, old_id).await?;
            Ok(member.map_or(Exchanged::Never, Exchanged::Before))
        }
        Some(_) => Ok(Exchanged::Never),
    }
}

/// A token that has a successor is sent in again: soon after, by somebody who lost the answer; later, by a thief, or by
/// the one from whom it was stolen. Nobody can tell which, so that the session ends for both.
async fn repeated(tokens: &Tokens<'_>, text: &str, member: &Member) -> Result<Fresh> {
    let (owner, key) = (&member.family.user, member.family.key.as_str());
    if let Some((next_text, made)) = member.successor(text, tokens.now, tokens.settings.reuse_interval)
        // Another request made it, which may have begun later than this one, or by a clock that is ahead.
        && let Ok(next) = tokens.opened_at(tokens.now.max(made), Some(TokenClass::Refresh), &next_text).await
        && let Some(id) = tokens.id(&next)
        && let Some(last) = family::member(tokens.db(), id).await?
        && !last.is_replaced()
        && !last.family.is_ended
    {
        tell(tokens.request, SecurityEvent::TokenRepeated, owner, key);
        return Ok(Fresh { access: access(tokens, &next, member)?, refresh: Some((next, next_text)) });
    }
    tell(tokens.request, SecurityEvent::TokenReused, owner, key);
    end(tokens, Which::One(key)).await?;
    // A refusal, and yet what was written stays.
    tokens.request.rest().set_kept();
    Err(invalid_token(BLACKLISTED))
}

fn access(tokens: &Tokens<'_>, refresh: &UserToken, member: &Member) -> Result<String> {
    let mut access = tokens.access_of(refresh)?;
    if let Some(end) = member.family.end() {
        access.cap("exp", end);
    }
    tokens.encode(&access)
}

/// Begins the family of a new token, which then names it.
pub(super) async fn begin_family(tokens: &Tokens<'_>, token: &mut UserToken, user: &Account) -> Result<()> {
    let id = tokens.id(token).ok_or_else(|| Error::internal("families need `simple_jwt.jti_claim`"))?.to_owned();
    let key = family::new_key()?;
    token.insert(tokens.settings.family_claim.as_str(), key.as_str());
    let refresh_end = tokens.settings.sliding_token_refresh_exp_claim.as_str();
    if let Some(lifetime) = tokens.settings.family_lifetime {
        token.cap("exp", tokens.now + lifetime);
        token.cap(refresh_end, tokens.now + lifetime);
    }
    let claim = if token.class() == Some(TokenClass::Sliding) { refresh_end } else { "exp" };
    let is_begun = begin(tokens, &key, user, (&id, token.moment(claim))).await?;
    is_begun.then_some(()).ok_or_else(|| Error::internal("a new token is in a family already"))
}

/// Begins a family with its first token; does nothing where that one is in a family already.
async fn begin(tokens: &Tokens<'_>, key: &str, user: &Account, (id, expires_at): (&str, i64)) -> Result<bool> {
    let end = tokens.settings.family_lifetime.map(|lifetime| tokens.now + lifetime);
    let family = family::begun(key, user, family::Origin::of(tokens.request), (tokens.now, end));
    let mut together = Together::on(family::home(tokens.db())?);
    together.add(family)?;
    together.need(family::joined(key, id, expires_at))?;
    Ok(together.make().await?.is_none())
}

/// A user logs out: the token is taken back, and its family ends.
pub(super) async fn logged_out(tokens: &Tokens<'_>, text: &str) -> Result<()> {
    if tokens.settings.token_families {
        let refresh = read(tokens, text).await?;
        let id = tokens.id(&refresh).ok_or_else(|| invalid_token("Token has no id"))?;
        if let Some(member) = family::member(tokens.db(), id).await? {
            if end(tokens, Which::One(&member.family.key)).await? == 0 {
                return Err(invalid_token(BLACKLISTED));
            }
            tell(tokens.request, SecurityEvent::SessionEnded, &member.family.user, &member.family.key);
            return Ok(());
        }
    }
    let refresh = tokens.read(TokenClass::Refresh, text).await?;
    if !blacklist::is_there(tokens.db()) {
        return Ok(());
    }
    let owner = user_of(tokens, &refresh).await?.flatten().map_or(Value::Null, |user| user.id());
    let mut together = Together::on(blacklist::home(tokens.db())?);
    blacklist::take_back(&mut together, tokens, (&refresh, None), &owner)?;
    together.make().await?;
    tell(tokens.request, SecurityEvent::SessionEnded, &owner, "");
    Ok(())
}

/// A sliding token that lives on, no longer than its family.
pub(super) async fn renewed_sliding(tokens: &Tokens<'_>, text: &str) -> Result<UserToken> {
    let sliding = tokens.read(TokenClass::Sliding, text).await?;
    let mut next = tokens.renewed(&sliding).map_err(|why| invalid_token(&why))?;
    if let Some(family) = &sliding.family {
        if let Some(end) = family.end() {
            next.cap("exp", end);
        }
        if family::used(&family.key, tokens.now).alone(tokens.db()).await? == 0 {
            return Err(invalid_token(BLACKLISTED));
        }
    }
    Ok(next)
}

/// Whether a token of whichever kind has a successor, or is of a session that has ended.
pub(super) async fn is_of_the_past(tokens: &Tokens<'_>, token: &UserToken) -> Result<bool> {
    let (Some(id), true) = (tokens.id(token), tokens.settings.token_families) else { return Ok(false) };
    if let Some(member) = family::member(tokens.db(), id).await? {
        return Ok(member.is_replaced() || member.family.is_ended || member.family.is_over(tokens.now));
    }
    let Some(key) = tokens.family_key(token) else { return Ok(false) };
    let is_access = tokens.settings.token_type_claim.as_deref().and_then(|claim| token.get(claim));
    let is_access = is_access.is_some_and(|said| said == TokenClass::Access.token_type());
    if is_access && !tokens.settings.check_token_family {
        return Ok(false);
    }
    let found = family::find(tokens.db(), key).await?;
    Ok(found.is_none_or(|family| family.is_ended || family.is_over(tokens.now)))
}

/// Ends families, and writes their tokens into the list that the reference reads too; gives how many ended.
async fn end(tokens: &Tokens<'_>, which: Which<'_>) -> Result<u64> {
    let transaction = family::home(tokens.db())?.transaction().await.map_err(Error::internal)?;
    let within = Db::from(&transaction);
    let ended = ended(within, which, tokens.now).await?;
    transaction.commit().await.map_err(Error::internal)?;
    Ok(ended)
}

async fn ended(db: Db<'_>, which: Which<'_>, now: SystemTime) -> Result<u64> {
    let count = family::end(db, which, now).await?;
    if count > 0 && blacklist::is_there(db) {
        for id in family::ended_with(db, which, now).await? {
            blacklist::take_back_id(db, &id, now).await?;
        }
    }
    Ok(count)
}

/// Ends one session of a user, by the name of its family; whether there was one. With the app `token_families`.
///
/// # Errors
/// What the database refuses.
pub async fn end_session(request: &Request, user: &Value, session: &str) -> Result<bool> {
    let tokens = Tokens::of(request)?;
    let was_there = end(&tokens, Which::OneOf(user, session)).await? > 0;
    if was_there {
        tell(request, SecurityEvent::SessionEnded, user, session);
    }
    Ok(was_there)
}

/// Logs a user out everywhere, or everywhere but in one session: families end, and refresh tokens that were given out are
/// taken back, as far as the apps `token_families` and `token_blacklist` are there. Gives how many sessions ended.
///
/// Call it where a password is changed by a view of your own.
///
/// # Errors
/// What the database refuses.
pub async fn end_sessions(request: &Request, user: &Value, but: Option<&str>) -> Result<u64> {
    let transaction = sessions_home(Db::from(request))?.transaction().await.map_err(Error::internal)?;
    let count = end_sessions_within(Db::from(&transaction), request, user, but).await?;
    transaction.commit().await.map_err(Error::internal)?;
    tell(request, SecurityEvent::SessionsEnded, user, but.unwrap_or_default());
    Ok(count)
}

/// The connection on which sessions end, where routers choose it: for a transaction.
pub(crate) fn sessions_home(db: Db<'_>) -> Result<Db<'_>> {
    if family::is_there(db) { family::home(db) } else { blacklist::home(db) }
}

/// The same as [`end_sessions`] in a transaction of who calls, and tells of it when it is kept.
pub(crate) async fn end_sessions_within(
    within: Db<'_>,
    request: &Request,
    user: &Value,
    but: Option<&str>,
) -> Result<u64> {
    let tokens = Tokens::of(request)?;
    let (mut count, mut kept) = (0, vec![]);
    if family::is_there(within) {
        let which = but.map_or(Which::AllOf(user), |but| Which::AllBut(user, but));
        count = ended(within, which, tokens.now).await?;
        if let Some(but) = but {
            kept = family::living(within, Which::OneOf(user, but)).await?;
        }
    }
    if blacklist::is_there(within) {
        for id in blacklist::living(within, user, tokens.now).await? {
            if !kept.contains(&id) && blacklist::take_back_id(within, &id, tokens.now).await? == Some(true) {
                count += 1;
            }
        }
    }
    Ok(count)
}

/// The user whom a token names; nothing where it names none, and nobody where that one is gone.
async fn user_of(tokens: &Tokens<'_>, token: &UserToken) -> Result<Option<Option<Account>>> {
    user_of_claims(tokens.db(), tokens.settings, &token.claims).await
}

/// The same of claims.
pub(super) async fn user_of_claims(
    db: Db<'_>,
    settings: &SimpleJwt,
    claims: &Claims,
) -> Result<Option<Option<Account>>> {
    let names_nobody = |id: &Value| match id {
        Value::Null | Value::Bool(false) | Value::Int(0) => true,
        Value::Text(text) => text.is_empty(),
        _ => false,
    };
    match claims.get(&settings.user_id_claim).map(database_value).filter(|id| !names_nobody(id)) {
        None => Ok(None),
        Some(id) => find(db, &settings.user_id_field, id).await.map(Some),
    }
}

fn admitted<'u>(tokens: &Tokens<'_>, user: Option<&'u Account>) -> Result<&'u Account> {
    user.filter(|user| tokens.settings.admits(user)).ok_or_else(|| {
        let detail = "No active account found for the given token.";
        Error::api(StatusCode::UNAUTHORIZED, "no_active_account", detail)
    })
}

/// The refusal of a token that is older than the password.
pub(super) fn password_changed() -> Error {
    let detail = serde_json::json!({
        "detail": "The user's password has been changed.",
        "code": "password_changed",
    });
    Error::api(StatusCode::UNAUTHORIZED, "password_changed", detail)
}
