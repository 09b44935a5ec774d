//! Beside a few shared connections, and a pool of connections, over tokio-postgres.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::Semaphore;
use tokio_postgres::{Client, NoTls, Statement};

use crate::{LIST, ONE, Post, fill, open, ours, size};

struct Own {
    client: Client,
    one: Statement,
    list: Statement,
}

async fn connected(count: usize) -> Vec<Own> {
    let mut all = vec![];
    for _ in 0..count {
        let host = std::env::var("PGHOST").expect("scripts/postgres sets it");
        let settings = format!("host={host} port=5432 user=quintet dbname=postgres");
        let (client, connection) = tokio_postgres::connect(&settings, NoTls).await.expect("a connection");
        tokio::spawn(connection);
        let one = client.prepare(ONE).await.expect("a statement");
        let list = client.prepare(LIST).await.expect("a statement");
        all.push(Own { client, one, list });
    }
    all
}

impl Own {
    async fn ask(&self, is_one: bool, key: i64) -> Vec<Post> {
        let rows = self.client.query(if is_one { &self.one } else { &self.list }, &[&key]).await.expect("rows");
        rows.iter()
            .map(|row| Post {
                id: row.get(0),
                author: row.get(1),
                title: row.get(2),
                body: row.get(3),
                created: row.get(4),
            })
            .collect()
    }
}

struct Pool {
    idle: Mutex<Vec<Own>>,
    places: Semaphore,
}

impl Pool {
    async fn ask(&self, is_one: bool, key: i64) -> Vec<Post> {
        let _place = self.places.acquire().await.expect("a place");
        let own = self.idle.lock().expect("no panic").pop().expect("a connection");
        let posts = own.ask(is_one, key).await;
        self.idle.lock().expect("no panic").push(own);
        posts
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn one_row_and_twenty_rows() {
    let Ok(url) = std::env::var("QUINTET_TEST_POSTGRES") else {
        println!("skipped: QUINTET_TEST_POSTGRES is not set");
        return;
    };
    let db = open(&url);
    fill(&db).await;
    let shared = Arc::new((connected(4).await, AtomicUsize::new(0)));
    let pool = Arc::new(Pool { idle: Mutex::new(connected(16).await), places: Semaphore::new(16) });
    for (what, sql, range) in [("one", ONE, 10_000), ("list", LIST, 100)] {
        let is_one = range > 100;
        let key = move |key: i64| key % range + i64::from(is_one);
        let own = {
            let db = db.clone();
            move |number| {
                let db = db.clone();
                async move { size(&ours(&db, sql, key(number)).await) }
            }
        };
        let by_shared = {
            let shared = Arc::clone(&shared);
            move |number| {
                let shared = Arc::clone(&shared);
                async move {
                    let at = shared.1.fetch_add(1, Ordering::Relaxed) % shared.0.len();
                    size(&shared.0[at].ask(is_one, key(number)).await)
                }
            }
        };
        let by_pool = {
            let pool = Arc::clone(&pool);
            move |number| {
                let pool = Arc::clone(&pool);
                async move { size(&pool.ask(is_one, key(number)).await) }
            }
        };
        compare!(&format!("postgres {what}, beside 4 shared"), own.clone(), by_shared.clone());
        compare!(&format!("postgres {what}, beside a pool of 16"), own.clone(), by_pool.clone());
    }
}
