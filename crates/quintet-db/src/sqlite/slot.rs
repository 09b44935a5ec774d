//! The connection of one thread: how it is opened, and what is always true of it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::connect::ConnectError;
use crate::error::{Error, ErrorKind, Result};

/// How long a statement waits for another process, as the reference does.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

const FOREIGN_KEYS_ON: &str = "PRAGMA foreign_keys = ON";

/// How many statements a connection keeps prepared.
const STATEMENTS: usize = 256;

/// After so many steps of SQLite's machine it is seen whether anybody still waits for the answer.
const STEPS: i32 = 10_000;

/// Whether the value of a parameter may decide how rows are found: by an index of some rows only, of what is computed, or
/// of text in another order, or by the samples that `ANALYZE` takes.
const VALUES_DECIDE: &str = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat4') OR EXISTS (\
    SELECT 1 FROM sqlite_schema AS t, pragma_index_list(t.name) AS i, pragma_index_xinfo(i.name) AS c \
    WHERE t.type = 'table' AND c.key AND (i.partial OR c.cid = -2 OR c.coll <> 'BINARY'))";

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

/// A thread's connection, and how to open it.
pub(super) struct Slot {
    file: Option<PathBuf>,
    access: Access,
    connection: Option<Connection>,
    watch: Watch,
}

/// Whether anybody still waits for what is done at this moment.
#[derive(Clone, Default)]
struct Watch(Arc<Mutex<Option<Arc<AtomicBool>>>>);

impl Watch {
    fn set(&self, flag: Option<Arc<AtomicBool>>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = flag;
    }

    fn is_left(&self) -> bool {
        let flag = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        flag.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed))
    }
}

impl Slot {
    /// A connection that is opened at the first job; the file is made where it is missing.
    pub(super) fn new(file: Option<&Path>, access: Access) -> Self {
        Self { file: file.map(Path::to_owned), access, connection: None, watch: Watch::default() }
    }

    pub(super) fn connection(&mut self) -> Result<&mut Connection> {
        if self.connection.is_none() {
            let mut opened = open(self.file.as_deref(), self.access)?;
            let watch = self.watch.clone();
            opened.progress_handler(STEPS, Some(move || watch.is_left()))?;
            self.connection = Some(opened);
        }
        self.connection.as_mut().ok_or_else(|| Error::new(ErrorKind::Connection, "the database was closed"))
    }

    /// Does a job that ends early once the flag is set. What is cut short while it writes takes its whole transaction with
    /// it: not for statements that share one.
    pub(super) fn watched<T>(&mut self, flag: Arc<AtomicBool>, work: impl FnOnce(&mut Self) -> T) -> T {
        self.watch.set(Some(flag));
        let done = work(self);
        self.watch.set(None);
        done
    }

    /// Back to how it was opened: no transaction, and keys that hold. What cannot be brought back is closed.
    pub(super) fn tidy(&mut self) {
        let Some(connection) = &self.connection else { return };
        let mut is_good = connection.is_autocommit() || connection.execute_batch("ROLLBACK").is_ok();
        // Only where it has to be: after this statement SQLite makes all that were kept anew.
        let holds = connection.db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY).is_ok_and(|holds| holds);
        is_good &= holds || connection.execute_batch(FOREIGN_KEYS_ON).is_ok();
        if !is_good {
            self.close();
        }
    }

    /// Whether a transaction is open.
    pub(super) fn is_open(&self) -> bool {
        self.connection.as_ref().is_some_and(|connection| !connection.is_autocommit())
    }

    /// The next job opens it anew. A database in memory would be gone.
    pub(super) fn close(&mut self) {
        if self.file.is_some() {
            self.connection = None;
        }
    }
}

/// Opens a database for one thread.
pub(super) fn open(file: Option<&Path>, access: Access) -> Result<Connection> {
    let connection = match file {
        None => Connection::open_in_memory()?,
        Some(file) => {
            let flags =
                OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            Connection::open_with_flags(file, flags).map_err(|error| unopened(file, &error))?
        }
    };
    prepare(&connection, access).map_err(|error| match file {
        Some(file) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => unopened(file, &error),
        _ => error.into(),
    })?;
    Ok(connection)
}

fn prepare(connection: &Connection, access: Access) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    super::functions::register(connection)?;
    // What somebody else holds at this moment, or may not be written, stays in the mode that it has.
    let wal = connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()));
    match wal.as_ref().err().and_then(rusqlite::Error::sqlite_error_code) {
        None | Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::ReadOnly) => {}
        Some(_) => wal?,
    }
    let read_only = if access == Access::Read { "PRAGMA query_only = ON;" } else { "" };
    connection.execute_batch(&format!(
        "{FOREIGN_KEYS_ON}; PRAGMA legacy_alter_table = OFF; PRAGMA synchronous = NORMAL; \
         PRAGMA mmap_size = 134217728; {read_only}"
    ))?;
    // Else SQLite makes a kept statement that compares with a value anew for each, also to see whether it is 0 or 1.
    if connection.query_row(VALUES_DECIDE, [], |row| row.get(0)).is_ok_and(|decide: bool| !decide) {
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    }
    Ok(())
}

