//! Threads that own connections and do jobs, one after the other, out of one queue.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tokio::sync::oneshot;

use crate::connect::ConnectError;
use crate::error::{Error, ErrorKind, Result};

/// How long a statement waits for another process, as the reference does.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

pub(super) const FOREIGN_KEYS_ON: &str = "PRAGMA foreign_keys = ON";

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

type Job = Box<dyn FnOnce(&mut Slot) + Send>;

/// A queue of jobs, and the threads at its end; they end when nobody holds the queue any more.
#[derive(Clone)]
pub(super) struct Workers {
    queue: mpsc::Sender<Job>,
}

impl Workers {
    /// Threads that open the file at their first job; it is made where it is missing.
    pub(super) fn start(count: usize, file: Option<&Path>, access: Access) -> Self {
        let (queue, jobs) = mpsc::channel::<Job>();
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..count {
            let mut slot = Slot { file: file.map(Path::to_owned), access, connection: None };
            let jobs = Arc::clone(&jobs);
            let name = if access == Access::Write { "sqlite-write" } else { "sqlite-read" };
            let work = move || {
                while let Ok(job) = { jobs.lock().unwrap_or_else(PoisonError::into_inner).recv() } {
                    job(&mut slot);
                }
            };
            // Without a thread the queue has no end, and every call says that the database was closed.
            drop(std::thread::Builder::new().name(name.to_owned()).spawn(work));
        }
        Self { queue }
    }

    /// Does a job on a connection. A caller who goes away does not stop it.
    pub(super) async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (done, answer) = oneshot::channel();
        let closed = || Error::new(ErrorKind::Connection, "the thread of the database ended");
        let job: Job = Box::new(move |slot| drop(done.send(slot.connection().and_then(work))));
        self.queue.send(job).map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }

    /// Does a job for which nobody waits. What fails is closed: the next job finds a new connection.
    pub(super) fn post(&self, work: impl FnOnce(&mut Connection) -> Result<()> + Send + 'static) {
        let job: Job = Box::new(move |slot| {
            if slot.connection.as_mut().is_some_and(|connection| work(connection).is_err()) && slot.file.is_some() {
                slot.connection = None;
            }
        });
        drop(self.queue.send(job));
    }
}

/// A thread's connection, and how to open it.
struct Slot {
    file: Option<PathBuf>,
    access: Access,
    connection: Option<Connection>,
}

impl Slot {
    fn connection(&mut self) -> Result<&mut Connection> {
        if self.connection.is_none() {
            self.connection = Some(open(self.file.as_deref(), self.access)?);
        }
        self.connection.as_mut().ok_or_else(|| Error::new(ErrorKind::Connection, "the database was closed"))
    }
}

fn open(file: Option<&Path>, access: Access) -> Result<Connection> {
    let connection = match file {
        None => Connection::open_in_memory()?,
        Some(file) => {
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
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
    connection.set_prepared_statement_cache_capacity(128);
    super::functions::register(connection)?;
    // What somebody else holds at this moment, or may not be written, stays in the mode that it has.
    let wal = connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()));
    match wal.as_ref().err().and_then(rusqlite::Error::sqlite_error_code) {
        None | Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::ReadOnly) => {}
        Some(_) => wal?,
    }
    let read_only = if access == Access::Read { "PRAGMA query_only = ON;" } else { "" };
    connection.execute_batch(&format!(
        "{FOREIGN_KEYS_ON}; PRAGMA legacy_alter_table = OFF; PRAGMA synchronous = NORMAL; {read_only}"
    ))
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
