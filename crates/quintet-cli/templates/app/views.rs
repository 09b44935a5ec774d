//! What this app answers.

use quintet::prelude::*;

pub async fn index(_request: &Request) -> Result<Response> {
    Ok(Response::json(&json!({ "message": "The app works." })))
}
