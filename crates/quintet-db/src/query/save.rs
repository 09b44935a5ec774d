//! Rows that are there as structs: written, read again, changed in parts.

use quintet_core::query::{
    Assign, Column, Condition, Expr, Insert, ModelId, ModelInfo, Query, QueryError, Registry, Statement, Step,
};
use quintet_core::schema::{Kind, Value};
use quintet_core::sql::Dialect;

use super::ask;
use super::assign::Assignment;
use super::made::automatic;
use super::read::{Layout, Reader};
use super::singles::{Singles, Verb};
use crate::database::{Boxed, Db};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Instance, Slot};
use crate::models::Models;
use crate::rows::Cell;

/// How a row is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How<'f> {
    /// Changed where it is there, else made.
    Either,
    /// The same, where only these columns are another than when it was read, as far as is known.
    Changed(&'f [String]),
    /// Made.
    Insert,
    /// These columns are changed, and the row has to be there.
    Only(&'f [String]),
}

/// Writes some fields of a row that is there.
pub(crate) fn save_only<'a>(db: Db<'a>, row: &'a mut dyn Instance, fields: Vec<String>) -> Boxed<'a, Result<()>> {
    Box::pin(async move {
        let registry = db.registry()?;
        let info = registry.model(concrete(registry, row)?);
        let mut only = vec![];
        for field in &fields {
            let column = info.place(field).map(|place| (&info.columns[place], info.key.contains(&place)));
            match column {
                Some((_, true)) => {
                    return Err(QueryError::usage("a primary key is not changed: it says which row is meant").into());
                }
                Some((column, _)) if matches!(column.field.kind, Kind::Generated { .. }) => {
                    let message = format!("`{}.{field}` is computed by the database", info.label());
                    return Err(QueryError::usage(message).into());
                }
                Some((column, _)) => only.push(column.name.clone()),
                None => return Err(QueryError::name(format!("`{}` has no field `{field}`", info.label())).into()),
            }
        }
        if only.is_empty() {
            return Ok(());
        }
        save(db, row, How::Only(&only)).await.map(drop)
    })
}

/// Writes a row; gives whether it is new.
pub(crate) fn save<'a>(db: Db<'a>, row: &'a mut dyn Instance, how: How<'a>) -> Boxed<'a, Result<bool>> {
    Box::pin(async move {
        let db = db.routed(row.model(), true)?;
        let models = db.models()?;
        let (registry, receivers) = (models.registry(), models.receivers());
        let model = concrete(registry, row)?;
        if receivers.hear_saves(row.model()) {
            return db.atomic(async move |tx| told(tx.into(), models, row, model, how).await).await;
        }
        if registry.model(model).parents.is_empty() {
            return level(db, registry, row, model, how).await.map(|written| written.0);
        }
        // The rows of several tables are one row.
        db.atomic(async move |tx| Ok(level(tx.into(), registry, row, model, how).await?.0)).await
    })
}

/// The same where others are told of it.
async fn told(db: Db<'_>, models: &Models, row: &mut dyn Instance, model: ModelId, how: How<'_>) -> Result<bool> {
    let (registry, receivers, name) = (models.registry(), models.receivers(), row.model());
    let info = registry.model(model);
    let own: Vec<&str> =
        info.columns.iter().filter(|column| column.owner == model).map(|column| column.name.as_str()).collect();
    let before: Vec<Assign> = {
        let mut slots: Vec<&dyn Slot> = vec![];
        row.slots(&mut slots);
        slots.retain(|slot| slot.has_column());
        let assign = |(name, slot): (&&str, &&dyn Slot)| Assign {
            field: (*name).to_owned().into(),
            value: Expr::Value(slot.value()),
        };
        own.iter().zip(&slots).map(assign).collect()
    };
    let mut values = before.clone();
    receivers.pre_save(db, name, &mut values).await?;
    {
        let mut slots: Vec<&mut dyn Slot> = vec![];
        row.slots_mut(&mut slots);
        slots.retain(|slot| slot.has_column());
        for Assign { field, value } in values.into_iter().filter(|value| !before.contains(value)) {
            let at = own.iter().position(|own| *own == field);
            match (at.and_then(|at| slots.get_mut(at)), value) {
                (Some(slot), Expr::Value(value)) => slot.set(ask::cell_of(value))?,
                (Some(_), _) => {
                    let message = format!("a receiver sets `{field}` of a row to a value, not to what is computed");
                    return Err(QueryError::usage(message).into());
                }
                (None, _) => {
                    let message = format!("`{}` has no column `{field}` of its own", info.label());
                    return Err(QueryError::name(message).into());
                }
            }
        }
    }
    let is_new = level(db, registry, row, model, how).await?.0;
    receivers.post_save(db, name, row.as_any(), is_new).await?;
    Ok(is_new)
}

