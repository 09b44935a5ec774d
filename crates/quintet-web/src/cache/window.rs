//! A sliding window of time in which so much may happen: the moments that still count, kept as the reference keeps them.
//!
//! What is kept is a list of numbers, the newest first, so that both frameworks count together in one cache.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;

use super::backend::{CacheBackend, Old, TRIES, Until, too_busy};
use crate::http::Result;

/// So many in so much time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// How many.
    pub limit: u64,
    /// In how much time.
    pub period: Duration,
}

/// What became of one that was to be counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counted {
    /// Whether it was counted; else the window is full.
    pub is_counted: bool,
    /// How many counted before it.
    pub used: u64,
    /// The moment of the oldest of those, in seconds since 1970.
    pub oldest: Option<f64>,
}

impl Window {
    /// Counts in a log, whose oldest moment stands first.
    pub(super) fn count(self, log: &mut VecDeque<f64>, now: f64) -> Counted {
        let over = now - self.period.as_secs_f64();
        while log.front().is_some_and(|oldest| *oldest <= over) {
            log.pop_front();
        }
        let (used, oldest) = (log.len() as u64, log.front().copied());
        let is_counted = used < self.limit;
        if is_counted {
            log.push_back(now);
        }
        Counted { is_counted, used, oldest }
    }
}

/// Counts in a backend that several processes may share: what was read is exchanged only if it is still that.
///
/// One that is refused writes nothing, and an exchange fails only where another was counted, so that it ends.
pub(super) async fn count_by_swapping<B: CacheBackend + ?Sized>(
    backend: &B,
    key: &str,
    window: Window,
    now: f64,
) -> Result<Counted> {
    for _ in 0..TRIES {
        let old = backend.get(None, key).await?;
        let mut log = old.as_deref().map(moments).unwrap_or_default();
        let counted = window.count(&mut log, now);
        if !counted.is_counted {
            return Ok(counted);
        }
        let (new, until) = (packed(&log), Until::After(window.period));
        let is_kept = match &old {
            None => backend.add(None, key, &new, until).await?,
            Some(old) => backend.swap(None, key, Old(old), &new, Some(until)).await?,
        };
        if is_kept {
            return Ok(counted);
        }
    }
    Err(too_busy(key))
}

/// The moments that were kept, the oldest first. What is no list of numbers counts for nothing: nobody else writes here.
fn moments(packed: &[u8]) -> VecDeque<f64> {
    match super::unpacked(packed) {
        Ok(Value::Array(newest_first)) => newest_first.iter().rev().filter_map(Value::as_f64).collect(),
        _ => VecDeque::new(),
    }
}

fn packed(log: &VecDeque<f64>) -> Vec<u8> {
    super::packed_value(&log.iter().rev().copied().collect())
}

/// Logs in this process alone: gone with it, and not seen by others.
#[derive(Default)]
pub(super) struct Logs(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    logs: HashMap<String, Log>,
    /// How many moments there are in all of them.
    moments: usize,
}

struct Log {
    moments: VecDeque<f64>,
    /// When nothing of it counts any more.
    until: f64,
}

/// So many logs are kept at most: a client that lies about its address cannot fill the memory.
const LOGS: usize = 100_000;
/// So many moments are kept at most, whatever the rates.
const MOMENTS: usize = if cfg!(test) { 200_000 } else { 4_000_000 };

impl Logs {
    pub(super) fn count(&self, key: &str, window: Window, now: f64) -> Counted {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.logs.len() >= LOGS || kept.moments >= MOMENTS {
            kept.make_room(now);
        }
        let Kept { logs, moments } = &mut *kept;
        if !logs.contains_key(key) {
            logs.insert(key.to_owned(), Log { moments: VecDeque::new(), until: now });
        }
        let Some(log) = logs.get_mut(key) else { return Counted { is_counted: true, used: 0, oldest: None } };
        let before = log.moments.len();
        let counted = window.count(&mut log.moments, now);
        if counted.is_counted {
            log.until = now + window.period.as_secs_f64();
        }
        *moments = *moments - before + log.moments.len();
        counted
    }

    /// Forgets everything.
    pub(super) fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Kept::default();
    }
}

impl Kept {
    /// Forgets what is over; where that is not enough, the half that ends first: not one by one for each to come.
    fn make_room(&mut self, now: f64) {
        self.logs.retain(|_, log| log.until > now);
        self.count_moments();
        if self.logs.len() >= LOGS || self.moments >= MOMENTS {
            let mut ends: Vec<f64> = self.logs.values().map(|log| log.until).collect();
            let half = ends.len() / 2;
            let (_, middle, _) = ends.select_nth_unstable_by(half, f64::total_cmp);
            let middle = *middle;
            self.logs.retain(|_, log| log.until > middle);
            self.logs.shrink_to(LOGS / 2);
            self.count_moments();
        }
    }

    fn count_moments(&mut self) {
        self.moments = self.logs.values().map(|log| log.moments.len()).sum();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: Window = Window { limit: 2, period: Duration::from_secs(60) };

    fn is_counted(log: &mut VecDeque<f64>, now: f64) -> bool {
        TWO.count(log, now).is_counted
    }

    #[test]
    fn one_counts_until_its_time_is_over() {
        let mut log = VecDeque::new();
        assert!(is_counted(&mut log, 0.0) && is_counted(&mut log, 10.0));
        assert_eq!(TWO.count(&mut log, 20.0), Counted { is_counted: false, used: 2, oldest: Some(0.0) });
        assert!(is_counted(&mut log, 60.0), "the first is over, to the moment");
    }

    #[test]
    fn who_is_refused_is_not_counted() {
        let mut log = VecDeque::new();
        let _ = [0.0, 1.0, 2.0].map(|now| is_counted(&mut log, now));
        assert_eq!(log.len(), 2);
    }

    #[test]
    fn what_is_kept_is_the_reference_s_list_the_newest_first() {
        let log = VecDeque::from([1.5, 2.5]);
        assert_eq!(super::super::unpacked(&packed(&log)), Ok(serde_json::json!([2.5, 1.5])));
        assert_eq!(moments(&packed(&log)), log);
    }

    #[test]
    fn addresses_without_end_do_not_grow_the_memory_without_end() {
        let logs = Logs::default();
        for number in 0..LOGS + LOGS / 2 {
            logs.count(&number.to_string(), TWO, 1000.0 + number as f64 / 1e6);
        }
        let kept = logs.0.lock().expect("nobody panicked");
        assert!(kept.logs.len() <= LOGS, "{}", kept.logs.len());
        assert_eq!(kept.moments, kept.logs.len(), "each asked once");
    }

    #[test]
    fn rates_without_end_do_not_either() {
        let (logs, many) = (Logs::default(), Window { limit: u64::MAX, ..TWO });
        for number in 0..MOMENTS + 10 {
            logs.count(if number % 2 == 0 { "a" } else { "b" }, many, 1000.0 + number as f64 / 1e6);
        }
        let kept = logs.0.lock().expect("nobody panicked");
        assert!(kept.moments <= MOMENTS, "{}", kept.moments);
    }
}
