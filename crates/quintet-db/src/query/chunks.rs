//! Rows in chunks, each with what comes along: as much in memory as a chunk, and one more query for each relation of it.

use std::fmt;
use std::marker::PhantomData;

use quintet_core::query::{ModelId, Statement};

use super::ask::{self, Asked};
use super::plan::{self, Columns, Reading};
use super::prefetch::Prefetch;
use super::read::Plan;
use super::running::Running;
use super::selection::Shape;
use super::set::QuerySet;
use super::verbs::all_of;
use crate::database::Db;
use crate::error::Result;
use crate::model::Model;
use crate::rows::Rows;
use crate::run::Stream;

/// Rows in chunks.
pub struct Chunks<'a, M: Model, S: Shape<M>> {
    source: Source<'a>,
    of: PhantomData<fn() -> (M, S)>,
}

struct Source<'a> {
    db: Db<'a>,
    stream: Stream,
    model: ModelId,
    plan: Plan,
    columns: Columns,
    prefetch: Vec<Prefetch>,
}

impl<M: Model, S: Shape<M>> QuerySet<M, S> {
    /// The rows in lists of so many, of which one is in memory, with what comes along by `prefetch_related` and
    /// `with_rows`.
    pub fn chunks<'a>(self, db: impl Into<Db<'a>>, at_once: usize) -> Running<'a, Chunks<'a, M, S>> {
        let source = begin(db.into(), self.asked(), at_once);
        Running::then(Box::pin(source), |source| Ok(Chunks { source, of: PhantomData }))
    }
}

async fn begin(db: Db<'_>, asked: Asked, at_once: usize) -> Result<Source<'_>> {
    asked.right()?;
    let registry = db.registry()?;
    let model = ask::model_of(registry, &asked.query)?;
    let stream = db.stream(&Statement::Select(&asked.query), at_once.max(1)).await?;
    let Reading { plan, columns } = plan::read(registry, &asked.query, stream.compiled());
    Ok(Source { db, stream, model, plan, columns, prefetch: asked.prefetch })
}

impl Source<'_> {
    async fn next(&mut self) -> Result<Option<(Rows, Plan)>> {
        let Some(rows) = self.stream.next().await? else { return Ok(None) };
        let mut plan = self.plan.clone();
        ask::come_along(self.db, self.model, self.prefetch.clone(), &rows, &self.columns, &mut plan).await?;
        Ok(Some((rows, plan)))
    }
}

impl<M: Model, S: Shape<M>> Chunks<'_, M, S> {
    /// The next rows; `None` behind the last.
    ///
    /// # Errors
    /// What the database refuses, and what does not fit the types of the fields.
    pub async fn next(&mut self) -> Result<Option<Vec<S::Row>>> {
        match self.source.next().await? {
            Some((mut rows, plan)) => all_of::<M, S>(&mut rows, &plan).map(Some),
            None => Ok(None),
        }
    }
}

impl<M: Model, S: Shape<M>> fmt::Debug for Chunks<'_, M, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Chunks")
    }
}
