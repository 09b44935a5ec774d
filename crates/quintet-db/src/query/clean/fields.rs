//! Each field by itself: null, blank, what may be chosen, its validators, and whether the row behind a key is there.

use quintet_core::query::{Column, Condition, Expr, Path, Query, Statement, Step, Way};
use quintet_core::rest::rules;
use quintet_core::schema::{Choice, IpProtocol, Kind, Rule, Validator, Value};
use quintet_core::sql::Dialect;

use super::words::{filled, message, model_name, written};
use super::{Cleaned, ValidationErrors};
use crate::error::Result;

pub(super) async fn check(row: &Cleaned<'_>, errors: &mut ValidationErrors) -> Result<()> {
    for (column, value) in &row.values {
        let field = &column.field;
        if field.blank && is_empty(value) {
            continue;
        }
        // The parent's row is written with this one.
        let is_link = field.relation().is_some_and(|relation| relation.parent_link);
        if field.editable && !is_link && !is_valid(column, value, errors) {
            continue;
        }
        if field.relation().is_some() && !is_link && *value != Value::Null && !is_there(row, column, value).await? {
            let target = row.info.links.get(&column.name).map(|link| row.registry.model(link.target));
            let to = row.info.links.get(&column.name).map(|link| match link.way {
                Way::Key { there, .. } => row.registry.model(link.target).columns[there].name.clone(),
                _ => String::new(),
            });
            let usual = "%(model)s instance with %(field)s %(value)r is not a valid choice.";
            let params = [
                ("model", target.map(model_name).unwrap_or_default()),
                ("field", to.unwrap_or_default()),
                ("value", written(value)),
            ];
            errors.add(&column.name, "invalid", filled(message(field, "invalid", usual), &params));
        }
        if is_empty(value) {
            continue;
        }
        for validator in validators(column, row.db.dialect()) {
            if let Err((code, said)) = rules::check_value(&validator, value) {
                let said = message(field, &code, &said).to_owned();
                errors.add(&column.name, &code, said);
            }
        }
    }
    Ok(())
}

/// Whether a value is nothing, as forms see it.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Text(text) => text.is_empty(),
        Value::Bytes(bytes) => bytes.is_empty(),
        Value::Json(text) => matches!(text.as_str(), "null" | "\"\"" | "[]" | "{}"),
        _ => false,
    }
}

fn is_valid(column: &Column, value: &Value, errors: &mut ValidationErrors) -> bool {
    let field = &column.field;
    let mut refuse = |code: &str, usual: &str| {
        let said = filled(message(field, code, usual), &[("value", written(value))]);
        errors.add(&column.name, code, said);
        false
    };
    if !field.choices.is_empty() && !is_empty(value) {
        let is_chosen = field.choices.iter().any(|choice| match choice {
            Choice::One(own, _) => own == value,
            Choice::Group(_, members) => members.iter().any(|(own, _)| own == value),
        });
        // What may be chosen says all there is to say.
        return is_chosen || refuse("invalid_choice", "Value %(value)r is not a valid choice.");
    }
    let is_null = matches!(value, Value::Null) || matches!(value, Value::Json(text) if text == "null");
    if is_null && !field.null {
        return refuse("null", "This field cannot be null.");
    }
    if !field.blank && is_empty(value) {
        return refuse("blank", "This field cannot be blank.");
    }
    true
}

/// Whether the row behind a key is there, and may be chosen.
async fn is_there(row: &Cleaned<'_>, column: &Column, value: &Value) -> Result<bool> {
    let Some(link) = row.info.links.get(&column.name) else { return Ok(true) };
    let Way::Key { there, .. } = link.way else { return Ok(true) };
    let target = row.registry.model(link.target);
    let mut query = Query::of(target.state.app.clone(), target.state.name.clone());
    let path = Path::from_iter([target.columns[there].name.clone(), "exact".to_owned()]);
    query.steps.push(Step::Filter(Condition::Lookup(path, Expr::Value(value.clone()))));
    if let Some(condition) = column.field.relation().and_then(|relation| relation.limit_choices_to.as_ref()) {
        query.steps.push(Step::Filter(condition.into()));
    }
    Ok(!row.db.select(&Statement::Exists(&query)).await?.rows.is_empty())
}

/// The rules of the kind, those that the field says, and those that follow from its sizes.
fn validators(column: &Column, dialect: Dialect) -> Vec<Validator> {
    let field = &column.field;
    let (mut all, mut behind) = (vec![], vec![]);
    match &field.kind {
        Kind::Email { .. } => all.push(Rule::Email),
        Kind::Url { .. } => all.push(Rule::Url(vec![])),
        Kind::Slug { allow_unicode, .. } => all.push(if *allow_unicode { Rule::UnicodeSlug } else { Rule::Slug }),
        Kind::GenericIpAddress { protocol: IpProtocol::Ipv4, .. } => all.push(Rule::Ipv4),
        Kind::GenericIpAddress { protocol: IpProtocol::Ipv6, .. } => all.push(Rule::Ipv6),
        Kind::Decimal { max_digits, decimal_places } => {
            behind.push(Rule::Decimal(max_digits.unwrap_or(u32::MAX), decimal_places.unwrap_or(u32::MAX)));
        }
        _ => {}
    }
    match &field.kind {
        Kind::Char { max_length }
        | Kind::Binary { max_length }
        | Kind::Email { max_length }
        | Kind::Url { max_length }
        | Kind::Slug { max_length, .. } => behind.extend(max_length.map(Rule::MaxLength)),
        kind => behind.extend(range(kind, dialect)),
    }
    let own = field.validators.iter().cloned();
    all.into_iter().map(Validator::new).chain(own).chain(behind.into_iter().map(Validator::new)).collect()
}

/// What the database can keep in a column for whole numbers.
fn range(kind: &Kind, dialect: Dialect) -> Vec<Rule> {
    let is_exact = dialect == Dialect::Postgres;
    let (least, most) = match kind {
        Kind::SmallInteger if is_exact => (i16::MIN.into(), i16::MAX.into()),
        Kind::Integer if is_exact => (i32::MIN.into(), i32::MAX.into()),
        Kind::PositiveSmallInteger if is_exact => (0, i16::MAX.into()),
        Kind::PositiveInteger if is_exact => (0, i32::MAX.into()),
        Kind::PositiveInteger | Kind::PositiveSmallInteger | Kind::PositiveBigInteger => (0, i64::MAX),
        _ => return vec![],
    };
    vec![Rule::MinValue(Value::Int(least)), Rule::MaxValue(Value::Int(most))]
}
