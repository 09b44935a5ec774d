//! Users and their tokens, through a site and a database.
#![allow(unreachable_pub)] // A harness for several files.

mod backends;
mod commands;
mod cookies;
mod enumeration;
mod events;
mod families;
mod harness;
mod inspect;
mod model;
mod own;
mod passwords;
mod permissions;
mod queries;
mod recorded;
mod rotation;
#[path = "../scratch/mod.rs"]
mod scratch;
mod tokens;
mod users;
