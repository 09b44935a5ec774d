//! Changes what belongs to a row: `note.tags.add(db, [&tag])`, `user.notes().clear(db)`.

use std::collections::HashSet;

use quintet_core::query::{
    Assign, Condition, Conflict, Expr, Insert, ModelId, Path, Query, QueryError, Registry, Statement, Step, Way,
};
use quintet_core::schema::Value;

use super::assign::Assignment;
use super::condition::Condition as Typed;
use super::operand::{Key, Operand};
use super::order::{OneOrMore, Order};
use super::prefetch::index_key;
use super::related::{Origin, RelatedRow, RelatedRows};
use super::running::Running;
use super::set::QuerySet;
use super::signal::{ManyAction, ManyChange};
use crate::database::{Boxed, Db};
use crate::error::{Error, Result};
use crate::model::{ManyToMany, Model};
use crate::rows::Cell;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Add,
    Remove,
    Set,
    Clear,
}

/// How rows belong to a row.
enum Belonging {
    /// By a key of theirs.
    ByKey { model: ModelId, field: String, is_optional: bool },
    /// By rows of a model in between; those at its far end are of the target, by this column.
    Between { through: ModelId, near: usize, far: usize, target: (ModelId, usize), is_symmetrical: bool },
}

fn belonging(registry: &Registry, origin: &Origin) -> Result<Belonging> {
    let (app, name) = &origin.link.model;
    let model = registry.find(app, name).ok_or_else(|| Error::other(format!("`{app}.{name}` is no model here")))?;
    let info = registry.model(model);
    let link = info
        .links
        .get(&origin.link.field)
        .ok_or_else(|| Error::other(format!("`{}` has no relation `{}`", info.label(), origin.link.field)))?;
    Ok(match link.way {
        Way::Key { here, .. } | Way::Back { here, .. } => Belonging::ByKey {
            model,
            field: info.columns[here].name.clone(),
            is_optional: info.columns[here].field.null,
        },
        Way::Between { through, here, near, far, there } => {
            let many = info.state.field(&origin.link.field).and_then(|field| field.kind.many_to_many());
            let is_symmetrical = link.target == model
                && many.is_some_and(|many| many.symmetrical != Some(false) && many.through.is_none());
            let (near, far, target) = match origin.link.is_back {
                true => (far, near, (model, here)),
                false => (near, far, (link.target, there)),
            };
            Belonging::Between { through, near, far, target, is_symmetrical }
        }
    })
}

fn rows_with(registry: &Registry, model: ModelId, conditions: Vec<(String, Expr)>) -> Query {
    let info = registry.model(model);
    let mut query = Query::of(info.state.app.clone(), info.state.name.clone());
    for (path, value) in conditions {
        query.steps.push(Step::Filter(Condition::Lookup(Path::parse(&path), value)));
    }
    query
}

fn list(values: &[Value]) -> Expr {
    Expr::List(values.iter().cloned().map(Expr::Value).collect())
}

pub(super) fn change<'a>(
    db: Db<'a>,
    origin: Origin,
    deed: Deed,
    values: Vec<Expr>,
    defaults: Vec<Assignment>,
) -> Boxed<'a, Result<()>> {
    Box::pin(async move {
        let values = values
            .into_iter()
            .map(|value| match value {
                Expr::Value(value) if value != Value::Null => Ok(value),
                _ => Err(QueryError::usage("what belongs to a row is named by rows or keys").into()),
            })
            .collect::<Result<Vec<Value>>>()?;
        let defaults = defaults.into_iter().map(Assignment::into_ast).collect::<Result<Vec<_>, _>>()?;
        let registry = db.registry()?;
        let belonging = belonging(registry, &origin)?;
        let written = match &belonging {
            Belonging::ByKey { model, .. } => *model,
            Belonging::Between { through, .. } => *through,
        };
        let written = &registry.model(written).state;
        let db = db.routed((&written.app, &written.name), true)?;
        db.atomic(async |tx| match belonging {
            Belonging::ByKey { model, field, is_optional } => {
                by_key(tx.into(), registry, model, &field, is_optional, &origin.owner, deed, &values).await
            }
            Belonging::Between { through, near, far, target, is_symmetrical } => {
                let db = Db::from(tx);
                let given = given_by_manager(db, target)?;
                let between = Between { db, registry, origin: &origin, through, near, far, given, defaults: &defaults };
                between.change(&origin.owner, deed, &values).await?;
                if is_symmetrical {
                    between.mirror(&origin.owner, deed, &values).await?;
                }
                Ok(())
            }
        })
        .await
    })
}

