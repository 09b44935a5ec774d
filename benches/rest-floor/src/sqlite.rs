//! One connection of rusqlite, on whichever thread asks.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::Utc;
use rusqlite::{Connection, params};

use crate::Failure;
use crate::article::{Article, INSERT, New, SELECT};

pub(crate) struct File(Mutex<Connection>);

impl File {
    pub(crate) fn open(path: &str) -> Result<Self, Failure> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "normal")?;
        Ok(Self(Mutex::new(connection)))
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn article(&self, id: i64) -> Result<Article, Failure> {
        let connection = self.connection();
        let article = connection.prepare_cached(SELECT)?.query_row([id], |row| {
            Ok(Article {
                id: row.get(0)?,
                title: row.get(1)?,
                slug: row.get(2)?,
                body: row.get(3)?,
                views: row.get(4)?,
                published: row.get(5)?,
                created_at: row.get(6)?,
                category: row.get(7)?,
                author: row.get(8)?,
            })
        })?;
        Ok(article)
    }

    pub(crate) fn insert(&self, new: New) -> Result<Article, Failure> {
        let connection = self.connection();
        let now = Utc::now();
        let values = params![new.title, new.slug, new.body, now, new.category];
        let id = connection.prepare_cached(INSERT)?.query_row(values, |row| row.get(0))?;
        drop(connection);
        Ok(new.made(id, now))
    }
}
