//! From cells to rows of models: where each column stands in what a database gave.
//!
//! A [`Layout`] is found once for an answer, from the names of its outputs; reading a row looks up nothing.

use std::collections::HashMap;
use std::sync::Arc;

use quintet_core::query::{ModelId, Registry, Way};
use quintet_core::schema::{Kind, Value};

use super::loaded::loaded;
use super::part::Part;
use super::prefetch::Fetched;
use super::related::{LinkName, Origin};
use super::selection::Shape;
use crate::error::{Error, Result};
use crate::model::{FieldType, Model};
use crate::rows::Cell;

/// Where a column stands, and what it is.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The cell's place; `None` where it was left out.
    at: Option<usize>,
    /// Digits behind the point that a decimal number has: SQLite forgets them.
    decimals: Option<u32>,
    /// Whether it is a key, whose value has a name of its own: `author_id`.
    is_link: bool,
}

impl Place {
    pub(crate) fn new(at: Option<usize>, kind: Option<&Kind>) -> Self {
        let decimals = match kind {
            Some(Kind::Decimal { decimal_places, .. }) => *decimal_places,
            _ => None,
        };
        Self { at, decimals, is_link: false }
    }

    #[inline]
    pub(super) fn take(&self, cells: &mut [Cell]) -> Cell {
        let cell = self.at.and_then(|at| cells.get_mut(at)).map(std::mem::take).unwrap_or_default();
        match self.decimals {
            Some(digits) if matches!(cell, Cell::Float(_) | Cell::Int(_)) => rounded(cell, digits),
            _ => cell,
        }
    }

    pub(crate) fn place(&self) -> Option<usize> {
        self.at
    }

    fn look<'r>(&self, cells: &'r [Cell]) -> Option<&'r Cell> {
        self.at.and_then(|at| cells.get(at))
    }
}

fn rounded(cell: Cell, digits: u32) -> Cell {
    let text = crate::model::cells::decimal(cell.clone()).map(|mut number| {
        number = number.round_dp(digits);
        number.rescale(digits);
        number.to_string()
    });
    text.map_or(cell, Cell::Decimal)
}

/// Where the columns of a model stand, and those of its parents and of rows that came along.
#[derive(Clone, Debug)]
pub struct Layout {
    label: String,
    names: Vec<String>,
    columns: Vec<Place>,
    key: Option<Place>,
    parents: Vec<(usize, Self)>,
    joined: Vec<(usize, Self)>,
    fetched: Vec<(usize, Arc<Fetched>)>,
    /// Rows behind what is no field of the model: one to one, seen from the other side.
    back: Vec<(String, Self)>,
    /// Whether all columns are there.
    is_whole: bool,
    many: Vec<(Arc<LinkName>, Place, Option<Arc<Fetched>>)>,
}

impl Layout {
    /// Of a model. `find` tells the cell of a column of the model, by its place among the columns of the registry.
    pub(crate) fn new(registry: &Registry, model: ModelId, find: &dyn Fn(usize) -> Option<usize>) -> Self {
        Self::level(registry, model, registry.model(model).concrete, find)
    }

    /// The part of it that one of the tables has: the model's own, or a parent's.
    fn level(registry: &Registry, root: ModelId, at: ModelId, find: &dyn Fn(usize) -> Option<usize>) -> Self {
        let (info, own) = (registry.model(root), registry.model(at));
        let place_of = |owner: ModelId, name: &str| {
            let column = info.columns.iter().position(|column| column.owner == owner && column.name == name);
            Place::new(column.and_then(find), column.map(|column| &info.columns[column].kind))
        };
        let mut layout = Self {
            label: own.label(),
            names: Vec::with_capacity(own.columns.len()),
            columns: Vec::with_capacity(own.columns.len()),
            key: None,
            parents: vec![],
            joined: vec![],
            fetched: vec![],
            back: vec![],
            is_whole: true,
            many: vec![],
        };
        if let [key] = own.key.as_slice() {
            let key = &own.columns[*key];
            layout.key = Some(place_of(key.owner, &key.name));
        }
        let own_columns = info.columns.iter().enumerate().filter(|(_, column)| column.owner == at);
        for (number, (place, column)) in own_columns.enumerate() {
            let relation = column.field.relation();
            let is_parent = relation.is_some_and(|relation| relation.parent_link);
            if let Some(link) = is_parent.then(|| own.links.get(&column.name)).flatten() {
                let parent = Self::level(registry, root, registry.model(link.target).concrete, find);
                layout.is_whole &= parent.is_whole;
                layout.parents.push((number, parent));
            }
            let at = find(place);
            layout.is_whole &= at.is_some();
            layout.names.push(column.name.clone());
            layout.columns.push(Place { is_link: relation.is_some(), ..Place::new(at, Some(&column.kind)) });
        }
        for (name, _) in own.state.fields.iter().filter(|(_, field)| field.kind.many_to_many().is_some()) {
            let Some(link) = own.links.get(name) else { continue };
            let Way::Between { here, .. } = link.way else { continue };
            let here = &own.columns[here];
            let link_name = LinkName::forwards(registry, at, name);
            layout.many.push((Arc::new(link_name), place_of(here.owner, &here.name), None));
        }
        layout
    }

