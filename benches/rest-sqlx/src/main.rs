//! The small project with axum and sqlx: `rest-sqlx 127.0.0.1:8000 sqlite:///tmp/db.sqlite3`.
//!
//! Routes, checks, tokens and bytes are those of the project by hand, by the same files. What is behind its trait
//! `Store` is sqlx, as somebody writes it who knows it well.

#[path = "../../rest-by-hand/src/check.rs"]
mod check;
#[path = "../../rest-by-hand/src/pages.rs"]
mod pages;
mod postgres;
#[path = "../../rest-by-hand/src/rows.rs"]
mod rows;
mod sqlite;
#[path = "../../rest-by-hand/src/tokens.rs"]
mod tokens;
#[path = "../../rest-by-hand/src/views.rs"]
mod views;

use std::sync::Arc;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let (address, url) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let listener = tokio::net::TcpListener::bind(address).await?;
    match url.strip_prefix("sqlite://") {
        Some(file) => axum::serve(listener, views::router(Arc::new(sqlite::Pools::open(file).await?))).await?,
        None => axum::serve(listener, views::router(Arc::new(postgres::Server::connect(&url).await?))).await?,
    }
    Ok(())
}
