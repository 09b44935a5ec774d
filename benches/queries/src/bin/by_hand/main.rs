//! The same queries by hand, as somebody writes them who knows the drivers well:
//! `queries-by-hand 127.0.0.1:8000 sqlite:///tmp/db.sqlite3`.

mod postgres;
mod sqlite;

use queries::{arguments, serve};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (address, url) = arguments();
    match url.strip_prefix("sqlite://") {
        Some(file) => serve(sqlite::Files::open(file.as_ref())?, &address).await?,
        None => serve(postgres::Server::connect(&url).await?, &address).await?,
    }
    Ok(())
}

const COLUMNS: &str = "id, author, title, views, published, created_at, body";
