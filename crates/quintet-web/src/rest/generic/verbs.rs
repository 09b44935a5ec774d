//! What the verbs of generic views do between the hooks.
//!
//! One boxed future for each request; whatever needs no type is in functions below that have none.

use std::marker::PhantomData;
use std::sync::Arc;

use http::StatusCode;
use http::header::LOCATION;
use quintet_core::json::{self, Json, Object};
use quintet_core::python;
use quintet_core::rest::{Field, Kind};
use quintet_db::model::Model;
use quintet_db::query::{QuerySet, Untyped};
use quintet_db::{Db, ErrorKind};

use crate::http::{BoxFuture, Error, HeaderValue, Request, Response, Result};
use crate::rest::filter::Filters;
use crate::rest::metadata::{Described, Listed, Taken};
use crate::rest::openapi::Outline;
use crate::rest::pagination::{Paged, Pagination};
use crate::rest::serializer::{
    ModelOf, ModelSerializer, Serializer, SerializerClass, Shape, Valid, fields, query_to_json, shape, to_json,
    to_json_many, validate,
};

/// A view with rows.
pub(crate) trait Rows: Send + Sync + 'static {
    type Shown: ModelSerializer;

    fn rows(&self, request: &Request) -> QuerySet<ModelOf<Self::Shown>>;

    /// Another serializer for this request.
    fn class(&self, request: &Request) -> Option<SerializerClass<ModelOf<Self::Shown>>>;
    fn filters(&self) -> Filters;
}

/// A view with a list of them.
pub(crate) trait Lists: Rows {
    fn pagination(&self) -> Pagination;

    /// The answer of these rows.
    fn listed(
        &self,
        request: &Request,
        rows: QuerySet<ModelOf<Self::Shown>>,
    ) -> impl Future<Output = Result<Response>> + Send;
}

/// A view of one of them.
pub(crate) trait Finds: Rows {
    fn object(&self, request: &Request) -> impl Future<Output = Result<ModelOf<Self::Shown>>> + Send;

    /// The field by which a URL names it, and the parameter that has its value.
    fn lookup(&self) -> (&'static str, &'static str);
}

/// A view that makes rows.
pub(crate) trait Creates: Send + Sync + 'static {
    type Made: Serializer;

    /// Another serializer for this request.
    fn class_made(&self, request: &Request) -> Option<SerializerClass<ModelOf<Self::Made>>>;

    fn create(
        &self,
        request: &Request,
        valid: Valid<Self::Made>,
    ) -> impl Future<Output = Result<ModelOf<Self::Made>>> + Send;
}

/// A view that changes them.
pub(crate) trait Updates: Finds {
    fn update(
        &self,
        request: &Request,
        valid: Valid<Self::Shown>,
    ) -> impl Future<Output = Result<ModelOf<Self::Shown>>> + Send;
}

/// A view that deletes them.
pub(crate) trait Destroys: Finds {
    fn destroy(&self, request: &Request, row: ModelOf<Self::Shown>) -> impl Future<Output = Result<()>> + Send;
}

pub(crate) fn list<'a, V: Lists>(view: &'a V, request: &'a Request) -> BoxFuture<'a, Result<Response>> {
    Box::pin(view.listed(request, view.rows(request)))
}

