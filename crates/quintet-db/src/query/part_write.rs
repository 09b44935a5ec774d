//! Rows that were read in part: written again, read on, and loaded whole. Not generic: compiled once.

use std::sync::Arc;

use quintet_core::query::{Assign, Expr, ModelInfo, Path, Query, QueryError, Registry, Select, Statement};
use quintet_core::schema::{Kind, Value};

use super::ask::{self, Answer, Asked};
use super::machine::set_fields;
use super::made::automatic;
use super::part::Part;
use super::read::Plan;
use super::save::{self, How};
use super::untyped::field_value;
use crate::database::{Boxed, Db};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Instance;
use crate::rows::Cell;

/// Makes a struct of a row.
pub(super) type Make = fn(&Plan, &mut [Cell]) -> Result<Box<dyn Instance>>;

/// A whole row, the models, and what is set in it.
pub(super) type Whole<'a> = (Answer, &'a Registry, Vec<(String, Value)>);

/// Writes what was read and what was set.
pub(super) fn save<'a>(db: Db<'a>, part: &'a mut Part, query: Query, make: Make) -> Boxed<'a, Result<()>> {
    Box::pin(async move {
        let db = db.routed((&query.model.0, &query.model.1), true)?;
        let models = db.models()?;
        let registry = models.registry();
        let info = registry.model(ask::model_of(registry, &query)?);
        let Values { assigned, changed, computed } = values(db, registry, info, part)?;
        if assigned.is_empty() {
            return Ok(());
        }
        if models.receivers().hear_saves((&query.model.0, &query.model.1)) {
            for (name, value) in told(db, &query, &assigned, make).await? {
                part.know(&name, Some(value));
            }
        } else if db.run(&Statement::Update(&query, &assigned)).await? == 0 {
            let message = format!("the row of `{}` is not there any more", info.state.name);
            return Err(Error::new(ErrorKind::NotFound, message));
        } else {
            for assign in assigned.into_iter().filter(|assign| changed.contains(&assign.field.to_string())) {
                let value = if let Expr::Value(value) = assign.value { Some(value) } else { None };
                part.know(&assign.field, value);
            }
        }
        if computed.is_empty() {
            return Ok(());
        }
        // What the database computes of the others is another value now.
        read(db, part, query, Ok(computed)).await
    })
}

/// What is written of a row.
struct Values {
    assigned: Vec<Assign>,
    /// The fields that are not as they were read.
    changed: Vec<String>,
    /// Those that were read and that the database computes.
    computed: Vec<Path>,
}

fn values(db: Db<'_>, registry: &Registry, info: &ModelInfo, part: &Part) -> Result<Values> {
    for (name, _) in part.given() {
        let problem = match info.place(name) {
            None => QueryError::name(format!("`{}` has no field `{name}` that could be set", info.label())),
            Some(at) if is_key(registry, info, at) => {
                QueryError::usage("a primary key is not changed: it says which row is meant")
            }
            Some(at) if matches!(info.columns[at].field.kind, Kind::Generated { .. }) => {
                QueryError::usage(format!("`{}.{name}` is computed by the database", info.label()))
            }
            Some(_) => continue,
        };
        return Err(problem.into());
    }
    let mut values = Values { assigned: vec![], changed: vec![], computed: vec![] };
    for (at, column) in info.columns.iter().enumerate() {
        let path = Path::from_iter([column.name.clone()]);
        let given = part.given().iter().find(|(name, _)| *name == column.name).map(|(_, value)| value.clone());
        let is_changed = given.is_some();
        // A value that was not read is an error there, and no part of what is written.
        let value = given.or_else(|| part.value(&path).ok().map(Expr::Value));
        let Some(value) = value.filter(|_| !is_key(registry, info, at)) else { continue };
        if matches!(column.field.kind, Kind::Generated { .. }) {
            values.computed.push(path);
            continue;
        }
        let now = automatic(db, &column.field.kind, false);
        if is_changed || now.is_some() {
            values.changed.push(column.name.clone());
        }
        let value = now.map_or(value, Expr::Value);
        values.assigned.push(Assign { field: column.name.clone().into(), value });
    }
    Ok(values)
}

/// Whether a column is the primary key, or that of a parent's row.
fn is_key(registry: &Registry, info: &ModelInfo, at: usize) -> bool {
    let column = &info.columns[at];
    let owner = registry.model(column.owner);
    info.key.contains(&at) || owner.key.iter().any(|key| owner.columns[*key].name == column.name)
}

/// Writes the same by way of the whole row, where others are told of it. Gives what was written.
async fn told(db: Db<'_>, query: &Query, assigned: &[Assign], make: Make) -> Result<Vec<(String, Value)>> {
    let value = |assign: &Assign| match &assign.value {
        Expr::Value(value) => Ok((assign.field.to_string(), value.clone())),
        _ => {
            let message = format!("`{}` cannot be computed: receivers are told of whole rows", assign.field);
            Err(Error::from(QueryError::usage(message)).with_hint("change it by a query: `.update(db, |n| ..)`"))
        }
    };
    let values = assigned.iter().map(value).collect::<Result<Vec<_>>>()?;
    let names: Vec<String> = values.iter().map(|(name, _)| name.clone()).collect();
    db.atomic(async move |tx| {
        let db = Db::from(tx);
        let (answer, registry, values) = whole(db, query.clone(), Ok(values)).await?;
        let Answer { mut rows, plan, .. } = answer;
        let mut row = match rows.iter_mut().next() {
            Some(cells) => make(&plan, cells)?,
            None => return Err(Error::other("the database gave no row")),
        };
        set_fields(registry, &mut *row, values)?;
        save::save(db, &mut *row, How::Only(&names)).await?;
        // A receiver may have set other values.
        let value = |name: &String| field_value(registry, &*row, name).map(|value| (name.clone(), value));
        Ok(names.iter().filter_map(value).collect())
    })
    .await
}

/// Reads these fields, and keeps them.
pub(super) fn read<'a>(
    db: Db<'a>,
    part: &'a mut Part,
    mut query: Query,
    paths: Result<Vec<Path>, QueryError>,
) -> Boxed<'a, Result<()>> {
    Box::pin(async move {
        let paths = paths?;
        query.select = Select::Only(paths.clone());
        let Answer { mut rows, plan, .. } = ask::one(db, Asked { query, wrong: None, prefetch: vec![] }).await?;
        let Some(cells) = rows.iter_mut().next() else { return Ok(()) };
        let found = plan.part(cells)?;
        for path in &paths {
            let value = found.value(path)?;
            if let Some(name) = path.names().last() {
                part.know(name, Some(value));
            }
        }
        Ok(())
    })
}

/// The whole row.
pub(super) fn whole(db: Db<'_>, query: Query, given: Result<Vec<(String, Value)>>) -> Boxed<'_, Result<Whole<'_>>> {
    Box::pin(async move {
        let given = given?;
        let registry: &Arc<Registry> = db.registry()?;
        let answer = ask::one(db, Asked { query, wrong: None, prefetch: vec![] }).await?;
        Ok((answer, &**registry, given))
    })
}
