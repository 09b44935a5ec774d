//! Articles of a press: what everybody keeps in the same tables.

use quintet::apps::auth::models::User;
use quintet::prelude::*;

/// What an article is about.
#[derive(Model, Debug, Clone)]
pub struct Category {
    /// Its key.
    pub id: BigAuto,
    /// Its name.
    #[field(max_length = 50)]
    pub name: String,
}

/// An article.
#[derive(Model, Debug, Clone)]
#[model(index(fields = ["author", "-created_at"], name = "press_article_latest"))]
pub struct Article {
    /// Its key.
    pub id: BigAuto,
    /// Its title.
    #[field(max_length = 100)]
    pub title: String,
    /// Its name in URLs.
    #[field(max_length = 60, unique)]
    pub slug: Slug,
    /// Its text.
    pub body: Text,
    /// How often it was seen.
    #[field(default = 0)]
    pub views: i32,
    /// Whether others see it.
    #[field(default = true)]
    pub published: bool,
    /// When it was made.
    #[field(auto_now_add)]
    pub created_at: DateTime,
    /// What it is about.
    #[field(on_delete = cascade, related_name = "articles")]
    pub category: ForeignKey<Category>,
    /// Whose it is.
    #[field(on_delete = cascade, related_name = "articles")]
    pub author: ForeignKey<User>,
}

/// What somebody said of an article.
#[derive(Model, Debug, Clone)]
#[model(ordering = "id")]
pub struct Comment {
    /// Its key.
    pub id: BigAuto,
    /// What it is about.
    #[field(on_delete = cascade, related_name = "comments")]
    pub article: ForeignKey<Article>,
    /// Who said it.
    #[field(max_length = 50)]
    pub name: String,
    /// What was said.
    #[field(max_length = 200)]
    pub text: String,
}
