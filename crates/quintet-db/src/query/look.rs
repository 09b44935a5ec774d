//! Values that are looked up in several models at once: by one statement, whose answer is one row.

use quintet_core::query::{Condition, Expr, ModelId, Ordering, Path, Query, Statement, Step, tag};
use quintet_core::schema::Value;

use super::by::By;
use super::singles::Verb;
use crate::database::{Boxed, Db};
use crate::error::Result;
use crate::models::Models;
use crate::rows::{Cell, Rows};
use crate::run::Plan;

/// What is looked up: a column of the first row of a model, as its manager gives them, by the value of a column.
#[derive(Clone, Debug)]
pub struct Look {
    /// The model.
    pub model: ModelId,
    /// The column that has a value.
    pub by: usize,
    /// That value.
    pub value: Value,
    /// The column whose value is asked for.
    pub shown: usize,
}

impl Look {
    /// Whether it can be asked among others: no manager says which rows there are, the rows are in this database, and where
    /// nothing is found there is no row.
    ///
    /// # Errors
    /// A router names a database that there is not.
    pub fn can_be_joined(&self, db: Db<'_>) -> Result<bool> {
        let models = db.models()?;
        let info = models.registry().model(self.model);
        // What equals a value is not null.
        let is_sure = self.by == self.shown || !info.columns[self.shown].field.null;
        if !is_sure || models.is_managed(self.model) || matches!(self.value, Value::Null | Value::List(_)) {
            return Ok(false);
        }
        Ok(db.routed((&info.state.app, &info.state.name), false)?.is_same(db))
    }

    /// What it finds; nothing where there is no row.
    ///
    /// # Errors
    /// The value is none of the column's; what the database refuses.
    pub async fn alone(self, db: Db<'_>) -> Result<Option<Cell>> {
        let Self { model, by, value, shown } = self;
        let by = By { model, column: by, shown: Some(shown), most: Some(1), is_managed: true };
        let fetched = by.fetch(db, value).await?;
        Ok(fetched.rows.into_cells().into_iter().nth(1))
    }

    fn query(&self, models: &Models) -> Query {
        let info = models.registry().model(self.model);
        let path = |column: usize| Path::from_iter([info.columns[column].name.clone()]);
        let mut rows = models.all_rows_of(self.model);
        rows.steps.push(Step::Filter(Condition::Lookup(path(self.by), Expr::Value(self.value.clone()))));
        rows.steps.push(Step::Values(vec![("quintet_look".into(), Expr::F(path(self.shown)))]));
        rows.ordering = Ordering::By(vec![]);
        rows
    }

    /// All that its part of the statement follows from.
    fn tag(&self, key: &mut Vec<u8>) {
        for number in [self.model, self.by, self.shown] {
            key.extend_from_slice(&number.to_le_bytes());
        }
        tag(&self.value, key);
    }
}

/// What each of several finds, all of which [can be joined](Look::can_be_joined); nothing where there is no row.
///
/// # Errors
/// One of the values is none of its column's, so that nothing is known of the others either; what the database refuses.
pub async fn look_up(db: Db<'_>, looks: &[Look]) -> Result<Vec<Option<Cell>>> {
    let Some(first) = looks.first() else { return Ok(vec![]) };
    let mut key = Vec::with_capacity(1 + 28 * looks.len());
    key.push(Verb::Look.of(db.dialect()));
    looks.iter().for_each(|look| look.tag(&mut key));
    let kept = db.models()?.looks(first.model);
    let rows = match kept.get(&key) {
        Some(plan) => {
            let values: Vec<&Value> = looks.iter().map(|look| &look.value).collect();
            db.find_bound(&plan, &values).await?
        }
        None => {
            let (rows, plan) = asked(db, looks).await?;
            if let Some(plan) = plan {
                kept.put(key, plan);
            }
            rows
        }
    };
    let found = |cell: Cell| (!cell.is_null()).then_some(cell);
    Ok(rows.into_cells().into_iter().map(found).collect())
}

/// The same by a statement that is put together: boxed, as all that is large and seldom.
fn asked<'a>(db: Db<'a>, looks: &'a [Look]) -> Boxed<'a, Result<(Rows, Option<Plan>)>> {
    Box::pin(async move {
        let models = db.models()?;
        let queries: Vec<Query> = looks.iter().map(|look| look.query(models)).collect();
        let fetched = db.select(&Statement::Firsts(&queries)).await?;
        Ok((fetched.rows, fetched.compiled))
    })
}
