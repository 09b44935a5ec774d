//! What follows for a serializer from a model's rules about several fields: which of them become required or get a default,
//! and what is asked of them together.

use std::collections::{BTreeMap, BTreeSet};

use quintet_core::query::{ModelInfo, Registry};
use quintet_core::rest::{Datum, DefaultValue, UniqueFor};
use quintet_core::schema::{Condition, Constraint, Field, Function, Kind, Value};

use super::declaration::Declaration;
use super::rule::Rule;
use super::shape::Shape;

/// What the rules ask of fields before anything is validated.
#[derive(Default)]
pub(crate) struct Asked {
    /// By source: the default that the field gets, or that it is required.
    pub(crate) fields: BTreeMap<String, Option<DefaultValue>>,
    /// Fields that the serializer lacks, with their defaults.
    pub(crate) hidden: Vec<(String, DefaultValue)>,
}

/// A rule about several fields.
struct Together {
    fields: Vec<String>,
    condition: Option<Condition>,
    condition_fields: Vec<String>,
    nulls_distinct: Option<bool>,
    message: Option<String>,
    code: Option<String>,
}

/// The rules of a model and of its parents.
fn together(registry: &Registry, info: &ModelInfo) -> Vec<Together> {
    let parents = info.parents.iter().map(|(parent, _)| registry.model(*parent));
    let mut all = vec![];
    for info in std::iter::once(info).chain(parents) {
        let options = &info.state.options;
        all.extend(options.unique_together.iter().map(|fields| Together {
            fields: fields.clone(),
            condition: None,
            condition_fields: vec![],
            nulls_distinct: None,
            message: None,
            code: None,
        }));
        for constraint in &options.constraints {
            let Constraint::Unique(unique) = constraint else { continue };
            let mut condition_fields: Vec<String> = vec![];
            if let Some(condition) = &unique.condition {
                condition.each_field(&mut |name| {
                    let name = name.split("__").next().unwrap_or(name).to_owned();
                    if !condition_fields.contains(&name) {
                        condition_fields.push(name);
                    }
                });
            }
            let named: BTreeSet<&String> = unique.fields.iter().chain(&condition_fields).collect();
            if unique.fields.is_empty() || named.len() < 2 {
                continue;
            }
            all.push(Together {
                fields: unique.fields.clone(),
                condition: unique.condition.clone(),
                condition_fields,
                nulls_distinct: unique.nulls_distinct,
                message: unique.violation_error_message.clone(),
                code: unique.violation_error_code.clone(),
            });
        }
    }
    all
}

/// What the rules ask of the fields of a serializer.
pub(crate) fn asked(registry: &Registry, info: &ModelInfo, declaration: &Declaration, names: &[String]) -> Asked {
    let sources: BTreeSet<String> = names.iter().filter_map(|name| source_of(declaration, name)).collect();
    let has = |name: &str| sources.contains(name) && info.state_field(name).is_some();
    let mut named: BTreeSet<String> = BTreeSet::new();
    for source in sources.iter().filter_map(|source| info.state_field(source)) {
        named.extend(
            [&source.unique_for_date, &source.unique_for_month, &source.unique_for_year].into_iter().flatten().cloned(),
        );
    }
    for rule in together(registry, info) {
        let all: Vec<&String> = rule.fields.iter().chain(&rule.condition_fields).collect();
        if all.iter().all(|name| has(name)) {
            named.extend(all.into_iter().cloned());
        }
    }
    let mut asked = Asked::default();
    for name in named {
        let Some(field) = info.state_field(&name) else { continue };
        let default = default_of(field);
        if has(&name) {
            asked.fields.insert(name, default);
        } else if let Some(default) = default {
            asked.hidden.push((name, default));
        }
    }
    asked
}

/// The field of the model that a serializer's field stands for.
fn source_of(declaration: &Declaration, name: &str) -> Option<String> {
    let declared =
        declaration.declared.iter().find(|field| field.name == name).map(|field| field.field.path().to_owned());
    let source = declared.unwrap_or_else(|| declaration.source_of(name).to_owned());
    (source != "*" && !source.contains('.')).then_some(source)
}

