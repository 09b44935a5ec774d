//! Numbers that the database counts up.

use std::fmt;

use quintet_core::rest::ValueRef;
use quintet_core::schema::{Field, Value, words};

use super::aspects::{AUTO, Aspects, PRIMARY_KEY};
use super::{FieldType, cells};
use crate::error::Result;
use crate::query::Column;
use crate::rows::Cell;

macro_rules! autos {
    ($($name:ident($number:ty) => $word:ident, $doc:literal;)*) => {
        $(#[doc = $doc]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $number);

        impl FieldType for $name {
            type Base = $number;

            type Compared = i64;
            type Column = Column<Self>;
            type NullColumn = Column<Option<Self>>;

            const TAKES: Aspects = PRIMARY_KEY | AUTO;
            const NEEDS: Aspects = PRIMARY_KEY;
            const REQUIRED: bool = false;

            fn field() -> Field {
                words::$word()
            }

            fn from_cell(cell: Cell) -> Result<Self> {
                cells::int(cell).map(Self)
            }

            #[inline]
            fn at_once(cell: &mut Cell) -> Option<Self> {
                FieldType::at_once(cell).map(Self)
            }

            fn to_value(&self) -> Value {
                self.0.into()
            }

            fn lent(&self) -> Option<ValueRef<'_>> {
                self.0.lent()
            }

            fn base(&self) -> $number {
                self.0
            }

            /// No database counts from 0.
            fn is_unset(&self) -> bool {
                self.0 == 0
            }
        }

        impl From<$name> for Value {
            fn from(value: $name) -> Self {
                value.0.into()
            }
        }

        impl From<$number> for $name {
            fn from(number: $number) -> Self {
                Self(number)
            }
        }

        impl From<$name> for $number {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl PartialEq<$number> for $name {
            fn eq(&self, number: &$number) -> bool {
                self.0 == *number
            }
        }

        impl PartialEq<$name> for $number {
            fn eq(&self, id: &$name) -> bool {
                *self == id.0
            }
        }

        impl std::ops::Deref for $name {
            type Target = $number;

            fn deref(&self) -> &$number {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        })*
    };
}

autos! {
    SmallAuto(i16) => small_auto, "A 16-bit number that the database counts up: a primary key.";
    Auto(i32) => auto, "A 32-bit number that the database counts up: a primary key.";
    BigAuto(i64) => big_auto, "A 64-bit number that the database counts up: the usual primary key.";
}
