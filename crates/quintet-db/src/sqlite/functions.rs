//! The functions that the reference adds to SQLite, as far as schemas and data migrations use them.

use md5::{Digest as _, Md5};
use regex::Regex;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Error, Result};

type Body = fn(&Context<'_>) -> Result<Value>;

/// Name, number of arguments, body. Each gives null where an argument is null.
const FUNCTIONS: &[(&str, i32, Body)] = &[
    ("regexp", 2, regexp),
    ("BITXOR", 2, |given| Ok(Value::Integer(given.get::<i64>(0)? ^ given.get::<i64>(1)?))),
    ("COT", 1, |given| Ok(Value::Real(1.0 / given.get::<f64>(0)?.tan()))),
    ("LPAD", 3, |given| pad(given, |text, fill| format!("{fill}{text}"))),
    ("RPAD", 3, |given| pad(given, |text, fill| format!("{text}{fill}"))),
    ("MD5", 1, |given| {
        let digest = Md5::digest(text(given, 0)?.as_bytes());
        Ok(Value::Text(digest.iter().map(|byte| format!("{byte:02x}")).collect()))
    }),
    ("REPEAT", 2, |given| {
        Ok(Value::Text(text(given, 0)?.repeat(usize::try_from(given.get::<i64>(1)?).unwrap_or_default())))
    }),
    ("REVERSE", 1, |given| Ok(Value::Text(text(given, 0)?.chars().rev().collect()))),
    ("SIGN", 1, |given| {
        let number = given.get::<f64>(0)?;
        Ok(Value::Integer(i64::from(number > 0.0) - i64::from(number < 0.0)))
    }),
];

/// Those that SQLite has by itself where it was built with them.
const MATHEMATICS: &[(&str, i32, Body)] = &[
    ("ACOS", 1, |given| number(given, f64::acos)),
    ("ASIN", 1, |given| number(given, f64::asin)),
    ("ATAN", 1, |given| number(given, f64::atan)),
    ("ATAN2", 2, |given| Ok(Value::Real(given.get::<f64>(0)?.atan2(given.get(1)?)))),
    ("CEILING", 1, |given| whole(given, f64::ceil)),
    ("COS", 1, |given| number(given, f64::cos)),
    ("DEGREES", 1, |given| number(given, f64::to_degrees)),
    ("EXP", 1, |given| number(given, f64::exp)),
    ("FLOOR", 1, |given| whole(given, f64::floor)),
    ("LN", 1, |given| number(given, f64::ln)),
    ("LOG", 2, |given| Ok(Value::Real(given.get::<f64>(1)?.log(given.get(0)?)))),
    ("MOD", 2, |given| Ok(Value::Real(given.get::<f64>(0)? % given.get::<f64>(1)?))),
    ("PI", 0, |_| Ok(Value::Real(std::f64::consts::PI))),
    ("POWER", 2, |given| Ok(Value::Real(given.get::<f64>(0)?.powf(given.get(1)?)))),
    ("RADIANS", 1, |given| number(given, f64::to_radians)),
    ("SIN", 1, |given| number(given, f64::sin)),
    ("SQRT", 1, |given| number(given, f64::sqrt)),
    ("TAN", 1, |given| number(given, f64::tan)),
];

pub(super) fn register(connection: &Connection) -> Result<()> {
    add(connection, FUNCTIONS)?;
    let sql = "SELECT sqlite_compileoption_used('ENABLE_MATH_FUNCTIONS')";
    let is_there: bool = connection.query_row(sql, [], |row| row.get(0))?;
    if is_there { Ok(()) } else { add(connection, MATHEMATICS) }
}

fn add(connection: &Connection, functions: &'static [(&'static str, i32, Body)]) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    for (name, arguments, body) in functions {
        connection.create_scalar_function(*name, *arguments, flags, move |given: &Context<'_>| {
            let any_null = (0..given.len()).any(|at| given.get_raw(at) == ValueRef::Null);
            if any_null { Ok(Value::Null) } else { body(given) }
        })?;
    }
    Ok(())
}

/// `text REGEXP pattern` calls `regexp(pattern, text)`.
fn regexp(given: &Context<'_>) -> Result<Value> {
    let compile = |value: ValueRef<'_>| -> std::result::Result<Regex, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Regex::new(value.as_str()?)?)
    };
    let pattern = given.get_or_create_aux(0, compile)?;
    Ok(Value::Integer(pattern.is_match(&text(given, 1)?).into()))
}

fn number(given: &Context<'_>, of: fn(f64) -> f64) -> Result<Value> {
    Ok(Value::Real(of(given.get(0)?)))
}

/// As a whole number, which the reference's language makes of it.
fn whole(given: &Context<'_>, of: fn(f64) -> f64) -> Result<Value> {
    #[allow(clippy::cast_possible_truncation)]
    Ok(Value::Integer(of(given.get(0)?) as i64))
}

fn text(given: &Context<'_>, at: usize) -> Result<String> {
    match given.get_raw(at) {
        ValueRef::Integer(number) => Ok(number.to_string()),
        ValueRef::Real(number) => Ok(number.to_string()),
        other => other.as_str().map(str::to_owned).map_err(|error| Error::UserFunctionError(Box::new(error))),
    }
}

fn pad(given: &Context<'_>, join: fn(&str, &str) -> String) -> Result<Value> {
    let (text, fill) = (text(given, 0)?, text(given, 2)?);
    let length = usize::try_from(given.get::<i64>(1)?).unwrap_or_default();
    let missing = length.saturating_sub(text.chars().count());
    let fill: String = fill.chars().cycle().take(missing).collect();
    let cut: String = text.chars().take(length).collect();
    Ok(Value::Text(join(&cut, &fill)))
}
