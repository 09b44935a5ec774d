//! Keys of JSON, and comparisons that only JSON has.
//!
//! SQLite takes values out of JSON as its own: a text without quotes, a number; and true, false and null as words. So the
//! right side must become the same.

use super::{element, enclosed, is_json, of_truth, operated, place, truth};
use crate::query::error::QueryError;
use crate::query::fragment::{Bind, Context, Fragment, Given, Origin, Right, Truth};
use crate::query::prepare::{self, Prepare};
use crate::schema::{Kind, Value};
use crate::sql::Dialect;

/// The lookups that only JSON has.
pub(super) const LOOKUPS: [&str; 4] = ["contained_by", "has_key", "has_keys", "has_any_keys"];

/// The value of a key, or of a place in a list.
pub(super) fn key<'q>(cx: Context<'_>, of: &Fragment<'q>, name: &str) -> Result<Fragment<'q>, QueryError> {
    let (base, mut keys) = match of.origin.as_deref() {
        Some(Origin::Keys(base, keys)) => (base.clone(), keys.clone()),
        _ => (of.clone(), vec![]),
    };
    keys.push(name.to_owned());
    Ok(keyed(cx, base, keys, false))
}

/// The value of a key as text.
pub(crate) fn as_text<'q>(cx: Context<'_>, of: Fragment<'q>) -> Option<Fragment<'q>> {
    match of.origin.map(|origin| *origin) {
        Some(Origin::Keys(base, keys)) => Some(keyed(cx, base, keys, true)),
        _ => None,
    }
}

fn keyed<'q>(cx: Context<'_>, base: Fragment<'q>, keys: Vec<String>, as_text: bool) -> Fragment<'q> {
    let mut sql = Fragment::new("", None);
    match cx.dialect {
        Dialect::Sqlite => {
            let path = || own(Value::Text(prepare::path(&keys)));
            let call = |sql: &mut Fragment<'q>, before: &str, behind: &str| {
                sql.push(before);
                sql.add(base.clone());
                sql.push(", ");
                sql.add(path());
                sql.push(behind);
            };
            call(&mut sql, "(CASE WHEN JSON_TYPE(", ") IN ('false','true','null') ");
            call(&mut sql, "THEN JSON_TYPE(", ") ");
            call(&mut sql, "ELSE JSON_EXTRACT(", ") END)");
        }
        Dialect::Postgres => {
            sql.push("(");
            sql.add(base.clone());
            let behind = if as_text { ">" } else { "" };
            match keys.as_slice() {
                [one] => match prepare::place(one).and_then(|place| i32::try_from(place).ok()) {
                    Some(place) => sql.push(&format!(" ->{behind} {place})")),
                    None => {
                        sql.push(&format!(" ->{behind} "));
                        sql.add(own(Value::Text(one.clone())));
                        sql.push("::text)");
                    }
                },
                _ => {
                    sql.push(&format!(" #>{behind} "));
                    sql.add(own(Value::List(keys.iter().cloned().map(Value::Text).collect())));
                    sql.push("::text[])");
                }
            }
        }
    }
    let text = Kind::Text { max_length: None };
    let mut sql = sql.of_kind(Some(if as_text { text } else { Kind::Json }));
    sql.origin = Some(Box::new(Origin::Keys(base, keys)));
    sql
}

/// A value that follows from the shape.
fn own<'q>(value: Value) -> Fragment<'q> {
    Fragment::place(Given::Own(value), Prepare::of(None), None)
}

/// A comparison that means something else for JSON than for other kinds; `None` where it does not.
pub(super) fn special<'q>(
    cx: Context<'_>,
    left: &Fragment<'q>,
    name: &str,
    right: &Right<'q>,
) -> Result<Option<Truth<'q>>, QueryError> {
    let keys = match left.origin.as_deref() {
        Some(Origin::Keys(base, keys)) => Some((base, keys)),
        _ => None,
    };
    Ok(Some(match (name, right) {
        ("contains" | "contained_by", right) => contains(cx, left, name, right)?,
        ("has_key", right) => has(cx, left, name, std::slice::from_ref(right))?,
        ("has_keys" | "has_any_keys", Right::List(keys)) => has(cx, left, name, keys)?,
        ("has_keys" | "has_any_keys", Right::Value(list @ Value::List(keys))) => {
            has_of(cx, left, name, keys.iter().enumerate().map(|(at, _)| Given::Element(list, at)).collect())?
        }
        ("has_keys" | "has_any_keys", _) => {
            return Err(QueryError::value(format!("`{name}` takes a list of keys")));
        }
        ("isnull", Right::Value(Value::Bool(yes))) if keys.is_some() => key_is_null(cx, left, *yes),
        ("exact", Right::Value(value)) => exact(cx, left, value),
        ("gt" | "gte" | "lt" | "lte", Right::Value(value)) if keys.is_some() && **value != Value::Null => {
            order(cx, left, name, value)
        }
        ("iexact" | "icontains" | "startswith" | "istartswith" | "endswith" | "iendswith" | "regex" | "iregex", _)
            if keys.is_some() && !matches!(right, Right::Value(Value::Null)) =>
        {
            match as_text(cx, left.clone()) {
                Some(text) => super::lookup(cx, text, name, right.clone())?,
                None => return Ok(None),
            }
        }
        _ => return Ok(None),
    }))
}

