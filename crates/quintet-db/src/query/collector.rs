//! Deletes rows with what refers to them. The rule of a relation is ours to apply, not the database's.
//!
//! First everything that goes is collected, so that a rule that refuses does so before anything was changed; then keys
//! are changed, and rows deleted, those that refer before those that are referred to. Generic over the registry: neither
//! a model's struct nor its table is known here.

use std::collections::{BTreeMap, HashSet};

use quintet_core::query::{Assign, Condition, Expr, ModelId, Path, Query, QueryError, Registry, Statement, Step, Way};
use quintet_core::schema::{Initial, OnDelete, Value};

use super::ask;
use super::prefetch::index_key;
use super::signal::Receivers;
use crate::database::{Boxed, Db};
use crate::error::{Error, ErrorKind, Result};
use crate::rows::Cell;

/// How many rows were deleted, of all models and by model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deleted {
    /// Of all models.
    pub total: u64,
    /// By the labels of the models: `api.Note`.
    pub by_model: BTreeMap<String, u64>,
}

/// Keys in a statement, so that it does not have too many parameters.
const AT_ONCE: usize = 500;

/// Deletes the rows of a query with what refers to them. All of it happens, or nothing.
pub(crate) fn delete<'a>(db: Db<'a>, query: Query) -> Boxed<'a, Result<Deleted>> {
    Box::pin(async move {
        if query.slice != quintet_core::query::Slice::default() {
            return Err(QueryError::usage("the rows of a slice cannot be deleted\nhint: filter by their keys").into());
        }
        if query.distinct != quintet_core::query::Distinct::No {
            return Err(QueryError::usage("rows that are distinct cannot be deleted").into());
        }
        if query.combined.is_some() {
            return Err(QueryError::usage("the rows of a union, intersection or difference cannot be deleted").into());
        }
        let models = db.models()?;
        let registry = models.registry();
        let asked = ask::model_of(registry, &query)?;
        db.atomic(async |tx| {
            let mut collector = Collector {
                db: tx.into(),
                registry,
                receivers: models.receivers(),
                going: vec![],
                updates: vec![],
                restricted: vec![],
            };
            collector.start(asked, query).await?;
            collector.finish().await
        })
        .await
    })
}

/// A row that goes: its primary key, and the values that others refer to, by column.
type Row = Vec<Cell>;

/// Rows of a model that go.
struct Going {
    model: ModelId,
    /// What receivers know them as: a proxy, where that was asked to delete.
    told_as: ModelId,
    rows: Vec<Row>,
    keys: HashSet<String>,
    /// The models whose rows go before, because they refer to these.
    after: HashSet<ModelId>,
}

impl Going {
    fn of(model: ModelId, told_as: ModelId) -> Self {
        Self { model, told_as, rows: vec![], keys: HashSet::new(), after: HashSet::new() }
    }
}

struct Update {
    model: ModelId,
    field: String,
    value: Value,
    keys: Vec<Value>,
}

struct Restricted {
    /// Whose rows refer.
    model: ModelId,
    field: String,
    target: ModelId,
    keys: Vec<Value>,
}

struct Collector<'c> {
    db: Db<'c>,
    registry: &'c Registry,
    receivers: &'c Receivers,
    going: Vec<Going>,
    updates: Vec<Update>,
    restricted: Vec<Restricted>,
}

