//! Rows of a model by the value of one of its columns, as most rows are asked for: by a statement that is kept for that.

use quintet_core::query::{Condition, Expr, ModelId, ModelInfo, Name, Ordering, Path, Query, Statement, Step, tag};
use quintet_core::schema::Value;
use quintet_core::sql::Dialect;

use super::singles::Verb;
use crate::database::Db;
use crate::error::Result;
use crate::run::Fetched;

/// The rows of a model, as its manager gives them, whose column at this place has this value; so many at most.
///
/// # Errors
/// The value is none of the column's; what the database refuses.
pub async fn rows_by(db: Db<'_>, model: ModelId, column: usize, value: Value, most: i64) -> Result<Fetched> {
    let by = By { model, column, shown: None, most: Some(most) };
    by.managed(db, value).await
}

/// Two columns of such rows: the one by which they are found, and another.
///
/// # Errors
/// As [`rows_by`].
pub async fn columns_by(db: Db<'_>, model: ModelId, column: usize, other: usize, value: Value) -> Result<Fetched> {
    let by = By { model, column, shown: Some(other), most: None };
    by.managed(db, value).await
}

/// What is asked of a model, but for the value.
pub(super) struct By {
    pub(super) model: ModelId,
    pub(super) column: usize,
    /// The column that is read besides; nothing for whole rows.
    pub(super) shown: Option<usize>,
    pub(super) most: Option<i64>,
}

impl By {
    async fn managed(self, db: Db<'_>, value: Value) -> Result<Fetched> {
        match db.models()?.managed_rows(self.model) {
            None => self.of_all(db, value).await,
            Some(rows) => {
                let query = self.query(rows, db.registry()?.model(self.model), value);
                // Boxed: seldom, and large.
                Box::pin(db.select(&Statement::Select(&query))).await
            }
        }
    }

    /// Of all rows, whatever the manager says.
    pub(super) async fn of_all(self, db: Db<'_>, value: Value) -> Result<Fetched> {
        let models = db.models()?;
        let info = models.registry().model(self.model);
        let all = || Query::of(info.state.app.clone(), info.state.name.clone());
        if matches!(value, Value::List(_)) {
            let query = self.query(all(), info, value);
            return Box::pin(db.select(&Statement::Select(&query))).await;
        }
        let db = db.routed((&info.state.app, &info.state.name), false)?;
        let (kept, key) = (models.singles(self.model), self.key(db.dialect(), &value));
        if let Some(plan) = kept.get(&key) {
            let most = self.most.map(Value::Int);
            let rows = match &most {
                Some(most) => db.read_bound(&plan, &[&value, most]).await?,
                None => db.read_bound(&plan, &[&value]).await?,
            };
            return Ok(Fetched { rows, compiled: Some(plan) });
        }
        let query = self.query(all(), info, value);
        let fetched = Box::pin(db.select(&Statement::Select(&query))).await?;
        if let Some(plan) = &fetched.compiled {
            kept.put(key, plan.clone());
        }
        Ok(fetched)
    }

    /// All that the text of the statement follows from.
    fn key(&self, dialect: Dialect, value: &Value) -> Vec<u8> {
        let mut key = Vec::with_capacity(32);
        key.push(Verb::Find.of(dialect));
        for column in [Some(self.column), self.shown] {
            key.extend_from_slice(&column.unwrap_or(usize::MAX).to_le_bytes());
        }
        // Of a limit it matters whether it is one.
        key.push(self.most.map_or(0, |most| most.clamp(1, 2) as u8));
        tag(value, &mut key);
        key
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
