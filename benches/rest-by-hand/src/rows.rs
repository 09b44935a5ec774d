//! What is kept, and who keeps it.

use std::fmt::Display;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::pages::Wanted;

/// A row of the users' table.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) id: i64,
    pub(crate) password: String,
    pub(crate) is_active: bool,
}

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

/// An article with what was said of it.
#[derive(Debug, Serialize)]
pub(crate) struct Commented {
    pub(crate) id: i64,
    pub(crate) title: String,
    pub(crate) slug: String,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) author: i64,
    pub(crate) comments: Vec<Comment>,
}

/// What was said of an article.
#[derive(Debug, Serialize)]
pub(crate) struct Comment {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) text: String,
}

/// A new article that was checked.
#[derive(Debug)]
pub(crate) struct New {
    pub(crate) title: String,
    pub(crate) slug: String,
    pub(crate) body: String,
    pub(crate) views: i32,
    pub(crate) published: bool,
    pub(crate) category: i64,
    pub(crate) author: i64,
}

/// A token that was given out.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) text: String,
    pub(crate) jti: String,
    pub(crate) user: i64,
    pub(crate) created: DateTime<Utc>,
    pub(crate) ends: DateTime<Utc>,
}

/// An error that nobody expects here, as text.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

impl<E: Display> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

type Kept<T> = Result<T, Failure>;

/// A database of these.
pub(crate) trait Store: Send + Sync + 'static {
    /// The user of a key.
    fn user(&self, id: i64) -> impl Future<Output = Kept<Option<User>>> + Send;

    /// The user of a name.
    fn user_named(&self, name: String) -> impl Future<Output = Kept<Option<User>>> + Send;

    /// The last twenty articles of a user.
    fn latest(&self, author: i64) -> impl Future<Output = Kept<Vec<Article>>> + Send;

    /// The first hundred articles, with comments by a second query.
    fn commented(&self) -> impl Future<Output = Kept<Vec<Commented>>> + Send;

    /// The article of a key.
    fn article(&self, id: i64) -> impl Future<Output = Kept<Option<Article>>> + Send;

    /// Whether there is this category, and another article than this one with this slug.
    fn known(
        &self,
        category: Option<i64>,
        slug: Option<String>,
        but: Option<i64>,
    ) -> impl Future<Output = Kept<(bool, bool)>> + Send;

    /// A page of articles: how many there are in all, and its rows.
    fn page(&self, wanted: Wanted) -> impl Future<Output = Kept<(i64, Vec<Article>)>> + Send;

    /// Keeps a new one.
    fn insert(&self, new: New) -> impl Future<Output = Kept<Article>> + Send;

    /// Keeps a changed one.
    fn update(&self, article: Article) -> impl Future<Output = Kept<Article>> + Send;

    /// Lists a token that was given out.
    fn list(&self, given: Given) -> impl Future<Output = Kept<()>> + Send;

    /// Takes a token back and lists its successor, together; false where it was taken back before.
    fn replace(&self, old: Given, new: Given) -> impl Future<Output = Kept<bool>> + Send;
}

/// The comments of each article, in order of the articles, which come by their keys.
pub(crate) fn with_comments(mut articles: Vec<Commented>, comments: Vec<(i64, Comment)>) -> Vec<Commented> {
    for (article, comment) in comments {
        if let Ok(place) = articles.binary_search_by_key(&article, |known| known.id) {
            articles[place].comments.push(comment);
        }
    }
    articles
}

/// The columns of an article, in the order in which they are read.
pub(crate) const ARTICLE: &str = "id, title, slug, body, views, published, created_at, category_id, author_id";