/// The answer of a list of rows by a serializer, or by the class instead of it: filtered by what the client asks for, in
/// pages. For views whose methods a project writes itself; a generic view has `get_paginated_response`.
///
/// # Errors
/// What the client wrote that cannot be, and what the database says.
pub fn list_response<'a, S: ModelSerializer>(
    request: &'a Request,
    rows: QuerySet<ModelOf<S>>,
    filters: Filters,
    pagination: Pagination,
    class: Option<SerializerClass<ModelOf<S>>>,
) -> BoxFuture<'a, Result<Response>> {
    let rows = rows.untyped();
    let text = move |rows: QuerySet<ModelOf<S>>| match class {
        None => query_to_json::<S>(request, rows),
        Some(class) => class.query_to_json(request, rows),
    };
    Box::pin(async move {
        match paged(request, rows, &filters, &pagination).await? {
            Paged::All(rows) => text(typed(rows)?).await.map(Response::json_text),
            Paged::Rows(rows, envelope) => envelope.response(&text(typed(rows)?).await?),
            Paged::Seek(seek) => {
                let rows: QuerySet<ModelOf<S>> = typed(seek.query().clone())?;
                let mut rows = rows.all(request).await.map_err(|error| seek.refusal(error))?;
                let registry = Db::from(request).registry().map_err(Error::internal)?;
                let envelope = seek.finish(registry, &mut rows)?;
                let text = match class {
                    None => to_json_many::<S>(request, &rows).await?,
                    Some(class) => class.to_json_many(request, &rows).await?,
                };
                envelope.response(&text)
            }
        }
    })
}

pub(crate) fn create<'a, V: Creates>(view: &'a V, request: &'a Request) -> BoxFuture<'a, Result<Response>> {
    if let Some(class) = view.class_made(request) {
        return create_by(view, request, class);
    }
    Box::pin(async move {
        let data = request.data().await?;
        let valid = validate::<V::Made>(request, &data, None, false).await?;
        let made = match view.create(request, valid).await {
            Ok(made) => made,
            Err(error) => return Err(refusal(error, validate::<V::Made>(request, &data, None, false)).await),
        };
        let text = to_json::<V::Made>(request, &made).await?;
        created(request, text, shape::<V::Made>(request)?.fields())
    })
}

fn create_by<'a, V: Creates>(
    view: &'a V,
    request: &'a Request,
    class: SerializerClass<ModelOf<V::Made>>,
) -> BoxFuture<'a, Result<Response>> {
    Box::pin(async move {
        let data = request.data().await?;
        let passed = class.validate(request, &data, None, false).await?;
        let made = match view.create(request, Valid::of_passed(passed, request, false)).await {
            Ok(made) => made,
            Err(error) => return Err(refusal(error, class.validate(request, &data, None, false)).await),
        };
        let text = class.to_json(request, &made).await?;
        created(request, text, class.fields(request)?.iter())
    })
}

pub(crate) fn retrieve<'a, V: Finds>(view: &'a V, request: &'a Request) -> BoxFuture<'a, Result<Response>> {
    Box::pin(async move {
        let row = view.object(request).await?;
        shown(view, request, &row).await
    })
}

pub(crate) fn update<'a, V: Updates>(view: &'a V, request: &'a Request) -> BoxFuture<'a, Result<Response>> {
    changed(view, request, false)
}

pub(crate) fn partial_update<'a, V: Updates>(view: &'a V, request: &'a Request) -> BoxFuture<'a, Result<Response>> {
    changed(view, request, true)
}

fn changed<'a, V: Updates>(view: &'a V, request: &'a Request, partial: bool) -> BoxFuture<'a, Result<Response>> {
    Box::pin(async move {
        let row = view.object(request).await?;
        let data = request.data().await?;
        let valid = async |row| match view.class(request) {
            None => validate::<V::Shown>(request, &data, Some(row), partial).await,
            Some(class) => {
                Ok(Valid::of_passed(class.validate(request, &data, Some(row), partial).await?, request, partial))
            }
        };
        let row = match view.update(request, valid(row).await?).await {
            Ok(row) => row,
            Err(error) => return Err(refusal(error, async { valid(view.object(request).await?).await }).await),
        };
        shown(view, request, &row).await
    })
}

/// Why a row was not written. Where another one came in between that is the same in what must be unique, the serializer
/// sees it now, and says so as it does of any other.
async fn refusal<T>(error: Error, validated_again: impl Future<Output = Result<T>>) -> Error {
    let is_taken = error.cause::<quintet_db::Error>().is_some_and(|error| error.kind() == ErrorKind::Unique);
    if !is_taken {
        return error;
    }
    // Boxed, as all that is large and seldom.
    match Box::pin(validated_again).await {
        Err(refusal) if refusal.status() == StatusCode::BAD_REQUEST => refusal,
        _ => error,
    }
}

