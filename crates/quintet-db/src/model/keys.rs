//! Relations: the key of another model's row, and the rows of another model.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use quintet_core::rest::ValueRef;
use quintet_core::schema::{Field, OnDelete, To, Value, words};

use super::aspects::{Aspects, FLAT, MANY, NULL, ON_DELETE, PRIMARY_KEY, RELATED, TO_FIELD};
use super::{FieldType, Instance, KeyValue, Model};
use crate::database::Db;
use crate::error::{Error, ErrorKind, Result};
use crate::query::{Key, Many, One, Origin, QuerySet, Reader, RelatedRow, RelatedRows, Relation, Running};
use crate::rows::Cell;

/// A field that leads to another model: what it sees from there.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not lead to another model",
    label = "not a relation",
    note = "relations are `ForeignKey<T>`, `OneToOne<T>`, `ManyToMany<T>` and `Parent<T>`"
)]
pub trait Leads {
    /// The other model.
    type Target: Model;

    /// The way back, in the closure of a query of the other model.
    type Back<M: Model>: crate::query::FromPath;

    /// The way back from a row of the other model.
    type BackRows<M: Model>: From<Origin>;
}

macro_rules! keys {
    ($($name:ident: $back:ident, $rows:ident, $field:ident => $doc:literal;)*) => {
        $(#[doc = $doc]
        ///
        /// Holds the other row too where it came along: see [`cached`](Self::cached).
        pub struct $name<T: Model> {
            /// The other row's key.
            pub id: T::Key,
            row: Option<Arc<T>>,
        }

        impl<T: Model> $name<T> {
            /// The row with this key.
            pub fn to(id: T::Key) -> Self {
                Self { id, row: None }
            }

            /// The other row, where it is known: it came along by `select_related` or `prefetch_related`.
            pub fn cached(&self) -> Option<&T> {
                self.row.as_deref().filter(|row| row.key() == self.id)
            }

            /// The other row: the one that is known, or else by a query.
            pub fn get<'a>(&self, db: impl Into<Db<'a>>) -> Running<'a, Arc<T>> {
                match &self.row {
                    Some(row) if row.key() == self.id => Running::ready(Arc::clone(row)),
                    _ => crate::query::by_key::<T>(db.into(), self.id.to_value()).map(Arc::new),
                }
            }

            /// The same with the other row, as it is now.
            #[must_use]
            pub fn with_row(row: impl Into<Arc<T>>) -> Self {
                let row = row.into();
                Self { id: row.key(), row: Some(row) }
            }
        }

        impl<T: Model> Clone for $name<T> {
            fn clone(&self) -> Self {
                Self { id: self.id.clone(), row: self.row.clone() }
            }
        }

        impl<T: Model> PartialEq for $name<T> {
            fn eq(&self, other: &Self) -> bool {
                self.id == other.id
            }
        }

        impl<T: Model<Key: Eq>> Eq for $name<T> {}

        impl<T: Model> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({:?})", T::DEF.name, self.id)
            }
        }

        impl<T: Model> From<&T> for $name<T> {
            fn from(row: &T) -> Self {
                Self::to(row.key())
            }
        }

        impl<T: Model> FieldType for $name<T> {
            type Base = T::Key;
            type Compared = Key<T>;
            type Column = Relation<T, Self>;
            type NullColumn = Relation<T, Option<Self>>;

            const TAKES: Aspects = KEY;
            const NEEDS: Aspects = ON_DELETE;

            fn field() -> Field {
                // The attribute `on_delete`, without which it does not compile, says the rule.
                words::$field(to::<T>(), OnDelete::Cascade)
            }

            fn from_cell(cell: Cell) -> Result<Self> {
                T::Key::from_cell(cell).map(Self::to)
            }

            fn to_value(&self) -> Value {
                self.id.to_value()
            }

            fn lent(&self) -> Option<ValueRef<'_>> {
                self.id.lent()
            }

            fn base(&self) -> T::Key {
                self.id.clone()
            }

            fn read_optional(reader: &mut Reader<'_>) -> Result<Option<Self>> {
                let (cell, row) = reader.key::<T>()?;
                if cell.is_null() {
                    return Ok(None);
                }
                let id = T::Key::from_cell(cell).map_err(|error| reader.explain(error))?;
                Ok(Some(Self { id, row }))
            }

            /// A row that is known stays so where the key is the same.
            fn reload(&mut self, reader: &mut Reader<'_>) -> Result<()> {
                let known = self.row.take();
                *self = Self::read(reader)?;
                if self.row.is_none() {
                    self.row = known.filter(|row| row.key() == self.id);
                }
                Ok(())
            }

            fn known_row(&self) -> Option<&dyn Instance> {
                self.cached().map(|row| row as &dyn Instance)
            }
        }

        impl<T: Model> Leads for $name<T> {
            type Target = T;
            type Back<M: Model> = $back<M>;
            type BackRows<M: Model> = $rows<M>;
        }

        keys! { @from $name: i16 i32 i64 String super::Uuid })*
    };
    (@from $name:ident: $($key:ty)*) => {
        $(impl<T: Model<Key = $key>> From<$key> for $name<T> {
            fn from(id: $key) -> Self {
                Self::to(id)
            }
        })*
    };
}

