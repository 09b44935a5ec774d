//! Whether an operation may have to do with a model or a field. In doubt it has: then the optimizer leaves it in place.

use super::Scope;
use crate::operation::Operation;
use crate::schema::{Field, Kind, To};

/// Whether the operation may have to do with a model of its app.
pub(super) fn model(operation: &Operation, name: &str, scope: Scope<'_>) -> bool {
    let is = |own: &String| own.eq_ignore_ascii_case(name);
    match operation {
        Operation::CreateModel { name: own, fields, bases, .. } => {
            is(own)
                || bases.iter().any(|base| base.eq_ignore_ascii_case(&format!("{}.{name}", scope.app)))
                || fields.iter().any(|(_, field)| refers(field, name, None, scope))
        }
        Operation::RenameModel { old_name, new_name } => is(old_name) || is(new_name),
        Operation::AlterModelTable { name: own, .. }
        | Operation::AlterModelTableComment { name: own, .. }
        | Operation::AlterModelOptions { name: own, .. }
        | Operation::AlterModelManagers { name: own, .. }
        | Operation::AlterUniqueTogether { name: own, .. }
        | Operation::AlterOrderWithRespectTo { name: own, .. } => is(own),
        Operation::AddField { model, field, .. } | Operation::AlterField { model, field, .. } => {
            is(model) || refers(field, name, None, scope)
        }
        Operation::RemoveField { model, .. } | Operation::RenameField { model, .. } => is(model),
        // A model that goes may have referred to any; rules and code of the project's own may name any.
        Operation::DeleteModel { .. }
        | Operation::AddIndex { .. }
        | Operation::RemoveIndex { .. }
        | Operation::RenameIndex { .. }
        | Operation::AddConstraint { .. }
        | Operation::RemoveConstraint { .. }
        | Operation::AlterConstraint { .. }
        | Operation::RunSql { .. }
        | Operation::RunRust { .. }
        | Operation::SeparateDatabaseAndState { .. } => true,
    }
}

/// Whether the operation may have to do with a field of a model of its app.
pub(super) fn field(operation: &Operation, owner: &str, name: &str, scope: Scope<'_>) -> bool {
    match operation {
        Operation::AddField { model, name: own, field, .. } | Operation::AlterField { model, name: own, field, .. } => {
            (model.eq_ignore_ascii_case(owner) && own == name) || refers(field, owner, Some(name), scope)
        }
        Operation::RemoveField { model, name: own } => model.eq_ignore_ascii_case(owner) && own == name,
        Operation::RenameField { model, old_name, new_name } => {
            model.eq_ignore_ascii_case(owner)
                && (old_name.eq_ignore_ascii_case(name) || new_name.eq_ignore_ascii_case(name))
        }
        Operation::AlterUniqueTogether { name: own, unique_together } => {
            own.eq_ignore_ascii_case(owner)
                && (unique_together.is_empty() || unique_together.iter().flatten().any(|one| one == name))
        }
        Operation::AlterOrderWithRespectTo { name: own, order_with_respect_to } => {
            own.eq_ignore_ascii_case(owner) && order_with_respect_to.as_ref().is_none_or(|one| one == name)
        }
        _ => model(operation, owner, scope),
    }
}

/// Whether a field refers to a model, or to one of its fields.
fn refers(field: &Field, model: &str, name: Option<&str>, scope: Scope<'_>) -> bool {
    match &field.kind {
        Kind::ForeignKey(relation) | Kind::OneToOne(relation) => {
            let named = |to_field: &String| name.is_none_or(|name| name == to_field);
            is(&relation.to, model, scope) && relation.to_field.as_ref().is_none_or(named)
        }
        Kind::ManyToMany(many) => {
            let named = |fields: &(String, String)| name.is_none_or(|name| name == fields.0 || name == fields.1);
            let through = many.through.as_ref().is_some_and(|through| is(through, model, scope));
            is(&many.to, model, scope) || (through && many.through_fields.as_ref().is_none_or(named))
        }
        _ => false,
    }
}

/// Whether this is the model of the app whose operations are looked at. In a migration's file much may be left out.
fn is(to: &To, model: &str, Scope { app, user_model }: Scope<'_>) -> bool {
    if to.is_user_model && to.model.is_empty() {
        return user_model.0 == app && user_model.1.eq_ignore_ascii_case(model);
    }
    to.is(app, model) || (to.app.is_empty() && (to.model.eq_ignore_ascii_case(model) || to.model == "self"))
}
