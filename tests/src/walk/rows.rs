//! Rows in the tables of a walk: made before each step, and looked for after it.

use std::collections::{BTreeMap, BTreeSet};

use quintet_core::schema::{Field, Kind, ModelKey, ModelState, ProjectState, Value};
use quintet_db::{Database, Db, Transaction};

use super::change::Changed;
use super::field::value;
use crate::support::Random;

/// A row by the names of its columns.
pub(super) type Row = BTreeMap<String, Value>;

/// What stands in each table.
pub(super) type Rows = BTreeMap<String, Vec<Row>>;

/// Makes rows in all tables, one to two in each.
pub(super) async fn fill(
    db: &Database,
    state: &ProjectState,
    order: &[ModelKey],
    random: &mut Random,
    count: &mut usize,
) -> Result<(), String> {
    let transaction = db.transaction_of().await?;
    let mut filler = Filler { db: Db::from(&transaction), state, random, count, rows: Rows::new() };
    for key in order {
        let model = &state.models[key];
        if !model.has_table() {
            continue;
        }
        for _ in 0..1 + filler.random.below(2) {
            filler.row(model, 0).await?;
        }
        filler.joins(model).await?;
    }
    transaction.commit().await.map_err(|error| error.to_string())
}

struct Filler<'a> {
    db: Db<'a>,
    state: &'a ProjectState,
    random: &'a mut Random,
    count: &'a mut usize,
    rows: Rows,
}

impl Filler<'_> {
    fn number(&mut self) -> usize {
        *self.count += 1;
        *self.count
    }

    /// Makes a row, and those that it cannot be without.
    async fn row(&mut self, model: &ModelState, depth: usize) -> Result<Row, String> {
        if depth > 8 {
            return Err(format!("{}: rows need each other without an end", model.label()));
        }
        let mut values = Row::new();
        for (name, field) in model.all_fields() {
            let is_left_out = !field.has_column()
                || matches!(field.kind, Kind::Generated { .. })
                || field.kind.is_auto()
                || field.db_default.is_some() && self.random.below(2) == 0;
            if is_left_out {
                continue;
            }
            let value = match field.relation() {
                Some(_) => self.reference(&field, depth).await?,
                None if field.null && self.random.below(3) == 0 => Value::Null,
                None => value(&field.kind, self.number()),
            };
            values.insert(field.column(name), value);
        }
        self.insert(&model.table(), &values).await
    }

    /// A value that another row has; where each may be referred to once, that of a new row.
    async fn reference(&mut self, field: &Field, depth: usize) -> Result<Value, String> {
        let relation = field.relation().expect("a relation");
        let (owner, name, referred) = self.state.referred(relation).ok_or("a key to nothing")?;
        let column = referred.column(name);
        if field.null && (depth > 0 || self.random.below(2) == 0) {
            return Ok(Value::Null);
        }
        if field.is_unique() {
            return self.boxed(owner, depth + 1).await.map(|row| row[&column].clone());
        }
        let rows = self.of_table(&owner.table()).await?;
        if rows.is_empty() {
            return if field.null {
                Ok(Value::Null)
            } else {
                self.boxed(owner, depth + 1).await.map(|row| row[&column].clone())
            };
        }
        let at = self.random.below(self.rows[&owner.table()].len());
        Ok(self.rows[&owner.table()][at][&column].clone())
    }

    fn boxed<'b>(
        &'b mut self,
        model: &'b ModelState,
        depth: usize,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Row, String>> + Send + 'b>> {
        Box::pin(self.row(model, depth))
    }

    /// One row between the last row of the model and one of the other end, for each many-to-many field.
    async fn joins(&mut self, model: &ModelState) -> Result<(), String> {
        for (name, field) in &model.fields {
            let Some(join) = self.state.join_model(model, name, field) else { continue };
            let mut values = Row::new();
            for (name, key) in join.fields.iter().skip(1) {
                let relation = key.relation().expect("a key");
                let (owner, referred_name, referred) = self.state.referred(relation).ok_or("a key to nothing")?;
                let column = referred.column(referred_name);
                let rows = self.of_table(&owner.table()).await?;
                let Some(last) = rows.last() else { break };
                values.insert(key.column(name), last[&column].clone());
            }
            if values.len() == 2 {
                let table = join.table();
                let is_there = self.of_table(&table).await?.iter().any(|row| values.iter().all(|(k, v)| row[k] == *v));
                if !is_there {
                    self.insert(&table, &values).await?;
                }
            }
        }
        Ok(())
    }

    async fn of_table(&mut self, table: &str) -> Result<&Vec<Row>, String> {
        if !self.rows.contains_key(table) {
            let rows = rows_of(self.db, table).await?;
            self.rows.insert(table.to_owned(), rows);
        }
        Ok(&self.rows[table])
    }

    /// The row as it then stands, with what the database made of it.
    async fn insert(&mut self, table: &str, values: &Row) -> Result<Row, String> {
        self.of_table(table).await?;
        let columns: Vec<String> = values.keys().map(|column| format!("\"{column}\"")).collect();
        let places: Vec<String> = (1..=columns.len()).map(|number| format!("${number}")).collect();
        let what = if columns.is_empty() {
            "DEFAULT VALUES".to_owned()
        } else {
            format!("({}) VALUES ({})", columns.join(", "), places.join(", "))
        };
        let params: Vec<Value> = values.values().cloned().collect();
        let sql = format!("INSERT INTO \"{table}\" {what} RETURNING *");
        let made = self.db.query(&sql, &params).await.map_err(|error| format!("{sql} {params:?}: {error:?}"))?;
        let row = as_row(made.first().ok_or("no row came back")?);
        self.rows.get_mut(table).expect("just looked at").push(row.clone());
        Ok(row)
    }
}

