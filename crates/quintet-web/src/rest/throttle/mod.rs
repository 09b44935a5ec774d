//! Throttles: how often somebody may ask.
//!
//! Asked after permissions, so that who is refused loses nothing of what is left to him. The rates are settings;
//! counted is in a cache, or where a project does it ([`Counters`]).

mod counters;
mod login;
mod rate;

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use super::view_choices::Choice;
use super::view_facts::ViewFacts;
use crate::http::{BoxFuture, Error, Request, Result};

pub use counters::{CounterStore, Counters};
pub(crate) use login::AccountThrottle;
pub use login::LoginThrottle;
pub use rate::{AnonRateThrottle, Rate, RateThrottle, ScopedRateThrottle, UserRateThrottle, count};

/// What a throttle says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The request may go on.
    Allowed,
    /// It may not; asking again is worth it after a while, where that is known.
    Refused(Option<Duration>),
}

/// A limit to how often somebody may ask.
pub trait Throttle: Send + Sync + 'static {
    /// Whether this request may go on; it is counted where it may.
    fn allow(&self, request: &Request, view: &ViewFacts) -> impl Future<Output = Result<Verdict>> + Send;
}

/// What the views of a site have in common of this: see [`Choice`].
pub type Throttles = Choice<Throttler>;

/// A throttle, behind one type.
#[derive(Clone)]
pub struct Throttler(Arc<dyn Erased>);

trait Erased: Send + Sync {
    fn allow<'a>(&'a self, request: &'a Request, view: &'a ViewFacts) -> BoxFuture<'a, Result<Verdict>>;
    fn name(&self) -> &'static str;
}

impl<T: Throttle> Erased for T {
    fn allow<'a>(&'a self, request: &'a Request, view: &'a ViewFacts) -> BoxFuture<'a, Result<Verdict>> {
        Box::pin(Throttle::allow(self, request, view))
    }

    fn name(&self) -> &'static str {
        std::any::type_name::<T>()
    }
}

impl<T: Throttle> From<T> for Throttler {
    fn from(throttle: T) -> Self {
        Self(Arc::new(throttle))
    }
}

impl fmt::Debug for Throttler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name().rsplit("::").next().unwrap_or_default())
    }
}

/// Asks all throttles, also behind one that refuses: each counts for itself. The longest wait is told.
pub(crate) async fn check(request: &Request, view: &ViewFacts, throttles: &[Throttler]) -> Result<()> {
    let mut refused = false;
    let mut longest: Option<Duration> = None;
    for throttle in throttles {
        if let Verdict::Refused(wait) = throttle.0.allow(request, view).await? {
            refused = true;
            longest = longest.max(wait);
        }
    }
    if refused { Err(Error::throttled(longest)) } else { Ok(()) }
}
