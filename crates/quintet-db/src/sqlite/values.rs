//! Values into SQLite and out of it, in the formats in which the reference stores them.

use std::sync::Arc;

use quintet_core::schema::Value;
use rusqlite::Statement;
use rusqlite::types::{Value as Stored, ValueRef};

use crate::error::{Error, Result};
use crate::row::Row;

pub(super) fn rows(statement: &mut Statement<'_>, params: &[Value]) -> Result<Vec<Row>> {
    let mut columns: Option<Arc<[String]>> = None;
    let mut found = statement.query(rusqlite::params_from_iter(stored(params)?))?;
    let mut rows = vec![];
    while let Some(row) = found.next()? {
        // Not before the first row: a statement that was kept learns only then that a table has other columns now.
        let columns = columns.get_or_insert_with(|| row.as_ref().column_names().map(str::to_owned).collect());
        let values = (0..columns.len()).map(|at| read(row.get_ref(at)?)).collect::<Result<_>>()?;
        rows.push(Row::new(Arc::clone(columns), values));
    }
    Ok(rows)
}

/// Runs a statement to its end; one that gives rows may be run too.
pub(super) fn execute(statement: &mut Statement<'_>, params: &[Value]) -> Result<u64> {
    if statement.column_count() > 0 {
        let mut found = statement.query(rusqlite::params_from_iter(stored(params)?))?;
        let mut count = 0;
        while found.next()?.is_some() {
            count += 1;
        }
        return Ok(count);
    }
    Ok(statement.execute(rusqlite::params_from_iter(stored(params)?))? as u64)
}

fn stored(params: &[Value]) -> Result<Vec<Stored>> {
    params.iter().map(store).collect()
}

fn store(value: &Value) -> Result<Stored> {
    Ok(match value {
        Value::Null => Stored::Null,
        Value::Bool(yes) => Stored::Integer((*yes).into()),
        Value::Int(number) | Value::Duration(number) => Stored::Integer(*number),
        Value::Float(number) => Stored::Real(*number),
        // The column's affinity makes a number of a decimal.
        Value::Decimal(text)
        | Value::Text(text)
        | Value::Date(text)
        | Value::DateTime(text)
        | Value::Time(text)
        | Value::Json(text) => Stored::Text(text.clone()),
        Value::Uuid(text) => Stored::Text(text.replace('-', "")),
        Value::Bytes(bytes) => Stored::Blob(bytes.clone()),
        Value::List(_) => {
            return Err(Error::other("a list cannot be one parameter in SQLite").with_hint("write one `$n` for each"));
        }
    })
}

fn read(value: ValueRef<'_>) -> Result<Value> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Real(number) => Value::Float(number),
        ValueRef::Text(text) => {
            let text = std::str::from_utf8(text).map_err(|_| Error::other("the text is not valid UTF-8"))?;
            Value::Text(text.to_owned())
        }
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
    })
}
