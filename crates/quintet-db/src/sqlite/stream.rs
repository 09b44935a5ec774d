//! Rows in chunks, out of a thread and a connection of their own.
//!
//! The thread waits when nobody takes chunks, so that memory holds a few of them at most; and a reader who is slow, or
//! asks other questions meanwhile, keeps no thread from anybody else.

use std::path::Path;

use quintet_core::schema::Value;
use rusqlite::params_from_iter;
use tokio::sync::mpsc;

use super::slot::{Access, open};
use super::values;
use crate::error::{Error, ErrorKind, Result};
use crate::rows::Rows;

/// How many chunks are ready before the reader asks for them.
const AHEAD: usize = 1;

/// Chunks of rows, as they come.
pub(crate) struct Chunks {
    chunks: mpsc::Receiver<Result<Rows>>,
}

impl Chunks {
    /// Asks; a mistake in the statement is said here, before any row.
    pub(super) async fn start(file: Option<&Path>, sql: &str, params: Vec<Value>, chunk: usize) -> Result<Self> {
        let (give, mut chunks) = mpsc::channel(AHEAD);
        let (file, text) = (file.map(Path::to_owned), sql.to_owned());
        let work = move || {
            if let Err(error) = read(file.as_deref(), &text, &params, chunk, &give) {
                drop(give.blocking_send(Err(error.with_sql(&text))));
            }
        };
        let started = std::thread::Builder::new().name("sqlite-stream".to_owned()).spawn(work);
        started.map_err(|error| Error::new(ErrorKind::TooMany, format!("a thread could not be started: {error}")))?;
        // The first message says that the statement is good, and has no rows.
        match chunks.recv().await {
            Some(Ok(_)) => Ok(Self { chunks }),
            Some(Err(error)) => Err(error),
            None => Err(Error::new(ErrorKind::Connection, "the work upon the database ended in a panic")),
        }
    }

    /// The next chunk.
    pub(crate) async fn next(&mut self) -> Result<Option<Rows>> {
        self.chunks.recv().await.transpose()
    }
}

fn read(
    file: Option<&Path>,
    sql: &str,
    params: &[Value],
    chunk: usize,
    give: &mpsc::Sender<Result<Rows>>,
) -> Result<()> {
    let mut connection = open(file, Access::Read)?;
    let watch = give.clone();
    connection.progress_handler(10_000, Some(move || watch.is_closed()))?;
    let mut statement = connection.prepare(sql)?;
    let width = statement.column_count();
    let mut found = statement.query(params_from_iter(values::bound(params)?))?;
    let mut is_wanted = give.blocking_send(Ok(Rows::default())).is_ok();
    let mut cells = vec![];
    while is_wanted {
        let row = found.next()?;
        if let Some(row) = row {
            values::push(row, width, &mut cells)?;
        }
        let is_last = row.is_none();
        if !cells.is_empty() && (is_last || cells.len() >= chunk * width) {
            let rows = Rows::new(width, std::mem::take(&mut cells));
            is_wanted = give.blocking_send(Ok(rows)).is_ok();
        }
        is_wanted &= !is_last;
    }
    Ok(())
}
