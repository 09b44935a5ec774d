//! Users and their tokens, through a site and a database.
#![allow(unreachable_pub)] // A harness for several files.

mod commands;
mod harness;
mod permissions;
mod recorded;
mod rotation;
mod users;
