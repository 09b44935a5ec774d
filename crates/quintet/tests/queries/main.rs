//! The query language on a small library, on SQLite and, where `QUINTET_TEST_POSTGRES` is set, on PostgreSQL.
#![allow(unreachable_pub)] // Models as a project writes them.

mod along;
mod by_field;
mod changing;
mod choosing;
mod cleaning;
mod computing;
mod deleting;
mod groups;
mod harness;
mod json;
mod later;
mod locks;
mod lookups;
mod making;
mod models;
mod partly;
mod reading;
mod related;
#[path = "../scratch/mod.rs"]
mod scratch;
mod telling;
mod together;
mod values;
mod writing;
