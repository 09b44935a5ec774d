//! Relations: what they refer to, what happens when it goes, and names of the ways back.

use super::{At, Found, Message};
use crate::schema::{Field, Kind, ManyToMany, ModelState, OnDelete, ProjectState, Relation, To};

pub(super) fn check(found: &mut Found<'_>, at: &At<'_>) {
    let state = found.state();
    let messages = match &at.field.kind {
        Kind::ForeignKey(relation) | Kind::OneToOne(relation) => key(state, at, relation),
        Kind::ManyToMany(many) => many_to_many(state, at, many),
        _ => return,
    };
    for message in messages {
        found.field(message, at);
    }
}

fn key(state: &ProjectState, at: &At<'_>, relation: &Relation) -> Vec<Message> {
    let mut messages = target(state, &relation.to);
    messages.extend(related_name(relation.related_name.as_deref(), at));
    match relation.on_delete {
        OnDelete::SetNull if !at.field.null => {
            let hint = "make the key an `Option`, or choose another `on_delete`";
            messages.push(Message::error("fields.E320", "`on_delete = set_null` needs a key that may be null", hint));
        }
        OnDelete::SetDefault if at.field.default.is_none() && at.field.db_default.is_none() => {
            let hint = "give it a `default`, or choose another `on_delete`";
            messages.push(Message::error("fields.E321", "`on_delete = set_default` needs a default", hint));
        }
        _ => {}
    }
    if at.field.unique && matches!(at.field.kind, Kind::ForeignKey(_)) {
        let text = "a unique foreign key is a one-to-one relation";
        messages.push(Message::warning("fields.W342", text, "make it a `OneToOne`"));
    }
    messages.extend(referred(state, relation));
    messages
}

/// What a key refers to must be there, and unique.
fn referred(state: &ProjectState, relation: &Relation) -> Option<Message> {
    let model = state.concrete(state.target(&relation.to)?);
    let label = model.label();
    let Some(name) = relation.to_field.as_deref() else {
        let composite = matches!(model.primary_key()?.1.kind, Kind::CompositePrimaryKey { .. });
        let hint = "refer to a unique field by `to_field`";
        let text = format!("`{label}` has a primary key of several fields, which no relation can refer to");
        return composite.then(|| Message::error("fields.E347", text, hint));
    };
    let Some((_, field)) = state.field(model, name) else {
        let text = format!("`{label}` has no field `{name}`, which `to_field` names");
        return Some(Message::error("fields.E312", text, "correct `to_field`, or leave it out"));
    };
    if field.is_unique() || unique_by_constraint(model, name) {
        return None;
    }
    let text = format!("`{label}.{name}` must be unique, because a foreign key refers to it");
    Some(Message::error("fields.E311", text, "write `#[field(unique)]` there"))
}

fn unique_by_constraint(model: &ModelState, name: &str) -> bool {
    use crate::schema::Constraint;
    model.options.unique_together.iter().any(|rule| rule == &[name])
        || model.options.constraints.iter().any(|constraint| {
            matches!(constraint, Constraint::Unique(unique) if unique.fields == [name] && unique.condition.is_none())
        })
}

fn target(state: &ProjectState, to: &To) -> Vec<Message> {
    if state.target(to).is_none() {
        let text = format!("the model `{}.{}`, which the field refers to, is in no app's list", to.app, to.model);
        return vec![Message::error("fields.E300", text, "add it to `models = [..]`, and its app to `installed_apps`")];
    }
    let (app, model) = &state.user_model;
    let swapped = state.target(to).is_some_and(|target| target.options.swappable.is_some()) && !to.is(app, model);
    if swapped {
        let text = format!("`{}.{}` is not the user model of this project", to.app, to.model);
        return vec![Message::error("fields.E301", text, format!("refer to `{app}.{model}`"))];
    }
    vec![]
}

