//! A cache in this process alone: gone with it, and not seen by others. It has an end: in entries, and in bytes.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::backend::{By, CacheBackend, Old, Until};
use super::window::{Counted, Logs, Window};
use crate::clock::Clock;
use crate::http::{BoxFuture, Result};

/// Entries in memory.
pub(super) struct Memory {
    clock: Clock,
    max_entries: usize,
    cull_frequency: usize,
    kept: Mutex<Kept>,
    /// Counts are not entries: what they take, nobody's data is thrown away for.
    logs: Logs,
}

#[derive(Default)]
struct Kept {
    entries: HashMap<String, Entry>,
    /// How large they are together.
    bytes: usize,
    /// Counts what is read and written, to tell what was not used for long.
    uses: u64,
}

struct Entry {
    value: Vec<u8>,
    /// The time since 1970 from which on it is not there.
    over: Option<Duration>,
    used: u64,
}

/// So many bytes are kept at most, of keys and values together.
const BYTES: usize = 64 << 20;

impl Memory {
    pub(super) fn new(clock: Clock, max_entries: usize, cull_frequency: usize) -> Self {
        Self { clock, max_entries, cull_frequency, kept: Mutex::default(), logs: Logs::default() }
    }

    fn now(&self) -> Duration {
        self.clock.now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
    }

    fn over(&self, until: Until) -> Option<Duration> {
        match until {
            Until::Forever => None,
            Until::After(time) => Some(self.now().saturating_add(time)),
            Until::Over => Some(Duration::ZERO),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, kept: &mut Kept, key: &str, value: &[u8], over: Option<Duration>) {
        kept.remove(key);
        let size = size(key, value);
        if size > BYTES {
            return;
        }
        if kept.entries.len() >= self.max_entries || kept.bytes + size > BYTES {
            kept.make_room(self.now(), self.max_entries, self.cull_frequency, size);
        }
        kept.uses += 1;
        kept.bytes += size;
        kept.entries.insert(key.to_owned(), Entry { value: value.to_vec(), over, used: kept.uses });
    }
}

impl Kept {
    /// The entry of a key, unless its time is over.
    fn living(&mut self, key: &str, now: Duration) -> Option<&mut Entry> {
        if self.entries.get(key)?.is_over(now) {
            self.remove(key);
        }
        self.uses += 1;
        let entry = self.entries.get_mut(key)?;
        entry.used = self.uses;
        Some(entry)
    }

    fn remove(&mut self, key: &str) -> bool {
        let removed = self.entries.remove(key);
        self.bytes -= removed.as_ref().map_or(0, |entry| size(key, &entry.value));
        removed.is_some()
    }

    /// Forgets what is over; where that is not enough, one of so many of the rest, those that were not used for longest.
    fn make_room(&mut self, now: Duration, max_entries: usize, cull_frequency: usize, size: usize) {
        self.retain(|entry| !entry.is_over(now));
        while !self.entries.is_empty() && (self.entries.len() >= max_entries || self.bytes + size > BYTES) {
            let goes =
                if cull_frequency == 0 { self.entries.len() } else { self.entries.len().div_ceil(cull_frequency) };
            let mut uses: Vec<u64> = self.entries.values().map(|entry| entry.used).collect();
            let (_, last, _) = uses.select_nth_unstable(goes - 1);
            let last = *last;
            self.retain(|entry| entry.used > last);
        }
    }

