//! What two operations become, one directly after the other.

use super::{Scope, create, references};
use crate::operation::Operation;
use crate::schema::Field;

/// What becomes of two operations.
#[derive(Debug)]
pub(super) enum Reduced {
    /// These stand for both.
    To(Vec<Operation>),
    /// They stay two, and may change places.
    Across,
    /// They stay two, and as they are.
    No,
}

/// What a first and a second operation of an app become.
pub(super) fn reduce(first: &Operation, second: &Operation, scope: Scope<'_>) -> Reduced {
    if let Some(made) = joined(first, second) {
        return Reduced::To(made);
    }
    if is_elidable(first) {
        return Reduced::To(vec![second.clone()]);
    }
    if is_elidable(second) {
        return Reduced::To(vec![first.clone()]);
    }
    if passes(first, second, scope) { Reduced::Across } else { Reduced::No }
}

fn is_elidable(operation: &Operation) -> bool {
    matches!(operation, Operation::RunSql { elidable: true, .. } | Operation::RunRust { elidable: true, .. })
}

/// What two operations on the same thing become.
fn joined(first: &Operation, second: &Operation) -> Option<Vec<Operation>> {
    use Operation::*;
    let same = |one: &String, other: &String| one.eq_ignore_ascii_case(other);
    match (first, second) {
        (CreateModel { .. }, _) => create::joined(first, second),
        (RenameModel { old_name, new_name }, RenameModel { old_name: then, new_name: last })
            if same(new_name, then) =>
        {
            Some(vec![RenameModel { old_name: old_name.clone(), new_name: last.clone() }])
        }
        (AlterModelTable { name, .. }, AlterModelTable { name: other, .. } | DeleteModel { name: other })
        | (
            AlterModelTableComment { name, .. },
            AlterModelTableComment { name: other, .. } | DeleteModel { name: other },
        )
        | (AlterModelOptions { name, .. }, AlterModelOptions { name: other, .. } | DeleteModel { name: other })
        | (AlterModelManagers { name, .. }, AlterModelManagers { name: other, .. } | DeleteModel { name: other })
        | (AlterUniqueTogether { name, .. }, AlterUniqueTogether { name: other, .. } | DeleteModel { name: other })
        | (
            AlterOrderWithRespectTo { name, .. },
            AlterOrderWithRespectTo { name: other, .. } | DeleteModel { name: other },
        )
        | (RemoveField { model: name, .. }, DeleteModel { name: other })
            if same(name, other) =>
        {
            Some(vec![second.clone()])
        }
        (AddField { model, name, field, preserve_default }, _) => match second {
            AlterField { model: other, name: then, field: last, preserve_default: keep }
                if same(model, other) && same(name, then) =>
            {
                let (field, preserve_default) = added(field, *preserve_default, last, *keep);
                Some(vec![AddField { model: model.clone(), name: then.clone(), field, preserve_default }])
            }
            RemoveField { model: other, name: then } if same(model, other) && same(name, then) => Some(vec![]),
            RenameField { model: other, old_name, new_name } if same(model, other) && same(name, old_name) => {
                let (model, name, field) = (model.clone(), new_name.clone(), field.clone());
                Some(vec![AddField { model, name, field, preserve_default: *preserve_default }])
            }
            _ => None,
        },
        (AlterField { model, name, field, preserve_default }, _) => match second {
            AlterField { model: other, name: then, .. } | RemoveField { model: other, name: then }
                if same(model, other) && same(name, then) =>
            {
                Some(vec![second.clone()])
            }
            RenameField { model: other, old_name, new_name }
                if same(model, other) && same(name, old_name) && field.db_column.is_none() =>
            {
                let (model, name, field) = (model.clone(), new_name.clone(), field.clone());
                Some(vec![second.clone(), AlterField { model, name, field, preserve_default: *preserve_default }])
            }
            _ => None,
        },
        (RenameField { model, old_name, new_name }, RenameField { model: other, old_name: then, new_name: last })
            if same(model, other) && same(new_name, then) =>
        {
            let (model, old_name, new_name) = (model.clone(), old_name.clone(), last.clone());
            Some(vec![RenameField { model, old_name, new_name }])
        }
        (AddIndex { index, .. }, RemoveIndex { name, .. }) if index.name == *name => Some(vec![]),
        (AddIndex { model, index }, RenameIndex { old_name, new_name, .. }) if index.name == *old_name => {
            Some(vec![AddIndex { model: model.clone(), index: index.clone().name(new_name) }])
        }
        (RenameIndex { model, old_name, new_name }, RenameIndex { model: other, old_name: then, new_name: last })
            if same(model, other) && same(new_name, then) =>
        {
            let (model, old_name, new_name) = (model.clone(), old_name.clone(), last.clone());
            Some(vec![RenameIndex { model, old_name, new_name }])
        }
        (AddConstraint { model, constraint }, RemoveConstraint { model: other, name })
            if same(model, other) && constraint.name() == name =>
        {
            Some(vec![])
        }
        (AddConstraint { model, constraint }, AlterConstraint { model: other, name, constraint: then })
            if same(model, other) && constraint.name() == name =>
        {
            Some(vec![AddConstraint { model: model.clone(), constraint: then.clone() }])
        }
        (
            AlterConstraint { model, name, .. },
            AlterConstraint { model: other, name: then, .. } | RemoveConstraint { model: other, name: then },
        ) if same(model, other) && name == then => Some(vec![second.clone()]),
        _ => None,
    }
}

/// The field as it is in the end. A default that was only for rows that there are is still needed for them, unless the
/// field has another by now; the reference forgets that it was only for them.
fn added(first: &Field, kept: bool, last: &Field, keep: bool) -> (Field, bool) {
    let mut field = last.clone();
    if kept || field.null || field.default.is_some() || field.db_default.is_some() {
        return (field, keep);
    }
    field.default.clone_from(&first.default);
    (field, false)
}

/// Whether the second may come before the first.
fn passes(first: &Operation, second: &Operation, scope: Scope<'_>) -> bool {
    use Operation::*;
    match first {
        CreateModel { name, .. }
        | DeleteModel { name }
        | AlterModelTable { name, .. }
        | AlterModelTableComment { name, .. }
        | AlterModelOptions { name, .. }
        | AlterModelManagers { name, .. }
        | AlterUniqueTogether { name, .. }
        | AlterOrderWithRespectTo { name, .. } => !references::model(second, name, scope),
        // The old name means nothing to what comes after the rename.
        RenameModel { new_name, .. } => !references::model(second, new_name, scope),
        AddField { model, name, .. } | RemoveField { model, name } | AlterField { model, name, .. } => {
            !references::field(second, model, name, scope)
        }
        RenameField { model, old_name, new_name } => {
            ![old_name, new_name].into_iter().any(|name| references::field(second, model, name, scope))
        }
        _ => false,
    }
}
