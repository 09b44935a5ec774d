//! SQLite by threads of its own: one that writes, several that read. No call blocks the async runtime.
//!
//! The file is put into WAL mode, in which readers and the writer do not wait for each other; other programs, the
//! reference among them, go on using the file as before. A database in memory has one connection for everything.

mod brief;
#[cfg(test)]
mod folder;
mod functions;
mod group;
mod queue;
mod readers;
mod slot;
mod stream;
mod values;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use quintet_core::schema::Value;

use crate::error::Result;
use crate::find::Find;
use crate::rows::Rows;
use crate::save::{Gives, Save, Saved};
use crate::together::Change;
use brief::Brief;
use readers::Readers;
use writer::{Answer, Wanted, Writer};

pub(crate) use stream::Chunks;
pub(crate) use writer::Lease;

/// How many threads read: enough to use a small machine, and so that one long answer does not hold up the others.
const READERS: usize = 4;

/// An SQLite database; its threads start, and the file is opened, at the first statement.
pub(crate) struct Sqlite {
    file: Option<PathBuf>,
    writer: OnceLock<Writer>,
    readers: OnceLock<Readers>,
    brief: Arc<Brief>,
}

impl Sqlite {
    pub(crate) fn new(file: Option<&Path>) -> Self {
        let file = file.map(Path::to_owned);
        Self { file, writer: OnceLock::new(), readers: OnceLock::new(), brief: Arc::new(Brief::new()) }
    }

    /// The sole right to write, as long as it takes to get it.
    pub(crate) async fn lease(&self) -> Result<Lease> {
        self.writer().lease(false).await
    }

    /// The sole right to write, unless it takes too long; `begins` has a transaction begun with it.
    pub(crate) async fn lease_soon(&self, begins: bool) -> Result<Lease> {
        self.writer().lease_soon(begins).await
    }

    /// A statement by itself; its rows.
    pub(crate) async fn fetch(&self, sql: &str, params: Vec<Value>, named: bool) -> Result<Rows> {
        let params = match self.read(sql, params, named).await? {
            Ok(rows) => return Ok(rows),
            Err(params) => params,
        };
        let wanted = if named { Wanted::NamedRows } else { Wanted::Rows };
        rows(self.writer().single(sql, params, wanted).await?)
    }

    /// A statement that finds a few rows: where it is asked, unless that takes too long.
    pub(crate) async fn find(&self, find: Find<'_>) -> Result<Rows> {
        let Find { sql, params } = find;
        if let Some(rows) = self.brief.rows(sql, &params) {
            return Ok(rows);
        }
        // Boxed, as all that is large and seldom.
        Box::pin(self.find_by_thread(sql, params)).await
    }

    async fn find_by_thread(&self, sql: &str, params: Vec<Value>) -> Result<Rows> {
        let found = self.fetch(sql, params, false).await;
        if let Some(file) = self.file.clone().filter(|_| self.brief.needs_care()) {
            let brief = Arc::clone(&self.brief);
            self.readers(&file).push(move |_| brief.care(&file));
        }
        found
    }

    /// A statement that writes one row.
    pub(crate) async fn save(&self, save: Save<'_>) -> Result<Saved> {
        let Save { sql, params, gives } = save;
        Ok(match gives {
            Gives::Rows => Saved::Rows(self.fetch(sql, params, false).await?),
            Gives::Count => Saved::Count(self.execute(sql, params).await?),
        })
    }

    /// A statement by itself; how many rows it touched.
    pub(crate) async fn execute(&self, sql: &str, params: Vec<Value>) -> Result<u64> {
        count(self.writer().single(sql, params, Wanted::Count).await?)
    }

    /// Changes that are kept all or not at all; which of them was missed.
    pub(crate) async fn make_all(&self, changes: Vec<Change>) -> Result<Option<usize>> {
        self.writer().make_all(changes).await
    }

    /// Whether another connection would be another database.
    pub(crate) fn is_in_memory(&self) -> bool {
        self.file.is_none()
    }

    /// The rows of a statement that reads, a chunk at a time.
    pub(crate) async fn stream(&self, sql: &str, params: Vec<Value>, chunk: usize) -> Result<Chunks> {
        Chunks::start(self.file.as_deref(), sql, params, chunk).await
    }

    /// What only reads goes to a reader; whether it does, SQLite knows. What writes is given back.
    async fn read(&self, sql: &str, params: Vec<Value>, named: bool) -> Result<Result<Rows, Vec<Value>>> {
        let Some(file) = &self.file else { return Ok(Err(params)) };
        if group::only_writes(sql) {
            return Ok(Err(params));
        }
        let text = sql.to_owned();
        let found = self.readers(file).call(move |connection| {
            let mut statement = connection.prepare_cached(&text)?;
            if statement.readonly() { values::rows(&mut statement, &params, named).map(Ok) } else { Ok(Err(params)) }
        });
        found.await.map_err(|error| error.with_sql(sql))
    }

    fn readers(&self, file: &Path) -> &Readers {
        self.readers.get_or_init(|| Readers::start(READERS, file))
    }

    fn writer(&self) -> &Writer {
        self.writer.get_or_init(|| Writer::start(self.file.as_deref()))
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        // Who closes a database last tidies it up, which takes a while.
        if let Some(readers) = self.readers.get() {
            let brief = Arc::clone(&self.brief);
            readers.push(move |_| brief.close());
        }
    }
}

impl Lease {
    pub(crate) async fn fetch(&self, sql: &str, params: Vec<Value>, named: bool) -> Result<Rows> {
        let wanted = if named { Wanted::NamedRows } else { Wanted::Rows };
        rows(self.statement(sql, params, wanted).await?)
    }

    pub(crate) async fn execute(&self, sql: &str, params: Vec<Value>) -> Result<u64> {
        count(self.statement(sql, params, Wanted::Count).await?)
    }
}

fn rows(answer: Answer) -> Result<Rows> {
    match answer {
        Answer::Rows(rows) => Ok(rows),
        Answer::Count(_) | Answer::Missed(_) => Ok(Rows::default()),
    }
}

fn count(answer: Answer) -> Result<u64> {
    match answer {
        Answer::Count(count) => Ok(count),
        Answer::Rows(rows) => Ok(rows.len() as u64),
        Answer::Missed(_) => Ok(0),
    }
}
