//! A year is compared by its first and last moment, so that an index serves it.

use super::operator;
use crate::query::fragment::{Context, Fragment, Given, Origin};
use crate::query::prepare::Prepare;
use crate::schema::Value;
use crate::sql::expression::lookup::Row;

/// The comparison of a year with a constant; `None` where it is another comparison.
pub(super) fn year<'q>(left: &Fragment<'q>, row: &Row, value: &'q Value, cx: Context<'_>) -> Option<Fragment<'q>> {
    let Some(Origin::Year(of, of_weeks)) = left.origin.as_deref() else { return None };
    let end = |last: bool| {
        Fragment::place(Given::Value(value), Prepare::year(of.kind.as_ref(), last, *of_weeks), of.kind.clone())
    };
    let mut sql = of.clone();
    if row.name == "exact" {
        sql.push(" BETWEEN ");
        sql.add(end(false));
        sql.push(" AND ");
        sql.add(end(true));
        return Some(sql);
    }
    let last = match row.name {
        "gt" | "lte" => true,
        "gte" | "lt" => false,
        _ => return None,
    };
    Some(super::operated(sql, operator(cx, row), end(last)))
}