trait Begin {
    async fn transaction_of(&self) -> Result<Transaction, String>;
}

impl Begin for Database {
    async fn transaction_of(&self) -> Result<Transaction, String> {
        Db::from(self).transaction().await.map_err(|error| error.to_string())
    }
}

fn as_row(row: &quintet_db::Row) -> Row {
    row.columns().iter().cloned().zip(row.values().iter().cloned()).collect()
}

async fn rows_of(db: Db<'_>, table: &str) -> Result<Vec<Row>, String> {
    let rows = db.query(&format!("SELECT * FROM \"{table}\""), &[]).await.map_err(|error| error.to_string())?;
    Ok(rows.iter().map(as_row).collect())
}

/// The tables of a state with their columns; of fields without those that have none.
fn tables(state: &ProjectState) -> Vec<(ModelKey, Option<String>, ModelState)> {
    let mut found = vec![];
    for (key, model) in state.models.iter().filter(|(_, model)| model.has_table()) {
        found.push((key.clone(), None, model.clone()));
        for (name, field) in &model.fields {
            if let Some(join) = state.join_model(model, name, field) {
                found.push((key.clone(), Some(name.clone()), join));
            }
        }
    }
    found
}

/// Everything that stands in the tables of a state.
pub(super) async fn all(db: &Database, state: &ProjectState) -> Result<Rows, String> {
    let mut rows = Rows::new();
    for (_, _, model) in tables(state) {
        rows.insert(model.table(), rows_of(Db::from(db), &model.table()).await?);
    }
    Ok(rows)
}

/// Deletes everything, in one transaction, at whose end references are looked at.
pub(super) async fn empty(db: &Database, state: &ProjectState) -> Result<(), String> {
    let transaction = db.transaction_of().await?;
    let names: Vec<String> =
        tables(state).iter().map(|(_, _, model)| format!("DELETE FROM \"{}\";", model.table())).collect();
    Db::from(&transaction).script(&names.join(" ")).await.map_err(|error| error.to_string())?;
    transaction.commit().await.map_err(|error| error.to_string())
}

/// Makes a column null in all rows.
pub(super) async fn clear(db: &Database, state: &ProjectState, key: &ModelKey, name: &str) -> Result<(), String> {
    let model = &state.models[key];
    let column = model.field(name).ok_or("no such field to clear")?.column(name);
    let sql = format!("UPDATE \"{}\" SET \"{column}\" = NULL", model.table());
    Db::from(db).execute(&sql, &[]).await.map(drop).map_err(|error| error.to_string())
}

