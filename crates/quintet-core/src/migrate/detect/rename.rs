//! What has another name: models with the same fields, and fields that are otherwise equal.
//!
//! Whether something was renamed or replaced is asked, unless the new one says what it was called before
//! (`renamed_from`) and that is among what is gone. A field that says so may differ in more than its name.

use std::collections::BTreeSet;

use super::need::Need;
use super::relations::Relations;
use super::work::{FieldKey, Key, Work, field_of, in_state};
use crate::migrate::question::{Answer, Question};
use crate::operation::Operation;
use crate::schema::{Field, Kind, ModelState, Renamed, To};

/// Finds the models that are renamed. From then on they count as old under their new names.
pub(super) fn models(work: &mut Work<'_>) -> Result<(), Box<Question>> {
    let added: Vec<Key<'_>> = work.new.models.difference(&work.old.models).copied().collect();
    for new in added {
        let gone = work.old.models.difference(&work.new.models).copied().filter(|old| old.0 == new.0);
        let gone: Vec<Key<'_>> = gone.collect();
        if let Some(old) = former_model(work, new, &gone)? {
            rename_model(work, old, new);
        }
    }
    Ok(())
}

fn former_model<'a>(work: &Work<'a>, new: Key<'a>, gone: &[Key<'a>]) -> Result<Option<Key<'a>>, Box<Question>> {
    let model = work.new_model(new);
    if let Some(old) = said(&model.options.renamed_from, gone, |key| key.1) {
        return Ok(Some(old));
    }
    for &old in gone {
        let before = in_state(work.from, old);
        if shape(model) != shape(before) {
            continue;
        }
        let question = Question::RenameModel {
            app: model.app.clone(),
            old_name: before.name.clone(),
            new_name: model.name.clone(),
        };
        if work.ask(question)? == Answer::Yes {
            return Ok(Some(old));
        }
    }
    Ok(None)
}

/// The one that is said to be the former, where it is among those that are gone.
fn said<'a, T: Copy>(hint: &Renamed, gone: &[T], name: impl Fn(T) -> &'a str) -> Option<T> {
    let hint = hint.0.as_deref()?;
    gone.iter().copied().find(|one| name(*one).eq_ignore_ascii_case(hint))
}

/// The fields of a model, in the order of their names but without them, and without the models that they refer to.
fn shape(model: &ModelState) -> Vec<Field> {
    let mut fields: Vec<&(String, Field)> = model.fields.iter().collect();
    fields.sort_by_key(|(name, _)| name);
    fields.into_iter().map(|(_, field)| without_target(field)).collect()
}

fn without_target(field: &Field) -> Field {
    let mut field = field.clone();
    match &mut field.kind {
        Kind::ForeignKey(relation) | Kind::OneToOne(relation) => relation.to = To::default(),
        Kind::ManyToMany(many) => many.to = To::default(),
        _ => {}
    }
    field
}

fn rename_model<'a>(work: &mut Work<'a>, old: Key<'a>, new: Key<'a>) {
    let (before, model) = (in_state(work.from, old), work.new_model(new));
    let mut needs: Vec<Need> = model.fields.iter().flat_map(|(_, field)| work.needs_of(field)).collect();
    let relations = Relations::of(work.to);
    let referring = relations.to(model).iter().map(|reference| reference.model);
    needs.extend(referring.map(|model| Need::model(&model.app, &model.name, super::need::Event::Created)));
    let operation = Operation::RenameModel { old_name: before.name.clone(), new_name: model.name.clone() };
    work.add(new.0, operation, needs);
    work.renamed_models.insert(new, old.1);
    work.old.models.remove(&old);
    work.old.models.insert(new);
}

/// A field that has another name.
pub(super) struct FieldRename<'a> {
    old: FieldKey<'a>,
    new: FieldKey<'a>,
    /// Only the name differs, and perhaps that the column keeps its own.
    same: bool,
}

/// Finds the fields that are renamed.
pub(super) fn find_fields<'a>(work: &mut Work<'a>) -> Result<Vec<FieldRename<'a>>, Box<Question>> {
    let mut old_fields: BTreeSet<FieldKey<'a>> = work.old_fields.difference(&work.new_fields).copied().collect();
    let added: Vec<FieldKey<'a>> = work.new_fields.difference(&work.old_fields).copied().collect();
    let mut renames = vec![];
    for new in added {
        let gone: Vec<FieldKey<'a>> =
            old_fields.iter().copied().filter(|old| (old.0, old.1) == (new.0, new.1)).collect();
        if let Some(rename) = former_field(work, new, &gone)? {
            old_fields.remove(&rename.old);
            work.renamed_fields.insert(new, rename.old.2);
            renames.push(rename);
        }
    }
    Ok(renames)
}

fn former_field<'a>(
    work: &Work<'a>,
    new: FieldKey<'a>,
    gone: &[FieldKey<'a>],
) -> Result<Option<FieldRename<'a>>, Box<Question>> {
    let field = work.new_field(new);
    let model = work.old_model((new.0, new.1));
    let is_many = |field: &Field| field.kind.many_to_many().is_some();
    if let Some(old) = said(&field.renamed_from, gone, |key| key.2) {
        let before = field_of(model, old.2);
        if is_many(before) == is_many(field) {
            return Ok(Some(FieldRename { old, new, same: is_same(work, before, old.2, field) }));
        }
    }
    for &old in gone {
        if !is_same(work, field_of(model, old.2), old.2, field) {
            continue;
        }
        let question = Question::RenameField {
            app: new.0.to_owned(),
            model: new.1.to_owned(),
            old_name: old.2.to_owned(),
            new_name: new.2.to_owned(),
            class: field.kind.class(),
        };
        if work.ask(question)? == Answer::Yes {
            return Ok(Some(FieldRename { old, new, same: true }));
        }
    }
    Ok(None)
}

/// Whether two fields differ in nothing but that the new one names the column of the old one.
fn is_same(work: &Work<'_>, old: &Field, old_name: &str, new: &Field) -> bool {
    let mut old = old.clone();
    follow(work, &mut old);
    if old == *new {
        return true;
    }
    old.db_column = Some(old.column(old_name));
    old == *new
}

/// Points a field of old at the new name of the model that it refers to.
fn follow(work: &Work<'_>, field: &mut Field) {
    let to = match &mut field.kind {
        Kind::ForeignKey(relation) | Kind::OneToOne(relation) => &mut relation.to,
        Kind::ManyToMany(many) => &mut many.to,
        _ => return,
    };
    if let Some(((_, new), _)) = work.renamed_models.iter().find(|((app, _), old)| to.is(app, old)) {
        (*new).clone_into(&mut to.model);
    }
}

/// Renames the fields. One that keeps its column is told so first, that the rename leaves the table as it is.
pub(super) fn fields<'a>(work: &mut Work<'a>, renames: &[FieldRename<'a>]) {
    for FieldRename { old, new, same } in renames {
        let (app, model) = (new.0, new.1);
        let field = work.new_field(*new);
        let before = field_of(work.old_model((app, model)), old.2);
        if *same && before.db_column != field.db_column {
            let operation = Operation::AlterField {
                model: model.to_owned(),
                name: old.2.to_owned(),
                field: field.clone(),
                preserve_default: true,
            };
            work.add(app, operation, vec![]);
        }
        let operation =
            Operation::RenameField { model: model.to_owned(), old_name: old.2.to_owned(), new_name: new.2.to_owned() };
        work.add(app, operation, vec![]);
        work.old_fields.remove(old);
        work.old_fields.insert(*new);
        if !same {
            work.altered_renames.insert(*new);
        }
    }
}
