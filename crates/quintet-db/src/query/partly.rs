//! A row of which only some fields were read: what `only` and `defer` give.
//!
//! A struct has all its fields, so such a row is none: its fields are asked for by the same closures as columns are, and
//! one that was not read is an error that says so. Nothing is fetched behind anybody's back.

use std::fmt;
use std::marker::PhantomData;

use quintet_core::query::{Expr, Path, Query, QueryError};
use quintet_core::schema::Value;

use super::ask::{self, Answer};
use super::assign::Assignment;
use super::collector::Deleted;
use super::column::Column;
use super::columns;
use super::machine::set_fields;
use super::operand::{Key, Operand};
use super::order::OneOrMore;
use super::part::{Held, Part};
use super::part_write;
use super::read::{Reader, null_error};
use super::relation::{Many, Relation};
use super::running::Running;
use super::selection::Selection;
use super::set::{QuerySet, paths_of};
use crate::database::Db;
use crate::error::{Error, Result};
use crate::model::{FieldType, KeyValue, ManyToMany, Model};
use crate::rows::Cell;

/// A row of a model of which only some fields were read.
///
/// ```ignore
/// for note in Note::objects().defer(|n| n.body()).all(db).await? {
///     let title = note.get(|n| n.title())?;
/// }
/// ```
pub struct Partly<M: Model> {
    key: M::Key,
    part: Part,
    of: PhantomData<fn() -> M>,
}

/// A field of a row: a column, a key, or a many-to-many field.
#[diagnostic::on_unimplemented(message = "`{Self}` is no field of a row", label = "not a field")]
pub trait RowField {
    /// The type of the field.
    type Value: FieldType;

    /// Where it is, as the core has it.
    fn into_field(self) -> Expr;
}

impl<F: FieldType> RowField for Column<F> {
    type Value = F;

    fn into_field(self) -> Expr {
        self.into_expr()
    }
}

impl<T: Model, F: FieldType> RowField for Relation<T, F> {
    type Value = F;

    fn into_field(self) -> Expr {
        self.into_column().into_expr()
    }
}

impl<T: Model> RowField for Many<T> {
    type Value = ManyToMany<T>;

    fn into_field(self) -> Expr {
        Expr::F(self.path())
    }
}

fn path_of(field: Expr) -> Result<Path> {
    match field {
        Expr::F(path) => Ok(path),
        _ => {
            let message = "a computed value is no field of a row\nhint: read it beside the row by `annotate`";
            Err(QueryError::usage(message).into())
        }
    }
}

impl<M: Model> Partly<M> {
    pub(super) fn new(part: Part) -> Result<Self> {
        Ok(Self { key: M::Key::from_cell(part.key())?, part, of: PhantomData })
    }

    /// The primary key, which always comes.
    pub fn key(&self) -> M::Key {
        self.key.clone()
    }

    /// A field: `row.get(|n| n.title())`; of a row that came along too: `row.get(|n| n.author().username())`.
    ///
    /// # Errors
    /// It was not read.
    pub fn get<C: RowField>(&self, field: impl FnOnce(M::Columns) -> C) -> Result<C::Value> {
        let path = path_of(field(columns::<M>()).into_field())?;
        let mut cells = self.part.cells().to_vec();
        match self.part.held(&path)? {
            Held::Value(Value::Null) if !C::Value::NULLABLE => Err(null_error()),
            Held::Value(value) => C::Value::from_cell(ask::cell_of(value.clone())),
            Held::Column(layout, at) => C::Value::read(&mut Reader::new(&mut cells, layout).begin(at, 0)),
            Held::Many(layout, at) => C::Value::read(&mut Reader::new(&mut cells, layout).begin(0, at)),
            Held::Nothing(_) if C::Value::NULLABLE => C::Value::from_cell(Cell::Null),
            Held::Nothing(relation) => Err(Error::other(format!("`{relation}` leads to no row"))
                .with_hint("behind a relation that may lead nowhere, write `.optional()`")),
        }
    }

