//! What becomes of a value on its way into a statement.
//!
//! Decided once for each shape of a query, done for each value: `"5"` is a number where a number is compared, a pattern
//! gets its percent signs, a moment without an offset is one of the project's time zone. What a statement's text depends
//! on, beyond the shape, is written into [`tag`]; so a text may serve every value of the same tag.

mod coerce;
mod json;
mod moment;

use std::sync::Arc;

use super::error::QueryError;
use crate::schema::{Kind, Value};
use crate::sql::Dialect;
use crate::sql::expression::lookup::escaped;
use crate::sql::expression::typed::{Type, of_kind};

pub use json::dumps;
pub(crate) use json::{path, place};
pub(crate) use moment::unknown as unknown_zone;
pub use moment::{Zone, show_duration};

/// What becomes of a value on its way into a statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepare {
    of: Option<Type>,
    /// The digits of a decimal number that counts, where one is made of a floating-point number.
    digits: Option<u32>,
    role: Role,
}

/// What the value is there for.
#[derive(Clone, Debug, PartialEq)]
enum Role {
    /// Itself.
    Plain,
    /// Itself; a whole number is the next one above a fraction.
    Ceiling,
    /// As text, as people write it.
    Text,
    /// Text that a pattern matches, with percent signs before and behind.
    Pattern { before: bool, behind: bool },
    /// The first or the last moment of a year.
    Year { last: bool, of_weeks: bool },
    /// A number or a text out of JSON, where SQLite compares it with one.
    Scalar,
    /// The path of a key in JSON, behind the path of what has it.
    Key(Arc<str>),
    /// A whole number that is no less.
    AtLeast(i64),
}

impl Prepare {
    /// As a kind of field compares and keeps it; as it is where there is none.
    pub fn of(kind: Option<&Kind>) -> Self {
        let digits = match kind {
            Some(Kind::Decimal { max_digits, .. }) => *max_digits,
            _ => None,
        };
        Self { of: kind.and_then(of_kind), digits, role: Role::Plain }
    }

    fn with(kind: Option<&Kind>, role: Role) -> Self {
        Self { role, ..Self::of(kind) }
    }

    /// The same, where a whole number is the next one above a fraction.
    pub(crate) fn ceiling(kind: Option<&Kind>) -> Self {
        Self::with(kind, Role::Ceiling)
    }

    /// As text.
    pub(crate) fn text(kind: Option<&Kind>) -> Self {
        Self::with(kind, Role::Text)
    }

    /// As a pattern.
    pub(crate) fn pattern(kind: Option<&Kind>, before: bool, behind: bool) -> Self {
        Self::with(kind, Role::Pattern { before, behind })
    }

    /// As an end of a year, of a date or a moment.
    pub(crate) fn year(kind: Option<&Kind>, last: bool, of_weeks: bool) -> Self {
        Self::with(kind, Role::Year { last, of_weeks })
    }

    /// As what SQLite takes out of JSON.
    pub(crate) fn scalar() -> Self {
        Self::with(Some(&Kind::Json), Role::Scalar)
    }

    /// As the path of a key behind a path.
    pub(crate) fn key(path: &str) -> Self {
        Self::with(None, Role::Key(path.into()))
    }

    /// A whole number that is no less than this one.
    pub(crate) fn at_least(least: i64) -> Self {
        Self::with(Some(&Kind::Integer), Role::AtLeast(least))
    }

    /// Whether a value is bound as it is, as most are: it is of the type already.
    pub(crate) fn keeps(&self, dialect: Dialect, value: &Value) -> bool {
        matches!(self.role, Role::Plain)
            && match (self.of, value) {
                (of, Value::Null) => of != Some(Type::Json),
                (None | Some(Type::Int), Value::Int(_)) | (None | Some(Type::Bool), Value::Bool(_)) => true,
                (None | Some(Type::Text), Value::Text(text)) => dialect == Dialect::Sqlite || !text.contains('\0'),
                (Some(Type::DateTime), Value::DateTime(text)) => moment::is_as_shown(text),
                _ => false,
            }
    }

