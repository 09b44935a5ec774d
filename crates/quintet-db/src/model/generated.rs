//! Columns that the database computes.

use std::ops::Deref;

use quintet_core::schema::{Field, Value, words};

use super::FieldType;
use super::aspects::{AUTO_NOW, Aspects, EXPRESSION, NULL, PRIMARY_KEY};

/// What the database computes from other columns: `#[field(expression = f("price") * 2, db_persist = true)]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generated<T>(pub T);

impl<T: FieldType> FieldType for Generated<T> {
    type Base = T::Base;

    const TAKES: Aspects = T::TAKES & !(PRIMARY_KEY | AUTO_NOW) | EXPRESSION | NULL;
    const NEEDS: Aspects = T::NEEDS | EXPRESSION;

    fn field() -> Field {
        // The attribute `expression`, without which it does not compile, takes the place of the null.
        words::generated(words::value(Value::Null), T::field(), false)
    }
}

impl<T> From<T> for Generated<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> Deref for Generated<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
