//! What a serializer knows besides its data: the request, the row that is changed, the settings of its fields.

use std::sync::Arc;

use quintet_core::query::Registry;
use quintet_core::rest;
use quintet_core::schema::Value;
use quintet_db::model::Instance;
use quintet_db::{Connection, Db};

use crate::http::{Error, Request, Result};

/// What a serializer's functions are given.
#[derive(Clone)]
pub struct Context<'a> {
    request: &'a Request,
    registry: Arc<Registry>,
    facts: rest::Context,
    row: Option<&'a dyn Instance>,
}

impl std::fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Context({:?})", self.request)
    }
}

impl<'a> Context<'a> {
    /// Of a request, for a new row or one that is changed.
    pub(crate) fn new(request: &'a Request, row: Option<&'a dyn Instance>, partial: bool) -> Result<Self> {
        let db = Db::from(request);
        let registry = Arc::clone(db.registry().map_err(Error::internal)?);
        let zone = registry.time_zone();
        let facts = rest::Context {
            dialect: request.dialect(),
            zone,
            partial,
            is_update: row.is_some(),
            user: request.user().key().unwrap_or(Value::Null),
            file_url: None,
            settings: super::kept::settings(request),
        };
        Ok(Self { request, registry, facts, row })
    }

    /// The request.
    pub fn request(&self) -> &'a Request {
        self.request
    }

    /// The database of the request.
    pub fn db(&self) -> Db<'a> {
        Db::from(self.request)
    }

    /// The row that is changed; nothing for a new one, and nothing for a nested serializer.
    pub fn instance<M: 'static>(&self) -> Option<&'a M> {
        self.row?.as_any().downcast_ref()
    }

    /// Whether absent fields are left as they are.
    pub fn is_partial(&self) -> bool {
        self.facts.partial
    }

    /// The row that is changed, whatever its type.
    pub(crate) fn row(&self) -> Option<&'a dyn Instance> {
        self.row
    }

    /// What fields look at.
    pub(crate) fn facts(&self) -> &rest::Context {
        &self.facts
    }

    /// The models.
    pub(crate) fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    /// The same, where it is known whether a row is changed, be it one of a model or not.
    pub(crate) fn changing(mut self, yes: bool) -> Self {
        self.facts.is_update = yes;
        self
    }

    /// The same for a nested serializer, which changes no row.
    pub(crate) fn nested(&self) -> Self {
        let mut nested = Self { row: None, ..self.clone() };
        nested.facts.is_update = false;
        nested
    }
}