    /// A field by its path, whatever it is; null behind a relation that leads nowhere.
    ///
    /// # Errors
    /// It was not read, or there is none.
    pub fn get_by(&self, path: &str) -> Result<Value> {
        if path == "pk" { Ok(self.key.to_value()) } else { self.part.value(&Path::parse(path)) }
    }

    /// Whether a field was read.
    pub fn is_read<C: RowField>(&self, field: impl FnOnce(M::Columns) -> C) -> bool {
        let path = path_of(field(columns::<M>()).into_field());
        path.is_ok_and(|path| self.part.held(&path).is_ok())
    }

    /// The fields that were not read.
    pub fn deferred_fields(&self) -> Vec<&str> {
        self.part.left_out()
    }

    /// Gives fields other values, be they read or not: `|n| n.title().set("x")`. Nothing is written yet.
    ///
    /// # Errors
    /// What is set is no field of the model itself.
    pub fn set<A: OneOrMore<Assignment>>(&mut self, set: impl FnOnce(M::Columns) -> A) -> Result<()> {
        for assignment in set(columns::<M>()).all() {
            let (name, value) = assignment.into_ast().map(|made| (made.field, made.value))?;
            self.part.give(&name, value);
        }
        Ok(())
    }

    /// Writes what was read and what was set, and leaves all other fields as they are in the database. The row has to be
    /// there.
    pub fn save<'a>(&'a mut self, db: impl Into<Db<'a>>) -> Running<'a, ()> {
        let make: part_write::Make = |plan, cells| Ok(Box::new(plan.row::<M>(cells)?));
        let query = self.query();
        Running::then(part_write::save(db.into(), &mut self.part, query, make), Ok)
    }

    /// Reads these fields too, or again, with one query: `row.read(db, |n| (n.body(), n.views()))`. A value that was set
    /// and not saved is forgotten.
    pub fn read<'a, A: Selection>(
        &'a mut self,
        db: impl Into<Db<'a>>,
        fields: impl FnOnce(M::Columns) -> A,
    ) -> Running<'a, ()> {
        let (paths, query) = (paths_of(fields(columns::<M>())), self.query());
        Running::then(part_write::read(db.into(), &mut self.part, query, paths), Ok)
    }

    /// The whole row, as it is now, with one query; and in it what was set here and is not saved.
    pub fn load<'a>(&self, db: impl Into<Db<'a>>) -> Running<'a, M> {
        let (query, given) = (self.query(), self.part.given_values());
        Running::then(part_write::whole(db.into(), query, given), |(answer, registry, given)| {
            let Answer { mut rows, plan, .. } = answer;
            let mut row: M = match rows.iter_mut().next() {
                Some(cells) => plan.row(cells)?,
                None => return Err(Error::other("the database gave no row")),
            };
            set_fields(registry, &mut row, given)?;
            Ok(row)
        })
    }

    /// Deletes the row, with what refers to it, by the rules of the relations.
    pub fn delete<'a>(&self, db: impl Into<Db<'a>>) -> Running<'a, Deleted> {
        QuerySet::<M>::from(self.query()).delete(db)
    }

    /// The query of this row.
    fn query(&self) -> Query {
        let mut query = Query::of(M::APP_LABEL, M::DEF.name);
        query.steps.push(quintet_core::query::Step::Filter(ask::has_key(self.key.to_value())));
        query
    }
}

impl<M: Model> Clone for Partly<M> {
    fn clone(&self) -> Self {
        Self { key: self.key.clone(), part: self.part.clone(), of: PhantomData }
    }
}

impl<M: Model> fmt::Debug for Partly<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Partly({} {:?}, without {})", M::DEF.name, self.key, self.deferred_fields().join(", "))
    }
}

/// The row as what a key is compared with: `|r| r.note().eq(&row)`.
impl<T: Model> Operand<Key<T>> for &Partly<T> {
    fn operand(self) -> Expr {
        Expr::Value(self.key.to_value())
    }
}
