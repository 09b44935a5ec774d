//! What `OPTIONS` tells of a view: its name, what it renders and parses, and the data that its actions take.
//!
//! The data only of what this client may do: permissions are asked as if it had come by that method.

use std::sync::Arc;

use http::Method;
use quintet_core::json::{Json, Object as JsonObject};
use quintet_core::rest::Field;
use quintet_db::query::Untyped;

use super::dispatch::{RestView, Row, check_permissions};
use super::filter::Filters;
use super::openapi::Outline;
use super::pagination::Pagination;
use super::parse::Parser;
use super::render::Renderer;
use super::serializer::Shape;
use super::view_choices::Choices;
use crate::http::{BoxFuture, Request, Response, Result};

/// What a method takes, for those who may use it.
pub(crate) trait Described: Send + Sync + 'static {
    /// Fails where the row that the URL names is not there, or not for this client.
    fn reach<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<()>>;

    /// The fields by name.
    fn fields(&self, request: &Request) -> Result<Json>;

    /// The same for pages with forms.
    fn taken(&self, request: &Request) -> Result<Taken>;

    /// The row that the URL names, as JSON text; fails as [`reach`](Self::reach) does. Nothing where the view has none.
    fn row<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Option<Vec<u8>>>> {
        let _ = request;
        Box::pin(std::future::ready(Ok(None)))
    }

    /// What it has besides, for who describes the site.
    fn outline(&self) -> Outline {
        Outline::default()
    }

    /// What it takes and answers by one name, where that is no serializer.
    fn named(&self, request: &Request) -> Option<(String, Vec<Field>)> {
        let _ = request;
        None
    }

    /// What its list is made of, where it has one.
    fn listed(&self, request: &Request) -> Option<Listed> {
        let _ = request;
        None
    }
}

/// What a form is made of.
pub(crate) enum Taken {
    /// A serializer made ready.
    Shape(Arc<Shape>),
    /// Fields without models.
    Fields(Vec<Field>),
}

/// What a list is made of.
pub(crate) struct Listed {
    pub(crate) rows: Untyped,
    pub(crate) filters: Filters,
    pub(crate) pagination: Pagination,
}

pub(crate) async fn answer(view: &RestView, request: &Request, choices: &Choices) -> Result<Response> {
    let settings = &request.site().options().rest_framework;
    let renderers = choices.renderers.or(&settings.default_renderer_classes);
    let parsers = choices.parsers.or(&settings.default_parser_classes);
    let mut told = JsonObject::new()
        .with("name", &*view.facts.name)
        .with("description", &*view.facts.description)
        .with("renders", types(renderers.iter().map(Renderer::media_type)))
        .with("parses", types(parsers.iter().map(Parser::media_type)));
    let mut actions = JsonObject::new();
    for method in [Method::POST, Method::PUT] {
        let Some(row) = view.rows.iter().find(|row| row.method == method) else { continue };
        if let Some(fields) = fields(view, row, &request.as_method(&method, &row.choices)).await? {
            actions.insert(method.as_str(), fields);
        }
    }
    if !actions.is_empty() {
        told.insert("actions", actions);
    }
    Ok(Response::data(match &view.hooks {
        Some(hooks) => hooks.determine_metadata(request, told),
        None => told,
    }))
}

fn types<'a>(types: impl Iterator<Item = &'a str>) -> Vec<String> {
    types.map(str::to_owned).collect()
}

/// The fields of a method; nothing where the client may not use it.
async fn fields(view: &RestView, row: &Row, request: &Request) -> Result<Option<Json>> {
    let Some(described) = &row.described else { return Ok(None) };
    let reached = match check_permissions(request, &view.facts, &row.choices, None).await {
        Ok(()) if row.method == Method::PUT => described.reach(request).await,
        checked => checked,
    };
    match reached {
        Ok(()) => described.fields(request).map(Some),
        Err(error) if error.as_api().is_some() => Ok(None),
        Err(error) => Err(error),
    }
}
