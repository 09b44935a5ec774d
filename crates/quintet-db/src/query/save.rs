//! Rows that are there as structs: written, read again, changed in parts.

use quintet_core::query::{
    Assign, Condition, Expr, Insert, ModelId, ModelInfo, Query, QueryError, Registry, Statement, Step,
};
use quintet_core::schema::{Kind, Value};

use super::ask;
use super::assign::Assignment;
use super::made::automatic;
use super::read::{Layout, Reader};
use crate::database::{Boxed, Db};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Instance, Slot};
use crate::models::Models;
use crate::rows::{Cell, Rows};

/// How a row is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How<'f> {
    /// Changed where it is there, else made.
    Either,
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
        let mut slots: Vec<&mut dyn Slot> = vec![];
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
        let (mut with_column, mut many): (Vec<_>, Vec<_>) = slots.into_iter().partition(|slot| slot.has_column());
        let own: Vec<usize> = (0..info.columns.len()).filter(|place| info.columns[*place].owner == model).collect();
        let key: Vec<usize> =
            own.iter().enumerate().filter(|(_, it)| info.key.contains(it)).map(|(at, _)| at).collect();
        let is_keyless = key.iter().any(|at| with_column.get(*at).is_none_or(|slot| slot.is_unset()));
        let mut is_new = true;
        if let How::Only(only) = how {
            is_new = false;
            let is_there = update(db, info, &own, &key, &mut with_column, Some(only)).await?;
            if is_keyless || !is_there {
                let message = format!("the row of `{}` is not there any more", info.state.name);
                return Err(Error::new(ErrorKind::NotFound, message));
            }
        } else if how == How::Either && !is_keyless && !parent_is_new {
            is_new = !update(db, info, &own, &key, &mut with_column, None).await?;
        }
        if is_new {
            insert(db, info, &own, &mut with_column).await?;
        }
        let values: Vec<Value> = key.iter().filter_map(|at| with_column.get(*at)).map(|slot| slot.value()).collect();
        let key_cell = match values.as_slice() {
            [one] => ask::cell_of(one.clone()),
            _ => ask::cell_of(Value::List(values.clone())),
        };
        // Fields of many know from now on whom they belong to.
        let key_place = info.key.first().copied();
        let layout = Layout::new(registry, model, &|place| (Some(place) == key_place).then_some(0));
        let mut cells = vec![key_cell.clone()];
        let mut reader = Reader::new(&mut cells, &layout);
        for slot in &mut many {
            slot.load(&mut reader)?;
        }
        Ok((is_new, key_cell))
    })
}

fn condition_of(info: &ModelInfo, own: &[usize], key: &[usize], slots: &[&mut dyn Slot]) -> Condition {
    let equal = key.iter().map(|at| {
        let path = quintet_core::query::Path::from_iter([info.columns[own[*at]].name.clone(), "exact".to_owned()]);
        Condition::Lookup(path, Expr::Value(slots[*at].value()))
    });
    Condition::And(equal.collect())
}

fn of(info: &ModelInfo, condition: Condition) -> Query {
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
    only: Option<&[String]>,
) -> Result<bool> {
    let query = of(info, condition_of(info, own, key, slots));
    let (mut values, mut automatics) = (vec![], vec![]);
    for (at, slot) in slots.iter().enumerate() {
        let column = &info.columns[own[at]];
        let is_meant = only.is_none_or(|only| only.contains(&column.name));
        if !is_meant || key.contains(&at) || matches!(column.field.kind, Kind::Generated { .. }) {
            continue;
        }
        let now = automatic(&column.field, false);
        if let Some(now) = &now {
            automatics.push((at, now.clone()));
        }
        let value = now.unwrap_or_else(|| slot.value());
        values.push(Assign { field: column.name.clone().into(), value: Expr::Value(value) });
    }
    if values.is_empty() {
        return Ok(!db.select(&Statement::Exists(&query)).await?.rows.is_empty());
    }
    if db.run(&Statement::Update(&query, &values)).await? == 0 {
        return Ok(false);
    }
    for (at, now) in automatics {
        slots[at].set(ask::cell_of(now))?;
    }
    computed(db, info, own, &query, slots).await?;
    Ok(true)
}

