//! Writes rows as JSON text, by a serializer's shape. Everything that the rows need is there by now.

use quintet_core::json;
use quintet_core::rest::{Field, Kind, RelatedTo, ValueRef};
use quintet_core::schema::{self, Value};
use quintet_db::Cell;

use super::context::Context;
use super::link;
use super::needs::{End, Found};
use super::set::Set;
use super::shape::{Member, Role, Shape, Target};
use crate::http::{Error, Result};

/// Several rows.
pub(crate) fn many(
    shape: &Shape,
    set: &Set<'_>,
    rows: &[usize],
    context: &Context<'_>,
    out: &mut Vec<u8>,
) -> Result<()> {
    out.push(b'[');
    for (number, row) in rows.iter().enumerate() {
        if number > 0 {
            out.push(b',');
        }
        one(shape, set, *row, context, out)?;
    }
    out.push(b']');
    Ok(())
}

/// One row.
pub(crate) fn one(shape: &Shape, set: &Set<'_>, row: usize, context: &Context<'_>, out: &mut Vec<u8>) -> Result<()> {
    let begin = out.len();
    out.push(b'{');
    for member in shape.members.iter().filter(|member| !member.field.write_only) {
        let before = out.len();
        if before > begin + 1 {
            out.push(b',');
        }
        out.extend_from_slice(&member.key);
        if !self::member(shape, member, set, row, context, out)? {
            out.truncate(before);
        }
    }
    out.push(b'}');
    match &shape.shown_by {
        Some(function) => {
            let text = out.split_off(begin);
            let json::Json::Object(object) = json::parse(&text, "utf-8").map_err(Error::internal)? else {
                return Err(Error::internal("a representation is no object"));
            };
            let instance = set.any(row).ok_or_else(|| Error::internal("a row was not read as a struct"))?;
            let object = function(instance, object, context)?;
            json::write(&json::Json::Object(object), &json::Style::default(), out).map_err(Error::internal)
        }
        None => Ok(()),
    }
}

/// A row at the end of a path, or why there is none.
enum At<'s, 'a> {
    Row(&'s Set<'a>, usize),
    /// A key on the way is null.
    Missing,
    /// A row that refers to a row on the way is not there.
    Null,
}

fn walk<'s, 'a>(mut set: &'s Set<'a>, mut row: usize, found: &Found) -> Result<At<'s, 'a>> {
    for step in &found.steps {
        let linked = set.links.get(*step).ok_or_else(not_loaded)?;
        match linked.of.get(row).and_then(|rows| rows.first()) {
            Some(next) => (set, row) = (&linked.set, *next),
            None if linked.is_back => return Ok(At::Null),
            None => return Ok(At::Missing),
        }
    }
    Ok(At::Row(set, row))
}

fn not_loaded() -> Error {
    Error::internal("rows that a serializer needs were not loaded")
}

/// Writes the value of a field; gives whether there is one.
fn member(
    shape: &Shape,
    member: &Member,
    set: &Set<'_>,
    row: usize,
    context: &Context<'_>,
    out: &mut Vec<u8>,
) -> Result<bool> {
    let field = &member.field;
    if let Role::Method(method) = &member.role {
        let instance = set.any(row).ok_or_else(|| Error::internal("a row was not read as a struct"))?;
        method(instance, context, out)?;
        return Ok(true);
    }
    let Some(found) = &member.found else {
        return Err(Error::internal(format!("`{}.{}` has no value in a row", shape.name, field.name)));
    };
    let (set, row) = match walk(set, row, found)? {
        At::Row(set, row) => (set, row),
        At::Null => {
            null(out);
            return Ok(true);
        }
        At::Missing => return absent(member, context, out),
    };
    match (&member.role, found.end) {
        (Role::Plain, End::Column(column)) => plain(member, set, row, column, context, out)?,
        (Role::Plain, End::This) => identity(member, set, row, context, out)?,
        (Role::Nested(inner), End::This) => one(inner, set, row, context, out)?,
        (Role::Nested(inner), End::Row(link)) => {
            let linked = set.links.get(link).ok_or_else(not_loaded)?;
            match linked.of.get(row).and_then(|rows| rows.first()) {
                Some(at) => one(inner, &linked.set, *at, context, out)?,
                None => null(out),
            }
        }
        (Role::Nested(inner), End::Rows(link)) => {
            let linked = set.links.get(link).ok_or_else(not_loaded)?;
            many(inner, &linked.set, linked.of.get(row).map_or(&[], Vec::as_slice), context, out)?;
        }
        (Role::Related(_), End::Column(column)) => key(set, row, column, context, out)?,
        (Role::Related(target), End::This) => related(member, target, set, row, context, out)?,
        (Role::Related(target), End::Row(link)) => {
            let linked = set.links.get(link).ok_or_else(not_loaded)?;
            match linked.of.get(row).and_then(|rows| rows.first()) {
                Some(at) => related(member, target, &linked.set, *at, context, out)?,
                None => null(out),
            }
        }
        (Role::Related(target), End::Rows(link)) => {
            let linked = set.links.get(link).ok_or_else(not_loaded)?;
            out.push(b'[');
            for (number, at) in linked.of.get(row).into_iter().flatten().enumerate() {
                if number > 0 {
                    out.push(b',');
                }
                related(member, target, &linked.set, *at, context, out)?;
            }
            out.push(b']');
        }
        _ => return Err(Error::internal(format!("`{}.{}` cannot be shown", shape.name, field.name))),
    }
    Ok(true)
}