fn unopened(file: &Path, error: &rusqlite::Error) -> Error {
    let shown = file.display();
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let hint = if parent.is_dir() {
        "check that it is an SQLite database, and that this user may read and write it and its folder".to_owned()
    } else {
        format!("its folder does not exist; make it: mkdir -p {}", parent.display())
    };
    ConnectError { problem: format!("the database `{shown}` cannot be opened: {error}"), hint }.into()
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus::RePrepare;

    use super::super::folder::Folder;
    use super::*;

    /// How often SQLite makes a statement anew for three patterns.
    fn made_anew(sql: &str) -> i32 {
        let connection = Connection::open_in_memory().expect("a database");
        connection.execute_batch("CREATE TABLE t (c text); CREATE INDEX i ON t (c)").expect("a table");
        let mut statement = connection.prepare(sql).expect("a statement");
        for pattern in ["%a%", "%b%", "%c%"] {
            assert!(!statement.exists([pattern]).expect("an answer"));
        }
        statement.get_status(RePrepare)
    }

    /// A connection as a thread has it, to a database with these tables.
    fn opened(folder: &Folder, tables: &str) -> Slot {
        Connection::open(folder.file()).and_then(|made| made.execute_batch(tables)).expect("a database");
        Slot::new(Some(&folder.file()), Access::Write)
    }

    /// Asks by a kept statement, as often as there are values; how often it was made anew, and by what it finds rows.
    fn asked(slot: &mut Slot, values: &[i64]) -> (i32, String) {
        const SQL: &str = "SELECT a FROM t WHERE b = ? ORDER BY a";
        let connection = slot.connection().expect("a connection");
        for value in values {
            let mut statement = connection.prepare_cached(SQL).expect("a statement");
            statement.query_map([value], |row| row.get::<_, i64>(0)).expect("an answer").for_each(drop);
        }
        let anew = connection.prepare_cached(SQL).expect("a statement").get_status(RePrepare);
        let explain = |row: &rusqlite::Row<'_>| row.get::<_, String>(3);
        let plan = connection.query_row(&format!("EXPLAIN QUERY PLAN {SQL}"), [values[0]], explain).expect("a plan");
        (anew, plan)
    }

    #[test]
    fn a_kept_statement_is_made_once_for_all_values() {
        let folder = Folder::new("once");
        let mut slot = opened(&folder, "CREATE TABLE t (a integer, b integer); CREATE INDEX i ON t (a)");
        assert_eq!(asked(&mut slot, &[1, 7, 0, 8]).0, 0);
    }

    #[test]
    fn an_index_of_some_rows_is_used_where_the_value_is_that_of_its_rows() {
        for index in ["ON t (a) WHERE b = 1", "ON t (b) WHERE b = 1"] {
            let folder = Folder::new("some");
            let mut slot =
                opened(&folder, &format!("CREATE TABLE t (a integer, b integer); CREATE INDEX some {index}"));
            let (anew, plan) = asked(&mut slot, &[1, 7]);
            assert!(anew > 0 && plan.contains("some"), "{index}: {anew} {plan}");
            assert!(!asked(&mut slot, &[7]).1.contains("some"), "{index}");
        }
    }

    #[test]
    fn what_a_value_may_decide_about_is_known() {
        let decides = |sql: &str| {
            let connection = Connection::open_in_memory().expect("a database");
            connection.execute_batch(sql).expect("tables");
            connection.query_row(VALUES_DECIDE, [], |row| row.get::<_, bool>(0)).expect("an answer")
        };
        const TABLE: &str = "CREATE TABLE t (id integer PRIMARY KEY, a text UNIQUE, b text COLLATE NOCASE);";
        for some in ["(a) WHERE a = 'x'", "(lower(a))", "(a COLLATE NOCASE)", "(b)"] {
            assert!(decides(&format!("{TABLE} CREATE INDEX i ON t {some}")), "{some}");
        }
        assert!(decides(&format!("{TABLE} INSERT INTO t (a) VALUES ('x'); ANALYZE")));
        assert!(!decides(&format!("{TABLE} CREATE INDEX i ON t (a DESC, id)")));
        assert!(!decides(""));
    }

    #[test]
    fn keys_hold_again_after_a_turn_and_kept_statements_stay() {
        let folder = Folder::new("turn");
        let mut slot = opened(&folder, "CREATE TABLE t (a integer, b integer)");
        let holds = |slot: &mut Slot| {
            let connection = slot.connection().expect("a connection");
            connection.query_row("PRAGMA foreign_keys", [], |row| row.get::<_, bool>(0)).expect("an answer")
        };
        assert_eq!(asked(&mut slot, &[2]).0, 0);
        slot.tidy();
        assert_eq!(asked(&mut slot, &[2]).0, 0);
        slot.connection().and_then(|made| Ok(made.execute_batch("PRAGMA foreign_keys = OFF; BEGIN")?)).expect("a turn");
        assert!(!holds(&mut slot));
        slot.tidy();
        assert!(holds(&mut slot) && !slot.is_open());
    }

    #[test]
    fn a_kept_statement_is_not_made_anew_for_each_pattern_that_begins_with_anything() {
        assert_eq!(made_anew(r"SELECT 1 FROM t WHERE c LIKE +? ESCAPE '\'"), 0);
        assert_ne!(made_anew(r"SELECT 1 FROM t WHERE c LIKE ? ESCAPE '\'"), 0, "then the sign is good for nothing");
    }
}
