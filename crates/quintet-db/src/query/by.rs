//! Rows of a model by the value of one of its columns, as most rows are asked for: by a statement that is kept for that.

use quintet_core::query::{Condition, Expr, ModelId, ModelInfo, Name, Ordering, Path, Query, Statement, Step, tag};
use quintet_core::schema::Value;
use quintet_core::sql::Dialect;

use super::singles::Verb;
use crate::database::{Boxed, Db};
use crate::error::Result;
use crate::run::Fetched;

/// The rows of a model, as its manager gives them, whose column at this place has this value; so many at most.
///
/// # Errors
/// The value is none of the column's; what the database refuses.
pub fn rows_by(
    db: Db<'_>,
    model: ModelId,
    column: usize,
    value: Value,
    most: i64,
) -> impl Future<Output = Result<Fetched>> + Send {
    By { model, column, shown: None, most: Some(most), is_managed: true }.fetch(db, value)
}

/// What is asked of a model, but for the value.
#[derive(Clone, Copy)]
pub(super) struct By {
    pub(super) model: ModelId,
    pub(super) column: usize,
    /// The column that is read besides; nothing for whole rows.
    pub(super) shown: Option<usize>,
    pub(super) most: Option<i64>,
    /// Whether what the model's manager leaves out is not there.
    pub(super) is_managed: bool,
}

impl By {
    /// The rows of this value.
    pub(super) async fn fetch(mut self, db: Db<'_>, value: Value) -> Result<Fetched> {
        let models = db.models()?;
        let info = models.registry().model(self.model);
        let db = db.routed((&info.state.app, &info.state.name), false)?;
        let is_unique = info.key == [self.column] || info.columns[self.column].field.unique;
        if is_unique && info.state.options.managed && value != Value::Null {
            // Of one row at most there is nothing to cut off.
            self.most = None;
        }
        let (kept, key) = (models.singles(self.model), self.key(db.dialect(), &value));
        // A manager may say something else each time.
        let Some(key) = key.filter(|_| !(self.is_managed && models.is_managed(self.model))) else {
            return self.asked(db, value).await;
        };
        if let Some(plan) = kept.get(&key) {
            let most = self.most.map(Value::Int);
            let rows = match &most {
                Some(most) => db.find_bound(&plan, &[&value, most]).await?,
                None => db.find_bound(&plan, &[&value]).await?,
            };
            return Ok(Fetched { rows, compiled: Some(plan) });
        }
        let fetched = self.asked(db, value).await?;
        if let Some(plan) = &fetched.compiled {
            kept.put(key, plan.clone());
        }
        Ok(fetched)
    }

    /// The same by a query that is put together: boxed, as all that is large and seldom.
    fn asked(self, db: Db<'_>, value: Value) -> Boxed<'_, Result<Fetched>> {
        Box::pin(async move {
            let models = db.models()?;
            let rows = if self.is_managed { models.rows_of(self.model) } else { models.all_rows_of(self.model) };
            let query = self.query(rows, models.registry().model(self.model), value);
            db.select(&Statement::Select(&query)).await
        })
    }

    /// All that the text of the statement follows from. Nothing for lists.
    fn key(&self, dialect: Dialect, value: &Value) -> Option<Vec<u8>> {
        if matches!(value, Value::List(_)) {
            return None;
        }
        let mut key = Vec::with_capacity(32);
        key.push(Verb::Find.of(dialect));
        for column in [self.column, self.shown.unwrap_or(usize::MAX)] {
            key.extend_from_slice(&column.to_le_bytes());
        }
        // Of a limit it matters whether it is one.
        key.push(self.most.map_or(0, |most| most.clamp(1, 2) as u8));
        tag(value, &mut key);
        Some(key)
    }

    fn query(&self, mut rows: Query, info: &ModelInfo, value: Value) -> Query {
        let path = |column: usize| Path::from_iter([info.columns[column].name.clone()]);
        rows.steps.push(Step::Filter(Condition::Lookup(path(self.column), Expr::Value(value))));
        if let Some(other) = self.shown {
            let shown = |name: &'static str, column| (Name::Borrowed(name), Expr::F(path(column)));
            rows.steps.push(Step::Values(vec![shown("quintet_by", self.column), shown("quintet_other", other)]));
        }
        rows.ordering = Ordering::By(vec![]);
        rows.slice.limit = self.most.map(Value::Int);
        rows
    }
}
