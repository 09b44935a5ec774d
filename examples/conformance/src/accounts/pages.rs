//! Pages that use the session, and forms.

use quintet::apps::auth::models::User;
use quintet::auth;
use quintet::prelude::*;
use quintet::rest::Choice;
use quintet::sessions::Expiry;
use quintet::settings::{days, hours};

pub(super) fn urls() -> Urls {
    urls![
        path("quiet/", page(get(quiet))),
        path("peek/", page(get(peek))),
        path("visit/", page(get(visit))),
        path("flush/", page(get(flush))),
        path("cycle/", page(get(cycle))),
        path("expiry/<str:what>/", page(get(expiry))),
        path("fail/", page(get(fail))),
        path("who/", get(who).permissions(AllowAny)),
        path("enter/", page(get(enter))),
        path("leave/", page(get(leave))),
        path("renew/", get(renew).permissions(AllowAny)),
        path("token/", page(get(token))),
        path("form/", page(any(form))),
        path("hook/", page(any(form)).csrf_exempt()),
        path("guarded/", page(any(form)).csrf_protect()),
        path("ensured/", page(any(form)).ensure_csrf_cookie()),
    ]
}

/// Open to all, and not interested in who they are.
fn page(function: quintet::view::Function) -> quintet::view::Function {
    function.permissions(AllowAny).authentication(Choice::none())
}

fn any(function: impl for<'a> quintet::view::Handler<'a> + Copy + 'static) -> quintet::view::Function {
    let methods = [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];
    methods.into_iter().fold(get(function), |view, method| view.on(method, function))
}

/// One member, as the reference's pages write it.
fn told(name: &str, value: impl Into<Value>) -> Response {
    Response::new(format!("{{\"{name}\": {}}}", value.into()), "application/json")
}

async fn quiet(_: &Request) -> Result<Response> {
    Ok(told("quiet", true))
}

async fn peek(request: &Request) -> Result<Response> {
    Ok(told("visits", request.session()?.get::<Value>("visits").await?))
}

async fn visit(request: &Request) -> Result<Response> {
    let session = request.session()?;
    let visits = session.get::<i64>("visits").await?.unwrap_or(0) + 1;
    session.set("visits", visits).await?;
    Ok(told("visits", visits))
}

async fn flush(request: &Request) -> Result<Response> {
    request.session()?.flush().await?;
    Ok(told("gone", true))
}

async fn cycle(request: &Request) -> Result<Response> {
    request.session()?.cycle_key().await?;
    Ok(told("cycled", true))
}

async fn expiry(request: &Request) -> Result<Response> {
    let expiry = match request.params().get("what").unwrap_or_default() {
        "close" => Expiry::AtBrowserClose,
        "hour" => Expiry::After(hours(1)),
        "day" => Expiry::At(request.site().options().clock.now() + days(1)),
        _ => Expiry::AsSettings,
    };
    let session = request.session()?;
    session.set_expiry(expiry).await?;
    Ok(told("closes", session.expires_at_browser_close().await?))
}

async fn fail(request: &Request) -> Result<Response> {
    request.session()?.set("failed", true).await?;
    Ok(told("failed", true).with_status(StatusCode::SERVICE_UNAVAILABLE))
}

async fn who(request: &Request) -> Result<Response> {
    Ok(told("user", request.user().username()))
}

async fn enter(request: &Request) -> Result<Response> {
    let query = request.query()?;
    let (name, password) = (query.get("username").unwrap_or_default(), query.get("password").unwrap_or_default());
    let Some(user) = auth::authenticate(request.into(), name, password).await? else {
        return Ok(told("user", Value::Null));
    };
    auth::login(request, &user).await?;
    Ok(told("user", name))
}

async fn leave(request: &Request) -> Result<Response> {
    auth::logout(request).await?;
    Ok(told("user", Value::Null))
}

async fn renew(request: &Request) -> Result<Response> {
    let mut user = request.user().get::<User>()?.clone();
    user.set_password(request.into(), Some("An0ther-pass!")).await?;
    user.save(request).await?;
    let user = auth::find(request.into(), "username", user.username.as_str().into()).await?.or_404()?;
    auth::update_session_auth_hash(request, &user).await?;
    Ok(told("renewed", true))
}

async fn token(request: &Request) -> Result<Response> {
    Ok(told("token", request.csrf_token()?))
}

async fn form(_: &Request) -> Result<Response> {
    Ok(told("taken", true))
}

/// The reason as plain text: the page itself is each framework's own.
pub(crate) fn failure(_: &Request, reason: &str) -> Response {
    Response::text(reason).with_status(StatusCode::FORBIDDEN)
}