pub(crate) fn null(out: &mut Vec<u8>) {
    out.extend_from_slice(b"null");
}

/// What is shown where the way to a value ends early: the default, null, or nothing at all.
fn absent(member: &Member, context: &Context<'_>, out: &mut Vec<u8>) -> Result<bool> {
    let field = &member.field;
    if let Some(default) = &field.default {
        let Some(datum) = default.get(context.facts()) else { return Ok(false) };
        let shown = field.represent(&datum, context.facts()).map_err(Error::internal)?;
        json::write(&shown, &json::Style::default(), out).map_err(Error::internal)?;
        return Ok(true);
    }
    if field.allow_null {
        null(out);
        return Ok(true);
    }
    if !field.required {
        return Ok(false);
    }
    Err(Error::internal(format!(
        "`{}` of a row leads nowhere, and the field `{}` must have a value\nhint: `read_only`, or an `Option`",
        field.path(),
        field.name
    )))
}

/// A value of a column.
fn plain(
    member: &Member,
    set: &Set<'_>,
    row: usize,
    column: usize,
    context: &Context<'_>,
    out: &mut Vec<u8>,
) -> Result<()> {
    let field = &member.field;
    let write = |value: ValueRef<'_>, out: &mut Vec<u8>| {
        if value.is_null() {
            null(out);
            return Ok(());
        }
        field.write(&value, context.facts(), out).map_err(Error::internal)
    };
    if let Kind::File(files) | Kind::Image(files) = &field.kind {
        return link::file(files, &set.cell(row, column), context, out);
    }
    match set.value(row, column) {
        Some(own) => write(ValueRef::from(&own), out),
        None => write(ValueRef::from(&*set.cell(row, column)), out),
    }
}

/// The value of a column that names a row, as the column's own kind.
fn key(set: &Set<'_>, row: usize, column: usize, context: &Context<'_>, out: &mut Vec<u8>) -> Result<()> {
    let kind = &context.registry().model(set.model).columns[column].kind;
    match set.value(row, column) {
        Some(own) => key_value(kind, &ValueRef::from(&own), context, out),
        None => key_value(kind, &ValueRef::from(&*set.cell(row, column)), context, out),
    }
}

/// A key as its kind: databases keep most of them as text or numbers.
pub(crate) fn key_value(
    kind: &schema::Kind,
    value: &ValueRef<'_>,
    context: &Context<'_>,
    out: &mut Vec<u8>,
) -> Result<()> {
    if value.is_null() {
        null(out);
        return Ok(());
    }
    let field = match kind {
        schema::Kind::Uuid => Field::uuid(),
        schema::Kind::Decimal { .. } => Field::decimal(None, None),
        schema::Kind::DateTime { .. } => Field::datetime(),
        schema::Kind::Date { .. } => Field::date(),
        schema::Kind::Time { .. } => Field::time(),
        schema::Kind::Duration => Field::duration(),
        schema::Kind::Boolean => Field::boolean(),
        _ => Field::any(),
    };
    field.write(value, context.facts(), out).map_err(Error::internal)
}

/// The URL of the row itself.
fn identity(member: &Member, set: &Set<'_>, row: usize, context: &Context<'_>, out: &mut Vec<u8>) -> Result<()> {
    match &member.field.kind {
        Kind::Related(related) => link::url(&related.to, set, row, context, out),
        _ => Err(Error::internal(format!("`{}` is the whole row, which is no value", member.field.name))),
    }
}

/// A row of another model, as its field names it.
fn related(
    member: &Member,
    target: &Target,
    set: &Set<'_>,
    row: usize,
    context: &Context<'_>,
    out: &mut Vec<u8>,
) -> Result<()> {
    let Kind::Related(related) = &member.field.kind else { return Err(not_loaded()) };
    let info = context.registry().model(set.model);
    let column = match &related.to {
        RelatedTo::PrimaryKey => info.key.first().copied().unwrap_or(target.there),
        RelatedTo::Slug(slug) => {
            info.place(slug).ok_or_else(|| Error::internal(format!("`{}` has no field `{slug}`", info.label())))?
        }
        RelatedTo::Text => {
            let (Some(row), Some(text)) = (set.any(row), target.text) else { return Err(not_loaded()) };
            json::write_text(&(text.text)(row), false, out);
            return Ok(());
        }
        to @ (RelatedTo::Hyperlink { .. } | RelatedTo::Identity { .. }) => {
            return link::url(to, set, row, context, out);
        }
    };
    key(set, row, column, context, out)
}

/// A cell's text, as it stands in a path.
pub(crate) fn text_of(cell: &Cell) -> String {
    match cell.clone().into() {
        Value::Text(text) | Value::Decimal(text) | Value::Uuid(text) => text,
        Value::Int(number) => number.to_string(),
        other => format!("{other:?}"),
    }
}
