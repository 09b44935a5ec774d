//! Users and sessions: who logs in is remembered, who logs out is forgotten, and a session whose user has another password
//! now is nobody's.
//!
//! What stands in a session about its user is the reference's, so that either side knows who logged in at the other.

use std::sync::Arc;

use quintet_core::json::Json;
use quintet_core::query::{Assign, Condition, Expr, Path, Query, Statement, Step};
use quintet_core::schema::Value;
use quintet_db::{Cell, Db};

use super::account::Account;
use super::backends;
use super::settings::Accounts;
use crate::http::{Error, Request, Response, Result};
use crate::middleware::Middleware;
use crate::rest::{AnyUser, Identity};
use crate::signing::{hex_hmac, is_equal};

const USER: &str = "_auth_user_id";
const BACKEND: &str = "_auth_user_backend";
const HASH: &str = "_auth_user_hash";

/// Tells views who logged in: `request.user()` of a function that no authentication of its own answers for, and of an API
/// view with `SessionAuthentication`. Stands behind `SessionMiddleware`.
#[derive(Clone, Copy, Debug)]
pub struct AuthenticationMiddleware;

impl Middleware for AuthenticationMiddleware {
    fn name(&self) -> &'static str {
        "AuthenticationMiddleware"
    }

    fn before(&self, request: &Request) -> Result<Option<Response>> {
        request.session()?;
        request.visit().tell_users();
        Ok(None)
    }
}

/// Remembers a user in the session of a request, which gets another key; what the session had of nobody stays, what it had
/// of somebody else is gone. Asks for no password: that is the concern of [`authenticate`](super::authenticate).
///
/// `request.user()` of this request stays who it was.
///
/// # Errors
/// There are no sessions, or the database refuses something; a user whom no backend gave, where there are several of them:
/// [`with_backend`](Account::with_backend) says which one shall be asked about the session.
pub async fn login(request: &Request, user: &Account) -> Result<()> {
    let session = request.session()?;
    let hash = session_auth_hash(request, user)?;
    let key = key_text(user)?;
    match session.get_json(USER).await? {
        Some(known) => {
            let same_hash = is_equal(&session.text(HASH).await?.unwrap_or_default(), &hash);
            if text_of(&known) != key || !same_hash {
                session.flush().await?;
            }
        }
        None => session.cycle_key().await?,
    }
    let backend = backend_of(request, user)?;
    session.set_json(USER, Json::Text(key)).await?;
    session.set_json(BACKEND, Json::Text(backend)).await?;
    session.set_json(HASH, Json::Text(hash)).await?;
    request.rotate_csrf_token()?;
    note_login(request, user).await
}

/// Forgets who logged in, and everything else that the session had.
///
/// # Errors
/// There are no sessions, or the database refuses something.
pub async fn logout(request: &Request) -> Result<()> {
    request.session()?.flush().await?;
    request.visit().set_user(None);
    Ok(())
}

/// Keeps this session alive when its user got another password, which ends all others. The user is the one with the new
/// password.
///
/// # Errors
/// There are no sessions, or the database refuses something.
pub async fn update_session_auth_hash(request: &Request, user: &Account) -> Result<()> {
    let session = request.session()?;
    session.cycle_key().await?;
    let known = session.get_json(USER).await?.map(|known| text_of(&known));
    if known == Some(key_text(user)?) {
        session.set_json(HASH, Json::Text(session_auth_hash(request, user)?)).await?;
    }
    Ok(())
}

/// Who logged in, where `AuthenticationMiddleware` tells it. Looked for once.
pub(crate) async fn session_user(request: &Request) -> Result<Option<Identity>> {
    if !request.has_visit() || !request.visit().has_users() {
        return Ok(None);
    }
    if let Some(known) = request.visit().user() {
        return Ok(known);
    }
    let found = stored(request).await?;
    request.visit().set_user(found.clone());
    Ok(found)
}

