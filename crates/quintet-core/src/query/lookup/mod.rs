//! Comparisons: `title__icontains`, `created_at__year__gte`, `data__a__0`.
//!
//! The operators are those of the table that conditions of a table's definition use; here values are bound instead of
//! written, and what only a query can ask is added.

mod json;
mod part;
mod pattern;
#[cfg(test)]
mod tests;

pub(crate) use json::as_text;

use super::ast::Expr;
use super::error::QueryError;
use super::fragment::{Context, Fragment, Given, Origin, Right, Truth};
use super::function;
use super::prepare::{self, Prepare};
use super::registry::{Link, Registry, Way};
use crate::schema::{Kind, Value};
use crate::sql::Dialect;
use crate::sql::expression::lookup::{LOOKUPS, Row, beyond};
use crate::sql::expression::moment::is_part;
use crate::sql::expression::typed::{Type, of_kind};

/// Full text, which PostgreSQL has.
const SEARCH: &str = "search";

/// Whether values of a kind can be compared so.
pub(crate) fn is_lookup(kind: Option<&Kind>, name: &str) -> bool {
    names(kind).contains(&name)
}

/// The lookups of a kind.
pub(crate) fn names(kind: Option<&Kind>) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = LOOKUPS.iter().map(|row| row.name).collect();
    match kind.and_then(of_kind) {
        Some(Type::Json) => names.extend(json::LOOKUPS),
        Some(Type::Text) => names.push(SEARCH),
        _ => {}
    }
    names
}

/// What a name makes of a value: a part of a date, a key of JSON. `None` where the kind has no such thing.
pub(crate) fn transform<'q>(
    cx: Context<'_>,
    of: &Fragment<'q>,
    name: &str,
) -> Result<Option<Fragment<'q>>, QueryError> {
    match of.kind.as_ref().and_then(of_kind) {
        Some(Type::Json) => json::key(cx, of, name).map(Some),
        Some(found) if is_part(name, found) => match name {
            "date" | "time" => function::truncate(cx, of.clone(), name, None, None).map(Some),
            part => function::extract(cx, of.clone(), part, None).map(Some),
        },
        _ => Ok(None),
    }
}

/// A comparison.
pub(crate) fn lookup<'q>(
    cx: Context<'_>,
    left: Fragment<'q>,
    name: &str,
    right: Right<'q>,
) -> Result<Truth<'q>, QueryError> {
    if let Right::Value(Value::List(values)) = right
        && matches!(name, "in" | "range")
    {
        let elements = values.iter().enumerate().map(|(at, _)| Item::Element(right_list(&right), at)).collect();
        return listed(cx, left, name, elements);
    }
    let is_json = left.kind.as_ref().and_then(of_kind) == Some(Type::Json);
    if is_json && let Some(found) = json::special(cx, &left, name, &right)? {
        return Ok(found);
    }
    let Some(row) = LOOKUPS.iter().find(|row| row.name == name) else {
        return match name {
            SEARCH => search(cx, left, right),
            name => Err(QueryError::name(format!("there is no lookup `{name}`"))),
        };
    };
    match right {
        right if name == "isnull" => is_null(left, &right),
        Right::Value(Value::Null) if matches!(name, "exact" | "iexact") && !(is_json && name == "exact") => {
            lookup(cx, left, "isnull", Right::Value(&Value::Bool(true)))
        }
        Right::Value(Value::Null) if !is_json || name != "exact" => {
            Err(QueryError::value(format!("`{name}` cannot compare with null\nhint: use `isnull`")))
        }
        Right::Value(value) if pattern::is_of_text(row) => Ok(pattern::with_value(cx, left, row, value)),
        Right::Value(value) => compare(cx, left, row, value),
        Right::List(items) => listed(cx, left, name, items.into_iter().map(Item::from).collect()),
        Right::Numbers(list) => among(cx, left, name, list),
        Right::Subquery(inner) => Ok(truth(operated(left, operator(cx, row), inner.between("(", ")")))),
        Right::Sql(sql) if pattern::is_of_text(row) => Ok(pattern::with_sql(cx, left, row, sql)),
        Right::Sql(sql) => Ok(truth(operated(left, operator(cx, row), enclosed(sql)))),
    }
}