/// A row as the request's serializer shows it.
async fn shown<V: Rows>(view: &V, request: &Request, row: &ModelOf<V::Shown>) -> Result<Response> {
    let text = match view.class(request) {
        None => to_json::<V::Shown>(request, row).await?,
        Some(class) => class.to_json(request, row).await?,
    };
    Ok(Response::json_text(text))
}

pub(crate) fn destroy<'a, V: Destroys>(view: &'a V, request: &'a Request) -> BoxFuture<'a, Result<Response>> {
    Box::pin(async move {
        let row = view.object(request).await?;
        view.destroy(request, row).await?;
        Ok(Response::empty(StatusCode::NO_CONTENT))
    })
}

fn typed<M: Model>(rows: Untyped) -> Result<QuerySet<M>> {
    rows.typed().map_err(Error::internal)
}

/// The rows that a list answers.
async fn paged(request: &Request, rows: Untyped, filters: &Filters, pagination: &Pagination) -> Result<Paged> {
    let rows = filters.filter(request, rows).await?;
    let default = &request.site().options().rest_framework.default_pagination_class;
    let chosen = if matches!(pagination, Pagination::AsSettings) { default } else { pagination };
    match chosen {
        Pagination::By(paginator) => {
            let ordering = filters.ordering(request, &rows)?;
            paginator.paginate(request, rows, ordering).await
        }
        Pagination::AsSettings | Pagination::None => Ok(Paged::All(rows)),
    }
}

/// The answer to a new row: with its address, where one of its fields is that.
fn created<'f>(request: &Request, text: Vec<u8>, mut fields: impl Iterator<Item = &'f Field>) -> Result<Response> {
    let name = &request.site().options().rest_framework.url_field_name;
    let has_address = fields.any(|field| field.name == *name);
    let address = if has_address { json::parse(&text, "utf-8").ok().and_then(|row| address(&row, name)) } else { None };
    let mut response = Response::json_text(text).with_status(StatusCode::CREATED);
    if let Some(address) = address {
        response.headers_mut().insert(LOCATION, header_text(&address)?);
    }
    Ok(response)
}

/// A text as a header's value: in Latin-1 where that has all of it, as the reference writes it, else in UTF-8.
fn header_text(text: &str) -> Result<HeaderValue> {
    let latin1: Option<Vec<u8>> = text.chars().map(|character| u8::try_from(u32::from(character)).ok()).collect();
    Ok(HeaderValue::from_bytes(&latin1.unwrap_or_else(|| text.as_bytes().to_vec()))?)
}

fn address(row: &Json, name: &str) -> Option<String> {
    match row {
        Json::Object(members) => members.get(name).map(python::str),
        _ => None,
    }
}

/// What a view of rows takes, for `OPTIONS` and for pages.
pub(crate) struct Takes<V>(pub(crate) Arc<V>);

impl<V: Finds> Described for Takes<V> {
    fn outline(&self) -> Outline {
        Outline { lookup: Some(self.0.lookup()), is_usual: true, ..Outline::default() }
    }

    fn reach<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move { self.0.object(request).await.map(drop) })
    }

    fn fields(&self, request: &Request) -> Result<Json> {
        fields_of(&*self.0, request).map(|fields| told(&fields))
    }

    fn taken(&self, request: &Request) -> Result<Taken> {
        shape_of(&*self.0, request).map(Taken::Shape)
    }

    fn row<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Option<Vec<u8>>>> {
        found(&*self.0, request)
    }
}

/// What a view takes that has a list and its rows.
pub(crate) struct TakesAll<V>(pub(crate) Arc<V>);

impl<V: Finds + Lists> Described for TakesAll<V> {
    fn outline(&self) -> Outline {
        let lists = Some((self.0.filters(), self.0.pagination()));
        Outline { lookup: Some(self.0.lookup()), is_usual: true, lists }
    }

