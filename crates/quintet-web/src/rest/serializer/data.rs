//! Writes validated data that was not saved: the same fields, out of values instead of rows.

use std::borrow::Cow;

use quintet_core::json;
use quintet_core::query::{Condition, Expr, Path, Query, Statement, Step};
use quintet_core::rest::{Datum, Kind, Related, RelatedTo, ValueRef};
use quintet_core::schema::Value;

use super::attributes::Attributes;
use super::context::Context;
use super::load;
use super::relation::slug;
use super::shape::{Member, Role, Shape, Target};
use super::value::{key_value, null};
use super::{link, set::Set};
use crate::http::{BoxFuture, Error, Result};

/// A serializer's data.
pub(crate) fn write<'f>(
    shape: &'f Shape,
    data: &'f Attributes,
    context: &'f Context<'f>,
    out: &'f mut Vec<u8>,
) -> BoxFuture<'f, Result<()>> {
    Box::pin(async move {
        let begin = out.len();
        out.push(b'{');
        for member in shape.members.iter().filter(|member| !member.field.write_only) {
            let before = out.len();
            if before > begin + 1 {
                out.push(b',');
            }
            out.extend_from_slice(&member.key);
            if !self::member(shape, member, data, context, out).await? {
                out.truncate(before);
            }
        }
        out.push(b'}');
        if let (Some(function), Some(data_of)) = (&shape.shown_by, shape.data_of) {
            let text = out.split_off(begin);
            let json::Json::Object(object) = json::parse(&text, "utf-8").map_err(Error::internal)? else {
                return Err(Error::internal("a representation is no object"));
            };
            let shown = function(&*data_of(data.clone()), object, context)?;
            json::write(&shown, &json::Style::default(), out).map_err(Error::internal)?;
        }
        Ok(())
    })
}

/// The value of a field; gives whether there is one.
async fn member(
    shape: &Shape,
    member: &Member,
    data: &Attributes,
    context: &Context<'_>,
    out: &mut Vec<u8>,
) -> Result<bool> {
    let (field, facts) = (&member.field, context.facts());
    if let role @ (Role::Method(_) | Role::Later(_) | Role::Value(_)) = &member.role {
        if let Some(data_of) = shape.data_of {
            let data = data_of(data.clone());
            match role {
                Role::Method(method) => method(&*data, context, out)?,
                Role::Later(method) => out.extend(method(&*data, context).await?),
                Role::Value(value) => {
                    field.write_datum(&value(&*data, context)?, facts, out).map_err(Error::internal)?;
                }
                _ => {}
            }
            return Ok(true);
        }
        let message =
            format!("`{}.{}` is made of a row, and there is none: the data was not saved", shape.name, field.name);
        return Err(Error::internal(message));
    }
    let found = match &*member.path {
        [] => Some(Cow::Owned(Datum::from(data.clone()))),
        path => at(data, path).map(Cow::Borrowed),
    };
    let default = || field.default.as_ref().and_then(|default| default.get(facts)).map(Cow::Owned);
    let datum = match found.or_else(default) {
        Some(datum) => datum,
        None if field.allow_null => Cow::Owned(Datum::NULL),
        None if !field.required => return Ok(false),
        None => {
            return Err(Error::internal(format!(
                "the data has no `{}`, of which `{}` is made",
                field.path(),
                field.name
            )));
        }
    };
    if datum.is_null() {
        null(out);
        return Ok(true);
    }
    let datum = match &member.role {
        Role::Nested(_) | Role::Related(_) => datum.into_owned(),
        // Only looked at: it may be long.
        _ => return field.write_datum(&datum, facts, out).map(|()| true).map_err(Error::internal),
    };
    match (&member.role, datum) {
        (Role::Nested(inner), Datum::Map(members)) => write(inner, &members.into(), context, out).await?,
        (Role::Nested(inner), Datum::List(rows)) => {
            out.push(b'[');
            for (number, row) in rows.into_iter().enumerate() {
                if number > 0 {
                    out.push(b',');
                }
                let Datum::Map(members) = row else { return Err(Error::internal("a nested row is no object")) };
                write(inner, &members.into(), context, out).await?;
            }
            out.push(b']');
        }
        (Role::Related(target), datum) => {
            let Kind::Related(kind) = &field.kind else { return Err(Error::internal("a field is no relation")) };
            related(kind, target, datum, context, out).await?;
        }
        (_, datum) => {
            field.write_datum(&datum, facts, out).map_err(Error::internal)?;
        }
    }
    Ok(true)
}

fn at<'d>(data: &'d Attributes, path: &[String]) -> Option<&'d Datum> {
    let (first, rest) = path.split_first()?;
    let mut datum = data.get(first)?;
    for name in rest {
        let Datum::Map(members) = datum else { return None };
        datum = members.iter().find(|(known, _)| known == name).map(|(_, datum)| datum)?;
    }
    Some(datum)
}

/// Rows of another model, of which the keys are known.
async fn related(
    related: &Related,
    target: &Target,
    datum: Datum,
    context: &Context<'_>,
    out: &mut Vec<u8>,
) -> Result<()> {
    if let Datum::List(members) = datum {
        out.push(b'[');
        for (number, member) in members.into_iter().enumerate() {
            if number > 0 {
                out.push(b',');
            }
            Box::pin(self::related(related, target, member, context, out)).await?;
        }
        out.push(b']');
        return Ok(());
    }
    let key = datum.value().cloned().unwrap_or(Value::Null);
    let info = context.registry().model(target.model);
    let there = &info.columns[target.there].name;
    let column = match &related.to {
        RelatedTo::PrimaryKey => {
            if let (Some(field), false) = (&related.pk_field, key == Value::Null) {
                return field.write(&ValueRef::from(&key), context.facts(), out).map_err(Error::internal);
            }
            return key_value(&info.columns[target.there].kind, &ValueRef::from(&key), context, out);
        }
        RelatedTo::Slug(slug) => info.place(slug),
        _ => None,
    };
    let mut query = Query::of(info.state.app.clone(), info.state.name.clone());
    let path = Path::from_iter([there.clone(), "exact".to_owned()]);
    query.steps.push(Step::Filter(Condition::Lookup(path, Expr::Value(key))));
    if let (RelatedTo::Slug(name), None) = (&related.to, column) {
        // Behind further relations it is not in the row itself.
        let (path, column) = slug(name, target, context)?;
        query.steps.push(Step::Values(vec![("quintet_slug".into(), Expr::F(path))]));
        let answer = context.db().select(&Statement::Select(&query)).await.map_err(Error::internal)?;
        let cell = answer.rows.iter().next().and_then(|row| row.first().cloned());
        let value: Value = cell.map_or(Value::Null, Into::into);
        return key_value(&column.kind, &ValueRef::from(&value), context, out);
    }
    let answer = context.db().select(&Statement::Select(&query)).await.map_err(Error::internal)?;
    let mut set: Set<'_> = load::cells(context.registry(), target.model, answer);
    if set.len() == 0 {
        null(out);
        return Ok(());
    }
    match (&related.to, column, target.text) {
        (RelatedTo::Slug(_), Some(column), _) => {
            key_value(&info.columns[column].kind, &ValueRef::from(&*set.cell(0, column)), context, out)
        }
        (RelatedTo::Text, _, Some(text)) => {
            load::structs(context.registry(), &mut set, text.facts)?;
            let row = set.any(0).ok_or_else(|| Error::internal("a row was not read as a struct"))?;
            json::write_text(&(text.text)(row), false, out);
            Ok(())
        }
        (to, ..) => link::url(to, &set, 0, context, out),
    }
}
