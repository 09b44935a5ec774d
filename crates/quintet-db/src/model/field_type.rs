//! The trait of all types that a field can have.

use std::fmt::Debug;

use quintet_core::schema::Field;

use super::aspects::{AUTO, Aspects, EXPRESSION, NO_OPTION, NULL, PRIMARY_KEY};

/// A type that a field of a model can have.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type of a model's field",
    label = "not a type of a field",
    note = "the types are in `quintet::prelude`: `String`, `Text`, `i32`, `i64`, `bool`, `Decimal`, `DateTime`, `ForeignKey<T>`, ..; an enum needs `#[derive(Choices)]`"
)]
pub trait FieldType {
    /// The plain value: `i64` for [`BigAuto`](super::BigAuto), the other's key for [`ForeignKey`](super::ForeignKey).
    type Base: Clone + Debug + PartialEq + Send + Sync + 'static;

    /// The attributes that it takes besides those that all take.
    const TAKES: Aspects;

    /// The attributes that it needs.
    const NEEDS: Aspects = 0;

    /// Whether it may be null.
    const NULLABLE: bool = false;

    /// The field as data, before any attribute.
    fn field() -> Field;
}

impl<T: FieldType> FieldType for Option<T> {
    type Base = T::Base;

    const TAKES: Aspects = T::TAKES & !(NULL | PRIMARY_KEY | AUTO);
    const NEEDS: Aspects = if T::TAKES & NULL != 0 { T::NEEDS } else { NO_OPTION };
    const NULLABLE: bool = true;

    fn field() -> Field {
        // A generated column is null where its expression is; the reference has no option for it.
        if T::NEEDS & EXPRESSION != 0 { T::field() } else { T::field().null() }
    }
}