/// The values of a column of those rows that the manager of their model gives; nothing where it has none, and gives all.
fn given_by_manager(db: Db<'_>, (model, column): (ModelId, usize)) -> Result<Option<Expr>> {
    let models = db.models()?;
    Ok(models.managed_rows(model).map(|mut rows| {
        let column = models.registry().model(model).columns[column].name.clone();
        rows.steps.push(Step::Values(vec![(column.clone().into(), Expr::F(Path::from_iter([column])))]));
        rows.ordering = quintet_core::query::Ordering::By(vec![]);
        Expr::Subquery(Box::new(rows))
    }))
}

#[allow(clippy::too_many_arguments, reason = "the parts of one fact")]
async fn by_key(
    db: Db<'_>,
    registry: &Registry,
    model: ModelId,
    field: &str,
    is_optional: bool,
    owner: &Value,
    deed: Deed,
    values: &[Value],
) -> Result<()> {
    let belongs = (format!("{field}__exact"), Expr::Value(owner.clone()));
    if deed != Deed::Add {
        if !is_optional {
            let label = registry.model(model).label();
            let message = format!(
                "`{label}.{field}` cannot be null, so that its rows belong to one\nhint: delete them, or add them to another"
            );
            return Err(QueryError::usage(message).into());
        }
        // What the manager leaves out stays: who asked has not seen it.
        let mut query = db.models()?.rows_of(model);
        let (path, owner) = belongs;
        query.steps.push(Step::Filter(Condition::Lookup(Path::parse(&path), owner)));
        let path = Path::from_iter(["pk", "in"]);
        match deed {
            Deed::Remove => query.steps.push(Step::Filter(Condition::Lookup(path, list(values)))),
            Deed::Set => query.steps.push(Step::Exclude(Condition::Lookup(path, list(values)))),
            Deed::Add | Deed::Clear => {}
        }
        let null = [Assign { field: field.to_owned().into(), value: Expr::Value(Value::Null) }];
        db.run(&Statement::Update(&query, &null)).await?;
    }
    if matches!(deed, Deed::Add | Deed::Set) && !values.is_empty() {
        let query = rows_with(registry, model, vec![("pk__in".to_owned(), list(values))]);
        let assign = [Assign { field: field.to_owned().into(), value: Expr::Value(owner.clone()) }];
        db.run(&Statement::Update(&query, &assign)).await?;
    }
    Ok(())
}

struct Between<'b> {
    db: Db<'b>,
    registry: &'b Registry,
    origin: &'b Origin,
    through: ModelId,
    near: usize,
    far: usize,
    /// Which rows at the far end the manager of their model gives, where it has one: what it leaves out is not taken away, as
    /// who asked has not seen it.
    given: Option<Expr>,
    defaults: &'b [Assign],
}

