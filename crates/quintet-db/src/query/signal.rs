//! Receivers: functions of a project that are told what happens to rows, `on::<Note>().post_save(index)`.
//!
//! They stand in the list `signals` of an app, so that nothing is told by accident of what was loaded. They run within the
//! call that they are told of and within its transaction: one that fails undoes it. Statements that touch many rows at
//! once, `update` and `bulk_create`, tell nobody. `post_migrate(fill)` is told of a database that was migrated.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use quintet_core::query::{Assign, Expr, ModelId, QueryError, Registry};
use quintet_core::schema::Value;

use super::ask::cell_of;
use super::assign::Assignment;
use super::columns;
use super::migrated::Migrated;
use super::order::OneOrMore;
use super::read::{Layout, Place, Plan, Reader};
use super::relation::{Many, path_of};
use super::selection::Selection;
use crate::database::{Boxed, Db};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::rows::Cell;

/// Receivers of what happens to the rows of a model: `on::<Note>().post_save(index)`.
pub fn on<M: Model>() -> On<M> {
    On(PhantomData)
}

/// A model, to name what of it is told: see [`on`].
#[must_use = "a receiver is made by one of the methods"]
pub struct On<M>(PhantomData<fn() -> M>);

impl<M> fmt::Debug for On<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("On")
    }
}

impl<M: Model> On<M> {
    /// Before a row is written: `async fn fill(db: Db<'_>, note: Saving<'_, Note>) -> DbResult<()>`.
    pub fn pre_save<F: for<'a> Receives<'a, Saving<'a, M>>>(self, receiver: F) -> Receiver {
        Receiver::of::<M>(When::PreSave(Arc::new(move |db, values| {
            receiver.receive(db, Saving { values, of: PhantomData })
        })))
    }

    /// After a row was written: `async fn index(db: Db<'_>, note: Saved<'_, Note>) -> DbResult<()>`.
    pub fn post_save<F: for<'a> Receives<'a, Saved<'a, M>>>(self, receiver: F) -> Receiver {
        Receiver::of::<M>(When::PostSave(Arc::new(move |db, row, is_new| match row.downcast_ref() {
            Some(row) => receiver.receive(db, Saved { row, is_new }),
            None => nothing(),
        })))
    }

    /// Before a row is deleted, by itself, by a query or with another: `async fn(db: Db<'_>, note: &Note) -> ..`.
    pub fn pre_delete<F: for<'a> Receives<'a, &'a M>>(self, receiver: F) -> Receiver {
        Receiver::of::<M>(When::PreDelete(deleting(receiver)))
    }

    /// After it was.
    pub fn post_delete<F: for<'a> Receives<'a, &'a M>>(self, receiver: F) -> Receiver {
        Receiver::of::<M>(When::PostDelete(deleting(receiver)))
    }

    /// Before and after rows are added to or taken from a relation of many, from either side:
    /// `on::<Note>().many_changed(|n| n.tags(), count)`.
    pub fn many_changed<T: Model, F: for<'a> Receives<'a, ManyChange<'a>>>(
        self,
        field: impl FnOnce(M::Columns) -> Many<T>,
        receiver: F,
    ) -> Receiver {
        let field = field(columns::<M>()).path().to_string();
        Receiver::of::<M>(When::ManyChanged(field, Arc::new(move |db, change| receiver.receive(db, change))))
    }
}

fn deleting<M: Model, F: for<'a> Receives<'a, &'a M>>(receiver: F) -> Arc<OnDelete> {
    Arc::new(move |db, row| match row.downcast_ref() {
        Some(row) => receiver.receive(db, row),
        None => nothing(),
    })
}

fn nothing<'a>() -> Boxed<'a, Result<()>> {
    Box::pin(std::future::ready(Ok(())))
}

