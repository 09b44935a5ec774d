//! Models that are new and models that go.
//!
//! A model is made without its relations, which are added one by one, and loses them one by one before it goes: so
//! models that refer to each other can be ordered. What need not be apart is joined again by the optimizer.

use std::collections::{BTreeMap, BTreeSet};

use super::need::{Event, Need, ends};
use super::relations::Relations;
use super::work::{Key, Work, in_state};
use crate::operation::Operation;
use crate::schema::{Constraint, Field, Index, ModelState, Options};

/// Removes the relations of models that go, and the models.
pub(super) fn deleted(work: &mut Work<'_>) {
    let stays = |key: &&Key<'_>| !work.new.models.contains(*key) && !work.new.unmanaged.contains(*key);
    let gone: Vec<Key<'_>> =
        work.old.models.iter().filter(stays).chain(work.old.unmanaged.iter().filter(stays)).copied().collect();
    if gone.is_empty() {
        return;
    }
    let relations = Relations::of(work.from);
    let through_users = through_users(work);
    for key in gone {
        delete(work, key, &relations, &through_users);
    }
}

fn delete<'a>(
    work: &mut Work<'a>,
    (app, name): Key<'a>,
    relations: &Relations<'_>,
    through_users: &BTreeMap<(String, String), (String, String, String)>,
) {
    let model = in_state(work.from, (app, name));
    if !model.options.unique_together.is_empty() {
        let operation = Operation::AlterUniqueTogether { name: name.to_owned(), unique_together: vec![] };
        work.add(app, operation, vec![]);
    }
    let related: BTreeSet<&str> =
        model.fields.iter().filter(|(_, field)| ends(field).0.is_some()).map(|(field, _)| field.as_str()).collect();
    for field in &related {
        let operation = Operation::RemoveField { model: name.to_owned(), name: (*field).to_owned() };
        work.add(app, operation, vec![]);
    }
    let mut needs = vec![];
    for reference in relations.to(model) {
        let need = |event| Need::field(&reference.model.app, &reference.model.name, reference.name, event);
        needs.push(need(Event::Removed));
        if reference.field.kind.many_to_many().is_none() {
            needs.push(need(Event::Altered));
        }
    }
    needs.extend(related.iter().map(|field| Need::field(app, name, field, Event::Removed)));
    if let Some((app, model, field)) = through_users.get(&model.key()) {
        needs.push(Need::field(app, model, field, Event::Removed));
    }
    work.add(app, Operation::DeleteModel { name: model.name.clone() }, without_duplicates(needs));
}

/// The many-to-many field that each model in between serves: app, model and field.
fn through_users(work: &Work<'_>) -> BTreeMap<(String, String), (String, String, String)> {
    let mut users = BTreeMap::new();
    for &key in &work.old.models {
        let model = work.old_model(key);
        for (name, field) in &model.fields {
            if let Some(through) = ends(field).1 {
                let user = (model.app.clone(), model.name_lower(), name.clone());
                users.insert((through.app.clone(), through.model.to_lowercase()), user);
            }
        }
    }
    users
}

fn without_duplicates(needs: Vec<Need>) -> Vec<Need> {
    needs.into_iter().fold(vec![], |mut kept, need| {
        if !kept.contains(&need) {
            kept.push(need);
        }
        kept
    })
}

/// Makes the new models, those that others may swap for another first.
pub(super) fn created(work: &mut Work<'_>) {
    let is_new = |key: &&Key<'_>| !work.old.models.contains(*key) && !work.old.unmanaged.contains(*key);
    let mut managed: Vec<Key<'_>> = work.new.models.iter().filter(is_new).copied().collect();
    let mut unmanaged: Vec<Key<'_>> = work.new.unmanaged.iter().filter(is_new).copied().collect();
    if managed.is_empty() && unmanaged.is_empty() {
        return;
    }
    // Each is put before all others, so the last comes first.
    for list in [&mut managed, &mut unmanaged] {
        list.sort_by_key(|key| std::cmp::Reverse(swappable_first(work, *key)));
    }
    let relations = Relations::of(work.to);
    for key in managed.into_iter().chain(unmanaged) {
        create(work, key, &relations);
    }
}

fn swappable_first(work: &Work<'_>, key: Key<'_>) -> (String, String) {
    let model = in_state(work.to, key);
    let (app, user) = &work.to.user_model;
    if model.options.swappable.is_some() || (model.app == *app && model.name.eq_ignore_ascii_case(user)) {
        return (format!("___{}", key.0), format!("___{}", key.1));
    }
    (key.0.to_owned(), key.1.to_owned())
}

