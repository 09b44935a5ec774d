//! The app `api`.

pub mod migrations;
pub mod models;
pub mod serializers;
pub mod urls;
pub mod views;

#[cfg(test)]
mod tests;

quintet::app! { api, models = [models::Note], migrations = migrations::all(), urls = urls::urls }