    fn reach<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move { self.0.object(request).await.map(drop) })
    }

    fn fields(&self, request: &Request) -> Result<Json> {
        fields_of(&*self.0, request).map(|fields| told(&fields))
    }

    fn taken(&self, request: &Request) -> Result<Taken> {
        shape_of(&*self.0, request).map(Taken::Shape)
    }

    fn row<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Option<Vec<u8>>>> {
        found(&*self.0, request)
    }

    fn listed(&self, request: &Request) -> Option<Listed> {
        Some(listed(&*self.0, request))
    }
}

/// What a list shows.
pub(crate) struct Shows<V>(pub(crate) Arc<V>);

impl<V: Lists> Described for Shows<V> {
    fn outline(&self) -> Outline {
        Outline { lists: Some((self.0.filters(), self.0.pagination())), is_usual: true, ..Outline::default() }
    }

    fn reach<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn fields(&self, request: &Request) -> Result<Json> {
        fields_of(&*self.0, request).map(|fields| told(&fields))
    }

    fn taken(&self, request: &Request) -> Result<Taken> {
        shape_of(&*self.0, request).map(Taken::Shape)
    }

    fn listed(&self, request: &Request) -> Option<Listed> {
        Some(listed(&*self.0, request))
    }
}

fn fields_of<V: Rows>(view: &V, request: &Request) -> Result<Vec<Field>> {
    match view.class(request) {
        None => fields::<V::Shown>(request),
        Some(class) => class.fields(request),
    }
}

fn shape_of<V: Rows>(view: &V, request: &Request) -> Result<Arc<Shape>> {
    match view.class(request) {
        None => shape::<V::Shown>(request),
        Some(class) => class.shape(request),
    }
}

fn listed<V: Lists>(view: &V, request: &Request) -> Listed {
    Listed {
        rows: view.rows(request).untyped(),
        filters: view.filters().for_request(request).into_owned(),
        pagination: view.pagination(),
    }
}

/// The row that the URL names, as the request's serializer shows it.
fn found<'a, V: Finds>(view: &'a V, request: &'a Request) -> BoxFuture<'a, Result<Option<Vec<u8>>>> {
    Box::pin(async move {
        let row = view.object(request).await?;
        match view.class(request) {
            None => to_json::<V::Shown>(request, &row).await.map(Some),
            Some(class) => class.to_json(request, &row).await.map(Some),
        }
    })
}

/// What a view takes of which only a serializer is known.
pub(crate) struct TakesFields<S>(PhantomData<fn() -> S>);

impl<S> TakesFields<S> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<S: Serializer> Described for TakesFields<S> {
    fn reach<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn fields(&self, request: &Request) -> Result<Json> {
        fields::<S>(request).map(|fields| told(&fields))
    }

    fn taken(&self, request: &Request) -> Result<Taken> {
        shape::<S>(request).map(Taken::Shape)
    }
}

/// What a view takes that makes new rows.
struct TakesNew<V>(Arc<V>);

impl<V: Creates> Described for TakesNew<V> {
    fn outline(&self) -> Outline {
        Outline { is_usual: true, ..Outline::default() }
    }

    fn reach<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn fields(&self, request: &Request) -> Result<Json> {
        let fields = match self.0.class_made(request) {
            None => fields::<V::Made>(request)?,
            Some(class) => class.fields(request)?,
        };
        Ok(told(&fields))
    }

    fn taken(&self, request: &Request) -> Result<Taken> {
        let shape = match self.0.class_made(request) {
            None => shape::<V::Made>(request)?,
            Some(class) => class.shape(request)?,
        };
        Ok(Taken::Shape(shape))
    }
}

/// What a view takes that makes new rows.
pub(crate) fn takes_new<V: Creates>(view: &Arc<V>) -> Arc<dyn Described> {
    Arc::new(TakesNew(view.clone()))
}

fn told(fields: &[Field]) -> Json {
    let mut told = Object::new();
    for field in fields.iter().filter(|field| !matches!(field.kind, Kind::Hidden)) {
        told.insert(&*field.name, field.metadata());
    }
    Json::Object(told)
}
