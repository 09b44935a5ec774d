//! Generic views and view sets over a small database of notes, on SQLite and, where `QUINTET_TEST_POSTGRES` is set, on
//! PostgreSQL.
#![allow(unreachable_pub)] // Models as a project writes them.

mod actions;
mod asking;
mod generic;
mod harness;
mod keeping;
mod managed;
#[path = "../scratch/mod.rs"]
mod scratch;
mod views;
