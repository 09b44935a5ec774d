//! What views call: data in, rows out. Each is a line around code that is compiled once.

use std::sync::Arc;

use quintet_core::query::{Distinct, ModelId, Path, Registry, Related, Select, Step};
use quintet_core::rest::Data;
use quintet_db::Db;
use quintet_db::model::Instance;
use quintet_db::query::{QuerySet, Untyped};

use super::columns::paths;
use super::context::Context;
use super::kept::shape;
use super::needs::Need;
use super::set::Set;
use super::shape::{Room, Shape};
use super::traits::{Declared, ModelOf, ModelSerializer, Serializer};
use super::valid::Valid;
use super::{data, later, load, validate as engine, write};
use crate::http::{BoxFuture, Error, Request, Result};

/// Validates the data of a request, for a new row or for one that is changed.
///
/// # Errors
/// 400 with all that is wrong, by field.
pub fn validate<'a, S: Serializer>(
    request: &'a Request,
    data: &'a Data,
    instance: Option<ModelOf<S>>,
    partial: bool,
) -> BoxFuture<'a, Result<Valid<S>>> {
    Box::pin(async move {
        let shape = shape::<S>(request)?;
        let row = instance.as_ref().and_then(S::row);
        let context = Context::new(request, row, partial)?.changing(instance.is_some());
        let attributes = engine::root(&shape, data, &context).await?;
        drop(context);
        Ok(Valid::new(attributes, request, instance, partial))
    })
}

/// A row as JSON text.
///
/// # Errors
/// What the database refuses, and what JSON cannot say.
pub fn to_json<'a, S: Serializer>(request: &'a Request, row: &'a ModelOf<S>) -> BoxFuture<'a, Result<Vec<u8>>> {
    Box::pin(async move {
        let shape = shape::<S>(request)?;
        match (S::row(row), S::attributes(row)) {
            (Some(row), _) => structs(request, &shape, vec![row], true).await,
            (None, Some(attributes)) => {
                let context = Context::new(request, None, false)?;
                let mut out = vec![];
                data::write(&shape, attributes, &context, &mut out).await?;
                Ok(out)
            }
            (None, None) => Err(Error::internal(format!("`{}` has nothing to show", shape.name))),
        }
    })
}

/// Rows as a JSON list. What they lack and the serializer shows comes by one query for each relation.
///
/// # Errors
/// As [`to_json`].
pub fn to_json_many<'a, S: Serializer>(request: &'a Request, rows: &'a [ModelOf<S>]) -> BoxFuture<'a, Result<Vec<u8>>> {
    Box::pin(async move {
        let shape = shape::<S>(request)?;
        if let Some(rows) = rows.iter().map(S::row).collect::<Option<Vec<_>>>() {
            return structs(request, &shape, rows, false).await;
        }
        let mut out = vec![b'['];
        for (number, row) in rows.iter().enumerate() {
            if number > 0 {
                out.push(b',');
            }
            out.extend(to_json::<S>(request, row).await?);
        }
        out.push(b']');
        Ok(out)
    })
}

async fn structs(request: &Request, shape: &Shape, rows: Vec<&dyn Instance>, is_one: bool) -> Result<Vec<u8>> {
    let context = Context::new(request, None, false)?;
    let model = shape.model.ok_or_else(|| Error::internal(format!("`{}` has no model", shape.name)))?;
    let mut set = Set::of_structs(context.registry(), model, rows);
    load::load(context.db(), context.registry(), &mut set, &shape.needs).await?;
    if shape.asks_for_rows() {
        later::ask(shape, &mut set, &context).await?;
    }
    if is_one {
        let mut out = Vec::with_capacity(Room::USUAL);
        write::one(shape, &set, 0, &context, &mut out)?;
        return Ok(out);
    }
    listed(shape, &set, &context)
}

/// The rows of a query as a JSON list: straight from the database's cells to text, where no function of the serializer
/// wants structs.
///
/// # Errors
/// As [`to_json`].
pub fn query_to_json<'a, S: ModelSerializer>(
    request: &'a Request,
    rows: QuerySet<ModelOf<S>>,
) -> BoxFuture<'a, Result<Vec<u8>>> {
    let untyped = rows.untyped();
    if untyped.has_prefetched() {
        // Rows that came along by queries of their own are in structs only.
        return Box::pin(async move {
            let rows = untyped.typed::<ModelOf<S>>().map_err(Error::internal)?;
            let rows = rows.all(request).await.map_err(Error::internal)?;
            to_json_many::<S>(request, &rows).await
        });
    }
    Box::pin(async move { cells(request, &*shape::<S>(request)?, untyped).await })
}

async fn cells(request: &Request, shape: &Shape, rows: Untyped) -> Result<Vec<u8>> {
    let context = Context::new(request, None, false)?;
    let model = shape.model.ok_or_else(|| Error::internal(format!("`{}` has no model", shape.name)))?;
    let answer =
        join(rows, shape, context.registry(), model).fetch(Db::from(request)).await.map_err(Error::internal)?;
    let mut set = load::cells(context.registry(), model, answer);
    if let (true, Some(facts)) = (shape.wants_structs(), shape.facts) {
        load::structs(context.registry(), &mut set, facts)?;
    }
    load::load(context.db(), context.registry(), &mut set, &shape.needs).await?;
    if shape.asks_for_rows() {
        later::ask(shape, &mut set, &context).await?;
    }
    listed(shape, &set, &context)
}

/// All rows of a set as a JSON list.
fn listed(shape: &Shape, set: &Set<'_>, context: &Context<'_>) -> Result<Vec<u8>> {
    let all: Vec<usize> = (0..set.len()).collect();
    let mut out = shape.room.of(set.len());
    write::many(shape, set, &all, context, &mut out)?;
    shape.room.learn(set.len(), &out);
    Ok(out)
}

/// Rows behind keys come in the same rows, where the query's rows stay the same by that; and of all of them the columns
/// that are shown.
fn join(rows: Untyped, shape: &Shape, registry: &Registry, model: ModelId) -> Untyped {
    fn relations(needs: &[Need], before: &Path, to: &mut Vec<Path>) {
        for need in needs.iter().filter(|need| need.is_joined()) {
            let path = before.then(need.link.name.clone());
            if !to.contains(&path) {
                to.push(path.clone());
            }
            relations(&need.needs, &path, to);
        }
    }
    rows.with(|query| {
        let is_plain = query.combined.is_none() && query.lock.is_none() && query.distinct == Distinct::No;
        let is_whole = query.select == Select::All && !query.steps.iter().any(|step| matches!(step, Step::Values(_)));
        if !(is_plain && is_whole) {
            return;
        }
        shape.shown.narrow(query, || paths(registry, model, shape.columns().as_ref(), (true, &shape.needs)));
        let mut all = match &query.related {
            Related::None => vec![],
            Related::Paths(paths) => paths.clone(),
            Related::All => return,
        };
        relations(&shape.needs, &Path::default(), &mut all);
        if !all.is_empty() {
            query.related = Related::Paths(all);
        }
    })
}

/// Parses data by a serializer's fields, as `to_internal_value` of the reference does: for functions that do more.
///
/// # Errors
/// 400 with all that is wrong, by field.
pub fn to_internal_value<'a, S: Declared>(
    data: &'a Data,
    context: &'a Context<'a>,
) -> BoxFuture<'a, Result<super::Changes<S>>> {
    Box::pin(async move {
        let shape: Arc<Shape> = shape::<S>(context.request())?;
        super::fields::values(&shape, data, context).await.map(Into::into)
    })
}
