//! New rows by their fields: `create!`, `get_or_create`, `update_or_create`.

use quintet_core::query::{
    Assign, Column, Condition, Expr, Insert, ModelId, Name, Path, Query, QueryError, Registry, Step,
};
use quintet_core::schema::{Field, Initial, Kind, Value};

use super::ask::{self, Answer, Asked};
use super::assign::Assignment;
use super::columns;
use super::order::OneOrMore;
use super::plan::Columns;
use super::read::{Layout, Plan};
use super::running::Running;
use super::set::QuerySet;
use crate::database::{Boxed, Db};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;
use crate::rows::{Cell, Rows};

/// Writes a new row and gives it as it then is.
pub fn insert<'a, M: Model>(db: impl Into<Db<'a>>, values: Vec<Assignment>) -> Running<'a, M> {
    Running::then(insert_row(db.into(), (M::APP_LABEL.into(), M::DEF.name.into()), values), read::<M>)
}

/// The same of a model that is known by its app and its name.
pub fn insert_named<'a>(db: impl Into<Db<'a>>, (app, name): (&str, &str), values: Vec<Assignment>) -> Running<'a, ()> {
    let model = (app.to_owned().into(), name.to_owned().into());
    Running::then(insert_row(db.into(), model, values), |_| Ok(()))
}

fn read<M: Model>(mut answer: Answer) -> Result<M> {
    let plan = &answer.plan;
    let row = answer.rows.iter_mut().next().map(|row| plan.row(row));
    row.unwrap_or_else(|| Err(Error::other("the database gave no row")))
}

fn insert_row<'a>(db: Db<'a>, (app, name): (Name, Name), values: Vec<Assignment>) -> Boxed<'a, Result<Answer>> {
    Box::pin(async move {
        let values = values.into_iter().map(Assignment::into_ast).collect::<Result<Vec<_>, _>>()?;
        let db = db.routed((&app, &name), true)?;
        let registry = db.registry()?;
        let model = ask::model_named(registry, (&app, &name))?;
        inserted(db, registry, model, values).await
    })
}

