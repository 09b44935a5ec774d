//! quintet's databases: SQLite and PostgreSQL behind one door.
//!
//! In this version the door is [`connect`]: whether a database can be reached, and what it is.

#![forbid(unsafe_code)]

pub mod connect;