async fn stored(request: &Request) -> Result<Option<Identity>> {
    let session = request.session()?;
    let (Some(key), Some(path)) = (session.get_json(USER).await?, session.text(BACKEND).await?) else {
        return Ok(None);
    };
    let db = Db::from(request);
    let accounts = Accounts::of(db);
    let Some(backend) = accounts.auth.backends.iter().find(|backend| backend.path() == path) else { return Ok(None) };
    let Some(user) = backend.get_user(db, &text_of(&key)).await? else { return Ok(None) };
    let kept = session.text(HASH).await?.unwrap_or_default();
    let hash = session_auth_hash(request, &user)?;
    if !is_equal(&kept, &hash) {
        let is_former = former_hashes(request, &user)?.iter().any(|hash| is_equal(&kept, hash));
        if !is_former {
            session.flush().await?;
            return Ok(None);
        }
        session.cycle_key().await?;
        session.set_json(HASH, Json::Text(hash)).await?;
    }
    Ok(Some(Arc::new(user) as Identity))
}

/// What changes with a user's password.
const HASH_SALT: &str = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash";

fn session_auth_hash(request: &Request, user: &Account) -> Result<String> {
    Ok(hex_hmac(HASH_SALT, user.password(), request.site().signing_keys()?.first()))
}

/// The same by the keys that signed before.
fn former_hashes(request: &Request, user: &Account) -> Result<Vec<String>> {
    let keys = request.site().signing_keys()?;
    Ok(keys.all().skip(1).map(|key| hex_hmac(HASH_SALT, user.password(), key)).collect())
}

/// The backend that gave the user, by its name; the only one there is, where none did.
fn backend_of(request: &Request, user: &Account) -> Result<String> {
    let accounts = Accounts::of(Db::from(request));
    match (user.backend(), backends::all(&accounts.auth)?) {
        (Some(path), _) => Ok(path.to_owned()),
        (None, [only]) => Ok(only.path().to_owned()),
        (None, _) => Err(Error::internal(
            "several `auth.backends` are there, and none of them gave this user\nhint: say which one does: \
             `user.with_backend(ModelBackend.path())`",
        )),
    }
}

/// A user's key as text: in sessions and links.
pub(super) fn key_text(user: &Account) -> Result<String> {
    match user.id() {
        Value::Int(number) => Ok(number.to_string()),
        Value::Text(text) | Value::Uuid(text) => Ok(text),
        other => Err(Error::internal(format!("a session cannot name a user by {other:?}"))),
    }
}

fn text_of(key: &Json) -> String {
    quintet_core::python::str(key)
}

/// Notes the time of the login, where users have a place for it.
async fn note_login(request: &Request, user: &Account) -> Result<()> {
    if user.value("last_login").is_none() {
        return Ok(());
    }
    let db = Db::from(request);
    let (app, name) = Accounts::of(db).model.clone();
    let mut query = Query::of(app, name);
    let is = Condition::Lookup(Path::parse("pk"), Expr::Value(user.id()));
    query.steps.push(Step::Filter(is));
    let now = request.site().options().clock.now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let now = Value::from(Cell::DateTime(i64::try_from(now.as_micros()).unwrap_or(i64::MAX)));
    let assign = Assign { field: "last_login".into(), value: Expr::Value(now) };
    db.run(&Statement::Update(&query, &[assign])).await.map_err(Error::internal)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::disallowed_methods, reason = "a test reads its vectors")]
    fn the_hash_of_a_session_is_the_recorded_one() {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../oracle/vectors/signing.json");
        let text = std::fs::read_to_string(file).expect("recordings");
        let recorded: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let cases = recorded["hashes"].as_array().expect("a list");
        assert!(cases.len() > 3);
        for case in cases {
            let key = b"oracle-secret-key-0123456789-abcdefghijklmnopqrstuvwxyz-XYZ";
            assert_eq!(hex_hmac(HASH_SALT, case["password"].as_str().expect("text"), key), case["hash"]);
        }
    }
}
