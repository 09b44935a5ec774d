//! Models: options, indexes, constraints, managers.

use quintet_core::schema::{
    Check, Constraint, Deferrable, Index, IndexKind, IndexedField, Manager, ModelState, Options, Unique,
};
use serde_json::{Map, Value as Json};

use super::expression::{condition, expressions};
use super::field::fields;
use super::value::{content, flag, list, object, optional_text, pair, text, texts, unknown};

/// A model's state.
pub(super) fn model(json: &Json, at: &str) -> ModelState {
    let name = text(&json["name"], at);
    let at = format!("{at}/{name}");
    ModelState {
        app: text(&json["app"], &at),
        fields: fields(&json["fields"], &at),
        options: options(&json["options"], &at),
        bases: bases(&json["bases"], &at),
        managers: managers(&json["managers"], &at),
        name,
    }
}

/// Options; none where nothing is said.
pub(super) fn options(json: &Json, at: &str) -> Options {
    let mut options = Options::default();
    if json.is_null() {
        return options;
    }
    for (key, it) in object(json, at) {
        match key.as_str() {
            "db_table" => options.db_table = Some(text(it, at)),
            "db_table_comment" => options.db_table_comment = Some(text(it, at)),
            "ordering" => options.ordering = texts(it, at),
            "unique_together" => options.unique_together = rules(it, at),
            "order_with_respect_to" => options.order_with_respect_to = optional_text(it, at),
            "indexes" => options.indexes = list(it, at).iter().map(|one| index(one, at)).collect(),
            "constraints" => options.constraints = list(it, at).iter().map(|one| constraint(one, at)).collect(),
            "proxy" => options.proxy = flag(it, at),
            "managed" => options.managed = flag(it, at),
            "swappable" => options.swappable = Some(text(it, at)),
            "verbose_name" => options.verbose_name = Some(text(it, at)),
            "verbose_name_plural" => options.verbose_name_plural = Some(text(it, at)),
            "permissions" => {
                let pairs = list(it, at).iter().map(|one| pair(one, at));
                options.permissions = pairs.map(|(code, name)| (text(code, at), text(name, at))).collect();
            }
            "default_permissions" => options.default_permissions = Some(texts(it, at)),
            "get_latest_by" => {
                options.get_latest_by = if it.is_string() { vec![text(it, at)] } else { texts(it, at) };
            }
            "base_manager_name" => options.base_manager_name = Some(text(it, at)),
            "default_manager_name" => options.default_manager_name = Some(text(it, at)),
            "default_related_name" => options.default_related_name = Some(text(it, at)),
            "select_on_save" => options.select_on_save = flag(it, at),
            // What is abstract has no state, so this says nothing.
            "abstract" if *it == false => {}
            _ => panic!("{at}: no counterpart for the option `{key}: {it}` of a model"),
        }
    }
    options
}

/// Models that another one is a child or a proxy of.
pub(super) fn bases(json: &Json, at: &str) -> Vec<String> {
    texts(json, at)
}

/// Managers by name.
pub(super) fn managers(json: &Json, at: &str) -> Vec<Manager> {
    if json.is_null() {
        return vec![];
    }
    let pairs = list(json, at).iter().map(|one| pair(one, at));
    pairs.map(|(name, path)| Manager { name: text(name, at), path: text(path, at) }).collect()
}

/// Rules of fields that are unique together.
pub(super) fn rules(json: &Json, at: &str) -> Vec<Vec<String>> {
    list(json, at).iter().map(|rule| texts(rule, at)).collect()
}

/// An index.
pub(super) fn index(json: &Json, at: &str) -> Index {
    let whole = content(json, "$index", at);
    let mut named = object(&whole["kwargs"], at).clone();
    let mut take = |key: &str| named.remove(key).unwrap_or(Json::Null);
    let index = Index {
        name: optional_text(&take("name"), at).unwrap_or_default(),
        fields: texts(&take("fields"), at).iter().map(|field| IndexedField::parse(field)).collect(),
        expressions: expressions(&whole["args"], at),
        condition: optional(&take("condition"), at, condition),
        include: texts(&take("include"), at),
        opclasses: texts(&take("opclasses"), at),
        kind: match whole["class"].as_str() {
            Some("Index") => IndexKind::Default,
            Some("BTreeIndex") => IndexKind::BTree,
            Some("BrinIndex") => IndexKind::Brin,
            Some("GinIndex") => IndexKind::Gin,
            Some("GistIndex") => IndexKind::Gist,
            Some("HashIndex") => IndexKind::Hash,
            Some("SpGistIndex") => IndexKind::SpGist,
            _ => unknown(json, at),
        },
    };
    nothing_left(&named, json, at);
    index
}

/// A constraint.
pub(super) fn constraint(json: &Json, at: &str) -> Constraint {
    let whole = content(json, "$constraint", at);
    let mut named = object(&whole["kwargs"], at).clone();
    let mut take = |key: &str| named.remove(key).unwrap_or(Json::Null);
    let name = text(&take("name"), at);
    let violation_error_message = optional_text(&take("violation_error_message"), at);
    let violation_error_code = optional_text(&take("violation_error_code"), at);
    let constraint = match whole["class"].as_str() {
        Some("CheckConstraint") => Constraint::Check(Check {
            name,
            condition: condition(&take("condition"), at),
            violation_error_message,
            violation_error_code,
        }),
        Some("UniqueConstraint") => Constraint::Unique(Unique {
            name,
            fields: texts(&take("fields"), at),
            expressions: expressions(&whole["args"], at),
            condition: optional(&take("condition"), at, condition),
            deferrable: optional(&take("deferrable"), at, deferrable),
            include: texts(&take("include"), at),
            opclasses: texts(&take("opclasses"), at),
            nulls_distinct: optional(&take("nulls_distinct"), at, flag),
            violation_error_message,
            violation_error_code,
        }),
        _ => unknown(json, at),
    };
    nothing_left(&named, json, at);
    constraint
}

fn deferrable(json: &Json, at: &str) -> Deferrable {
    match content(json, "$deferrable", at).as_str() {
        Some("DEFERRED") => Deferrable::Deferred,
        Some("IMMEDIATE") => Deferrable::Immediate,
        _ => unknown(json, at),
    }
}

fn optional<T>(json: &Json, at: &str, read: fn(&Json, &str) -> T) -> Option<T> {
    (!json.is_null()).then(|| read(json, at))
}

fn nothing_left(named: &Map<String, Json>, json: &Json, at: &str) {
    assert!(named.is_empty(), "{at}: no counterpart for an option of `{json}`");
}
