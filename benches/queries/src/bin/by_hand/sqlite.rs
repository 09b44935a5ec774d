//! rusqlite: threads that read, and one that writes, with what waits for it in one transaction.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

use chrono::Utc;
use queries::{Failure, LIST, New, Posts, Shown, failure};
use rusqlite::{Connection, Row};
use tokio::sync::oneshot;

use crate::COLUMNS;

/// As many as the framework has.
const READERS: usize = 4;

/// How many inserts share a transaction at most.
const TOGETHER: usize = 128;

type Answer<T> = oneshot::Sender<rusqlite::Result<T>>;

enum Read {
    One(i64, Answer<Shown>),
    List(i64, Answer<Vec<Shown>>),
}

type Write = (New, Answer<i64>);

/// The senders of the threads' work.
#[derive(Clone)]
pub(crate) struct Files {
    reads: mpsc::Sender<Read>,
    writes: mpsc::Sender<Write>,
}

impl Files {
    pub(crate) fn open(file: &Path) -> rusqlite::Result<Self> {
        let (reads, jobs) = mpsc::channel();
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..READERS {
            let (connection, jobs) = (opened(file)?, Arc::clone(&jobs));
            thread::spawn(move || read(&connection, &jobs));
        }
        let (writes, jobs) = mpsc::channel();
        let connection = opened(file)?;
        thread::spawn(move || write(&connection, &jobs));
        Ok(Self { reads, writes })
    }
}

fn opened(file: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(file)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA mmap_size = 134217728; \
         PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;",
    )?;
    Ok(connection)
}

fn read(connection: &Connection, jobs: &Mutex<mpsc::Receiver<Read>>) {
    let one = format!("SELECT {COLUMNS} FROM bench_post WHERE id = ?1");
    let list = format!(
        "SELECT {COLUMNS} FROM bench_post WHERE author = ?1 AND published ORDER BY created_at DESC LIMIT {LIST}"
    );
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            Ok(Read::One(id, done)) => {
                let row = connection.prepare_cached(&one).and_then(|mut made| made.query_row([id], shown));
                drop(done.send(row));
            }
            Ok(Read::List(author, done)) => {
                let rows =
                    connection.prepare_cached(&list).and_then(|mut made| made.query_map([author], shown)?.collect());
                drop(done.send(rows));
            }
            Err(_) => return,
        }
    }
}

fn write(connection: &Connection, jobs: &mpsc::Receiver<Write>) {
    while let Ok(first) = jobs.recv() {
        let mut together = vec![first];
        together.extend(jobs.try_iter().take(TOGETHER - 1));
        let made = insert(connection, &together);
        if made.is_err() {
            drop(connection.execute_batch("ROLLBACK"));
        }
        let mut keys = made.unwrap_or_default().into_iter();
        for (_, done) in together {
            drop(done.send(keys.next().ok_or(rusqlite::Error::QueryReturnedNoRows)));
        }
    }
}

fn insert(connection: &Connection, together: &[Write]) -> rusqlite::Result<Vec<i64>> {
    let many = together.len() > 1;
    if many {
        connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    }
    let mut keys = Vec::with_capacity(together.len());
    for (new, _) in together {
        let mut insert = connection.prepare_cached(
            "INSERT INTO bench_post (author, title, views, published, created_at, body) VALUES (?1, ?2, 0, 1, ?3, ?4)",
        )?;
        keys.push(insert.insert((new.author, &new.title, Utc::now(), &new.body))?);
    }
    if many {
        connection.prepare_cached("COMMIT")?.execute([])?;
    }
    Ok(keys)
}

fn shown(row: &Row<'_>) -> rusqlite::Result<Shown> {
    Ok(Shown {
        id: row.get(0)?,
        author: row.get(1)?,
        title: row.get(2)?,
        views: row.get(3)?,
        published: row.get(4)?,
        created_at: row.get(5)?,
        body: row.get(6)?,
    })
}

/// Gives a thread a job and waits for its answer.
async fn asked<J, T>(jobs: &mpsc::Sender<J>, job: impl FnOnce(Answer<T>) -> J) -> Result<T, Failure> {
    let (done, answer) = oneshot::channel();
    jobs.send(job(done)).map_err(|_| failure("the thread is gone"))?;
    answer.await.map_err(failure)?.map_err(failure)
}

impl Posts for Files {
    async fn one(&self, id: i64) -> Result<Shown, Failure> {
        asked(&self.reads, |done| Read::One(id, done)).await
    }

    async fn list(&self, author: i64) -> Result<Vec<Shown>, Failure> {
        asked(&self.reads, |done| Read::List(author, done)).await
    }

    async fn insert(&self, new: New) -> Result<i64, Failure> {
        asked(&self.writes, |done| (new, done)).await
    }
}
