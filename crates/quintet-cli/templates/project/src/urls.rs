//! Which path is answered by which view.

use quintet::prelude::*;

pub fn urls() -> Urls {
    urls![
        // The addresses of an app, which are then named `blog:index`:
        // include("blog/", crate::blog::urls::urls(), namespace = "blog"),
        path("", get(index), name = "index"),
    ]
}

async fn index(_request: &Request) -> Result<Response> {
    Ok(Response::json(&json!({ "message": "It works." })))
}