pub(super) fn concrete(registry: &Registry, row: &dyn Instance) -> Result<ModelId> {
    let (app, name) = row.model();
    let found = registry.find(app, name).map(|model| registry.model(model).concrete);
    found.ok_or_else(|| {
        Error::new(ErrorKind::Other, format!("`{app}.{name}` is no model of this database"))
            .with_hint("name its app in `installed_apps`")
    })
}

/// Writes the row's part in the table of a model, its parents' parts before. Gives whether it is new, and its key.
fn level<'a>(
    db: Db<'a>,
    registry: &'a Registry,
    row: &'a mut dyn Instance,
    model: ModelId,
    how: How<'a>,
) -> Boxed<'a, Result<(bool, Cell)>> {
    Box::pin(async move {
        let info = registry.model(model);
        let mut slots: Vec<&mut dyn Slot> = Vec::with_capacity(info.columns.len());
        row.slots_mut(&mut slots);
        let mut parent_is_new = false;
        for slot in &mut slots {
            if let Some(parent) = slot.parent_mut() {
                let target = concrete(registry, parent)?;
                let (is_new, key) = level(db, registry, parent, target, how).await?;
                parent_is_new |= is_new;
                slot.set(key)?;
            }
        }
        let many: Vec<_> = slots.extract_if(.., |slot| !slot.has_column()).collect();
        let mut own = Vec::with_capacity(info.columns.len());
        own.extend((0..info.columns.len()).filter(|place| info.columns[*place].owner == model));
        let key: Vec<usize> =
            own.iter().enumerate().filter(|(_, it)| info.key.contains(it)).map(|(at, _)| at).collect();
        let is_keyless = key.iter().any(|at| slots.get(*at).is_none_or(|slot| slot.is_unset()));
        let mut is_new = true;
        if let How::Only(_) = how {
            is_new = false;
            let is_there = update(db, info, &own, &key, &mut slots, how).await?;
            if is_keyless || !is_there {
                let message = format!("the row of `{}` is not there any more", info.state.name);
                return Err(Error::new(ErrorKind::NotFound, message));
            }
        } else if how != How::Insert && !is_keyless && !parent_is_new {
            is_new = !update(db, info, &own, &key, &mut slots, how).await?;
        }
        if is_new {
            insert(db, info, &own, &mut slots).await?;
        }
        let values: Vec<Value> = key.iter().filter_map(|at| slots.get(*at)).map(|slot| slot.value()).collect();
        let key_cell = match values.as_slice() {
            [one] => ask::cell_of(one.clone()),
            _ => ask::cell_of(Value::List(values.clone())),
        };
        if !many.is_empty() {
            belongs_to(registry, model, key_cell.clone(), many)?;
        }
        Ok((is_new, key_cell))
    })
}

/// Fields of many know from now on whom they belong to.
fn belongs_to(registry: &Registry, model: ModelId, key: Cell, many: Vec<&mut dyn Slot>) -> Result<()> {
    let place = registry.model(model).key.first().copied();
    let layout = Layout::new(registry, model, &|column| (Some(column) == place).then_some(0));
    let mut cells = vec![key];
    let mut reader = Reader::new(&mut cells, &layout);
    many.into_iter().try_for_each(|slot| slot.load(&mut reader))
}

fn condition_of(keys: &[(&Column, Value)]) -> Condition {
    let equal = keys.iter().map(|(column, value)| {
        let path = quintet_core::query::Path::from_iter([column.name.clone(), "exact".to_owned()]);
        Condition::Lookup(path, Expr::Value(value.clone()))
    });
    Condition::And(equal.collect())
}

pub(super) fn of(info: &ModelInfo, condition: Condition) -> Query {
    let mut query = Query::of(info.state.app.clone(), info.state.name.clone());
    query.steps.push(Step::Filter(condition));
    query
}

