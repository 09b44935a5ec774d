//! One new row: what it is given, its statement, and the row as it then is.

use quintet_core::query::{Assign, Column, Expr, Insert, ModelId, ModelInfo, Name, Query, QueryError, Registry, Step};
use quintet_core::schema::{Field, Initial, Kind, Value};

use super::ask::{self, Answer, Asked};
use super::plan::Columns;
use super::read::{Layout, Plan};
use super::singles::{Singles, Verb};
use crate::database::Db;
use crate::error::Result;
use crate::rows::{Cell, Rows};

/// Makes a row, and tells those who want to be told.
pub(super) async fn inserted(db: Db<'_>, registry: &Registry, model: ModelId, values: Vec<Assign>) -> Result<Answer> {
    let (receivers, state) = (db.models()?.receivers(), &registry.model(model).state);
    let name = (state.app.as_str(), state.name.as_str());
    if !receivers.hear_saves(name) {
        return made(db, registry, model, values).await;
    }
    // Seldom, and large: a row that nobody wants to hear of does not carry it along.
    let told = db.atomic(async move |tx| {
        let answer = made(tx.into(), registry, model, values).await?;
        tell(tx.into(), registry, model, &answer, true).await?;
        Ok(answer)
    });
    Box::pin(told).await
}

/// Tells of a row that was written.
pub(super) async fn tell(db: Db<'_>, registry: &Registry, model: ModelId, answer: &Answer, is_new: bool) -> Result<()> {
    let (receivers, state) = (db.models()?.receivers(), &registry.model(model).state);
    let name = (state.app.as_str(), state.name.as_str());
    let (Some(cells), Some(layout)) = (answer.rows.get(0), &answer.plan.rows) else { return Ok(()) };
    let row = receivers.row(name, layout, cells.to_vec())?;
    receivers.post_save(db, name, &*row, is_new).await
}

async fn made(db: Db<'_>, registry: &Registry, model: ModelId, values: Vec<Assign>) -> Result<Answer> {
    let id = registry.model(model).concrete;
    let info = registry.model(id);
    // To filter makes no room ahead, here as below.
    let mut own: Vec<&Column> = Vec::with_capacity(info.columns.len());
    own.extend(info.columns.iter().filter(|column| column.owner == id));
    let mut given = given(db, info, &own, values)?;
    let receivers = db.models()?.receivers();
    let is_heard = receivers.hear_saves((info.state.app.as_str(), info.state.name.as_str()));
    if is_heard {
        Box::pin(pre_save(db, info, &own, &mut given)).await?;
    }
    let mut made = written(db, id, info, (&own, &given)).await?.into_cells().into_iter();
    // What was given is as it was given, as in the reference; only the rest is what the database made of it.
    let cells = own.iter().zip(given).map(|(column, given)| match given {
        Some(Expr::Value(value)) if !is_counted(column, &value) => ask::cell_of(value),
        _ => made.next().unwrap_or_default(),
    });
    let cells: Vec<Cell> = cells.collect();
    let find = |place: usize| own.iter().position(|column| std::ptr::eq(*column, &info.columns[place]));
    let rows = Rows::new(cells.len(), cells);
    if info.parents.is_empty() {
        let layout = db.models()?.layout(model, || Layout::new(registry, model, &find));
        let plan = Plan { rows: Some(layout), ..Plan::default() };
        return Ok(Answer { rows, plan, columns: Columns::default() });
    }
    // The parent's columns are in another table.
    let key = info.key.first().and_then(|place| find(*place)).and_then(|at| rows.cell(0, at).cloned());
    let mut query = Query::of(info.state.app.clone(), info.state.name.clone());
    query.steps.push(Step::Filter(ask::has_key(key.unwrap_or_default().into())));
    Box::pin(ask::one(db, Asked { query, wrong: None, prefetch: vec![] })).await
}

/// What each of the model's own columns is given; nothing where the database has to know it.
fn given(db: Db<'_>, info: &ModelInfo, own: &[&Column], mut values: Vec<Assign>) -> Result<Vec<Option<Expr>>> {
    if let Some(unknown) = values.iter().find(|value| info.place(&value.field).is_none()) {
        let message = format!("`{}` has no field `{}` that could be set", info.label(), unknown.field);
        return Err(QueryError::name(message).into());
    }
    let mut row = Vec::with_capacity(own.len());
    for column in own {
        let said = values.iter().position(|value| is_of(column, &value.field));
        let said = said.map(|said| values.swap_remove(said).value);
        let value = match said {
            // The moment is written over what is said, as in the reference.
            Some(said) => Some(automatic(db, &column.field.kind, true).map_or(said, Expr::Value)),
            None => initial(db, &column.field).map(Expr::Value),
        };
        match value {
            Some(_) if matches!(column.field.kind, Kind::Generated { .. }) => {
                let message = format!("`{}.{}` is computed by the database", info.label(), column.name);
                return Err(QueryError::usage(message).into());
            }
            None if !is_left_out(&column.field) => {
                let message = format!("`{}.{}` needs a value", info.state.name, column.name);
                return Err(QueryError::value(message).into());
            }
            value => row.push(value),
        }
    }
    match values.first() {
        None => Ok(row),
        Some(value) => {
            let message = format!(
                "`{}` belongs to a parent of `{}`\nhint: write the parent's row before, or `save` a row with `Parent::new(..)`",
                value.field, info.state.name
            );
            Err(QueryError::usage(message).into())
        }
    }
}

