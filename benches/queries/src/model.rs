//! The model of the benchmark, and its database. The table is made by `benches/queries.py`, the same for everybody.

use quintet::prelude::*;
use quintet::settings::{DatabaseUrl, Settings};

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

/// The database of a URL.
///
/// # Errors
/// What the URL lacks.
pub fn database(url: &str) -> Result<Database, String> {
    let database = DatabaseUrl::parse("DATABASE_URL", url).map_err(|error| format!("{error:?}"))?;
    let installed_apps = [quintet::apps::defaults(), vec![app()]].concat();
    quintet::database(&Settings { database, installed_apps, ..Settings::default() })
}

/// The last published posts of an author: the query that is measured.
pub fn list(author: i64) -> QuerySet<Post> {
    Post::objects()
        .filter(|p| p.author().eq(author) & p.published().eq(true))
        .order_by(|p| p.created_at().desc())
        .limit(crate::LIST as u64)
}