/// One of several.
#[allow(clippy::large_enum_variant, reason = "lives for the length of one comparison")]
enum Item<'q> {
    Value(&'q Value),
    Element(&'q Value, usize),
    Sql(Fragment<'q>),
    Bad,
}

impl<'q> From<Right<'q>> for Item<'q> {
    fn from(right: Right<'q>) -> Self {
        match right {
            Right::Value(value) => Self::Value(value),
            Right::Sql(sql) => Self::Sql(enclosed(sql)),
            Right::Subquery(sql) => Self::Sql(sql.between("(", ")")),
            Right::List(_) | Right::Numbers(_) => Self::Bad,
        }
    }
}

impl<'q> Item<'q> {
    fn value(&self) -> Option<&'q Value> {
        match self {
            Self::Value(value) => Some(value),
            Self::Element(Value::List(values), at) => values.get(*at),
            _ => None,
        }
    }

    fn given(&self) -> Option<Given<'q>> {
        match self {
            Self::Value(value) => Some(Given::Value(value)),
            Self::Element(list, at) => Some(Given::Element(list, *at)),
            _ => None,
        }
    }
}

fn right_list<'q>(right: &Right<'q>) -> &'q Value {
    match right {
        Right::Value(list) => list,
        _ => &Value::Null,
    }
}

/// `in` and `range`.
fn listed<'q>(cx: Context<'_>, left: Fragment<'q>, name: &str, items: Vec<Item<'q>>) -> Result<Truth<'q>, QueryError> {
    let mut places = vec![];
    let is_range = name == "range";
    if is_range && items.len() != 2 {
        return Err(QueryError::value(format!("`range` takes two values, not {}", items.len())));
    }
    for item in items {
        let place = match (&item, item.value()) {
            (Item::Bad, _) => return Err(QueryError::usage("a list stands within a list")),
            (_, Some(Value::Null)) if is_range => {
                return Err(QueryError::value("`range` cannot compare with null\nhint: use `gte` or `lte`"));
            }
            // Null is equal to nothing.
            (_, Some(Value::Null)) => continue,
            (_, Some(value)) => match in_limits(cx, &left, value, is_range) {
                Some(cast) => item.given().map(|given| element(cx, &left, given, value, cast)),
                None => None,
            },
            (_, None) => None,
        };
        match (place, item) {
            (Some(place), _) | (None, Item::Sql(place)) => places.push(place),
            _ => {}
        }
    }
    if is_range {
        let mut places = places.into_iter();
        let (Some(first), Some(last)) = (places.next(), places.next()) else {
            return Err(QueryError::usage("`range` takes two values"));
        };
        let mut sql = of_truth(left);
        sql.push(" BETWEEN ");
        sql.add(first);
        sql.push(" AND ");
        sql.add(last);
        return Ok(truth(sql));
    }
    if places.is_empty() {
        return Ok(Truth::Never);
    }
    let mut sql = of_truth(left);
    sql.push(" IN ");
    sql.add(Fragment::join(places, ", ").between("(", ")"));
    Ok(truth(sql))
}

/// What keys are compared with by `in`, where the rows behind a relation are asked for and how many is chance: on PostgreSQL
/// several numbers are one parameter, so that one prepared statement serves all of them.
///
/// Rows behind a table between have often no order but the one in which the database finds them. That is another for another
/// plan, and clients of the reference know the one of a plain list. Of a table that is not ours nobody knows whether its columns
/// are what the model says.
pub fn one_of(dialect: Dialect, registry: &Registry, link: &Link, keys: Vec<Value>) -> Expr {
    let target = registry.model(link.target);
    let is_number = match link.way {
        Way::Key { there, .. } | Way::Back { there, .. } => of_kind(&target.columns[there].kind) == Some(Type::Int),
        Way::Between { .. } => false,
    };
    let is_one = dialect == Dialect::Postgres && keys.len() > 1 && is_number && target.state.options.managed;
    if is_one && keys.iter().all(|key| matches!(key, Value::Int(_))) {
        return Expr::Numbers(Value::List(keys));
    }
    Expr::List(keys.into_iter().map(Expr::Value).collect())
}

