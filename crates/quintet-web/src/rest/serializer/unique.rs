//! Asks the database whether another row has a value.

use quintet_core::query::{Condition, Expr, Path, Query, QueryErrorKind, Statement, Step};
use quintet_core::rest::{Datum, Unique};
use quintet_core::schema::Value;
use quintet_db::query::{Look, field_value};

use super::context::Context;
use super::looks::Looks;
use super::shape::{Member, Shape};
use crate::http::{Error, Result};

/// Whether another row has the value of a field.
pub(crate) async fn is_taken(
    shape: &Shape,
    member: &Member,
    ask: &Unique,
    datum: &Datum,
    context: &Context<'_>,
    looks: &Looks,
) -> Result<bool> {
    let Some(value) = datum.value() else { return Ok(false) };
    let last = member.path.last().map_or(&*member.field.name, String::as_str);
    let field = ask.field.as_deref().unwrap_or(last);
    let lookup = ask.lookup.as_deref().unwrap_or("exact");
    if let Some(look) = look(shape, ask, field, value, context).filter(|_| lookup == "exact") {
        return is_found(looks.find(context.db(), look).await.map(|found| found.is_some()));
    }
    let mut query = rows_of(ask.rows.as_deref(), shape)?;
    query.steps.push(is(field, lookup, value.clone()));
    if let Some(condition) = &ask.condition {
        query.steps.push(Step::Filter(condition.into()));
    }
    but_this(&mut query, context);
    is_there(&query, context).await
}

/// The question whether a new row would be the second of its value, where that is all that is asked.
fn look(shape: &Shape, ask: &Unique, field: &str, value: &Value, context: &Context<'_>) -> Option<Look> {
    let model = shape.model.filter(|_| ask.rows.is_none() && ask.condition.is_none() && context.row().is_none())?;
    let column = context.registry().model(model).place(field)?;
    (*value != Value::Null).then(|| Look { model, by: column, value: value.clone(), shown: column })
}

/// The rows that a rule looks at: its own, or those that the serializer's manager gives.
pub(crate) fn rows_of(own: Option<&Query>, shape: &Shape) -> Result<Query> {
    own.map_or_else(|| rows(shape), |own| Ok(own.clone()))
}

/// The rows that a serializer's manager gives.
fn rows(shape: &Shape) -> Result<Query> {
    let facts = shape.facts.ok_or_else(|| {
        Error::internal(format!("`{}` is no serializer of a model, so that no rows are to be unique", shape.name))
    })?;
    Ok((facts.objects)())
}

/// Those whose field is this.
pub(crate) fn is(field: &str, lookup: &str, value: Value) -> Step {
    let (lookup, value) = match (lookup, value) {
        ("exact", Value::Null) => ("isnull", Value::Bool(true)),
        other => other,
    };
    let path = Path::from_iter(field.split("__").chain([lookup]).map(str::to_owned));
    Step::Filter(Condition::Lookup(path, Expr::Value(value)))
}

/// Without the row that is changed.
pub(crate) fn but_this(query: &mut Query, context: &Context<'_>) {
    let key = context.row().and_then(|row| field_value(context.registry(), row, "pk"));
    if let Some(key) = key {
        let path = Path::from_iter(["pk", "exact"]);
        query.steps.push(Step::Exclude(Condition::Lookup(path, Expr::Value(key))));
    }
}

/// Whether there is a row. A value that the database cannot even compare is in none.
pub(crate) async fn is_there(query: &Query, context: &Context<'_>) -> Result<bool> {
    is_found(context.db().select(&Statement::Exists(query)).await.map(|answer| !answer.rows.is_empty()))
}

fn is_found(found: quintet_db::Result<bool>) -> Result<bool> {
    match found {
        Ok(is_there) => Ok(is_there),
        Err(error) if error.query() == Some(QueryErrorKind::Value) => Ok(false),
        Err(error) => Err(Error::internal(error)),
    }
}
