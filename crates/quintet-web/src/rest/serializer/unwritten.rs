//! Rows that are not written yet: what is known of them, and what they have where nothing is said.

use quintet_core::query::{Column, Registry};
use quintet_core::schema::{Field, Initial, Kind, Value};
use quintet_db::Cell;
use quintet_db::model::Model;
use quintet_db::query::{layout, row_of};

use crate::http::{Error, Result};

/// What the reference's `create` gives a text of which nothing is said: the empty one.
///
/// Where the type of a field has no empty text, as an enum has none, nothing is given: then the row needs a value.
pub(super) fn with_empty_texts<M: Model>(registry: &Registry, columns: Vec<(String, Value)>) -> Vec<(String, Value)> {
    let empty = empty_texts::<M>(registry, &columns);
    if empty.is_empty() {
        return columns;
    }
    let all = [columns.clone(), empty].concat();
    if unwritten::<M>(registry, &all).is_ok() { all } else { columns }
}

fn empty_texts<M: Model>(registry: &Registry, columns: &[(String, Value)]) -> Vec<(String, Value)> {
    let Some(model) = registry.find(M::APP_LABEL, M::DEF.name) else { return vec![] };
    let info = registry.model(model);
    let mut empty = vec![];
    for column in info.columns.iter().filter(|column| column.owner == info.concrete) {
        let field = &column.field;
        let is_left = field.default.is_none() && field.db_default.is_none() && !field.null && !field.primary_key;
        let is_text = field.kind.empty_strings_allowed() && !matches!(field.kind, Kind::Binary { .. });
        let is_given = columns.iter().any(|(name, _)| *name == column.name || *name == column.attname);
        if is_left && is_text && !is_given {
            empty.push((column.name.clone(), Value::Text(String::new())));
        }
    }
    empty
}

/// A row that nobody has written yet, for functions that want to look at it: what is not known of it is empty.
pub(super) fn unwritten<M: Model>(registry: &Registry, columns: &[(String, Value)]) -> Result<M> {
    let model = registry.find(M::APP_LABEL, M::DEF.name);
    let model = model.ok_or_else(|| Error::internal(format!("`{}` is no model of this site", M::DEF.name)))?;
    let cells = registry.model(model).columns.iter().map(|column| {
        let given = columns.iter().find(|(name, _)| *name == column.name || *name == column.attname);
        let value = given.map(|(_, value)| value.clone());
        Cell::from(value.unwrap_or_else(|| initial(&column.field).unwrap_or_else(|| empty(column))))
    });
    let (mut cells, layout) = (cells.collect::<Vec<_>>(), layout::<M>(registry, &|place| Some(place)));
    row_of::<M>(&mut cells, &layout.map_err(Error::internal)?).map_err(Error::internal)
}

fn initial(field: &Field) -> Option<Value> {
    match field.default.as_ref()? {
        Initial::Value(value) => Some(value.clone()),
        Initial::Function(function) => Some(function.call()),
    }
}

/// The least value of a column's kind; nothing where it may be nothing.
fn empty(column: &Column) -> Value {
    if column.field.null {
        return Value::Null;
    }
    match &column.kind {
        Kind::Boolean => Value::Bool(false),
        Kind::Float => Value::Float(0.0),
        Kind::Decimal { .. } => Value::Decimal("0".to_owned()),
        Kind::Date { .. } => Value::Date("1970-01-01".to_owned()),
        Kind::DateTime { .. } => Value::DateTime("1970-01-01 00:00:00".to_owned()),
        Kind::Time { .. } => Value::Time("00:00:00".to_owned()),
        Kind::Duration => Value::Duration(0),
        Kind::Uuid => Value::Uuid("00000000-0000-0000-0000-000000000000".to_owned()),
        Kind::Json => Value::Json("null".to_owned()),
        Kind::Binary { .. } => Value::Bytes(vec![]),
        kind if kind.empty_strings_allowed() => Value::Text(String::new()),
        _ => Value::Int(0),
    }
}
