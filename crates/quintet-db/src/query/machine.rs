//! Rows without the type of their model, for what writes and reads those of any: a field by its name, the rows of a
//! many-to-many field, a struct out of cells.

use std::sync::Arc;

use quintet_core::query::{Expr, Registry, Statement};
use quintet_core::rest::ValueRef;
use quintet_core::schema::Value;

use super::ask;
use super::belong::{self, Deed};
use super::clean::{self, ValidationErrors};
use super::read::{Layout, Reader};
use super::related::{LinkName, Origin};
use super::running::Running;
use super::save::{self, How};
use super::untyped::{Untyped, field_value};
use crate::database::Db;
use crate::error::{Error, Result};
use crate::model::{Instance, Model, Slot};
use crate::rows::Cell;
use crate::run::Fetched;

/// A value as a driver would have given it.
impl From<Value> for Cell {
    fn from(value: Value) -> Self {
        ask::cell_of(value)
    }
}

/// A cell, looked at.
impl<'a> From<&'a Cell> for ValueRef<'a> {
    fn from(cell: &'a Cell) -> Self {
        match cell {
            Cell::Null => Self::Null,
            Cell::Bool(yes) => Self::Bool(*yes),
            Cell::Int(number) => Self::Int(*number),
            Cell::Float(number) => Self::Float(*number),
            Cell::Text(text) => Self::Text(text),
            Cell::Bytes(bytes) => Self::Bytes(bytes),
            Cell::Date(days) => Self::Date(*days),
            Cell::Time(microseconds) => Self::Time(*microseconds),
            Cell::DateTime(microseconds) => Self::DateTime(*microseconds),
            Cell::Duration(microseconds) => Self::Duration(*microseconds),
            Cell::Uuid(number) => Self::Uuid(*number),
            Cell::Decimal(text) => Self::Decimal(text),
            Cell::Json(text) => Self::Json(text),
            Cell::List(cells) => Self::List(cells.iter().map(Self::from).collect()),
        }
    }
}

/// Whether a condition of a model's options is true of values that are in no row yet.
///
/// # Errors
/// There is no such model, or the database refuses.
pub async fn holds(
    db: Db<'_>,
    (app, name): (&str, &str),
    condition: &quintet_core::schema::Condition,
    values: Vec<(String, Value)>,
) -> Result<bool> {
    let registry = db.registry()?;
    let model = registry.find(app, name).ok_or_else(|| Error::other(format!("`{app}.{name}` is no model here")))?;
    clean::holds(db, registry, registry.model(model), condition, values).await
}

/// What somebody typed for a field of a model: the value, and what is wrong with it in the words of `full_clean`. Whether
/// another row has it already is not looked at.
///
/// # Errors
/// There is no such model or field, or the database refuses.
pub async fn typed_value(
    db: Db<'_>,
    (app, name): (&str, &str),
    field: &str,
    text: &str,
) -> Result<(Value, ValidationErrors)> {
    let registry = db.registry()?;
    let model = registry.find(app, name).ok_or_else(|| Error::other(format!("`{app}.{name}` is no model here")))?;
    clean::typed(db, registry, registry.model(model), field, text).await
}

impl Untyped {
    /// The rows as the driver has them.
    ///
    /// # Errors
    /// What is wrong with the query, or the database.
    pub async fn fetch(&self, db: Db<'_>) -> Result<Fetched> {
        if let Some(wrong) = &self.wrong {
            return Err(wrong.clone().into());
        }
        db.select(&Statement::Select(&self.query)).await
    }

    /// Whether rows of other models come along by queries of their own.
    pub fn has_prefetched(&self) -> bool {
        !self.prefetch.is_empty()
    }
}

/// Where each column of a model stands among cells: `find` tells it by the column's place in the registry.
///
/// # Errors
/// The registry has no such model.
pub fn layout<M: Model>(registry: &Registry, find: &dyn Fn(usize) -> Option<usize>) -> Result<Layout> {
    let model = registry.find(M::APP_LABEL, M::DEF.name);
    let model = model.ok_or_else(|| Error::other(format!("`{}.{}` is no model here", M::APP_LABEL, M::DEF.name)))?;
    Ok(Layout::new(registry, model, find))
}

