//! Values into SQLite and out of it, in the formats in which the reference stores them.

use std::sync::Arc;

use quintet_core::schema::Value;
use rusqlite::types::{ToSql, ToSqlOutput, Value as Stored, ValueRef};
use rusqlite::{Statement, params_from_iter};

use crate::error::{Error, Result};
use crate::rows::{Cell, Rows};

/// Runs a statement; gives its rows, with the names of the columns where they are wanted.
pub(super) fn rows(statement: &mut Statement<'_>, params: &[Value], named: bool) -> Result<Rows> {
    let mut cells = vec![];
    let mut columns: Option<Arc<[String]>> = None;
    let mut found = statement.query(params_from_iter(bound(params)?))?;
    let mut width = 0;
    while let Some(row) = found.next()? {
        if width == 0 {
            // Not before the first row: a statement that was kept learns only then that a table has other columns now.
            width = row.as_ref().column_count();
            cells.reserve_exact(width);
            columns = named.then(|| row.as_ref().column_names().map(str::to_owned).collect());
        }
        if cells.capacity() - cells.len() < width {
            // In wide steps: what was read is copied each time.
            cells.reserve(width.max(if cells.len() < MANY { 3 * cells.len() } else { cells.len() }));
        }
        push(row, width, &mut cells)?;
    }
    let rows = Rows::new(width, cells);
    Ok(match columns {
        Some(columns) => rows.named(columns),
        None => rows,
    })
}

/// So many cells are no longer few.
const MANY: usize = 4096;

/// A row's cells, added to others.
pub(super) fn push(row: &rusqlite::Row<'_>, width: usize, cells: &mut Vec<Cell>) -> Result<()> {
    for at in 0..width {
        cells.push(read(row.get_ref(at)?)?);
    }
    Ok(())
}

/// Runs a statement to its end; one that gives rows may be run too.
pub(super) fn execute(statement: &mut Statement<'_>, params: &[Value]) -> Result<u64> {
    if statement.column_count() > 0 {
        let mut found = statement.query(params_from_iter(bound(params)?))?;
        let mut count = 0;
        while found.next()?.is_some() {
            count += 1;
        }
        return Ok(count);
    }
    Ok(statement.execute(params_from_iter(bound(params)?))? as u64)
}

/// A parameter, which is not copied on its way.
pub(super) struct Bound<'a>(&'a Value);

pub(super) fn bound(params: &[Value]) -> Result<impl Iterator<Item = Bound<'_>>> {
    if params.iter().any(|value| matches!(value, Value::List(_))) {
        return Err(Error::other("a list cannot be one parameter in SQLite").with_hint("write one `$n` for each"));
    }
    Ok(params.iter().map(Bound))
}

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null | Value::List(_) => ValueRef::Null,
            Value::Bool(yes) => ValueRef::Integer((*yes).into()),
            Value::Int(number) | Value::Duration(number) => ValueRef::Integer(*number),
            Value::Float(number) => ValueRef::Real(*number),
            // The column's affinity makes a number of a decimal.
            Value::Decimal(text)
            | Value::Text(text)
            | Value::Date(text)
            | Value::DateTime(text)
            | Value::Time(text)
            | Value::Json(text) => ValueRef::Text(text.as_bytes()),
            Value::Uuid(text) => return Ok(ToSqlOutput::Owned(Stored::Text(text.replace('-', "")))),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn read(value: ValueRef<'_>) -> Result<Cell> {
    Ok(match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => Cell::Int(number),
        ValueRef::Real(number) => Cell::Float(number),
        ValueRef::Text(text) => {
            let text = std::str::from_utf8(text).map_err(|_| Error::other("the text is not valid UTF-8"))?;
            Cell::Text(text.into())
        }
        ValueRef::Blob(bytes) => Cell::Bytes(bytes.to_vec()),
    })
}
