//! JSON endpoints about passwords, which a project routes: another password, and a forgotten one.
//!
//! Who asks for a link learns nothing of the address: the answer is there before anybody looks for its user, and who
//! that is is looked for and written to beside the request.

use std::sync::Arc;

use http::StatusCode;
use quintet_core::rest::{Field, Problem, Problems};
use quintet_core::schema::Value;
use quintet_db::Db;

use super::account::{Account, find};
use super::hashers::{make_password, verify_password};
use super::login::set_password;
use super::pool;
use super::reset::{PasswordResetTokens, user_of_uid};
use super::reset_mail::{link_template, send};
use super::session::update_session_auth_hash;
use super::settings::Accounts;
use super::validators::{PasswordOwner, validate_password};
use crate::http::{Error, Request, Response, Result};
use crate::jwt::{end_sessions, end_sessions_within, sessions_home, texts};
use crate::rest::openapi::{Describe, Operations};
use crate::rest::throttle::{AccountThrottle, check};
use crate::rest::{AllowAny, AnyUser as _, ApiView, Authenticator, Choice, IsAuthenticated, Methods, Permission};
use crate::security::{Asker, SecurityEvent, tell};

/// `POST {"old_password", "new_password"}`: another password for who asks. It ends all sessions; who asks with the session
/// of a browser keeps that one.
#[derive(Clone, Copy, Debug, Default)]
pub struct PasswordChangeView;

/// `POST {"email"}`: a mail with a link, if somebody has that address. The answer is the same for every address.
#[derive(Clone, Copy, Debug, Default)]
pub struct PasswordResetView;

/// `POST {"uid", "token", "new_password"}`, the first two out of the link: another password. It ends all sessions.
#[derive(Clone, Copy, Debug, Default)]
pub struct PasswordResetConfirmView;

/// The words for a password that is not the one there is.
pub(super) const WRONG_OLD: &str = "Your old password was entered incorrectly. Please enter it again.";

const BAD_LINK: &str = "The password reset link was invalid, possibly because it has already been used. \
                        Please request a new password reset.";

impl ApiView for PasswordChangeView {
    fn methods(on: &mut Methods<Self>) {
        on.post(Self::change).takes_fields(change_fields);
    }

    fn describe(&self, operations: &mut Operations) {
        operations
            .all(Describe::new().summary("Changes the password of who asks").answers_nothing(204).when("It is done."));
    }

    fn permissions(&self) -> Permission {
        IsAuthenticated.into()
    }
}

impl ApiView for PasswordResetView {
    fn methods(on: &mut Methods<Self>) {
        on.post(Self::ask).takes_fields(reset_fields);
    }

    fn describe(&self, operations: &mut Operations) {
        operations.all(
            Describe::new().summary("Sends a link for a forgotten password").answers_nothing(204).when("It is done."),
        );
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn authentication(&self) -> Choice<Authenticator> {
        Choice::none()
    }
}

impl ApiView for PasswordResetConfirmView {
    fn methods(on: &mut Methods<Self>) {
        on.post(Self::confirm).takes_fields(confirm_fields);
    }

