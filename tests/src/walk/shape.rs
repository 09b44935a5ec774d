//! Large changes: models come, go and get other names, keys refer to others. Each happens alone.

use quintet_core::operation::words::rename_model;
use quintet_core::schema::words::*;
use quintet_core::schema::{Kind, ModelKey, ModelState};

use super::change::Changed;
use super::models::{Models, ends};
use super::start::{has_single_key, new_model, some_target};
use crate::support::Random;

type Change = fn(&mut Models, &mut Random) -> Option<Changed>;

const CHANGES: [Change; 10] = [create, create, rename, rename, delete, table, retarget, retarget_many, key, proxy];

/// One large change, where one can be found.
pub(super) fn large(models: &mut Models, random: &mut Random) -> Option<Changed> {
    (0..20).find_map(|_| {
        // What turns out to be impossible on the way leaves no trace.
        let mut tried = models.clone();
        let changed = random.one_of(&CHANGES)(&mut tried, random)?;
        *models = tried;
        Some(changed)
    })
}

fn create(models: &mut Models, random: &mut Random) -> Option<Changed> {
    if models.order.len() > 7 {
        return None;
    }
    let app = random.one_of(&["a", "b"]);
    let key = new_model(models, random, app);
    Some(Changed::new(format!("create {}.{}", key.0, key.1)))
}

fn rename(models: &mut Models, random: &mut Random) -> Option<Changed> {
    let old = random.one_of(&models.order.clone()).clone();
    let new = models.name("Renamed");
    let changed = Changed::new(format!("rename {}.{} to {new}", old.0, old.1));
    rename_model(&old.1, &new).apply(&old.0, &mut models.state).ok()?;
    let key = (old.0.clone(), new.to_lowercase());
    models.order.iter_mut().filter(|key| **key == old).for_each(|own| own.clone_from(&key));
    Some(Changed { models: vec![(old, key)], ..changed })
}

fn delete(models: &mut Models, random: &mut Random) -> Option<Changed> {
    let gone = random.one_of(&models.order.clone()).clone();
    if models.order.len() < 3 || !models.is_alone(&gone) {
        return None;
    }
    let mut changed = Changed::new(format!("delete {}.{}", gone.0, gone.1));
    for key in models.order.clone().into_iter().filter(|key| *key != gone) {
        let refers = |field: &quintet_core::schema::Field| ends(field).iter().any(|to| to.is(&gone.0, &gone.1));
        let names: Vec<(String, bool)> = models
            .model(&key)
            .fields
            .iter()
            .filter(|(_, field)| refers(field))
            .map(|(name, field)| (name.clone(), field.null || !field.has_column()))
            .collect();
        for (name, is_null) in names {
            // The reference drops the key first and then, in vain on SQLite, the index that went with it.
            if models.is_fixed(&key, &name) || models.is_in_rule(&key, &name) {
                return None;
            }
            changed.empties |= !is_null;
            models.forget_field(&key, &name);
            models.model_mut(&key).fields.retain(|(own, _)| *own != name);
        }
    }
    models.order.retain(|key| *key != gone);
    models.state.models.remove(&gone);
    Some(changed)
}

fn table(models: &mut Models, random: &mut Random) -> Option<Changed> {
    let key = models.some_model(random)?;
    let name = models.name("table");
    let options = &mut models.model_mut(&key).options;
    options.db_table = if options.db_table.is_some() && random.below(2) == 0 { None } else { Some(name) };
    Some(Changed::new(format!("{}.{}: the table {:?}", key.0, key.1, options.db_table)))
}

/// A key that may be null refers to another model, whose own key is of the same kind.
fn retarget(models: &mut Models, random: &mut Random) -> Option<Changed> {
    let key = models.some_model(random)?;
    let to = some_target(models, random)?;
    let (name, field) = models.some_field(random, &key, |name, field| {
        field.null
            && field.relation().is_some_and(|relation| relation.to_field.is_none())
            && !models.is_fixed(&key, name)
    })?;
    let kind = |key: &ModelKey| models.model(key).primary_key().map(|(_, field)| field.kind.is_auto());
    let old = &field.relation()?.to;
    if old.is(&to.0, &to.1) || kind(&(old.app.clone(), old.model.to_lowercase()))? != kind(&to)? || !kind(&to)? {
        return None;
    }
    let model = models.model(&to).name.clone();
    let relation = models.model_mut(&key).field_mut(&name)?.kind.relation_mut()?;
    to.0.clone_into(&mut relation.to.app);
    relation.to.model = model;
    let changed = Changed::new(format!("{}.{}: {name} refers to {}.{}", key.0, key.1, to.0, to.1));
    Some(Changed { clear: vec![(key, name)], ..changed })
}

/// A many-to-many field has another name for its table.
fn retarget_many(models: &mut Models, random: &mut Random) -> Option<Changed> {
    let key = models.some_model(random)?;
    let (name, _) = models
        .some_field(random, &key, |_, field| field.kind.many_to_many().is_some_and(|many| many.through.is_none()))?;
    let table = models.name("table");
    let Kind::ManyToMany(many) = &mut models.model_mut(&key).field_mut(&name)?.kind else { return None };
    many.db_table = if many.db_table.is_some() { None } else { Some(table) };
    Some(Changed::new(format!("{}.{}: {name} in the table {:?}", key.0, key.1, many.db_table)))
}

/// A key that counts up is of another width; all that refer to it follow.
fn key(models: &mut Models, random: &mut Random) -> Option<Changed> {
    let key = models.some_model(random)?;
    let (name, field) = models.some_field(random, &key, |_, field| field.kind.is_auto())?;
    let new = random.one_of(&[Kind::BigAuto, Kind::Auto, Kind::SmallAuto]).clone();
    if new == field.kind {
        return None;
    }
    let changed = Changed::new(format!("{}.{}: {name} from {:?} to {new:?}", key.0, key.1, field.kind));
    models.model_mut(&key).field_mut(&name)?.kind = new;
    Some(changed)
}

/// A proxy of a model.
fn proxy(models: &mut Models, random: &mut Random) -> Option<Changed> {
    let of = models.some_model(random)?;
    if !has_single_key(models, &of) {
        return None;
    }
    let mut model = ModelState::new(&models.name("Proxy"));
    of.0.clone_into(&mut model.app);
    model.options = options().proxy();
    model.bases.push(format!("{}.{}", of.0, of.1));
    let changed = Changed::new(format!("a proxy {} of {}.{}", model.name, of.0, of.1));
    models.add(model);
    Some(changed)
}
