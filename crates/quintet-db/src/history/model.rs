//! A model as it was: rows by key, by equality, in batches; made, saved and deleted.

use std::sync::{Arc, OnceLock};

use quintet_core::schema::{Initial, Kind, ModelState, ProjectState, Value};
use quintet_core::sql::Dialect;

use super::columns::{self, Column};
use super::row::{HistoricalRow, Shape};
use super::{delete, storage};
use crate::database::Db;
use crate::error::{Error, Result};
use crate::models::Models;
use crate::query::automatic;
use crate::row::Row;

/// A model as it was. A proxy works on the table that it stands before; a child on its own table, without its parent's.
#[derive(Clone, Debug)]
pub struct HistoricalModel {
    pub(super) state: Arc<ProjectState>,
    pub(super) dialect: Dialect,
    pub(super) shape: Arc<Shape>,
    pub(super) model: Arc<ModelState>,
    /// For what queries do, once it is needed.
    pub(super) models: Arc<OnceLock<Arc<Models>>>,
}

impl HistoricalModel {
    pub(super) fn new(state: Arc<ProjectState>, dialect: Dialect, model: &ModelState) -> Result<Self> {
        let concrete = state.concrete(model).clone();
        let columns = columns::columns(&state, &concrete)?;
        let key = columns::primary_key(&concrete, &columns);
        let inherited = inherited(&state, &concrete);
        let shape = Arc::new(Shape { label: model.label(), columns, key, inherited });
        Ok(Self { state, dialect, shape, model: Arc::new(concrete), models: Arc::default() })
    }

    /// The row with a primary key. One of several columns is a list.
    pub async fn get(&self, db: impl Into<Db<'_>>, pk: impl Into<Value>) -> Result<HistoricalRow> {
        let pk = pk.into();
        let shown = format!("{pk:?}");
        let values = match pk {
            Value::List(values) if self.shape.key.len() != 1 => values,
            value => vec![value],
        };
        if values.len() != self.shape.key.len() || values.is_empty() {
            let label = &self.shape.label;
            return Err(Error::other(format!("the primary key of `{label}` has {} column(s)", self.shape.key.len())));
        }
        let wanted: Vec<(usize, Value)> = self.shape.key.iter().copied().zip(values).collect();
        let found = self.select(db.into(), &wanted, "").await?;
        found.into_iter().next().ok_or_else(|| Error::other(format!("`{}` has no row {shown}", self.shape.label)))
    }

    /// The rows whose fields have these values, in the order of the primary key.
    pub async fn filter(&self, db: impl Into<Db<'_>>, wanted: &[(&str, Value)]) -> Result<Vec<HistoricalRow>> {
        self.select(db.into(), &self.places(wanted)?, &self.order()).await
    }

    /// All rows, in the order of the primary key. Of a large table, take [`HistoricalModel::batches`].
    pub async fn all(&self, db: impl Into<Db<'_>>) -> Result<Vec<HistoricalRow>> {
        self.select(db.into(), &[], &self.order()).await
    }

    /// How many rows there are.
    pub async fn count(&self, db: impl Into<Db<'_>>) -> Result<i64> {
        let rows = db.into().query(&format!("SELECT COUNT(*) AS \"count\" FROM {}", self.table()), &[]).await?;
        rows.first().map_or(Ok(0), |row| row.int("count"))
    }

