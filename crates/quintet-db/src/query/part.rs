//! A row that was read in part, without the type of its model: the cells that came, where they stand, and what was read
//! or set since.

use std::sync::Arc;

use quintet_core::query::{Expr, Name, Path, QueryError};
use quintet_core::schema::Value;

use super::loaded::loaded;
use super::read::{Known, Layout};
use crate::error::{Error, ErrorKind, Result};
use crate::rows::Cell;

/// Some fields of a row.
#[derive(Clone)]
pub(crate) struct Part {
    layout: Arc<Layout>,
    known: Arc<Known>,
    cells: Vec<Cell>,
    /// Fields that were read or written since. Nothing where the database computed the value, so that it is not known.
    later: Vec<(String, Option<Value>)>,
    /// Fields that were set, and are not written yet.
    given: Vec<(String, Expr)>,
}

/// Where a field of a row is found.
pub(super) enum Held<'p> {
    /// It was read or set later.
    Value(&'p Value),
    /// Among the cells: the layout that has it, and its place there.
    Column(&'p Layout, usize),
    /// A many-to-many field.
    Many(&'p Layout, usize),
    /// Behind this relation, which leads to no row.
    Nothing(String),
}

impl Part {
    pub(super) fn new(layout: Arc<Layout>, known: Arc<Known>, cells: Vec<Cell>) -> Self {
        Self { layout, known, cells, later: vec![], given: vec![] }
    }

    pub(super) fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The primary key; of several fields as a list.
    pub(super) fn key(&self) -> Cell {
        let cell = |at: &usize| self.cells.get(*at).cloned().unwrap_or_default();
        match self.known.key.as_slice() {
            [one] => cell(one),
            many => Cell::List(many.iter().map(cell).collect()),
        }
    }

    /// Finds a field.
    pub(super) fn held(&self, path: &Path) -> Result<Held<'_>> {
        let mut names = path.names();
        // What a parent has, the row itself has.
        while let [parent, _, ..] = names
            && self.layout.parent(parent).is_some()
        {
            names = &names[1..];
        }
        if let [name] = names {
            let name = self.own_name(name);
            match self.given.iter().find(|(own, _)| own == name) {
                Some((_, Expr::Value(value))) => return Ok(Held::Value(value)),
                Some(_) => return Err(self.computed(name)),
                None => {}
            }
            match self.later.iter().find(|(own, _)| own == name) {
                Some((_, Some(value))) => return Ok(Held::Value(value)),
                Some((_, None)) => return Err(not_read(&self.layout, name)),
                None => {}
            }
        }
        let mut layout = &*self.layout;
        while let [relation, rest @ ..] = names
            && !rest.is_empty()
        {
            layout = layout.parent(relation).or_else(|| layout.beyond(relation)).ok_or_else(|| {
                Error::new(ErrorKind::Usage, format!("no row behind `{}.{relation}` came along", layout.label()))
                    .with_hint(format!("`select_related` brings it; the key alone is `{relation}().key()`"))
            })?;
            if !layout.is_there(&self.cells) {
                return Ok(Held::Nothing(relation.to_string()));
            }
            names = rest;
        }
        let name = names.first().map_or("", |name| &**name);
        if let Some((part, at)) = layout.part(name) {
            let is_read = part.column(at).is_some_and(|place| place.place().is_some());
            return if is_read { Ok(Held::Column(part, at)) } else { Err(not_read(layout, name)) };
        }
        if let Some((part, at)) = layout.many(name) {
            return Ok(Held::Many(part, at));
        }
        Err(QueryError::name(format!("a row of `{}` holds no field `{name}`", layout.label())).into())
    }

    /// A field as a value.
    pub(super) fn value(&self, path: &Path) -> Result<Value> {
        match self.held(path)? {
            Held::Value(value) => Ok(value.clone()),
            Held::Nothing(_) => Ok(Value::Null),
            Held::Many(..) => Err(QueryError::usage(format!("`{path}` is not one value, but rows")).into()),
            Held::Column(layout, at) => {
                let Some(place) = layout.column(at) else { return Ok(Value::Null) };
                let kind = place.place().and_then(|at| self.known.kinds.get(at)).and_then(Option::as_ref);
                Ok(loaded(place.take(&mut self.cells.clone()), kind))
            }
        }
    }

    /// The field's own name: its value may have another.
    fn own_name<'n>(&'n self, name: &'n str) -> &'n str {
        self.layout.part(name).map_or(name, |(part, at)| part.name(at))
    }

    /// The fields that were not read.
    pub(super) fn left_out(&self) -> Vec<&str> {
        let is_known = |name: &str| {
            let later = self.later.iter().any(|(own, value)| own == name && value.is_some());
            later || self.given.iter().any(|(own, _)| own == name)
        };
        self.layout.left_out().into_iter().filter(|name| !is_known(name)).collect()
    }

    /// A field gets another value, which is not written yet.
    pub(super) fn give(&mut self, name: &Name, value: Expr) {
        let name = self.own_name(name).to_owned();
        self.given.retain(|(own, _)| *own != name);
        self.given.push((name, value));
    }

    /// What was set and not written.
    pub(super) fn given(&self) -> &[(String, Expr)] {
        &self.given
    }

    /// The same as plain values.
    pub(super) fn given_values(&self) -> Result<Vec<(String, Value)>> {
        let value = |(name, value): &(String, Expr)| match value {
            Expr::Value(value) => Ok((name.clone(), value.clone())),
            _ => Err(self.computed(name)),
        };
        self.given.iter().map(value).collect()
    }

    /// A field was read, or written as this; nothing where it is not known as what.
    pub(super) fn know(&mut self, name: &str, value: Option<Value>) {
        let name = self.own_name(name).to_owned();
        self.given.retain(|(own, _)| *own != name);
        self.later.retain(|(own, _)| *own != name);
        self.later.push((name, value));
    }

    fn computed(&self, name: &str) -> Error {
        let message = format!("`{}.{name}` was set to what the database computes", self.layout.label());
        Error::new(ErrorKind::Usage, message).with_hint("save the row, and read the field again: `row.read(db, ..)`")
    }
}

fn not_read(layout: &Layout, name: &str) -> Error {
    Error::new(ErrorKind::Usage, format!("`{}.{name}` was not read", layout.label()))
        .with_hint("name it in `only`, leave it out of `defer`, or take the whole row: `row.load(db)`")
}
