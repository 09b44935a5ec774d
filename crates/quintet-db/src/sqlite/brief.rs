//! Statements that are over in less time than it takes to wake a thread for them: they run where they are asked.
//!
//! What turns out to take longer, would have to wait for another process, or fails, is asked again of a thread that reads.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::available_parallelism;
use std::time::Duration;

use quintet_core::schema::Value;
use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::slot::{Access, open};
use super::values;
use crate::error::{Error, Result};
use crate::rows::Rows;

/// After so many steps of SQLite's machine a statement is noticed, and ended after as many more: a tenth of a millisecond.
const STEPS: i32 = 2_000;

/// How many connections there are at most: one for each task that can run at a time.
const MOST: usize = 8;

/// The connections that nobody uses at this moment.
pub(super) struct Brief {
    idle: Mutex<Vec<Hasty>>,
    opened: AtomicUsize,
    most: usize,
}

/// A connection that does not wait.
struct Hasty {
    connection: Connection,
    /// Whether the statement that runs was noticed. SQLite counts the steps of a statement over all of its runs, so that the
    /// first time says nothing of this one.
    is_noticed: Arc<AtomicBool>,
}

impl Brief {
    pub(super) fn new() -> Self {
        let most = available_parallelism().map_or(1, usize::from).min(MOST);
        Self { idle: Mutex::default(), opened: AtomicUsize::new(0), most }
    }

    /// The rows of a statement; nothing where a thread has to be asked.
    pub(super) fn rows(&self, sql: &str, params: &[Value]) -> Option<Rows> {
        let hasty = self.idle().pop()?;
        let found = hasty.rows(sql, params);
        self.idle().push(hasty);
        found.ok()
    }

    /// Whether one more connection is of use; whoever is told so opens it.
    pub(super) fn lacks_one(&self) -> bool {
        let one_more = |opened: usize| (opened < self.most).then_some(opened + 1);
        self.idle().is_empty() && self.opened.fetch_update(Ordering::AcqRel, Ordering::Acquire, one_more).is_ok()
    }

    /// Opens a connection: work for a thread.
    pub(super) fn open(&self, file: &Path) {
        match Hasty::open(file) {
            Ok(hasty) => self.idle().push(hasty),
            // Whoever comes next tries again; what is wrong is told by the way that the statement takes meanwhile.
            Err(_) => drop(self.opened.fetch_sub(1, Ordering::AcqRel)),
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Hasty>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hasty {
    fn open(file: &Path) -> Result<Self> {
        let mut connection = open(Some(file), Access::Read)?;
        connection.busy_timeout(Duration::ZERO)?;
        // Else a statement that joins tables is planned anew for each value: SQLite looks whether it is 0 or 1.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        // The tables are read here, and not when the first statement is prepared.
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        let is_noticed = Arc::new(AtomicBool::new(false));
        let noticed = Arc::clone(&is_noticed);
        connection.progress_handler(STEPS, Some(move || noticed.swap(true, Ordering::Relaxed)))?;
        Ok(Self { connection, is_noticed })
    }

    fn rows(&self, sql: &str, params: &[Value]) -> Result<Rows> {
        self.is_noticed.store(false, Ordering::Relaxed);
        let mut statement = self.connection.prepare_cached(sql).map_err(Error::from)?;
        values::rows(&mut statement, params, false)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    /// Counts as far as it is told.
    const COUNT: &str =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) SELECT max(i) FROM n";

    struct Folder(std::path::PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("quintet_brief_{}_{name}", std::process::id()));
            std::fs::create_dir(&folder).expect("a folder for the test");
            Self(folder)
        }

        fn opened(&self) -> Brief {
            let brief = Brief::new();
            assert!(brief.lacks_one());
            brief.open(&self.0.join("db.sqlite3"));
            brief
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            drop(std::fs::remove_dir_all(&self.0));
        }
    }

    fn counted(brief: &Brief, number: i64) -> Option<i64> {
        let found = brief.rows(COUNT, &[Value::Int(number)])?;
        found.into_first().and_then(|cell| if let crate::rows::Cell::Int(number) = cell { Some(number) } else { None })
    }

    #[test]
    fn what_is_brief_is_answered_however_often_it_is_asked() {
        let folder = Folder::new("often");
        let brief = folder.opened();
        for _ in 0..5_000 {
            assert_eq!(counted(&brief, 20), Some(20));
        }
    }

    #[test]
    fn what_takes_long_is_left_to_a_thread_at_once_and_the_next_one_is_answered() {
        let folder = Folder::new("long");
        let brief = folder.opened();
        let begun = Instant::now();
        for _ in 0..10 {
            assert_eq!(counted(&brief, i64::MAX), None);
            assert_eq!(counted(&brief, 20), Some(20));
        }
        assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    }

    #[test]
    fn another_process_is_not_waited_for() {
        let folder = Folder::new("patience");
        let found = folder.opened().rows("PRAGMA busy_timeout", &[]).expect("an answer");
        assert_eq!(found.into_first(), Some(crate::rows::Cell::Int(0)));
    }

    #[test]
    fn nothing_is_written_and_what_is_wrong_is_left_to_a_thread() {
        let folder = Folder::new("wrong");
        let brief = folder.opened();
        assert_eq!(brief.rows("CREATE TABLE t (id integer)", &[]), None);
        assert_eq!(brief.rows("SELECT * FROM t", &[]), None);
        assert!(!brief.lacks_one(), "the connection is there again");
    }

    #[test]
    fn a_file_that_cannot_be_opened_is_tried_again() {
        let folder = Folder::new("missing");
        let brief = Brief::new();
        for _ in 0..2 * MOST {
            assert!(brief.lacks_one());
            brief.open(&folder.0.join("no/db.sqlite3"));
            assert_eq!(brief.rows("SELECT 1", &[]), None);
        }
    }
}