    fn part_mut(&mut self, field: &str) -> Option<(usize, &mut Self)> {
        if let Some(at) = self.names.iter().position(|name| name == field) {
            return Some((at, self));
        }
        self.parents.iter_mut().find_map(|(_, parent)| parent.part_mut(field))
    }

    /// Rows behind a key that came in the same row.
    pub(crate) fn join(&mut self, field: &str, other: Self) {
        if let Some((at, part)) = self.part_mut(field) {
            part.joined.push((at, other));
        } else {
            self.back.push((field.to_owned(), other));
        }
    }

    /// A field with a column, by its name or that of its value: the model's part that has it, and its place there.
    pub(super) fn part(&self, field: &str) -> Option<(&Self, usize)> {
        let is_it = |(at, name): (usize, &String)| {
            name == field || self.columns[at].is_link && field.strip_suffix("_id") == Some(name)
        };
        if let Some(at) = self.names.iter().enumerate().position(is_it) {
            return Some((self, at));
        }
        self.parents.iter().find_map(|(_, parent)| parent.part(field))
    }

    /// The many-to-many field of this name: the model's part that has it, and its place there.
    pub(super) fn many(&self, field: &str) -> Option<(&Self, usize)> {
        match self.many.iter().position(|(link, ..)| link.field == field) {
            Some(at) => Some((self, at)),
            None => self.parents.iter().find_map(|(_, parent)| parent.many(field)),
        }
    }

    /// The parent's part behind this field.
    pub(super) fn parent(&self, field: &str) -> Option<&Self> {
        let (part, at) = self.part(field)?;
        part.parents.iter().find(|(place, _)| *place == at).map(|(_, parent)| parent)
    }

    /// The row of another model that came along in the same row.
    pub(super) fn beyond(&self, relation: &str) -> Option<&Self> {
        if let Some((part, at)) = self.part(relation) {
            return part.joined.iter().find(|(place, _)| *place == at).map(|(_, layout)| layout);
        }
        self.back.iter().find(|(name, _)| name == relation).map(|(_, layout)| layout)
    }

    /// Whether there is a row at all.
    pub(super) fn is_there(&self, cells: &[Cell]) -> bool {
        self.key.as_ref().is_none_or(|key| key.look(cells).is_some_and(|cell| !cell.is_null()))
    }

    /// The name of a field.
    pub(super) fn name(&self, at: usize) -> &str {
        self.names.get(at).map_or("", String::as_str)
    }

    /// Where a column stands.
    pub(super) fn column(&self, at: usize) -> Option<&Place> {
        self.columns.get(at)
    }

    /// The fields with a column that were left out, the parents' too.
    pub(super) fn left_out(&self) -> Vec<&str> {
        let own = self.names.iter().zip(&self.columns).filter(|(_, place)| place.at.is_none());
        let own = own.map(|(name, _)| name.as_str());
        self.parents.iter().flat_map(|(_, parent)| parent.left_out()).chain(own).collect()
    }

    /// The model, `app.Name`.
    pub(super) fn label(&self) -> &str {
        &self.label
    }

