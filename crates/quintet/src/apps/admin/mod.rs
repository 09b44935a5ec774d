//! The admin's log. Its pages are not built yet.

pub mod migrations;
pub mod models;

use models::LogEntry;

crate::app! { admin, models = [LogEntry], migrations = migrations::all() }