    /// The value as it is bound. `zone` is the project's time zone.
    ///
    /// # Errors
    /// A value that does not fit.
    pub fn value(&self, dialect: Dialect, zone: &str, value: &Value) -> Result<Value, QueryError> {
        let value = match &self.role {
            Role::Year { last, of_weeks } => {
                let Value::Int(year) = coerce::coerced(Some(Type::Int), None, zone, value)? else {
                    return Ok(Value::Null);
                };
                moment::end_of_year(year, *last, *of_weeks, self.of == Some(Type::DateTime), zone)?
            }
            _ if *value == Value::Null && self.of != Some(Type::Json) => Value::Null,
            Role::Plain => coerce::coerced(self.of, self.digits, zone, value)?,
            Role::Ceiling => match value {
                Value::Float(number) if self.of == Some(Type::Int) => {
                    coerce::coerced(self.of, None, zone, &Value::Float(number.ceil()))?
                }
                value => coerce::coerced(self.of, self.digits, zone, value)?,
            },
            Role::Text => Value::Text(self.shown(dialect, value)),
            Role::Pattern { before, behind } => {
                let percent = |yes: bool| if yes { "%" } else { "" };
                let text = escaped(&self.shown(dialect, value));
                Value::Text(format!("{}{text}{}", percent(*before), percent(*behind)))
            }
            Role::AtLeast(least) => match coerce::coerced(self.of, None, zone, value)? {
                Value::Int(number) if number < *least => {
                    return Err(QueryError::value(format!("`{number}` is less than {least}")));
                }
                number => number,
            },
            Role::Scalar => json::scalar(value)?,
            Role::Key(path) => Value::Text(format!("{path}{}", json::last_key(&coerce::shown(value)))),
        };
        sendable(dialect, value)
    }

    /// A value as text is matched with it. SQLite keeps a UUID without hyphens.
    fn shown(&self, dialect: Dialect, value: &Value) -> String {
        let text = coerce::shown(value);
        if self.of == Some(Type::Uuid) && dialect == Dialect::Sqlite { text.replace('-', "") } else { text }
    }
}

/// PostgreSQL has no text with a zero character.
fn sendable(dialect: Dialect, value: Value) -> Result<Value, QueryError> {
    let has_zero = |value: &Value| matches!(value, Value::Text(text) if text.contains('\0'));
    let is_bad = match &value {
        Value::List(values) => values.iter().any(has_zero),
        value => has_zero(value),
    };
    if is_bad && dialect == Dialect::Postgres {
        return Err(QueryError::value("a text cannot contain a zero character (0x00) in PostgreSQL"));
    }
    Ok(value)
}

/// What a statement's text may depend on in a value: its type, whether it is null or true, and between which limits of
/// columns a number lies. Two values of the same tag are served by the same text.
pub fn tag(value: &Value, out: &mut Vec<u8>) {
    let (name, detail) = match value {
        Value::Null => (0, 0),
        Value::Bool(yes) => (1, u8::from(*yes)),
        Value::Int(number) => (2, size(i128::from(*number))),
        Value::Float(number) => {
            // A comparison takes the whole number below or above.
            out.extend_from_slice(&[3, size(number.trunc() as i128), size(coerce::ceiling(*number))]);
            return;
        }
        Value::Decimal(text) => (4, size_of_text(text)),
        Value::Text(text) => (5, size_of_text(text)),
        Value::Bytes(_) => (6, 0),
        Value::Date(_) => (7, 0),
        Value::DateTime(_) => (8, 0),
        Value::Time(_) => (9, 0),
        Value::Duration(_) => (10, 0),
        Value::Uuid(_) => (11, 0),
        Value::Json(text) => (12, u8::from(json::is_word(text))),
        Value::List(values) => {
            out.push(13);
            out.extend_from_slice(&(values.len() as u64).to_le_bytes());
            values.iter().for_each(|value| tag(value, out));
            return;
        }
    };
    out.extend_from_slice(&[name, detail]);
}

/// The limits of the kinds of whole numbers, and 0.
const LIMITS: [i128; 7] = [
    i64::MIN as i128,
    i32::MIN as i128,
    i16::MIN as i128,
    0,
    i16::MAX as i128 + 1,
    i32::MAX as i128 + 1,
    i64::MAX as i128 + 1,
];

/// Between which limits a number lies.
fn size(number: i128) -> u8 {
    LIMITS.iter().filter(|limit| number >= **limit).count() as u8
}

fn size_of_text(text: &str) -> u8 {
    coerce::whole_of_text(text).map_or(u8::MAX, size)
}

/// A value as a whole number, where it is one: what limits of columns are compared with. `up` takes the next one above a
/// fraction.
pub(crate) fn whole(value: &Value, up: bool) -> Option<i128> {
    match value {
        Value::Float(number) if up && number.is_finite() => Some(coerce::ceiling(*number)),
        Value::Bool(yes) => Some(i128::from(*yes)),
        Value::Int(number) => Some(i128::from(*number)),
        Value::Float(number) if number.is_finite() => Some(number.trunc() as i128),
        Value::Decimal(text) | Value::Text(text) => coerce::whole_of_text(text),
        _ => None,
    }
}
