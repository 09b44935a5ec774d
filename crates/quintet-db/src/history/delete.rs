//! Deletes a row with what refers to it. The rule of a relation is ours to apply, not the database's.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use quintet_core::schema::{OnDelete, Value};

use super::joins;
use super::model::HistoricalModel;
use super::row::HistoricalRow;
use crate::database::Db;
use crate::error::{Error, ErrorKind, Result};

/// What is still to be done with a row. One list of it for all: rows may refer to each other in chains of any length.
enum Todo {
    /// What refers to it, before it goes itself.
    Follow(HistoricalModel, HistoricalRow),
    /// Nothing refers to it any more.
    Remove(HistoricalModel, HistoricalRow),
}

/// All of it happens, or nothing.
pub(super) async fn delete(db: Db<'_>, model: &HistoricalModel, row: &HistoricalRow) -> Result<()> {
    let transaction = db.transaction().await?;
    let db = Db::from(&transaction);
    let mut todo = vec![Todo::Follow(model.clone(), row.clone())];
    // Model and primary key, in words, as values have no order.
    let mut seen: HashSet<(String, String)> = HashSet::new();
    let mut known: HashMap<String, Vec<Reference>> = HashMap::new();
    while let Some(next) = todo.pop() {
        match next {
            Todo::Follow(model, row) => {
                let label = model.model.label();
                if !seen.insert((label.clone(), format!("{:?}", row.pk()))) {
                    continue;
                }
                let references = match known.entry(label) {
                    Entry::Occupied(found) => found.into_mut(),
                    Entry::Vacant(free) => free.insert(references(&model)?),
                };
                let mut going = vec![];
                for reference in references.iter() {
                    going.extend(follow(db, &model, &row, reference).await?);
                }
                todo.push(Todo::Remove(model, row));
                todo.extend(going.into_iter().rev());
            }
            Todo::Remove(model, row) => {
                model.delete_alone(db, &row).await?;
                todo.extend(parents(db, &model, &row).await?);
            }
        }
    }
    transaction.commit().await
}

/// A key of another model, or of the same, that refers to a model.
struct Reference {
    model: HistoricalModel,
    key: String,
    on_delete: OnDelete,
    /// The field that it refers to.
    field: String,
}

fn references(model: &HistoricalModel) -> Result<Vec<Reference>> {
    let state = &model.state;
    let mut found = vec![];
    let others = state.models.values().filter(|other| !other.options.proxy).cloned();
    for other in others.chain(joins(state)) {
        for (key, field) in &other.fields {
            let Some(relation) = field.relation() else { continue };
            let Some((owner, field, _)) = state.referred(relation) else { continue };
            if state.concrete(owner).key() != model.model.key() || relation.on_delete == OnDelete::DoNothing {
                continue;
            }
            found.push(Reference {
                model: HistoricalModel::new(Arc::clone(state), model.dialect, &other)?,
                key: key.clone(),
                on_delete: relation.on_delete.clone(),
                field: field.to_owned(),
            });
        }
    }
    Ok(found)
}

/// What happens to the rows whose key refers to the row; gives those that go with it.
async fn follow(db: Db<'_>, model: &HistoricalModel, row: &HistoricalRow, reference: &Reference) -> Result<Vec<Todo>> {
    let Reference { model: other, key, on_delete, field } = reference;
    let value = row.get(field)?.clone();
    let mut going = vec![];
    if value == Value::Null {
        return Ok(going);
    }
    for mut found in other.filter(db, &[(key, value)]).await? {
        let instead = match on_delete {
            OnDelete::Cascade => {
                going.push(Todo::Follow(other.clone(), found));
                continue;
            }
            OnDelete::Protect | OnDelete::Restrict => {
                let message = format!(
                    "the row {:?} of `{}` cannot be deleted: `{}.{key}` of the row {:?} refers to it",
                    row.pk(),
                    model.model.label(),
                    other.model.label(),
                    found.pk()
                );
                return Err(Error::new(ErrorKind::ForeignKey, message).with_hint("delete or change that row before"));
            }
            OnDelete::SetNull => Value::Null,
            OnDelete::Set(value) => value.clone(),
            OnDelete::SetWith(function) => function.call(),
            OnDelete::SetDefault => match &other.column(other.place(key)?).field.default {
                Some(quintet_core::schema::Initial::Value(value)) => value.clone(),
                Some(quintet_core::schema::Initial::Function(function)) => function.call(),
                None => Value::Null,
            },
            OnDelete::DoNothing => continue,
        };
        found.set(key, instead)?;
        other.save(db, &found).await?;
    }
    Ok(going)
}

/// A child's row goes with that of its parent.
async fn parents(db: Db<'_>, model: &HistoricalModel, row: &HistoricalRow) -> Result<Vec<Todo>> {
    let mut going = vec![];
    for (name, field) in &model.model.fields {
        let Some(relation) = field.relation().filter(|relation| relation.parent_link) else { continue };
        let Some(parent) = model.state.target(&relation.to) else { continue };
        let parent = HistoricalModel::new(Arc::clone(&model.state), model.dialect, parent)?;
        let value = row.get(name)?.clone();
        for found in parent.filter(db, &[("pk", value)]).await? {
            going.push(Todo::Follow(parent.clone(), found));
        }
    }
    Ok(going)
}
