//! Databases for real: SQLite files, and the PostgreSQL server of `scripts/postgres`.

mod connections;
mod harness;
mod history;
mod introspection;
mod locking;
mod migrating;
mod values;
