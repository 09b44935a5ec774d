//! What is kept.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// An article as it is shown.
#[derive(Debug, Serialize)]
pub(crate) struct Article {
    pub(crate) id: i64,
    pub(crate) title: String,
    pub(crate) slug: String,
    pub(crate) body: String,
    pub(crate) views: i32,
    pub(crate) published: bool,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) category: i64,
    pub(crate) author: i64,
}

/// A new one, as it is sent.
#[derive(Debug, Deserialize)]
pub(crate) struct New {
    pub(crate) title: String,
    pub(crate) slug: String,
    pub(crate) body: String,
    pub(crate) category: i64,
}

impl New {
    /// As it was made.
    pub(crate) fn made(self, id: i64, created_at: DateTime<Utc>) -> Article {
        let Self { title, slug, body, category } = self;
        Article { id, title, slug, body, views: 0, published: false, created_at, category, author: AUTHOR }
    }
}

/// Whose all new articles are: nobody is asked who they are.
pub(crate) const AUTHOR: i64 = 1;

pub(crate) const SELECT: &str =
    "SELECT id, title, slug, body, views, published, created_at, category_id, author_id FROM press_article WHERE id = $1";

pub(crate) const INSERT: &str =
    "INSERT INTO press_article (title, slug, body, views, published, created_at, category_id, author_id) \
     VALUES ($1, $2, $3, 0, false, $4, $5, 1) RETURNING id";