fn create<'a>(work: &mut Work<'a>, key: Key<'a>, relations: &Relations<'_>) {
    let (app, name) = key;
    let model = work.new_model(key);
    let deferred: BTreeMap<&str, &Field> = model
        .fields
        .iter()
        .filter(|(_, field)| is_deferred(field))
        .map(|(name, field)| (name.as_str(), field))
        .collect();
    let mut needs = vec![Need::model(app, name, Event::Removed)];
    needs.extend(needs_of_bases(work, model));
    let key_target = model.fields.iter().filter(|(_, field)| field.primary_key).find_map(|(_, field)| ends(field).0);
    needs.extend(key_target.map(|to| Need::model(&to.app, &to.model, Event::Created)));
    let operation = Operation::CreateModel {
        name: model.name.clone(),
        fields: model.fields.iter().filter(|(name, _)| !deferred.contains_key(name.as_str())).cloned().collect(),
        options: Options {
            indexes: vec![],
            constraints: vec![],
            unique_together: vec![],
            order_with_respect_to: None,
            ..model.options.clone()
        },
        bases: model.bases.clone(),
        managers: model.managers.clone(),
    };
    work.add_first(app, operation, needs);
    // The reference, too, adds nothing to a table that it does not make.
    if model.options.managed {
        add_relations(work, key, &deferred);
        add_rules(work, key, &model.options, &deferred);
        if work.old.proxies.contains(&key) {
            repoint(work, model, relations);
        }
    }
}

/// Whether a field is added after its model is made: all relations but a primary key and the link to a parent.
fn is_deferred(field: &Field) -> bool {
    let (target, through) = ends(field);
    let parent_link = field.relation().is_some_and(|relation| relation.parent_link);
    through.is_some() || (target.is_some() && !field.primary_key && !parent_link)
}

/// The parents must be there, and must have lost the fields that the child has now.
fn needs_of_bases(work: &Work<'_>, model: &ModelState) -> Vec<Need> {
    let mut needs = vec![];
    for base in &model.bases {
        let Some((app, name)) = base.split_once('.') else { continue };
        needs.push(Need::model(app, name, Event::Created));
        let (Some(old), Some(new)) = (work.from.model(app, name), work.to.model(app, name)) else { continue };
        let moved = old.fields.iter().filter(|(field, _)| new.field(field).is_none() && model.field(field).is_some());
        needs.extend(moved.map(|(field, _)| Need::field(app, name, field, Event::Removed)));
    }
    needs
}

fn add_relations(work: &mut Work<'_>, (app, model): Key<'_>, deferred: &BTreeMap<&str, &Field>) {
    for (name, field) in deferred {
        let mut needs = work.needs_of(field);
        needs.push(Need::model(app, model, Event::Created));
        let operation = Operation::AddField {
            model: model.to_owned(),
            name: (*name).to_owned(),
            field: (*field).clone(),
            preserve_default: true,
        };
        work.add(app, operation, without_duplicates(needs));
    }
}

/// Adds what refers to fields, which must be there.
fn add_rules(work: &mut Work<'_>, (app, model): Key<'_>, options: &Options, deferred: &BTreeMap<&str, &Field>) {
    if let Some(field) = &options.order_with_respect_to {
        let operation =
            Operation::AlterOrderWithRespectTo { name: model.to_owned(), order_with_respect_to: Some(field.clone()) };
        let needs = vec![Need::field(app, model, field, Event::Created), Need::model(app, model, Event::Created)];
        work.add(app, operation, needs);
    }
    let mut needs: Vec<Need> = deferred.keys().map(|name| Need::field(app, model, name, Event::Created)).collect();
    needs.push(Need::model(app, model, Event::Created));
    let index = |index: &Index| Operation::AddIndex { model: model.to_owned(), index: index.clone() };
    let constraint =
        |constraint: &Constraint| Operation::AddConstraint { model: model.to_owned(), constraint: constraint.clone() };
    let mut rules: Vec<Operation> = options.indexes.iter().map(index).collect();
    rules.extend(options.constraints.iter().map(constraint));
    if !options.unique_together.is_empty() {
        let unique_together = super::rules::as_set(&options.unique_together).into_iter().collect();
        rules.push(Operation::AlterUniqueTogether { name: model.to_owned(), unique_together });
    }
    for operation in rules {
        work.add(app, operation, needs.clone());
    }
}

/// Points the keys that referred to a proxy at the table that it has now.
fn repoint(work: &mut Work<'_>, model: &ModelState, relations: &Relations<'_>) {
    for reference in relations.to(model) {
        let operation = Operation::AlterField {
            model: reference.model.name.clone(),
            name: reference.name.to_owned(),
            field: reference.field.clone(),
            preserve_default: true,
        };
        work.add(&reference.model.app, operation, vec![Need::model(&model.app, &model.name, Event::Created)]);
    }
}

/// Removes proxies that go.
pub(super) fn deleted_proxies(work: &mut Work<'_>) {
    let gone: Vec<Key<'_>> = work.old.proxies.difference(&work.new.proxies).copied().collect();
    for key in gone {
        let name = in_state(work.from, key).name.clone();
        work.add(key.0, Operation::DeleteModel { name }, vec![]);
    }
}

/// Makes the new proxies.
pub(super) fn created_proxies(work: &mut Work<'_>) {
    let added: Vec<Key<'_>> = work.new.proxies.difference(&work.old.proxies).copied().collect();
    for key in added {
        let model = work.new_model(key);
        let mut needs = vec![Need::model(key.0, key.1, Event::Removed)];
        let bases = model.bases.iter().filter_map(|base| base.split_once('.'));
        needs.extend(bases.map(|(app, name)| Need::model(app, name, Event::Created)));
        let operation = Operation::CreateModel {
            name: model.name.clone(),
            fields: vec![],
            options: model.options.clone(),
            bases: model.bases.clone(),
            managers: model.managers.clone(),
        };
        work.add(key.0, operation, needs);
    }
}