fn related_name(name: Option<&str>, at: &At<'_>) -> Option<Message> {
    let name = &at.model.filled(name?);
    let valid = name.ends_with('+')
        || name.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if !valid {
        let text = format!("`{name}` cannot be the `related_name` of `{}.{}`", at.model.name, at.name);
        return Some(Message::error("fields.E306", text, "write a name of letters, digits and underscores, or `+`"));
    }
    if name.ends_with('_') {
        return Some(Message::error(
            "fields.E308",
            "the `related_name` ends with an underscore",
            "choose another name",
        ));
    }
    if name.contains("__") && !name.ends_with('+') {
        let text = "the `related_name` contains two underscores";
        return Some(Message::error("fields.E309", text, "queries separate names by them: choose another name"));
    }
    None
}

fn many_to_many(state: &ProjectState, at: &At<'_>, many: &ManyToMany) -> Vec<Message> {
    let mut messages = target(state, &many.to);
    messages.extend(related_name(many.related_name.as_deref(), at));
    if at.field.unique {
        messages.push(Message::error("fields.E330", "a many-to-many relation cannot be unique", "leave `unique` out"));
    }
    if at.field.null {
        let text = "null has no effect on a many-to-many relation";
        messages.push(Message::warning("fields.W340", text, "take the `Option` away"));
    }
    if !at.field.validators.is_empty() {
        let text = "validators have no effect on a many-to-many relation";
        messages.push(Message::warning("fields.W341", text, "leave them out"));
    }
    let to_itself = many.to.is(&at.model.app, &at.model.name);
    if to_itself && many.symmetrical != Some(false) && many.related_name.is_some() {
        let text = "`related_name` has no effect on a relation that holds in both directions";
        messages.push(Message::warning("fields.W345", text, "leave it out, or write `symmetrical = false`"));
    }
    if at.field.db_comment.is_some() {
        let text = "a comment has no effect on a many-to-many relation";
        messages.push(Message::warning("fields.W346", text, "leave it out"));
    }
    messages.extend(through(state, at, many));
    messages
}

/// The model in between must have one key to each side, or say which are meant.
fn through(state: &ProjectState, at: &At<'_>, many: &ManyToMany) -> Vec<Message> {
    let Some(to) = &many.through else { return vec![] };
    let label = format!("{}.{}", to.app, to.model);
    let Some(between) = state.target(to) else {
        let text = format!("the model in between, `{label}`, is in no app's list");
        return vec![Message::error("fields.E331", text, "add it to `models = [..]`")];
    };
    let keys_to = |app: &str, name: &str| {
        let keys = between.fields.iter().filter(|(_, field)| field.relation().is_some_and(|key| key.to.is(app, name)));
        keys.count()
    };
    if let Some((here, there)) = &many.through_fields {
        return [(here, (&at.model.app, &at.model.name)), (there, (&many.to.app, &many.to.model))]
            .into_iter()
            .filter_map(|(name, (app, model))| through_field(between, name, app, model))
            .collect();
    }
    let to_itself = many.to.is(&at.model.app, &at.model.name);
    let (from, target) = (keys_to(&at.model.app, &at.model.name), keys_to(&many.to.app, &many.to.model));
    let field = format!("{}.{}", at.model.label(), at.name);
    if from == 0 || target == 0 || to_itself && from < 2 {
        let text = format!(
            "`{label}` stands between for `{field}`, and lacks a foreign key to `{}` or `{}`",
            at.model.name, many.to.model
        );
        return vec![Message::error("fields.E336", text, "add the keys")];
    }
    let most = if to_itself { 2 } else { 1 };
    let id = if to_itself {
        "fields.E333"
    } else if from > most {
        "fields.E334"
    } else {
        "fields.E335"
    };
    if from > most || target > most {
        let text = format!("`{label}` has several foreign keys that `{field}` could mean");
        return vec![Message::error(id, text, "name the two: `through_fields = (\"here\", \"there\")`")];
    }
    vec![]
}

fn through_field(between: &ModelState, name: &str, app: &str, model: &str) -> Option<Message> {
    let Some(field) = between.field(name) else {
        let text = format!("the model in between, `{}`, has no field `{name}`", between.label());
        return Some(Message::error("fields.E338", text, "correct `through_fields`"));
    };
    let fits = field.relation().is_some_and(|relation| relation.to.is(app, model));
    let text = format!("`{}.{name}` is no foreign key to `{model}`", between.name);
    (!fits)
        .then(|| Message::error("fields.E339", text, "correct `through_fields`: first the key to here, then the other"))
}

