//! The routes.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, Path, RawQuery, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::check::{self, Sent};
use crate::pages::{NO_CHOICE, Query};
use crate::rows::{Failure, Given, New, Store, User};
use crate::tokens::{self, Wrong};

/// All routes of a store.
pub(crate) fn router<S: Store>(store: Arc<S>) -> Router {
    Router::new()
        .route("/hello/", get(hello))
        .route("/token/", post(login::<S>))
        .route("/token/refresh/", post(refresh::<S>))
        .route("/latest/", get(latest::<S>))
        .route("/commented/", get(commented::<S>))
        .route("/articles/", get(page::<S>).post(create::<S>))
        .route("/articles/{id}/", get(retrieve::<S>).patch(change::<S>))
        .with_state(store)
}

/// A refusal, or what nobody expects.
enum Refusal {
    Told(StatusCode, Value),
    Broken(Failure),
}

impl<E: Into<Failure>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Broken(error.into())
    }
}

type Answer = Result<Response, Refusal>;

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Told(status, told) => {
                let mut response = answer(status, &told).unwrap_or_else(|_| broken(""));
                if status == StatusCode::UNAUTHORIZED {
                    let challenge = HeaderValue::from_static("Bearer realm=\"api\"");
                    response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
                }
                response
            }
            Self::Broken(Failure(text)) => broken(&text),
        }
    }
}

fn broken(text: &str) -> Response {
    eprintln!("error: {text}");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// What every answer says.
const SAID: [(HeaderName, HeaderValue); 5] = [
    (HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff")),
    (HeaderName::from_static("x-frame-options"), HeaderValue::from_static("DENY")),
    (HeaderName::from_static("referrer-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("vary"), HeaderValue::from_static("origin")),
];

fn answer(status: StatusCode, value: &impl Serialize) -> Answer {
    let mut text = Vec::with_capacity(512);
    serde_json::to_writer(&mut text, value)?;
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.reserve(SAID.len() + 1);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, value) in SAID {
        headers.insert(name, value);
    }
    Ok(response)
}

fn detail(status: StatusCode, text: &str) -> Refusal {
    Refusal::Told(status, json!({ "detail": text }))
}

/// Who asks.
struct Caller(User);

impl<S: Store> FromRequestParts<Arc<S>> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, store: &Arc<S>) -> Result<Self, Refusal> {
        const NOBODY: &str = "Authentication credentials were not provided.";
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let Some(text) = header.and_then(|text| text.strip_prefix("Bearer ")) else {
            return Err(detail(StatusCode::UNAUTHORIZED, NOBODY));
        };
        let claims = tokens::read(text.trim(), "access").map_err(no_access)?;
        let id = claims.user_id.parse().map_err(|_| no_user())?;
        let user = store.user(id).await?.ok_or_else(no_user)?;
        if !user.is_active {
            let told = json!({ "detail": "User is inactive", "code": "user_inactive" });
            return Err(Refusal::Told(StatusCode::UNAUTHORIZED, told));
        }
        Ok(Self(user))
    }
}

fn no_user() -> Refusal {
    Refusal::Told(StatusCode::UNAUTHORIZED, json!({ "detail": "User not found", "code": "user_not_found" }))
}

fn no_access(wrong: Wrong) -> Refusal {
    let message = json!({ "token_class": "AccessToken", "token_type": "access", "message": wrong.message() });
    let detail = "Given token not valid for any token type";
    let told = json!({ "detail": detail, "code": "token_not_valid", "messages": [message] });
    Refusal::Told(StatusCode::UNAUTHORIZED, told)
}

fn no_token(message: &str) -> Refusal {
    Refusal::Told(StatusCode::UNAUTHORIZED, json!({ "detail": message, "code": "token_not_valid" }))
}

async fn hello() -> Answer {
    answer(StatusCode::OK, &json!({"message": "Hello, World!"}))
}

#[derive(Deserialize)]
struct Login {
    username: String,
    password: String,
}

async fn login<S: Store>(State(store): State<Arc<S>>, Json(sent): Json<Login>) -> Answer {
    let none = || {
        let told = json!({"detail": "No active account found with the given credentials"});
        Refusal::Told(StatusCode::UNAUTHORIZED, told)
    };
    let user = store.user_named(sent.username).await?.ok_or_else(none)?;
    let hash = user.password;
    let is_right = tokio::task::spawn_blocking(move || tokens::is_password(&sent.password, &hash)).await?;
    if !is_right || !user.is_active {
        return Err(none());
    }
    let refresh = tokens::refresh(user.id);
    store.list(refresh.clone()).await?;
    answer(StatusCode::OK, &Pair { refresh: &refresh.text, access: &tokens::access(user.id) })
}

#[derive(Serialize)]
struct Pair<'a> {
    refresh: &'a str,
    access: &'a str,
}

#[derive(Serialize)]
struct Fresh<'a> {
    access: &'a str,
    refresh: &'a str,
}

#[derive(Deserialize)]
struct Old {
    refresh: String,
}