/// Makes a row, and tells those who want to be told.
async fn inserted(db: Db<'_>, registry: &Registry, model: ModelId, values: Vec<Assign>) -> Result<Answer> {
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
async fn tell(db: Db<'_>, registry: &Registry, model: ModelId, answer: &Answer, is_new: bool) -> Result<()> {
    let (receivers, state) = (db.models()?.receivers(), &registry.model(model).state);
    let name = (state.app.as_str(), state.name.as_str());
    let (Some(cells), Some(layout)) = (answer.rows.get(0), &answer.plan.rows) else { return Ok(()) };
    let row = receivers.row(name, layout, cells.to_vec())?;
    receivers.post_save(db, name, &*row, is_new).await
}

async fn made(db: Db<'_>, registry: &Registry, model: ModelId, mut values: Vec<Assign>) -> Result<Answer> {
    let info = registry.model(registry.model(model).concrete);
    let own = registry.model(model).concrete;
    if let Some(unknown) = values.iter().find(|value| info.place(&value.field).is_none()) {
        let message = format!("`{}` has no field `{}` that could be set", info.label(), unknown.field);
        return Err(QueryError::name(message).into());
    }
    let mut insert = Insert {
        model: (info.state.app.clone().into(), info.state.name.clone().into()),
        fields: Vec::with_capacity(info.columns.len()),
        rows: vec![],
        conflict: None,
        returning: vec![],
    };
    let mut row = Vec::with_capacity(info.columns.len());
    for column in info.columns.iter().filter(|column| column.owner == own) {
        let given = values.iter().position(|value| value.field == column.name || value.field == column.attname);
        let value = match given {
            Some(given) => {
                let Assign { field, value } = values.swap_remove(given);
                Some((Some(field).filter(|field| *field == column.name), value))
            }
            None => initial(&column.field).map(|value| (None, Expr::Value(value))),
        };
        match value {
            Some(_) if matches!(column.field.kind, Kind::Generated { .. }) => {
                let message = format!("`{}.{}` is computed by the database", info.label(), column.name);
                return Err(QueryError::usage(message).into());
            }
            Some((name, value)) => {
                insert.fields.push(name.unwrap_or_else(|| column.name.clone().into()));
                row.push(value);
            }
            None if is_left_out(&column.field) => {}
            None => {
                let message = format!("`{}.{}` needs a value", info.state.name, column.name);
                return Err(QueryError::value(message).into());
            }
        }
    }
    if let Some(value) = values.first() {
        let message = format!(
            "`{}` belongs to a parent of `{}`\nhint: write the parent's row before, or `save` a row with `Parent::new(..)`",
            value.field, info.state.name
        );
        return Err(QueryError::usage(message).into());
    }
    insert.rows.push(row);
    pre_save(db, registry, model, &mut insert).await?;
    let own: Vec<&Column> = info.columns.iter().filter(|column| column.owner == own).collect();
    let known = known(&own, &insert);
    let unknown = own.iter().zip(&known).filter(|(_, place)| place.is_none());
    insert.returning = unknown.map(|(column, _)| column.name.clone().into()).collect();
    let mut made = db.insert(&insert).await?.rows.into_cells().into_iter();
    // What was given is as it was given, as in the reference; only the rest is what the database made of it.
    let mut values = insert.rows.pop().unwrap_or_default();
    let mut value = |place: usize| match values.get_mut(place) {
        Some(Expr::Value(value)) => ask::cell_of(std::mem::replace(value, Value::Null)),
        _ => Cell::Null,
    };
    let cell = |place: Option<usize>| place.map(&mut value).or_else(|| made.next()).unwrap_or_default();
    let cells: Vec<Cell> = known.into_iter().map(cell).collect();
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
    ask::one(db, Asked { query, wrong: None, prefetch: vec![] }).await
}

/// Where the value of each column stands that the program gave; nothing where the database has to know it.
fn known(columns: &[&Column], insert: &Insert) -> Vec<Option<usize>> {
    let mut next = 0;
    let known = columns.iter().map(|column| {
        let is_it = |field: &Name| *field == column.name || *field == column.attname;
        // Fields stand as the columns do, unless somebody changed them before the row was made.
        let is_next = insert.fields.get(next).is_some_and(is_it);
        let place = if is_next { next } else { insert.fields.iter().position(is_it)? };
        next = place + 1;
        match &insert.rows[0][place] {
            Expr::Value(Value::Null) if column.field.kind.is_auto() => None,
            Expr::Value(_) => Some(place),
            _ => None,
        }
    });
    known.collect()
}

/// Lets receivers change a row before it is made.
async fn pre_save(db: Db<'_>, registry: &Registry, model: ModelId, insert: &mut Insert) -> Result<()> {
    let (receivers, info) = (db.models()?.receivers(), registry.model(model));
    let name = (info.state.app.as_str(), info.state.name.as_str());
    if !receivers.hear_saves(name) {
        return Ok(());
    }
    let assign = |(field, value): (&Name, &Expr)| Assign { field: field.clone(), value: value.clone() };
    let mut values: Vec<Assign> = insert.fields.iter().zip(&insert.rows[0]).map(assign).collect();
    receivers.pre_save(db, name, &mut values).await?;
    let own = info.concrete;
    let is_own = |field: &Name| info.columns.iter().any(|column| column.owner == own && column.name == *field);
    if let Some(foreign) = values.iter().find(|value| !is_own(&value.field)) {
        let message = format!("`{}` has no column `{}` of its own", info.label(), foreign.field);
        return Err(QueryError::name(message).into());
    }
    (insert.fields, insert.rows[0]) = values.into_iter().map(|value| (value.field, value.value)).unzip();
    Ok(())
}

/// What a new row has where nothing is said; `None` where the database has to know.
pub(crate) fn initial(field: &Field) -> Option<Value> {
    if let Some(now) = automatic(field, true) {
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

/// What is written in a field that says when its row was made or changed.
pub(crate) fn automatic(field: &Field, is_new: bool) -> Option<Value> {
    let (Kind::DateTime { auto_now, auto_now_add }
    | Kind::Date { auto_now, auto_now_add }
    | Kind::Time { auto_now, auto_now_add }) = field.kind
    else {
        return None;
    };
    if !(auto_now || auto_now_add && is_new) {
        return None;
    }
    let now = crate::moment::now();
    let (date, time) = now.split_once(' ').unwrap_or_default();
    Some(match field.kind {
        Kind::Date { .. } => Value::Date(date.to_owned()),
        Kind::Time { .. } => Value::Time(time.to_owned()),
        _ => Value::DateTime(now),
    })
}

fn is_left_out(field: &Field) -> bool {
    field.db_default.is_some() || field.kind.is_auto() || matches!(field.kind, Kind::Generated { .. })
}

impl<M: Model> QuerySet<M> {
    /// Writes a new row: `|n| (n.title().set("x"), n.author().set(&user))`. See also `create!`, which checks while
    /// compiling that nothing is missing.
    pub fn create<'a, A: OneOrMore<Assignment>>(
        self,
        db: impl Into<Db<'a>>,
        values: impl FnOnce(M::Columns) -> A,
    ) -> Running<'a, M> {
        insert(db, values(columns::<M>()).all())
    }

    /// The row with these values, or a new one with them and the defaults; `true` where it is new.
    pub fn get_or_create<'a, A: OneOrMore<Assignment>, B: OneOrMore<Assignment>>(
        self,
        db: impl Into<Db<'a>>,
        lookup: impl FnOnce(M::Columns) -> A,
        defaults: impl FnOnce(M::Columns) -> B,
    ) -> Running<'a, (M, bool)> {
        let (lookup, defaults) = (lookup(columns::<M>()).all(), defaults(columns::<M>()).all());
        let found = found_or_made(db.into(), self.asked(), lookup, defaults, false);
        Running::then(found, |(answer, is_new)| Ok((read(answer)?, is_new)))
    }

    /// The same, where a row that is there gets the defaults.
    pub fn update_or_create<'a, A: OneOrMore<Assignment>, B: OneOrMore<Assignment>>(
        self,
        db: impl Into<Db<'a>>,
        lookup: impl FnOnce(M::Columns) -> A,
        defaults: impl FnOnce(M::Columns) -> B,
    ) -> Running<'a, (M, bool)> {
        let (lookup, defaults) = (lookup(columns::<M>()).all(), defaults(columns::<M>()).all());
        let found = found_or_made(db.into(), self.asked(), lookup, defaults, true);
        Running::then(found, |(answer, is_new)| Ok((read(answer)?, is_new)))
    }
}