fn default_of(field: &Field) -> Option<DefaultValue> {
    let (now_add, now) = match field.kind {
        Kind::DateTime { auto_now, auto_now_add }
        | Kind::Date { auto_now, auto_now_add }
        | Kind::Time { auto_now, auto_now_add } => (auto_now_add, auto_now),
        _ => (false, false),
    };
    let moment = || DefaultValue::Function(Function::new("now", || Value::DateTime(quintet_db::now())));
    if now_add {
        return Some(DefaultValue::CreateOnly(Box::new(moment())));
    }
    if now {
        return Some(moment());
    }
    if let Some(initial) = &field.default {
        return Some(initial.clone().into());
    }
    if field.null {
        return Some(DefaultValue::Value(Datum::NULL));
    }
    let is_text = matches!(
        field.kind,
        Kind::Char { .. } | Kind::Text { .. } | Kind::Slug { .. } | Kind::Email { .. } | Kind::Url { .. }
    );
    (field.blank && is_text).then(|| DefaultValue::Value(Datum::from("")))
}

/// The rules that a serializer can ask: those of whose fields it has all.
///
/// # Errors
/// Two of its fields stand for the same field of the model.
pub(crate) fn rules(registry: &Registry, info: &ModelInfo, shape: &Shape) -> Result<Vec<Rule>, String> {
    let mut sources: Vec<(&str, &str)> = vec![];
    for member in &shape.members {
        let field = &member.field;
        let counts = !field.read_only || field.default.is_some();
        if let ([source], true) = (member.path.as_slice(), counts) {
            sources.push((source, &field.name));
        }
    }
    let mut rules = vec![];
    for rule in together(registry, info) {
        let all: Vec<&String> = rule.fields.iter().chain(&rule.condition_fields).collect();
        if !all.iter().all(|name| sources.iter().any(|(source, _)| source == name)) {
            continue;
        }
        for name in all {
            let names: Vec<&str> = sources.iter().filter(|(source, _)| source == name).map(|(_, name)| *name).collect();
            if names.len() > 1 {
                return Err(format!(
                    "`{}` has several fields that stand for `{}.{name}`, which is unique with others: {}",
                    shape.name,
                    info.label(),
                    names.join(", ")
                ));
            }
        }
        let named = |names: &[String]| -> Vec<String> {
            let of =
                |name: &String| sources.iter().find(|(source, _)| source == name).map(|(_, own)| (*own).to_owned());
            names.iter().filter_map(of).collect()
        };
        rules.push(Rule::UniqueTogether {
            fields: named(&rule.fields),
            message: rule.message,
            code: rule.code,
            condition: rule.condition,
            condition_fields: named(&rule.condition_fields),
            nulls_distinct: rule.nulls_distinct,
            rows: None,
        });
    }
    let is_here = |name: &str| shape.members.iter().any(|member| member.field.path() == name);
    for column in info.columns.iter().filter(|column| is_here(&column.name) && column.field.relation().is_none()) {
        let field = &column.field;
        let parts = [
            (UniqueFor::Date, &field.unique_for_date),
            (UniqueFor::Month, &field.unique_for_month),
            (UniqueFor::Year, &field.unique_for_year),
        ];
        for (part, date_field) in parts {
            if let Some(date_field) = date_field {
                rules.push(Rule::unique_for(part, &column.name, date_field));
            }
        }
    }
    Ok(rules)
}

/// A field of a model or of its parents by name, with a column or without.
trait StateField {
    fn state_field(&self, name: &str) -> Option<&Field>;
}

impl StateField for ModelInfo {
    fn state_field(&self, name: &str) -> Option<&Field> {
        let column = self.columns.iter().find(|column| column.name == name).map(|column| &column.field);
        column.or_else(|| self.state.field(name))
    }
}
