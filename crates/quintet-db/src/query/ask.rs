//! Runs queries, untyped: what the verbs of all models have in common.

use std::sync::Arc;

use quintet_core::query::{
    Condition, Distinct, Expr, ModelId, Name, OrderBy, Ordering, Path, Query, QueryError, Registry, Related, Select,
    Slice, Statement, Step, Way, one_of,
};
use quintet_core::schema::Value;

use super::by::By;
use super::plan::{self, Columns, Reading};
use super::prefetch::{Fetched, Prefetch, index_key};
use super::read::{Place, Plan};
use crate::database::{Boxed, Db};
use crate::error::{Error, ErrorKind, Result};
use crate::rows::{Cell, Rows};

/// A query with what is known of it besides.
pub(crate) struct Asked {
    pub(crate) query: Query,
    pub(crate) wrong: Option<QueryError>,
    pub(crate) prefetch: Vec<Prefetch>,
}

/// Rows, and how they are read.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) rows: Rows,
    pub(crate) plan: Plan,
    pub(crate) columns: Columns,
}

impl Asked {
    /// Whether nothing is wrong with the query.
    pub(crate) fn right(&self) -> Result<()> {
        self.wrong.as_ref().map_or(Ok(()), |wrong| Err(wrong.clone().into()))
    }
}

pub(crate) fn model_of(registry: &Registry, query: &Query) -> Result<ModelId> {
    let (app, name) = &query.model;
    model_named(registry, (app, name))
}

pub(crate) fn model_named(registry: &Registry, (app, name): (&str, &str)) -> Result<ModelId> {
    registry.find(app, name).ok_or_else(|| {
        Error::new(ErrorKind::Other, format!("`{app}.{name}` is no model of this database"))
            .with_hint("name its app in `installed_apps`")
    })
}

/// All rows.
pub(crate) fn rows<'a>(db: Db<'a>, asked: Asked) -> Boxed<'a, Result<Answer>> {
    Box::pin(async move {
        asked.right()?;
        let registry = db.registry()?;
        let model = model_of(registry, &asked.query)?;
        let fetched = db.select(&Statement::Select(&asked.query)).await?;
        let Reading { mut plan, columns } = plan::read(registry, &asked.query, fetched.compiled.as_ref());
        if !asked.prefetch.is_empty() {
            // Boxed: each query would have room for it otherwise.
            Box::pin(come_along(db, model, asked.prefetch, &fetched.rows, &columns, &mut plan)).await?;
        }
        Ok(Answer { rows: fetched.rows, plan, columns })
    })
}

/// Fetches all rows that come along with these.
pub(crate) async fn come_along(
    db: Db<'_>,
    model: ModelId,
    prefetch: Vec<Prefetch>,
    rows: &Rows,
    columns: &Columns,
    plan: &mut Plan,
) -> Result<()> {
    for one in prefetch {
        Box::pin(along(db, db.registry()?, model, one, rows, columns, plan)).await?;
    }
    Ok(())
}

/// Fetches the rows that come along.
async fn along(
    db: Db<'_>,
    registry: &Registry,
    model: ModelId,
    prefetch: Prefetch,
    rows: &Rows,
    columns: &Columns,
    plan: &mut Plan,
) -> Result<()> {
    let info = registry.model(model);
    let Some(link) = info.links.get(&*prefetch.link) else {
        let message = format!("`{}` has no relation `{}`", info.label(), prefetch.link);
        return Err(QueryError::name(message).into());
    };
    let target = registry.model(link.target);
    let (here, found_by) = match link.way {
        Way::Key { here, there } | Way::Back { here, there } => {
            (here, Path::from_iter([target.columns[there].name.clone()]))
        }
        Way::Between { here, .. } => {
            let turned = plan::turned(registry, link);
            let turned = turned.ok_or_else(|| Error::other("a relation of many has no way back"))?;
            (here, Path::from_iter([turned]))
        }
    };
    // A query that is known to be empty has no columns either.
    if rows.is_empty() {
        return Ok(());
    }
    let Some(place) = columns.place(here) else {
        return Err(QueryError::usage(format!("the rows lack what `{}` refers to", link.name)).into());
    };
    let mut owners: Vec<Value> = vec![];
    let mut seen = std::collections::HashSet::new();
    for row in rows.iter() {
        let value: Value = row.get(place).cloned().unwrap_or_default().into();
        if value != Value::Null && seen.insert(index_key(&value)) {
            owners.push(value);
        }
    }
    let models = db.models()?;
    let mut query = prefetch.query.unwrap_or_else(|| models.rows_behind(link));
    if query.slice != Slice::default() {
        let message = "rows that come along cannot be counted out\nhint: ask for them row by row";
        return Err(QueryError::usage(message).into());
    }
    query
        .steps
        .push(Step::Filter(Condition::Lookup(found_by.then("in"), one_of(db.dialect(), registry, link, owners))));
    query.steps.push(Step::Annotate(OWNER, Expr::F(found_by)));
    let answer = rows_of(db, query, prefetch.wrong, prefetch.nested).await?;
    let found_by = answer.1;
    let fetched = Arc::new(Fetched::new(answer.0.rows, answer.0.plan, found_by));
    let place = Place::new(Some(place), None);
    if prefetch.is_beside {
        plan.beside.push((place, fetched));
    } else if let Some(layout) = &mut plan.rows {
        Arc::make_mut(layout).fetch(&prefetch.link, fetched);
    }
    Ok(())
}

