//! tokio-postgres: a few connections that all readers share, and a pool for what writes; everything prepared once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::Utc;
use queries::{Failure, LIST, New, Posts, Shown, failure};
use tokio::sync::Semaphore;
use tokio_postgres::{Client, Error, NoTls, Row, Statement};

use crate::COLUMNS;

/// As many as the framework has: four that are shared, twelve for one borrower each.
const SHARED: usize = 4;
const POOLED: usize = 12;

/// A connection with its statements.
struct Link {
    client: Client,
    one: Statement,
    list: Statement,
    insert: Statement,
}

/// The connections.
#[derive(Clone)]
pub(crate) struct Server(Arc<Links>);

struct Links {
    shared: Vec<Link>,
    next: AtomicUsize,
    idle: Mutex<Vec<Link>>,
    places: Semaphore,
}

impl Server {
    pub(crate) async fn connect(url: &str) -> Result<Self, Error> {
        let (mut shared, mut idle) = (vec![], vec![]);
        for _ in 0..SHARED {
            shared.push(Link::open(url).await?);
        }
        for _ in 0..POOLED {
            idle.push(Link::open(url).await?);
        }
        let (next, idle, places) = (AtomicUsize::new(0), Mutex::new(idle), Semaphore::new(POOLED));
        Ok(Self(Arc::new(Links { shared, next, idle, places })))
    }

    fn shared(&self) -> &Link {
        let links = &self.0.shared;
        &links[self.0.next.fetch_add(1, Ordering::Relaxed) % links.len()]
    }

    /// One that nobody else has. It goes back however the borrower ends.
    async fn alone(&self) -> Result<Lent<'_>, Failure> {
        let place = self.0.places.acquire().await.map_err(failure)?;
        let link = self.0.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Ok(Lent { link: Some(link.ok_or_else(|| failure("no connection is left"))?), links: &self.0, _place: place })
    }
}

struct Lent<'a> {
    link: Option<Link>,
    links: &'a Links,
    // Dropped last, when the connection is back.
    _place: tokio::sync::SemaphorePermit<'a>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        self.links.idle.lock().unwrap_or_else(PoisonError::into_inner).extend(self.link.take());
    }
}

impl Link {
    async fn open(url: &str) -> Result<Self, Error> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        let one = client.prepare(&format!("SELECT {COLUMNS} FROM bench_post WHERE id = $1")).await?;
        let list = format!(
            "SELECT {COLUMNS} FROM bench_post WHERE author = $1 AND published ORDER BY created_at DESC LIMIT {LIST}"
        );
        let list = client.prepare(&list).await?;
        let insert = "INSERT INTO bench_post (author, title, views, published, created_at, body) \
                      VALUES ($1, $2, 0, true, $3, $4) RETURNING id";
        let insert = client.prepare(insert).await?;
        Ok(Self { client, one, list, insert })
    }
}

impl Posts for Server {
    async fn one(&self, id: i64) -> Result<Shown, Failure> {
        let link = self.shared();
        link.client.query_one(&link.one, &[&id]).await.and_then(|row| shown(&row)).map_err(failure)
    }

    async fn list(&self, author: i64) -> Result<Vec<Shown>, Failure> {
        let link = self.shared();
        let rows = link.client.query(&link.list, &[&author]).await.map_err(failure)?;
        rows.iter().map(shown).collect::<Result<_, _>>().map_err(failure)
    }

    async fn insert(&self, new: New) -> Result<i64, Failure> {
        let lent = self.alone().await?;
        let link = lent.link.as_ref().ok_or_else(|| failure("no connection is left"))?;
        let values: [&(dyn tokio_postgres::types::ToSql + Sync); 4] = [&new.author, &new.title, &Utc::now(), &new.body];
        let row = link.client.query_one(&link.insert, &values).await.map_err(failure)?;
        row.try_get(0).map_err(failure)
    }
}

fn shown(row: &Row) -> Result<Shown, Error> {
    Ok(Shown {
        id: row.try_get(0)?,
        author: row.try_get(1)?,
        title: row.try_get(2)?,
        views: row.try_get(3)?,
        published: row.try_get(4)?,
        created_at: row.try_get(5)?,
        body: row.try_get(6)?,
    })
}