/// Reads again what the database computes.
async fn computed(
    db: Db<'_>,
    info: &ModelInfo,
    own: &[usize],
    query: &Query,
    slots: &mut [&mut dyn Slot],
) -> Result<()> {
    let generated = |at: &usize| matches!(info.columns[own[*at]].field.kind, Kind::Generated { .. });
    let generated: Vec<usize> = (0..slots.len()).filter(generated).collect();
    if generated.is_empty() {
        return Ok(());
    }
    let mut query = query.clone();
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
        if let Some(now) = automatic(&column.field, true) {
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
            if let Some(now) = automatic(&column.field, false).filter(|_| !is_said) {
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

/// Many rows at once: how, and what is done about rows that are there.
#[derive(Clone, Debug, Default)]
#[must_use = "options are given to `bulk_create_with`"]
pub struct Bulk {
    at_once: Option<usize>,
    conflict: Option<quintet_core::query::Conflict>,
}

impl Bulk {
    /// At most so many rows in one statement.
    pub fn batch_size(mut self, rows: usize) -> Self {
        self.at_once = Some(rows.max(1));
        self
    }

    /// Rows that meet one that is there are left out.
    pub fn ignore_conflicts(mut self) -> Self {
        self.conflict = Some(quintet_core::query::Conflict::Ignore);
        self
    }

    /// A row that is there, being equal in the first fields, gets the others.
    pub fn update_conflicts(mut self, unique: &[&str], fields: &[&str]) -> Self {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned().into()).collect();
        self.conflict = Some(quintet_core::query::Conflict::Update { unique: names(unique), fields: names(fields) });
        self
    }
}

/// Makes many rows with few statements; no signals, no rows of parents.
pub(crate) fn bulk_create<'a>(db: Db<'a>, rows: Vec<&'a mut dyn Instance>, how: Bulk) -> Boxed<'a, Result<()>> {
    Box::pin(async move {
        let Some(first) = rows.first() else { return Ok(()) };
        let db = db.routed(first.model(), true)?;
        let registry = db.registry()?;
        let model = concrete(registry, &**first)?;
        let info = registry.model(model);
        if !info.parents.is_empty() {
            let message =
                format!("rows of `{}` are in several tables, so that they cannot be made at once", info.state.name);
            return Err(QueryError::usage(message).into());
        }
        let mut rows = rows;
        let (mut keyed, mut keyless): (Vec<Vec<_>>, Vec<Vec<_>>) = rows
            .iter_mut()
            .map(|row| {
                let mut slots: Vec<&mut dyn Slot> = vec![];
                row.slots_mut(&mut slots);
                slots.retain(|slot| slot.has_column());
                slots
            })
            .partition(|slots| !slots.iter().any(|slot| slot.is_unset()));
        db.atomic(async |tx| {
            for group in [&mut keyed, &mut keyless] {
                let at_once = batch(db, group.first().map_or(1, Vec::len), how.at_once);
                for rows in group.chunks_mut(at_once) {
                    batch_of(tx.into(), info, rows, how.conflict.clone()).await?;
                }
            }
            Ok(())
        })
        .await
    })
}

/// Neither database takes more parameters in a statement than this.
fn batch(db: Db<'_>, columns: usize, wanted: Option<usize>) -> usize {
    let most = match db.dialect() {
        quintet_core::sql::Dialect::Sqlite => 999 / columns.max(1),
        quintet_core::sql::Dialect::Postgres => 60_000 / columns.max(1),
    };
    wanted.map_or(most, |wanted| wanted.min(most)).max(1)
}

async fn batch_of(
    db: Db<'_>,
    info: &ModelInfo,
    rows: &mut [Vec<&mut dyn Slot>],
    conflict: Option<quintet_core::query::Conflict>,
) -> Result<()> {
    let mut insert = Insert {
        model: (info.state.app.clone().into(), info.state.name.clone().into()),
        fields: vec![],
        rows: vec![],
        // Rows that are left out give nothing back, so that nobody could tell whose key is whose.
        returning: vec![],
        conflict,
    };
    let gives_back = insert.conflict != Some(quintet_core::query::Conflict::Ignore);
    let mut back = vec![];
    for (number, slots) in rows.iter_mut().enumerate() {
        let mut values = vec![];
        for (at, slot) in slots.iter_mut().enumerate() {
            let column = &info.columns[at];
            if slot.is_unset() || matches!(column.field.kind, Kind::Generated { .. }) {
                if number == 0 && gives_back {
                    insert.returning.push(column.name.clone().into());
                    back.push(at);
                }
                continue;
            }
            if let Some(now) = automatic(&column.field, true) {
                slot.set(ask::cell_of(now))?;
            }
            if number == 0 {
                insert.fields.push(column.name.clone().into());
            }
            values.push(Expr::Value(slot.value()));
        }
        insert.rows.push(values);
    }
    let given: Rows = db.insert(&insert).await?.rows;
    for (row, slots) in rows.iter_mut().enumerate() {
        for (number, at) in back.iter().enumerate() {
            if let Some(cell) = given.cell(row, number) {
                slots[*at].set(cell.clone())?;
            }
        }
    }
    Ok(())
}

/// Writes some fields of many rows with few statements: one `CASE` for each field.
pub(crate) fn bulk_update<'a>(
    db: Db<'a>,
    rows: Vec<&'a dyn Instance>,
    fields: Vec<String>,
    at_once: Option<usize>,
) -> Boxed<'a, Result<u64>> {
    Box::pin(async move {
        let Some(first) = rows.first() else { return Ok(0) };
        let db = db.routed(first.model(), true)?;
        let registry = db.registry()?;
        let info = registry.model(concrete(registry, *first)?);
        let [key] = info.key.as_slice() else {
            return Err(QueryError::usage("rows with a key of several fields are updated one by one").into());
        };
        let mut places = vec![];
        for field in &fields {
            match info.place(field) {
                Some(place) if place == *key => {
                    return Err(QueryError::usage("a primary key is not updated: it says which row is meant").into());
                }
                Some(place) if info.parents.is_empty() => places.push(place),
                Some(_) => {
                    let message = "rows in several tables are saved one by one";
                    return Err(QueryError::usage(message).into());
                }
                None => return Err(QueryError::name(format!("`{}` has no field `{field}`", info.label())).into()),
            }
        }
        let size = batch(db, 2 * places.len() + 1, at_once);
        db.atomic(async |tx| {
            let mut changed = 0;
            for rows in rows.chunks(size) {
                changed += updated(tx.into(), info, *key, &places, rows).await?;
            }
            Ok(changed)
        })
        .await
    })
}

