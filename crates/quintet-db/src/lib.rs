//! quintet's databases: SQLite and PostgreSQL behind one door.
//!
//! A [`Database`] runs statements, alone or in a [`Transaction`]; code that takes a [`Db`] takes either. Whether a
//! database can be reached at all, and what it is, says [`connect`].

#![forbid(unsafe_code)]

pub mod connect;
mod database;
mod databases;
mod error;
mod find;
pub mod fixtures;
pub mod history;
pub mod introspect;
pub mod migrate;
pub mod model;
mod models;
mod moment;
mod postgres;
pub mod query;
mod recipe;
mod replicas;
mod router;
mod row;
mod rows;
mod run;
mod save;
mod session;
mod sqlite;
mod stream;
mod text_cell;
mod together;
mod transaction;
mod watch;

pub use database::{Boxed, Callback, Connection, Database, Db};
pub use databases::Databases;
pub use error::{Error, ErrorKind, Result};
pub use find::Find;
pub use models::{Managed, Models};
pub use moment::{now, now_in_zone, set_time, time};
pub use recipe::{Made, Recipe};
pub use replicas::Replicated;
pub use router::{DatabaseRouter, Routers};
pub use row::Row;
pub use rows::{Cell, Rows};
pub use run::{Fetched, Plan, Stream};
pub use save::{Gives, Save, Saved};
pub use stream::RowStream;
pub use text_cell::TextCell;
pub use together::{Change, Together};
pub use transaction::{Begin, Isolation, Transaction};
pub use watch::{Watcher, watched};
