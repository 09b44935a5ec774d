//! A serializer that is chosen while the program runs, for views whose rows are not always shown as the same.
//!
//! Who chooses none pays nothing: the view's own serializer is known to the compiler.

use std::marker::PhantomData;
use std::sync::Arc;

use quintet_core::rest::{Data, Field};
use quintet_db::query::QuerySet;

use super::attributes::Attributes;
use super::kept;
use super::shape::Shape;
use super::traits::{ModelOf, ModelSerializer};
use super::{query_to_json, to_json, to_json_many, validate};
use crate::http::{BoxFuture, Request, Result};

/// A serializer of rows of a model, behind one type: `SerializerClass::of::<FullNoteSerializer>()`.
pub struct SerializerClass<M: 'static>(&'static dyn Class<M>);

impl<M> Clone for SerializerClass<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for SerializerClass<M> {}

impl<M> std::fmt::Debug for SerializerClass<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.name())
    }
}

impl<M: Send + Sync + 'static> SerializerClass<M> {
    /// A serializer.
    pub fn of<S: ModelSerializer + super::Declared<Model = M>>() -> Self {
        Self(&Of::<S>(PhantomData))
    }

    /// Its fields.
    pub(crate) fn fields(self, request: &Request) -> Result<Vec<Field>> {
        self.0.fields(request)
    }

    /// The serializer made ready.
    pub(crate) fn shape(self, request: &Request) -> Result<Arc<Shape>> {
        self.0.shape(request)
    }

    /// A row as JSON text.
    ///
    /// # Errors
    /// As [`to_json`].
    pub fn to_json<'a>(self, request: &'a Request, row: &'a M) -> BoxFuture<'a, Result<Vec<u8>>> {
        self.0.one(request, row)
    }

    /// Rows as a JSON list.
    ///
    /// # Errors
    /// As [`to_json`].
    pub fn to_json_many<'a>(self, request: &'a Request, rows: &'a [M]) -> BoxFuture<'a, Result<Vec<u8>>> {
        self.0.many(request, rows)
    }

    /// The rows of a query as a JSON list.
    ///
    /// # Errors
    /// As [`to_json`].
    pub fn query_to_json(self, request: &Request, rows: QuerySet<M>) -> BoxFuture<'_, Result<Vec<u8>>> {
        self.0.query(request, rows)
    }

    pub(crate) fn validate<'a>(
        self,
        request: &'a Request,
        data: &'a Data,
        instance: Option<M>,
        partial: bool,
    ) -> BoxFuture<'a, Result<Passed<M>>> {
        self.0.validate(request, data, instance, partial)
    }
}

/// Saves what passed, as its own serializer does.
pub(crate) type Saver<M> = fn(Attributes, Request, Option<M>, bool) -> BoxFuture<'static, Result<M>>;

/// What passed validation, without its serializer.
pub(crate) struct Passed<M> {
    pub(crate) attributes: Attributes,
    pub(crate) instance: Option<M>,
    pub(crate) saver: Saver<M>,
}

trait Class<M>: Send + Sync {
    fn name(&self) -> &'static str;
    fn fields(&self, request: &Request) -> Result<Vec<Field>>;
    fn shape(&self, request: &Request) -> Result<Arc<Shape>>;
    fn one<'a>(&self, request: &'a Request, row: &'a M) -> BoxFuture<'a, Result<Vec<u8>>>;
    fn many<'a>(&self, request: &'a Request, rows: &'a [M]) -> BoxFuture<'a, Result<Vec<u8>>>;
    fn query<'a>(&self, request: &'a Request, rows: QuerySet<M>) -> BoxFuture<'a, Result<Vec<u8>>>;
    fn validate<'a>(
        &self,
        request: &'a Request,
        data: &'a Data,
        instance: Option<M>,
        partial: bool,
    ) -> BoxFuture<'a, Result<Passed<M>>>;
}

struct Of<S>(PhantomData<fn() -> S>);

impl<S: ModelSerializer> Class<ModelOf<S>> for Of<S> {
    fn name(&self) -> &'static str {
        std::any::type_name::<S>()
    }

    fn fields(&self, request: &Request) -> Result<Vec<Field>> {
        kept::fields::<S>(request)
    }

    fn shape(&self, request: &Request) -> Result<Arc<Shape>> {
        kept::shape::<S>(request)
    }

    fn one<'a>(&self, request: &'a Request, row: &'a ModelOf<S>) -> BoxFuture<'a, Result<Vec<u8>>> {
        to_json::<S>(request, row)
    }

    fn many<'a>(&self, request: &'a Request, rows: &'a [ModelOf<S>]) -> BoxFuture<'a, Result<Vec<u8>>> {
        to_json_many::<S>(request, rows)
    }

    fn query<'a>(&self, request: &'a Request, rows: QuerySet<ModelOf<S>>) -> BoxFuture<'a, Result<Vec<u8>>> {
        query_to_json::<S>(request, rows)
    }

    fn validate<'a>(
        &self,
        request: &'a Request,
        data: &'a Data,
        instance: Option<ModelOf<S>>,
        partial: bool,
    ) -> BoxFuture<'a, Result<Passed<ModelOf<S>>>> {
        Box::pin(async move { Ok(validate::<S>(request, data, instance, partial).await?.into_passed()) })
    }
}