/// One of several whole numbers, which are one parameter. Behind a `SELECT` PostgreSQL knows none of them when it plans, and
/// keeps one plan for all lists.
fn among<'q>(cx: Context<'_>, left: Fragment<'q>, name: &str, list: &'q Value) -> Result<Truth<'q>, QueryError> {
    if name != "in" || cx.dialect != Dialect::Postgres || left.kind.as_ref().and_then(of_kind) != Some(Type::Int) {
        return Err(QueryError::usage("a list of numbers is for `in` of a whole number on PostgreSQL"));
    }
    let mut sql = of_truth(left);
    sql.push(" = ANY((SELECT ");
    sql.add(Fragment::place(Given::Value(list), Prepare::of(None), None));
    sql.push("::bigint[])::bigint[])");
    Ok(truth(sql))
}

/// Whether a column can hold a number; the cast that PostgreSQL needs for one that it cannot. `None`: it is equal to
/// nothing there.
fn in_limits(cx: Context<'_>, left: &Fragment<'_>, value: &Value, is_range: bool) -> Option<&'static str> {
    let beyond = left.kind.as_ref().zip(prepare::whole(value, false));
    let beyond = beyond.and_then(|(kind, number)| beyond_type(cx, kind, number));
    match beyond {
        None => Some(""),
        Some(()) if is_range => Some("::numeric"),
        Some(()) => None,
    }
}

/// Whether the type of a column cannot hold a number, whatever its kind allows.
fn beyond_type(cx: Context<'_>, kind: &Kind, number: i128) -> Option<()> {
    let signed = match kind {
        Kind::PositiveSmallInteger => &Kind::SmallInteger,
        Kind::PositiveInteger => &Kind::Integer,
        Kind::PositiveBigInteger => &Kind::BigInteger,
        kind => kind,
    };
    beyond(cx.dialect, signed, "exact", number).map(drop)
}

/// A place for one of several values.
fn element<'q>(cx: Context<'_>, left: &Fragment<'q>, given: Given<'q>, value: &Value, cast: &str) -> Fragment<'q> {
    if matches!(left.origin.as_deref(), Some(Origin::Keys(..))) && is_json(left) {
        return json::member(cx, given, value);
    }
    let mut place = place(cx, left, given, Prepare::of(left.kind.as_ref()));
    if cx.dialect == Dialect::Postgres {
        place.push(cast);
    }
    place
}

/// A comparison with a constant.
fn compare<'q>(cx: Context<'_>, left: Fragment<'q>, row: &Row, value: &'q Value) -> Result<Truth<'q>, QueryError> {
    if let Value::List(_) = value
        && !is_json(&left)
    {
        return Err(QueryError::value(format!("`{}` compares with one value, not with a list", row.name)));
    }
    if let Some(found) = part::year(&left, row, value, cx) {
        return Ok(truth(found));
    }
    let kind = left.kind.clone();
    if let (Some(Type::Bool), "exact", Value::Bool(yes)) = (kind.as_ref().and_then(of_kind), row.name, value) {
        return Ok(truth(if *yes { left } else { left.between("NOT ", "") }));
    }
    let up = matches!(row.name, "gte" | "lt");
    let limit = kind.as_ref().zip(prepare::whole(value, up));
    match limit.and_then(|(kind, number)| beyond(cx.dialect, kind, row.name, number)) {
        Some(true) => return Ok(Truth::Always),
        Some(false) => return Ok(Truth::Never),
        None => {}
    }
    let prepare = if up { Prepare::ceiling(kind.as_ref()) } else { Prepare::of(kind.as_ref()) };
    let right = place(cx, &left, Given::Value(value), prepare);
    Ok(truth(operated(left, operator(cx, row), right)))
}