/// What a receiver is: an `async fn` with a [`Db`] and what it is told.
#[diagnostic::on_unimplemented(
    message = "this is no receiver of that",
    note = "a receiver is an `async fn name(db: Db<'_>, row: ..) -> DbResult<()>`, whose future is `Send`"
)]
pub trait Receives<'a, A>: Send + Sync + 'static {
    /// Calls it.
    fn receive(&self, db: Db<'a>, what: A) -> Boxed<'a, Result<()>>;
}

impl<'a, A, F, R> Receives<'a, A> for F
where
    F: Fn(Db<'a>, A) -> R + Send + Sync + 'static,
    R: Future<Output = Result<()>> + Send + 'a,
{
    fn receive(&self, db: Db<'a>, what: A) -> Boxed<'a, Result<()>> {
        Box::pin(self(db, what))
    }
}

/// A row that is about to be written: its fields, to look at and to change.
pub struct Saving<'a, M> {
    values: &'a mut Vec<Assign>,
    of: PhantomData<fn() -> M>,
}

impl<M: Model> Saving<'_, M> {
    /// What fields will have: `note.get(|n| (n.title(), n.views()))`.
    ///
    /// # Errors
    /// The database has still to give it, or it is computed there, as `now()` in `create!`.
    pub fn get<A: Selection>(&self, fields: impl FnOnce(M::Columns) -> A) -> Result<A::Output> {
        let mut exprs = vec![];
        fields(columns::<M>()).exprs(&mut exprs);
        let mut cells = vec![];
        for expr in &exprs {
            let name = path_of(expr).to_string();
            match self.values.iter().find(|value| value.field == *name).map(|value| &value.value) {
                Some(Expr::Value(value)) => cells.push(cell_of(value.clone())),
                _ => return Err(QueryError::usage(format!("`{name}` is not known before the row is written")).into()),
            }
        }
        let places = (0..cells.len()).map(|at| (Place::new(Some(at), None), None)).collect();
        A::read(&mut cells, &Plan { values: places, ..Plan::default() }, &mut 0)
    }

    /// Other values: `note.set(|n| n.title().set("x"))`.
    ///
    /// # Errors
    /// What is set is no field of the model itself.
    pub fn set<A: OneOrMore<Assignment>>(&mut self, values: impl FnOnce(M::Columns) -> A) -> Result<()> {
        for value in values(columns::<M>()).all() {
            let value = value.into_ast()?;
            self.values.retain(|old| old.field != value.field);
            self.values.push(value);
        }
        Ok(())
    }
}

impl<M> fmt::Debug for Saving<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Saving({:?})", self.values)
    }
}

/// A row that was written.
#[derive(Clone, Copy, Debug)]
pub struct Saved<'a, M> {
    row: &'a M,
    /// Whether it was made just now.
    pub is_new: bool,
}

impl<M> Deref for Saved<'_, M> {
    type Target = M;

    fn deref(&self) -> &M {
        self.row
    }
}

/// What happens to a relation of many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManyAction {
    /// Rows are about to be added.
    PreAdd,
    /// Rows were added.
    PostAdd,
    /// Rows are about to be taken away.
    PreRemove,
    /// Rows were taken away.
    PostRemove,
    /// All are about to be taken away.
    PreClear,
    /// All were taken away.
    PostClear,
}

/// A change of a relation of many.
#[derive(Clone, Copy, Debug)]
pub struct ManyChange<'a> {
    /// What happens.
    pub action: ManyAction,
    /// Whether it is done from the side that does not declare the field.
    pub is_back: bool,
    /// The row whose relation changes: what the others are referred to from.
    pub owner: &'a Value,
    /// The rows that come or go, of those to add only the new ones; none where all go.
    pub keys: &'a [Value],
}

type OnSaving = dyn for<'a> Fn(Db<'a>, &'a mut Vec<Assign>) -> Boxed<'a, Result<()>> + Send + Sync;
type OnSaved = dyn for<'a> Fn(Db<'a>, &'a Row, bool) -> Boxed<'a, Result<()>> + Send + Sync;
type OnDelete = dyn for<'a> Fn(Db<'a>, &'a Row) -> Boxed<'a, Result<()>> + Send + Sync;
type OnMany = dyn for<'a> Fn(Db<'a>, ManyChange<'a>) -> Boxed<'a, Result<()>> + Send + Sync;

/// A row of whichever model.
pub(crate) type Row = dyn Any + Send + Sync;

#[derive(Clone)]
enum When {
    PreSave(Arc<OnSaving>),
    PostSave(Arc<OnSaved>),
    PreDelete(Arc<OnDelete>),
    PostDelete(Arc<OnDelete>),
    ManyChanged(String, Arc<OnMany>),
}

type OnMigrated = dyn for<'a> Fn(Db<'a>, Migrated<'a>) -> Boxed<'a, Result<()>> + Send + Sync;

/// After `migrate` and `flush`, in a transaction of its own: `async fn fill(db: Db<'_>, migrated: Migrated<'_>) -> ..`.
pub fn post_migrate<F: for<'a> Receives<'a, Migrated<'a>>>(receiver: F) -> Receiver {
    Receiver(Hears::Migrated(Arc::new(move |db, migrated| receiver.receive(db, migrated))))
}

/// A function, and what it is told. Made by [`on`] and [`post_migrate`], kept in the `signals = [..]` of an app.
#[derive(Clone)]
#[must_use = "a receiver hears nothing until it stands in the `signals` of an app"]
pub struct Receiver(Hears);

#[derive(Clone)]
enum Hears {
    Rows(OfRows),
    Migrated(Arc<OnMigrated>),
}