/// Gives a column a value in all rows in which it is null; tells whether that could be done. It cannot for a key.
pub(super) async fn fill_nulls(
    db: &Database,
    state: &ProjectState,
    key: &ModelKey,
    name: &str,
    count: &mut usize,
) -> Result<bool, String> {
    let model = &state.models[key];
    let field = model.field(name).ok_or("no such field to fill")?;
    if field.relation().is_some() {
        return Ok(false);
    }
    let column = field.column(name);
    let table = model.table();
    let (id, _) = model.primary_key().ok_or("no key")?;
    let Some(id) = model.field(id).filter(|field| field.has_column()).map(|field| field.column(id)) else {
        return Ok(false);
    };
    let rows = rows_of(Db::from(db), &table).await?;
    for row in rows.iter().filter(|row| row[&column] == Value::Null) {
        *count += 1;
        let sql = format!("UPDATE \"{table}\" SET \"{column}\" = $1 WHERE \"{id}\" = $2");
        let params = [value(&field.kind, *count), row[&id].clone()];
        Db::from(db).execute(&sql, &params).await.map_err(|error| format!("{sql}: {error:?}"))?;
    }
    Ok(true)
}

/// Whether every row of before is still there, with the values that nothing changed. `back` says that the step was undone.
pub(super) fn kept(
    (before, had): (&ProjectState, &Rows),
    (after, have): (&ProjectState, &Rows),
    changes: &[Changed],
    back: bool,
) -> Result<(), String> {
    let new_key = |key: &ModelKey| {
        let renamed =
            changes.iter().flat_map(|one| &one.models).map(|(old, new)| if back { (new, old) } else { (old, new) });
        renamed.into_iter().find(|(old, _)| *old == key).map_or_else(|| key.clone(), |(_, new)| new.clone())
    };
    let new_name = |name: &str| {
        let renamed =
            changes.iter().flat_map(|one| &one.fields).map(|(_, old, new)| if back { (new, old) } else { (old, new) });
        renamed.into_iter().find(|(old, _)| *old == name).map_or_else(|| name.to_owned(), |(_, new)| new.clone())
    };
    let later = tables(after);
    for (key, many, model) in tables(before) {
        let (key, many_now) = (new_key(&key), many.as_deref().map(new_name));
        let Some((_, _, now)) = later.iter().find(|(own, name, _)| *own == key && *name == many_now) else { continue };
        let columns: Vec<(String, String)> = if many.is_some() {
            let pairs = model.fields.iter().zip(&now.fields);
            pairs.map(|((old, one), (new, other))| (one.column(old), other.column(new))).collect()
        } else {
            let all = model.all_fields();
            let fields = all.iter().filter(|(_, field)| field.has_column());
            fields
                .filter_map(|(name, field)| {
                    let new = new_name(name);
                    let there = now.all_fields().into_iter().find(|(own, _)| *own == new)?;
                    there.1.has_column().then(|| (field.column(name), there.1.column(&new)))
                })
                .collect()
        };
        let (old, new) = (&had[&model.table()], &have[&now.table()]);
        if old.len() != new.len() {
            return Err(format!("`{}` had {} rows, `{}` has {}", model.table(), old.len(), now.table(), new.len()));
        }
        // A null may have become a value; everything else stays.
        let nulls: BTreeSet<&String> = columns
            .iter()
            .filter(|(column, _)| old.iter().any(|row| row[column] == Value::Null))
            .map(|(c, _)| c)
            .collect();
        let certain: Vec<&(String, String)> = columns.iter().filter(|(column, _)| !nulls.contains(column)).collect();
        let mut one: Vec<Vec<String>> =
            old.iter().map(|row| certain.iter().map(|(column, _)| shown(&row[column])).collect()).collect();
        let mut other: Vec<Vec<String>> =
            new.iter().map(|row| certain.iter().map(|(_, column)| shown(&row[column])).collect()).collect();
        one.sort();
        other.sort();
        if one != other {
            return Err(format!("the rows of `{}` are others: {certain:?}\n{one:?}\n{other:?}", now.table()));
        }
        for (column, column_now) in columns.iter().filter(|(column, _)| nulls.contains(column)) {
            let mut values: Vec<String> = new.iter().map(|row| shown(&row[column_now])).collect();
            for value in old.iter().map(|row| &row[column]).filter(|value| **value != Value::Null).map(shown) {
                let at = values.iter().position(|one| *one == value);
                values.swap_remove(at.ok_or_else(|| format!("`{}.{column_now}` lost {value}", now.table()))?);
            }
        }
    }
    Ok(())
}

fn shown(value: &Value) -> String {
    match value {
        Value::Int(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        other => format!("{other:?}"),
    }
}
