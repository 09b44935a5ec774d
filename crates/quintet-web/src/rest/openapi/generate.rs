//! The whole description of a site: its routes, one after the other.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use http::Method;
use quintet_core::json::Json;
use quintet_core::openapi::{Components, Document, Info, Operation, operation_ids, tag_of, tokens};
use quintet_db::Db;

use super::operation::{Making, operation};
use super::outline::{Outlined, OutlinedRow};
use crate::http::{Error, Incoming, Request, Result};
use crate::rest::versioning::VersionPlace;
use crate::rest::view_facts::ViewFacts;
use crate::routing::Place;
use crate::site::Site;

/// A description, and what could not be found out for it.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The document, by OpenAPI 3.1.
    pub document: Json,
    /// What is described as anything, each as a sentence with its way out.
    pub warnings: Vec<String>,
}

/// Describes a site, or one version of its API.
///
/// # Errors
/// A serializer does not fit its model.
pub fn generate(site: &Arc<Site>, api_version: Option<&str>) -> Result<Generated> {
    let root = request(site, &Method::GET, &Arc::default());
    let settings = &site.options().openapi;
    let registry = Db::from(&root).registry().map_err(Error::internal)?;
    let mut document = Document {
        info: Info {
            title: settings.title.clone(),
            version: match api_version {
                Some(version) => format!("{} ({version})", settings.version),
                None => settings.version.clone(),
            },
            description: settings.description.clone(),
            servers: settings.servers.clone(),
        },
        components: Components::new(crate::rest::serializer::settings(&root)),
        ..Document::default()
    };
    let mut found: Vec<Found> = vec![];
    let mut making = Making { registry, components: &mut document.components, schemes: &mut document.security };
    for (view, place) in site.route_table().places() {
        if place.is_mount || place.has_format {
            continue;
        }
        let Some(outlined) = view.outlined() else { continue };
        if let Some(stray) = outlined.facts.described.stray(&outlined.facts.methods) {
            let name = crate::rest::view_handler::last_part(outlined.facts.type_name);
            making.components.warn(format!("`{name}` describes `{stray}`, which it does not answer"));
        }
        for row in &outlined.rows {
            found.extend(described(site, &mut making, &outlined, row, &place, api_version)?);
        }
    }
    let mut found = one_of_each(found, making.components);
    let prefix = settings.schema_path_prefix.clone().unwrap_or_else(|| common_prefix(&found));
    for one in &mut found {
        name(one, &prefix);
    }
    document.operations = found.into_iter().map(|one| one.operation).collect();
    for twice in operation_ids(&mut document.operations) {
        document.components.warn(format!(
            "several operations are named `{twice}`, and got numbers\nhint: name one of them by `Describe::new().id(\"..\")`"
        ));
    }
    let warnings = document.components.warnings().to_vec();
    Ok(Generated { document: document.json(), warnings })
}

struct Found {
    operation: Operation,
    is_list: bool,
}

fn described(
    site: &Arc<Site>,
    making: &mut Making<'_>,
    view: &Outlined<'_>,
    row: &OutlinedRow<'_>,
    place: &Place<'_>,
    api_version: Option<&str>,
) -> Result<Option<Found>> {
    let request = request(site, row.method, view.facts);
    let settings = &site.options().rest_framework;
    let scheme = row.choices.versioning.or(settings.default_versioning_class.as_slice()).first();
    let kind = scheme.map(|scheme| scheme.scheme().place());
    if let Some(scheme) = scheme {
        let (_, default, others) = scheme.known(settings);
        let version = api_version.or(default);
        let is_known = |version: &str| {
            others.is_empty() || Some(version) == default || others.iter().any(|other| other == version)
        };
        let is_elsewhere = match (api_version, kind) {
            (Some(wanted), Some(VersionPlace::Namespace)) => {
                !place.namespaces.is_empty() && !place.namespaces.iter().any(|namespace| namespace == wanted)
            }
            (Some(wanted), _) => !is_known(wanted),
            (None, _) => false,
        };
        if is_elsewhere {
            return Ok(None);
        }
        request.rest().set_version(scheme.clone(), version.map(str::to_owned));
    }
    let Some((mut operation, is_list)) = operation(making, &request, view, row, place)? else { return Ok(None) };
    if let (Some(version), Some(scheme)) = (api_version, scheme) {
        let name = scheme.known(settings).0;
        match kind {
            Some(VersionPlace::Path) => {
                operation.path = operation.path.replace(&format!("{{{name}}}"), version);
                operation.parameters.retain(|parameter| parameter.name != name);
            }
            Some(VersionPlace::Accept) => of_version(&mut operation, &format!("; {name}={version}")),
            _ => {}
        }
    }
    Ok(Some(Found { operation, is_list }))
}

