//! Asks a database one recorded query; what comes is written as the recorder writes it.

use std::sync::Arc;

use quintet_core::query::{Compiled, Part, Registry, Statement};
use quintet_core::schema::Value;
use quintet_db::query::loaded;
use quintet_db::{Cell, Db, Plan, Result};
use serde_json::{Map, Value as Json, json};

use crate::recorded::query::{Asked, Recorded};
use crate::same::written;

/// What came, and the SQL that asked for it.
pub(crate) struct Answer {
    /// As in `result`: rows, a value, or an error.
    pub(crate) result: Json,
    /// The statements.
    pub(crate) sql: String,
}

/// Asks, in a transaction that is taken back.
pub(crate) async fn ask(db: Db<'_>, one: &Recorded) -> Answer {
    let sql = match db.sql(&one.statement()) {
        Ok(Some((sql, values))) => format!("{sql} {values:?}"),
        _ => String::new(),
    };
    let result = match answer(db, one).await {
        Ok(result) => result,
        Err(error) => json!({ "error": format!("{:?}", error.kind()), "message": error.to_string() }),
    };
    Answer { result, sql }
}

async fn answer(db: Db<'_>, one: &Recorded) -> Result<Json> {
    if let Some(then) = &one.then {
        let count = db.run(&one.statement()).await?;
        let rows = Found::of(db, &Statement::Select(then)).await?.rows(false);
        return Ok(json!({ "count": count, "rows": rows }));
    }
    let found = Found::of(db, &one.statement()).await?;
    let first = found.rows.first();
    Ok(match &one.asked {
        Asked::Count => json!({ "value": first.map_or(json!(0), |row| written(&row[0])) }),
        Asked::Exists => json!({ "value": first.is_some() }),
        Asked::Aggregate(_) => {
            let names =
                found.compiled.iter().flat_map(|compiled| &compiled.outputs).map(|output| output.name.to_string());
            json!({ "values": names.zip(first.into_iter().flatten().map(written)).collect::<Map<_, _>>() })
        }
        _ => json!({ "rows": found.rows(one.is_full) }),
    })
}

/// What came, with the models that it is about.
struct Found {
    registry: Arc<Registry>,
    compiled: Option<Plan>,
    rows: Vec<Vec<Value>>,
}

impl Found {
    async fn of(db: Db<'_>, statement: &Statement<'_>) -> Result<Self> {
        let registry = Arc::clone(db.registry()?);
        let fetched = db.select(statement).await?;
        let Some(compiled) = fetched.compiled else { return Ok(Self { registry, compiled: None, rows: vec![] }) };
        let row = |row: &[Cell]| {
            let cells = row.iter().cloned().zip(&compiled.outputs);
            cells.map(|(cell, output)| loaded(cell, output.kind.as_ref())).collect::<Vec<_>>()
        };
        let rows = fetched.rows.iter().map(row).collect();
        Ok(Self { registry, compiled: Some(compiled), rows })
    }

    /// Rows as they are recorded.
    fn rows(&self, is_full: bool) -> Vec<Json> {
        let Some(compiled) = &self.compiled else { return vec![] };
        let values = |row: &[Value]| -> Vec<Json> {
            let own = compiled.outputs.iter().zip(row).filter(|(output, _)| output.part == Part::Value);
            own.map(|(_, value)| written(value)).collect()
        };
        self.rows
            .iter()
            .map(|row| {
                if compiled.rows.is_empty() {
                    Json::Array(values(row))
                } else if is_full {
                    self.whole(compiled, row, 0).unwrap_or_default()
                } else {
                    let mut all = vec![self.key(compiled, row)];
                    all.extend(values(row));
                    Json::Array(all)
                }
            })
            .collect()
    }

    fn key(&self, compiled: &Compiled, row: &[Value]) -> Json {
        let own = &compiled.rows[0];
        let output = |place: usize| own.columns.iter().find(|(column, _)| *column == place).map(|(_, output)| *output);
        let places = self.registry.model(own.model).key.iter().filter_map(|place| output(*place));
        let mut key: Vec<Json> = places.map(|at| written(&row[at])).collect();
        if key.len() == 1 { key.remove(0) } else { json!({ "$key": key }) }
    }

    /// A row of a model with all that came; nothing where there is none.
    fn whole(&self, compiled: &Compiled, row: &[Value], at: usize) -> Option<Json> {
        let own = &compiled.rows[at];
        let model = self.registry.model(own.model);
        let is_missing = |(place, output): &(usize, usize)| model.key.contains(place) && row[*output] == Value::Null;
        if own.is_optional && own.columns.iter().any(is_missing) {
            return None;
        }
        let fields =
            own.columns.iter().map(|(place, output)| (model.columns[*place].attname.clone(), written(&row[*output])));
        let mut whole = json!({ "fields": fields.collect::<Map<_, _>>() });
        let annotations = compiled.outputs.iter().zip(row).filter(|(output, _)| at == 0 && output.part == Part::Value);
        let annotations: Map<_, _> =
            annotations.map(|(output, value)| (output.name.to_string(), written(value))).collect();
        if !annotations.is_empty() {
            whole["annotations"] = Json::Object(annotations);
        }
        let related = (0..compiled.rows.len()).filter(|other| compiled.rows[*other].parent == Some(at) && *other != at);
        let related: Map<_, _> = related
            .map(|other| {
                let name = compiled.rows[other].path.last().map(ToString::to_string).unwrap_or_default();
                (name, self.whole(compiled, row, other).unwrap_or_default())
            })
            .collect();
        if !related.is_empty() {
            whole["related"] = Json::Object(related);
        }
        Some(whole)
    }
}