/// Equal to a constant; null is the null of JSON.
fn exact<'q>(cx: Context<'_>, left: &Fragment<'q>, value: &'q Value) -> Truth<'q> {
    let is_key = matches!(left.origin.as_deref(), Some(Origin::Keys(..)));
    let right = match is_key {
        true => element(cx, left, Given::Value(value), value, ""),
        false => place(cx, left, Given::Value(value), Prepare::of(Some(&Kind::Json))),
    };
    truth(operated(left.clone(), "= {}", right))
}

/// A constant as SQLite takes it out of JSON.
pub(super) fn member<'q>(cx: Context<'_>, given: Given<'q>, value: &Value) -> Fragment<'q> {
    let place = Fragment::place(given, Prepare::of(Some(&Kind::Json)), None);
    let is_word = match value {
        Value::Null | Value::Bool(_) => true,
        Value::Json(text) => matches!(text.trim(), "true" | "false" | "null"),
        _ => false,
    };
    match cx.dialect {
        Dialect::Sqlite if !is_word => place.between("JSON_EXTRACT(", ", '$')"),
        _ => place,
    }
}

fn order<'q>(cx: Context<'_>, left: &Fragment<'q>, name: &str, value: &'q Value) -> Truth<'q> {
    let prepare = match cx.dialect {
        Dialect::Sqlite => Prepare::scalar(),
        Dialect::Postgres => Prepare::of(Some(&Kind::Json)),
    };
    let operator = match name {
        "gt" => "> {}",
        "gte" => ">= {}",
        "lt" => "< {}",
        _ => "<= {}",
    };
    truth(operated(left.clone(), operator, Fragment::place(Given::Value(value), prepare, None)))
}

/// Whether a key is missing; the null of JSON is a value.
fn key_is_null<'q>(cx: Context<'_>, left: &Fragment<'q>, yes: bool) -> Truth<'q> {
    let behind = if yes { " IS NULL" } else { " IS NOT NULL" };
    let sql = match (cx.dialect, left.origin.as_deref()) {
        (Dialect::Sqlite, Some(Origin::Keys(base, keys))) => {
            let mut sql = base.clone().between("JSON_TYPE(", ", ");
            sql.add(own(Value::Text(prepare::path(keys))));
            sql.push(")");
            sql
        }
        _ => left.clone(),
    };
    truth(of_truth(sql).between("", behind))
}

fn contains<'q>(cx: Context<'_>, left: &Fragment<'q>, name: &str, right: &Right<'q>) -> Result<Truth<'q>, QueryError> {
    if cx.dialect == Dialect::Sqlite {
        return Err(QueryError::unsupported(format!("SQLite has no lookup `{name}` of JSON")));
    }
    let right = match right {
        Right::Value(value) => Fragment::place(Given::Value(value), Prepare::of(Some(&Kind::Json)), None),
        Right::Sql(sql) => enclosed(sql.clone()),
        _ => return Err(QueryError::value(format!("`{name}` compares with one value of JSON"))),
    };
    let operator = if name == "contains" { "@> {}" } else { "<@ {}" };
    Ok(truth(operated(left.clone(), operator, right)))
}

/// Whether there are keys.
fn has<'q>(cx: Context<'_>, left: &Fragment<'q>, name: &str, keys: &[Right<'q>]) -> Result<Truth<'q>, QueryError> {
    let given = keys.iter().map(|key| match key {
        Right::Value(value @ (Value::Text(_) | Value::Int(_))) => Ok(Given::Value(value)),
        _ => Err(QueryError::value(format!("`{name}` takes keys as text"))),
    });
    has_of(cx, left, name, given.collect::<Result<_, _>>()?)
}

fn has_of<'q>(cx: Context<'_>, left: &Fragment<'q>, name: &str, keys: Vec<Given<'q>>) -> Result<Truth<'q>, QueryError> {
    if keys.is_empty() {
        return Err(QueryError::value(format!("`{name}` takes one key at least")));
    }
    if cx.dialect == Dialect::Postgres {
        let places = keys.into_iter().map(|key| Fragment::place(key, Prepare::text(None), None));
        let (operator, right) = match name {
            "has_key" => ("? {}", Fragment::join(places, "").between("", "::text")),
            "has_keys" => ("?& {}", Fragment::join(places, ", ").between("ARRAY[", "]::text[]")),
            _ => ("?| {}", Fragment::join(places, ", ").between("ARRAY[", "]::text[]")),
        };
        return Ok(truth(operated(left.clone(), operator, right)));
    }
    let (base, path) = match left.origin.as_deref() {
        Some(Origin::Keys(base, keys)) if is_json(left) => (base.clone(), prepare::path(keys)),
        _ => (left.clone(), "$".to_owned()),
    };
    let parts = keys.into_iter().map(|key| {
        let mut part = base.clone().between("JSON_TYPE(", ", ");
        let bind = Bind { given: key, prepare: Prepare::key(&path) };
        part.add(Fragment::place(bind.given, bind.prepare, None));
        part.push(") IS NOT NULL");
        part
    });
    let sql = Fragment::join(parts, if name == "has_any_keys" { " OR " } else { " AND " });
    Ok(truth(if name == "has_key" { sql } else { sql.between("(", ")") }))
}
