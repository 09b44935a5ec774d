//! The exception handler of the house, and models as they are.

use std::fmt;

use quintet::json::{Json, Object, parse_text};
use quintet::prelude::*;
use quintet::rest::Standard;
use quintet::rest::exception_handler as usual;
use quintet::rest::filter::Filters;

use super::models::{Artist, Moment};

#[derive(Serializer)]
#[serializer(model = Moment, fields(all))]
pub struct MomentSerializer;

/// Moments; searched and ordered where the site says so.
pub struct MomentViewSet;

impl ModelViewSet for MomentViewSet {
    type Serializer = MomentSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Moment> {
        Moment::objects()
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn filters(&self) -> Filters {
        Filters::as_settings().search_fields(["name"]).ordering_fields(["name", "at"])
    }
}

/// Codes and a status in the body.
pub fn exception_handler(error: &Error, request: &Request, view: &ViewFacts) -> Option<Response> {
    if let Some(Missing(key)) = error.cause() {
        let told = Object::new().with("status", 422).with("missing", *key);
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Some(Response::data(told).with_status(status).with_header("x-house", "yes"));
    }
    let answer = usual(error, request, view)?;
    let (codes, errors) = match (error.as_problems(), error.as_api()) {
        (Some(problems), _) => (problems.to_codes(), problems.to_json()),
        (None, Some(refusal)) => {
            let detail = match refusal.detail() {
                Value::String(text) => Json::Object(Object::new().with("detail", text.as_str())),
                other => parse_text(&other.to_string()).ok()?,
            };
            let codes = match refusal.detail() {
                _ if refusal.is_of_core() => Json::Null,
                Value::String(_) => refusal.code().into(),
                _ => codes(&detail, refusal.code()),
            };
            (codes, detail)
        }
        (None, None) => (Json::Null, Json::Null),
    };
    let path = view.type_name.split('<').next().unwrap_or_default();
    let name = path.rsplit("::").next().unwrap_or_default();
    let told = Object::new()
        .with("status", i64::from(answer.status().as_u16()))
        .with("view", name)
        .with("codes", codes)
        .with("errors", errors);
    let mut own = Response::data(told).with_status(answer.status()).with_header("x-house", "yes");
    for (name, value) in answer.headers().iter().filter(|(name, _)| *name != "content-type") {
        own.headers_mut().insert(name.clone(), value.clone());
    }
    Some(own)
}

/// The code of a refusal, wherever its detail has words.
fn codes(detail: &Json, code: &str) -> Json {
    match detail {
        Json::Object(members) => {
            Json::Object(members.iter().map(|(name, member)| (name, codes(member, code))).collect())
        }
        Json::List(members) => Json::List(members.iter().map(|member| codes(member, code)).collect()),
        _ => code.into(),
    }
}

/// By addresses, where the house calls them `href`.
#[derive(Serializer)]
#[serializer(model = Artist, fields(href, name, born), extra(href(view_name = "house-artist-detail")))]
pub struct ArtistHouse;

pub struct ArtistHouseViewSet;

impl ReadOnlyModelViewSet for ArtistHouseViewSet {
    type Serializer = ArtistHouse;

    fn queryset(&self, _: &Request) -> QuerySet<Artist> {
        Artist::objects()
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }
}

/// A key that is in no dictionary.
#[derive(Debug)]
pub struct Missing(&'static str);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Missing {}

pub struct MissingViewSet;

impl ViewSet for MissingViewSet {
    fn actions(actions: &mut Actions<Self>) {
        actions.standard(Standard::List, Self::list);
    }
}

impl MissingViewSet {
    async fn list(&self, _: &Request) -> Result<Response> {
        Err(Missing("absent").into())
    }
}

pub(super) fn urls() -> Urls {
    SimpleRouter::new()
        .register("moments", MomentViewSet)
        .register_as("house-artists", ArtistHouseViewSet, "house-artist")
        .register_as("house-missing", MissingViewSet, "house-missing")
        .urls()
}
