//! Columns that the database computes.

use std::ops::Deref;

use quintet_core::rest::ValueRef;
use quintet_core::schema::{Field, Value, words};

use super::FieldType;
use super::aspects::{AUTO_NOW, Aspects, EXPRESSION, NULL, PRIMARY_KEY};
use crate::error::Result;
use crate::query::Column;
use crate::rows::Cell;

/// What the database computes from other columns: `#[field(expression = f("price") * 2, db_persist = true)]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generated<T>(pub T);

impl<T: FieldType> FieldType for Generated<T> {
    type Base = T::Base;
    type Compared = T::Compared;
    type Column = Column<Self>;
    type NullColumn = Column<Option<Self>>;

    const TAKES: Aspects = T::TAKES & !(PRIMARY_KEY | AUTO_NOW) | EXPRESSION | NULL;
    const NEEDS: Aspects = T::NEEDS | EXPRESSION;
    const REQUIRED: bool = false;

    fn field() -> Field {
        // The attribute `expression`, without which it does not compile, takes the place of the null.
        words::generated(words::value(Value::Null), T::field(), false)
    }

    fn from_cell(cell: Cell) -> Result<Self> {
        T::from_cell(cell).map(Self)
    }

    fn to_value(&self) -> Value {
        self.0.to_value()
    }

    fn lent(&self) -> Option<ValueRef<'_>> {
        self.0.lent()
    }

    fn base(&self) -> T::Base {
        self.0.base()
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
