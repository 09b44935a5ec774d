//! A query, and a row, without the type of its model: for what works on those of any, as pages and filters do.

use quintet_core::query::{ModelInfo, Query, QueryError, Registry};
use quintet_core::schema::Value;

use super::ask::{self, Asked};
use super::prefetch::Prefetch;
use super::running::Running;
use super::selection::Whole;
use super::set::QuerySet;
use super::verbs::only_row;
use crate::database::Db;
use crate::error::Result;
use crate::model::{Instance, Model, Slot};
use crate::rows::Cell;

/// A query of some model's rows.
#[derive(Clone)]
#[must_use = "a query does nothing until a verb runs it"]
pub struct Untyped {
    pub(super) query: Query,
    pub(super) wrong: Option<QueryError>,
    pub(super) prefetch: Vec<Prefetch>,
}

impl<M: Model> QuerySet<M> {
    /// The same query without its type.
    pub fn untyped(self) -> Untyped {
        Untyped { query: self.query, wrong: self.wrong, prefetch: self.prefetch }
    }
}

impl From<Query> for Untyped {
    fn from(query: Query) -> Self {
        Self { query, wrong: None, prefetch: vec![] }
    }
}

impl Untyped {
    /// As the core has it.
    pub fn ast(&self) -> &Query {
        &self.query
    }

    /// The same, changed. What is wrong with it is told when it runs.
    pub fn with(mut self, change: impl FnOnce(&mut Query)) -> Self {
        change(&mut self.query);
        self
    }

    /// The query of a model's rows again.
    ///
    /// # Errors
    /// The query is of another model.
    pub fn typed<M: Model>(self) -> Result<QuerySet<M>> {
        if self.query.model.0 != M::APP_LABEL || !self.query.model.1.eq_ignore_ascii_case(M::DEF.name) {
            let (app, name) = &self.query.model;
            let message = format!("a query of `{app}.{name}` gives no rows of `{}.{}`", M::APP_LABEL, M::DEF.name);
            return Err(QueryError::usage(message).into());
        }
        let mut typed = QuerySet::from(self.query);
        (typed.wrong, typed.prefetch) = (self.wrong, self.prefetch);
        Ok(typed)
    }

    /// The one row of which a field has this value.
    ///
    /// # Errors
    /// The query is of another model.
    pub fn get_by<'a, M: Model>(self, db: impl Into<Db<'a>>, field: &'a str, value: Value) -> Result<Running<'a, M>> {
        let asked = self.typed::<M>()?.asked();
        Ok(Running::then(ask::one_by(db.into(), asked, field, value), only_row::<M, Whole>))
    }

    /// The model, as the database knows it.
    ///
    /// # Errors
    /// The database has no models, or not this one.
    pub fn model<'a>(&self, db: impl Into<Db<'a>>) -> Result<&'a ModelInfo> {
        let registry = db.into().registry()?;
        Ok(registry.model(ask::model_of(registry, &self.query)?))
    }

    /// How many rows.
    ///
    /// # Errors
    /// What is wrong with the query, or the database.
    pub async fn count(&self, db: Db<'_>) -> Result<u64> {
        let asked = Asked { query: self.query.clone(), wrong: self.wrong.clone(), prefetch: vec![] };
        match ask::count(db, asked).await?.into_first() {
            Some(Cell::Int(count)) => Ok(u64::try_from(count).unwrap_or(0)),
            _ => Ok(0),
        }
    }

    /// Whether there is a row.
    ///
    /// # Errors
    /// What is wrong with the query, or the database.
    pub async fn exists(&self, db: Db<'_>) -> Result<bool> {
        let asked = Asked { query: self.query.clone(), wrong: self.wrong.clone(), prefetch: vec![] };
        Ok(!ask::exists(db, asked).await?.is_empty())
    }
}

/// The value of a row's field: by the field's name, by that of its column's value (`author_id`), or `pk`.
pub fn field_value(registry: &Registry, row: &dyn Instance, name: &str) -> Option<Value> {
    let (app, model) = row.model();
    let at = registry.model(registry.find(app, model)?).concrete;
    let info = registry.model(at);
    let own = info.columns.iter().filter(|column| column.owner == at);
    let mut slots: Vec<&dyn Slot> = vec![];
    row.slots(&mut slots);
    let key = match (name, info.key.as_slice()) {
        ("pk", [key]) => Some(info.columns[*key].name.as_str()),
        _ => None,
    };
    let wanted = key.unwrap_or(name);
    let mut found = own.zip(slots.iter().filter(|slot| slot.has_column()));
    match found.find(|(column, _)| column.name == wanted || column.attname == wanted) {
        Some((_, slot)) => Some(slot.value()),
        None => slots.iter().filter_map(|slot| slot.parent()).find_map(|parent| field_value(registry, parent, wanted)),
    }
}

impl std::fmt::Debug for Untyped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Untyped({:?})", self.query)
    }
}
