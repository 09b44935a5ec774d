//! What the contestants of the queries have in common: the routes of plain axum, and the JSON that goes through them.
//!
//! Each contestant is a [`Posts`], so that nothing but the queries differs.

pub mod model;

use std::fmt::Display;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How many rows a list has.
pub const LIST: usize = 20;

/// A post as it is shown.
#[derive(Debug, Serialize)]
pub struct Shown {
    /// Its key.
    pub id: i64,
    /// Whose it is.
    pub author: i64,
    /// Its title.
    pub title: String,
    /// How often it was seen.
    pub views: i32,
    /// Whether others see it.
    pub published: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Its text.
    pub body: String,
}

/// A post as it is sent.
#[derive(Debug, Deserialize)]
pub struct New {
    /// Whose it is.
    pub author: i64,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
}

/// The answer to a new post.
#[derive(Debug, Serialize)]
pub struct Made {
    /// Its key.
    pub id: i64,
}

/// What went wrong, as text.
pub type Failure = (StatusCode, String);

/// An error that nobody expects here.
pub fn failure(error: impl Display) -> Failure {
    (StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
}

/// Where posts are kept.
pub trait Posts: Clone + Send + Sync + 'static {
    /// The post of a key.
    fn one(&self, id: i64) -> impl Future<Output = Result<Shown, Failure>> + Send;

    /// The last twenty of an author's that are published.
    fn list(&self, author: i64) -> impl Future<Output = Result<Vec<Shown>, Failure>> + Send;

    /// Keeps a new one; gives its key.
    fn insert(&self, new: New) -> impl Future<Output = Result<i64, Failure>> + Send;
}

/// Serves until the process is ended.
///
/// # Errors
/// The address is taken.
pub async fn serve<P: Posts>(posts: P, address: &str) -> std::io::Result<()> {
    let app = Router::new()
        .route("/post/{id}", get(one::<P>))
        .route("/posts/{author}", get(list::<P>))
        .route("/posts", post(insert::<P>))
        .with_state(posts);
    axum::serve(tokio::net::TcpListener::bind(address).await?, app).await
}

async fn one<P: Posts>(State(posts): State<P>, Path(id): Path<i64>) -> Result<Json<Shown>, Failure> {
    posts.one(id).await.map(Json)
}

async fn list<P: Posts>(State(posts): State<P>, Path(author): Path<i64>) -> Result<Json<Vec<Shown>>, Failure> {
    posts.list(author).await.map(Json)
}

async fn insert<P: Posts>(State(posts): State<P>, Json(new): Json<New>) -> Result<Json<Made>, Failure> {
    posts.insert(new).await.map(|id| Json(Made { id }))
}

/// The address and the database's URL of a command line.
#[must_use]
pub fn arguments() -> (String, String) {
    let mut words = std::env::args().skip(1);
    let mut next = || words.next().unwrap_or_default();
    (next(), next())
}
