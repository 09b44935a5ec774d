//! Articles of a press, with what was said of them.

pub(crate) mod migrations;
pub(crate) mod models;
mod serializers;
pub(crate) mod views;

use models::{Article, Category, Comment};

quintet::app! { press, models = [Article, Category, Comment], migrations = migrations::all() }