fn is_of(column: &Column, field: &Name) -> bool {
    *field == column.name || *field == column.attname
}

/// Whether the database counts it up, whatever is said.
fn is_counted(column: &Column, value: &Value) -> bool {
    *value == Value::Null && column.field.kind.is_auto()
}

/// Writes the row; gives what only the database knows of it, in the order of the columns.
async fn written(
    db: Db<'_>,
    model: ModelId,
    info: &ModelInfo,
    (own, given): (&[&Column], &[Option<Expr>]),
) -> Result<Rows> {
    let kept = db.models()?.singles(model);
    let is_plain = given.iter().flatten().all(|given| plain(given).is_some());
    let values = given.iter().map(|given| given.as_ref().and_then(plain));
    let key = is_plain.then(|| Singles::key(db.dialect(), Verb::Insert, values)).flatten();
    if let Some(plan) = key.as_ref().and_then(|key| kept.get(key)) {
        let mut values: Vec<&Value> = Vec::with_capacity(given.len());
        values.extend(given.iter().flatten().filter_map(plain));
        return db.fetch_bound(&plan, &values).await;
    }
    let by_database = own.iter().zip(given).filter(|(column, given)| match given {
        Some(Expr::Value(value)) => is_counted(column, value),
        _ => true,
    });
    let said = own.iter().zip(given).filter_map(|(column, given)| given.clone().map(|given| (column, given)));
    let (fields, row) = said.map(|(column, given)| (Name::from(column.name.clone()), given)).unzip();
    let insert = Insert {
        model: (info.state.app.clone().into(), info.state.name.clone().into()),
        fields,
        rows: vec![row],
        conflict: None,
        returning: by_database.map(|(column, _)| column.name.clone().into()).collect(),
    };
    // Boxed, as all that is large and seldom.
    let fetched = Box::pin(db.insert(&insert)).await?;
    if let (Some(key), Some(plan)) = (key, fetched.compiled) {
        kept.put(key, plan);
    }
    Ok(fetched.rows)
}

fn plain(given: &Expr) -> Option<&Value> {
    match given {
        Expr::Value(value) => Some(value),
        _ => None,
    }
}

/// Lets receivers change a row before it is made.
async fn pre_save(db: Db<'_>, info: &ModelInfo, own: &[&Column], given: &mut [Option<Expr>]) -> Result<()> {
    let said = own.iter().zip(given.iter_mut()).filter_map(|(column, given)| Some((column, given.take()?)));
    let mut values: Vec<Assign> =
        said.map(|(column, value)| Assign { field: column.name.clone().into(), value }).collect();
    let name = (info.state.app.as_str(), info.state.name.as_str());
    db.models()?.receivers().pre_save(db, name, &mut values).await?;
    for Assign { field, value } in values {
        let Some(at) = own.iter().position(|column| column.name == field) else {
            let message = format!("`{}` has no column `{field}` of its own", info.label());
            return Err(QueryError::name(message).into());
        };
        given[at] = Some(value);
    }
    Ok(())
}

/// What a new row has where nothing is said; `None` where the database has to know.
pub(crate) fn initial(db: Db<'_>, field: &Field) -> Option<Value> {
    if let Some(now) = automatic(db, &field.kind, true) {
        return Some(now);
    }
    match &field.default {
        Some(Initial::Value(value)) => return Some(value.clone()),
        Some(Initial::Function(function)) => return Some(function.call()),
        None => {}
    }
    if field.db_default.is_some() || field.kind.is_auto() || matches!(field.kind, Kind::Generated { .. }) {
        return None;
    }
    if field.null {
        return Some(Value::Null);
    }
    (field.blank && field.kind.empty_strings_allowed()).then(|| Value::Text(String::new()))
}

/// What is written in a field that says when its row was made or changed. Dates and times of day are those that the project's
/// clocks show, as in the reference.
pub(crate) fn automatic(db: Db<'_>, kind: &Kind, is_new: bool) -> Option<Value> {
    let (Kind::DateTime { auto_now, auto_now_add }
    | Kind::Date { auto_now, auto_now_add }
    | Kind::Time { auto_now, auto_now_add }) = kind
    else {
        return None;
    };
    if !(*auto_now || *auto_now_add && is_new) {
        return None;
    }
    if matches!(kind, Kind::DateTime { .. }) {
        return Some(Value::DateTime(crate::moment::now()));
    }
    let local = crate::moment::now_in(|second| db.registry().map_or(0, |registry| registry.zone_offset(second)));
    let (date, time) = local.split_once(' ').unwrap_or_default();
    Some(match kind {
        Kind::Date { .. } => Value::Date(date.to_owned()),
        _ => Value::Time(time.to_owned()),
    })
}

fn is_left_out(field: &Field) -> bool {
    field.db_default.is_some() || field.kind.is_auto() || matches!(field.kind, Kind::Generated { .. })
}