async fn updated(db: Db<'_>, info: &ModelInfo, key: usize, places: &[usize], rows: &[&dyn Instance]) -> Result<u64> {
    let values: Vec<Vec<Value>> = rows
        .iter()
        .map(|row| {
            let mut slots: Vec<&dyn Slot> = vec![];
            row.slots(&mut slots);
            slots.retain(|slot| slot.has_column());
            slots.into_iter().map(|slot| slot.value()).collect()
        })
        .collect();
    let is_key = |value: &Value| ask::has_key(value.clone());
    let assigns: Vec<Assign> = places
        .iter()
        .map(|place| {
            let kind = info.columns[*place].kind.clone();
            let cases = values
                .iter()
                .map(|row| {
                    (is_key(&row[key]), Expr::As(Box::new(Expr::Value(row[*place].clone())), Box::new(kind.clone())))
                })
                .collect();
            let case = Expr::Case(Box::new(quintet_core::query::Case { cases, default: None }));
            // The type of what comes out of the cases must be that of the column.
            let value = match db.dialect() {
                quintet_core::sql::Dialect::Postgres => Expr::Cast(Box::new(case), Box::new(kind)),
                quintet_core::sql::Dialect::Sqlite => case,
            };
            Assign { field: info.columns[*place].name.clone().into(), value }
        })
        .collect();
    let keys = values.iter().map(|row| Expr::Value(row[key].clone())).collect();
    let path = quintet_core::query::Path::from_iter(["pk", "in"]);
    let query = of(info, Condition::Lookup(path, Expr::List(keys)));
    db.run(&Statement::Update(&query, &assigns)).await
}
