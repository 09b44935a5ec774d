//! Names of models and of tables.

use super::{At, Found, Message};
use crate::schema::{ModelState, truncate};
use crate::sql::Dialect;

pub(super) fn check(found: &mut Found<'_>, model: &ModelState) {
    if model.name.starts_with('_') || model.name.ends_with('_') {
        let text = format!("the model name `{}` begins or ends with an underscore", model.name);
        found.model(
            Message::error("models.E023", text, "queries separate names by underscores: choose another name"),
            model,
        );
    } else if model.name.contains("__") {
        let text = format!("the model name `{}` contains two underscores", model.name);
        found.model(Message::error("models.E024", text, "queries separate names by them: choose another name"), model);
    }
    if model.primary_key().is_none() && model.has_table() {
        let text = "the model has no primary key".to_owned();
        let hint = "add `pub id: BigAuto`, or mark a field with `#[field(primary_key)]`";
        found.model(Message::error("quintet.E008", text, hint), model);
    }
    let keys = model.fields.iter().filter(|(_, field)| field.primary_key).count();
    if keys > 1 {
        let hint = "leave `primary_key` at one of them, or write `#[model(primary_key = [\"a\", \"b\"])]`";
        found.model(Message::error("models.E026", "the model has more than one primary key", hint), model);
    }
    if !model.has_table() {
        return;
    }
    let table = model.table();
    long_tables(found, model, &table);
    let others: Vec<String> = found
        .state()
        .models
        .values()
        .filter(|other| other.has_table() && other.table() == table)
        .map(ModelState::label)
        .collect();
    if others.len() > 1 && others[0] == model.label() {
        let text = format!("the table `{table}` is used by several models: {}", others.join(", "));
        found.model(Message::error("models.E028", text, "give one of them another `db_table`"), model);
    }
}

/// The reference cuts the name of a table that PostgreSQL would cut, and by another rule: so that both mean the same
/// table, it has to be said.
fn long_tables(found: &mut Found<'_>, model: &ModelState, table: &str) {
    let Some(limit) = found.facts.dialect.filter(|dialect| *dialect == Dialect::Postgres).and_then(Dialect::name_limit)
    else {
        return;
    };
    let message = |table: &str, short: &str| {
        let text = format!("the name of the table `{table}` is longer than the {limit} bytes that PostgreSQL takes");
        Message::error("quintet.E009", text, format!("write `db_table = \"{short}\"`, or a shorter one"))
    };
    let short = truncate(table, Some(limit));
    if table.len() > limit {
        found.model(message(table, &short), model);
    }
    for (name, field) in &model.fields {
        let Some(many) = field.kind.many_to_many().filter(|many| many.through.is_none()) else { continue };
        let between = many.db_table.clone().unwrap_or_else(|| format!("{short}_{name}"));
        if between.len() > limit {
            let short = truncate(&between, Some(limit));
            found.field(message(&between, &short), &At { model, name, field });
        }
    }
}
