//! The trait of all types that a field can have.

use std::fmt::Debug;

use quintet_core::rest::ValueRef;
use quintet_core::schema::{Field, Value};

use super::aspects::{AUTO, Aspects, EXPRESSION, NO_OPTION, NULL, PRIMARY_KEY};
use crate::error::Result;
use crate::query::{FromPath, Reader, null_error};
use crate::rows::Cell;

/// A type that a field of a model can have.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type of a model's field",
    label = "not a type of a field",
    note = "the types are in `quintet::prelude`: `String`, `Text`, `i32`, `i64`, `bool`, `Decimal`, `DateTime`, `ForeignKey<T>`, ..; an enum needs `#[derive(Choices)]`"
)]
pub trait FieldType: Sized + Send + Sync + 'static {
    /// The plain value: `i64` for [`BigAuto`](super::BigAuto), the other's key for [`ForeignKey`](super::ForeignKey).
    type Base: Clone + Debug + PartialEq + Send + Sync + 'static;

    /// What it is compared as: all whole numbers are one, all text is, and the keys of each model are.
    type Compared: 'static;

    /// What the closure of a query sees for it.
    type Column: FromPath;

    /// What the closure of a query sees for an `Option` of it.
    type NullColumn: FromPath;

    /// The attributes that it takes besides those that all take.
    const TAKES: Aspects;

    /// The attributes that it needs.
    const NEEDS: Aspects = 0;

    /// Whether it may be null.
    const NULLABLE: bool = false;

    /// Whether a new row must be given one, where no attribute says otherwise.
    const REQUIRED: bool = true;

    /// Whether it may be the empty text, which a new row then has where `blank` is said and nothing given.
    const MAY_BE_EMPTY: bool = false;

    /// Whether it has a column.
    const HAS_COLUMN: bool = true;

    /// The field as data, before any attribute.
    fn field() -> Field;

    /// Out of what a database gave, which is not null.
    fn from_cell(cell: Cell) -> Result<Self>;

    /// The same, where the cell is of just the kind that it mostly is: most cells of most rows, without a move.
    fn at_once(cell: &mut Cell) -> Option<Self> {
        let _ = cell;
        None
    }

    /// What the database is given.
    fn to_value(&self) -> Value;

    /// The same, lent to who only looks at it; nothing where it would have to be made first.
    fn lent(&self) -> Option<ValueRef<'_>> {
        None
    }

    /// The plain value.
    fn base(&self) -> Self::Base;

    /// The next of a row; nothing where that is null.
    fn read_optional(reader: &mut Reader<'_>) -> Result<Option<Self>> {
        if let Some(value) = reader.at_once() {
            return Ok(Some(value));
        }
        match reader.take() {
            Cell::Null => Ok(None),
            cell => Self::from_cell(cell).map(Some).map_err(|error| reader.explain(error)),
        }
    }

    /// The next of a row.
    #[inline]
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        if let Some(value) = reader.at_once() {
            return Ok(value);
        }
        Self::read_optional(reader)?.ok_or_else(|| reader.explain(null_error()))
    }

    /// The same, where something is kept that no column has.
    fn reload(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        *self = Self::read(reader)?;
        Ok(())
    }

    /// Whether the database has still to give it: a number that it counts up.
    fn is_unset(&self) -> bool {
        false
    }

    /// As a field whose type is not known.
    fn as_slot(&self) -> &dyn super::Slot {
        self
    }

    /// The same, to change it.
    fn as_slot_mut(&mut self) -> &mut dyn super::Slot {
        self
    }

    /// The row of the parent model, of a [`Parent`](super::Parent).
    fn parent(&self) -> Option<&dyn super::Instance> {
        None
    }

    /// The same, to change it.
    fn parent_mut(&mut self) -> Option<&mut dyn super::Instance> {
        None
    }

    /// The row behind a key, where it came along.
    fn known_row(&self) -> Option<&dyn super::Instance> {
        None
    }

    /// The rows of a many-to-many field, where they came along.
    fn known_rows(&self) -> Option<Vec<&dyn super::Instance>> {
        None
    }

    /// Takes what the database made: a key, a moment, what is computed.
    fn set(&mut self, cell: Cell) -> Result<()> {
        *self = Self::from_cell(cell)?;
        Ok(())
    }
}

impl<T: FieldType> FieldType for Option<T> {
    type Base = T::Base;
    type Compared = T::Compared;
    type Column = T::NullColumn;
    type NullColumn = T::NullColumn;

    const TAKES: Aspects = T::TAKES & !(NULL | PRIMARY_KEY | AUTO);
    const NEEDS: Aspects = if T::TAKES & NULL != 0 { T::NEEDS } else { NO_OPTION };
    const NULLABLE: bool = true;
    const REQUIRED: bool = false;
    const HAS_COLUMN: bool = T::HAS_COLUMN;

    fn field() -> Field {
        // A generated column is null where its expression is; the reference has no option for it.
        if T::NEEDS & EXPRESSION != 0 { T::field() } else { T::field().null() }
    }

    fn from_cell(cell: Cell) -> Result<Self> {
        if cell.is_null() { Ok(None) } else { T::from_cell(cell).map(Some) }
    }

    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_value)
    }

    fn lent(&self) -> Option<ValueRef<'_>> {
        self.as_ref().map_or(Some(ValueRef::Null), T::lent)
    }

    fn base(&self) -> T::Base {
        // Only a primary key is asked for this, and that is never an `Option`: `TAKES` above.
        self.as_ref().map(T::base).expect("a primary key is not null")
    }

    fn read_optional(reader: &mut Reader<'_>) -> Result<Option<Self>> {
        T::read_optional(reader).map(Some)
    }

    fn reload(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        match self {
            Some(own) if !reader.is_null() => own.reload(reader),
            _ => {
                *self = T::read_optional(reader)?;
                Ok(())
            }
        }
    }

    fn is_unset(&self) -> bool {
        self.as_ref().is_some_and(T::is_unset)
    }
    fn known_row(&self) -> Option<&dyn super::Instance> {
        self.as_ref().and_then(T::known_row)
    }
}
