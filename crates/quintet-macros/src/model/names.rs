//! What can be said of a model's names from its struct alone: a primary key is there, and named fields exist.

use super::Model;
use crate::mistakes::{Mistakes, did_you_mean};

pub(super) fn check(model: &Model, mistakes: &mut Mistakes) {
    let name = model.name.to_string();
    if name.starts_with('_') || name.ends_with('_') || name.contains("__") {
        mistakes.at(&model.name, "a model's name neither begins nor ends with `_`, nor contains `__`");
    }
    for field in &model.fields {
        field_name(&field.name, &field.ident, mistakes);
    }
    if model.base.is_none() {
        named_fields(model, mistakes);
        if model.options.shared.is_none() {
            primary_key(model, mistakes);
        }
    }
}

fn field_name(name: &str, ident: &syn::Ident, mistakes: &mut Mistakes) {
    if name.contains("__") {
        mistakes.at(ident, "a field's name does not contain `__`, which separates names in lookups");
    } else if name.ends_with('_') {
        mistakes.at(ident, "a field's name does not end with `_`");
    } else if name == "pk" {
        mistakes.at(ident, "`pk` stands for the primary key, whichever field that is");
    }
}

fn named_fields(model: &Model, mistakes: &mut Mistakes) {
    // Fields that stand elsewhere are not seen from here; the system checks see them.
    if model.fields.iter().any(|field| field.flatten || field.parent) || model.options.shared.is_some() {
        return;
    }
    let known: Vec<&str> = model.fields.iter().map(|field| field.name.as_str()).collect();
    let named = model.options.named.iter().chain(model.fields.iter().flat_map(|field| &field.named));
    for text in named {
        let value = text.value();
        let name = value.strip_prefix('-').unwrap_or(&value);
        if !known.contains(&name) {
            let guess = did_you_mean(name, known.iter().copied());
            mistakes.at(text, format!("`{}` has no field `{name}`{guess}", model.name));
        }
    }
}

fn primary_key(model: &Model, mistakes: &mut Mistakes) {
    let mut keys = model.fields.iter().filter(|field| field.primary_key);
    let first = keys.next();
    if let Some(second) = keys.next() {
        mistakes.at(
            &second.ident,
            "a model has one primary key\nhint: a key of several fields is said on the struct: `#[model(primary_key = [\"a\", \"b\"])]`",
        );
    }
    let composite = !model.options.primary_key.is_empty();
    if let Some(field) = first.filter(|_| composite) {
        mistakes.at(&field.ident, "the struct says another primary key");
    }
    let id = model.fields.iter().find(|field| field.name == "id" && !field.primary_key);
    let elsewhere = composite || first.is_some() || model.fields.iter().any(|field| field.parent);
    match id {
        Some(id) if elsewhere => {
            mistakes.at(&id.ident, "a field named `id` is the primary key, and another one is said");
        }
        None if !elsewhere => mistakes.at(
            &model.name,
            "a model has a primary key\nhint: `pub id: BigAuto`, or `#[field(primary_key)]` at another field",
        ),
        _ => {}
    }
}