/// A struct out of cells.
///
/// # Errors
/// A cell does not fit its field.
pub fn row_of<M: Model>(cells: &mut [Cell], layout: &Layout) -> Result<M> {
    M::read(&mut Reader::new(cells, layout))
}

/// Gives a row other values of fields, by the fields' names or those of their values; its parents' too. Nothing is
/// written yet.
///
/// # Errors
/// There is no such field, or a value does not fit it.
pub fn set_fields(registry: &Registry, row: &mut dyn Instance, values: Vec<(String, Value)>) -> Result<()> {
    let left = assign(registry, row, values)?;
    match left.first() {
        None => Ok(()),
        Some((name, _)) => Err(Error::other(format!("`{}` has no field `{name}` that could be set", row.model().1))),
    }
}

/// Gives a row that was read other values of fields, and writes it: all of it, as [`Stored::save`](super::Stored::save) does.
///
/// # Errors
/// As [`set_fields`]; what the database refuses.
pub async fn save_with(db: Db<'_>, row: &mut dyn Instance, values: Vec<(String, Value)>) -> Result<()> {
    let registry = db.registry()?;
    let named = |(name, value): &(String, Value)| {
        let is_other = field_value(registry, row, name).as_ref() != Some(value);
        is_other.then(|| name.clone())
    };
    let changed: Vec<String> = values.iter().filter_map(named).collect();
    set_fields(registry, row, values)?;
    save::save(db, row, How::Changed(&changed)).await.map(drop)
}

/// Sets what there is here and with the parents; gives back the others.
fn assign(registry: &Registry, row: &mut dyn Instance, values: Vec<(String, Value)>) -> Result<Vec<(String, Value)>> {
    let model = save::concrete(registry, row)?;
    let info = registry.model(model);
    let own = || info.columns.iter().filter(|column| column.owner == model);
    let mut slots: Vec<&mut dyn Slot> = Vec::with_capacity(info.columns.len());
    row.slots_mut(&mut slots);
    slots.retain(|slot| slot.has_column());
    let mut left = vec![];
    for (name, value) in values {
        let at = own().position(|column| column.name == name || column.attname == name);
        match at.and_then(|at| slots.get_mut(at)) {
            Some(slot) => slot.set(value.into())?,
            None => left.push((name, value)),
        }
    }
    for slot in slots {
        if left.is_empty() {
            break;
        }
        if let Some(parent) = slot.parent_mut() {
            left = assign(registry, parent, left)?;
        }
    }
    Ok(left)
}

/// These rows, named by their keys, belong to a row by a relation of many, and no others: a many-to-many field, or the
/// other side of a relation, by the name of its accessor.
///
/// # Errors
/// There is no such relation.
pub fn set_many<'a>(
    db: Db<'a>,
    (app, name): (&str, &str),
    relation: &str,
    owner: Value,
    keys: Vec<Value>,
) -> Result<Running<'a, ()>> {
    let registry = db.registry()?;
    let wrong = || Error::other(format!("`{app}.{name}` has no relation of many `{relation}`"));
    let model = registry.find(app, name).ok_or_else(wrong)?;
    let info = registry.model(model);
    let link = info.links.values().find(|link| link.accessor.as_deref() == Some(relation) && link.is_many);
    let link = link.ok_or_else(wrong)?;
    let is_own = info.state.field(relation).is_some_and(|field| field.kind.many_to_many().is_some());
    let origin = if is_own {
        Origin::new(Arc::new(LinkName::forwards(registry, model, relation)), owner)
    } else {
        Origin::new(Arc::new(LinkName::backwards(registry, link).ok_or_else(wrong)?), owner)
    };
    let keys = keys.into_iter().map(Expr::Value).collect();
    Ok(Running::then(belong::change(db, origin, Deed::Set, keys, vec![]), Ok))
}
