//! How the rows of an answer are read: out of what the compiler says of its columns.

use quintet_core::query::{Compiled, Link, ModelId, Name, Output, Part, Query, Registry, Statement, Way};
use quintet_core::schema::Value;
use quintet_core::sql::Dialect;

use super::ask::Asked;
use super::read::{Layout, Place, Plan};
use crate::database::Db;
use crate::error::Result;

/// Where the columns of the query's own model stand: place among its columns, and cell.
#[derive(Debug, Default)]
pub(crate) struct Columns(Vec<(usize, usize)>);

impl Columns {
    pub(crate) fn place(&self, column: usize) -> Option<usize> {
        self.0.iter().find(|(place, _)| *place == column).map(|(_, cell)| *cell)
    }
}

pub(crate) fn of(registry: &Registry, compiled: Option<&Compiled>) -> (Plan, Columns) {
    let Some(compiled) = compiled else { return (Plan::default(), Columns::default()) };
    let mut layouts: Vec<Option<Layout>> = compiled
        .rows
        .iter()
        .map(|row| {
            let find = |column: usize| row.columns.iter().find(|(place, _)| *place == column).map(|(_, at)| *at);
            Some(Layout::new(registry, row.model, &find))
        })
        .collect();
    // The last ones first: what is behind a row is there before the row goes where it belongs.
    for number in (1..compiled.rows.len()).rev() {
        let row = &compiled.rows[number];
        let (Some(field), Some(parent)) = (row.path.last(), row.parent) else { continue };
        let layout = layouts[number].take();
        if let (Some(layout), Some(Some(parent))) = (layout, layouts.get_mut(parent)) {
            parent.join(field, layout);
        }
    }
    let columns = compiled.rows.first().map(|row| row.columns.clone()).unwrap_or_default();
    let rows = layouts.into_iter().next().flatten();
    (Plan { rows, values: places(&compiled.outputs), beside: vec![] }, Columns(columns))
}

fn places(outputs: &[Output]) -> Vec<(Place, Option<quintet_core::schema::Kind>)> {
    let values = outputs.iter().enumerate().filter(|(_, output)| output.part == Part::Value);
    values.map(|(at, output)| (Place::new(Some(at), output.kind.as_ref()), output.kind.clone())).collect()
}

/// Of values alone, by name.
pub(crate) fn values<'n>(compiled: Option<&Compiled>, names: impl Iterator<Item = &'n Name>) -> Plan {
    let outputs = compiled.map(|compiled| compiled.outputs.as_slice()).unwrap_or_default();
    let place = |name: &Name| {
        let at = outputs.iter().position(|output| output.name == *name);
        let kind = at.and_then(|at| outputs[at].kind.clone());
        (Place::new(at, kind.as_ref()), kind)
    };
    Plan { rows: None, values: names.map(place).collect(), beside: vec![] }
}

/// The name of a relation of many seen from its other side.
pub(crate) fn turned(registry: &Registry, link: &Link) -> Option<String> {
    let Way::Between { through, here, near, far, there } = link.way else { return None };
    let turned = Way::Between { through, here: there, near: far, far: near, there: here };
    let links = &registry.model(link.target).links;
    let back = links.values().find(|back| back.way == turned && back.name != link.name);
    back.or_else(|| links.values().find(|back| back.way == turned)).map(|back| back.name.clone())
}

/// A query's model.
pub(crate) fn model_of(registry: &Registry, query: &Query) -> Option<ModelId> {
    registry.find(&query.model.0, &query.model.1)
}

/// How the database would go about a query.
pub(crate) async fn explain(db: Db<'_>, asked: Asked) -> Result<String> {
    let asked = asked.right()?;
    let (app, name) = &asked.query.model;
    let db = db.routed((app, name), false)?;
    let Some((sql, values)) = db.sql(&Statement::Select(&asked.query))? else {
        return Ok("no database is asked".to_owned());
    };
    let words = match db.dialect() {
        Dialect::Sqlite => "EXPLAIN QUERY PLAN ",
        Dialect::Postgres => "EXPLAIN ",
    };
    let rows = db.query(&format!("{words}{sql}"), &values).await?;
    let line = |row: &crate::row::Row| match row.values().last() {
        Some(Value::Text(text)) => text.clone(),
        other => format!("{other:?}"),
    };
    Ok(rows.iter().map(line).collect::<Vec<_>>().join("\n"))
}