impl Between<'_> {
    fn name(&self, place: usize) -> &str {
        &self.registry.model(self.through).columns[place].name
    }

    async fn change(&self, owner: &Value, deed: Deed, values: &[Value]) -> Result<()> {
        match deed {
            Deed::Add => self.told_add(owner, values).await,
            Deed::Remove => self.told_remove(owner, values).await,
            Deed::Clear => {
                self.tell(ManyAction::PreClear, owner, &[]).await?;
                self.remove(owner, None).await?;
                self.tell(ManyAction::PostClear, owner, &[]).await
            }
            Deed::Set => {
                let there = self.there(owner, self.seen(self.far)).await?;
                let wanted: HashSet<String> = values.iter().map(index_key).collect();
                let has: HashSet<String> = there.iter().map(index_key).collect();
                let old: Vec<Value> = there.into_iter().filter(|value| !wanted.contains(&index_key(value))).collect();
                let new: Vec<Value> = values.iter().filter(|value| !has.contains(&index_key(value))).cloned().collect();
                self.told_remove(owner, &old).await?;
                self.told_add(owner, &new).await
            }
        }
    }

    async fn told_add(&self, owner: &Value, values: &[Value]) -> Result<()> {
        if values.is_empty() {
            return Ok(());
        }
        if !self.is_heard()? {
            return self.add(owner, values).await;
        }
        let mut seen: HashSet<String> =
            self.there(owner, Some((self.far, list(values)))).await?.iter().map(index_key).collect();
        let new: Vec<Value> = values.iter().filter(|value| seen.insert(index_key(value))).cloned().collect();
        self.tell(ManyAction::PreAdd, owner, &new).await?;
        self.add(owner, values).await?;
        self.tell(ManyAction::PostAdd, owner, &new).await
    }

    async fn told_remove(&self, owner: &Value, values: &[Value]) -> Result<()> {
        if values.is_empty() {
            return Ok(());
        }
        self.tell(ManyAction::PreRemove, owner, values).await?;
        self.remove(owner, Some(values)).await?;
        self.tell(ManyAction::PostRemove, owner, values).await
    }

    fn is_heard(&self) -> Result<bool> {
        let ((app, name), receivers) = (&self.origin.link.model, self.db.models()?.receivers());
        Ok(receivers.hear_many((app, name), &self.origin.link.field))
    }

    /// Tells of a change as it was asked for; its mirror in a relation of both directions is no other.
    async fn tell(&self, action: ManyAction, owner: &Value, keys: &[Value]) -> Result<()> {
        let ((app, name), receivers) = (&self.origin.link.model, self.db.models()?.receivers());
        let change = ManyChange { action, is_back: self.origin.link.is_back, owner, keys };
        receivers.many_changed(self.db, (app, name), &self.origin.link.field, change).await
    }

    /// The same from the other side of a relation that holds in both directions.
    async fn mirror(&self, owner: &Value, deed: Deed, values: &[Value]) -> Result<()> {
        match deed {
            Deed::Add => {
                for value in values {
                    self.add(value, std::slice::from_ref(owner)).await?;
                }
                Ok(())
            }
            Deed::Remove => {
                let these = (self.near, list(values));
                let query = self.rows((self.far, owner), std::iter::once(these).chain(self.seen(self.near)));
                self.db.run(&Statement::Delete(&query)).await?;
                Ok(())
            }
            Deed::Clear | Deed::Set => {
                let mut query = self.rows((self.far, owner), self.seen(self.near));
                if deed == Deed::Set {
                    let path = Path::from_iter([self.name(self.near).to_owned(), "in".to_owned()]);
                    query.steps.push(Step::Exclude(Condition::Lookup(path, list(values))));
                }
                self.db.run(&Statement::Delete(&query)).await?;
                for value in values {
                    self.add(value, std::slice::from_ref(owner)).await?;
                }
                Ok(())
            }
        }
    }

    /// What is asked of one end of the rows in between, besides: to be among those that the manager gives.
    fn seen(&self, end: usize) -> Option<(usize, Expr)> {
        self.given.clone().map(|given| (end, given))
    }

    /// The rows in between with this value at one end, and with one of several at another.
    fn rows(&self, (end, value): (usize, &Value), among: impl IntoIterator<Item = (usize, Expr)>) -> Query {
        let mut conditions = vec![(format!("{}__exact", self.name(end)), Expr::Value(value.clone()))];
        conditions.extend(among.into_iter().map(|(end, values)| (format!("{}__in", self.name(end)), values)));
        rows_with(self.registry, self.through, conditions)
    }

    /// Which of these, or of all, belong already.
    async fn there(&self, owner: &Value, among: Option<(usize, Expr)>) -> Result<Vec<Value>> {
        let mut query = self.rows((self.near, owner), among);
        let far = self.name(self.far).to_owned();
        query.steps.push(Step::Values(vec![(far.clone().into(), Expr::F(Path::from_iter([far])))]));
        query.ordering = quintet_core::query::Ordering::By(vec![]);
        let rows = self.db.select(&Statement::Select(&query)).await?.rows;
        Ok(rows.iter().filter_map(|row| row.first().cloned()).map(Cell::into).collect())
    }

    async fn add(&self, owner: &Value, values: &[Value]) -> Result<()> {
        if values.is_empty() {
            return Ok(());
        }
        let there: HashSet<String> =
            self.there(owner, Some((self.far, list(values)))).await?.iter().map(index_key).collect();
        let mut seen = there;
        let info = self.registry.model(self.through);
        let given: Vec<String> = self.defaults.iter().map(|default| default.field.to_string()).collect();
        let mut insert = Insert {
            model: (info.state.app.clone().into(), info.state.name.clone().into()),
            fields: vec![self.name(self.near).to_owned().into(), self.name(self.far).to_owned().into()],
            rows: vec![],
            // Another may add the same meanwhile.
            conflict: info.is_join.then_some(Conflict::Ignore),
            returning: vec![],
        };
        let mut more: Vec<Expr> = self.defaults.iter().map(|default| default.value.clone()).collect();
        insert.fields.extend(self.defaults.iter().map(|default| default.field.clone()));
        for (place, column) in info.columns.iter().enumerate() {
            if place == self.near || place == self.far || given.contains(&column.name) || column.owner != self.through {
                continue;
            }
            if let Some(value) = super::made::initial(self.db, &column.field) {
                insert.fields.push(column.name.clone().into());
                more.push(Expr::Value(value));
            }
        }
        for value in values.iter().filter(|value| seen.insert(index_key(value))) {
            let mut row = vec![Expr::Value(owner.clone()), Expr::Value(value.clone())];
            row.extend(more.iter().cloned());
            insert.rows.push(row);
        }
        if !insert.rows.is_empty() {
            self.db.insert(&insert).await?;
        }
        Ok(())
    }

    async fn remove(&self, owner: &Value, values: Option<&[Value]>) -> Result<()> {
        let these = values.map(|values| (self.far, list(values)));
        let query = self.rows((self.near, owner), these.into_iter().chain(self.seen(self.far)));
        self.db.run(&Statement::Delete(&query)).await?;
        Ok(())
    }
}

