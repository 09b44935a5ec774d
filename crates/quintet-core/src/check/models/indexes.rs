//! Indexes and constraints: their names, the fields that they name, and what a database lacks.

use std::collections::BTreeMap;

use super::{Found, Message, expressions, options};
use crate::schema::{Condition, Constraint, Expr, Index, ModelState};
use crate::sql::Dialect;

/// The reference's limit, by the smallest of the databases that it knows.
const LONGEST_INDEX_NAME: usize = 30;

pub(super) fn check(found: &mut Found<'_>, model: &ModelState) {
    for index in &model.options.indexes {
        let fields =
            index.fields.iter().map(|field| field.name.as_str()).chain(index.include.iter().map(String::as_str));
        for name in fields.chain(named_in(&index.expressions)).collect::<Vec<_>>() {
            options::named(found, model, "indexes", name);
        }
        index_name(found, model, index);
        if !index.include.is_empty() && found.facts.dialect == Some(Dialect::Sqlite) {
            let text = "SQLite has no indexes that carry further columns";
            let hint = "the columns are left out there; silence this if that is meant";
            found.model(Message::warning("models.W040", text, hint), model);
        }
    }
    for constraint in &model.options.constraints {
        match constraint {
            Constraint::Unique(unique) => {
                let fields = unique.fields.iter().chain(&unique.include).map(String::as_str);
                for name in fields.chain(named_in(&unique.expressions)).collect::<Vec<_>>() {
                    options::named(found, model, "constraints", name);
                }
                if let Some(condition) = &unique.condition {
                    condition_fields(found, model, condition);
                }
                lacking(found, model, unique);
            }
            Constraint::Check(check) => {
                condition_fields(found, model, &check.condition);
                if expressions::has_raw(&check.condition) {
                    let text = format!(
                        "the check `{}` contains SQL as it stands, which only the database can try",
                        check.name
                    );
                    let hint = "it is not tried before a row is written; silence this if that is meant";
                    found.model(Message::warning("models.W045", text, hint), model);
                }
            }
        }
    }
}

fn index_name(found: &mut Found<'_>, model: &ModelState, index: &Index) {
    if index.name.starts_with(|c: char| c == '_' || c.is_ascii_digit()) {
        let text = format!("the index name `{}` begins with an underscore or a digit", index.name);
        found.model(Message::error("models.E033", text, "choose another name"), model);
    }
    if index.name.chars().count() > LONGEST_INDEX_NAME {
        let text = format!("the index name `{}` has more than {LONGEST_INDEX_NAME} characters", index.name);
        found.model(Message::error("models.E034", text, "choose a shorter name"), model);
    }
}

fn lacking(found: &mut Found<'_>, model: &ModelState, unique: &crate::schema::Unique) {
    if found.facts.dialect != Some(Dialect::Sqlite) {
        return;
    }
    let lacks = [
        ("models.W038", unique.deferrable.is_some(), "unique constraints that can be deferred"),
        ("models.W039", !unique.include.is_empty(), "unique constraints that carry further columns"),
        ("models.W047", unique.nulls_distinct.is_some(), "a choice about nulls in unique constraints"),
    ];
    for (id, is_used, what) in lacks {
        if is_used {
            let text = format!("SQLite does not have {what}");
            let hint = "the constraint is not made there; silence this if that is meant";
            found.model(Message::warning(id, text, hint), model);
        }
    }
}

fn condition_fields(found: &mut Found<'_>, model: &ModelState, condition: &Condition) {
    match condition {
        Condition::And(parts) | Condition::Or(parts) | Condition::Xor(parts) => {
            parts.iter().for_each(|part| condition_fields(found, model, part));
        }
        Condition::Not(inner) => condition_fields(found, model, inner),
        Condition::Lookup { key, value } => {
            let mut parts = key.split("__");
            let name = parts.next().unwrap_or_default();
            let is_relation = model.field(name).is_some_and(|field| field.relation().is_some());
            let joined = parts.next().filter(|_| is_relation).filter(|part| !is_lookup(part));
            if joined.is_some() {
                let text = format!("`constraints` names `{key}`, which is in another table");
                found.model(Message::error("models.E041", text, "name fields of the model itself"), model);
            } else {
                options::named(found, model, "constraints", if name == "pk" { own_key(model) } else { name });
            }
            for name in named_in(std::slice::from_ref(value)) {
                options::named(found, model, "constraints", name);
            }
        }
        Condition::Expr(expr) => {
            for name in named_in(std::slice::from_ref(expr)) {
                options::named(found, model, "constraints", name);
            }
        }
    }
}

fn own_key(model: &ModelState) -> &str {
    model.primary_key().map_or("pk", |(name, _)| name)
}

fn is_lookup(part: &str) -> bool {
    ["exact", "isnull", "in", "gt", "gte", "lt", "lte", "pk", "id", "range"].contains(&part)
}

/// The fields that expressions name.
fn named_in(exprs: &[Expr]) -> impl Iterator<Item = &str> {
    let mut names = vec![];
    exprs.iter().for_each(|expr| expr.each_field(&mut |name| names.push(name)));
    names.into_iter()
}

/// Names of indexes and constraints that occur twice: a database has one space for all of them.
pub(super) fn shared_names(found: &mut Found<'_>) {
    let state = found.state();
    let mut indexes: BTreeMap<&str, Vec<&ModelState>> = BTreeMap::new();
    let mut constraints: BTreeMap<&str, Vec<&ModelState>> = BTreeMap::new();
    for model in state.models.values().filter(|model| !model.options.proxy) {
        for index in &model.options.indexes {
            indexes.entry(&index.name).or_default().push(model);
        }
        for constraint in &model.options.constraints {
            constraints.entry(constraint.name()).or_default().push(model);
        }
    }
    for (what, one, many, names) in
        [("index", "models.E029", "models.E030", indexes), ("constraint", "models.E031", "models.E032", constraints)]
    {
        for (name, models) in names.into_iter().filter(|(_, models)| models.len() > 1) {
            let mut labels: Vec<String> = models.iter().map(|model| model.label()).collect();
            labels.dedup();
            let id = if labels.len() == 1 { one } else { many };
            let text = format!("the {what} name `{name}` is used more than once: {}", labels.join(", "));
            found.model(Message::error(id, text, "choose another name for one of them"), models[0]);
        }
    }
}
