//! New rows of one table.

use crate::query::ast::{Conflict, Expr, Insert};
use crate::query::error::QueryError;
use crate::query::fragment::Fragment;
use crate::query::{ModelId, Name};
use crate::sql::{Dialect, quote};

use super::Compiler;
use super::names::shown;
use super::output::{Part, Row};
use super::select::{Found, Selected};
use super::write::Written;

impl<'q> Compiler<'_, 'q> {
    /// Inserts rows.
    pub(super) fn insert(&mut self, insert: &'q Insert) -> Result<Option<Written<'q>>, QueryError> {
        if insert.rows.is_empty() {
            return Ok(None);
        }
        let model = self.model(&insert.model)?;
        self.push_query(model)?;
        let written = self.insert_rows(insert, model);
        self.pop_query();
        written.map(Some)
    }

    fn insert_rows(&mut self, insert: &'q Insert, model: ModelId) -> Result<Written<'q>, QueryError> {
        let info = self.cx.registry.model(model);
        let places = self.own_columns(model, &insert.fields)?;
        let is_sqlite = self.cx.dialect == Dialect::Sqlite;
        let ignores = insert.conflict == Some(Conflict::Ignore);
        let verb = if ignores && is_sqlite { "INSERT OR IGNORE INTO" } else { "INSERT INTO" };
        let mut sql = Fragment::new(format!("{verb} {} (", quote(&info.table)), None);
        // A row without anything has its key made by the database.
        let named = if places.is_empty() { info.key.clone() } else { places.clone() };
        let columns: Vec<String> = named.iter().map(|place| quote(&info.columns[*place].column)).collect();
        sql.push(&columns.join(", "));
        sql.push(") VALUES ");
        for (number, row) in insert.rows.iter().enumerate() {
            if number > 0 {
                sql.push(", ");
            }
            sql.add(self.insert_row(row, &places, model)?);
        }
        self.push_conflict(&mut sql, insert, model)?;
        let mut found = Row { model, path: vec![], parent: None, is_optional: false, columns: vec![] };
        let mut selected = vec![];
        let returning = self.own_columns(model, &insert.returning)?;
        // SQLite tells the number of a new row by itself, and a row that is to be given back costs it more than that.
        let is_told = is_sqlite && insert.rows.len() == 1 && insert.conflict.is_none() && returning == info.key;
        let is_told = is_told && returning.iter().all(|place| info.columns[*place].field.kind.is_auto());
        for (number, place) in returning.into_iter().enumerate() {
            let column = &info.columns[place];
            if !is_told {
                sql.push(if number == 0 { " RETURNING " } else { ", " });
                sql.push(&format!("{}.{}", quote(&info.table), quote(&column.column)));
            }
            found.columns.push((place, number));
            let piece = super::piece::Piece::constant(Fragment::new("", Some(column.kind.clone())));
            let (name, part) = (Name::from(column.attname.clone()), Part::Column { row: 0, place });
            selected.push(Selected { piece, alias: None, name, part });
        }
        let rows = if selected.is_empty() { vec![] } else { vec![Found { row: found, tables: vec![] }] };
        Ok(Written { sql, selected, rows, is_grouped: false })
    }

    fn insert_row(&mut self, row: &'q [Expr], places: &[usize], model: ModelId) -> Result<Fragment<'q>, QueryError> {
        if row.len() != places.len() {
            return Err(QueryError::usage(format!("a row of {} values for {} fields", row.len(), places.len())));
        }
        let info = self.cx.registry.model(model);
        if row.is_empty() {
            let default = if self.cx.dialect == Dialect::Sqlite { "NULL" } else { "DEFAULT" };
            let all: Vec<&str> = info.key.iter().map(|_| default).collect();
            return Ok(Fragment::new(format!("({})", all.join(", ")), None));
        }
        let mut values = vec![];
        for (place, value) in places.iter().zip(row) {
            let column = &info.columns[*place];
            let before = self.q().tables.len();
            let value = self.saved_value(value, &column.kind, &column.name)?;
            if self.q().tables.len() > before {
                return Err(QueryError::value(format!(
                    "`{}` is given another field's value: a new row has none yet",
                    column.name
                )));
            }
            values.push(value);
        }
        Ok(Fragment::join(values, ", ").between("(", ")"))
    }

    /// What is done where a row is there already.
    fn push_conflict(&self, sql: &mut Fragment<'q>, insert: &Insert, model: ModelId) -> Result<(), QueryError> {
        let info = self.cx.registry.model(model);
        let names = |fields: &[Name]| -> Result<Vec<String>, QueryError> {
            let places = self.own_columns(model, fields)?;
            Ok(places.iter().map(|place| quote(&info.columns[*place].column)).collect())
        };
        match &insert.conflict {
            None => {}
            Some(Conflict::Ignore) if self.cx.dialect == Dialect::Sqlite => {}
            Some(Conflict::Ignore) => sql.push(" ON CONFLICT DO NOTHING"),
            Some(Conflict::Update { unique, fields }) => {
                if unique.is_empty() || fields.is_empty() {
                    return Err(QueryError::usage(
                        "an update of rows that are there needs the fields that make them the same, and those to update",
                    ));
                }
                if self.own_columns(model, fields)?.iter().any(|place| info.key.contains(place)) {
                    return Err(QueryError::usage(
                        "a primary key is not updated where a row is there: it says which row it is",
                    ));
                }
                let set: Vec<String> =
                    names(fields)?.into_iter().map(|name| format!("{name} = EXCLUDED.{name}")).collect();
                sql.push(&format!(" ON CONFLICT ({}) DO UPDATE SET {}", names(unique)?.join(", "), set.join(", ")));
            }
        }
        Ok(())
    }

    /// The places of fields that the model's own table has; `pk` may be several.
    fn own_columns(&self, model: ModelId, fields: &[Name]) -> Result<Vec<usize>, QueryError> {
        let info = self.cx.registry.model(model);
        let mut places = vec![];
        for name in fields {
            if name == "pk" {
                places.extend(info.key.iter().copied());
                continue;
            }
            let place = info.place(name).ok_or_else(|| self.unknown(name, model))?;
            if info.columns[place].owner != info.concrete {
                return Err(QueryError::name(format!(
                    "`{}` is a field of a parent's table, where it is inserted by itself",
                    shown(name)
                )));
            }
            places.push(place);
        }
        Ok(places)
    }
}