    fn retain(&mut self, stays: impl Fn(&Entry) -> bool) {
        self.entries.retain(|_, entry| stays(entry));
        self.bytes = self.entries.iter().map(|(key, entry)| size(key, &entry.value)).sum();
    }
}

impl Entry {
    fn is_over(&self, now: Duration) -> bool {
        self.over.is_some_and(|over| over <= now)
    }
}

fn size(key: &str, value: &[u8]) -> usize {
    key.len() + value.len() + size_of::<Entry>() + size_of::<String>()
}

impl CacheBackend for Memory {
    fn get<'a>(&'a self, _: By<'a>, key: &'a str) -> BoxFuture<'a, Result<Option<Vec<u8>>>> {
        let now = self.now();
        ready(self.kept().living(key, now).map(|entry| entry.value.clone()))
    }

    fn set<'a>(&'a self, _: By<'a>, key: &'a str, value: &'a [u8], until: Until) -> BoxFuture<'a, Result<()>> {
        let over = self.over(until);
        self.keep(&mut self.kept(), key, value, over);
        ready(())
    }

    fn add<'a>(&'a self, _: By<'a>, key: &'a str, value: &'a [u8], until: Until) -> BoxFuture<'a, Result<bool>> {
        let (now, over) = (self.now(), self.over(until));
        let mut kept = self.kept();
        let is_new = kept.living(key, now).is_none();
        if is_new {
            self.keep(&mut kept, key, value, over);
        }
        ready(is_new)
    }

    fn swap<'a>(
        &'a self,
        _: By<'a>,
        key: &'a str,
        old: Old<'a>,
        new: &'a [u8],
        until: Option<Until>,
    ) -> BoxFuture<'a, Result<bool>> {
        let now = self.now();
        let mut kept = self.kept();
        let Some(entry) = kept.living(key, now).filter(|entry| entry.value == old.0) else { return ready(false) };
        let over = until.map_or(entry.over, |until| self.over(until));
        self.keep(&mut kept, key, new, over);
        ready(true)
    }

    fn touch<'a>(&'a self, _: By<'a>, key: &'a str, until: Until) -> BoxFuture<'a, Result<bool>> {
        let (now, over) = (self.now(), self.over(until));
        let mut kept = self.kept();
        let Some(entry) = kept.living(key, now) else { return ready(false) };
        entry.over = over;
        ready(true)
    }

    fn delete<'a>(&'a self, _: By<'a>, key: &'a str) -> BoxFuture<'a, Result<bool>> {
        let now = self.now();
        let mut kept = self.kept();
        let is_there = kept.living(key, now).is_some();
        kept.remove(key);
        ready(is_there)
    }

    fn clear<'a>(&'a self, _: By<'a>, _: &'a str) -> BoxFuture<'a, Result<()>> {
        *self.kept() = Kept::default();
        self.logs.clear();
        ready(())
    }

    fn count<'a>(&'a self, key: &'a str, window: Window, now: f64) -> BoxFuture<'a, Result<Counted>> {
        ready(self.logs.count(key, window, now))
    }
}

fn ready<'a, T: Send + 'a>(value: T) -> BoxFuture<'a, Result<T>> {
    Box::pin(std::future::ready(Ok(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(max_entries: usize, cull_frequency: usize) -> Memory {
        let clock = Clock::new(|| SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000), || Duration::ZERO);
        Memory::new(clock, max_entries, cull_frequency)
    }

    fn fill(memory: &Memory, keys: std::ops::Range<usize>, value: &[u8]) {
        keys.for_each(|key| memory.keep(&mut memory.kept(), &key.to_string(), value, None));
    }

    #[test]
    fn entries_have_an_end_and_the_least_used_go_first() {
        let memory = memory(100, 3);
        fill(&memory, 0..100, b"value");
        let _ = memory.kept().living("0", Duration::ZERO);
        fill(&memory, 100..101, b"value");
        let mut kept = memory.kept();
        assert_eq!(kept.entries.len(), 100 - 34 + 1, "one of three went");
        assert!(kept.living("0", Duration::ZERO).is_some(), "it was read");
        assert!(kept.living("1", Duration::ZERO).is_none());
    }

    #[test]
    fn bytes_have_an_end() {
        let memory = memory(usize::MAX, 3);
        fill(&memory, 0..200, &vec![0; 1 << 20]);
        assert!(memory.kept().bytes <= BYTES && memory.kept().entries.len() > 20);
        fill(&memory, 0..1, &vec![0; BYTES + 1]);
        assert!(memory.kept().living("0", Duration::ZERO).is_none(), "larger than all of it");
    }

    #[test]
    fn what_is_over_goes_before_anything_else() {
        let memory = memory(2, 3);
        memory.keep(&mut memory.kept(), "over", b"", Some(Duration::from_secs(5)));
        fill(&memory, 0..2, b"");
        assert_eq!(memory.kept().entries.len(), 2);
    }

    #[test]
    fn the_bytes_are_counted_right_whatever_happens() {
        let memory = memory(10, 0);
        fill(&memory, 0..25, b"value");
        fill(&memory, 20..23, b"longer than before");
        memory.kept().remove("21");
        let kept = memory.kept();
        let counted: usize = kept.entries.iter().map(|(key, entry)| size(key, &entry.value)).sum();
        assert_eq!(kept.bytes, counted);
    }
}
