//! The models that a database's queries are about, with what was compiled for them and who is told of their rows.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, OnceLock};

use quintet_core::query::{Cache, ModelId, QueryError, Registry, Statement};
use quintet_core::sql::Dialect;

use crate::query::{Insertions, Layout, Receiver, Receivers};
use crate::run::Kept;

/// The models of a database, and the statements that were compiled so far.
pub struct Models {
    registry: Arc<Registry>,
    cache: Cache<Kept>,
    layouts: Box<[OnceLock<Arc<Layout>>]>,
    insertions: Box<[Insertions]>,
    receivers: Receivers,
    extras: Vec<Arc<dyn Any + Send + Sync>>,
}

impl Models {
    /// The models of a registry; nothing is compiled yet.
    pub fn new(registry: Arc<Registry>) -> Self {
        let layouts = registry.models().map(|_| OnceLock::new()).collect();
        let insertions = registry.models().map(|_| Insertions::default()).collect();
        Self { registry, cache: Cache::default(), layouts, insertions, receivers: Receivers::default(), extras: vec![] }
    }

    /// The same models, of whose rows these are told.
    #[must_use]
    pub fn with_receivers(self, receivers: Vec<Receiver>) -> Self {
        Self { receivers: receivers.into(), ..self }
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

    /// The statements for new rows of a model that were compiled so far.
    pub(crate) fn insertions(&self, model: ModelId) -> &Insertions {
        &self.insertions[model]
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
