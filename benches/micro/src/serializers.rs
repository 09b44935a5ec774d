//! Rows to bytes, and data to checked values, without a database: a view does it so often as its address says.

use std::hint::black_box;

use quintet::prelude::*;
use quintet::serializers::{to_json_many, validate};

use crate::model::Post;

/// How a post is shown and checked.
#[derive(Serializer)]
#[serializer(model = Post, fields(id, author, title, views, published, created_at, body))]
pub struct PostSerializer;

/// Shows twenty rows, again and again.
pub async fn shown(request: &Request) -> Result<Response> {
    let rows: Vec<Post> = (1..21).map(row).collect();
    for _ in 0..request.param::<u32>("number")? {
        black_box(to_json_many::<PostSerializer>(request, black_box(&rows)).await?);
    }
    Ok(Response::json_text(to_json_many::<PostSerializer>(request, &rows).await?))
}

/// Checks what was sent, again and again.
pub async fn checked(request: &Request) -> Result<Response> {
    let data = request.data().await?;
    for _ in 0..request.param::<u32>("number")? {
        drop(black_box(validate::<PostSerializer>(request, black_box(&data), None, false).await?));
    }
    Ok(Response::json(&json!({})))
}

fn row(number: i64) -> Post {
    Post {
        id: number.into(),
        author: 1,
        title: format!("The title of post {number}"),
        views: 7,
        published: true,
        created_at: "2024-01-10T12:00:00.123456Z".parse().unwrap_or_default(),
        body: format!("The text of post {number}").into(),
    }
}