impl<M: Model> RelatedRows<M> {
    fn change<'a, O: Operand<Key<M>>>(
        &self,
        db: impl Into<Db<'a>>,
        deed: Deed,
        rows: impl IntoIterator<Item = O>,
    ) -> Running<'a, ()> {
        let values = rows.into_iter().map(O::operand).collect();
        Running::then(change(db.into(), self.origin.clone(), deed, values, vec![]), Ok)
    }

    /// These rows belong, besides those that do.
    pub fn add<'a, O: Operand<Key<M>>>(
        &self,
        db: impl Into<Db<'a>>,
        rows: impl IntoIterator<Item = O>,
    ) -> Running<'a, ()> {
        self.change(db, Deed::Add, rows)
    }

    /// The same, with values for the model in between: `|line| line.amount().set(2)`.
    pub fn add_with<'a, T: Model, O: Operand<Key<M>>, A: OneOrMore<Assignment>>(
        &self,
        db: impl Into<Db<'a>>,
        rows: impl IntoIterator<Item = O>,
        defaults: impl FnOnce(T::Columns) -> A,
    ) -> Running<'a, ()> {
        let values = rows.into_iter().map(O::operand).collect();
        let defaults = defaults(super::columns::<T>()).all();
        Running::then(change(db.into(), self.origin.clone(), Deed::Add, values, defaults), Ok)
    }

    /// These rows do not belong any more.
    pub fn remove<'a, O: Operand<Key<M>>>(
        &self,
        db: impl Into<Db<'a>>,
        rows: impl IntoIterator<Item = O>,
    ) -> Running<'a, ()> {
        self.change(db, Deed::Remove, rows)
    }

    /// These rows belong, and no others.
    pub fn set<'a, O: Operand<Key<M>>>(
        &self,
        db: impl Into<Db<'a>>,
        rows: impl IntoIterator<Item = O>,
    ) -> Running<'a, ()> {
        self.change(db, Deed::Set, rows)
    }

    /// No row belongs any more.
    pub fn clear<'a>(&self, db: impl Into<Db<'a>>) -> Running<'a, ()> {
        Running::then(change(db.into(), self.origin.clone(), Deed::Clear, vec![], vec![]), Ok)
    }

    /// Only those of which this is true.
    pub fn filter<C: Into<Typed>>(&self, condition: impl FnOnce(M::Columns) -> C) -> QuerySet<M> {
        self.objects().filter(condition)
    }

    /// Only those of which this is not true.
    pub fn exclude<C: Into<Typed>>(&self, condition: impl FnOnce(M::Columns) -> C) -> QuerySet<M> {
        self.objects().exclude(condition)
    }

    /// In this order.
    pub fn order_by<O: OneOrMore<Order>>(&self, order: impl FnOnce(M::Columns) -> O) -> QuerySet<M> {
        self.objects().order_by(order)
    }

    /// All of them.
    pub fn all<'a>(&self, db: impl Into<Db<'a>>) -> Running<'a, Vec<M>> {
        self.objects().all(db)
    }

    /// How many.
    pub fn count<'a>(&self, db: impl Into<Db<'a>>) -> Running<'a, i64> {
        self.objects().count(db)
    }

    /// Whether there is one.
    pub fn exists<'a>(&self, db: impl Into<Db<'a>>) -> Running<'a, bool> {
        self.objects().exists(db)
    }
}