/// Changes the row that is there, or some of its columns; gives whether it is.
async fn update(
    db: Db<'_>,
    info: &ModelInfo,
    own: &[usize],
    key: &[usize],
    slots: &mut [&mut dyn Slot],
    how: How<'_>,
) -> Result<bool> {
    let (mut given, mut automatics, mut stays) = (Vec::with_capacity(slots.len()), vec![], vec![]);
    for (at, slot) in slots.iter().enumerate() {
        let column = &info.columns[own[at]];
        let is_meant = !matches!(how, How::Only(only) if !only.contains(&column.name));
        if !is_meant || key.contains(&at) || matches!(column.field.kind, Kind::Generated { .. }) {
            given.push(None);
            continue;
        }
        let now = automatic(db, &column.field.kind, false);
        if let Some(now) = &now {
            automatics.push((at, now.clone()));
        }
        if let How::Changed(changed) = how
            && now.is_none()
            && db.dialect() == Dialect::Sqlite
            && may_stay(column)
            && !changed.iter().any(|name| *name == column.name || *name == column.attname)
        {
            stays.push(at);
        }
        given.push(Some(now.unwrap_or_else(|| slot.value())));
    }
    let keys: Vec<(&Column, Value)> = key.iter().map(|at| (&info.columns[own[*at]], slots[*at].value())).collect();
    if given.iter().all(Option::is_none) {
        let query = of(info, condition_of(&keys));
        return Ok(!db.select(&Statement::Exists(&query)).await?.rows.is_empty());
    }
    stays.retain(|at| given[*at] != Some(Value::Null));
    // Without them something has to be left to write.
    if stays.len() == given.iter().flatten().count() {
        stays.clear();
    }
    let is_done = !stays.is_empty() && changed(db, info, own, &keys, &given, &stays).await? > 0;
    if !is_done && changed(db, info, own, &keys, &given, &[]).await? == 0 {
        return Ok(false);
    }
    for (at, now) in automatics {
        slots[at].set(ask::cell_of(now))?;
    }
    computed(db, info, own, &keys, slots).await?;
    Ok(true)
}

/// Whether a column is better not written where the row has its value already: SQLite writes each index of a column that is
/// named, also where its value stays. Not one whose values may be equal and yet written in other ways.
fn may_stay(column: &Column) -> bool {
    let is_exact = match column.kind {
        Kind::Decimal { .. } | Kind::Float | Kind::Boolean | Kind::Duration | Kind::Json => false,
        Kind::Binary { .. } | Kind::Generated { .. } => false,
        // A key has the collation of what it refers to.
        Kind::Char { .. } | Kind::Text { .. } | Kind::Slug { .. } | Kind::Email { .. } | Kind::Url { .. } => {
            column.field.db_collation.is_none() && column.field.relation().is_none()
        }
        _ => true,
    };
    column.is_indexed && is_exact
}

/// Writes what each of the model's own columns is given into the row of a key; gives how many rows there were. Those that
/// stay are not written: only a row that has their values is changed.
async fn changed(
    db: Db<'_>,
    info: &ModelInfo,
    own: &[usize],
    keys: &[(&Column, Value)],
    given: &[Option<Value>],
    stays: &[usize],
) -> Result<u64> {
    let kept = db.models()?.singles(info.concrete);
    let all = keys.iter().map(|(_, value)| Some(value)).chain(given.iter().map(Option::as_ref));
    let mut found_by = Singles::key(db.dialect(), Verb::Update, all);
    if let Some(found_by) = &mut found_by {
        stays.iter().for_each(|at| found_by.extend_from_slice(&at.to_le_bytes()));
    }
    let staying = || stays.iter().filter_map(|at| given[*at].as_ref().map(|value| (&info.columns[own[*at]], value)));
    let written = || given.iter().enumerate().filter(|(at, _)| !stays.contains(at));
    if let Some(plan) = found_by.as_ref().and_then(|found_by| kept.get(found_by)) {
        let mut values = Vec::with_capacity(keys.len() + given.len());
        values.extend(keys.iter().map(|(_, value)| value).chain(staying().map(|(_, value)| value)));
        values.extend(written().filter_map(|(_, value)| value.as_ref()));
        return db.run_bound(&plan, &values).await;
    }
    let mut conditions = keys.to_vec();
    conditions.extend(staying().map(|(column, value)| (column, value.clone())));
    let query = of(info, condition_of(&conditions));
    let assign = |(at, value): (usize, &Option<Value>)| {
        let field = info.columns[own[at]].name.clone().into();
        Some(Assign { field, value: Expr::Value(value.clone()?) })
    };
    let assigned: Vec<Assign> = written().filter_map(assign).collect();
    // Boxed, as all that is large and seldom.
    let (count, plan) = Box::pin(db.run_kept(&Statement::Update(&query, &assigned))).await?;
    if let (Some(found_by), Some(plan)) = (found_by, plan) {
        kept.put(found_by, plan);
    }
    Ok(count)
}