async fn refresh<S: Store>(State(store): State<Arc<S>>, Json(sent): Json<Old>) -> Answer {
    let claims = tokens::read(&sent.refresh, "refresh").map_err(|wrong| no_token(wrong.message()))?;
    let id = claims.user_id.parse().map_err(|_| no_user())?;
    let user = store
        .user(id)
        .await?
        .filter(|user| user.is_active)
        .ok_or_else(|| no_token("No active account found for the given token."))?;
    let moment = |seconds| chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    let (created, ends) = (moment(claims.iat), moment(claims.exp));
    let old = Given { text: sent.refresh, jti: claims.jti, user: id, created, ends };
    let new = tokens::refresh(user.id);
    if !store.replace(old, new.clone()).await? {
        return Err(no_token("Token is blacklisted"));
    }
    answer(StatusCode::OK, &Fresh { access: &tokens::access(user.id), refresh: &new.text })
}

async fn latest<S: Store>(State(store): State<Arc<S>>, Caller(user): Caller) -> Answer {
    answer(StatusCode::OK, &store.latest(user.id).await?)
}

async fn commented<S: Store>(State(store): State<Arc<S>>, _: Caller) -> Answer {
    answer(StatusCode::OK, &store.commented().await?)
}

async fn page<S: Store>(
    State(store): State<Arc<S>>,
    _: Caller,
    headers: HeaderMap,
    RawQuery(text): RawQuery,
) -> Answer {
    let query = Query::parse(text.as_deref().unwrap_or_default());
    let wrong = |name: &str, message: &str| Refusal::Told(StatusCode::BAD_REQUEST, json!({ name: [message] }));
    let wanted = query.wanted().map_err(|(name, message)| wrong(name, message))?;
    if wanted.category.is_some() && !store.known(wanted.category, None, None).await?.0 {
        return Err(wrong("category", NO_CHOICE));
    }
    let number = wanted.page;
    let (count, rows) = store.page(wanted).await?;
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    match query.page("/articles/", host, number, count, rows) {
        Some(page) => answer(StatusCode::OK, &page),
        None => Err(detail(StatusCode::NOT_FOUND, "Invalid page.")),
    }
}

fn read(body: &Bytes) -> Result<Sent, Refusal> {
    serde_json::from_slice(body)
        .map_err(|error| detail(StatusCode::BAD_REQUEST, &format!("JSON parse error - {error}")))
}

async fn create<S: Store>(State(store): State<Arc<S>>, Caller(user): Caller, body: Bytes) -> Answer {
    let (good, mut problems) = check::checked(read(&body)?, false);
    let slug = good.slug.clone().filter(|_| problems.has_good_slug());
    let (has_category, is_taken) = store.known(good.category, slug, None).await?;
    if let Some(key) = good.category.filter(|_| !has_category) {
        problems.no_category(key);
    }
    if is_taken {
        problems.slug_taken();
    }
    let (true, Some(title), Some(slug), Some(body), Some(category)) =
        (problems.is_empty(), good.title, good.slug, good.body, good.category)
    else {
        return Err(Refusal::Told(StatusCode::BAD_REQUEST, problems.into_json()));
    };
    let (views, published) = (good.views.unwrap_or(0), good.published.unwrap_or(true));
    let new = New { title, slug, body, views, published, category, author: user.id };
    answer(StatusCode::CREATED, &store.insert(new).await?)
}

fn missing() -> Refusal {
    detail(StatusCode::NOT_FOUND, "No Article matches the given query.")
}

fn key(text: &str) -> Result<i64, Refusal> {
    text.parse().map_err(|_| detail(StatusCode::NOT_FOUND, "Not found."))
}

async fn retrieve<S: Store>(State(store): State<Arc<S>>, _: Caller, Path(id): Path<String>) -> Answer {
    let id = key(&id)?;
    answer(StatusCode::OK, &store.article(id).await?.ok_or_else(missing)?)
}

async fn change<S: Store>(State(store): State<Arc<S>>, _: Caller, Path(id): Path<String>, body: Bytes) -> Answer {
    let id = key(&id)?;
    let mut article = store.article(id).await?.ok_or_else(missing)?;
    let (good, mut problems) = check::checked(read(&body)?, true);
    if good.category.is_some() || good.slug.is_some() {
        let slug = good.slug.clone().filter(|_| problems.has_good_slug());
        let (has_category, is_taken) = store.known(good.category, slug, Some(id)).await?;
        if let Some(key) = good.category.filter(|_| !has_category) {
            problems.no_category(key);
        }
        if is_taken {
            problems.slug_taken();
        }
    }
    if !problems.is_empty() {
        return Err(Refusal::Told(StatusCode::BAD_REQUEST, problems.into_json()));
    }
    article.title = good.title.unwrap_or(article.title);
    article.slug = good.slug.unwrap_or(article.slug);
    article.body = good.body.unwrap_or(article.body);
    article.views = good.views.unwrap_or(article.views);
    article.published = good.published.unwrap_or(article.published);
    article.category = good.category.unwrap_or(article.category);
    answer(StatusCode::OK, &store.update(article).await?)
}