impl<M: Model> RelatedRow<M> {
    /// The row: an error where there is none.
    pub fn get<'a>(&self, db: impl Into<Db<'a>>) -> Running<'a, M> {
        self.objects().get(db)
    }

    /// The row, if there is one.
    pub fn first<'a>(&self, db: impl Into<Db<'a>>) -> Running<'a, Option<M>> {
        self.objects().first(db)
    }
}

impl<T: Model, Between> ManyToMany<T, Between> {
    fn changed<'a>(&self, db: Db<'a>, deed: Deed, values: Vec<Expr>) -> Running<'a, ()> {
        match self.rows() {
            Ok(rows) => Running::then(change(db, rows.origin, deed, values, vec![]), Ok),
            Err(error) => Running::new(std::future::ready(Err(error))),
        }
    }

    /// These rows belong, besides those that do: `note.tags.add(db, [&tag])`.
    pub fn add<'a, O: Operand<Key<T>>>(
        &self,
        db: impl Into<Db<'a>>,
        rows: impl IntoIterator<Item = O>,
    ) -> Running<'a, ()> {
        self.changed(db.into(), Deed::Add, rows.into_iter().map(O::operand).collect())
    }

    /// These rows do not belong any more.
    pub fn remove<'a, O: Operand<Key<T>>>(
        &self,
        db: impl Into<Db<'a>>,
        rows: impl IntoIterator<Item = O>,
    ) -> Running<'a, ()> {
        self.changed(db.into(), Deed::Remove, rows.into_iter().map(O::operand).collect())
    }

    /// These rows belong, and no others.
    pub fn set<'a, O: Operand<Key<T>>>(
        &self,
        db: impl Into<Db<'a>>,
        rows: impl IntoIterator<Item = O>,
    ) -> Running<'a, ()> {
        self.changed(db.into(), Deed::Set, rows.into_iter().map(O::operand).collect())
    }

    /// No row belongs any more.
    pub fn clear<'a>(&self, db: impl Into<Db<'a>>) -> Running<'a, ()> {
        self.changed(db.into(), Deed::Clear, vec![])
    }

    /// All of them.
    pub fn all<'a>(&self, db: impl Into<Db<'a>>) -> Running<'a, Vec<T>> {
        self.objects().all(db)
    }
}
