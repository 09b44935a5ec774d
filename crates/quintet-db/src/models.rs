//! The models that a database's queries are about, with what was compiled for them and who is told of their rows.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use quintet_core::query::{Cache, Link, ModelId, Query, QueryError, Registry, Statement};
use quintet_core::sql::Dialect;

use crate::model::{Everything, Model};
use crate::query::{Layout, Receiver, Receivers, Singles};
use crate::run::Kept;

/// The models of a database, and the statements that were compiled so far.
pub struct Models {
    registry: Arc<Registry>,
    cache: Cache<Kept>,
    layouts: Box<[OnceLock<Arc<Layout>>]>,
    singles: Box<[Singles]>,
    looks: Box<[Singles]>,
    recipes: Singles,
    receivers: Receivers,
    managers: HashMap<ModelId, fn() -> Query>,
    extras: Vec<Arc<dyn Any + Send + Sync>>,
}

impl Models {
    /// The models of a registry; nothing is compiled yet.
    pub fn new(registry: Arc<Registry>) -> Self {
        let layouts = registry.models().map(|_| OnceLock::new()).collect();
        let singles = registry.models().map(|_| Singles::default()).collect();
        let looks = registry.models().map(|_| Singles::default()).collect();
        Self {
            registry,
            cache: Cache::default(),
            layouts,
            singles,
            looks,
            recipes: Singles::default(),
            receivers: Receivers::default(),
            managers: HashMap::new(),
            extras: vec![],
        }
    }

    /// The same models, of whose rows these are told.
    #[must_use]
    pub fn with_receivers(self, receivers: Vec<Receiver>) -> Self {
        Self { receivers: receivers.into(), ..self }
    }

    /// The same models, some of which have managers.
    #[must_use]
    pub fn with_managers(mut self, managers: impl IntoIterator<Item = Managed>) -> Self {
        for Managed { model: (app, name), rows } in managers {
            self.managers.extend(self.registry.find(app, name).map(|model| (model, rows)));
        }
        self
    }

    /// The rows of a model, as its manager gives them; all of them where it has none.
    pub fn rows_of(&self, model: ModelId) -> Query {
        self.managed_rows(model).unwrap_or_else(|| self.all_rows_of(model))
    }

    /// All rows of a model, whatever its manager says.
    pub(crate) fn all_rows_of(&self, model: ModelId) -> Query {
        let state = &self.registry.model(model).state;
        Query::of(state.app.clone(), state.name.clone())
    }

    /// Whether a model has a manager.
    pub(crate) fn is_managed(&self, model: ModelId) -> bool {
        self.managers.contains_key(&model)
    }

    /// The rows of a model as its manager gives them; nothing where it has none.
    pub(crate) fn managed_rows(&self, model: ModelId) -> Option<Query> {
        self.managers.get(&model).map(|rows| rows())
    }

    /// The rows that a relation leads to: many of them as their manager gives them, a single one whatever that leaves out.
    pub fn rows_behind(&self, link: &Link) -> Query {
        if link.is_many {
            return self.rows_of(link.target);
        }
        self.all_rows_of(link.target)
    }

    /// The same, with something that a project says of its models: code that has only a database finds it by its type.
    #[must_use]
    pub fn with_extra<T: Any + Send + Sync>(mut self, extra: Arc<T>) -> Self {
        self.extras.push(extra);
        self
    }

    /// What a project says of its models, by its type.
    pub fn extra<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        self.extras.iter().find_map(|extra| Arc::clone(extra).downcast().ok())
    }

    /// Who is told.
    pub(crate) fn receivers(&self) -> &Receivers {
        &self.receivers
    }

    /// The models.
    pub fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    /// How a new row of a model is read, whose cells stand as its columns do; found out once.
    pub(crate) fn layout(&self, model: ModelId, find: impl FnOnce() -> Layout) -> Arc<Layout> {
        match self.layouts.get(model) {
            Some(kept) => Arc::clone(kept.get_or_init(|| Arc::new(find()))),
            None => Arc::new(find()),
        }
    }

    /// The statements about single rows of a model, as far as they were compiled.
    pub(crate) fn singles(&self, model: ModelId) -> &Singles {
        &self.singles[model]
    }

    /// Those that look up in several models at once, by the first of them. Clients can have many kinds of them made, which
    /// are not to drive out the others.
    pub(crate) fn looks(&self, model: ModelId) -> &Singles {
        &self.looks[model]
    }

    /// Those that are made by recipes.
    pub(crate) fn recipes(&self) -> &Singles {
        &self.recipes
    }

    /// A statement, compiled now or for another of its shape before.
    pub(crate) fn compile(&self, dialect: Dialect, statement: &Statement<'_>) -> Result<Arc<Kept>, QueryError> {
        self.cache.compile(&self.registry, dialect, statement)
    }
}

impl fmt::Debug for Models {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Models").finish_non_exhaustive()
    }
}

/// A model whose queries begin where a manager says.
#[derive(Clone, Copy, Debug)]
pub struct Managed {
    model: (&'static str, &'static str),
    rows: fn() -> Query,
}

impl Managed {
    /// Of a model; nothing where it names no manager.
    pub fn of<M: Model>() -> Option<Self> {
        let has_one = TypeId::of::<M::Manager>() != TypeId::of::<Everything>();
        has_one.then_some(Self { model: (M::APP_LABEL, M::DEF.name), rows: || M::objects().into_nested() })
    }
}
