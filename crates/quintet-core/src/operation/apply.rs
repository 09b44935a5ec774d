//! What each operation does to the state of a project.

use super::{Migration, Operation};
use crate::schema::{Field, Kind, ModelState, ProjectState, StateError, To};

impl Migration {
    /// Applies all operations, one after the other.
    pub fn apply(&self, state: &mut ProjectState) -> Result<(), StateError> {
        self.operations.iter().try_for_each(|operation| operation.apply(&self.app, state))
    }
}

impl Operation {
    /// Applies this operation of an app's migration.
    pub fn apply(&self, app: &str, state: &mut ProjectState) -> Result<(), StateError> {
        match self {
            Self::CreateModel { name, fields, options, bases, managers } => {
                if state.model(app, name).is_some() {
                    return Err(StateError::new(format!("there is a model `{app}.{name}` already")));
                }
                state.add(ModelState {
                    app: app.to_owned(),
                    name: name.clone(),
                    fields: fields.clone(),
                    options: options.clone(),
                    bases: bases.clone(),
                    managers: managers.clone(),
                });
            }
            Self::DeleteModel { name } => {
                found(state, app, name)?;
                state.models.remove(&(app.to_owned(), name.to_lowercase()));
            }
            Self::RenameModel { old_name, new_name } => rename_model(state, app, old_name, new_name)?,
            Self::AlterModelTable { name, table } => found(state, app, name)?.options.db_table.clone_from(table),
            Self::AlterModelTableComment { name, comment } => {
                found(state, app, name)?.options.db_table_comment.clone_from(comment);
            }
            Self::AlterModelOptions { name, options } => {
                let model = found(state, app, name)?;
                model.options = model.options.with_alterable(options);
            }
            Self::AlterModelManagers { name, managers } => found(state, app, name)?.managers.clone_from(managers),
            Self::AlterUniqueTogether { name, unique_together } => {
                found(state, app, name)?.options.unique_together.clone_from(unique_together);
            }
            Self::AlterOrderWithRespectTo { name, order_with_respect_to } => {
                found(state, app, name)?.options.order_with_respect_to.clone_from(order_with_respect_to);
            }
            Self::AddField { model, name, field, preserve_default } => {
                let user_model = state.user_model.clone();
                let model = found(state, app, model)?;
                if model.field(name).is_some() {
                    return Err(StateError::new(format!("`{}` has a field `{name}` already", model.label())));
                }
                let field = settled(field, *preserve_default, model, &user_model);
                model.fields.push((name.clone(), field));
            }
            Self::RemoveField { model, name } => {
                let model = found(state, app, model)?;
                field_of(model, name)?;
                model.fields.retain(|(own, _)| own != name);
            }
            Self::AlterField { model, name, field, preserve_default } => {
                let user_model = state.user_model.clone();
                let model = found(state, app, model)?;
                let field = settled(field, *preserve_default, model, &user_model);
                *field_of(model, name)? = field;
            }
            Self::RenameField { model, old_name, new_name } => rename_field(state, app, model, old_name, new_name)?,
            Self::AddIndex { model, index } => {
                let model = found(state, app, model)?;
                model.options.indexes.push(index.clone());
                model.name_indexes();
            }
            Self::RemoveIndex { model, name } => {
                let model = found(state, app, model)?;
                index_of(model, name)?;
                model.options.indexes.retain(|index| index.name != *name);
            }
            Self::RenameIndex { model, old_name, new_name } => {
                let model = found(state, app, model)?;
                let at = index_of(model, old_name)?;
                model.options.indexes[at].name.clone_from(new_name);
            }
            Self::AddConstraint { model, constraint } => {
                found(state, app, model)?.options.constraints.push(constraint.clone());
            }
            Self::RemoveConstraint { model, name } => {
                let model = found(state, app, model)?;
                constraint_of(model, name)?;
                model.options.constraints.retain(|constraint| constraint.name() != name);
            }
            Self::AlterConstraint { model, name, constraint } => {
                let model = found(state, app, model)?;
                let at = constraint_of(model, name)?;
                model.options.constraints[at] = constraint.clone();
            }
            Self::RunSql { state: operations, .. } | Self::SeparateDatabaseAndState { state: operations, .. } => {
                operations.iter().try_for_each(|operation| operation.apply(app, state))?;
            }
            Self::RunRust { .. } => {}
        }
        Ok(())
    }
}

fn found<'a>(state: &'a mut ProjectState, app: &str, name: &str) -> Result<&'a mut ModelState, StateError> {
    state
        .model_mut(app, name)
        .ok_or_else(|| StateError::new(format!("there is no model `{app}.{name}` at this point of the history")))
}

fn field_of<'a>(model: &'a mut ModelState, name: &str) -> Result<&'a mut Field, StateError> {
    let label = model.label();
    model
        .field_mut(name)
        .ok_or_else(|| StateError::new(format!("`{label}` has no field `{name}` at this point of the history")))
}

fn index_of(model: &ModelState, name: &str) -> Result<usize, StateError> {
    model.options.indexes.iter().position(|index| index.name == name).ok_or_else(|| {
        StateError::new(format!("`{}` has no index `{name}` at this point of the history", model.label()))
    })
}

fn constraint_of(model: &ModelState, name: &str) -> Result<usize, StateError> {
    model.options.constraints.iter().position(|constraint| constraint.name() == name).ok_or_else(|| {
        StateError::new(format!("`{}` has no constraint `{name}` at this point of the history", model.label()))
    })
}

