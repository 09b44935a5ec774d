//! Deletes rows with what refers to them. The rule of a relation is ours to apply, not the database's.
//!
//! First everything that goes is collected, so that a rule that refuses does so before anything was changed; then keys
//! are changed, and rows deleted, those that refer before those that are referred to. Generic over the registry: neither
//! a model's struct nor its table is known here.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use quintet_core::query::{
    Assign, Condition, Expr, ModelId, Path, Query, QueryError, Registry, Select, Statement, Step, Way,
};
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
        let (app, name) = &query.model;
        let db = db.routed((app, name), true)?;
        if query.steps.iter().any(|step| matches!(step, Step::Values(_))) {
            return Err(QueryError::usage("values cannot be deleted\nhint: delete the rows, without `values`").into());
        }
        let models = db.models()?;
        let registry = models.registry();
        let asked = ask::model_of(registry, &query)?;
        let alone = Collector::new(db, registry, models.receivers());
        if alone.goes_alone(registry.model(asked).concrete, asked) {
            return alone.at_once(asked, query).await;
        }
        db.atomic(async |tx| within(tx.into(), query).await).await
    })
}

/// The same within a transaction that there is, by the models of its connection.
pub(crate) async fn within(db: Db<'_>, query: Query) -> Result<Deleted> {
    let models = db.models()?;
    let asked = ask::model_of(models.registry(), &query)?;
    let mut collector = Collector::new(db, models.registry(), models.receivers());
    collector.start(asked, query).await?;
    collector.finish().await
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

/// Keys that become something else: of the rows whose key is one of these.
struct Update {
    model: ModelId,
    field: String,
    value: Value,
    refer_to: Vec<Value>,
}

/// Rows to which nothing refers and of which nobody is told: they go unread.
struct Unread {
    model: ModelId,
    field: String,
    refer_to: Vec<Value>,
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
    /// Rows that go, and whose relations were not looked at yet.
    todo: Vec<(ModelId, Vec<Row>)>,
    unread: Vec<Unread>,
    updates: Vec<Update>,
    restricted: Vec<Restricted>,
}

impl<'c> Collector<'c> {
    fn new(db: Db<'c>, registry: &'c Registry, receivers: &'c Receivers) -> Self {
        Self {
            db,
            registry,
            receivers,
            going: vec![],
            todo: vec![],
            unread: vec![],
            updates: vec![],
            restricted: vec![],
        }
    }

    /// Whether nothing has to be known of the rows of a model that go.
    fn goes_alone(&self, model: ModelId, told_as: ModelId) -> bool {
        let info = self.registry.model(model);
        let rule = |reference: &(ModelId, usize, usize)| {
            let column = &self.registry.model(reference.0).columns[reference.1];
            column.field.relation().map(|relation| &relation.on_delete)
        };
        let is_free = |rule: Option<&OnDelete>| rule.is_none_or(|rule| *rule == OnDelete::DoNothing);
        // What restricts must be known by its key, to tell whether it goes too.
        let restricts = info
            .columns
            .iter()
            .any(|column| column.field.relation().is_some_and(|relation| relation.on_delete == OnDelete::Restrict));
        info.parents.is_empty()
            && !restricts
            && !self.is_heard(told_as)
            && self.references(model).iter().all(|reference| is_free(rule(reference)))
    }

    fn is_heard(&self, model: ModelId) -> bool {
        let info = self.registry.model(model);
        self.receivers.hear_deletes((info.state.app.as_str(), info.state.name.as_str()))
    }

    /// Deletes the rows of a query by one statement.
    async fn at_once(&self, asked: ModelId, query: Query) -> Result<Deleted> {
        let model = self.registry.model(asked).concrete;
        let count = self.db.run(&Statement::Delete(&self.plain(model, query))).await?;
        let mut deleted = Deleted::default();
        self.count(&mut deleted, model, count);
        Ok(deleted)
    }

    fn count(&self, deleted: &mut Deleted, model: ModelId, count: u64) {
        if count > 0 {
            deleted.total += count;
            *deleted.by_model.entry(self.registry.model(model).label()).or_default() += count;
        }
    }

    async fn start(&mut self, asked: ModelId, query: Query) -> Result<()> {
        let model = self.registry.model(asked).concrete;
        self.going.push(Going::of(model, asked));
        let rows = self.read(model, query).await?;
        self.collect(model, rows, None)?;
        // A list and no calls within calls: rows may refer to each other in chains of any length.
        while let Some((model, rows)) = self.todo.pop() {
            self.parents(model, &rows).await?;
            self.children(model, &rows).await?;
        }
        Ok(())
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

    /// The rows of a query, and nothing beside them.
    fn plain(&self, model: ModelId, mut query: Query) -> Query {
        let info = self.registry.model(model);
        query.model = (info.state.app.clone().into(), info.state.name.clone().into());
        query.ordering = quintet_core::query::Ordering::By(vec![]);
        query.related = quintet_core::query::Related::None;
        query.select = Select::All;
        query
    }

    /// What must be known of the rows of a model: all of it where somebody is told, else what refers and is referred to.
    fn needed(&self, model: ModelId) -> Select {
        let told_as = self.going.iter().find(|going| going.model == model).map_or(model, |going| going.told_as);
        if self.is_heard(told_as) {
            return Select::All;
        }
        let info = self.registry.model(model);
        let referred = self.references(model).into_iter().map(|(_, _, there)| there);
        let links = info.parents.iter().map(|(_, link)| *link);
        let places: BTreeSet<usize> = info.key.iter().copied().chain(referred).chain(links).collect();
        Select::Only(places.into_iter().map(|at| Path::from_iter([info.columns[at].name.clone()])).collect())
    }

    /// The columns of the rows that are needed, each at its place in the order of the registry.
    async fn read(&self, model: ModelId, query: Query) -> Result<Vec<Row>> {
        let info = self.registry.model(model);
        let query = Query { select: self.needed(model), ..self.plain(model, query) };
        let fetched = self.db.select(&Statement::Select(&query)).await?;
        let columns = super::plan::read(self.registry, &query, fetched.compiled.as_ref()).columns;
        let places: Vec<Option<usize>> = (0..info.columns.len()).map(|place| columns.place(place)).collect();
        let row = |row: &[Cell]| {
            places.iter().map(|at| at.and_then(|at| row.get(at)).cloned().unwrap_or_default()).collect::<Row>()
        };
        let mut seen = HashSet::new();
        let key = self.key(model)?;
        Ok(fetched.rows.iter().map(row).filter(|row| seen.insert(identity(row, &key))).collect())
    }

    /// Rows that go; what refers to them is looked for later.
    fn collect(&mut self, model: ModelId, rows: Vec<Row>, after: Option<ModelId>) -> Result<()> {
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
        if !new.is_empty() {
            going.rows.extend(new.iter().cloned());
            self.todo.push((model, new));
        }
        Ok(())
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
                self.collect(parent, rows, Some(model))?;
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
                let (field, refer_to) = (column.name.clone(), values.to_vec());
                if let Some(value) = instead(&relation.on_delete, &column.field.default) {
                    self.updates.push(Update { model: other, field, value, refer_to });
                } else if relation.on_delete == OnDelete::Cascade && self.goes_alone(other, other) {
                    self.unread.push(Unread { model: other, field, refer_to });
                } else {
                    let found = self.read(other, self.by(other, &column.name, values)).await?;
                    if !found.is_empty() {
                        self.follow(model, other, &column.name, &relation.on_delete, found)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// What the rule says of rows that refer.
    fn follow(&mut self, model: ModelId, other: ModelId, field: &str, rule: &OnDelete, found: Vec<Row>) -> Result<()> {
        let key = self.key(other)?;
        let keys = || found.iter().map(|row| value_of(row, &key)).collect::<Vec<_>>();
        match rule {
            OnDelete::Cascade => {
                if let Some(going) = self.going.iter_mut().find(|going| going.model == model) {
                    going.after.insert(other);
                }
                self.collect(other, found, None)
            }
            OnDelete::Protect => Err(self.refusal("protected", model, other, field, keys().first())),
            OnDelete::Restrict => {
                let keys = keys();
                self.restricted.push(Restricted { model: other, field: field.to_owned(), target: model, keys });
                Ok(())
            }
            _ => Ok(()),
        }
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
        let mut deleted = Deleted::default();
        for unread in &self.unread {
            let query = self.by(unread.model, &unread.field, &unread.refer_to);
            let count = self.db.run(&Statement::Delete(&query)).await?;
            self.count(&mut deleted, unread.model, count);
        }
        for update in &self.updates {
            let assign = [Assign { field: update.field.clone().into(), value: Expr::Value(update.value.clone()) }];
            let query = self.by(update.model, &update.field, &update.refer_to);
            self.db.run(&Statement::Update(&query, &assign)).await?;
        }
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
            self.count(&mut deleted, going.model, count);
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
        if !self.is_heard(going.told_as) {
            return Ok(());
        }
        let info = self.registry.model(going.told_as);
        let name = (info.state.app.as_str(), info.state.name.as_str());
        for cells in &going.rows {
            let row = self.receivers.whole_row(self.registry, (name, going.model), cells)?;
            self.receivers.deleting(self.db, name, &*row, is_over).await?;
        }
        Ok(())
    }
}

/// What a key becomes by its rule, where it stays.
fn instead(rule: &OnDelete, default: &Option<Initial>) -> Option<Value> {
    match rule {
        OnDelete::SetNull => Some(Value::Null),
        OnDelete::Set(value) => Some(value.clone()),
        OnDelete::SetWith(function) => Some(function.call()),
        OnDelete::SetDefault => Some(match default {
            Some(Initial::Value(value)) => value.clone(),
            Some(Initial::Function(function)) => function.call(),
            None => Value::Null,
        }),
        OnDelete::Cascade | OnDelete::Protect | OnDelete::Restrict | OnDelete::DoNothing => None,
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
