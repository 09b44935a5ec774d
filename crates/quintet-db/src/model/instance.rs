//! A row of a model as the machinery sees it: its fields, whatever their types.

use std::any::Any;

use quintet_core::rest::ValueRef;
use quintet_core::schema::Value;

use super::FieldType;
use crate::error::Result;
use crate::query::Reader;
use crate::rows::Cell;

/// A row, field by field. Derived with the model.
pub trait Instance: Send + Sync {
    /// Adds its fields, in the order of the struct.
    fn slots<'r>(&'r self, to: &mut Vec<&'r dyn Slot>);

    /// The same, to change them.
    fn slots_mut<'r>(&'r mut self, to: &mut Vec<&'r mut dyn Slot>);

    /// The model, as `(app, name)`.
    fn model(&self) -> (&'static str, &'static str);

    /// The row as whichever type it has.
    fn as_any(&self) -> &(dyn Any + Send + Sync + 'static);
}

/// A field of a row, whatever its type.
pub trait Slot: Send + Sync {
    /// Whether it has a column.
    fn has_column(&self) -> bool;

    /// What the database is given.
    fn value(&self) -> Value;

    /// The same, lent to who only looks at it; nothing where it would have to be made first.
    fn lent(&self) -> Option<ValueRef<'_>>;

    /// Takes what the database gave.
    fn load(&mut self, reader: &mut Reader<'_>) -> Result<()>;

    /// Whether the database has still to give it.
    fn is_unset(&self) -> bool;

    /// The row of the parent model.
    fn parent(&self) -> Option<&dyn Instance>;

    /// The same, to change it.
    fn parent_mut(&mut self) -> Option<&mut dyn Instance>;

    /// The row behind a key, where it came along.
    fn known_row(&self) -> Option<&dyn Instance>;

    /// The rows of a many-to-many field, where they came along.
    fn known_rows(&self) -> Option<Vec<&dyn Instance>>;

    /// Takes what the database made: a key, a moment, what is computed.
    fn set(&mut self, cell: Cell) -> Result<()>;
}

impl<F: FieldType> Slot for F {
    fn has_column(&self) -> bool {
        F::HAS_COLUMN
    }

    fn value(&self) -> Value {
        self.to_value()
    }

    fn lent(&self) -> Option<ValueRef<'_>> {
        FieldType::lent(self)
    }

    fn load(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        self.reload(reader)
    }

    fn is_unset(&self) -> bool {
        FieldType::is_unset(self)
    }

    fn parent(&self) -> Option<&dyn Instance> {
        FieldType::parent(self)
    }

    fn parent_mut(&mut self) -> Option<&mut dyn Instance> {
        FieldType::parent_mut(self)
    }

    fn known_row(&self) -> Option<&dyn Instance> {
        FieldType::known_row(self)
    }

    fn known_rows(&self) -> Option<Vec<&dyn Instance>> {
        FieldType::known_rows(self)
    }

    fn set(&mut self, cell: Cell) -> Result<()> {
        FieldType::set(self, cell)
    }
}