keys! {
    ForeignKey: Many, RelatedRows, foreign_key => "The key of a row of another model: `#[field(on_delete = cascade)]`.";
    OneToOne: One, RelatedRow, one_to_one => "The key of a row of another model, to which no other row refers.";
}

/// A key's attributes.
const KEY: Aspects = ON_DELETE | RELATED | TO_FIELD | PRIMARY_KEY | NULL | FLAT;

impl<F: Leads> Leads for Option<F> {
    type Target = F::Target;
    type Back<M: Model> = F::Back<M>;
    type BackRows<M: Model> = F::BackRows<M>;
}

/// The row of the parent model that this row extends: `#[field(parent)]`. Its key is the primary key.
///
/// A row that was read has the parent's row; `save` writes both.
pub struct Parent<T: Model> {
    /// The parent's key.
    pub id: T::Key,
    row: Option<Box<T>>,
}

impl<T: Model> Parent<T> {
    /// The parent's row with this key, which is there already.
    pub fn to(id: T::Key) -> Self {
        Self { id, row: None }
    }

    /// A parent's row, which is written with the child's.
    pub fn new(row: T) -> Self {
        Self { id: row.key(), row: Some(Box::new(row)) }
    }

    /// The parent's row, where it is known.
    pub fn row(&self) -> Option<&T> {
        self.row.as_deref()
    }

    /// The parent's row, to change it; `save` writes it.
    pub fn row_mut(&mut self) -> Option<&mut T> {
        self.row.as_deref_mut()
    }
}

impl<T: Model + Clone> Clone for Parent<T> {
    fn clone(&self) -> Self {
        Self { id: self.id.clone(), row: self.row.clone() }
    }
}

impl<T: Model> PartialEq for Parent<T> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl<T: Model> fmt::Debug for Parent<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({:?})", T::DEF.name, self.id)
    }
}

impl<T: Model> From<T> for Parent<T> {
    fn from(row: T) -> Self {
        Self::new(row)
    }
}

impl<T: Model> FieldType for Parent<T> {
    type Base = T::Key;
    type Compared = Key<T>;
    type Column = Relation<T, Self>;
    type NullColumn = Relation<T, Option<Self>>;

    const TAKES: Aspects = PRIMARY_KEY | RELATED;

    fn field() -> Field {
        words::one_to_one(to::<T>(), OnDelete::Cascade).parent_link()
    }

    fn from_cell(cell: Cell) -> Result<Self> {
        T::Key::from_cell(cell).map(Self::to)
    }

    fn to_value(&self) -> Value {
        self.id.to_value()
    }

    fn base(&self) -> T::Key {
        self.id.clone()
    }

    fn read_optional(reader: &mut Reader<'_>) -> Result<Option<Self>> {
        let (cell, row) = reader.parent::<T>()?;
        if cell.is_null() {
            return Ok(None);
        }
        let id = T::Key::from_cell(cell).map_err(|error| reader.explain(error))?;
        Ok(Some(Self { id, row: row.map(Box::new) }))
    }

    fn reload(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        let known = self.row.take();
        *self = Self::read(reader)?;
        if self.row.is_none() {
            self.row = known;
        }
        Ok(())
    }

    fn is_unset(&self) -> bool {
        self.row.is_some() && matches!(self.id.to_value(), Value::Int(0))
    }

    fn parent(&self) -> Option<&dyn Instance> {
        self.row.as_deref().map(|row| row as &dyn Instance)
    }

    fn parent_mut(&mut self) -> Option<&mut dyn Instance> {
        self.row.as_deref_mut().map(|row| row as &mut dyn Instance)
    }

