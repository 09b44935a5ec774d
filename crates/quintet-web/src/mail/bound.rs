//! How often somebody is told of what goes wrong: a page that is broken must not fill a mailbox.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// Of how many different things is told within an interval.
const MOST: usize = 10;

/// What was told since an interval began.
#[derive(Default)]
pub(super) struct Bound(Mutex<Told>);

#[derive(Default)]
struct Told {
    since: Option<SystemTime>,
    what: BTreeSet<String>,
    left_out: u64,
}

impl Bound {
    /// Whether this is to be told: then the number of those that were not, since something was.
    pub(super) fn admits(&self, what: &str, now: SystemTime, interval: Duration) -> Option<u64> {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back begins anew.
        let passed = told.since.and_then(|since| now.duration_since(since).ok());
        if passed.is_none_or(|passed| passed >= interval) {
            told.since = Some(now);
            told.what.clear();
        }
        if told.what.len() >= MOST || !told.what.insert(what.to_owned()) {
            told.left_out += 1;
            return None;
        }
        Some(std::mem::take(&mut told.left_out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn the_same_is_told_once_in_an_interval_and_then_with_the_number_of_those_left_out() {
        let bound = Bound::default();
        assert_eq!(bound.admits("a", at(0), MINUTE), Some(0));
        assert_eq!((bound.admits("a", at(1), MINUTE), bound.admits("a", at(59), MINUTE)), (None, None));
        assert_eq!(bound.admits("b", at(59), MINUTE), Some(2));
        assert_eq!(bound.admits("a", at(60), MINUTE), Some(0));
    }

    #[test]
    fn of_different_things_so_many_are_told() {
        let bound = Bound::default();
        let told = (0..100).filter(|number| bound.admits(&number.to_string(), at(0), MINUTE).is_some()).count();
        assert_eq!((told, bound.admits("0", at(61), MINUTE)), (MOST, Some(90)));
    }

    #[test]
    fn without_an_interval_each_is_told() {
        let bound = Bound::default();
        assert!((0..50).all(|_| bound.admits("a", at(0), Duration::ZERO) == Some(0)));
    }

    #[test]
    fn a_clock_that_is_set_back_stops_nothing() {
        let bound = Bound::default();
        assert_eq!(bound.admits("a", at(1_000_000), MINUTE), Some(0));
        assert_eq!(bound.admits("a", at(5), MINUTE), Some(0));
    }
}
