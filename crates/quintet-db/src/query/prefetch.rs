//! Rows of other models that come along by queries of their own, one for all rows.

use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use quintet_core::query::{Name, Query, QueryError};
use quintet_core::schema::Value;

use super::read::{Index, Plan};
use super::selection::Shape;
use crate::error::Result;
use crate::model::Model;
use crate::rows::{Cell, Rows};

/// What comes along.
#[derive(Clone, Debug)]
pub(crate) struct Prefetch {
    /// The way there, from the model of the query: one name.
    pub(crate) link: Name,
    /// Which rows; all of the other model unless said.
    pub(crate) query: Option<Query>,
    pub(crate) wrong: Option<QueryError>,
    /// What comes along with those.
    pub(crate) nested: Vec<Self>,
    /// Whether they stand beside each row, instead of in a field.
    pub(crate) is_beside: bool,
}

/// Rows that came along.
pub(crate) struct Fetched {
    rows: Rows,
    plan: Plan,
    index: Index,
    /// Rows that were read already, by their numbers: many rows may have the same.
    read: Mutex<HashMap<usize, Arc<dyn Any + Send + Sync>>>,
}

impl fmt::Debug for Fetched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fetched({} rows)", self.rows.len())
    }
}

/// A value as what rows are found by: numbers and text of both databases are equal where they mean the same.
pub(crate) fn index_key(value: &Value) -> String {
    match value {
        Value::Int(number) => number.to_string(),
        Value::Text(text) | Value::Decimal(text) => text.clone(),
        Value::Uuid(text) => text.replace('-', ""),
        other => format!("{other:?}"),
    }
}

impl Fetched {
    /// Rows and by which cell each of them is found.
    pub(crate) fn new(rows: Rows, plan: Plan, found_by: usize) -> Self {
        let mut index = Index::new();
        for (number, row) in rows.iter().enumerate() {
            if let Some(cell) = row.get(found_by).filter(|cell| !cell.is_null()) {
                index.entry(index_key(&cell.clone().into())).or_default().push(number);
            }
        }
        Self { rows, plan, index, read: Mutex::default() }
    }

    fn cells(&self, number: usize) -> Vec<Cell> {
        self.rows.get(number).unwrap_or_default().to_vec()
    }

    fn read<T: Model>(&self, number: usize) -> Result<T> {
        self.plan.row(&mut self.cells(number))
    }

    /// The row with this key.
    pub(crate) fn one<T: Model>(&self, key: &Cell) -> Result<Option<Arc<T>>> {
        let key = index_key(&key.clone().into());
        let Some(number) = self.index.get(&key).and_then(|rows| rows.first()).copied() else { return Ok(None) };
        let known = self.read.lock().unwrap_or_else(PoisonError::into_inner).get(&number).cloned();
        if let Some(row) = known.and_then(|row| row.downcast::<T>().ok()) {
            return Ok(Some(row));
        }
        let row = Arc::new(self.read::<T>(number)?);
        let known: Arc<dyn Any + Send + Sync> = row.clone();
        self.read.lock().unwrap_or_else(PoisonError::into_inner).insert(number, known);
        Ok(Some(row))
    }

    /// The rows of this owner.
    pub(crate) fn many<T: Model>(&self, owner: &Value) -> Result<Arc<Vec<T>>> {
        self.of(owner).iter().map(|number| self.read(*number)).collect::<Result<_>>().map(Arc::new)
    }

    /// The same in the shape of their query.
    pub(crate) fn shaped<M: Model, T: Shape<M>>(&self, owner: &Value) -> Result<Vec<T::Row>> {
        self.of(owner).iter().map(|number| T::read(&mut self.cells(*number), &self.plan)).collect()
    }

    fn of(&self, owner: &Value) -> &[usize] {
        self.index.get(&index_key(owner)).map(Vec::as_slice).unwrap_or_default()
    }
}
