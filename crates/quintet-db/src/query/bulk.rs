//! Rows by what names them: their primary keys, or another field of which no two rows have the same.

use std::collections::HashMap;
use std::hash::Hash;

use quintet_core::query::{Condition, Distinct, Expr, ModelInfo, Path, Query, QueryError, Slice, Step};
use quintet_core::schema::Constraint;

use super::ask::{self, Answer, Asked};
use super::column::Column;
use super::operand::Operand;
use super::running::Running;
use super::selection::{Shape, Whole, With};
use super::set::QuerySet;
use crate::database::Db;
use crate::error::Result;
use crate::model::{FieldType, KeyValue, Model};

/// How many values a statement names.
const AT_ONCE: usize = 5000;

impl<M: Model> QuerySet<M, Whole> {
    /// The rows with these primary keys, by key.
    pub fn in_bulk<'a, I>(self, db: impl Into<Db<'a>>, keys: I) -> Running<'a, HashMap<M::Key, M>>
    where
        I: IntoIterator<Item = M::Key>,
        M::Key: Hash + Eq,
    {
        let keys = keys.into_iter().map(|key| Expr::Value(key.to_value())).collect();
        let answers = named(db.into(), self.asked(), Path::from_iter(["pk"]), keys);
        Running::then(Box::pin(answers), |answers| {
            let rows = read::<M, Whole>(answers)?;
            Ok(rows.into_iter().map(|row| (row.key(), row)).collect())
        })
    }

    /// The rows with these values in a field of which no two rows have the same, by that: `in_bulk_by(db, |n| n.slug(),
    /// ["a", "b"])`.
    pub fn in_bulk_by<'a, F, V, I>(
        self,
        db: impl Into<Db<'a>>,
        field: impl FnOnce(M::Columns) -> Column<F>,
        values: I,
    ) -> Running<'a, HashMap<F, M>>
    where
        F: FieldType + Hash + Eq,
        V: Operand<F::Compared>,
        I: IntoIterator<Item = V>,
    {
        let mut path = Err(QueryError::usage("rows are found by a field, not by what is computed"));
        let asked = self.annotate(|columns| {
            let column = field(columns);
            if let Expr::F(own) = column.expr() {
                path = Ok(own.clone());
            }
            column
        });
        let (mut asked, values) = (asked.asked(), values.into_iter().map(V::operand).collect());
        let path = path.unwrap_or_else(|why| {
            asked.wrong.get_or_insert(why);
            Path::default()
        });
        Running::then(Box::pin(unique(db.into(), asked, path, values)), |answers| {
            let rows = read::<M, With<Column<F>>>(answers)?;
            Ok(rows.into_iter().map(|(row, value)| (value, row)).collect())
        })
    }
}

fn read<M: Model, S: Shape<M>>(answers: Vec<Answer>) -> Result<Vec<S::Row>> {
    let mut all = vec![];
    for mut answer in answers {
        let plan = &answer.plan;
        for row in answer.rows.iter_mut() {
            all.push(S::read(row, plan)?);
        }
    }
    Ok(all)
}

async fn unique(db: Db<'_>, asked: Asked, path: Path, values: Vec<Expr>) -> Result<Vec<Answer>> {
    asked.right()?;
    let registry = db.registry()?;
    let info = registry.model(ask::model_of(registry, &asked.query)?);
    let is_first = asked.query.distinct == Distinct::On(vec![path.clone()]);
    if !is_first && !is_unique(info, &path) {
        let message =
            format!("`{}.{path}` may be the same in several rows, so that no row is found by it", info.label());
        return Err(QueryError::usage(message).into());
    }
    named(db, asked, path, values).await
}

/// Whether no two rows of a model have the same there, whatever else is in them.
fn is_unique(info: &ModelInfo, path: &Path) -> bool {
    let [name] = path.names() else { return false };
    let Some(place) = info.place(name) else { return false };
    let column = &info.columns[place];
    let is_alone = |constraint: &Constraint| match constraint {
        Constraint::Unique(unique) => unique.condition.is_none() && unique.fields == [column.name.as_str()],
        Constraint::Check(_) => false,
    };
    column.field.is_unique() || info.key == [place] || info.state.options.constraints.iter().any(is_alone)
}

/// The rows with one of these values, by as few queries as there may be.
async fn named(db: Db<'_>, asked: Asked, path: Path, values: Vec<Expr>) -> Result<Vec<Answer>> {
    asked.right()?;
    let Asked { query, prefetch, .. } = asked;
    if query.slice != Slice::default() {
        return Err(QueryError::usage("rows that were counted out are not found by what names them").into());
    }
    let mut answers = vec![];
    for values in values.chunks(AT_ONCE) {
        let query = with(&query, &path, values);
        let part = Asked { query, wrong: None, prefetch: prefetch.clone() };
        answers.push(ask::rows(db, part).await?);
    }
    Ok(answers)
}

fn with(query: &Query, path: &Path, values: &[Expr]) -> Query {
    let mut query = query.clone();
    query.steps.push(Step::Filter(Condition::Lookup(path.then("in"), Expr::List(values.to_vec()))));
    query
}