    /// Rows that came by another query: behind a key, or of a many-to-many field.
    pub(crate) fn fetch(&mut self, field: &str, rows: Arc<Fetched>) {
        if let Some(many) = self.many.iter_mut().find(|(link, ..)| link.field == field) {
            many.2 = Some(rows);
        } else if let Some((at, part)) = self.part_mut(field) {
            part.fetched.push((at, rows));
        } else {
            for (_, parent) in &mut self.parents {
                parent.fetch(field, Arc::clone(&rows));
            }
        }
    }
}

/// How the rows of an answer are read.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub(crate) rows: Option<Arc<Layout>>,
    pub(crate) values: Vec<(Place, Option<Kind>)>,
    /// Rows of other queries that stand beside each row.
    pub(crate) beside: Vec<(Place, Arc<Fetched>)>,
    /// What is known of the columns besides, where not all of them were asked for.
    pub(crate) partly: Option<Arc<Known>>,
}

/// What rows that were read in part know of their cells.
#[derive(Debug)]
pub(crate) struct Known {
    /// The cells of the primary key.
    pub(crate) key: Vec<usize>,
    /// The kinds of the columns; they stand before all values.
    pub(crate) kinds: Vec<Option<Kind>>,
}

impl Plan {
    /// The row of the model.
    pub(crate) fn row<M: Model>(&self, row: &mut [Cell]) -> Result<M> {
        let layout = self.rows.as_ref().ok_or_else(|| Error::other("the answer has no row of the model"))?;
        M::read(&mut Reader::new(row, layout))
    }

    /// The row of the model, as far as it was asked for.
    pub(crate) fn part(&self, row: &mut [Cell]) -> Result<Part> {
        let (Some(layout), Some(known)) = (&self.rows, &self.partly) else {
            return Err(Error::other("the answer has no row of the model"));
        };
        let cells = (0..known.kinds.len()).map(|at| row.get_mut(at).map(std::mem::take).unwrap_or_default()).collect();
        Ok(Part::new(Arc::clone(layout), Arc::clone(known), cells))
    }

    /// The next value.
    pub(crate) fn value<F: FieldType>(&self, row: &mut [Cell], at: &mut usize) -> Result<F> {
        let cell = self.values.get(*at).map(|(place, _)| place.take(row)).unwrap_or_default();
        *at += 1;
        if cell.is_null() && !F::NULLABLE {
            return Err(null_error().with_hint("behind a relation that may lead nowhere, write `.optional()`"));
        }
        F::from_cell(cell)
    }

    /// The next value, which is a list.
    pub(crate) fn list<F: FieldType>(&self, row: &mut [Cell], at: &mut usize) -> Result<Option<Vec<F>>> {
        let cell = self.values.get(*at).map(|(place, _)| place.take(row)).unwrap_or_default();
        *at += 1;
        let one = |cell: Cell| match cell.is_null() && !F::NULLABLE {
            true => Err(null_error().with_hint("a list that may hold null is one of `.optional()`")),
            false => F::from_cell(cell),
        };
        match cell {
            Cell::Null => Ok(None),
            Cell::List(cells) => cells.into_iter().map(one).collect::<Result<_>>().map(Some),
            other => Err(Error::other(format!("the database gave {}, not a list", other.noun()))),
        }
    }

    /// The rows that stand beside the row.
    pub(crate) fn beside<R: Model, T: Shape<R>>(&self, row: &[Cell], number: usize) -> Result<Vec<T::Row>> {
        let Some((place, fetched)) = self.beside.get(number) else { return Ok(vec![]) };
        place.look(row).map_or(Ok(vec![]), |owner| fetched.shaped::<R, T>(&owner.clone().into()))
    }

    /// All values, whatever they are.
    pub(crate) fn values(&self, row: &mut [Cell]) -> Vec<Value> {
        self.values.iter().map(|(place, kind)| loaded(place.take(row), kind.as_ref())).collect()
    }
}

/// What is said where null came and no `Option` waits for it.
pub(crate) fn null_error() -> Error {
    Error::other("the database gave null for a field that is no `Option`")
}

/// Reads a row of a model, field after field.
pub struct Reader<'r> {
    cells: &'r mut [Cell],
    layout: &'r Layout,
    next: usize,
    next_many: usize,
    many: Vec<Option<Origin>>,
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reader({}, field {})", self.layout.label, self.next)
    }
}