    fn describe(&self, operations: &mut Operations) {
        operations.all(Describe::new().summary("Sets a password by a link").answers_nothing(204).when("It is done."));
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn authentication(&self) -> Choice<Authenticator> {
        Choice::none()
    }
}

impl PasswordChangeView {
    async fn change(&self, request: &Request) -> Result<Response> {
        throttled(request, request.user().username()).await?;
        let [old, new] = sent(request, &change_fields()).await?;
        let place = place(request)?;
        let user = current(request).await?;
        let mut wrong = vec![];
        if !fits(request, &place, &user, old).await? {
            wrong.push(("old_password", vec![Problem::new("password_incorrect", WRONG_OLD)]));
        }
        wrong.extend(problems(request, &user, &new));
        refuse(wrong)?;
        let changed = give(request, &place, &user, new).await?;
        let changed = changed.ok_or_else(|| refusal("old_password", "password_incorrect", WRONG_OLD))?;
        keep_session(request, &changed).await?;
        tell(request, SecurityEvent::PasswordSet, &user.id(), "");
        Ok(Response::empty(StatusCode::NO_CONTENT))
    }
}

impl PasswordResetView {
    async fn ask(&self, request: &Request) -> Result<Response> {
        let site = request.site();
        let template = link_template(&Accounts::of(Db::from(request)).auth).map_err(Error::unexpected)?;
        let [address] = sent(request, &reset_fields()).await?;
        throttled(request, &address).await?;
        let databases = site.options().databases.clone().ok_or_else(|| Error::internal("the site has no database"))?;
        let (site, asker) = (Arc::clone(site), Asker::of(request));
        let work = async move {
            let (app, model) = Accounts::of(Db::from(databases.default_database())).model.clone();
            let alias = match databases.routed((&app, &model), false) {
                Ok(place) => databases.names().nth(place.unwrap_or_default()).unwrap_or("default").to_owned(),
                Err(_) => "default".to_owned(),
            };
            let told = match databases.get(&alias) {
                Ok(database) => send(&site, Db::from(database), &address, &template).await,
                Err(error) => Err(Error::internal(error)),
            };
            match told {
                Ok(users) => users.iter().for_each(|user| asker.tell(SecurityEvent::ResetSent, user, "")),
                Err(error) => {
                    let why = error.chain().join(": ");
                    tracing::error!(target: "quintet::mail", "a link that resets a password was not sent: {why}");
                }
            }
        };
        request.site().mailer().beside(work)?;
        tell(request, SecurityEvent::ResetAsked, &Value::Null, "");
        Ok(Response::empty(StatusCode::NO_CONTENT))
    }
}

impl PasswordResetConfirmView {
    async fn confirm(&self, request: &Request) -> Result<Response> {
        let [uid, token, new] = sent(request, &confirm_fields()).await?;
        throttled(request, &uid).await?;
        let (db, place) = (Db::from(request), place(request)?);
        let tokens = PasswordResetTokens::of(request.site(), db)?;
        let user = match user_of_uid(db, &uid).await?.filter(|user| user.is_active()) {
            Some(user) if tokens.check(&user, &token)? => user,
            Some(user) => {
                tell(request, SecurityEvent::ResetRefused, &user.id(), "");
                return Err(bad_link());
            }
            None => {
                tokens.check_nobody(&token);
                tell(request, SecurityEvent::ResetRefused, &Value::Null, "");
                return Err(bad_link());
            }
        };
        refuse(problems(request, &user, &new).into_iter().collect())?;
        // Of two who come with one link at once, one is the first.
        give(request, &place, &user, new).await?.ok_or_else(bad_link)?;
        tell(request, SecurityEvent::PasswordReset, &user.id(), "");
        Ok(Response::empty(StatusCode::NO_CONTENT))
    }
}

fn change_fields() -> Vec<Field> {
    ["old_password", "new_password"].map(password_field).into()
}

fn reset_fields() -> Vec<Field> {
    vec![Field::email().named("email").write_only().max_length(254)]
}

fn confirm_fields() -> Vec<Field> {
    let text = |name: &'static str| Field::char().named(name).write_only();
    vec![text("uid"), text("token"), password_field("new_password")]
}

fn bad_link() -> Error {
    refusal("token", "invalid", BAD_LINK)
}

/// Passwords are trimmed as the token views and serializers trim them: what is set here must open there.
pub(super) fn password_field(name: &'static str) -> Field {
    Field::char().named(name).write_only().max_length(4096)
}

/// The texts of fields, all of them, or what is wrong with them.
pub(super) async fn sent<const N: usize>(request: &Request, fields: &[Field]) -> Result<[String; N]> {
    let data = request.data().await?;
    let taken: Vec<String> = texts(fields, &data)?.into_iter().map(|(_, text)| text).collect();
    taken.try_into().map_err(|_| Error::internal("a field is missing"))
}

/// Counted as logins are, and by the same rates: guessing goes on in no other place.
pub(super) async fn throttled(request: &Request, account: &str) -> Result<()> {
    let Some(facts) = request.view() else { return Ok(()) };
    let checked = check(request, facts, &[AccountThrottle(account.to_owned()).into()]).await;
    if checked.as_ref().is_err_and(|error| error.status() == StatusCode::TOO_MANY_REQUESTS) {
        tell(request, SecurityEvent::LoginThrottled, &Value::Null, "");
    }
    checked
}

/// A place for hashes, before anybody is looked for.
pub(super) fn place(request: &Request) -> Result<pool::Place> {
    pool::place(Accounts::of(Db::from(request)).auth.hashing_queue)
}

/// Who asks, as the database has them now.
pub(super) async fn current(request: &Request) -> Result<Account> {
    let key = request.user().key().ok_or_else(Error::not_authenticated)?;
    find(Db::from(request), "pk", key).await?.ok_or_else(Error::not_authenticated)
}

/// Whether a password is the user's.
pub(super) async fn fits(request: &Request, place: &pool::Place, user: &Account, password: String) -> Result<bool> {
    let hashers = Accounts::of(Db::from(request)).auth.password_hashers.clone();
    let encoded = user.password().to_owned();
    let verdict = place.run(move || verify_password(&hashers, &password, &encoded)).await??;
    if !verdict.is_correct {
        tell(request, SecurityEvent::PasswordRefused, &user.id(), "");
    }
    Ok(verdict.is_correct)
}

/// What is wrong with a new password.
fn problems(request: &Request, user: &Account, password: &str) -> Option<(&'static str, Vec<Problem>)> {
    let auth = &Accounts::of(Db::from(request)).auth;
    let owner: Vec<(String, String, String)> = user.texts().collect();
    let found = validate_password(&auth.password_validators, password, &PasswordOwner(owner));
    let found: Vec<Problem> = found.into_iter().map(|problem| Problem::new(problem.code, problem.message)).collect();
    (!found.is_empty()).then_some(("new_password", found))
}

fn refuse(wrong: Vec<(&'static str, Vec<Problem>)>) -> Result<()> {
    if wrong.is_empty() {
        return Ok(());
    }
    let wrong = wrong.into_iter().map(|(name, problems)| (name.to_owned(), Problems::List(problems)));
    Err(Error::validation(Problems::Map(wrong.collect())))
}

pub(super) fn refusal(field: &str, code: &'static str, text: &str) -> Error {
    Error::validation(Problems::Map(vec![(field.to_owned(), Problems::List(vec![Problem::new(code, text)]))]))
}

/// Writes a new password and ends all sessions; gives the user with it, unless somebody else was faster.
async fn give(request: &Request, place: &pool::Place, user: &Account, password: String) -> Result<Option<Account>> {
    let db = Db::from(request);
    let accounts = Accounts::of(db);
    let hashers = accounts.auth.password_hashers.clone();
    let encoded = place.run(move || make_password(&hashers, Some(&password))).await??;
    let (app, name) = &accounts.model;
    let routed = db.connection().routed((app, name), true).map_err(Error::internal)?;
    let home = routed.map_or(db, Db::of);
    if home.is_same(sessions_home(db)?) {
        // Both or none: a new password must not leave the sessions of who knew the old one.
        let transaction = home.transaction().await.map_err(Error::internal)?;
        if !set_password(Db::from(&transaction), &accounts, user, encoded).await? {
            return Ok(None);
        }
        end_sessions_within(Db::from(&transaction), request, &user.id(), None).await?;
        transaction.commit().await.map_err(Error::internal)?;
        tell(request, SecurityEvent::SessionsEnded, &user.id(), "");
    } else {
        // Two databases have no transaction together.
        if !set_password(db, &accounts, user, encoded).await? {
            return Ok(None);
        }
        end_sessions(request, &user.id(), None).await?;
    }
    find(db, "pk", user.id()).await
}

/// The session of the browser that asked goes on, all others end.
async fn keep_session(request: &Request, user: &Account) -> Result<()> {
    if request.has_visit() && request.visit().has_users() {
        update_session_auth_hash(request, user).await
    } else {
        Ok(())
    }
}
