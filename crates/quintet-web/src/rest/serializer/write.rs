//! Writes rows as JSON text, by a serializer's shape. Everything that the rows need is there by now.

use quintet_core::json;
use quintet_core::rest::ValueRef;

use super::context::Context;
use super::needs::{End, Found, Hop, Pick};
use super::set::Set;
use super::shape::{Member, Role, Shape};
use super::value::{identity, key_of, label, null, plain, related};
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
            let shown = function(instance, object, context)?;
            json::write(&shown, &json::Style::default(), out).map_err(Error::internal)
        }
        None => Ok(()),
    }
}

/// A row at the end of a path, or why there is none.
pub(super) enum At<'s, 'a> {
    Row(&'s Set<'a>, usize),
    /// A key on the way is null.
    Missing,
    /// A row that refers to a row on the way is not there.
    Null,
}

pub(super) fn walk<'s, 'a>(mut set: &'s Set<'a>, mut row: usize, found: &Found) -> Result<At<'s, 'a>> {
    for Hop { need, pick } in &found.steps {
        let linked = set.links.get(*need).ok_or_else(not_loaded)?;
        let rows = linked.of.of(row);
        match if *pick == Pick::Last { rows.last() } else { rows.first() } {
            Some(next) => (set, row) = (&linked.set, *next),
            None if linked.is_back && *pick == Pick::Only => return Ok(At::Null),
            None => return Ok(At::Missing),
        }
    }
    Ok(At::Row(set, row))
}

pub(super) fn not_loaded() -> Error {
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
    let instance = || set.any(row).ok_or_else(|| Error::internal("a row was not read as a struct"));
    match &member.role {
        Role::Method(method) => {
            method(instance()?, context, out)?;
            return Ok(true);
        }
        Role::Value(value) => {
            let datum = value(instance()?, context)?;
            field.write_datum(&datum, context.facts(), out).map_err(Error::internal)?;
            return Ok(true);
        }
        Role::Later(_) => {
            out.extend_from_slice(set.made(&field.name, row).ok_or_else(not_loaded)?);
            return Ok(true);
        }
        _ => {}
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
        (Role::Plain, End::Count(link)) => {
            let linked = set.links.get(link).ok_or_else(not_loaded)?;
            let count = linked.of.of(row).len();
            let count = ValueRef::Int(i64::try_from(count).unwrap_or(i64::MAX));
            field.write(&count, context.facts(), out).map_err(Error::internal)?;
        }
        (Role::Plain, End::Exists(link)) => {
            let linked = set.links.get(link).ok_or_else(not_loaded)?;
            let there = !linked.of.of(row).is_empty();
            field.write(&ValueRef::Bool(there), context.facts(), out).map_err(Error::internal)?;
        }
        (Role::Plain, End::Label(column)) => label(member, set, row, column, context, out)?,
        (Role::Plain, End::This) => identity(member, set, row, context, out)?,
        (Role::Nested(inner), End::This) => one(inner, set, row, context, out)?,
        (Role::Nested(inner), End::Row(link)) => {
            let linked = set.links.get(link).ok_or_else(not_loaded)?;
            match linked.of.of(row).first() {
                Some(at) => one(inner, &linked.set, *at, context, out)?,
                None => null(out),
            }
        }
        (Role::Nested(inner), End::Rows(link)) => {
            let linked = set.links.get(link).ok_or_else(not_loaded)?;
            many(inner, &linked.set, linked.of.of(row), context, out)?;
        }
        (Role::Related(_), End::Column(column)) => key_of(field, set, row, column, context, out)?,
        (Role::Related(target), End::This) => related(member, target, set, row, context, out)?,
        (Role::Related(target), End::Row(link)) => {
            let linked = set.links.get(link).ok_or_else(not_loaded)?;
            match linked.of.of(row).first() {
                Some(at) => related(member, target, &linked.set, *at, context, out)?,
                None => null(out),
            }
        }
        (Role::Related(target), End::Rows(link)) => {
            let linked = set.links.get(link).ok_or_else(not_loaded)?;
            out.push(b'[');
            for (number, at) in linked.of.of(row).iter().enumerate() {
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
