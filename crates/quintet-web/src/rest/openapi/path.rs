//! The parameters of paths: their names, and what they may be.

use quintet_core::json::{Json, Object};
use quintet_core::openapi::{Components, Parameter, typed};
use quintet_core::query::Registry;

use crate::rest::view_facts::ViewFacts;
use crate::routing::PathParameter;

/// What a view's own routers let a row be named by, unless a view set says otherwise.
const ANY: [&str; 2] = ["[^/.]+", "[^/]+"];

/// A path with its parameters, as the description has them.
pub(super) struct Described {
    pub(super) path: String,
    pub(super) parameters: Vec<Parameter>,
}

/// A path of a view. What names a row is called by the model's field, as the reference calls it: `id`, not `pk`.
pub(super) fn described(
    template: &str,
    parameters: &[PathParameter],
    lookup: Option<(&str, &str)>,
    facts: &ViewFacts,
    registry: &Registry,
    components: &mut Components,
) -> Described {
    let mut path = template.to_owned();
    let mut told = vec![];
    for parameter in parameters {
        let field = lookup.filter(|(_, name)| *name == parameter.name).map(|(field, _)| field);
        let mut name = parameter.name.clone();
        if name == "pk"
            && let Some(key) = key_name(registry, facts).filter(|key| !has(parameters, key))
        {
            path = path.replace("{pk}", &format!("{{{key}}}"));
            name = key;
        }
        let schema = schema(parameter, field, facts, registry, components);
        told.push(Parameter::path(name).schema(schema));
    }
    Described { path, parameters: told }
}

fn has(parameters: &[PathParameter], name: &str) -> bool {
    parameters.iter().any(|parameter| parameter.name == name)
}

/// The name of the model's key; `id` where there is no model.
fn key_name(registry: &Registry, facts: &ViewFacts) -> Option<String> {
    let Some((app, name)) = facts.model else { return Some("id".to_owned()) };
    let info = registry.model(registry.find(app, name)?);
    let [key] = info.key[..] else { return None };
    info.columns.get(key).map(|column| column.name.clone())
}

fn schema(
    parameter: &PathParameter,
    field: Option<&str>,
    facts: &ViewFacts,
    registry: &Registry,
    components: &mut Components,
) -> Object {
    match parameter.regex.as_str() {
        "[0-9]+" | r"\d+" if field.is_none() => return typed("integer"),
        "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}" => {
            return typed("string").with("format", "uuid");
        }
        _ => {}
    }
    let of_model = facts
        .model
        .zip(field)
        .and_then(|((app, name), field)| components.of_model(registry, &format!("{app}.{name}"), Some(field)));
    let schema = of_model.unwrap_or_else(|| typed("string"));
    // Of what is no plain text, the type says more than the route's expression.
    let is_plain = schema.len() == 1 && schema.get("type") == Some(&Json::Text("string".to_owned()));
    let says_nothing = ANY.contains(&parameter.regex.as_str()) || matches!(parameter.regex.as_str(), "" | ".+");
    match quintet_core::openapi::ecma(&whole(&parameter.regex)).filter(|_| is_plain && !says_nothing) {
        Some(pattern) => schema.with("pattern", pattern),
        None => schema,
    }
}

/// An expression that matches the whole.
fn whole(regex: &str) -> String {
    if regex.contains('|') { format!("^(?:{regex})$") } else { format!("^{regex}$") }
}