    fn known_row(&self) -> Option<&dyn Instance> {
        FieldType::parent(self)
    }

    fn set(&mut self, key: Cell) -> Result<()> {
        self.id = T::Key::from_cell(key)?;
        Ok(())
    }
}

impl<T: Model> Leads for Parent<T> {
    type Target = T;
    type Back<M: Model> = One<M>;
    type BackRows<M: Model> = RelatedRow<M>;
}

/// Rows of another model. Has no column here; the model in between is `Through`, or one that is made for the purpose.
///
/// A row that was read knows its own key, so that `note.tags.add(db, [&tag])` needs nothing else.
pub struct ManyToMany<T, Between = ()> {
    origin: Option<Origin>,
    rows: Option<Arc<Vec<T>>>,
    between: PhantomData<fn() -> Between>,
}

impl<T: Model, Between> ManyToMany<T, Between> {
    /// The rows, to look for, add, remove and replace.
    ///
    /// # Errors
    /// The row was never saved or read, so that nothing can refer to it.
    pub fn rows(&self) -> Result<RelatedRows<T>> {
        let origin = self.origin.clone().ok_or_else(|| {
            Error::new(ErrorKind::Other, "the row is in no database yet, so that no other can refer to it")
                .with_hint("save it before, and use what `create!`, `save` or a query gave")
        })?;
        Ok(RelatedRows::from(origin))
    }

    /// The rows, as a query.
    pub fn objects(&self) -> QuerySet<T> {
        match self.rows() {
            Ok(rows) => rows.objects(),
            Err(error) => QuerySet::failed(error.to_string()),
        }
    }

    /// The rows, where they are known: they came along by `prefetch_related`.
    pub fn cached(&self) -> Option<&[T]> {
        self.rows.as_ref().map(|rows| rows.as_slice())
    }
}

/// What can stand between two models: a model with a key to each, or nothing, where one is made.
pub trait Through {
    /// The model, if it is one.
    fn model() -> Option<To>;
}

impl Through for () {
    fn model() -> Option<To> {
        None
    }
}

impl<T: Model> Through for T {
    fn model() -> Option<To> {
        Some(to::<T>())
    }
}

impl<T: Model, Between: Through + 'static> FieldType for ManyToMany<T, Between> {
    type Base = ();
    type Compared = Key<T>;
    type Column = Many<T>;
    type NullColumn = Many<T>;

    const TAKES: Aspects = RELATED | MANY;
    const REQUIRED: bool = false;
    const HAS_COLUMN: bool = false;

    fn field() -> Field {
        let field = words::many_to_many(to::<T>());
        match Between::model() {
            Some(model) => field.through(model),
            None => field,
        }
    }

    fn from_cell(_: Cell) -> Result<Self> {
        Ok(Self::default())
    }

    fn to_value(&self) -> Value {
        Value::Null
    }

    fn base(&self) {}

    fn read_optional(reader: &mut Reader<'_>) -> Result<Option<Self>> {
        let (origin, rows) = reader.many::<T>()?;
        Ok(Some(Self { origin, rows, between: PhantomData }))
    }

    fn known_rows(&self) -> Option<Vec<&dyn Instance>> {
        self.cached().map(|rows| rows.iter().map(|row| row as &dyn Instance).collect())
    }
}

impl<T: Model, Between> Leads for ManyToMany<T, Between> {
    type Target = T;
    type Back<M: Model> = Many<M>;
    type BackRows<M: Model> = RelatedRows<M>;
}

impl<T, Between> Default for ManyToMany<T, Between> {
    fn default() -> Self {
        Self { origin: None, rows: None, between: PhantomData }
    }
}

impl<T, Between> Clone for ManyToMany<T, Between> {
    fn clone(&self) -> Self {
        Self { origin: self.origin.clone(), rows: self.rows.clone(), between: PhantomData }
    }
}

impl<T, Between> PartialEq for ManyToMany<T, Between> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T, Between> Eq for ManyToMany<T, Between> {}

impl<T: Model, Between> fmt::Debug for ManyToMany<T, Between> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ManyToMany({})", T::DEF.name)
    }
}

/// The model as the other end of a relation.
pub(super) fn to<T: Model>() -> To {
    To { app: T::APP_LABEL.to_owned(), model: T::DEF.name.to_owned(), is_user_model: false }
}
