//! Two values and an operator between them.

use super::{as_number, kind_of, mixed, type_of};
use crate::query::error::QueryError;
use crate::query::fragment::{Context, Fragment, Origin};
use crate::schema::{Kind, Operator};
use crate::sql::Dialect;
use crate::sql::expression::sign;
use crate::sql::expression::typed::{Type, of_combined};

/// Two values and an operator between them.
pub(crate) fn combined<'q>(
    cx: Context<'_>,
    left: Fragment<'q>,
    operator: Operator,
    right: Fragment<'q>,
) -> Result<Fragment<'q>, QueryError> {
    let types = (type_of(&left), type_of(&right));
    let kind = kind(&left, operator, &right);
    let problem = match (&kind, &left.kind, &right.kind) {
        (None, Some(one), Some(other)) => Some(mixed(one, other)),
        _ => None,
    };
    let durations = [types.0, types.1].iter().filter(|found| **found == Some(Type::Duration)).count();
    let mut sql = match (cx.dialect, types) {
        (_, (Some(one), Some(other))) if operator == Operator::Sub && one == other && one.is_moment() => {
            difference(cx, one, left, right)
        }
        (Dialect::Sqlite, _) if durations == 1 => with_duration(left, operator, right)?,
        (Dialect::Sqlite, _) if operator == Operator::Pow => pair(left, ",", right).between("(POWER(", "))"),
        (Dialect::Sqlite, _) if operator == Operator::BitXor => pair(left, ",", right).between("(BITXOR(", "))"),
        _ => pair(left, &format!(" {} ", sign(operator)), right).between("(", ")"),
    };
    sql.kind = kind;
    let mut sql = as_number(cx, sql);
    sql.origin = problem.map(|problem| Box::new(Origin::Mixed(problem)));
    Ok(sql)
}

fn pair<'q>(left: Fragment<'q>, between: &str, right: Fragment<'q>) -> Fragment<'q> {
    Fragment::join([left, right], between)
}

/// The kind of what comes out; `None` where the two do not go together.
fn kind(left: &Fragment<'_>, operator: Operator, right: &Fragment<'_>) -> Option<Kind> {
    let positive = |of: &Fragment<'_>| of.kind == Some(Kind::PositiveInteger);
    if positive(left) && positive(right) && operator != Operator::Sub {
        return Some(Kind::PositiveInteger);
    }
    match (type_of(left), type_of(right)) {
        // With a null, a number stays what it is.
        (None, found @ Some(Type::Int | Type::Float | Type::Decimal)) if left.sql == "NULL" => found.map(kind_of),
        (Some(_), None) if right.sql != "NULL" => None,
        (one, other) => of_combined(one, operator, other).map(kind_of),
    }
}

/// How long it is between two dates, moments or times of day.
fn difference<'q>(cx: Context<'_>, found: Type, left: Fragment<'q>, right: Fragment<'q>) -> Fragment<'q> {
    let (before, between, behind) = match (cx.dialect, found) {
        (Dialect::Sqlite, Type::Time) => ("django_time_diff(", ", ", ")"),
        (Dialect::Sqlite, _) => ("django_timestamp_diff(", ", ", ")"),
        (Dialect::Postgres, Type::Date) => ("(interval '1 day' * (", " - ", "))"),
        (Dialect::Postgres, _) => ("(", " - ", ")"),
    };
    pair(left, between, right).between(before, behind)
}

/// SQLite has no durations: a function computes with microseconds.
fn with_duration<'q>(left: Fragment<'q>, operator: Operator, right: Fragment<'q>) -> Result<Fragment<'q>, QueryError> {
    let sign = sign(operator);
    let is_scale = matches!(operator, Operator::Mul | Operator::Div);
    let is_number = |of: &Fragment<'_>| {
        matches!(type_of(of), None | Some(Type::Int | Type::Float | Type::Decimal | Type::Duration))
    };
    if !(is_scale || matches!(operator, Operator::Add | Operator::Sub)) {
        return Err(QueryError::usage(format!("a duration has no operator `{sign}`")));
    }
    if is_scale && !(is_number(&left) && is_number(&right)) {
        return Err(QueryError::usage(format!("what stands beside `{sign}` and a duration is no number")));
    }
    Ok(pair(left, ", ", right).between(&format!("(django_format_dtdelta('{sign}', "), "))"))
}
