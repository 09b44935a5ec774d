//! What is asked of several fields together: that no other row is equal in all of them, or in one and a date.

use quintet_core::query::{Query, Step};
use quintet_core::rest::{Datum, Problem, Problems, UniqueFor};
use quintet_core::schema::{Condition, Value};
use quintet_db::Cell;
use quintet_db::model::{DateTime, FieldType};
use quintet_db::query::{field_value, holds};

use super::attributes::Attributes;
use super::context::Context;
use super::rule::Rule;
use super::shape::{Member, Shape};
use super::unique;
use crate::http::{Error, Result};

const REQUIRED: &str = "This field is required.";

/// Asks all rules of a serializer.
pub(crate) async fn check(shape: &Shape, attributes: &Attributes, context: &Context<'_>) -> Result<()> {
    if shape.rules.is_empty() {
        return Ok(());
    }
    // Boxed: most serializers have no rules.
    Box::pin(asked(shape, attributes, context)).await
}

async fn asked(shape: &Shape, attributes: &Attributes, context: &Context<'_>) -> Result<()> {
    let attributes = with_read_only_defaults(shape, attributes, context);
    let mut problems = vec![];
    for rule in &shape.rules {
        match rule {
            Rule::UniqueTogether { fields, message, code, condition, condition_fields, nulls_distinct, rows } => {
                let condition = condition.as_ref();
                let group = Group { fields, condition, condition_fields, nulls_distinct, rows: rows.as_ref() };
                if group.is_taken(shape, &attributes, context).await? {
                    let usual = "The fields {field_names} must make a unique set.";
                    let text = message.as_deref().unwrap_or(usual).replace("{field_names}", &fields.join(", "));
                    problems.push(Problem::new(code.clone().unwrap_or_else(|| "unique".to_owned()), text));
                }
            }
            Rule::UniqueFor { part, field, date_field, message, rows } => {
                let asked = Asked { part: *part, field, date_field, rows: rows.as_ref() };
                if asked.is_taken(shape, &attributes, context).await? {
                    let text = match message {
                        Some(own) => own.replace("{date_field}", date_field),
                        None => part.message(date_field),
                    };
                    return Err(named(vec![(field.clone(), "unique", text)]));
                }
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::validation(Problems::List(problems))) }
}

fn named(wrong: Vec<(String, &'static str, String)>) -> Error {
    let each = |(name, code, text): (String, &'static str, String)| (name, Problems::one(code, text));
    Error::validation(Problems::Map(wrong.into_iter().map(each).collect()))
}

/// Fields that are shown only count with their defaults.
fn with_read_only_defaults(shape: &Shape, attributes: &Attributes, context: &Context<'_>) -> Attributes {
    let mut all = Attributes::new();
    for member in shape.members.iter().filter(|member| member.field.read_only && member.path.len() == 1) {
        let default = member.field.default.as_ref().filter(|_| !context.is_partial());
        if let Some(datum) = default.and_then(|default| default.get(context.facts())) {
            all.set(&member.path[0], datum);
        }
    }
    for (name, datum) in attributes.iter() {
        all.set(name, datum.clone());
    }
    all
}

fn source<'s>(shape: &'s Shape, field: &str) -> Result<&'s Member> {
    let unknown = || Error::internal(format!("a rule of `{}` names `{field}`, which is no field of it", shape.name));
    shape.member(field).ok_or_else(unknown)
}

/// Fields that are unique together.
struct Group<'r> {
    fields: &'r [String],
    condition: Option<&'r Condition>,
    condition_fields: &'r [String],
    nulls_distinct: &'r Option<bool>,
    rows: Option<&'r Query>,
}

