//! Serializers on a small shop, through a site, on SQLite and, where `QUINTET_TEST_POSTGRES` is set, on PostgreSQL.
#![allow(unreachable_pub)] // Models and serializers as a project writes them.

mod classes;
mod creating;
mod harness;
mod lists;
mod models;
mod nesting;
mod plain;
mod relating;
#[path = "../scratch/mod.rs"]
mod scratch;
mod serializers;
mod showing;
mod sources;
mod together;
mod updating;
