//! Options of a model: fields that they name, and columns that two fields share.

use std::collections::BTreeMap;

use super::{At, Found, Message};
use crate::schema::{Field, Kind, ModelState};
use crate::sql::Dialect;

pub(super) fn check(found: &mut Found<'_>, model: &ModelState) {
    if model.options.proxy && !model.fields.is_empty() {
        let text = format!("the proxy `{}` has fields of its own", model.name);
        found.model(Message::error("models.E017", text, "move them to the model that it stands for"), model);
    }
    columns(found, model);
    for rule in &model.options.unique_together {
        for name in rule {
            named(found, model, "unique_together", name);
        }
    }
    ordering(found, model);
    swappable(found, model);
    composite(found, model);
    if model.options.db_table_comment.is_some() && found.facts.dialect == Some(Dialect::Sqlite) {
        let text = "SQLite has no comments on tables";
        found.model(Message::warning("models.W046", text, "silence this if PostgreSQL is meant"), model);
    }
}

fn columns(found: &mut Found<'_>, model: &ModelState) {
    let mut used: BTreeMap<String, &str> = BTreeMap::new();
    for (name, field) in model.fields.iter().filter(|(_, field)| field.has_column()) {
        let column = field.column(name);
        let too_long = found.facts.dialect == Some(Dialect::Postgres) && column.len() > 63 && field.db_column.is_none();
        if too_long {
            let text = format!("the column name `{column}` is longer than the 63 bytes that PostgreSQL takes");
            found
                .field(Message::error("models.E018", text, "give the field a `db_column`"), &At { model, name, field });
        }
        if let Some(other) = used.insert(column.clone(), name) {
            let text = format!("the fields `{other}` and `{name}` have the same column, `{column}`");
            let at = At { model, name, field };
            found.field(Message::error("models.E007", text, "give one of them another `db_column`"), &at);
        }
        if field.db_comment.is_some() && found.facts.dialect == Some(Dialect::Sqlite) {
            let text = "SQLite has no comments on columns";
            let at = At { model, name, field };
            found.field(Message::warning("fields.W163", text, "silence this if PostgreSQL is meant"), &at);
        }
    }
    // A key takes two names in queries: its own and its column's attribute.
    for (name, field) in model.fields.iter().filter(|(_, field)| field.relation().is_some()) {
        let attname = field.attname(name);
        if model.field(&attname).is_some() {
            let text = format!("the field `{attname}` has the name that the key `{name}` uses for its value");
            found.field(Message::error("models.E006", text, "choose another name"), &At { model, name, field });
        }
    }
}

/// A field that an option names must be there, be the model's own, and have a column.
pub(super) fn named(found: &mut Found<'_>, model: &ModelState, option: &str, name: &str) {
    let state = found.state();
    let message = match model.field(name).or_else(|| key_of(model, name)) {
        Some(field) if field.kind.many_to_many().is_some() => {
            let text = format!("`{option}` names `{name}`, a many-to-many relation, which has no column");
            Message::error("models.E013", text, "leave it out")
        }
        Some(field) if matches!(field.kind, Kind::CompositePrimaryKey { .. }) => {
            let text = format!("`{option}` names `{name}`, a primary key of several fields");
            Message::error("models.E048", text, "name the fields themselves")
        }
        Some(_) => return,
        None if name == "_order" && model.options.order_with_respect_to.is_some() => return,
        None if state.field(model, name).is_some() => {
            let text = format!("`{option}` names `{name}`, which a parent's table has");
            Message::error("models.E016", text, "name fields of the model itself")
        }
        None => {
            let text = format!("`{option}` names `{name}`, which is no field of `{}`", model.name);
            Message::error("models.E012", text, "correct the name")
        }
    };
    found.model(message, model);
}

/// The key whose value has this name: `author_id`.
fn key_of<'a>(model: &'a ModelState, attname: &str) -> Option<&'a Field> {
    let mut keys = model.fields.iter().filter(|(_, field)| field.relation().is_some());
    keys.find(|(name, field)| field.attname(name) == attname).map(|(_, field)| field)
}

fn ordering(found: &mut Found<'_>, model: &ModelState) {
    if !model.options.ordering.is_empty() && model.options.order_with_respect_to.is_some() {
        let text = "`ordering` and `order_with_respect_to` exclude each other";
        found.model(Message::error("models.E021", text, "keep one of them"), model);
        return;
    }
    if let Some(name) = model.options.order_with_respect_to.clone() {
        named(found, model, "order_with_respect_to", &name);
    }
    let state = found.state();
    for entry in &model.options.ordering {
        let path = entry.strip_prefix('-').unwrap_or(entry);
        if path == "?" || is_known(state, model, path) {
            continue;
        }
        let text = format!("`ordering` names `{entry}`, which is neither a field nor a path to one");
        found.model(Message::error("models.E015", text, "correct the name"), model);
    }
}

/// Follows a path like `author__name` from field to field.
fn is_known(state: &crate::schema::ProjectState, model: &ModelState, path: &str) -> bool {
    let mut at = model;
    let mut parts = path.split("__").peekable();
    while let Some(part) = parts.next() {
        let by_attname = |owner: &ModelState| owner.fields.iter().any(|(name, field)| field.attname(name) == part);
        let Some((_, field)) = state.field(at, part) else {
            return by_attname(state.concrete(at)) && parts.peek().is_none();
        };
        let next = field.relation().and_then(|relation| state.target(&relation.to));
        match (parts.peek(), next) {
            (None, _) => return true,
            (Some(_), Some(next)) => at = next,
            // What follows a field with a column is a transform, `created_at__date`.
            (Some(_), None) => return field.has_column(),
        }
    }
    false
}

fn swappable(found: &mut Found<'_>, model: &ModelState) {
    let (app, name) = &found.state().user_model;
    if model.options.swappable.as_deref() != Some("AUTH_USER_MODEL") || found.state().model(app, name).is_some() {
        return;
    }
    let text = format!("`auth_user_model` names `{app}.{name}`, which is in no app's list");
    found.model(Message::error("models.E002", text, "correct the setting, or add the model to its app"), model);
}

fn composite(found: &mut Found<'_>, model: &ModelState) {
    for (name, field) in &model.fields {
        let Kind::CompositePrimaryKey { fields } = &field.kind else { continue };
        let at = At { model, name, field };
        for part in fields {
            let fits = model.field(part).is_some_and(|own| own.has_column() && !own.null);
            if !fits {
                let text = format!("`{part}` cannot be a part of the primary key");
                let hint = "name fields of the model that have a column and cannot be null";
                found.field(Message::error("models.E042", text, hint), &at);
            }
        }
        if name != "pk" {
            let text = "a primary key of several fields must be named `pk`";
            found.field(Message::error("fields.E013", text, "rename it"), &at);
        }
    }
}
