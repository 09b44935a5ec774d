//! Models and the types of their fields: `use quintet::models::*;`, the most of which is in the prelude.

pub use quintet_db::Managed;
pub use quintet_db::model::*;
pub use quintet_macros::{Choices, Model};

// Functions for `default = ..`. They stand here because a migration names them by their path.

/// The moment: `#[field(default = utc_now)]`.
pub fn utc_now() -> DateTime {
    quintet_db::time().into()
}

/// The day, in UTC.
pub fn utc_today() -> Date {
    utc_now().date_naive()
}

/// A UUID by chance.
pub fn new_uuid() -> Uuid {
    Uuid::new_v4()
}
