//! Limits by scope, by user, several at once, of its own.

use quintet::json::Object;
use quintet::prelude::*;
use quintet::rest::{Choice, Choices as RestChoices, Throttler, Verdict};

use super::access::posted;

/// Says no where there is a header, with or without a time.
pub struct Mood(Option<u64>);

impl Throttle for Mood {
    async fn allow(&self, request: &Request, _: &ViewFacts) -> Result<Verdict> {
        let wait = self.0.map(std::time::Duration::from_secs);
        Ok(if request.header("x-moody").is_some() { Verdict::Refused(wait) } else { Verdict::Allowed })
    }
}

pub struct LimitedView {
    throttles: Vec<Throttler>,
    scope: Option<&'static str>,
    /// Only writing is counted.
    by_method: bool,
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

    fn choices(&self, request: &Request) -> Option<RestChoices> {
        let is_free = self.by_method && request.method() != Method::POST;
        is_free.then(|| RestChoices { throttles: Choice::none(), ..RestChoices::default() })
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
    let scoped = |scope| LimitedView { throttles: vec![ScopedRateThrottle.into()], scope, by_method: false };
    let by = |throttles| LimitedView { throttles, scope: None, by_method: false };
    urls![
        path("limits/uploads/", scoped(Some("uploads"))),
        path("limits/uploads-too/", scoped(Some("uploads"))),
        path("limits/scopeless/", scoped(None)),
        path("limits/reads/", by(vec![UserRateThrottle.scope("reads").into()])),
        path("limits/two/", by(vec![UserRateThrottle.scope("reads").into(), UserRateThrottle.scope("steady").into()])),
        path("limits/fixed/", by(vec![AnonRateThrottle.rate("1/m").into()])),
        path("limits/never/", by(vec![UserRateThrottle.scope("never").into()])),
        path("limits/moody/", by(vec![Mood(Some(42)).into()])),
        path("limits/sulking/", by(vec![Mood(None).into()])),
        path("limits/moods/", by(vec![Mood(None).into(), Mood(Some(42)).into()])),
        path("limits/by-method/", LimitedView { by_method: true, ..scoped(Some("uploads")) }),
    ]
}