/// By which row of the other model a row came along.
const OWNER: Name = Name::Borrowed("quintet_owner");

async fn rows_of(
    db: Db<'_>,
    query: Query,
    wrong: Option<QueryError>,
    prefetch: Vec<Prefetch>,
) -> Result<(Answer, usize)> {
    let answer = rows(db, Asked { query, wrong, prefetch }).await?;
    // What is annotated last stands last among the values.
    let found_by = answer.plan.values.last().and_then(|(place, _)| place.place()).unwrap_or_default();
    Ok((answer, found_by))
}

/// How many rows.
pub(crate) fn count<'a>(db: Db<'a>, asked: Asked) -> Boxed<'a, Result<Rows>> {
    Box::pin(async move {
        asked.right()?;
        Ok(db.select(&Statement::Count(&asked.query)).await?.rows)
    })
}

/// Whether there is a row.
pub(crate) fn exists<'a>(db: Db<'a>, asked: Asked) -> Boxed<'a, Result<Rows>> {
    Box::pin(async move {
        asked.right()?;
        Ok(db.select(&Statement::Exists(&asked.query)).await?.rows)
    })
}

/// More than this many are "more than so many", where one is asked for.
const MOST: i64 = 21;

/// The one row.
pub(crate) fn one<'a>(db: Db<'a>, mut asked: Asked) -> Boxed<'a, Result<Answer>> {
    Box::pin(async move {
        if asked.query.combined.is_none() && asked.query.slice == Slice::default() {
            if asked.query.distinct == Distinct::No {
                asked.query.ordering = Ordering::By(vec![]);
            }
            asked.query.slice.limit = Some(Value::Int(MOST));
        }
        let name = asked.query.model.1.clone();
        only(rows(db, asked).await?, &name)
    })
}

/// The one row of which a field has this value.
pub(crate) fn one_by<'a>(db: Db<'a>, mut asked: Asked, field: &'a str, value: Value) -> Boxed<'a, Result<Answer>> {
    Box::pin(async move {
        let registry = db.registry()?;
        let model = model_of(registry, &asked.query)?;
        let column = registry.model(model).place(field).filter(|_| is_of_all(&asked));
        let Some(column) = column else {
            asked.query.steps.push(Step::Filter(Condition::Lookup(Path::parse(field), Expr::Value(value))));
            return Box::pin(one(db, asked)).await;
        };
        let by = By { model, column, shown: None, most: Some(MOST), is_managed: false };
        let fetched = by.fetch(db, value).await?;
        let Reading { plan, columns } = plan::read(registry, &asked.query, fetched.compiled.as_ref());
        only(Answer { rows: fetched.rows, plan, columns }, &asked.query.model.1)
    })
}

/// Whether it is all rows that are asked for, each of them whole and alone.
fn is_of_all(asked: &Asked) -> bool {
    let Query { model: _, steps, ordering: _, reversed: _, distinct, slice, select, related, lock, combined, is_none } =
        &asked.query;
    asked.wrong.is_none()
        && asked.prefetch.is_empty()
        && steps.is_empty()
        && *distinct == Distinct::No
        && *slice == Slice::default()
        && *select == Select::All
        && *related == Related::None
        && lock.is_none()
        && combined.is_none()
        && !is_none
}

fn only(answer: Answer, name: &str) -> Result<Answer> {
    match answer.rows.len() {
        1 => Ok(answer),
        0 => Err(Error::new(ErrorKind::NotFound, format!("no `{name}` matches the query"))),
        many => {
            let many = if many < 21 { many.to_string() } else { "more than 20".to_owned() };
            let message = format!("one `{name}` was asked for, and {many} match the query");
            Err(Error::new(ErrorKind::MultipleFound, message))
        }
    }
}

/// The first row or the last, by the primary key where there is no order.
pub(crate) fn end<'a>(db: Db<'a>, mut asked: Asked, is_last: bool) -> Boxed<'a, Result<Answer>> {
    Box::pin(async move {
        let registry = db.registry()?;
        let model = registry.model(model_of(registry, &asked.query)?);
        let is_ordered = match &asked.query.ordering {
            Ordering::Usual => !model.state.options.ordering.is_empty(),
            Ordering::By(by) => !by.is_empty(),
        };
        let is_sliced = asked.query.slice != Slice::default();
        if is_last && is_sliced {
            return Err(
                QueryError::usage("the last row of a slice is not known: a slice cannot be turned around").into()
            );
        }
        if !is_ordered {
            if is_sliced {
                return Err(QueryError::usage("the first row of a slice without an order is any").into());
            }
            asked.query.ordering = Ordering::By(vec![OrderBy::parse("pk")]);
        }
        if is_last {
            asked.query.reversed = !asked.query.reversed;
        }
        if !is_sliced {
            asked.query.slice.limit = Some(Value::Int(1));
        }
        rows(db, asked).await
    })
}

