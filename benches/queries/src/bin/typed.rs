//! The typed queries, called from routes of plain axum: `queries-typed 127.0.0.1:8000 sqlite:///tmp/db.sqlite3`.

use queries::model::{Post, database, list};
use queries::{Failure, New, Posts, Shown, arguments, failure, serve};
use quintet::prelude::{Database, Model as _, create};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (address, url) = arguments();
    Ok(serve(Typed(database(&url)?), &address).await?)
}

#[derive(Clone)]
struct Typed(Database);

impl Posts for Typed {
    async fn one(&self, id: i64) -> Result<Shown, Failure> {
        Post::objects().filter(|p| p.id().eq(id)).get(&self.0).await.map(shown).map_err(failure)
    }

    async fn list(&self, author: i64) -> Result<Vec<Shown>, Failure> {
        let posts = list(author).all(&self.0).await.map_err(failure)?;
        Ok(posts.into_iter().map(shown).collect())
    }

    async fn insert(&self, New { author, title, body }: New) -> Result<i64, Failure> {
        create!(&self.0, Post { author, title, body }).await.map(|post| post.id.0).map_err(failure)
    }
}

fn shown(post: Post) -> Shown {
    Shown {
        id: post.id.0,
        author: post.author,
        title: post.title,
        views: post.views,
        published: post.published,
        created_at: post.created_at,
        body: post.body.0,
    }
}