    /// All rows in the order of the primary key, so many at a time. Rows may be saved meanwhile.
    pub fn batches(&self, size: u32) -> Batches<'_> {
        Batches { model: self, size: size.max(1), after: None, is_over: false }
    }

    /// Makes a row. What is not given has its default; a field without one must be given.
    pub async fn create(&self, db: impl Into<Db<'_>>, given: &[(&str, Value)]) -> Result<HistoricalRow> {
        let (db, given) = (db.into(), self.places(given)?);
        let mut columns = vec![];
        let mut values = vec![];
        for (at, column) in self.shape.columns.iter().enumerate() {
            let own = given.iter().find(|(place, _)| *place == at).map(|(_, value)| value.clone());
            let value = match own {
                Some(value) => Some(self.shape.accept(at, value)?),
                None => self.initial(db, at, column)?,
            };
            if let Some(value) = value {
                columns.push(quoted(&column.column));
                values.push(storage::store(self.dialect, &column.kind, &value));
            }
        }
        let what = if columns.is_empty() {
            "DEFAULT VALUES".to_owned()
        } else {
            format!("({}) VALUES ({})", columns.join(", "), marks(1, values.len()))
        };
        let sql = format!("INSERT INTO {} {what} RETURNING {}", self.table(), self.column_list());
        let rows = db.query(&sql, &values).await?;
        let row = rows.into_iter().next().ok_or_else(|| Error::other("the database gave no row back"))?;
        self.row(row)
    }

    /// Writes what was changed in a row.
    pub async fn save(&self, db: impl Into<Db<'_>>, row: &HistoricalRow) -> Result<()> {
        let (db, mut values) = (db.into(), vec![]);
        let mut sets = vec![];
        for (at, column) in self.shape.columns.iter().enumerate() {
            let value = match automatic(db, &column.kind, false) {
                Some(value) if !row.changed[at] => value,
                _ if row.changed[at] => row.values[at].clone(),
                _ => continue,
            };
            values.push(storage::store(self.dialect, &column.kind, &value));
            sets.push(format!("{} = ${}", quoted(&column.column), values.len()));
        }
        if sets.is_empty() {
            return Ok(());
        }
        let condition = self.is_row(row, &mut values)?;
        let sql = format!("UPDATE {} SET {} WHERE {condition}", self.table(), sets.join(", "));
        match db.execute(&sql, &values).await? {
            0 => Err(Error::other(format!("`{}` has no row {:?} any more", self.shape.label, row.pk()))),
            _ => Ok(()),
        }
    }

    /// Deletes a row, with what its relations say of rows that refer to it.
    pub async fn delete(&self, db: impl Into<Db<'_>>, row: &HistoricalRow) -> Result<()> {
        delete::delete(db.into(), self, row).await
    }

    fn places(&self, named: &[(&str, Value)]) -> Result<Vec<(usize, Value)>> {
        named.iter().map(|(name, value)| Ok((self.shape.place(name)?, value.clone()))).collect()
    }

    async fn select(&self, db: Db<'_>, wanted: &[(usize, Value)], tail: &str) -> Result<Vec<HistoricalRow>> {
        let mut conditions = vec![];
        let mut values = vec![];
        for (at, value) in wanted {
            let column = &self.shape.columns[*at];
            let name = quoted(&column.column);
            if *value == Value::Null {
                conditions.push(format!("{name} IS NULL"));
                continue;
            }
            let label = format!("{}.{}", self.shape.label, column.name);
            let value = storage::accept(&label, &column.kind, value.clone())?;
            values.push(storage::store(self.dialect, &column.kind, &value));
            conditions.push(format!("{name} = ${}", values.len()));
        }
        let condition =
            if conditions.is_empty() { String::new() } else { format!("WHERE {}", conditions.join(" AND ")) };
        self.rows(db, &format!("{condition} {tail}"), &values).await
    }

    async fn rows(&self, db: Db<'_>, tail: &str, values: &[Value]) -> Result<Vec<HistoricalRow>> {
        let sql = format!("SELECT {} FROM {} {tail}", self.column_list(), self.table());
        db.query(sql.trim_end(), values).await?.into_iter().map(|row| self.row(row)).collect()
    }

    fn row(&self, row: Row) -> Result<HistoricalRow> {
        let load = |(column, value): (&Column, Value)| {
            storage::load(&format!("{}.{}", self.shape.label, column.name), &column.kind, value)
        };
        let values: Vec<Value> = self.shape.columns.iter().zip(row.into_values()).map(load).collect::<Result<_>>()?;
        Ok(HistoricalRow { shape: Arc::clone(&self.shape), changed: vec![false; values.len()], values })
    }

    /// What a field has that is not given; nothing where the database gives it.
    fn initial(&self, db: Db<'_>, at: usize, column: &Column) -> Result<Option<Value>> {
        let field = &column.field;
        if column.is_generated() || field.kind.is_auto() {
            return Ok(None);
        }
        if let Some(now) = automatic(db, &column.kind, true) {
            return Ok(Some(now));
        }
        let value = match &field.default {
            Some(Initial::Value(value)) => value.clone(),
            Some(Initial::Function(function)) => function.call(),
            None if field.db_default.is_some() => return Ok(None),
            None if field.null => Value::Null,
            None if matches!(column.kind, Kind::Binary { .. }) => Value::Bytes(vec![]),
            None if field.kind.empty_strings_allowed() => Value::Text(String::new()),
            None if matches!(field.kind, Kind::OrderWrt) => Value::Int(0),
            None => {
                let name = format!("{}.{}", self.shape.label, column.name);
                return Err(Error::other(format!("`{name}` needs a value")));
            }
        };
        self.shape.accept(at, value).map(Some)
    }

    fn is_row(&self, row: &HistoricalRow, values: &mut Vec<Value>) -> Result<String> {
        if self.shape.key.is_empty() {
            return Err(Error::other(format!("`{}` has no primary key", self.shape.label)));
        }
        if !Arc::ptr_eq(&self.shape, &row.shape) && row.shape.label != self.shape.label {
            return Err(Error::other(format!(
                "the row is one of `{}`, not of `{}`",
                row.shape.label, self.shape.label
            )));
        }
        let mut conditions = vec![];
        for at in &self.shape.key {
            let column = &self.shape.columns[*at];
            values.push(storage::store(self.dialect, &column.kind, &row.values[*at]));
            conditions.push(format!("{} = ${}", quoted(&column.column), values.len()));
        }
        Ok(conditions.join(" AND "))
    }

    pub(super) fn table(&self) -> String {
        quoted(&self.model.table())
    }

    fn column_list(&self) -> String {
        self.shape.columns.iter().map(|column| quoted(&column.column)).collect::<Vec<_>>().join(", ")
    }

    fn key_list(&self) -> String {
        self.shape.key.iter().map(|at| quoted(&self.shape.columns[*at].column)).collect::<Vec<_>>().join(", ")
    }

    fn order(&self) -> String {
        if self.shape.key.is_empty() { String::new() } else { format!("ORDER BY {}", self.key_list()) }
    }
}

