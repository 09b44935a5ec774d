//! Beside threads and closures over rusqlite.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, mpsc};

use quintet_core::schema::Value;
use quintet_db::Connection as _;
use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::{LIST, ONE, Post, fill, open, ours, size};

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// Reader threads by hand.
#[derive(Clone)]
struct Readers(mpsc::Sender<Job>);

fn opened(file: &Path) -> Connection {
    let connection = Connection::open(file).expect("a database");
    connection
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA mmap_size = 134217728;")
        .expect("pragmas");
    connection.set_prepared_statement_cache_capacity(128);
    connection
}

impl Readers {
    fn start(file: &Path, threads: usize) -> Self {
        let (give, take) = mpsc::channel::<Job>();
        let take = Arc::new(Mutex::new(take));
        for _ in 0..threads {
            let (take, mut connection) = (Arc::clone(&take), opened(file));
            std::thread::spawn(move || {
                loop {
                    let job = take.lock().expect("no panic").recv();
                    let Ok(job) = job else { return };
                    job(&mut connection);
                }
            });
        }
        Self(give)
    }

    async fn ask(&self, sql: &'static str, key: i64) -> Vec<Post> {
        let (done, answer) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let mut statement = connection.prepare_cached(sql).expect("a statement");
            let posts = statement
                .query_map([key], |row| {
                    Ok(Post {
                        id: row.get(0)?,
                        author: row.get(1)?,
                        title: row.get(2)?,
                        body: row.get(3)?,
                        created: row.get(4)?,
                    })
                })
                .expect("rows")
                .map(|post| post.expect("a row"))
                .collect::<Vec<_>>();
            drop(done.send(posts));
        });
        self.0.send(job).expect("a thread");
        answer.await.expect("an answer")
    }
}

type Write = (i64, oneshot::Sender<()>);

/// A writer thread with group commit by hand.
fn writer(file: &Path) -> mpsc::Sender<Write> {
    let (give, take) = mpsc::channel::<Write>();
    let connection = opened(file);
    std::thread::spawn(move || {
        while let Ok(first) = take.recv() {
            let mut group = vec![first];
            while group.len() < 128
                && let Ok(next) = take.try_recv()
            {
                group.push(next);
            }
            connection.execute_batch("BEGIN IMMEDIATE").expect("begun");
            for (author, _) in &group {
                let mut statement = connection.prepare_cached(INSERT).expect("a statement");
                statement.execute((*author, "a title", "some body")).expect("a row");
            }
            connection.execute_batch("COMMIT").expect("kept");
            group.into_iter().for_each(|(_, done)| done.send(()).expect("somebody waits"));
        }
    });
    give
}

const INSERT: &str = "INSERT INTO note (author, title, body) VALUES ($1, $2, $3)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn one_row_twenty_rows_and_inserts() {
    let file = PathBuf::from(format!("/tmp/quintet-speed-{}.sqlite3", std::process::id()));
    let db = open(&format!("sqlite://{}", file.display()));
    fill(&db).await;
    db.script("CREATE TABLE note (id integer PRIMARY KEY, author integer, title text, body text)")
        .await
        .expect("a table");
    let readers = Readers::start(&file, 4);
    for (what, sql, range) in [("sqlite one", ONE, 10_000), ("sqlite list", LIST, 100)] {
        let (db, readers) = (db.clone(), readers.clone());
        compare!(
            what,
            {
                let db = db.clone();
                move |key| {
                    let db = db.clone();
                    async move { size(&ours(&db, sql, key % range + i64::from(range > 100)).await) }
                }
            },
            {
                let readers = readers.clone();
                move |key| {
                    let readers = readers.clone();
                    async move { size(&readers.ask(sql, key % range + i64::from(range > 100)).await) }
                }
            }
        );
    }
    let writes = writer(&file);
    compare!(
        "sqlite insert",
        {
            let db = db.clone();
            move |key| {
                let db = db.clone();
                async move {
                    let values = [Value::Int(key), "a title".into(), "some body".into()];
                    usize::try_from(db.execute(INSERT, &values).await.expect("a row")).expect("one")
                }
            }
        },
        {
            let writes = writes.clone();
            move |key| {
                let writes = writes.clone();
                async move {
                    let (done, answer) = oneshot::channel();
                    writes.send((key, done)).expect("a thread");
                    answer.await.expect("an answer");
                    1
                }
            }
        }
    );
    drop(db);
    for end in ["", "-wal", "-shm"] {
        drop(std::fs::remove_file(format!("{}{end}", file.display())));
    }
}