impl Group<'_> {
    async fn is_taken(&self, shape: &Shape, attributes: &Attributes, context: &Context<'_>) -> Result<bool> {
        let all = || self.fields.iter().chain(self.condition_fields);
        if context.row().is_none() {
            let mut missing = vec![];
            for name in all() {
                if attributes.get(source(shape, name)?.field.path()).is_none() {
                    missing.push((name.clone(), "required", REQUIRED.to_owned()));
                }
            }
            if !missing.is_empty() {
                return Err(named(missing));
            }
        }
        let mut query = unique::rows_of(self.rows, shape)?;
        let mut values = vec![];
        for name in self.fields {
            let path = source(shape, name)?.field.path();
            let value = value(attributes, path, context);
            query.steps.push(unique::is(path, "exact", value.clone()));
            values.push(value);
        }
        unique::but_this(&mut query, context);
        if let Some(row) = context.row() {
            let mut changed = false;
            for name in all() {
                let path = source(shape, name)?.field.path();
                if let Some(Datum::Value(new)) = attributes.get(path) {
                    changed |= field_value(context.registry(), row, path).as_ref() != Some(new);
                }
            }
            if !changed {
                return Ok(false);
            }
        }
        if *self.nulls_distinct != Some(false) && values.contains(&Value::Null) {
            return Ok(false);
        }
        if let Some(condition) = self.condition {
            let mut against = vec![];
            for name in self.condition_fields {
                let path = source(shape, name)?.field.path();
                against.push((path.to_owned(), value(attributes, path, context)));
            }
            let model = (&*query.model.0, &*query.model.1);
            if !holds(context.db(), model, condition, against).await.map_err(Error::internal)? {
                return Ok(false);
            }
            query.steps.push(Step::Filter(condition.into()));
        }
        unique::is_there(&query, context).await
    }
}

/// The value that is given, or else that of the row.
fn value(attributes: &Attributes, path: &str, context: &Context<'_>) -> Value {
    if let Some(datum) = attributes.get(path) {
        return datum.value().cloned().unwrap_or(Value::Null);
    }
    context.row().and_then(|row| field_value(context.registry(), row, path)).unwrap_or(Value::Null)
}

/// What is unique in a part of a date.
struct Asked<'r> {
    part: UniqueFor,
    field: &'r str,
    date_field: &'r str,
    rows: Option<&'r Query>,
}

impl Asked<'_> {
    /// Whether a row of the same date has the value.
    async fn is_taken(&self, shape: &Shape, attributes: &Attributes, context: &Context<'_>) -> Result<bool> {
        let Asked { part, field, date_field, .. } = *self;
        let missing: Vec<_> = [field, date_field]
            .into_iter()
            .filter(|name| attributes.get(name).is_none())
            .map(|name| (name.to_owned(), "required", REQUIRED.to_owned()))
            .collect();
        if !missing.is_empty() {
            return Err(named(missing));
        }
        let value = attributes.get(field).and_then(Datum::value).cloned().unwrap_or(Value::Null);
        let date = attributes.get(date_field).and_then(Datum::value);
        let Some((year, month, day)) = date.and_then(|date| parts(date, context)) else { return Ok(false) };
        let last = |name: &str| -> Result<String> {
            Ok(source(shape, name)
                .ok()
                .and_then(|member| member.path.last().cloned())
                .unwrap_or_else(|| name.to_owned()))
        };
        let (field, date_field) = (last(field)?, last(date_field)?);
        let mut query = unique::rows_of(self.rows, shape)?;
        query.steps.push(unique::is(&field, "exact", value));
        let asked: &[(&str, i64)] = match part {
            UniqueFor::Date => &[("day", day), ("month", month), ("year", year)],
            UniqueFor::Month => &[("month", month)],
            UniqueFor::Year => &[("year", year)],
        };
        for (name, number) in asked {
            query.steps.push(unique::is(&format!("{date_field}__{name}"), "exact", Value::Int(*number)));
        }
        unique::but_this(&mut query, context);
        unique::is_there(&query, context).await
    }
}

/// The year, the month and the day of a date, or of a moment in the current zone.
fn parts(date: &Value, context: &Context<'_>) -> Option<(i64, i64, i64)> {
    let text = match date {
        Value::Date(text) => text.clone(),
        Value::DateTime(text) => {
            let moment = DateTime::from_cell(Cell::Text(text.as_str().into())).ok()?;
            moment.with_timezone(&context.facts().zone).date_naive().to_string()
        }
        _ => return None,
    };
    let mut numbers = text.split('-').map(|part| part.parse::<i64>().ok());
    Some((numbers.next()??, numbers.next()??, numbers.next()??))
}