/// A place for a value that a piece is compared with. PostgreSQL infers its type from the piece; but what was cut out of
/// a moment has lost its zone there.
fn place<'q>(cx: Context<'_>, left: &Fragment<'q>, given: Given<'q>, prepare: Prepare) -> Fragment<'q> {
    let mut place = Fragment::place(given, prepare, left.kind.clone());
    let is_moment = left.kind.as_ref().and_then(of_kind) == Some(Type::DateTime);
    if cx.dialect == Dialect::Postgres && is_moment && !is_column(left) {
        place.push("::timestamptz");
    }
    place
}

fn is_null<'q>(left: Fragment<'q>, right: &Right<'q>) -> Result<Truth<'q>, QueryError> {
    let Right::Value(Value::Bool(yes)) = right else {
        return Err(QueryError::value("`isnull` takes true or false only"));
    };
    Ok(truth(of_truth(left).between("", if *yes { " IS NULL" } else { " IS NOT NULL" })))
}

/// Words in a text, in the language that the database is set to.
fn search<'q>(cx: Context<'_>, left: Fragment<'q>, right: Right<'q>) -> Result<Truth<'q>, QueryError> {
    if cx.dialect == Dialect::Sqlite {
        return Err(QueryError::unsupported("SQLite has no lookup `search`\nhint: use `icontains`"));
    }
    let words = match right {
        Right::Value(Value::Null) => return Err(QueryError::value("`search` cannot compare with null")),
        Right::Value(value) => Fragment::place(Given::Value(value), Prepare::text(None), None).between("", "::text"),
        Right::Sql(sql) => sql,
        _ => return Err(QueryError::value("`search` takes one text")),
    };
    let mut sql = left.between("to_tsvector(COALESCE(", ", '')) @@ plainto_tsquery(");
    sql.add(words);
    sql.push(")");
    Ok(truth(sql))
}

/// A piece that is a comparison itself is put in parentheses, so that what follows belongs to all of it.
fn of_truth(left: Fragment<'_>) -> Fragment<'_> {
    let is_condition = matches!(left.kind, Some(Kind::Boolean)) && !is_column(&left) && !left.sql.starts_with('(');
    if is_condition { left.between("(", ")") } else { left }
}

/// The operator of a lookup, with `{}` for what stands behind it.
fn operator(cx: Context<'_>, row: &Row) -> &'static str {
    match cx.dialect {
        Dialect::Sqlite => row.sqlite,
        Dialect::Postgres => row.postgres,
    }
}

/// A piece, an operator, and another piece.
fn operated<'q>(left: Fragment<'q>, operator: &str, right: Fragment<'q>) -> Fragment<'q> {
    let (before, behind) = operator.split_once("{}").unwrap_or((operator, ""));
    let mut sql = of_truth(left);
    sql.push(" ");
    sql.push(before);
    sql.add(right);
    sql.push(behind);
    sql
}

fn enclosed(sql: Fragment<'_>) -> Fragment<'_> {
    if sql.sql.starts_with('(') { sql } else { sql.between("(", ")") }
}

fn truth(sql: Fragment<'_>) -> Truth<'_> {
    Truth::Sql(sql.of_kind(Some(Kind::Boolean)))
}

fn is_json(left: &Fragment<'_>) -> bool {
    left.kind.as_ref().and_then(of_kind) == Some(Type::Json)
}

/// Whether a piece is a column and nothing else.
fn is_column(left: &Fragment<'_>) -> bool {
    left.binds.is_empty() && left.sql.ends_with('"') && !left.sql.contains(['(', ' '])
}