/// The first row by these fields, or by those that the model says.
pub(crate) fn latest<'a>(db: Db<'a>, mut asked: Asked, by: Vec<OrderBy>, is_last: bool) -> Boxed<'a, Result<Answer>> {
    Box::pin(async move {
        if asked.query.slice != Slice::default() {
            return Err(QueryError::usage("a query cannot be changed behind its slice").into());
        }
        let registry = db.registry()?;
        let model = registry.model(model_of(registry, &asked.query)?);
        let own = model.state.options.get_latest_by.iter().map(|name| OrderBy::parse(name));
        let by: Vec<OrderBy> = if by.is_empty() { own.collect() } else { by };
        if by.is_empty() {
            let message = format!(
                "by which field?\nhint: name one, or say `#[model(get_latest_by = \"..\")]` of `{}`",
                model.state.name
            );
            return Err(QueryError::usage(message).into());
        }
        asked.query.ordering = Ordering::By(by);
        asked.query.reversed = is_last;
        asked.query.slice.limit = Some(Value::Int(1));
        let name = asked.query.model.1.clone();
        let answer = rows(db, asked).await?;
        if answer.rows.is_empty() {
            return Err(Error::new(ErrorKind::NotFound, format!("no `{name}` matches the query")));
        }
        Ok(answer)
    })
}

/// Values of all rows together.
pub(crate) fn aggregate<'a>(db: Db<'a>, asked: Asked, values: Vec<(Name, Expr)>) -> Boxed<'a, Result<Answer>> {
    Box::pin(async move {
        asked.right()?;
        let fetched = db.select(&Statement::Aggregate(&asked.query, &values)).await?;
        let plan = plan::values(fetched.compiled.as_deref(), values.iter().map(|(name, _)| name));
        Ok(Answer { rows: fetched.rows, plan, columns: Columns::default() })
    })
}

/// A condition that a row has this primary key.
pub(crate) fn has_key(key: Value) -> Condition {
    let path = Path::from_iter(["pk", "exact"]);
    let key = match key {
        Value::List(parts) => Expr::List(parts.into_iter().map(Expr::Value).collect()),
        key => Expr::Value(key),
    };
    Condition::Lookup(path, key)
}

/// A value as a driver would have given it.
pub(crate) fn cell_of(value: Value) -> Cell {
    match value {
        Value::Null => Cell::Null,
        Value::Bool(yes) => Cell::Bool(yes),
        Value::Int(number) => Cell::Int(number),
        Value::Float(number) => Cell::Float(number),
        Value::Decimal(text) => Cell::Decimal(text),
        Value::Text(text) | Value::Date(text) | Value::DateTime(text) | Value::Time(text) | Value::Uuid(text) => {
            Cell::Text(text.into())
        }
        Value::Bytes(bytes) => Cell::Bytes(bytes),
        Value::Duration(microseconds) => Cell::Duration(microseconds),
        Value::Json(text) => Cell::Json(text),
        Value::List(values) => Cell::List(values.into_iter().map(cell_of).collect()),
    }
}

/// The rows of SQL of the program's own, by the names of its columns.
pub(crate) fn raw<'a>(
    db: Db<'a>,
    (app, name): (&'static str, &'static str),
    sql: &'a str,
    values: Vec<Value>,
) -> Boxed<'a, Result<Answer>> {
    Box::pin(async move {
        let db = db.routed((app, name), false)?;
        let registry = db.registry()?;
        let model = model_of(registry, &Query::of(app, name))?;
        let info = registry.model(model);
        let rows = db.query(sql, &values).await?;
        let columns = rows.first().map(|row| row.columns().to_vec()).unwrap_or_default();
        let place = |place: usize| columns.iter().position(|own| *own == info.columns[place].column);
        if let (Some(lacks), false) = ((0..info.columns.len()).find(|at| place(*at).is_none()), rows.is_empty()) {
            let message = format!("the rows lack the column `{}` of `{}`", info.columns[lacks].column, info.label());
            return Err(QueryError::usage(message).into());
        }
        let layout = super::read::Layout::new(registry, model, &place);
        let width = columns.len();
        let cells = rows.into_iter().flat_map(|row| row.into_values().into_iter().map(cell_of)).collect();
        let plan = Plan { rows: Some(Arc::new(layout)), ..Plan::default() };
        Ok(Answer { rows: Rows::new(width, cells), plan, columns: Columns::default() })
    })
}