/// A way back: the model that it starts at, its name there, its name in queries, and whose it is.
pub(super) struct WayBack<'a> {
    pub(super) start: (String, String),
    pub(super) accessor: Option<String>,
    pub(super) query: String,
    pub(super) model: &'a ModelState,
    pub(super) name: &'a str,
    field: &'a Field,
}

/// Ways back that have the name of a field, or of each other.
pub(super) fn clashes(found: &mut Found<'_>) {
    let state = found.state();
    let ways = all_ways_back(state);
    for way in &ways {
        let at = At { model: way.model, name: way.name, field: way.field };
        let Some(start) = state.model(&way.start.0, &way.start.1) else { continue };
        let own = format!("{}.{}", way.model.label(), way.name);
        for (name, _) in &start.fields {
            let clash = format!("{}.{name}", start.label());
            if way.accessor.as_deref() == Some(name) {
                let text =
                    format!("the way back `{}.{name}` of `{own}` has the name of the field `{clash}`", start.name);
                found.field(Message::error("fields.E302", text, "give the relation another `related_name`"), &at);
            }
            if way.accessor.is_some() && way.query == *name {
                let text = format!("the way back of `{own}` has, in queries, the name of the field `{clash}`");
                found.field(Message::error("fields.E303", text, "give the relation another `related_name`"), &at);
            }
        }
        for other in ways.iter().filter(|other| {
            other.start == way.start && !(other.name == way.name && std::ptr::eq(other.model, way.model))
        }) {
            let clash = format!("{}.{}", other.model.label(), other.name);
            if way.accessor.is_some() && way.accessor == other.accessor {
                let accessor = way.accessor.clone().unwrap_or_default();
                let text = format!("the ways back of `{own}` and `{clash}` are both `{}.{accessor}`", start.name);
                found.field(Message::error("fields.E304", text, "give one of them a `related_name`"), &at);
            }
            if way.accessor.is_some() && other.accessor.is_some() && way.query == other.query {
                let text =
                    format!("the ways back of `{own}` and `{clash}` have the same name in queries, `{}`", way.query);
                found.field(Message::error("fields.E305", text, "give one of them a `related_name`"), &at);
            }
        }
    }
}

pub(super) fn all_ways_back(state: &ProjectState) -> Vec<WayBack<'_>> {
    let used = state.models.values().filter(|model| !is_swapped(state, model));
    used.flat_map(|model| ways_back(state, model)).collect()
}

/// A model in whose place another stands leads nowhere, so nothing leads back to it.
pub(super) fn is_swapped(state: &ProjectState, model: &ModelState) -> bool {
    let (app, name) = &state.user_model;
    model.options.swappable.is_some() && !(model.app == *app && model.name.eq_ignore_ascii_case(name))
}

fn ways_back<'a>(state: &ProjectState, model: &'a ModelState) -> Vec<WayBack<'a>> {
    let default = model.options.default_related_name.clone();
    let ways = model.fields.iter().filter_map(|(name, field)| {
        let (to, related, query, many) = match &field.kind {
            Kind::ForeignKey(key) => (&key.to, &key.related_name, &key.related_query_name, true),
            Kind::OneToOne(key) => (&key.to, &key.related_name, &key.related_query_name, false),
            // A relation of a model with itself in both directions has no way back of its own.
            Kind::ManyToMany(many) if many.to.is(&model.app, &model.name) && many.symmetrical != Some(false) => {
                return None;
            }
            Kind::ManyToMany(many) => (&many.to, &many.related_name, &many.related_query_name, true),
            _ => return None,
        };
        let target = state.target(to)?;
        let named = related.as_ref().or(default.as_ref()).map(|name| model.filled(name));
        let accessor = match named.as_deref() {
            Some(name) if name.ends_with('+') => None,
            Some(name) => Some(name.to_owned()),
            None if many => Some(format!("{}_set", model.name_lower())),
            None => Some(model.name_lower()),
        };
        let query = query.as_ref().map(|name| model.filled(name)).or(named).unwrap_or_else(|| model.name_lower());
        Some(WayBack { start: target.key(), accessor, query, model, name, field })
    });
    ways.collect()
}
