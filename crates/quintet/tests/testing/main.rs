//! The kit by which projects test themselves: a client, databases, a clock.
#![allow(unreachable_pub)] // A project for several files.

mod asking;
mod clock;
mod databases;
mod project;
#[path = "../scratch/mod.rs"]
mod scratch;
mod users;
