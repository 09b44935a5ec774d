//! Random walks over the changes of models: where one begins, what changes, and what must hold after each step.
//!
//! A [`Course`] is made without a database: the models at its start, then step after step how they changed and the
//! migrations that were detected for it. [`run`] walks it on a database, to its end and back to nothing. It knows nothing
//! of how a step is brought to the database: that is a [`Hand`], ours or the reference's.

mod change;
mod compare;
mod course;
mod field;
mod hand;
mod models;
mod names;
mod python;
mod rows;
mod shape;
mod start;

pub use course::{Course, Step};
pub use hand::{Hand, Ours, Reference};
pub use run::{run, run_beside};

mod run;
