//! Many rows that are there as structs, written by few statements.

use quintet_core::query::{Assign, Condition, Expr, Insert, ModelInfo, QueryError, Statement};
use quintet_core::schema::{Kind, Value};

use super::ask;
use super::made::automatic;
use super::save::{concrete, of};
use crate::database::{Boxed, Db};
use crate::error::Result;
use crate::model::{Instance, Slot};
use crate::rows::Rows;

/// Many rows at once: how, and what is done about rows that are there.
#[derive(Clone, Debug, Default)]
#[must_use = "options are given to `bulk_create_with`"]
pub struct Bulk {
    at_once: Option<usize>,
    conflict: Option<quintet_core::query::Conflict>,
}

impl Bulk {
    /// At most so many rows in one statement.
    pub fn batch_size(mut self, rows: usize) -> Self {
        self.at_once = Some(rows.max(1));
        self
    }

    /// Rows that meet one that is there are left out.
    pub fn ignore_conflicts(mut self) -> Self {
        self.conflict = Some(quintet_core::query::Conflict::Ignore);
        self
    }

    /// A row that is there, being equal in the first fields, gets the others.
    pub fn update_conflicts(mut self, unique: &[&str], fields: &[&str]) -> Self {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned().into()).collect();
        self.conflict = Some(quintet_core::query::Conflict::Update { unique: names(unique), fields: names(fields) });
        self
    }
}

/// Makes many rows with few statements; no signals, no rows of parents.
pub(crate) fn bulk_create<'a>(db: Db<'a>, rows: Vec<&'a mut dyn Instance>, how: Bulk) -> Boxed<'a, Result<()>> {
    Box::pin(async move {
        let Some(first) = rows.first() else { return Ok(()) };
        let db = db.routed(first.model(), true)?;
        let registry = db.registry()?;
        let model = concrete(registry, &**first)?;
        let info = registry.model(model);
        if !info.parents.is_empty() {
            let message =
                format!("rows of `{}` are in several tables, so that they cannot be made at once", info.state.name);
            return Err(QueryError::usage(message).into());
        }
        let mut rows = rows;
        let (mut keyed, mut keyless): (Vec<Vec<_>>, Vec<Vec<_>>) = rows
            .iter_mut()
            .map(|row| {
                let mut slots: Vec<&mut dyn Slot> = vec![];
                row.slots_mut(&mut slots);
                slots.retain(|slot| slot.has_column());
                slots
            })
            .partition(|slots| !slots.iter().any(|slot| slot.is_unset()));
        db.atomic(async |tx| {
            for group in [&mut keyed, &mut keyless] {
                let at_once = batch(db, group.first().map_or(1, Vec::len), how.at_once);
                for rows in group.chunks_mut(at_once) {
                    batch_of(tx.into(), info, rows, how.conflict.clone()).await?;
                }
            }
            Ok(())
        })
        .await
    })
}

/// Neither database takes more parameters in a statement than this.
fn batch(db: Db<'_>, columns: usize, wanted: Option<usize>) -> usize {
    let most = match db.dialect() {
        quintet_core::sql::Dialect::Sqlite => 999 / columns.max(1),
        quintet_core::sql::Dialect::Postgres => 60_000 / columns.max(1),
    };
    wanted.map_or(most, |wanted| wanted.min(most)).max(1)
}

