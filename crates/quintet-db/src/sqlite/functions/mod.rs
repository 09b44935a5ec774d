//! The functions that the reference adds to SQLite, under its names: a table that it made may name them too.

mod mathematics;
mod moment;
mod statistics;
mod text;

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Error, Result};

type Body = fn(&Context<'_>) -> Result<Value>;

/// A name, the number of arguments, and what it does.
type Function = (&'static str, i32, Body);

/// Defines all of them.
pub(super) fn register(connection: &Connection) -> Result<()> {
    add(connection, text::FUNCTIONS, true)?;
    add(connection, mathematics::FUNCTIONS, true)?;
    add(connection, moment::FUNCTIONS, false)?;
    statistics::register(connection)?;
    // Each call gives another number.
    connection.create_scalar_function("RAND", 0, FunctionFlags::SQLITE_UTF8, |_| Ok(mathematics::random()))?;
    let sql = "SELECT sqlite_compileoption_used('ENABLE_MATH_FUNCTIONS')";
    let is_there: bool = connection.query_row(sql, [], |row| row.get(0))?;
    if is_there { Ok(()) } else { add(connection, mathematics::BUILT_IN, true) }
}

/// `strict`: null where an argument is null, without a call.
fn add(connection: &Connection, functions: &'static [Function], strict: bool) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    for (name, arguments, body) in functions {
        connection.create_scalar_function(*name, *arguments, flags, move |given: &Context<'_>| {
            let any_null = strict && (0..given.len()).any(|at| given.get_raw(at) == ValueRef::Null);
            if any_null { Ok(Value::Null) } else { body(given) }
        })?;
    }
    Ok(())
}

/// An argument as text.
fn text_of(given: &Context<'_>, at: usize) -> Result<String> {
    match given.get_raw(at) {
        ValueRef::Integer(number) => Ok(number.to_string()),
        ValueRef::Real(number) => Ok(format!("{number:?}")),
        other => other.as_str().map(str::to_owned).map_err(|error| Error::UserFunctionError(Box::new(error))),
    }
}

fn failure(message: impl Into<String>) -> Error {
    Error::UserFunctionError(message.into().into())
}