/// Reads again what the database computes.
async fn computed(
    db: Db<'_>,
    info: &ModelInfo,
    own: &[usize],
    keys: &[(&Column, Value)],
    slots: &mut [&mut dyn Slot],
) -> Result<()> {
    let generated = |at: &usize| matches!(info.columns[own[*at]].field.kind, Kind::Generated { .. });
    let generated: Vec<usize> = (0..slots.len()).filter(generated).collect();
    if generated.is_empty() {
        return Ok(());
    }
    let mut query = of(info, condition_of(keys));
    let value = |at: &usize| {
        let name = info.columns[own[*at]].name.clone();
        (name.clone().into(), Expr::F(quintet_core::query::Path::from_iter([name])))
    };
    query.steps.push(Step::Values(generated.iter().map(value).collect()));
    let rows = db.select(&Statement::Select(&query)).await?.rows;
    for (number, at) in generated.iter().enumerate() {
        slots[*at].set(rows.cell(0, number).cloned().unwrap_or_default())?;
    }
    Ok(())
}

/// Makes the row, and takes what the database gave it.
async fn insert(db: Db<'_>, info: &ModelInfo, own: &[usize], slots: &mut [&mut dyn Slot]) -> Result<()> {
    let mut insert = Insert {
        model: (info.state.app.clone().into(), info.state.name.clone().into()),
        fields: vec![],
        rows: vec![vec![]],
        conflict: None,
        returning: vec![],
    };
    let mut back = vec![];
    for (at, slot) in slots.iter_mut().enumerate() {
        let column = &info.columns[own[at]];
        if slot.is_unset() || matches!(column.field.kind, Kind::Generated { .. }) {
            insert.returning.push(column.name.clone().into());
            back.push(at);
            continue;
        }
        if let Some(now) = automatic(db, &column.field.kind, true) {
            slot.set(ask::cell_of(now))?;
        }
        insert.fields.push(column.name.clone().into());
        insert.rows[0].push(Expr::Value(slot.value()));
    }
    let rows = db.insert(&insert).await?.rows;
    for (number, at) in back.iter().enumerate() {
        slots[*at].set(rows.cell(0, number).cloned().unwrap_or_default())?;
    }
    Ok(())
}

/// Reads a row again.
pub(crate) fn refresh<'a>(db: Db<'a>, row: &'a mut dyn Instance, key: Value) -> Boxed<'a, Result<()>> {
    Box::pin(async move {
        let (app, name) = row.model();
        let mut query = Query::of(app, name);
        query.steps.push(Step::Filter(ask::has_key(key)));
        let mut answer = ask::one(db, ask::Asked { query, wrong: None, prefetch: vec![] }).await?;
        let plan = answer.plan;
        let (Some(cells), Some(layout)) = (answer.rows.iter_mut().next(), &plan.rows) else { return Ok(()) };
        load(row, &mut Reader::new(cells, layout))
    })
}

fn load(row: &mut dyn Instance, reader: &mut Reader<'_>) -> Result<()> {
    let mut slots: Vec<&mut dyn Slot> = vec![];
    row.slots_mut(&mut slots);
    slots.into_iter().try_for_each(|slot| slot.load(reader))
}

/// Changes fields of a row, in the database and in the struct.
pub(crate) fn change<'a>(
    db: Db<'a>,
    row: &'a mut dyn Instance,
    key: Value,
    values: Vec<Assignment>,
) -> Boxed<'a, Result<()>> {
    Box::pin(async move {
        let mut values = values.into_iter().map(Assignment::into_ast).collect::<Result<Vec<_>, _>>()?;
        let registry = db.registry()?;
        let (app, name) = row.model();
        let model = concrete(registry, row)?;
        let mut query = Query::of(app, name);
        query.steps.push(Step::Filter(ask::has_key(key.clone())));
        for column in &registry.model(model).columns {
            let is_said = values.iter().any(|value| value.field == column.name || value.field == column.attname);
            if let Some(now) = automatic(db, &column.field.kind, false).filter(|_| !is_said) {
                values.push(Assign { field: column.name.clone().into(), value: Expr::Value(now) });
            }
        }
        if values.is_empty() {
            return Ok(());
        }
        if db.run(&Statement::Update(&query, &values)).await? == 0 {
            return Err(Error::new(ErrorKind::NotFound, format!("the row of `{name}` is not there any more")));
        }
        refresh(db, row, key).await
    })
}
