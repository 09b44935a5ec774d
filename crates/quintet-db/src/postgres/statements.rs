//! The statements that a connection's server keeps prepared: the ones used last, by their text.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio_postgres::Statement;

use super::decode::Columns;

/// How many a connection keeps; the server has each in memory.
const ROOM: usize = 256;

/// A statement that the server knows.
#[derive(Clone)]
pub(super) struct Prepared {
    pub(super) statement: Statement,
    pub(super) columns: Columns,
}

/// Prepared statements by their text.
#[derive(Default)]
pub(super) struct Statements(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    by_text: HashMap<Box<str>, (Prepared, u64)>,
    clock: u64,
}

impl Statements {
    pub(super) fn get(&self, sql: &str) -> Option<Prepared> {
        let mut kept = self.kept();
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

    pub(super) fn forget(&self, sql: &str) {
        self.kept().by_text.remove(sql);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
