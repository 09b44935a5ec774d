//! Constants.
//!
//! PostgreSQL learns the type of a parameter from what stands around it; where that says nothing, the parameter says it
//! itself.

use super::{AS_NUMERIC, kind_of};
use crate::query::fragment::{Context, Fragment, Given, PLACE};
use crate::query::prepare::Prepare;
use crate::schema::{Kind, Value};
use crate::sql::Dialect;
use crate::sql::expression::typed::{Type, of_kind, of_value};

/// A constant, as a kind where one is said.
pub(crate) fn constant<'q>(cx: Context<'_>, value: &'q Value, kind: Option<&Kind>) -> Fragment<'q> {
    if *value == Value::Null && kind.and_then(of_kind) != Some(Type::Json) {
        return Fragment::new("NULL", kind.cloned());
    }
    let own = || of_value(value).map(kind_of);
    placed(cx, Given::Value(value), Some(value), kind.cloned().or_else(own).as_ref())
}

/// A place that says its type.
pub(super) fn placed<'q>(
    cx: Context<'_>,
    given: Given<'q>,
    value: Option<&Value>,
    kind: Option<&Kind>,
) -> Fragment<'q> {
    let found = kind.and_then(of_kind);
    let sql = Fragment::place(given, Prepare::of(kind), kind.cloned());
    match (cx.dialect, found) {
        (Dialect::Postgres, Some(found)) => sql.between("", &format!("::{}", type_name(found, kind, value))),
        (Dialect::Sqlite, Some(Type::Decimal)) => sql.between(AS_NUMERIC.0, AS_NUMERIC.1),
        _ => sql,
    }
}

/// A constant of the query again, as another kind; any other piece as it is.
pub(super) fn again<'q>(cx: Context<'_>, of: Fragment<'q>, kind: Option<&Kind>) -> Fragment<'q> {
    let [bind] = of.binds.as_slice() else { return of };
    let is_alone = of.sql.starts_with(PLACE) || of.sql.starts_with(&format!("{}{PLACE}", AS_NUMERIC.0));
    if !is_alone || kind.is_none() || matches!(bind.given, Given::Own(_)) {
        return of;
    }
    let value = match bind.given {
        Given::Value(value) => Some(value),
        _ => None,
    };
    placed(cx, bind.given.clone(), value, kind)
}

fn type_name(found: Type, kind: Option<&Kind>, value: Option<&Value>) -> &'static str {
    let is_small = matches!(value, Some(Value::Int(number)) if i32::try_from(*number).is_ok());
    match found {
        Type::Text => "text",
        // As long as the number: several functions take no `bigint`.
        Type::Int if is_small => "integer",
        Type::Int => "bigint",
        // As a number in a statement is read, unless somebody asks for the kind.
        Type::Float if matches!(kind, Some(Kind::Float)) && !matches!(value, Some(Value::Float(_))) => {
            "double precision"
        }
        Type::Float | Type::Decimal => "numeric",
        Type::Bool => "boolean",
        Type::Date => "date",
        Type::DateTime => "timestamptz",
        Type::Time => "time",
        Type::Duration => "interval",
        Type::Uuid => "uuid",
        Type::Json => "jsonb",
        Type::Bytes => "bytea",
        Type::Ip => "inet",
    }
}
