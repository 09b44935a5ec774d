//! Migrations on a real database: each together with its record, one process at a time.
//!
//! [`Executor::apply`] does or undoes one migration; which ones, and in which order, the core's graph tells. The record is
//! the reference's own table, `django_migrations`; what only we need stands in tables named `quintet_*`.

mod catalogue;
mod error;
mod executor;
mod initial;
mod job;
mod kinds;
mod lock;
mod numbered;
mod progress;
mod recorder;
mod tables;

pub use catalogue::catalogue;
pub use error::MigrateError;
pub use executor::{Direction, Executor, Mode, Notice, Outcome};
pub use initial::is_there;
pub use numbered::RENAME_CONTENT_TYPE;
pub use progress::{Unfinished, forget, unfinished};
pub use recorder::{Applied, applied, flush, record, unrecord};