/// A field as the state keeps it.
fn settled(field: &Field, preserve_default: bool, model: &ModelState, user_model: &(String, String)) -> Field {
    let mut field = field.clone();
    if !preserve_default {
        field.default = None;
    }
    crate::schema::resolve_field(&mut field, &model.app, &model.name, user_model);
    field
}

/// All who refer to the model follow.
fn rename_model(state: &mut ProjectState, app: &str, old: &str, new: &str) -> Result<(), StateError> {
    found(state, app, old)?;
    if !old.eq_ignore_ascii_case(new) && state.model(app, new).is_some() {
        return Err(StateError::new(format!("there is a model `{app}.{new}` already")));
    }
    let Some(mut model) = state.models.remove(&(app.to_owned(), old.to_lowercase())) else { return Ok(()) };
    new.clone_into(&mut model.name);
    state.models.insert(model.key(), model);
    let follow = |to: &mut To| {
        if to.is(app, old) {
            new.clone_into(&mut to.model);
        }
    };
    let (old_label, new_label) = (format!("{app}.{}", old.to_lowercase()), format!("{app}.{}", new.to_lowercase()));
    let is_old = |to: &To| to.is(app, old);
    let refers = |model: &ModelState| {
        model.bases.contains(&old_label)
            || model.fields.iter().any(|(_, field)| match &field.kind {
                Kind::ForeignKey(relation) | Kind::OneToOne(relation) => is_old(&relation.to),
                Kind::ManyToMany(many) => is_old(&many.to) || many.through.as_ref().is_some_and(is_old),
                _ => false,
            })
    };
    for model in state.models.values_mut_where(refers) {
        for base in model.bases.iter_mut().filter(|base| **base == old_label) {
            base.clone_from(&new_label);
        }
        for (_, field) in &mut model.fields {
            match &mut field.kind {
                Kind::ForeignKey(relation) | Kind::OneToOne(relation) => follow(&mut relation.to),
                Kind::ManyToMany(many) => {
                    follow(&mut many.to);
                    many.through.as_mut().map(follow);
                }
                _ => {}
            }
        }
    }
    if state.user_model.0 == app && state.user_model.1.eq_ignore_ascii_case(old) {
        new.clone_into(&mut state.user_model.1);
    }
    Ok(())
}

/// Rules that name the field follow, and keys that refer to it.
fn rename_field(state: &mut ProjectState, app: &str, model: &str, old: &str, new: &str) -> Result<(), StateError> {
    let owner = found(state, app, model)?;
    field_of(owner, old)?;
    if old != new && owner.field(new).is_some() {
        return Err(StateError::new(format!("`{}` has a field `{new}` already", owner.label())));
    }
    for (name, field) in &mut owner.fields {
        if name == old {
            new.clone_into(name);
        }
        if let Kind::CompositePrimaryKey { fields } = &mut field.kind {
            fields.iter_mut().filter(|name| *name == old).for_each(|name| new.clone_into(name));
        }
    }
    for rule in &mut owner.options.unique_together {
        rule.iter_mut().filter(|name| *name == old).for_each(|name| new.clone_into(name));
    }
    let refers = |other: &ModelState| {
        other.fields.iter().any(|(_, field)| match &field.kind {
            Kind::ForeignKey(relation) | Kind::OneToOne(relation) => {
                relation.to.is(app, model) && relation.to_field.as_deref() == Some(old)
            }
            Kind::ManyToMany(many) => many.through.as_ref().is_some_and(|through| through.is(app, model)),
            _ => false,
        })
    };
    for other in state.models.values_mut_where(refers) {
        for (_, field) in &mut other.fields {
            match &mut field.kind {
                Kind::ForeignKey(relation) | Kind::OneToOne(relation)
                    if relation.to.is(app, model) && relation.to_field.as_deref() == Some(old) =>
                {
                    relation.to_field = Some(new.to_owned());
                }
                Kind::ManyToMany(many) if many.through.as_ref().is_some_and(|through| through.is(app, model)) => {
                    if let Some((here, there)) = &mut many.through_fields {
                        [here, there].into_iter().filter(|name| *name == old).for_each(|name| new.clone_into(name));
                    }
                }
                _ => {}
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::operation::Operation;
    use crate::operation::words::*;
    use crate::schema::ProjectState;
    use crate::schema::words::*;

    fn state(operations: &[Operation]) -> ProjectState {
        let mut state = ProjectState::new("auth.User");
        operations.iter().for_each(|operation| operation.apply("lab", &mut state).expect("it applies"));
        state
    }

    fn model(name: &str) -> Operation {
        create_model(name, vec![("id", big_auto().primary_key()), ("title", text()), ("body", text())], options())
    }

    #[test]
    fn nothing_is_renamed_onto_what_is_there() {
        let before = state(&[model("Note"), model("Tag")]);
        for operation in [rename_model("Note", "Tag"), rename_field("note", "title", "body")] {
            let mut after = before.clone();
            let error = operation.apply("lab", &mut after).expect_err("it is refused");
            assert!(error.message.contains("already"), "{error}");
            assert_eq!(after, before);
        }
    }

    #[test]
    fn the_children_of_a_renamed_model_follow() {
        let child = create_model("Long", vec![("pages", integer())], options()).bases(&["lab.Note"]);
        let after = state(&[model("Note"), child, rename_model("Note", "Memo")]);
        assert_eq!(after.model("lab", "Long").map(|long| long.bases.clone()), Some(vec!["lab.memo".to_owned()]));
    }
}
