//! The HTTP layer against what the reference did: every recorded case goes through a [`Site`], and the answers are
//! compared.
//!
//! Recordings are in `oracle/vectors`; their `about` says what the fields mean. A case that cannot exist here is in a
//! table with its reason; a reason for a case that does not exist fails the test.

mod absolute;
mod access;
mod bodies;
mod conditional;
mod cookies;
mod cors;
mod database;
mod debug_pages;
mod error_mail;
mod frontend;
mod gzip;
mod handlers;
mod harness;
mod health;
mod hostile;
mod hosts;
mod media;
mod middlewares;
mod mounted;
mod queries;
mod redirects;
mod repeated;
mod scratch;
mod secrets;
mod security;
mod slashes;
mod transcripts;
mod urls;
mod views;