impl Collector<'_> {
    async fn start(&mut self, asked: ModelId, query: Query) -> Result<()> {
        let model = self.registry.model(asked).concrete;
        let rows = self.read(model, query).await?;
        self.going.push(Going::of(model, asked));
        self.collect(model, rows, None).await
    }

    /// The primary key of a model as a place among its columns.
    fn key(&self, model: ModelId) -> Result<Vec<usize>> {
        let key = self.registry.model(model).key.clone();
        if key.is_empty() {
            let message = format!("`{}` has no primary key", self.registry.model(model).label());
            return Err(QueryError::usage(message).into());
        }
        Ok(key)
    }

    /// All columns of the rows, in the order of the registry.
    async fn read(&self, model: ModelId, mut query: Query) -> Result<Vec<Row>> {
        let info = self.registry.model(model);
        query.model = (info.state.app.clone().into(), info.state.name.clone().into());
        query.ordering = quintet_core::query::Ordering::By(vec![]);
        query.related = quintet_core::query::Related::None;
        query.select = quintet_core::query::Select::All;
        query.steps.retain(|step| !matches!(step, Step::Values(_)));
        let fetched = self.db.select(&Statement::Select(&query)).await?;
        let (_, columns) = super::plan::of(self.registry, fetched.compiled.as_deref());
        let places: Vec<Option<usize>> = (0..info.columns.len()).map(|place| columns.place(place)).collect();
        let row = |row: &[Cell]| {
            places.iter().map(|at| at.and_then(|at| row.get(at)).cloned().unwrap_or_default()).collect::<Row>()
        };
        let mut seen = HashSet::new();
        let key = self.key(model)?;
        Ok(fetched.rows.iter().map(row).filter(|row| seen.insert(identity(row, &key))).collect())
    }

    /// Rows that go, with what refers to them.
    fn collect<'s>(&'s mut self, model: ModelId, rows: Vec<Row>, after: Option<ModelId>) -> Boxed<'s, Result<()>> {
        Box::pin(async move {
            let key = self.key(model)?;
            let at = match self.going.iter().position(|going| going.model == model) {
                Some(at) => at,
                None => {
                    self.going.push(Going::of(model, model));
                    self.going.len() - 1
                }
            };
            let going = &mut self.going[at];
            going.after.extend(after.filter(|after| *after != model));
            let new: Vec<Row> = rows.into_iter().filter(|row| going.keys.insert(identity(row, &key))).collect();
            if new.is_empty() {
                return Ok(());
            }
            going.rows.extend(new.iter().cloned());
            self.parents(model, &new).await?;
            self.children(model, &new).await
        })
    }

    /// The parents' rows go behind the child's.
    async fn parents(&mut self, model: ModelId, rows: &[Row]) -> Result<()> {
        for (parent, link) in self.registry.model(model).parents.clone() {
            let keys: Vec<Value> = rows.iter().map(|row| row[link].clone().into()).collect();
            for keys in keys.chunks(AT_ONCE) {
                let query = self.by(parent, "pk", keys);
                let rows = self.read(parent, query).await?;
                // The child's table is emptied before the parent's.
                if let Some(going) = self.going.iter_mut().find(|going| going.model == parent) {
                    going.after.insert(model);
                }
                self.collect(parent, rows, Some(model)).await?;
            }
        }
        Ok(())
    }

    fn by(&self, model: ModelId, field: &str, values: &[Value]) -> Query {
        let info = self.registry.model(model);
        let mut query = Query::of(info.state.app.clone(), info.state.name.clone());
        let values = values.iter().cloned().map(Expr::Value).collect();
        let path = Path::from_iter([field.to_owned(), "in".to_owned()]);
        query.steps.push(Step::Filter(Condition::Lookup(path, Expr::List(values))));
        query
    }

    /// Every key that refers to a model: whose it is, its place there, and the place here that it refers to.
    fn references(&self, model: ModelId) -> Vec<(ModelId, usize, usize)> {
        let mut found = vec![];
        for (other, info) in self.registry.models() {
            if info.concrete != other {
                continue;
            }
            for link in info.links.values() {
                let Way::Key { here, there } = link.way else { continue };
                // What a parent's table has is found at the parent.
                if info.columns[here].owner == other && self.registry.model(link.target).concrete == model {
                    found.push((other, here, there));
                }
            }
        }
        found
    }

    async fn children(&mut self, model: ModelId, rows: &[Row]) -> Result<()> {
        for (other, place, there) in self.references(model) {
            let column = self.registry.model(other).columns[place].clone();
            let Some(relation) = column.field.relation() else { continue };
            // The child's row was read as the way to here, or goes as any other that refers.
            if relation.on_delete == OnDelete::DoNothing {
                continue;
            }
            let values: Vec<Value> =
                rows.iter().map(|row| row[there].clone().into()).filter(|it| *it != Value::Null).collect();
            for values in values.chunks(AT_ONCE) {
                let query = self.by(other, &column.name, values);
                let found = self.read(other, query).await?;
                if !found.is_empty() {
                    self.follow(model, other, &column.name, &relation.on_delete, &column.field.default, found).await?;
                }
            }
        }
        Ok(())
    }

    /// What the rule says of rows that refer.
    async fn follow(
        &mut self,
        model: ModelId,
        other: ModelId,
        field: &str,
        rule: &OnDelete,
        default: &Option<Initial>,
        found: Vec<Row>,
    ) -> Result<()> {
        let key = self.key(other)?;
        let keys = |rows: &[Row]| rows.iter().map(|row| value_of(row, &key)).collect::<Vec<_>>();
        let value = match rule {
            OnDelete::Cascade => {
                if let Some(going) = self.going.iter_mut().find(|going| going.model == model) {
                    going.after.insert(other);
                }
                return self.collect(other, found, None).await;
            }
            OnDelete::Protect => return Err(self.refusal("protected", model, other, field, keys(&found).first())),
            OnDelete::Restrict => {
                let keys = keys(&found);
                self.restricted.push(Restricted { model: other, field: field.to_owned(), target: model, keys });
                return Ok(());
            }
            OnDelete::SetNull => Value::Null,
            OnDelete::Set(value) => value.clone(),
            OnDelete::SetWith(function) => function.call(),
            OnDelete::SetDefault => match default {
                Some(Initial::Value(value)) => value.clone(),
                Some(Initial::Function(function)) => function.call(),
                None => Value::Null,
            },
            OnDelete::DoNothing => return Ok(()),
        };
        self.updates.push(Update { model: other, field: field.to_owned(), value, keys: keys(&found) });
        Ok(())
    }

    fn refusal(&self, how: &str, model: ModelId, other: ModelId, field: &str, key: Option<&Value>) -> Error {
        let (model, other) = (&self.registry.model(model).state.name, self.registry.model(other));
        let message = format!(
            "the rows of `{model}` cannot be deleted: they are {how} by `{}.{field}` of the row {}",
            other.state.name,
            key.map_or_else(String::new, index_key)
        );
        Error::new(ErrorKind::ForeignKey, message).with_hint("delete or change that row before")
    }

    /// Changes and deletes what was collected.
    async fn finish(mut self) -> Result<Deleted> {
        for restricted in &self.restricted {
            let going = self.going.iter().find(|going| going.model == restricted.model);
            let stays = |key: &&Value| going.is_none_or(|going| !going.keys.contains(&key_identity(key)));
            if let Some(key) = restricted.keys.iter().find(stays) {
                return Err(self.refusal(
                    "restricted",
                    restricted.target,
                    restricted.model,
                    &restricted.field,
                    Some(key),
                ));
            }
        }
        self.put_in_order();
        for going in &self.going {
            self.tell(going, false).await?;
        }
        for update in &self.updates {
            let assign = [Assign { field: update.field.clone().into(), value: Expr::Value(update.value.clone()) }];
            for keys in update.keys.chunks(AT_ONCE) {
                let query = self.by(update.model, "pk", keys);
                self.db.run(&Statement::Update(&query, &assign)).await?;
            }
        }
        let mut deleted = Deleted::default();
        for going in &self.going {
            let key = self.key(going.model)?;
            let mut keys: Vec<Value> = going.rows.iter().map(|row| value_of(row, &key)).collect();
            // Later rows refer to earlier ones.
            keys.reverse();
            let mut count = 0;
            for keys in keys.chunks(AT_ONCE) {
                let query = self.by(going.model, "pk", keys);
                count += self.db.run(&Statement::Delete(&query)).await?;
            }
            if count > 0 {
                deleted.total += count;
                *deleted.by_model.entry(self.registry.model(going.model).label()).or_default() += count;
            }
            self.tell(going, true).await?;
        }
        Ok(deleted)
    }

    /// Those that refer go before those that are referred to.
    fn put_in_order(&mut self) {
        let mut ordered: Vec<Going> = vec![];
        while !self.going.is_empty() {
            let left: HashSet<ModelId> = self.going.iter().map(|going| going.model).collect();
            // Models may refer to each other in a circle: then any of them comes first.
            let free = |going: &Going| going.after.iter().all(|other| !left.contains(other));
            let at = self.going.iter().position(free).unwrap_or(0);
            ordered.push(self.going.remove(at));
        }
        self.going = ordered;
    }

    /// Tells of rows that go, or that are gone.
    async fn tell(&self, going: &Going, is_over: bool) -> Result<()> {
        let info = self.registry.model(going.told_as);
        let name = (info.state.app.as_str(), info.state.name.as_str());
        if !self.receivers.hear_deletes(name) {
            return Ok(());
        }
        for cells in &going.rows {
            let row = self.receivers.whole_row(self.registry, (name, going.model), cells)?;
            self.receivers.deleting(self.db, name, &*row, is_over).await?;
        }
        Ok(())
    }
}

fn value_of(row: &Row, key: &[usize]) -> Value {
    match key {
        [one] => row[*one].clone().into(),
        several => Value::List(several.iter().map(|place| row[*place].clone().into()).collect()),
    }
}

fn key_identity(key: &Value) -> String {
    match key {
        Value::List(parts) => parts.iter().map(index_key).collect::<Vec<_>>().join("\u{0}"),
        key => index_key(key),
    }
}

fn identity(row: &Row, key: &[usize]) -> String {
    key_identity(&value_of(row, key))
}
