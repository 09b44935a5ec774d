//! What this app keeps: each model is a table, each of its fields a column.
//!
//! A model is there when `models = [..]` in `mod.rs` names it. `cargo manage makemigrations` writes down what changed
//! here, and `cargo manage migrate` brings it into the database.

// use quintet::apps::auth::models::User;
// use quintet::prelude::*;
//
// #[derive(Model, Debug, Clone)]
// pub struct Note {
//     pub id: BigAuto,
//     #[field(max_length = 100)]
//     pub title: String,
//     pub content: Text,
//     #[field(auto_now_add)]
//     pub created_at: DateTime,
//     #[field(on_delete = cascade, related_name = "notes")]
//     pub author: ForeignKey<User>,
// }