/// A receiver of what happens to the rows of one model.
#[derive(Clone)]
struct OfRows {
    model: (&'static str, &'static str),
    make: fn(&mut Reader<'_>) -> Result<Box<Row>>,
    when: When,
}

impl Receiver {
    fn of<M: Model>(when: When) -> Self {
        let make = |reader: &mut Reader<'_>| Ok(Box::new(M::read(reader)?) as Box<Row>);
        Self(Hears::Rows(OfRows { model: (M::APP_LABEL, M::DEF.name), make, when }))
    }

    /// Whether it is one of `post_migrate`.
    pub fn hears_migrated(&self) -> bool {
        matches!(self.0, Hears::Migrated(_))
    }

    /// Tells it of a database that was migrated; one that is not of `post_migrate` does nothing.
    ///
    /// # Errors
    /// Its own.
    pub async fn tell_migrated(&self, db: Db<'_>, migrated: Migrated<'_>) -> Result<()> {
        match &self.0 {
            Hears::Migrated(run) => run(db, migrated).await,
            Hears::Rows(_) => Ok(()),
        }
    }
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Hears::Rows(rows) => write!(f, "Receiver({}.{})", rows.model.0, rows.model.1),
            Hears::Migrated(_) => f.write_str("Receiver(post_migrate)"),
        }
    }
}

/// The receivers that a database tells of its rows.
#[derive(Clone, Default)]
pub(crate) struct Receivers(Vec<OfRows>);

impl From<Vec<Receiver>> for Receivers {
    fn from(all: Vec<Receiver>) -> Self {
        let of_rows = |receiver: Receiver| match receiver.0 {
            Hears::Rows(rows) => Some(rows),
            Hears::Migrated(_) => None,
        };
        Self(all.into_iter().filter_map(of_rows).collect())
    }
}

impl Receivers {
    fn of<'r>(&'r self, (app, name): (&'r str, &'r str)) -> impl Iterator<Item = &'r OfRows> {
        self.0.iter().filter(move |receiver| receiver.model.0 == app && receiver.model.1 == name)
    }

    /// Whether anyone is told of rows that are written.
    pub(crate) fn hear_saves(&self, model: (&str, &str)) -> bool {
        self.of(model).any(|receiver| matches!(receiver.when, When::PreSave(_) | When::PostSave(_)))
    }

    /// Whether anyone is told of rows that are deleted.
    pub(crate) fn hear_deletes(&self, model: (&str, &str)) -> bool {
        self.of(model).any(|receiver| matches!(receiver.when, When::PreDelete(_) | When::PostDelete(_)))
    }

    /// Whether anyone is told of a relation of many.
    pub(crate) fn hear_many(&self, model: (&str, &str), field: &str) -> bool {
        self.of(model).any(|receiver| matches!(&receiver.when, When::ManyChanged(own, _) if own == field))
    }

    pub(crate) async fn pre_save(&self, db: Db<'_>, model: (&str, &str), values: &mut Vec<Assign>) -> Result<()> {
        for receiver in self.of(model) {
            if let When::PreSave(run) = &receiver.when {
                run(db, values).await?;
            }
        }
        Ok(())
    }

    pub(crate) async fn post_save(&self, db: Db<'_>, model: (&str, &str), row: &Row, is_new: bool) -> Result<()> {
        for receiver in self.of(model) {
            if let When::PostSave(run) = &receiver.when {
                run(db, row, is_new).await?;
            }
        }
        Ok(())
    }

    pub(crate) async fn deleting(&self, db: Db<'_>, model: (&str, &str), row: &Row, is_over: bool) -> Result<()> {
        for receiver in self.of(model) {
            match &receiver.when {
                When::PreDelete(run) if !is_over => run(db, row).await?,
                When::PostDelete(run) if is_over => run(db, row).await?,
                _ => {}
            }
        }
        Ok(())
    }

    pub(crate) async fn many_changed(
        &self,
        db: Db<'_>,
        model: (&str, &str),
        field: &str,
        change: ManyChange<'_>,
    ) -> Result<()> {
        for receiver in self.of(model) {
            match &receiver.when {
                When::ManyChanged(own, run) if own == field => run(db, change).await?,
                _ => {}
            }
        }
        Ok(())
    }

    /// A row out of what a database gave: its columns, where `layout` says.
    pub(crate) fn row(&self, model: (&str, &str), layout: &Layout, mut cells: Vec<Cell>) -> Result<Box<Row>> {
        let receiver = self.of(model).next().ok_or_else(|| Error::other("nobody is told of this row"))?;
        (receiver.make)(&mut Reader::new(&mut cells, layout))
    }

    /// The same of a row with all columns in the order of the registry.
    pub(crate) fn whole_row(
        &self,
        registry: &Registry,
        (as_model, model): ((&str, &str), ModelId),
        cells: &[Cell],
    ) -> Result<Box<Row>> {
        self.row(as_model, &Layout::new(registry, model, &Some), cells.to_vec())
    }
}
