//! How the rows of an answer are read: out of what the compiler says of its columns.

use std::sync::Arc;

use quintet_core::query::{Compiled, Explain, Link, Name, Output, Part, Query, Registry, Select, Statement, Way};
use quintet_core::schema::Value;

use super::ask::Asked;
use super::read::{Known, Layout, Place, Plan};
use crate::database::Db;
use crate::error::Result;
use crate::run;

/// Where the columns of the query's own model stand: place among its columns, and cell.
#[derive(Clone, Debug, Default)]
pub(crate) struct Columns(Arc<[(usize, usize)]>);

impl Columns {
    pub(crate) fn place(&self, column: usize) -> Option<usize> {
        self.0.iter().find(|(place, _)| *place == column).map(|(_, cell)| *cell)
    }
}

/// How the rows of a shape are read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    pub(crate) plan: Plan,
    pub(crate) columns: Columns,
}

/// How the rows of a query are read: found out once for its shape.
pub(crate) fn read(registry: &Registry, query: &Query, statement: Option<&run::Plan>) -> Reading {
    let found = |compiled: &Compiled| found(registry, query, compiled);
    statement.map(|statement| statement.reading(found).clone()).unwrap_or_default()
}

fn found(registry: &Registry, query: &Query, compiled: &Compiled) -> Reading {
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
    let rows = layouts.into_iter().next().flatten().map(Arc::new);
    let partly = is_partly(query).then(|| known(registry, compiled)).flatten();
    let plan = Plan { rows, values: places(&compiled.outputs), partly, ..Plan::default() };
    Reading { plan, columns: Columns(columns.into()) }
}

/// Whether rows are read in part; those of combined queries are as the first of them says.
fn is_partly(query: &Query) -> bool {
    let first = query.combined.as_ref().and_then(|combined| combined.queries.first());
    query.select != Select::All || first.is_some_and(is_partly)
}

/// What rows that are read in part need besides.
fn known(registry: &Registry, compiled: &Compiled) -> Option<Arc<Known>> {
    let row = compiled.rows.first()?;
    let place = |key: &usize| row.columns.iter().find(|(place, _)| place == key).map(|(_, at)| *at);
    let key = registry.model(row.model).key.iter().filter_map(place).collect();
    let columns = compiled.outputs.iter().take_while(|output| matches!(output.part, Part::Column { .. }));
    Some(Arc::new(Known { key, kinds: columns.map(|output| output.kind.clone()).collect() }))
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
    Plan { values: names.map(place).collect(), ..Plan::default() }
}

/// The name of a relation of many seen from its other side.
pub(crate) fn turned(registry: &Registry, link: &Link) -> Option<String> {
    let Way::Between { through, here, near, far, there } = link.way else { return None };
    let turned = Way::Between { through, here: there, near: far, far: near, there: here };
    let links = &registry.model(link.target).links;
    let back = links.values().find(|back| back.way == turned && back.name != link.name);
    back.or_else(|| links.values().find(|back| back.way == turned)).map(|back| back.name.clone())
}

/// How the database would go about a query.
pub(crate) async fn explain(db: Db<'_>, asked: Asked, how: Explain) -> Result<String> {
    asked.right()?;
    let (app, name) = &asked.query.model;
    let db = db.routed((app, name), false)?;
    let words = how.prefix(db.dialect())?;
    let Some((sql, values)) = db.sql(&Statement::Select(&asked.query))? else {
        return Ok("no database is asked".to_owned());
    };
    let rows = db.query(&format!("{words}{sql}"), &values).await?;
    let line = |row: &crate::row::Row| match row.values().last() {
        Some(Value::Text(text) | Value::Json(text)) => text.clone(),
        other => format!("{other:?}"),
    };
    Ok(rows.iter().map(line).collect::<Vec<_>>().join("\n"))
}
