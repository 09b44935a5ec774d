//! What a view of the current user does: shows, changes and deletes the row of who asks, by a serializer of a project's
//! user model. `quintet::apps::auth::views` puts a view around it.

use http::StatusCode;
use quintet_db::query::Stored as _;
use quintet_db::{Db, ErrorKind};

use super::password_views::{current, fits, password_field, place, refusal, sent, throttled};
use super::session::logout;
use crate::http::{Error, Request, Response, Result};
use crate::jwt::end_sessions;
use crate::rest::AnyUser as _;
use crate::rest::serializer::{ModelOf, ModelSerializer, to_json, validate};
use crate::security::{SecurityEvent, tell};

const WRONG: &str = "Your password was entered incorrectly. Please enter it again.";

/// The user who asks, as the serializer shows it.
///
/// # Errors
/// Nobody is logged in, or the serializer's model is not that of users.
pub async fn show_current_user<S: ModelSerializer>(request: &Request) -> Result<Response> {
    let row: ModelOf<S> = current(request).await?.row()?;
    Ok(Response::json_text(to_json::<S>(request, &row).await?))
}

/// Changes the fields that were sent, as the serializer takes them, and shows the user.
///
/// # Errors
/// As [`show_current_user`], and 400 with what is wrong.
pub async fn change_current_user<S: ModelSerializer>(request: &Request) -> Result<Response> {
    let row: ModelOf<S> = current(request).await?.row()?;
    let data = request.data().await?;
    let row = validate::<S>(request, &data, Some(row), true).await?.save().await?;
    Ok(Response::json_text(to_json::<S>(request, &row).await?))
}

/// Deletes the user who asks, with what refers to it by the rules of the relations, and ends all sessions. The body has
/// the password, for a stolen token shall not delete anybody.
///
/// # Errors
/// As [`show_current_user`]; 400 where the password is wrong, 409 where a rule of a relation forbids it.
pub async fn delete_current_user<S: ModelSerializer>(request: &Request) -> Result<Response> {
    throttled(request, request.user().username()).await?;
    let [password] = sent(request, &[password_field("password")]).await?;
    let place = place(request)?;
    let user = current(request).await?;
    if !fits(request, &place, &user, password).await? {
        return Err(refusal("password", "password_incorrect", WRONG));
    }
    let row: ModelOf<S> = user.row()?;
    end_sessions(request, &user.id(), None).await?;
    let deleted = row.delete(Db::from(request)).await;
    deleted.map_err(|error| match error.kind() {
        ErrorKind::ForeignKey => Error::api(
            StatusCode::CONFLICT,
            "protected",
            "Other data refers to this account, which keeps it from being deleted.",
        ),
        _ => Error::internal(error),
    })?;
    if request.has_visit() && request.visit().has_users() {
        logout(request).await?;
    }
    tell(request, SecurityEvent::AccountDeleted, &user.id(), "");
    Ok(Response::empty(StatusCode::NO_CONTENT))
}
