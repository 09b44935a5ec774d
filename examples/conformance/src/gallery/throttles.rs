//! Limits by scope, by user, several at once, of its own.

use quintet::json::Object;
use quintet::prelude::*;
use quintet::rest::{Choice, Throttler, Verdict};

use super::access::posted;

/// Says no where there is a header, with or without a time.
pub struct Mood(Option<u64>);

impl Throttle for Mood {
    async fn allow(&self, request: &Request, _: &ViewFacts) -> Result<Verdict> {
        let wait = self.0.map(std::time::Duration::from_secs);
        Ok(if request.header("x-moody").is_some() { Verdict::Refused(wait) } else { Verdict::Allowed })
    }
}

/// Only writing is counted.
pub struct WritesOnly;

impl Throttle for WritesOnly {
    async fn allow(&self, request: &Request, view: &ViewFacts) -> Result<Verdict> {
        if request.method() == Method::POST {
            ScopedRateThrottle.allow(request, view).await
        } else {
            Ok(Verdict::Allowed)
        }
    }
}

pub struct LimitedView {
    throttles: Vec<Throttler>,
    scope: Option<&'static str>,
}

impl ApiView for LimitedView {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::show).post(Self::store);
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn throttles(&self) -> Throttles {
        Choice::from(self.throttles.clone())
    }

    fn throttle_scope(&self) -> Option<&'static str> {
        self.scope
    }
}

impl LimitedView {
    async fn show(&self, _: &Request) -> Result<Response> {
        Ok(Response::json(&json!({ "let": "in" })))
    }

    async fn store(&self, request: &Request) -> Result<Response> {
        Ok(Response::data(Object::new().with("let", posted(&*request.data().await?))))
    }
}

pub(super) fn urls() -> Urls {
    let scoped = |scope| LimitedView { throttles: vec![ScopedRateThrottle.into()], scope };
    let by = |throttles| LimitedView { throttles, scope: None };
    urls![
        path("limits/uploads/", scoped(Some("uploads"))),
        path("limits/uploads-too/", scoped(Some("uploads"))),
        path("limits/scopeless/", scoped(None)),
        path("limits/never/", by(vec![])),
        path("limits/moody/", by(vec![Mood(Some(42)).into()])),
        path("limits/sulking/", by(vec![Mood(None).into()])),
        path("limits/moods/", by(vec![Mood(None).into(), Mood(Some(42)).into()])),
        path("limits/by-method/", LimitedView { throttles: vec![WritesOnly.into()], scope: Some("uploads") }),
    ]
}