/// Answers whose media type says the version.
fn of_version(operation: &mut Operation, suffix: &str) {
    for answer in &mut operation.answers {
        for (media_type, _) in &mut answer.content {
            media_type.push_str(suffix);
        }
    }
}

/// A request that nobody made: it knows its site, its view and its method.
fn request(site: &Arc<Site>, method: &Method, facts: &Arc<ViewFacts>) -> Request {
    let (mut parts, ()) = http::Request::new(()).into_parts();
    parts.method = method.clone();
    let request = Request::new(parts, Incoming::Whole(Bytes::new()), Arc::default(), site.clone(), 0);
    request.rest().set_view(facts);
    request
}

/// Of several operations at one place the first, which is the one that answers; and one spelling of each path.
fn one_of_each(found: Vec<Found>, components: &mut Components) -> Vec<Found> {
    let mut spellings: BTreeMap<String, String> = BTreeMap::new();
    let mut kept: Vec<Found> = vec![];
    for mut one in found {
        let bare = without_names(&one.operation.path);
        let spelling = spellings.entry(bare).or_insert_with(|| one.operation.path.clone()).clone();
        if spelling != one.operation.path {
            for (own, first) in names(&one.operation.path).into_iter().zip(names(&spelling)) {
                for parameter in one.operation.parameters.iter_mut().filter(|parameter| parameter.name == own) {
                    parameter.name.clone_from(&first);
                }
            }
            one.operation.path = spelling;
        }
        let same = |known: &Found| {
            (&known.operation.path, &known.operation.method) == (&one.operation.path, &one.operation.method)
        };
        match kept.iter().any(same) {
            true => components.warn(format!(
                "`{} {}` is the place of several views, of which the first is described\n\
                 hint: hide the others by `describe`, or give them paths that tell them apart",
                one.operation.method, one.operation.path
            )),
            false => kept.push(one),
        }
    }
    kept
}

fn without_names(path: &str) -> String {
    let mut parts = path.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |whole, rest| whole + "{}" + rest.split_once('}').map_or("", |(_, rest)| rest))
}

fn names(path: &str) -> Vec<String> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect()
}

/// The words that all paths begin with, as long as each has another one behind them.
fn common_prefix(found: &[Found]) -> String {
    let words = |path: &str| -> Vec<String> { path.split('/').skip(1).map(str::to_owned).collect() };
    let mut paths = found.iter().map(|one| words(&one.operation.path));
    let Some(mut common) = paths.next() else { return "/".to_owned() };
    for path in paths {
        let same = common.iter().zip(&path).take_while(|(one, other)| one == other).count();
        common.truncate(same);
    }
    let literal = common.iter().take_while(|word| !word.is_empty() && !word.contains('{')).count();
    common.truncate(literal);
    let prefix = |common: &[String]| format!("/{}", common.join("/"));
    while !common.is_empty() && found.iter().any(|one| tokens(&one.operation.path, &prefix(&common)).is_empty()) {
        common.pop();
    }
    prefix(&common)
}

/// The name of an operation and what it belongs to, where the project does not say it.
fn name(found: &mut Found, prefix: &str) {
    let operation = &mut found.operation;
    if operation.tags.is_empty() {
        operation.tags.extend(tag_of(&operation.path, prefix));
    }
    if !operation.id.is_empty() {
        return;
    }
    let mut words = tokens(&operation.path, prefix);
    if words.is_empty() {
        words.push("root".to_owned());
    }
    words.push(
        match operation.method.as_str() {
            "get" if found.is_list => "list",
            "get" => "retrieve",
            "post" => "create",
            "put" => "update",
            "patch" => "partial_update",
            "delete" => "destroy",
            other => other,
        }
        .to_owned(),
    );
    operation.id = words.join("_");
}
