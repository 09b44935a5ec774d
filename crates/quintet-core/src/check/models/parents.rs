//! Children of other models: a child has all fields of its parents, so that no name may be there twice.

use std::collections::BTreeMap;

use super::relations::{WayBack, all_ways_back};
use super::{At, Found, Message};
use crate::schema::{ModelState, ProjectState};

pub(super) fn check(found: &mut Found<'_>) {
    let state = found.state();
    let mut ways = None;
    for model in state.models.values().filter(|model| !model.bases.is_empty()) {
        let parents = parents(state, model);
        let ways = ways.get_or_insert_with(|| all_ways_back(state));
        let names = between_parents(found, model, &parents);
        own_fields(found, model, &names, &backwards(ways, &parents));
    }
}

/// All parents and theirs, each once.
fn parents<'a>(state: &'a ProjectState, model: &'a ModelState) -> Vec<&'a ModelState> {
    let mut all: Vec<&ModelState> = vec![];
    let mut left: Vec<&ModelState> = model.bases.iter().rev().filter_map(|base| state.base(base)).collect();
    while let Some(parent) = left.pop() {
        if !all.iter().any(|known| std::ptr::eq(*known, parent)) {
            all.push(parent);
            left.extend(parent.bases.iter().rev().filter_map(|base| state.base(base)));
        }
    }
    all
}

/// The names that parents have, and whose each is. Two parents with the same name are an error.
fn between_parents<'a>(
    found: &mut Found<'_>,
    model: &ModelState,
    parents: &[&'a ModelState],
) -> BTreeMap<String, &'a ModelState> {
    let mut names: BTreeMap<String, &ModelState> = BTreeMap::new();
    for parent in parents {
        for (name, field) in &parent.fields {
            let attname = field.attname(name);
            if let Some(other) = names.get(name).or_else(|| names.get(&attname)) {
                let text =
                    format!("the parents `{}` and `{}` both have a field `{name}`", other.label(), parent.label());
                let hint = "rename one of them; keys too: `#[field(primary_key)] pub place_id: BigAuto`";
                found.model(Message::error("models.E005", text, hint), model);
            }
            names.insert(attname, parent);
            names.insert(name.clone(), parent);
        }
    }
    names
}

/// What ways back to the parents are called in queries.
fn backwards<'a>(ways: &'a [WayBack<'a>], parents: &[&ModelState]) -> BTreeMap<&'a str, &'a WayBack<'a>> {
    let keys: Vec<_> = parents.iter().map(|parent| parent.key()).collect();
    let seen = ways.iter().filter(|way| way.accessor.is_some() && keys.contains(&way.start));
    seen.map(|way| (way.query.as_str(), way)).collect()
}

fn own_fields(
    found: &mut Found<'_>,
    model: &ModelState,
    names: &BTreeMap<String, &ModelState>,
    backwards: &BTreeMap<&str, &WayBack<'_>>,
) {
    for (name, field) in &model.fields {
        let attname = field.attname(name);
        let text = if let Some(owner) = names.get(name).or_else(|| names.get(&attname)) {
            format!("the field `{name}` has the name of a field of the parent `{}`", owner.label())
        } else if let Some(way) = backwards.get(name.as_str()).or_else(|| backwards.get(attname.as_str())) {
            format!(
                "the field `{name}` has the name of the way back of `{}.{}` to a parent",
                way.model.label(),
                way.name
            )
        } else {
            continue;
        };
        found.field(Message::error("models.E006", text, "choose another name"), &At { model, name, field });
    }
}
