//! What no two rows may have the same of: fields, fields together, and fields among the rows of a day, month or year.

use quintet_core::python::capital;
use quintet_core::query::{Column, Condition, Expr, Path, Query, Statement, Step};
use quintet_core::schema::Value;

use super::words::{filled, label, list, message, model_name};
use super::{Cleaned, ValidationErrors};
use crate::error::Result;
use crate::query::ask::has_key;

pub(super) async fn check(row: &Cleaned<'_>, wrong: &ValidationErrors, errors: &mut ValidationErrors) -> Result<()> {
    for fields in &row.info.state.options.unique_together {
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        if is_taken(row, &fields, wrong).await? {
            refuse(row, &fields, errors);
        }
    }
    for (column, _) in &row.values {
        // A row with this key is this row: `save` changes it.
        if column.field.unique && !column.field.primary_key && is_taken(row, &[&column.name], wrong).await? {
            refuse(row, &[&column.name], errors);
        }
    }
    for (column, value) in &row.values {
        let field = &column.field;
        let rules =
            [("date", &field.unique_for_date), ("month", &field.unique_for_month), ("year", &field.unique_for_year)];
        for (part, of) in rules {
            let Some(of) = of else { continue };
            if !wrong.has(&column.name) && !wrong.has(of) && is_taken_on(row, (column, value), of, part).await? {
                let usual = "%(field_label)s must be unique for %(date_field_label)s %(lookup_type)s.";
                let params = [
                    ("model_name", capital(&model_name(row.info))),
                    ("field_label", label(column)),
                    ("date_field_label", column_of(row, of).map(label).unwrap_or_default()),
                    ("lookup_type", part.to_owned()),
                ];
                errors.add(&column.name, "unique_for_date", filled(message(field, "unique_for_date", usual), &params));
            }
        }
    }
    Ok(())
}

/// Says that another row has the same.
pub(super) fn refuse(row: &Cleaned<'_>, fields: &[&str], errors: &mut ValidationErrors) {
    let model = ("model_name", capital(&model_name(row.info)));
    let labels: Vec<String> = fields.iter().filter_map(|field| column_of(row, field)).map(label).collect();
    match fields {
        [one] => {
            let usual = "%(model_name)s with this %(field_label)s already exists.";
            let own = column_of(row, one).map_or(usual, |column| message(&column.field, "unique", usual));
            errors.add(one, "unique", filled(own, &[model, ("field_label", list(&labels))]));
        }
        _ => {
            let text = "%(model_name)s with this %(field_labels)s already exists.";
            let said = filled(text, &[model, ("field_labels", list(&labels))]);
            errors.add(ValidationErrors::WHOLE, "unique_together", said);
        }
    }
}

fn column_of<'c>(row: &Cleaned<'c>, field: &str) -> Option<&'c Column> {
    row.info.columns.iter().find(|column| column.name == field || column.attname == field)
}

/// All other rows.
pub(super) fn others(row: &Cleaned<'_>) -> Query {
    let mut query = Query::of(row.info.state.app.clone(), row.info.state.name.clone());
    if let Some(key) = &row.key {
        query.steps.push(Step::Exclude(has_key(key.clone())));
    }
    query
}

/// That a field has a value.
pub(super) fn equals(field: &str, value: &Value) -> Step {
    let lookup = if *value == Value::Null { "isnull" } else { "exact" };
    let value = if *value == Value::Null { Value::Bool(true) } else { value.clone() };
    Step::Filter(Condition::Lookup(Path::from_iter([field.to_owned(), lookup.to_owned()]), Expr::Value(value)))
}

pub(super) async fn is_there(row: &Cleaned<'_>, query: &Query) -> Result<bool> {
    Ok(!row.db.select(&Statement::Exists(query)).await?.rows.is_empty())
}

/// Whether another row has the same. Nulls are different, and a field that is wrong already is not asked for.
async fn is_taken(row: &Cleaned<'_>, fields: &[&str], wrong: &ValidationErrors) -> Result<bool> {
    let mut query = others(row);
    for field in fields {
        match row.value(field) {
            Some(value) if *value != Value::Null && !wrong.has(field) => query.steps.push(equals(field, value)),
            _ => return Ok(false),
        }
    }
    is_there(row, &query).await
}

async fn is_taken_on(row: &Cleaned<'_>, (column, value): (&Column, &Value), of: &str, part: &str) -> Result<bool> {
    let (Some(Value::Date(moment) | Value::DateTime(moment)), Some(kind)) = (row.value(of), column_of(row, of)) else {
        return Ok(false);
    };
    // The parts of the date as it stands in the field, as the reference takes them.
    let day = moment.split([' ', 'T']).next().unwrap_or_default();
    let parts: Vec<i64> = day.split('-').filter_map(|part| part.parse().ok()).collect();
    let [year, month, day] = parts.as_slice() else { return Ok(false) };
    let asked: &[(&str, i64)] = match part {
        "date" => &[("day", *day), ("month", *month), ("year", *year)],
        "month" => &[("month", *month)],
        _ => &[("year", *year)],
    };
    let mut query = others(row);
    for (part, number) in asked {
        let path = Path::from_iter([kind.name.clone(), (*part).to_owned()]);
        query.steps.push(Step::Filter(Condition::Lookup(path, Expr::Value(Value::Int(*number)))));
    }
    query.steps.push(equals(&column.name, value));
    is_there(row, &query).await
}
