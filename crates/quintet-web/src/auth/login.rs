//! Credentials: whether a name and a password are somebody's.

use http::StatusCode;
use quintet_core::query::{Assign, Condition, Expr, Path, Query, Statement, Step};
use quintet_core::schema::Value;
use quintet_db::Db;

use super::account::{Account, find};
use super::backends::{self, AuthBackend};
use super::credentials::{Asker, Credentials};
use super::hashers::{make_password, verify_password};
use super::pool;
use super::settings::Accounts;
use crate::http::{Error, Result};
use crate::rest::AnyUser;

/// The user whom a name and a password belong to, by the backends of the settings: the first that knows them.
///
/// # Errors
/// 503 where too many passwords wait to be hashed; what the database or a backend refuses.
pub async fn authenticate(asker: Asker<'_>, username: &str, password: &str) -> Result<Option<Account>> {
    authenticate_by(asker, &Credentials::of(username, password)).await
}

/// The same of credentials of any kind.
///
/// # Errors
/// The same.
pub async fn authenticate_by(asker: Asker<'_>, credentials: &Credentials<'_>) -> Result<Option<Account>> {
    backends::authenticate(&Accounts::of(asker.db()).auth, asker, credentials).await
}

/// The user of a name and a password, where a backend lets that one in. A hash that is out of date is made again.
///
/// Whatever the reason of a refusal, it costs one hash. Where too many hashes wait, the answer is 503, and no user is looked for.
pub(super) async fn by_password(
    backend: &impl AuthBackend,
    asker: Asker<'_>,
    credentials: &Credentials<'_>,
) -> Result<Option<Account>> {
    let db = asker.db();
    let accounts = Accounts::of(db);
    let auth = &accounts.auth;
    let username = credentials.username().or_else(|| credentials.get(&auth.username_field));
    let (Some(username), Some(password)) = (username, credentials.password()) else { return Ok(None) };
    let place = pool::place(auth.hashing_queue)?;
    let user = find(db, &auth.username_field, Value::Text(username.to_owned())).await?;
    let (hashers, plain) = (auth.password_hashers.clone(), password.to_owned());
    let encoded = user.as_ref().map(|user| user.password().to_owned());
    // Nobody's password takes as long as somebody's, by the same way.
    let encoded = encoded.unwrap_or_default();
    let verdict = place.run(move || verify_password(&hashers, &plain, &encoded)).await??;
    let Some(mut user) = user else { return Ok(None) };
    if !verdict.is_correct {
        return Ok(None);
    }
    if verdict.must_update {
        let (hashers, plain) = (auth.password_hashers.clone(), password.to_owned());
        let encoded = place.run(move || make_password(&hashers, Some(&plain))).await??;
        set_password(db, &accounts, &user, encoded.clone()).await?;
        // What is made of the user from here on knows the new hash: tokens remember it.
        let Some(changed) = find(db, "pk", user.id()).await? else { return Ok(None) };
        user = changed;
        if user.password() != encoded {
            // Somebody else was faster: another login, or another password, by which this one is none any more.
            let (hashers, plain, encoded) =
                (auth.password_hashers.clone(), password.to_owned(), user.password().to_owned());
            if !place.run(move || verify_password(&hashers, &plain, &encoded)).await??.is_correct {
                return Ok(None);
            }
        }
    }
    Ok(backend.user_can_authenticate(&user).then_some(user))
}

/// Writes a new hash, unless somebody else changed the password meanwhile; whether it is written.
pub(super) async fn set_password(db: Db<'_>, accounts: &Accounts, user: &Account, encoded: String) -> Result<bool> {
    let (app, name) = accounts.model.clone();
    let mut query = Query::of(app, name);
    let is = |path: &'static str, value: Value| Condition::Lookup(Path::from_iter([path]), Expr::Value(value));
    let same = vec![is("pk", user.id()), is("password", Value::Text(user.password().to_owned()))];
    query.steps.push(Step::Filter(Condition::And(same)));
    let assign = Assign { field: "password".into(), value: Expr::Value(Value::Text(encoded)) };
    Ok(db.run(&Statement::Update(&query, &[assign])).await.map_err(Error::internal)? > 0)
}

/// Hashes a password by the settings of a database, where it stands in nobody's way; without one, makes what no password
/// fits.
///
/// # Errors
/// 503 where too many passwords wait to be hashed.
pub async fn hashed(db: Db<'_>, password: Option<&str>) -> Result<String> {
    let accounts = Accounts::of(db);
    let Some(password) = password.map(str::to_owned) else { return super::hashers::unusable_password() };
    let place = pool::place(accounts.auth.hashing_queue)?;
    place.run(move || make_password(&accounts.auth.password_hashers, Some(&password))).await?
}

/// The answer to credentials that are nobody's.
pub fn no_active_account() -> Error {
    Error::api(StatusCode::UNAUTHORIZED, "no_active_account", "No active account found with the given credentials")
}
