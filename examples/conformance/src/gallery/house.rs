//! The exception handler of the house, and models as they are.

use quintet::json::{Json, Object, parse_text};
use quintet::prelude::*;
use quintet::rest::exception_handler as usual;
use quintet::rest::filter::{Filters, OrderingFilter, SearchFilter};

use super::models::Moment;

#[derive(Serializer)]
#[serializer(model = Moment, fields(all))]
pub struct MomentSerializer;

/// Moments; searched and ordered where the site says so.
pub struct MomentViewSet {
    house: bool,
}

impl ModelViewSet for MomentViewSet {
    type Serializer = MomentSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Moment> {
        Moment::objects()
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn filters(&self) -> Filters {
        if !self.house {
            return Filters::none();
        }
        Filters::new(SearchFilter { param: "q", ..SearchFilter::new(["name"]) })
            .and(OrderingFilter { param: "sort", ..OrderingFilter::new(["name", "at"]) })
    }
}

/// Codes and a status in the body.
pub fn exception_handler(error: &Error, request: &Request, view: &ViewFacts) -> Option<Response> {
    let answer = usual(error, request, view)?;
    let (codes, errors) = match (error.as_problems(), error.as_api()) {
        (Some(problems), _) => (problems.to_codes(), problems.to_json()),
        (None, Some(refusal)) => {
            let detail = match refusal.detail() {
                Value::String(text) => Json::Object(Object::new().with("detail", text.as_str())),
                other => parse_text(&other.to_string()).ok()?,
            };
            (refusal.code().into(), detail)
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

pub(super) fn urls(house: bool) -> Urls {
    SimpleRouter::new().register("moments", MomentViewSet { house }).urls()
}
