//! What a new model becomes with an operation on it: a new model that is so from the start.

use std::collections::BTreeSet;

use crate::operation::Operation;
use crate::schema::{Field, Kind, Options};

/// The new model as the second operation leaves it; nothing where it is about something else, or where the reference
/// keeps both.
pub(super) fn joined(first: &Operation, second: &Operation) -> Option<Vec<Operation>> {
    let Operation::CreateModel { name, options, .. } = first else { return None };
    if !target(second)?.eq_ignore_ascii_case(name) {
        return None;
    }
    if let Operation::DeleteModel { .. } = second {
        return (!options.proxy).then(Vec::new);
    }
    if let (Operation::AddField { name, .. }, Operation::CreateModel { fields, .. }) = (second, first)
        && fields.iter().any(|(own, _)| own == name)
    {
        // Between the two the first of that name goes, in a place where it has to stay.
        return None;
    }
    let mut made = first.clone();
    if let Operation::CreateModel { name, fields, options, managers, .. } = &mut made {
        match second {
            Operation::RenameModel { new_name, .. } => new_name.clone_into(name),
            Operation::AlterModelManagers { managers: others, .. } => managers.clone_from(others),
            _ => {
                set_option(options, second);
                set_field(fields, options, second);
            }
        }
    }
    Some(vec![made])
}

/// The model that an operation is about, of those operations that can be a part of its creation.
fn target(operation: &Operation) -> Option<&String> {
    match operation {
        Operation::DeleteModel { name }
        | Operation::RenameModel { old_name: name, .. }
        | Operation::AlterModelTable { name, .. }
        | Operation::AlterModelTableComment { name, .. }
        | Operation::AlterModelOptions { name, .. }
        | Operation::AlterModelManagers { name, .. }
        | Operation::AlterUniqueTogether { name, .. }
        | Operation::AlterOrderWithRespectTo { name, .. }
        | Operation::AddField { model: name, .. }
        | Operation::RemoveField { model: name, .. }
        | Operation::AlterField { model: name, .. }
        | Operation::RenameField { model: name, .. }
        | Operation::AddIndex { model: name, .. }
        | Operation::RemoveIndex { model: name, .. }
        | Operation::AddConstraint { model: name, .. }
        | Operation::RemoveConstraint { model: name, .. } => Some(name),
        _ => None,
    }
}

fn set_option(options: &mut Options, operation: &Operation) {
    match operation {
        Operation::AlterModelOptions { options: others, .. } => *options = options.with_alterable(others),
        Operation::AlterModelTable { table, .. } => options.db_table.clone_from(table),
        Operation::AlterModelTableComment { comment, .. } => options.db_table_comment.clone_from(comment),
        Operation::AlterUniqueTogether { unique_together, .. } => options.unique_together.clone_from(unique_together),
        Operation::AlterOrderWithRespectTo { order_with_respect_to, .. } => {
            options.order_with_respect_to.clone_from(order_with_respect_to);
        }
        Operation::AddIndex { index, .. } => options.indexes.push(index.clone()),
        Operation::RemoveIndex { name, .. } => options.indexes.retain(|index| index.name != *name),
        Operation::AddConstraint { constraint, .. } => options.constraints.push(constraint.clone()),
        Operation::RemoveConstraint { name, .. } => options.constraints.retain(|one| one.name() != name),
        _ => {}
    }
}

fn set_field(fields: &mut Vec<(String, Field)>, options: &mut Options, operation: &Operation) {
    match operation {
        Operation::AddField { name, field, preserve_default, .. } => {
            fields.push((name.clone(), settled(field, *preserve_default)));
        }
        Operation::AlterField { name, field, preserve_default, .. } => {
            for (_, own) in fields.iter_mut().filter(|(own, _)| own == name) {
                *own = settled(field, *preserve_default);
            }
        }
        Operation::RemoveField { name, .. } => {
            fields.retain(|(own, _)| !own.eq_ignore_ascii_case(name));
            forget(options, name);
        }
        Operation::RenameField { old_name, new_name, .. } => rename(fields, options, old_name, new_name),
        _ => {}
    }
}

/// A field of a new table, where no rows need a default of their own. The reference keeps it, and then finds a change.
fn settled(field: &Field, preserve_default: bool) -> Field {
    let mut field = field.clone();
    if !preserve_default {
        field.default = None;
    }
    field
}

/// Rules lose a field; one without fields is none.
fn forget(options: &mut Options, field: &str) {
    let shorter = |rule: Vec<String>| rule.into_iter().filter(|name| name != field).collect();
    let rules: BTreeSet<Vec<String>> = options.unique_together.drain(..).map(shorter).collect();
    options.unique_together.extend(rules.into_iter().filter(|rule| !rule.is_empty()));
    if options.order_with_respect_to.as_deref() == Some(field) {
        options.order_with_respect_to = None;
    }
}

/// Rules that name a field follow.
fn rename(fields: &mut [(String, Field)], options: &mut Options, old: &str, new: &str) {
    let follow = |name: &mut String| {
        if name == old {
            new.clone_into(name);
        }
    };
    for (name, field) in fields {
        follow(name);
        if let Kind::CompositePrimaryKey { fields } = &mut field.kind {
            fields.iter_mut().for_each(follow);
        }
    }
    options.unique_together.iter_mut().flatten().for_each(follow);
    options.order_with_respect_to.iter_mut().for_each(follow);
}
