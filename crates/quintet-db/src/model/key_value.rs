//! The value of a primary key: of one field, or of several.

use std::fmt::Debug;

use quintet_core::rest::ValueRef;
use quintet_core::schema::Value;

use super::FieldType;
use crate::error::{Error, Result};
use crate::rows::Cell;

/// The value of a primary key; a tuple where that has several fields.
pub trait KeyValue: Clone + Debug + PartialEq + Send + Sync + 'static {
    /// What the database is given; several as a list.
    fn to_value(&self) -> Value;

    /// The same, lent to who only looks at it; nothing where it would have to be made first.
    fn lent(&self) -> Option<ValueRef<'_>> {
        None
    }

    /// Out of what a database gave.
    fn from_cell(cell: Cell) -> Result<Self>;
}

impl<T: FieldType<Base = T> + Clone + Debug + PartialEq> KeyValue for T {
    fn to_value(&self) -> Value {
        FieldType::to_value(self)
    }

    fn lent(&self) -> Option<ValueRef<'_>> {
        FieldType::lent(self)
    }

    fn from_cell(cell: Cell) -> Result<Self> {
        FieldType::from_cell(cell)
    }
}

impl KeyValue for Value {
    fn to_value(&self) -> Value {
        self.clone()
    }

    fn from_cell(cell: Cell) -> Result<Self> {
        Ok(cell.into())
    }
}

macro_rules! tuples {
    ($($($part:ident $at:tt),*;)*) => {
        $(impl<$($part: KeyValue),*> KeyValue for ($($part,)*) {
            fn to_value(&self) -> Value {
                Value::List(vec![$(self.$at.to_value()),*])
            }

            fn from_cell(cell: Cell) -> Result<Self> {
                let Cell::List(cells) = cell else {
                    return Err(Error::other("a key of several fields is no single value"));
                };
                let mut cells = cells.into_iter();
                Ok(($($part::from_cell(cells.next().unwrap_or_default())?,)*))
            }
        })*
    };
}

tuples! {
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
}
