//! An update of the tables of several models: a child's and its parents'.
//!
//! The keys are read first, so that no part changes which rows the next one finds; all of it is one transaction.

use quintet_core::query::{Assign, Condition, Expr, ModelInfo, Path, Query, Split, Statement, Step};
use quintet_core::schema::Value;

use crate::database::Db;
use crate::error::Result;

/// How many keys a statement names.
const AT_ONCE: usize = 500;

/// Gives how many rows of the first part there were.
pub(super) async fn run(db: Db<'_>, split: &Split, values: Vec<Value>, assigned: &[Assign]) -> Result<u64> {
    let registry = db.registry()?;
    let transaction = db.transaction().await?;
    let rows = Db::from(&transaction).fetch(&split.keys.sql, values).await?;
    let mut touched = None;
    for part in &split.parts {
        let assigns: Vec<Assign> = part.assigns.iter().filter_map(|at| assigned.get(*at)).cloned().collect();
        let keys: Vec<Value> = rows.iter().filter_map(|row| row.get(part.key)).cloned().map(Value::from).collect();
        let mut count = 0;
        for keys in keys.chunks(AT_ONCE) {
            let query = with_keys(registry.model(part.model), keys);
            // A part is of one table, so that this goes no deeper.
            count += Box::pin(Db::from(&transaction).run(&Statement::Update(&query, &assigns))).await?;
        }
        touched.get_or_insert(count);
    }
    transaction.commit().await?;
    Ok(touched.unwrap_or_default())
}

fn with_keys(model: &ModelInfo, keys: &[Value]) -> Query {
    let mut query = Query::of(model.state.app.clone(), model.state.name.clone());
    let condition = Condition::Lookup(Path::parse("pk__in"), Expr::Value(Value::List(keys.to_vec())));
    query.steps.push(Step::Filter(condition));
    query
}
