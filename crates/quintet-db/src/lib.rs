//! quintet's databases: SQLite and PostgreSQL behind one door.
//!
//! A [`Database`] runs statements, alone or in a [`Transaction`]; code that takes a [`Db`] takes either. Whether a
//! database can be reached at all, and what it is, says [`connect`].

#![forbid(unsafe_code)]

pub mod connect;
mod database;
mod error;
pub mod fixtures;
pub mod history;
pub mod introspect;
pub mod migrate;
pub mod model;
mod moment;
mod postgres;
mod row;
mod session;
mod sqlite;
mod transaction;

pub use database::{Boxed, Connection, Database, Db};
pub use error::{Error, ErrorKind, Result};
pub use moment::now;
pub use row::Row;
pub use transaction::Transaction;
