//! Values of the rows around a row.

use super::{AS_NUMERIC, as_number, of_args, shared};
use crate::query::ast::{Frame, FrameUnit};
use crate::query::error::QueryError;
use crate::query::fragment::{Context, Fragment};
use crate::query::prepare::Prepare;
use crate::schema::Kind;
use crate::sql::Dialect;

/// A function that only a window has.
struct Function {
    name: &'static str,
    sql: &'static str,
    arity: (usize, usize),
    /// Whole numbers, floating-point numbers, or what the first argument is.
    gives: Option<Kind>,
    /// What is written where the last argument is missing.
    missing: Option<(usize, &'static str)>,
}

#[rustfmt::skip]
static FUNCTIONS: &[Function] = &[
    Function { name: "CumeDist",    sql: "CUME_DIST",    arity: (0, 0), gives: Some(Kind::Float),   missing: None },
    Function { name: "DenseRank",   sql: "DENSE_RANK",   arity: (0, 0), gives: Some(Kind::Integer), missing: None },
    Function { name: "FirstValue",  sql: "FIRST_VALUE",  arity: (1, 1), gives: None,                missing: None },
    Function { name: "Lag",         sql: "LAG",          arity: (1, 3), gives: None,                missing: Some((1, "1")) },
    Function { name: "LastValue",   sql: "LAST_VALUE",   arity: (1, 1), gives: None,                missing: None },
    Function { name: "Lead",        sql: "LEAD",         arity: (1, 3), gives: None,                missing: Some((1, "1")) },
    Function { name: "NthValue",    sql: "NTH_VALUE",    arity: (1, 2), gives: None,                missing: Some((1, "1")) },
    Function { name: "Ntile",       sql: "NTILE",        arity: (0, 1), gives: Some(Kind::Integer), missing: Some((0, "1")) },
    Function { name: "PercentRank", sql: "PERCENT_RANK", arity: (0, 0), gives: Some(Kind::Float),   missing: None },
    Function { name: "Rank",        sql: "RANK",         arity: (0, 0), gives: Some(Kind::Integer), missing: None },
    Function { name: "RowNumber",   sql: "ROW_NUMBER",   arity: (0, 0), gives: Some(Kind::Integer), missing: None },
];

/// Whether only a window has a function of this name.
pub(crate) fn is_window_only(name: &str) -> bool {
    FUNCTIONS.iter().any(|function| function.name == name)
}

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|function| function.name)
}

/// A function that only a window has, without its window.
pub(super) fn call<'q>(
    cx: Context<'_>,
    name: &str,
    mut args: Vec<Fragment<'q>>,
) -> Option<Result<Fragment<'q>, QueryError>> {
    let function = FUNCTIONS.iter().find(|function| function.name == name)?;
    let (least, most) = function.arity;
    if args.len() < least || args.len() > most {
        return Some(Err(super::table::arity(name, function.arity, args.len())));
    }
    let all = of_args(&args[..args.len().min(1)]);
    if let Some((at, text)) = function.missing {
        match args.get_mut(at) {
            Some(count) => super::table::at_least(count, 1),
            None => args.push(Fragment::new(text, Some(Kind::Integer))),
        }
    }
    if let [first, _, last] = args.as_mut_slice() {
        let kind = first.kind.clone();
        *last = super::constant::again(cx, std::mem::take(last), kind.as_ref());
    }
    let sql = Fragment::join(args, ", ").between(&format!("{}(", function.sql), ")");
    Some(Ok(match &function.gives {
        Some(kind) => sql.of_kind(Some(kind.clone())),
        None => as_number(cx, shared(sql, &all)),
    }))
}

/// A function over rows around a row. `order` is what stands behind `ORDER BY`.
pub(crate) fn window<'q>(
    cx: Context<'_>,
    of: Fragment<'q>,
    partition: Vec<Fragment<'q>>,
    order: Option<Fragment<'q>>,
    frame: Option<Frame>,
) -> Result<Fragment<'q>, QueryError> {
    let kind = of.kind.clone();
    let mut parts = vec![];
    if !partition.is_empty() {
        parts.push(Fragment::join(partition, ", ").between("PARTITION BY ", ""));
    }
    parts.extend(order.map(|order| order.between("ORDER BY ", "")));
    if let Some(frame) = frame {
        parts.push(Fragment::new(framed(cx, frame)?, None));
    }
    let mut sql = bare(of);
    sql.push(" OVER (");
    sql.add(Fragment::join(parts, " "));
    sql.push(")");
    Ok(as_number(cx, sql.of_kind(kind)))
}

/// Without the cast of a decimal number, which belongs around the whole.
fn bare(mut of: Fragment<'_>) -> Fragment<'_> {
    let inner = of.sql.strip_prefix(AS_NUMERIC.0).and_then(|sql| sql.strip_suffix(AS_NUMERIC.1));
    if let Some(inner) = inner {
        of.sql = inner.to_owned();
    }
    of
}

fn framed(cx: Context<'_>, frame: Frame) -> Result<String, QueryError> {
    if let (Some(start), Some(end)) = (frame.start, frame.end)
        && start > end
    {
        return Err(QueryError::usage(format!("a frame ends at {end}, before it begins at {start}")));
    }
    let is_bounded = frame.start.is_some_and(|start| start != 0) || frame.end.is_some_and(|end| end != 0);
    if frame.unit == FrameUnit::Range && is_bounded && cx.dialect == Dialect::Postgres {
        return Err(QueryError::unsupported("a frame of values has no numbers on PostgreSQL\nhint: count rows"));
    }
    let bound = |bound: Option<i64>, all: &str| match bound {
        None => format!("UNBOUNDED {all}"),
        Some(0) => "CURRENT ROW".to_owned(),
        Some(before) if before < 0 => format!("{} PRECEDING", before.unsigned_abs()),
        Some(behind) => format!("{behind} FOLLOWING"),
    };
    let unit = if frame.unit == FrameUnit::Rows { "ROWS" } else { "RANGE" };
    Ok(format!("{unit} BETWEEN {} AND {}", bound(frame.start, "PRECEDING"), bound(frame.end, "FOLLOWING")))
}

/// How a count is bound.
pub(super) fn count(least: i64) -> Prepare {
    Prepare::at_least(least)
}
