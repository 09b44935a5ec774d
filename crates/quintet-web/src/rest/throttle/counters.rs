//! Where requests are counted: a log of moments for each key, from which the oldest fall out.
//!
//! Counting is one step, so that a store that several processes share can do it under its own lock.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::{Rate, Verdict};
use crate::http::{BoxFuture, Result};

/// Counts requests.
pub trait Counters: Send + Sync + 'static {
    /// Counts a request under a key, unless the rate is used up. `now` is the time since 1970.
    fn count<'a>(&'a self, key: &'a str, rate: Rate, now: Duration) -> BoxFuture<'a, Result<Verdict>>;
}

/// Counters, behind one type.
#[derive(Clone)]
pub struct CounterStore(Arc<dyn Counters>);

impl<C: Counters> From<C> for CounterStore {
    fn from(counters: C) -> Self {
        Self(Arc::new(counters))
    }
}

impl Deref for CounterStore {
    type Target = dyn Counters;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl Default for CounterStore {
    fn default() -> Self {
        InMemory::default().into()
    }
}

impl fmt::Debug for CounterStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CounterStore")
    }
}

/// Counters in this process alone: gone with it, and not seen by others.
#[derive(Default)]
pub struct InMemory(Mutex<HashMap<String, Log>>);

struct Log {
    moments: VecDeque<Duration>,
    /// When nothing of it counts any more.
    until: Duration,
}

/// So many keys are kept at most: a client that lies about its address cannot fill the memory.
const KEYS: usize = 100_000;
/// Longer keys are cut, as anything may stand in a header.
const KEY_BYTES: usize = 256;

impl Counters for InMemory {
    fn count<'a>(&'a self, key: &'a str, rate: Rate, now: Duration) -> BoxFuture<'a, Result<Verdict>> {
        let mut logs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if logs.len() >= KEYS {
            make_room(&mut logs, now);
        }
        let log = logs.entry(shortened(key)).or_insert_with(|| Log { moments: VecDeque::new(), until: now });
        let verdict = counted(&mut log.moments, rate, now);
        if verdict == Verdict::Allowed {
            log.until = now + rate.period;
        }
        Box::pin(std::future::ready(Ok(verdict)))
    }
}

/// Counts in a log, the oldest moment first.
pub(super) fn counted(log: &mut VecDeque<Duration>, rate: Rate, now: Duration) -> Verdict {
    while log.front().is_some_and(|oldest| *oldest + rate.period <= now) {
        log.pop_front();
    }
    let used = log.len() as u64;
    if used < rate.requests {
        log.push_back(now);
        return Verdict::Allowed;
    }
    let left = log.front().map_or(rate.period, |oldest| (*oldest + rate.period).saturating_sub(now));
    // Where a rate was lowered while requests were counted, nothing can be said.
    let free = (rate.requests + 1).checked_sub(used).filter(|free| *free > 0);
    Verdict::Refused(free.map(|free| left.div_f64(free as f64)))
}

fn make_room(logs: &mut HashMap<String, Log>, now: Duration) {
    logs.retain(|_, log| log.until > now);
    if logs.len() >= KEYS {
        // Those that end first, half of them: not one by one for each request to come.
        let mut ends: Vec<Duration> = logs.values().map(|log| log.until).collect();
        let (_, middle, _) = ends.select_nth_unstable(KEYS / 2);
        let middle = *middle;
        logs.retain(|_, log| log.until > middle);
    }
}

fn shortened(key: &str) -> String {
    if key.len() <= KEY_BYTES {
        return key.to_owned();
    }
    use md5::{Digest, Md5};
    let digest = Md5::digest(key.as_bytes());
    let start = key.floor_char_boundary(64);
    digest.iter().fold(key[..start].to_owned(), |text, byte| text + &format!("{byte:02x}"))
}

impl fmt::Debug for InMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InMemory")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: Rate = Rate { requests: 2, period: Duration::from_secs(60) };

    fn at(log: &mut VecDeque<Duration>, seconds: f64) -> Verdict {
        counted(log, TWO, Duration::from_secs_f64(seconds))
    }

    #[test]
    fn a_request_counts_until_its_period_is_over() {
        let mut log = VecDeque::new();
        assert_eq!(at(&mut log, 0.0), Verdict::Allowed);
        assert_eq!(at(&mut log, 10.0), Verdict::Allowed);
        assert_eq!(at(&mut log, 20.0), Verdict::Refused(Some(Duration::from_secs(40))));
        assert_eq!(at(&mut log, 60.0), Verdict::Allowed, "the first is over, to the moment");
    }

    #[test]
    fn who_is_refused_is_not_counted() {
        let mut log = VecDeque::new();
        let _ = (at(&mut log, 0.0), at(&mut log, 1.0), at(&mut log, 2.0));
        assert_eq!(log.len(), 2);
    }

    #[test]
    fn a_wait_is_unknown_where_more_were_counted_than_are_allowed() {
        let mut log = (0..5).map(Duration::from_secs).collect();
        assert_eq!(at(&mut log, 10.0), Verdict::Refused(None));
    }

    #[test]
    fn the_number_of_keys_has_an_end() {
        let mut logs: HashMap<String, Log> = HashMap::new();
        for number in 0..KEYS as u64 {
            let until = Duration::from_secs(1000 + number);
            logs.insert(number.to_string(), Log { moments: VecDeque::new(), until });
        }
        make_room(&mut logs, Duration::from_secs(1));
        assert!(logs.len() <= KEYS / 2, "{}", logs.len());
    }

    #[test]
    fn a_long_key_is_cut_and_differs_from_another_long_one() {
        let (a, b) = ("é".repeat(300) + "a", "é".repeat(300) + "b");
        assert!(shortened(&a).len() < KEY_BYTES);
        assert_ne!(shortened(&a), shortened(&b));
    }
}
