//! Tables between two models: their names, their columns, and relations that share one.

use super::{At, Found, Message, relations};
use crate::schema::{ModelKey, ModelState, ProjectState};
use crate::sql::Dialect;

/// A table that migrations make: its name, whose it is, and what people call that.
struct Table {
    name: String,
    owner: Owner,
    label: String,
}

/// Two are the same where the tables are one, as a proxy's is the one of the model behind it.
#[derive(PartialEq)]
enum Owner {
    Model(ModelKey),
    Field(ModelKey, String),
}

/// The table of a many-to-many relation must be nobody else's.
pub(super) fn clashes(found: &mut Found<'_>) {
    let state = found.state();
    let tables = tables(state);
    for model in state.models.values().filter(|model| !relations::is_swapped(state, model)) {
        for (name, field) in &model.fields {
            let Some(many) = field.kind.many_to_many() else { continue };
            let (table, owner) = match &many.through {
                None if is_managed(state, model, field) => {
                    (model.join_table(name, many), Owner::Field(model.key(), name.clone()))
                }
                None => continue,
                Some(to) => match state.target(to).map(|between| state.concrete(between)) {
                    Some(between) if between.options.managed => (between.table(), Owner::Model(between.key())),
                    _ => continue,
                },
            };
            if let Some(other) = tables.iter().find(|other| other.name == table && other.owner != owner) {
                let text = format!("the table in between, `{table}`, is also that of `{}`", other.label);
                let hint = "give one of them another `db_table`";
                found.field(Message::error("fields.E340", text, hint), &At { model, name, field });
            }
        }
    }
}

fn tables(state: &ProjectState) -> Vec<Table> {
    let mut tables = vec![];
    for model in state.models.values().filter(|model| !relations::is_swapped(state, model)) {
        if model.has_table() {
            tables.push(Table { name: model.table(), owner: Owner::Model(model.key()), label: model.label() });
        }
        for (name, field) in &model.fields {
            let Some(many) = field.kind.many_to_many().filter(|many| many.through.is_none()) else { continue };
            if is_managed(state, model, field) {
                let owner = Owner::Field(model.key(), name.clone());
                let label = format!("{}.{name}", model.label());
                tables.push(Table { name: model.join_table(name, many), owner, label });
            }
        }
    }
    tables
}

/// Whether migrations make the table that a relation makes by itself: they do where they make that of either side.
fn is_managed(state: &ProjectState, model: &ModelState, field: &crate::schema::Field) -> bool {
    let target = field.kind.many_to_many().and_then(|many| state.target(&many.to));
    model.options.managed || target.is_some_and(|target| target.options.managed)
}

pub(super) fn check(found: &mut Found<'_>, model: &ModelState) {
    same_between(found, model);
    long_columns(found, model);
}

/// Two relations to the same model through the same one, by the same keys, are one.
fn same_between(found: &mut Found<'_>, model: &ModelState) {
    let state = found.state();
    let mut seen = vec![];
    for (_, field) in &model.fields {
        let Some(many) = field.kind.many_to_many() else { continue };
        let Some(between) = many.through.as_ref().and_then(|to| state.target(to)) else { continue };
        let signature = (many.to.label_lower(), between.key(), many.through_fields.as_ref());
        if seen.contains(&signature) {
            let text = format!("the model has two equal many-to-many relations through `{}`", between.label());
            found.model(
                Message::error("models.E003", text, "leave one out, or tell their keys by `through_fields`"),
                model,
            );
        } else {
            seen.push(signature);
        }
    }
}

/// The columns of a table in between are named after models, whose names may be long.
fn long_columns(found: &mut Found<'_>, model: &ModelState) {
    let Some(limit) = found.facts.dialect.filter(|dialect| *dialect == Dialect::Postgres).and_then(Dialect::name_limit)
    else {
        return;
    };
    for (name, field) in &model.fields {
        let Some(between) = found.state().join_model(model, name, field) else { continue };
        for (key, field) in &between.fields {
            let column = field.column(key);
            if column.len() > limit {
                let text = format!(
                    "the column `{column}` of the table between, for `{name}`, is longer than the {limit} bytes that \
                     PostgreSQL takes"
                );
                let hint = "make a model in between with keys of a shorter name: `through = ..`";
                found.model(Message::error("models.E019", text, hint), model);
            }
        }
    }
}
