//! From models to migrations: what changed, in which order, under which names, and as which text.

pub mod graph;
pub mod permissions;
pub mod write;

pub mod detect;
pub mod names;
pub mod optimize;
pub mod question;
