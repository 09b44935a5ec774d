//! Which path is answered by which view.

use quintet::prelude::*;

pub fn urls() -> Urls {
    urls![
        // The addresses of an app: `include("blog/", crate::blog::urls::urls()),`
        path("", get(index), name = "index"),
    ]
}

async fn index(_request: &Request) -> Result<Response> {
    Ok(Response::json(&json!({ "message": "It works." })))
}
