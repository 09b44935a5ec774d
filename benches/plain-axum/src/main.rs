//! The baseline of the benchmark: what a user of axum alone would write, and nothing more.
//!
//! Knows axum. Deliberately has no middleware, no settings and no tuning: `plain-axum 127.0.0.1:8000` answers `/json`.

use axum::{Json, Router, routing::get};
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8000".to_owned());
    let app = Router::new().route("/json", get(hello));
    axum::serve(tokio::net::TcpListener::bind(address).await?, app).await
}

async fn hello() -> Json<Value> {
    Json(json!({"message": "Hello, World!"}))
}
