//! What the database computes: functions, constants, operators, parts of dates, aggregates and windows, each with the kind
//! of what it gives.
//!
//! The table of functions is that of expressions in tables' definitions.

mod aggregate;
mod combined;
mod constant;
mod moment;
mod table;
#[cfg(test)]
mod tests;
mod window;

use super::error::QueryError;
use super::fragment::{Context, Fragment, Origin};
use crate::schema::Kind;
use crate::sql::columns::kind_type;
use crate::sql::expression::typed::{Type, of_kind};
use crate::sql::{Dialect, quote};

pub(crate) use aggregate::aggregate;
pub(crate) use combined::combined;
pub(crate) use constant::constant;
pub(crate) use moment::{extract, truncate};
pub(crate) use table::call;
pub(crate) use window::{is_window_only, window};

/// A piece as the caller gets it: a moment that clocks of a zone show becomes one in UTC again. Only for the outermost
/// list of what is selected.
///
/// # Errors
/// Kinds that do not go together, where none was said.
pub(crate) fn output<'q>(cx: Context<'_>, of: Fragment<'q>) -> Result<Fragment<'q>, QueryError> {
    let kind = of.kind.clone();
    match of.origin.as_deref() {
        Some(Origin::Mixed(message)) if kind.is_none() => Err(QueryError::name(message.clone())),
        Some(Origin::Local(zone)) if zone != "UTC" => {
            let zone = zone.clone();
            let sql = match cx.dialect {
                Dialect::Sqlite => of.between("quintet_utc(", &format!(", '{zone}')")),
                Dialect::Postgres => of.between("(", &format!(" AT TIME ZONE '{}')", moment::postgres_zone(&zone))),
            };
            Ok(sql.of_kind(kind))
        }
        _ => Ok(of),
    }
}

/// A value under a collation.
pub(crate) fn collate<'q>(of: Fragment<'q>, name: &str) -> Result<Fragment<'q>, QueryError> {
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    if !is_name {
        return Err(QueryError::name(format!("`{name}` is no name of a collation")));
    }
    Ok(of.between("", &format!(" COLLATE {}", quote(name))))
}

/// A value as another kind.
pub(crate) fn cast<'q>(cx: Context<'_>, of: Fragment<'q>, kind: &Kind) -> Result<Fragment<'q>, QueryError> {
    let name = match (cx.dialect, kind) {
        (Dialect::Sqlite, Kind::Char { max_length: None }) => Some("text".to_owned()),
        (_, Kind::Decimal { max_digits: None, .. } | Kind::Decimal { decimal_places: None, .. }) => {
            Some("numeric".to_owned())
        }
        _ => kind_type(cx.dialect, kind),
    };
    let name = name.ok_or_else(|| QueryError::usage(format!("nothing can become a `{}`", kind.class())))?;
    let sql = match (cx.dialect, kind) {
        (Dialect::Sqlite, Kind::DateTime { .. }) => of.between("strftime('%Y-%m-%d %H:%M:%f', ", ")"),
        (Dialect::Sqlite, Kind::Time { .. }) => of.between("strftime('%H:%M:%f', ", ")"),
        (Dialect::Sqlite, Kind::Date { .. }) => of.between("date(", ")"),
        (Dialect::Sqlite, _) => of.between("CAST(", &format!(" AS {name})")),
        (Dialect::Postgres, _) => of.between("(", &format!(")::{name}")),
    };
    Ok(as_number(cx, sql.of_kind(Some(kind.clone()))))
}

const AS_NUMERIC: (&str, &str) = ("(CAST(", " AS NUMERIC))");

/// SQLite keeps decimals as text unless it is told that they are numbers.
pub(crate) fn as_number<'q>(cx: Context<'_>, of: Fragment<'q>) -> Fragment<'q> {
    if cx.dialect == Dialect::Sqlite && type_of(&of) == Some(Type::Decimal) {
        of.between(AS_NUMERIC.0, AS_NUMERIC.1)
    } else {
        of
    }
}

/// The type of a piece.
fn type_of(of: &Fragment<'_>) -> Option<Type> {
    of.kind.as_ref().and_then(of_kind)
}

/// A kind of a type, where no column says more.
fn kind_of(found: Type) -> Kind {
    match found {
        Type::Text => Kind::Text { max_length: None },
        Type::Int => Kind::Integer,
        Type::Float => Kind::Float,
        Type::Decimal => Kind::Decimal { max_digits: None, decimal_places: None },
        Type::Bool => Kind::Boolean,
        Type::Date => Kind::Date { auto_now: false, auto_now_add: false },
        Type::DateTime => Kind::DateTime { auto_now: false, auto_now_add: false },
        Type::Time => Kind::Time { auto_now: false, auto_now_add: false },
        Type::Duration => Kind::Duration,
        Type::Uuid => Kind::Uuid,
        Type::Json => Kind::Json,
        Type::Bytes => Kind::Binary { max_length: None },
        Type::Ip => Kind::GenericIpAddress { protocol: crate::schema::IpProtocol::Both, unpack_ipv4: false },
    }
}

/// A piece that is one of these, whichever: as the results of a `CASE`.
pub(crate) fn alike<'q>(sql: Fragment<'q>, results: &[Fragment<'_>]) -> Fragment<'q> {
    shared(sql, &of_args(results))
}

/// The kind that all pieces have, those without one aside; what is wrong where they differ.
fn shared<'q>(mut sql: Fragment<'q>, args: &[(Option<Kind>, Option<Type>)]) -> Fragment<'q> {
    let mut known = args.iter().filter(|(_, found)| found.is_some());
    let first = known.next();
    let other = known.find(|(_, found)| first.is_some_and(|(_, first)| first != found));
    match (first, other) {
        (Some((kind, _)), None) => sql.kind = kind.clone(),
        (Some((Some(one), _)), Some((Some(other), _))) => {
            sql.kind = None;
            sql.origin = Some(Box::new(Origin::Mixed(mixed(one, other))));
        }
        _ => sql.kind = None,
    }
    sql
}

fn mixed(one: &Kind, other: &Kind) -> String {
    let (one, other) = (one.class(), other.class());
    format!("an expression of mixed types: `{one}`, `{other}`\nhint: say which kind it gives")
}

fn of_args(args: &[Fragment<'_>]) -> Vec<(Option<Kind>, Option<Type>)> {
    args.iter().map(|arg| (arg.kind.clone(), type_of(arg))).collect()
}
