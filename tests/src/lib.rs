//! Tests of the whole: the documentation's, and what the end-to-end tests in `tests/` share.

#![forbid(unsafe_code)]

pub mod cluster;
pub mod databases;
pub mod django;
pub mod docs;
pub mod guides;
pub mod pages;
#[cfg(unix)]
pub mod redis;
pub mod steps;
pub mod support;
#[cfg(test)]
mod tutorial;
pub mod walk;
pub mod writing;
