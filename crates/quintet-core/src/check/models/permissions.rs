//! Permissions upon models, and the names that models have in the tables of the built-in apps: what fits into a row.
//!
//! Asked of each model that gets such rows; only where the app with the table is a part of the project.

use std::collections::HashSet;

use super::{Found, Message, relations};
use crate::migrate::permissions::{spaced, usual};
use crate::schema::{Kind, ModelState};

pub(super) fn check(found: &mut Found<'_>, model: &ModelState) {
    if relations::is_swapped(found.state(), model) {
        return;
    }
    if let Some(most) = limit(found, "contenttypes", "ContentType", "model") {
        let length = length(&model.name_lower());
        if length > most {
            let text = format!("the model's name has {length} characters, and the table of content types takes {most}");
            found.model(Message::error("contenttypes.E005", text, "choose a shorter name"), model);
        }
    }
    let limits = (limit(found, "auth", "Permission", "name"), limit(found, "auth", "Permission", "codename"));
    if let (Some(name), Some(codename)) = limits {
        let usual = usual(model);
        too_long_by_itself(found, model, &usual, name, codename);
        own(found, model, &usual, name, codename);
    }
}

/// The most characters that a column of a built-in table takes, where the table is a part of the project.
fn limit(found: &Found<'_>, app: &str, model: &str, field: &str) -> Option<usize> {
    match found.state().model(app, model)?.field(field)?.kind {
        Kind::Char { max_length } => max_length.map(|most| most as usize),
        _ => None,
    }
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// The usual permissions have names that are made of those of the model.
fn too_long_by_itself(
    found: &mut Found<'_>,
    model: &ModelState,
    usual: &[(String, String)],
    name: usize,
    codename: usize,
) {
    let longest = usual.iter().map(|(_, name)| length(name)).max().unwrap_or_default();
    if longest > name {
        let noun = model.options.verbose_name.clone().unwrap_or_else(|| spaced(&model.name));
        let most = (length(&noun) + name).saturating_sub(longest);
        let text = format!("`verbose_name` makes names of permissions longer than {name} characters");
        found.model(
            Message::error("auth.E007", text, format!("{most} characters are the most that it may have")),
            model,
        );
    }
    let longest = usual.iter().map(|(codename, _)| length(codename)).max().unwrap_or_default();
    if longest > codename {
        let most = (length(&model.name) + codename).saturating_sub(longest);
        let text = format!("the model's name makes codenames of permissions longer than {codename} characters");
        found.model(
            Message::error("auth.E011", text, format!("{most} characters are the most that it may have")),
            model,
        );
    }
}

fn own(found: &mut Found<'_>, model: &ModelState, usual: &[(String, String)], name: usize, codename: usize) {
    let mut seen = HashSet::new();
    for (own, words) in &model.options.permissions {
        if length(words) > name {
            let text = format!("the name of the permission `{own}` is longer than {name} characters");
            found.model(Message::error("auth.E008", text, "shorten it"), model);
        }
        if length(own) > codename {
            let text = format!("the codename of the permission `{own}` is longer than {codename} characters");
            found.model(Message::error("auth.E012", text, "shorten it"), model);
        }
        let is_new = seen.insert(own);
        if usual.iter().any(|(usual, _)| usual == own) {
            let text = format!("the permission `{own}` is one that every model has by itself");
            let hint = "leave it out, or choose another codename; `default_permissions` says which a model has";
            found.model(Message::error("auth.E005", text, hint), model);
        } else if !is_new {
            let text = format!("the permission `{own}` is there twice");
            found.model(Message::error("auth.E006", text, "leave one of them out"), model);
        }
    }
}
