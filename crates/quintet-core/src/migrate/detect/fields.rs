//! Fields of models that stay: new ones, those that go, and those that are others than before.

use std::collections::BTreeSet;

use super::need::{Event, Need, ends};
use super::work::{FieldKey, Work, field_of};
use crate::migrate::question::{AboutField, Answer, Question};
use crate::operation::Operation;
use crate::schema::{Expr, Field, Initial, Kind, To};

/// Removes the fields that go.
pub(super) fn removed(work: &mut Work<'_>) {
    let gone: Vec<FieldKey<'_>> = work.old_fields.difference(&work.new_fields).copied().collect();
    gone.into_iter().for_each(|key| remove(work, key));
}

fn remove(work: &mut Work<'_>, (app, model, name): FieldKey<'_>) {
    let needs = [Event::OrderReleased, Event::TogetherAltered].map(|event| Need::field(app, model, name, event));
    work.add(app, Operation::RemoveField { model: model.to_owned(), name: name.to_owned() }, needs.to_vec());
}

/// Adds the new fields.
pub(super) fn added(work: &mut Work<'_>) -> Result<(), Box<Question>> {
    let new: Vec<FieldKey<'_>> = work.new_fields.difference(&work.old_fields).copied().collect();
    new.into_iter().try_for_each(|key| add(work, key))
}

fn add<'a>(work: &mut Work<'a>, key: FieldKey<'a>) -> Result<(), Box<Question>> {
    let (app, model, name) = key;
    let mut field = work.new_field(key).clone();
    let mut needs = vec![Need::field(app, model, name, Event::Removed)];
    needs.extend(work.needs_of(&field));
    if let Kind::Generated { expression, .. } = &field.kind {
        needs.extend(needs_of_expression(work, expression));
    }
    let preserve_default = has_value_for_rows(&field);
    if !preserve_default {
        let question = if auto_times(&field).1 { Question::AddAutoNowAdd } else { Question::AddRequired };
        if let Answer::Default(default) = work.ask(question(AboutField::new(key, &field)))? {
            field.default = Some(default);
        }
    }
    if field.is_unique() && matches!(field.default, Some(Initial::Function(_))) {
        work.ask(Question::UniqueFunction { app: app.to_owned(), model: model.to_owned(), name: name.to_owned() })?;
    }
    let (model, name) = (model.to_owned(), name.to_owned());
    work.add(app, Operation::AddField { model, name, field, preserve_default }, needs);
    Ok(())
}

/// Whether rows that there are get a value without anyone being asked.
fn has_value_for_rows(field: &Field) -> bool {
    let empty = field.blank && field.kind.empty_strings_allowed();
    field.null
        || field.default.is_some()
        || field.db_default.is_some()
        || empty
        || auto_times(field).0
        || field.kind.is_auto()
        || matches!(field.kind, Kind::ManyToMany(_) | Kind::Generated { .. } | Kind::CompositePrimaryKey { .. })
}

/// `auto_now` and `auto_now_add` of a field of time.
fn auto_times(field: &Field) -> (bool, bool) {
    match field.kind {
        Kind::Date { auto_now, auto_now_add }
        | Kind::DateTime { auto_now, auto_now_add }
        | Kind::Time { auto_now, auto_now_add } => (auto_now, auto_now_add),
        _ => (false, false),
    }
}

/// What a computed column needs: the new fields that it names, and, as in the reference, all new relations.
fn needs_of_expression(work: &Work<'_>, expression: &Expr) -> Vec<Need> {
    let mut named = BTreeSet::new();
    expression.each_field(&mut |path| named.extend(path.split("__").next()));
    let new = work.new_fields.difference(&work.old_fields).copied();
    let needed = new.filter(|key| named.contains(key.2) || ends(work.new_field(*key)).0.is_some());
    needed.map(|(app, model, name)| Need::field(app, model, name, Event::Created)).collect()
}

/// Alters the fields that are others than before. One that becomes a many-to-many relation, or was one, is removed and
/// added: its values are in another place.
pub(super) fn altered(work: &mut Work<'_>) -> Result<(), Box<Question>> {
    let kept: Vec<FieldKey<'_>> = work.old_fields.intersection(&work.new_fields).copied().collect();
    for key in kept {
        let old_name = work.renamed_fields.get(&key).copied().unwrap_or(key.2);
        let (old, new) = (field_of(work.old_model((key.0, key.1)), old_name), work.new_field(key));
        // A field that was found to be renamed differs in its column's name at most, and the rename saw to that.
        if (old_name != key.2 && !work.altered_renames.contains(&key)) || *old == as_before(work, key, new) {
            continue;
        }
        if old.kind.many_to_many().is_some() == new.kind.many_to_many().is_some() {
            alter(work, key, old, new)?;
        } else {
            remove(work, key);
            add(work, key)?;
        }
    }
    Ok(())
}

fn alter(work: &mut Work<'_>, key: FieldKey<'_>, old: &Field, new: &Field) -> Result<(), Box<Question>> {
    let (app, model, name) = (key.0, key.1.to_owned(), key.2.to_owned());
    let mut field = new.clone();
    let mut preserve_default = true;
    let has_value = new.default.is_some() || new.db_default.is_some() || new.kind.many_to_many().is_some();
    if old.null
        && !new.null
        && !has_value
        && let Answer::Default(default) = work.ask(Question::AlterNotNull(AboutField::new(key, new)))?
    {
        field.default = Some(default);
        preserve_default = false;
    }
    let needs = work.needs_of(new);
    work.add(app, Operation::AlterField { model, name, field, preserve_default }, needs);
    Ok(())
}

/// A field as it would be had nothing been renamed: what follows from the rename of a model or a field is no change.
fn as_before(work: &Work<'_>, (app, model, _): FieldKey<'_>, new: &Field) -> Field {
    let mut field = new.clone();
    let old_name = |to: &To| {
        work.renamed_models.iter().find(|((app, name), _)| to.is(app, name)).map(|(_, old)| (*old).to_owned())
    };
    let back = |to: &mut To| {
        if let Some(old) = old_name(to) {
            to.model = old;
        }
    };
    match &mut field.kind {
        Kind::ForeignKey(relation) | Kind::OneToOne(relation) => {
            let target = relation.to.model.to_lowercase();
            if let Some(name) = &mut relation.to_field
                && let Some(old) = work.renamed_fields.get(&(relation.to.app.as_str(), target.as_str(), name.as_str()))
            {
                (*old).clone_into(name);
            }
            back(&mut relation.to);
        }
        Kind::ManyToMany(many) => {
            back(&mut many.to);
            many.through.as_mut().map(back);
        }
        Kind::CompositePrimaryKey { fields } => {
            for name in fields {
                if let Some(old) = work.renamed_fields.get(&(app, model, name.as_str())) {
                    (*old).clone_into(name);
                }
            }
        }
        _ => {}
    }
    field
}
