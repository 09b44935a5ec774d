//! The model of the lists, whose table the program makes itself.

use quintet::prelude::*;

/// A post.
#[derive(Model, Debug, Clone)]
pub struct Post {
    /// Its key.
    pub id: BigAuto,
    /// Whose it is.
    pub author: i64,
    /// Its title.
    #[field(max_length = 100)]
    pub title: String,
    /// How often it was seen.
    #[field(default = 0)]
    pub views: i32,
    /// Whether others see it.
    #[field(default = true)]
    pub published: bool,
    /// When it was made.
    #[field(auto_now_add)]
    pub created_at: DateTime,
    /// Its text.
    pub body: Text,
}

quintet::app! { bench, models = [Post] }

/// The last twenty published posts of an author.
pub fn list(author: i64) -> QuerySet<Post> {
    Post::objects()
        .filter(|post| post.author().eq(author) & post.published().eq(true))
        .order_by(|post| post.created_at().desc())
        .limit(20)
}