async fn batch_of(
    db: Db<'_>,
    info: &ModelInfo,
    rows: &mut [Vec<&mut dyn Slot>],
    conflict: Option<quintet_core::query::Conflict>,
) -> Result<()> {
    let mut insert = Insert {
        model: (info.state.app.clone().into(), info.state.name.clone().into()),
        fields: vec![],
        rows: vec![],
        // Rows that are left out give nothing back, so that nobody could tell whose key is whose.
        returning: vec![],
        conflict,
    };
    let gives_back = insert.conflict != Some(quintet_core::query::Conflict::Ignore);
    let mut back = vec![];
    for (number, slots) in rows.iter_mut().enumerate() {
        let mut values = vec![];
        for (at, slot) in slots.iter_mut().enumerate() {
            let column = &info.columns[at];
            if slot.is_unset() || matches!(column.field.kind, Kind::Generated { .. }) {
                if number == 0 && gives_back {
                    insert.returning.push(column.name.clone().into());
                    back.push(at);
                }
                continue;
            }
            if let Some(now) = automatic(db, &column.field.kind, true) {
                slot.set(ask::cell_of(now))?;
            }
            if number == 0 {
                insert.fields.push(column.name.clone().into());
            }
            values.push(Expr::Value(slot.value()));
        }
        insert.rows.push(values);
    }
    let given: Rows = db.insert(&insert).await?.rows;
    for (row, slots) in rows.iter_mut().enumerate() {
        for (number, at) in back.iter().enumerate() {
            if let Some(cell) = given.cell(row, number) {
                slots[*at].set(cell.clone())?;
            }
        }
    }
    Ok(())
}

/// Writes some fields of many rows with few statements: one `CASE` for each field.
pub(crate) fn bulk_update<'a>(
    db: Db<'a>,
    rows: Vec<&'a dyn Instance>,
    fields: Vec<String>,
    at_once: Option<usize>,
) -> Boxed<'a, Result<u64>> {
    Box::pin(async move {
        let Some(first) = rows.first() else { return Ok(0) };
        let db = db.routed(first.model(), true)?;
        let registry = db.registry()?;
        let info = registry.model(concrete(registry, *first)?);
        let [key] = info.key.as_slice() else {
            return Err(QueryError::usage("rows with a key of several fields are updated one by one").into());
        };
        let mut places = vec![];
        for field in &fields {
            match info.place(field) {
                Some(place) if place == *key => {
                    return Err(QueryError::usage("a primary key is not updated: it says which row is meant").into());
                }
                Some(place) if info.parents.is_empty() => places.push(place),
                Some(_) => {
                    let message = "rows in several tables are saved one by one";
                    return Err(QueryError::usage(message).into());
                }
                None => return Err(QueryError::name(format!("`{}` has no field `{field}`", info.label())).into()),
            }
        }
        let size = batch(db, 2 * places.len() + 1, at_once);
        db.atomic(async |tx| {
            let mut changed = 0;
            for rows in rows.chunks(size) {
                changed += updated(tx.into(), info, *key, &places, rows).await?;
            }
            Ok(changed)
        })
        .await
    })
}

async fn updated(db: Db<'_>, info: &ModelInfo, key: usize, places: &[usize], rows: &[&dyn Instance]) -> Result<u64> {
    let values: Vec<Vec<Value>> = rows
        .iter()
        .map(|row| {
            let mut slots: Vec<&dyn Slot> = vec![];
            row.slots(&mut slots);
            slots.retain(|slot| slot.has_column());
            slots.into_iter().map(|slot| slot.value()).collect()
        })
        .collect();
    let is_key = |value: &Value| ask::has_key(value.clone());
    let assigns: Vec<Assign> = places
        .iter()
        .map(|place| {
            let kind = info.columns[*place].kind.clone();
            let cases = values
                .iter()
                .map(|row| {
                    (is_key(&row[key]), Expr::As(Box::new(Expr::Value(row[*place].clone())), Box::new(kind.clone())))
                })
                .collect();
            let case = Expr::Case(Box::new(quintet_core::query::Case { cases, default: None }));
            // The type of what comes out of the cases must be that of the column.
            let value = match db.dialect() {
                quintet_core::sql::Dialect::Postgres => Expr::Cast(Box::new(case), Box::new(kind)),
                quintet_core::sql::Dialect::Sqlite => case,
            };
            Assign { field: info.columns[*place].name.clone().into(), value }
        })
        .collect();
    let keys = values.iter().map(|row| Expr::Value(row[key].clone())).collect();
    let path = quintet_core::query::Path::from_iter(["pk", "in"]);
    let query = of(info, Condition::Lookup(path, Expr::List(keys)));
    db.run(&Statement::Update(&query, &assigns)).await
}
