//! Deletes a row with what refers to it. The rule of a relation is ours to apply, not the database's.

use quintet_core::schema::{ModelState, OnDelete, Value};

use super::joins;
use super::model::HistoricalModel;
use super::row::HistoricalRow;
use crate::database::{Boxed, Db};
use crate::error::{Error, ErrorKind, Result};

type Seen = Vec<(String, Value)>;

/// All of it happens, or nothing.
pub(super) async fn delete(db: Db<'_>, model: &HistoricalModel, row: &HistoricalRow) -> Result<()> {
    let transaction = db.transaction().await?;
    go(Db::from(&transaction), model, row, &mut vec![]).await?;
    transaction.commit().await
}

fn go<'a>(db: Db<'a>, model: &'a HistoricalModel, row: &'a HistoricalRow, seen: &'a mut Seen) -> Boxed<'a, Result<()>> {
    Box::pin(async move {
        let this = (model.model.label(), row.pk());
        if seen.contains(&this) {
            return Ok(());
        }
        seen.push(this);
        let state = &model.state;
        let others: Vec<ModelState> = state.models.values().filter(|other| !other.options.proxy).cloned().collect();
        for other in others.into_iter().chain(joins(state)) {
            let keys: Vec<String> = other.fields.iter().map(|(name, _)| name.clone()).collect();
            for key in keys {
                follow(db, model, row, &other, &key, seen).await?;
            }
        }
        model.delete_alone(db, row).await?;
        parents(db, model, row, seen).await
    })
}

/// What happens to the rows of another model whose key refers to the row.
async fn follow(
    db: Db<'_>,
    model: &HistoricalModel,
    row: &HistoricalRow,
    other: &ModelState,
    key: &str,
    seen: &mut Seen,
) -> Result<()> {
    let state = &model.state;
    let Some(relation) = other.field(key).and_then(|field| field.relation()) else { return Ok(()) };
    let Some((owner, field, _)) = state.referred(relation) else { return Ok(()) };
    if state.concrete(owner).key() != model.model.key() || relation.on_delete == OnDelete::DoNothing {
        return Ok(());
    }
    let other = HistoricalModel::new(std::sync::Arc::clone(state), model.dialect, other)?;
    let value = row.get(field)?.clone();
    if value == Value::Null {
        return Ok(());
    }
    for found in other.filter(db, &[(key, value)]).await? {
        let instead = match &relation.on_delete {
            OnDelete::Cascade => {
                go(db, &other, &found, seen).await?;
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
        let mut found = found;
        found.set(key, instead)?;
        other.save(db, &found).await?;
    }
    Ok(())
}

/// A child's row goes with that of its parent.
async fn parents(db: Db<'_>, model: &HistoricalModel, row: &HistoricalRow, seen: &mut Seen) -> Result<()> {
    for (name, field) in &model.model.fields {
        let Some(relation) = field.relation().filter(|relation| relation.parent_link) else { continue };
        let Some(parent) = model.state.target(&relation.to) else { continue };
        let parent = HistoricalModel::new(std::sync::Arc::clone(&model.state), model.dialect, parent)?;
        let value = row.get(name)?.clone();
        for found in parent.filter(db, &[("pk", value)]).await? {
            go(db, &parent, &found, seen).await?;
        }
    }
    Ok(())
}
