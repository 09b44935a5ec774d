//! The sessions of the user who asks: listed, and ended one by one or all at once. A project routes them:
//! `path("api/sessions/", TokenSessionsView)`, `path("api/sessions/<str:id>/", TokenSessionView)`.

use quintet_core::schema::Value as Key;
use quintet_web::jwt::{UserToken, end_session, end_sessions};

use super::models::*;
use crate::models::utc_now;
use crate::prelude::*;
use crate::rest::openapi::{Describe, Operations, Parameter};
use crate::serializers::to_json_many;

/// `GET` lists the sessions of the user; `DELETE` ends them all, and `DELETE ?but=current` all others.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokenSessionsView;

/// `DELETE` ends a session of the user.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokenSessionView;

impl ApiView for TokenSessionsView {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::list).delete(Self::end);
    }

    fn describe(&self, operations: &mut Operations) {
        let but =
            Parameter::query("but").one_of(["current"]).described("Keeps the session that the request came with.");
        let end = Describe::new().id("sessions_end_all").summary("Ends the sessions of the user").parameter(but);
        let end = end.answers_nothing(204).when("They are ended.");
        let list = Describe::new().summary("The sessions of the user").answers_many::<TokenSessionSerializer>(200);
        operations.on(Method::GET, list).on(Method::DELETE, end);
    }

    fn permissions(&self) -> Permission {
        IsAuthenticated.into()
    }
}

impl ApiView for TokenSessionView {
    fn methods(on: &mut Methods<Self>) {
        on.delete(Self::end);
    }

    fn describe(&self, operations: &mut Operations) {
        let end = Describe::new().summary("Ends a session of the user").answers_nothing(204).when("It is ended.");
        operations.all(end);
    }

    fn permissions(&self) -> Permission {
        IsAuthenticated.into()
    }
}

impl TokenSessionsView {
    async fn list(&self, request: &Request) -> Result<Response> {
        let (now, owner) = (utc_now(), user(request)?);
        let families = TokenFamily::objects()
            .filter(|family| family.user().eq(owner))
            .filter(|family| family.ended_at().isnull(true))
            .filter(|family| family.tokens().replaced_at().isnull(true) & family.tokens().expires_at().gt(now))
            .all(request)
            .await?;
        Ok(Response::json_text(to_json_many::<TokenSessionSerializer>(request, &families).await?))
    }

    async fn end(&self, request: &Request) -> Result<Response> {
        let but = match request.query()?.get("but") {
            None => None,
            Some("current") => Some(current(request).ok_or_else(|| Error::invalid_field("but", NO_SESSION))?),
            Some(_) => return Err(Error::invalid_field("but", "This can be `current` only.")),
        };
        end_sessions(request, &user(request)?, but.as_deref()).await?;
        Ok(Response::empty(StatusCode::NO_CONTENT))
    }
}

impl TokenSessionView {
    async fn end(&self, request: &Request) -> Result<Response> {
        let id: String = request.param("id")?;
        // Not every database takes a zero in a text, and no session has one in its name.
        if id.contains('\0') {
            return Err(Error::not_found());
        }
        // Somebody else's is not there, as one that never was.
        match end_session(request, &user(request)?, &id).await? {
            true => Ok(Response::empty(StatusCode::NO_CONTENT)),
            false => Err(Error::not_found()),
        }
    }
}

/// What is said where there is no current session.
const NO_SESSION: &str = "This request came without a session of its own.";

fn user(request: &Request) -> Result<Key> {
    request.user().key().ok_or_else(Error::not_authenticated)
}

/// The session that the request came with.
fn current(request: &Request) -> Option<String> {
    let token = request.auth::<UserToken>()?;
    let claim = &request.site().options().simple_jwt.family_claim;
    token.get(claim)?.as_str().map(str::to_owned)
}

/// A session, as its user sees it.
#[derive(Serializer)]
#[serializer(model = TokenFamily, fields(id, created_at, last_used_at, expires_at, user_agent, address, is_current))]
pub struct TokenSessionSerializer {
    /// Its name, by which it is ended.
    #[field(source = "key", read_only)]
    pub id: String,
    /// Whether the request came with it.
    #[field(method = is_current)]
    pub is_current: bool,
}

fn is_current(family: &TokenFamily, context: &Context<'_>) -> bool {
    current(context.request()).is_some_and(|key| key == family.key)
}
