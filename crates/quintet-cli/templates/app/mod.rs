//! The app `{{name}}`.

pub mod migrations;
pub mod models;
pub mod serializers;
pub mod urls;
pub mod views;

#[cfg(test)]
mod tests;

quintet::app! { {{name}}, models = [], migrations = migrations::all(), urls = urls::urls }