/// Rows, so many at a time.
#[derive(Debug)]
pub struct Batches<'a> {
    model: &'a HistoricalModel,
    size: u32,
    after: Option<Vec<Value>>,
    is_over: bool,
}

impl Batches<'_> {
    /// The next rows; nothing where there are no more.
    pub async fn next(&mut self, db: impl Into<Db<'_>>) -> Result<Option<Vec<HistoricalRow>>> {
        let model = self.model;
        if model.shape.key.is_empty() {
            return Err(Error::other(format!("`{}` has no primary key to go by", model.shape.label)));
        }
        if self.is_over {
            return Ok(None);
        }
        let values = self.after.take().unwrap_or_default();
        let condition = if values.is_empty() {
            String::new()
        } else {
            format!("WHERE ({}) > ({}) ", model.key_list(), marks(1, values.len()))
        };
        let tail = format!("{condition}{} LIMIT {}", model.order(), self.size);
        let rows = model.rows(db.into(), &tail, &values).await?;
        self.is_over = rows.len() < self.size as usize;
        self.after = rows.last().map(HistoricalRow::key);
        Ok(if rows.is_empty() { None } else { Some(rows) })
    }
}

/// Fields of parents' tables, with the labels of the parents.
fn inherited(state: &ProjectState, model: &ModelState) -> Vec<(String, String)> {
    let mut all = vec![];
    let mut open: Vec<&ModelState> = model.bases.iter().filter_map(|base| state.base(base)).collect();
    while let Some(parent) = open.pop() {
        // A circle of parents ends here.
        if all.len() > 10_000 {
            break;
        }
        all.extend(parent.fields.iter().map(|(name, _)| (name.clone(), parent.label())));
        open.extend(parent.bases.iter().filter_map(|base| state.base(base)));
    }
    all
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn marks(first: usize, count: usize) -> String {
    (first..first + count).map(|at| format!("${at}")).collect::<Vec<_>>().join(", ")
}
