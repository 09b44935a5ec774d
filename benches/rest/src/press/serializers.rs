//! How articles are shown and checked.

use quintet::prelude::*;

use super::models::{Article, Comment};

/// An article.
#[derive(Serializer)]
#[serializer(
    model = Article,
    fields(id, title, slug, body, views, published, created_at, category, author),
    read_only(author)
)]
pub struct ArticleSerializer;

/// A comment.
#[derive(Serializer)]
#[serializer(model = Comment, fields(id, name, text))]
pub struct CommentSerializer;

/// An article with what was said of it.
#[derive(Serializer)]
#[serializer(model = Article, fields(id, title, slug, created_at, author, comments))]
pub struct CommentedSerializer {
    /// What was said of it.
    #[field(read_only)]
    pub comments: Vec<CommentSerializer>,
}
