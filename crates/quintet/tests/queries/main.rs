//! The query language on a small library, on SQLite and, where `QUINTET_TEST_POSTGRES` is set, on PostgreSQL.
#![allow(unreachable_pub)] // Models as a project writes them.

mod changing;
mod cleaning;
mod deleting;
mod harness;
mod making;
mod models;
mod reading;
mod related;
mod telling;
mod values;
