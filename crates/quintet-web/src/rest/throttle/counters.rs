//! Where requests are counted: in a cache of the settings, or where a project does it.
//!
//! Counting is one step, so that no request is forgotten whoever else asks, from whichever process.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::{Rate, Verdict};
use crate::Site;
use crate::cache::{Counted, Window};
use crate::http::{BoxFuture, Result};

/// Counts requests.
pub trait Counters: Send + Sync + 'static {
    /// Counts a request under a key, unless the rate is used up. `now` is the time since 1970.
    fn count<'a>(&'a self, key: &'a str, rate: Rate, now: Duration) -> BoxFuture<'a, Result<Verdict>>;
}

/// Where requests are counted. Unless said, in the cache `default`.
#[derive(Clone)]
pub struct CounterStore(Store);

#[derive(Clone)]
enum Store {
    Cache(String),
    Own(Arc<dyn Counters>),
}

impl CounterStore {
    /// In the cache of a name, as `caches` in the settings has it.
    pub fn cache(name: impl Into<String>) -> Self {
        Self(Store::Cache(name.into()))
    }

    /// The name of the cache, where it is one.
    pub(crate) fn cache_name(&self) -> Option<&str> {
        match &self.0 {
            Store::Cache(name) => Some(name),
            Store::Own(_) => None,
        }
    }

    pub(super) async fn count(&self, site: &Site, key: &str, rate: Rate, now: Duration) -> Result<Verdict> {
        match &self.0 {
            Store::Own(counters) => counters.count(key, rate, now).await,
            Store::Cache(name) => {
                let (window, now) = (Window { limit: rate.requests, period: rate.period }, now.as_secs_f64());
                let counted = site.caches().get(name, None)?.count(key, window, now).await?;
                Ok(verdict(counted, rate, now))
            }
        }
    }
}

impl<C: Counters> From<C> for CounterStore {
    fn from(counters: C) -> Self {
        Self(Store::Own(Arc::new(counters)))
    }
}

impl Default for CounterStore {
    fn default() -> Self {
        Self::cache("default")
    }
}

impl fmt::Debug for CounterStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Store::Cache(name) => write!(f, "the cache {name:?}"),
            Store::Own(_) => f.write_str("counters of the project"),
        }
    }
}

/// What is said of a request that was counted, or was not; the wait is divided as the reference does it.
fn verdict(counted: Counted, rate: Rate, now: f64) -> Verdict {
    if counted.is_counted {
        return Verdict::Allowed;
    }
    let period = rate.period.as_secs_f64();
    let left = counted.oldest.map_or(period, |oldest| period - (now - oldest)).max(0.0);
    // Where a rate was lowered while requests were counted, nothing can be said.
    let free = (rate.requests + 1).checked_sub(counted.used).filter(|free| *free > 0);
    Verdict::Refused(free.and_then(|free| Duration::try_from_secs_f64(left / free as f64).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: Rate = Rate { requests: 2, period: Duration::from_secs(60) };

    fn full(used: u64, oldest: Option<f64>) -> Counted {
        Counted { is_counted: false, used, oldest }
    }

    #[test]
    fn the_wait_is_until_the_oldest_is_over() {
        assert_eq!(verdict(full(2, Some(0.0)), TWO, 20.0), Verdict::Refused(Some(Duration::from_secs(40))));
    }

    #[test]
    fn who_may_never_ask_waits_for_the_whole_period() {
        let none = Rate { requests: 0, ..TWO };
        assert_eq!(verdict(full(0, None), none, 20.0), Verdict::Refused(Some(Duration::from_secs(60))));
    }

    #[test]
    fn a_wait_is_unknown_where_more_were_counted_than_are_allowed() {
        assert_eq!(verdict(full(5, Some(0.0)), TWO, 10.0), Verdict::Refused(None));
    }
}