fn copy(asked: &Asked) -> Asked {
    Asked { query: asked.query.clone(), wrong: asked.wrong.clone(), prefetch: asked.prefetch.clone() }
}

fn found_or_made<'a>(
    db: Db<'a>,
    mut asked: Asked,
    lookup: Vec<Assignment>,
    defaults: Vec<Assignment>,
    updates: bool,
) -> Boxed<'a, Result<(Answer, bool)>> {
    Box::pin(async move {
        let lookup = lookup.into_iter().map(Assignment::into_ast).collect::<Result<Vec<_>, _>>()?;
        let defaults = defaults.into_iter().map(Assignment::into_ast).collect::<Result<Vec<_>, _>>()?;
        for value in &lookup {
            let path = Path::from_iter([value.field.clone(), Name::Borrowed("exact")]);
            asked.query.steps.push(Step::Filter(Condition::Lookup(path, value.value.clone())));
        }
        let (app, name) = &asked.query.model;
        let db = db.routed((app, name), true)?;
        db.atomic(async |tx| {
            let db = Db::from(tx);
            let registry = db.registry()?;
            let model = ask::model_of(registry, &asked.query)?;
            let mut locked = copy(&asked);
            if updates {
                locked.query.lock = Some(quintet_core::query::Lock::default());
            }
            match ask::one(db, locked).await {
                Ok(found) if !updates => Ok((found, false)),
                Ok(_) => Ok((changed(db, registry, model, &asked, &defaults).await?, false)),
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    // Another may have made it meanwhile: then that one is it.
                    let mut values = defaults.clone();
                    values.retain(|value| !lookup.iter().any(|other| other.field == value.field));
                    values.extend(lookup.iter().cloned());
                    match db.atomic(async |tx| inserted(tx.into(), registry, model, values).await).await {
                        Ok(made) => Ok((made, true)),
                        Err(error) if error.kind() == ErrorKind::Unique => match ask::one(db, copy(&asked)).await {
                            Ok(_) if updates => Ok((changed(db, registry, model, &asked, &defaults).await?, false)),
                            Ok(found) => Ok((found, false)),
                            Err(_) => Err(error),
                        },
                        Err(error) => Err(error),
                    }
                }
                Err(error) => Err(error),
            }
        })
        .await
    })
}

/// Gives the row that is there new values, by its key.
async fn changed(
    db: Db<'_>,
    registry: &Registry,
    model: ModelId,
    asked: &Asked,
    defaults: &[Assign],
) -> Result<Answer> {
    let found = ask::one(db, copy(asked)).await?;
    let info = registry.model(model);
    let key =
        info.key.first().and_then(|place| found.columns.place(*place)).and_then(|at| found.rows.cell(0, at).cloned());
    let mut query = Query::of(info.state.app.clone(), info.state.name.clone());
    query.steps.push(Step::Filter(ask::has_key(key.unwrap_or_default().into())));
    let mut values = defaults.to_vec();
    for column in &info.columns {
        if let Some(now) = automatic(&column.field, false) {
            values.push(Assign { field: column.name.clone().into(), value: Expr::Value(now) });
        }
    }
    let receivers = db.models()?.receivers();
    let name = (info.state.app.as_str(), info.state.name.as_str());
    receivers.pre_save(db, name, &mut values).await?;
    if !values.is_empty() {
        db.run(&quintet_core::query::Statement::Update(&query, &values)).await?;
    }
    let answer = ask::one(db, Asked { query, wrong: None, prefetch: vec![] }).await?;
    if receivers.hear_saves(name) {
        tell(db, registry, model, &answer, false).await?;
    }
    Ok(answer)
}
