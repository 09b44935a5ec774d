//! Single values of rows as JSON text: of columns, keys, addresses and words.

use std::sync::LazyLock;

use quintet_core::json;
use quintet_core::rest::{Choices, Field, Kind, Related, RelatedTo, ValueRef};
use quintet_core::schema::{self, Value};
use quintet_db::Cell;

use super::context::Context;
use super::link;
use super::needs::End;
use super::set::Set;
use super::shape::{Member, Target};
use super::write::{At, not_loaded, walk};
use crate::http::{Error, Result};

/// Nothing.
pub(crate) fn null(out: &mut Vec<u8>) {
    out.extend_from_slice(b"null");
}

/// A value of a column.
pub(super) fn plain(
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
    if let Some(lent) = set.lent(row, column) {
        return write(lent, out);
    }
    if set.is_cells() {
        return Err(not_loaded());
    }
    write(set.value(row, column).as_ref().map_or(ValueRef::Null, ValueRef::from), out)
}

/// What people read for a column's choice.
pub(super) fn label(
    member: &Member,
    set: &Set<'_>,
    row: usize,
    column: usize,
    context: &Context<'_>,
    out: &mut Vec<u8>,
) -> Result<()> {
    let value = set.value(row, column).unwrap_or_else(|| set.cell(row, column).into_owned().into());
    if value == Value::Null {
        null(out);
        return Ok(());
    }
    let choices = context.registry().model(set.model).columns[column].field.choices.clone();
    let label = Choices { choices, allow_blank: false }.label(&value);
    member.field.write(&ValueRef::Text(&label), context.facts(), out).map_err(Error::internal)
}

/// The value of a column that names a row, as the column's own kind.
fn key(set: &Set<'_>, row: usize, column: usize, context: &Context<'_>, out: &mut Vec<u8>) -> Result<()> {
    let kind = &context.registry().model(set.model).columns[column].kind;
    if let Some(lent) = set.lent(row, column) {
        return key_value(kind, &lent, context, out);
    }
    if set.is_cells() {
        return Err(not_loaded());
    }
    key_value(kind, &set.value(row, column).as_ref().map_or(ValueRef::Null, ValueRef::from), context, out)
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
    static ANY: LazyLock<Field> = LazyLock::new(Field::any);
    let field = match kind {
        schema::Kind::Uuid => Field::uuid(),
        schema::Kind::Decimal { .. } => Field::decimal(None, None),
        schema::Kind::DateTime { .. } => Field::datetime(),
        schema::Kind::Date { .. } => Field::date(),
        schema::Kind::Time { .. } => Field::time(),
        schema::Kind::Duration => Field::duration(),
        schema::Kind::Boolean => Field::boolean(),
        _ => return ANY.write(value, context.facts(), out).map_err(Error::internal),
    };
    field.write(value, context.facts(), out).map_err(Error::internal)
}

/// The URL of the row itself.
pub(super) fn identity(
    member: &Member,
    set: &Set<'_>,
    row: usize,
    context: &Context<'_>,
    out: &mut Vec<u8>,
) -> Result<()> {
    match &member.field.kind {
        Kind::Related(related) => link::url(&related.to, set, row, context, out),
        _ => Err(Error::internal(format!("`{}` is the whole row, which is no value", member.field.name))),
    }
}

/// A row of another model, as its field names it.
pub(super) fn related(
    member: &Member,
    target: &Target,
    set: &Set<'_>,
    row: usize,
    context: &Context<'_>,
    out: &mut Vec<u8>,
) -> Result<()> {
    let Kind::Related(related) = &member.field.kind else { return Err(not_loaded()) };
    if let Some(found) = &target.slug {
        return match (walk(set, row, found)?, found.end) {
            (At::Row(set, row), End::Column(column)) => key_of(&member.field, set, row, column, context, out),
            // The way ends at a row that refers to none.
            _ => {
                null(out);
                Ok(())
            }
        };
    }
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
    key_of(&member.field, set, row, column, context, out)
}

/// A key as the relation's field writes it: by a field of its own, or as the column's kind.
pub(super) fn key_of(
    field: &Field,
    set: &Set<'_>,
    row: usize,
    column: usize,
    context: &Context<'_>,
    out: &mut Vec<u8>,
) -> Result<()> {
    let Kind::Related(Related { pk_field: Some(own), .. }) = &field.kind else {
        return key(set, row, column, context, out);
    };
    let value = set.value(row, column).unwrap_or_else(|| set.cell(row, column).into_owned().into());
    if value == Value::Null {
        null(out);
        return Ok(());
    }
    own.write(&ValueRef::from(&value), context.facts(), out).map_err(Error::internal)
}

/// A cell's text, as it stands in a path.
pub(crate) fn text_of(cell: &Cell) -> String {
    match cell.clone().into() {
        Value::Text(text) | Value::Decimal(text) | Value::Uuid(text) => text,
        Value::Int(number) => number.to_string(),
        other => format!("{other:?}"),
    }
}
