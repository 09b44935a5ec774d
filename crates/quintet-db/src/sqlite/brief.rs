//! Statements that are over in less time than it takes to wake a thread for them: they run where they are asked.
//!
//! What turns out to take longer, would have to wait for another process, or fails, is asked again of a thread that reads.
//! Such a thread also opens these connections, and reads the tables anew for one that did not come to an end: its tables may
//! have changed, and to read them takes longer than a statement may.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::available_parallelism;
use std::time::Duration;

use quintet_core::schema::Value;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;

use super::slot::{Access, open};
use super::values;
use crate::error::{Error, Result};
use crate::rows::Rows;

/// After so many steps of SQLite's machine a statement is noticed, and ended after as many more: some tenth of a millisecond.
const STEPS: i32 = 2_000;

/// A value, or a row, of more bytes is left to a thread, which takes its time to read it.
const BYTES: i32 = 256 * 1024;

/// How many connections there are at most: one for each task that can run at a time.
const MOST: usize = 8;

/// The connections.
pub(super) struct Brief {
    idle: Mutex<Vec<Hasty>>,
    /// Those that did not come to an end, until a thread has seen to them.
    tired: Mutex<Vec<Hasty>>,
    count: Arc<AtomicUsize>,
    most: usize,
}

/// Room for a connection, as long as this is there.
struct Place(Arc<AtomicUsize>);

/// A connection that does not wait.
struct Hasty {
    connection: Connection,
    /// What is done when the limit of steps is met.
    meter: Arc<Meter>,
    _place: Place,
}

#[derive(Default)]
struct Meter {
    /// Whether the statement that runs was noticed. SQLite counts the steps of a statement over all of its runs, so that the
    /// first time says nothing of this one.
    is_noticed: AtomicBool,
    /// Whether it may take as long as it takes.
    is_patient: AtomicBool,
}

impl Brief {
    pub(super) fn new() -> Self {
        let most = available_parallelism().map_or(1, usize::from).min(MOST);
        Self { idle: Mutex::default(), tired: Mutex::default(), count: Arc::default(), most }
    }

    /// The rows of a statement; nothing where a thread has to be asked.
    pub(super) fn rows(&self, sql: &str, params: &[Value]) -> Option<Rows> {
        let hasty = lock(&self.idle).pop()?;
        let found = hasty.rows(sql, params).ok();
        let next = if found.is_some() { &self.idle } else { &self.tired };
        lock(next).push(hasty);
        found
    }

    /// Whether a thread has something to do here.
    pub(super) fn needs_care(&self) -> bool {
        let may_be_more = || lock(&self.idle).is_empty() && self.count.load(Ordering::Acquire) < self.most;
        !lock(&self.tired).is_empty() || may_be_more()
    }

    /// Sees to the connections, and opens one more where all are at work: work for a thread.
    pub(super) fn care(&self, file: &Path) {
        let tired = std::mem::take(&mut *lock(&self.tired));
        // What cannot be used any more is closed.
        let refreshed = tired.into_iter().filter(|hasty| hasty.refresh().is_ok());
        lock(&self.idle).extend(refreshed.collect::<Vec<_>>());
        let place = if lock(&self.idle).is_empty() { self.place() } else { None };
        // What is wrong is told by the way that the statement takes meanwhile.
        if let Some(Ok(hasty)) = place.map(|place| Hasty::open(file, place)) {
            lock(&self.idle).push(hasty);
        }
    }

    /// Closes what nobody uses: work for a thread.
    pub(super) fn close(&self) {
        let idle = std::mem::take(&mut *lock(&self.idle));
        let tired = std::mem::take(&mut *lock(&self.tired));
        drop((idle, tired));
    }

    fn place(&self) -> Option<Place> {
        let one_more = |count: usize| (count < self.most).then_some(count + 1);
        let is_room = self.count.fetch_update(Ordering::AcqRel, Ordering::Acquire, one_more).is_ok();
        is_room.then(|| Place(Arc::clone(&self.count)))
    }
}

