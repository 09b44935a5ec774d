//! The statements that a connection's server keeps prepared: the ones used last, by their text.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use foldhash::fast::FixedState;
use tokio_postgres::Statement;

use super::decode::Columns;

/// How many a connection keeps; the server has each in memory.
const ROOM: usize = 256;

/// A statement that the server knows.
#[derive(Clone)]
pub(crate) struct Prepared {
    pub(super) statement: Statement,
    pub(super) columns: Columns,
    /// Whether it may do more than to read and write rows; then it is not kept.
    pub(super) changes_tables: bool,
}

/// How often the tables were changed by any of a pool's connections. A statement that was prepared before may have other
/// columns now, which the server only says by an error: in a transaction that is its end.
#[derive(Clone, Default)]
pub(super) struct Changes(Arc<AtomicU64>);

impl Changes {
    pub(super) fn add(&self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }

    /// How often.
    pub(super) fn count(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }
}

/// Prepared statements by their text.
pub(super) struct Statements {
    kept: Mutex<Kept>,
    changes: Changes,
}

#[derive(Default)]
struct Kept {
    by_text: HashMap<Box<str>, (Prepared, u64), FixedState>,
    clock: u64,
    /// How many changes there were when all of these were forgotten last.
    changes: u64,
}

impl Statements {
    pub(super) fn new(changes: Changes) -> Self {
        Self { kept: Mutex::default(), changes }
    }

    pub(super) fn get(&self, sql: &str) -> Option<Prepared> {
        let mut kept = self.kept();
        let changes = self.changes.count();
        if kept.changes != changes {
            kept.changes = changes;
            kept.by_text.clear();
        }
        kept.clock += 1;
        let now = kept.clock;
        let (prepared, used) = kept.by_text.get_mut(sql)?;
        *used = now;
        Some(prepared.clone())
    }

    /// Keeps one; the one that was not used for longest makes room. The server forgets a statement when its last copy is
    /// dropped.
    pub(super) fn put(&self, sql: &str, prepared: Prepared) {
        let mut kept = self.kept();
        if kept.by_text.len() >= ROOM {
            let oldest = kept.by_text.iter().min_by_key(|(_, (_, used))| *used).map(|(text, _)| text.clone());
            oldest.and_then(|oldest| kept.by_text.remove(&oldest));
        }
        kept.clock += 1;
        let now = kept.clock;
        kept.by_text.insert(sql.into(), (prepared, now));
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