impl<'r> Reader<'r> {
    pub(crate) fn new(cells: &'r mut [Cell], layout: &'r Layout) -> Self {
        // Before the key's cell is taken: many-to-many fields hold it too.
        let many = layout.many.iter().map(|(link, place, _)| {
            let owner = place.look(cells).filter(|cell| !cell.is_null())?;
            Some(Origin::new(Arc::clone(link), owner.clone().into()))
        });
        let many = many.collect();
        Self { cells, layout, next: 0, next_many: 0, many }
    }

    /// Begins at one of the fields that have a column, and at one of those of many.
    pub(crate) fn begin(mut self, next: usize, next_many: usize) -> Self {
        (self.next, self.next_many) = (next, next_many);
        self
    }

    /// The next field.
    pub fn read<F: FieldType>(&mut self) -> Result<F> {
        F::read(self)
    }

    /// The next field, where its cell is of just the kind that it mostly is.
    #[inline]
    pub(crate) fn at_once<F: FieldType>(&mut self) -> Option<F> {
        let at = self.layout.columns.get(self.next)?.at?;
        let value = F::at_once(self.cells.get_mut(at)?)?;
        self.next += 1;
        Some(value)
    }

    /// The cell of the next field that has a column.
    #[inline]
    pub fn take(&mut self) -> Cell {
        let cell = self.layout.columns.get(self.next).map(|place| place.take(self.cells)).unwrap_or_default();
        self.next += 1;
        cell
    }

    /// Whether the next is null.
    pub fn is_null(&self) -> bool {
        let cell = self.layout.columns.get(self.next).and_then(|place| place.look(self.cells));
        cell.is_none_or(Cell::is_null)
    }

    /// Says of which field an error is.
    #[allow(clippy::needless_pass_by_value, reason = "the error is replaced")]
    pub fn explain(&self, error: Error) -> Error {
        let field = self.next.checked_sub(1).and_then(|at| self.layout.names.get(at));
        let field = field.map_or("?", String::as_str);
        Error::new(error.kind(), format!("`{}.{field}`: {}", self.layout.label, error.message()))
    }

    /// A key, and the row behind it where that came along.
    pub(crate) fn key<T: Model>(&mut self) -> Result<(Cell, Option<Arc<T>>)> {
        let at = self.next;
        let cell = self.take();
        if cell.is_null() {
            return Ok((cell, None));
        }
        if let Some((_, layout)) = self.layout.joined.iter().find(|(place, _)| *place == at) {
            let is_there = layout.is_whole && layout.is_there(self.cells);
            let row = is_there.then(|| T::read(&mut Reader::new(self.cells, layout))).transpose()?;
            return Ok((cell, row.map(Arc::new)));
        }
        if let Some((_, fetched)) = self.layout.fetched.iter().find(|(place, _)| *place == at) {
            let row = fetched.one::<T>(&cell)?;
            return Ok((cell, row));
        }
        Ok((cell, None))
    }

    /// The key of the parent's row, and that row.
    pub(crate) fn parent<T: Model>(&mut self) -> Result<(Cell, Option<T>)> {
        let at = self.next;
        let cell = self.take();
        let layout = self.layout.parents.iter().find(|(place, _)| *place == at).map(|(_, layout)| layout);
        let row = layout
            .filter(|layout| layout.is_whole)
            .map(|layout| T::read(&mut Reader::new(self.cells, layout)))
            .transpose()?;
        Ok((cell, row))
    }

    /// Who has the next many-to-many field, and its rows where they came along.
    pub(crate) fn many<T: Model>(&mut self) -> Result<Belonging<T>> {
        let at = self.next_many;
        self.next_many += 1;
        let origin = self.many.get_mut(at).and_then(Option::take);
        let fetched = self.layout.many.get(at).and_then(|(.., fetched)| fetched.as_ref());
        let rows = match (fetched, &origin) {
            (Some(fetched), Some(origin)) => Some(fetched.many::<T>(&origin.owner)?),
            _ => None,
        };
        Ok((origin, rows))
    }
}

/// Whom the rows of a many-to-many field belong to, and the rows where they came along.
pub(crate) type Belonging<T> = (Option<Origin>, Option<Arc<Vec<T>>>);

/// Rows by what they are found by.
pub(crate) type Index = HashMap<String, Vec<usize>>;