fn lock(what: &Mutex<Vec<Hasty>>) -> MutexGuard<'_, Vec<Hasty>> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Hasty {
    fn open(file: &Path, place: Place) -> Result<Self> {
        let mut connection = open(Some(file), Access::Read)?;
        connection.busy_timeout(Duration::ZERO)?;
        connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, BYTES)?;
        // Also where a value may decide how rows are found: to plan a statement takes longer than it may take to run.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        let meter = Arc::new(Meter::default());
        let met = Arc::clone(&meter);
        connection.progress_handler(STEPS, Some(move || met.is_over()))?;
        let hasty = Self { connection, meter, _place: place };
        hasty.refresh()?;
        Ok(hasty)
    }

    /// Reads the tables, if they are not known, however long that takes.
    fn refresh(&self) -> Result<()> {
        self.meter.is_patient.store(true, Ordering::Relaxed);
        let read = self.connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()));
        self.meter.is_patient.store(false, Ordering::Relaxed);
        Ok(read?)
    }

    fn rows(&self, sql: &str, params: &[Value]) -> Result<Rows> {
        self.meter.is_noticed.store(false, Ordering::Relaxed);
        let mut statement = self.connection.prepare_cached(sql).map_err(Error::from)?;
        values::rows(&mut statement, params, false)
    }
}

impl Meter {
    /// Whether the statement that runs is to end.
    fn is_over(&self) -> bool {
        self.is_noticed.swap(true, Ordering::Relaxed) && !self.is_patient.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::super::folder::Folder;
    use super::*;

    /// Counts as far as it is told.
    const COUNT: &str =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) SELECT max(i) FROM n";

    fn opened(folder: &Folder) -> Brief {
        let brief = Brief { most: 1, ..Brief::new() };
        assert!(brief.needs_care());
        brief.care(&folder.file());
        assert!(!brief.needs_care());
        brief
    }

    fn counted(brief: &Brief, number: i64) -> Option<i64> {
        let found = brief.rows(COUNT, &[Value::Int(number)])?;
        found.into_first().and_then(|cell| if let crate::rows::Cell::Int(number) = cell { Some(number) } else { None })
    }

    #[test]
    fn what_is_brief_is_answered_however_often_it_is_asked() {
        let folder = Folder::new("often");
        let brief = opened(&folder);
        for _ in 0..5_000 {
            assert_eq!(counted(&brief, 20), Some(20));
        }
    }

    #[test]
    fn what_takes_long_is_left_to_a_thread_at_once() {
        let folder = Folder::new("long");
        let brief = opened(&folder);
        let begun = Instant::now();
        for _ in 0..10 {
            assert_eq!(counted(&brief, i64::MAX), None);
            assert!(brief.needs_care());
            brief.care(&folder.file());
            assert_eq!(counted(&brief, 20), Some(20));
        }
        assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    }

    #[test]
    fn another_process_is_not_waited_for() {
        let folder = Folder::new("patience");
        let found = opened(&folder).rows("PRAGMA busy_timeout", &[]).expect("an answer");
        assert_eq!(found.into_first(), Some(crate::rows::Cell::Int(0)));
    }

    #[test]
    fn nothing_is_written_and_what_is_wrong_is_left_to_a_thread() {
        let folder = Folder::new("wrong");
        let brief = opened(&folder);
        for sql in ["CREATE TABLE t (id integer)", "SELECT * FROM t", "SELECT zeroblob(300000)"] {
            assert_eq!(brief.rows(sql, &[]), None, "{sql}");
            brief.care(&folder.file());
        }
        assert_eq!(counted(&brief, 20), Some(20));
    }

    #[test]
    fn many_tables_that_change_are_read_anew_by_a_thread() {
        let folder = Folder::new("tables");
        let other = Connection::open(folder.file()).expect("a database");
        let tables = (0..400).map(|number| format!("CREATE TABLE t{number} (id integer PRIMARY KEY, a text UNIQUE);"));
        other.execute_batch(&tables.collect::<String>()).expect("tables");
        let brief = opened(&folder);
        for number in 1..=3 {
            assert_eq!(counted(&brief, 20), Some(20));
            other.execute_batch(&format!("CREATE TABLE more{number} (id integer)")).expect("another table");
            assert_eq!(brief.rows(&format!("SELECT * FROM more{number}"), &[]), None);
            brief.care(&folder.file());
            assert_eq!(brief.rows(&format!("SELECT * FROM more{number}"), &[]), Some(Rows::default()));
        }
    }

    #[test]
    fn a_file_that_cannot_be_opened_is_tried_again() {
        let folder = Folder::new("missing");
        let brief = Brief::new();
        for _ in 0..2 * MOST {
            assert!(brief.needs_care());
            brief.care(&folder.0.join("no/db.sqlite3"));
            assert_eq!(brief.rows("SELECT 1", &[]), None);
        }
    }
}
