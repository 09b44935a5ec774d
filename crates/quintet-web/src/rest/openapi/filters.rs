//! The parameters of lists: what filters and pages read of a query string, and how formats and versions are asked for.

use quintet_core::json::Object;
use quintet_core::openapi::{Components, Parameter, component_name};

use crate::http::Request;
use crate::rest::filter::Filters;
use crate::rest::pagination::Pagination;
use crate::rest::render::Renderer;
use crate::rest::versioning::{VersionPlace, Versioning};
use crate::rest::view_choices::Choices;

/// What a list is asked by, in alphabetical order, each once.
pub(super) fn parameters(request: &Request, filters: &Filters, pagination: &Pagination) -> Vec<Parameter> {
    let mut all: Vec<Parameter> = filters.iter().flat_map(|filter| filter.described(request)).collect();
    if let Some(paginator) = paginator(request, pagination) {
        all.extend(paginator.parameters());
    }
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|parameter| seen.insert(parameter.name.clone()));
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
}

fn paginator<'a>(
    request: &'a Request,
    pagination: &'a Pagination,
) -> Option<&'a dyn crate::rest::pagination::Paginator> {
    let default = &request.site().options().rest_framework.default_pagination_class;
    let chosen = if matches!(pagination, Pagination::AsSettings) { default } else { pagination };
    match chosen {
        Pagination::By(paginator) => Some(&**paginator),
        Pagination::AsSettings | Pagination::None => None,
    }
}

/// What a list of rows is answered as: the rows, or a page by name.
pub(super) fn page(
    request: &Request,
    pagination: &Pagination,
    (row, name): (Object, &str),
    view: &str,
    components: &mut Components,
) -> Object {
    let rows = Components::several(row);
    let Some(paginator) = paginator(request, pagination) else { return rows };
    match paginator.schema(rows.clone()) {
        Some(own) if own == rows => rows,
        Some(own) => {
            let base = format!("Paginated{}List", component_name(name));
            let mut called = base.clone();
            let mut number = 2;
            while components.is_other(&called, &own) {
                called = format!("{base}{number}");
                number += 1;
            }
            components.page(&called, own)
        }
        None => {
            components.warn(format!(
                "`{view}`: what stands around the rows of its lists is not known, so that it is described as anything\n\
                 hint: let its paginator have a `schema`"
            ));
            Object::new()
        }
    }
}

/// The media types that answers are written in: those that are not for people in browsers.
pub(super) fn media_types(renderers: &[Renderer]) -> Vec<String> {
    let is_page = |renderer: &&Renderer| matches!(renderer.format(), "api" | "admin" | "html");
    let mut types: Vec<String> = vec![];
    for renderer in renderers.iter().filter(|renderer| !is_page(renderer)) {
        let media_type = renderer.media_type().to_owned();
        if !types.contains(&media_type) {
            types.push(media_type);
        }
    }
    types
}

/// `?format=`, where there is something to choose.
pub(super) fn format(request: &Request, renderers: &[Renderer]) -> Option<Parameter> {
    let name = request.site().options().rest_framework.url_format_override.as_ref()?;
    let is_page = |renderer: &&Renderer| matches!(renderer.format(), "api" | "admin" | "html");
    let mut formats: Vec<&str> = renderers.iter().filter(|one| !is_page(one)).map(Renderer::format).collect();
    formats.sort_unstable();
    formats.dedup();
    (formats.len() > 1).then(|| Parameter::query(name.as_str()).one_of(formats))
}

/// How a version is asked for, where it is a parameter.
pub(super) fn version(request: &Request, choices: &Choices) -> Option<(Parameter, VersionPlace)> {
    let settings = &request.site().options().rest_framework;
    let scheme: &Versioning = choices.versioning.or(settings.default_versioning_class.as_slice()).first()?;
    let (name, default, others) = scheme.known(settings);
    let place = scheme.scheme().place();
    let mut values: Vec<&str> = default.into_iter().chain(others.iter().map(String::as_str)).collect();
    values.sort_unstable();
    values.dedup();
    let parameter = match place {
        VersionPlace::Path => Parameter::path(name),
        _ => Parameter::query(name),
    };
    let parameter = if others.is_empty() { parameter } else { parameter.one_of(values) };
    Some((parameter.described("The version of the API."), place))
}
