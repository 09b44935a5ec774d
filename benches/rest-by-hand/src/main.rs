//! The small project by hand, as somebody writes it who knows axum and the drivers well:
//! `rest-by-hand 127.0.0.1:8000 sqlite:///tmp/db.sqlite3`.

mod check;
mod pages;
mod postgres;
mod rows;
mod sqlite;
mod tokens;
mod views;

use std::sync::Arc;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let (address, url) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let listener = tokio::net::TcpListener::bind(address).await?;
    match url.strip_prefix("sqlite://") {
        Some(file) => axum::serve(listener, views::router(Arc::new(sqlite::Files::open(file.as_ref())?))).await?,
        None => axum::serve(listener, views::router(Arc::new(postgres::Server::connect(&url).await?))).await?,
    }
    Ok(())
}
