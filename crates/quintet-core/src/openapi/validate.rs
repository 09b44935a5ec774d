//! What is wrong with a description, by the rules of OpenAPI 3.1: structure, references, names that must be one of a kind.
//!
//! Reads the document as it is written, so that it also finds what hooks of a project put in.

use std::collections::BTreeSet;

use regex::Regex;

use crate::json::{Json, Object};

/// Each rule that is broken, with its place.
pub fn problems(document: &Json) -> Vec<String> {
    let mut check = Check { found: vec![], document, ids: BTreeSet::new() };
    let Json::Object(root) = document else { return vec!["the description is no object".to_owned()] };
    check.root(root);
    check.found
}

struct Check<'a> {
    found: Vec<String>,
    document: &'a Json,
    ids: BTreeSet<String>,
}

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
const PLACES: [&str; 4] = ["query", "header", "path", "cookie"];
const TYPES: [&str; 7] = ["null", "boolean", "object", "array", "number", "string", "integer"];

impl Check<'_> {
    fn say(&mut self, at: &str, what: impl AsRef<str>) {
        self.found.push(format!("{at}: {}", what.as_ref()));
    }

    fn root(&mut self, root: &Object) {
        match root.get("openapi") {
            Some(Json::Text(version)) if version.starts_with("3.1.") => {}
            _ => self.say("openapi", "is no version of 3.1"),
        }
        let info = root.get("info");
        for name in ["title", "version"] {
            if !matches!(info, Some(Json::Object(info)) if matches!(info.get(name), Some(Json::Text(_)))) {
                self.say("info", format!("has no text `{name}`"));
            }
        }
        self.each(root.get("servers"), "servers", |check, at, server| {
            if !matches!(server.get("url"), Some(Json::Text(_))) {
                check.say(at, "has no `url`");
            }
        });
        match root.get("paths") {
            Some(Json::Object(paths)) => {
                let mut shapes = BTreeSet::new();
                for (path, item) in paths.iter() {
                    if !path.starts_with('/') {
                        self.say(path, "a path begins with `/`");
                    }
                    if !shapes.insert(without_names(path)) {
                        self.say(path, "another path is the same but for the names of its parameters");
                    }
                    self.path(path, item);
                }
            }
            None if root.get("components").is_some() || root.get("webhooks").is_some() => {}
            _ => self.say("paths", "is no object"),
        }
        if let Some(components) = root.get("components") {
            self.components(components);
        }
    }

    fn components(&mut self, components: &Json) {
        let Json::Object(components) = components else { return self.say("components", "is no object") };
        for (kind, all) in components.iter() {
            let Json::Object(all) = all else {
                self.say(kind, "is no object");
                continue;
            };
            for (name, one) in all.iter() {
                let is_name = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
                if name.is_empty() || !name.chars().all(is_name) {
                    self.say(&format!("components.{kind}"), format!("`{name}` is no name of a component"));
                }
                let at = format!("components.{kind}.{name}");
                match kind {
                    "schemas" => self.schema(&at, one),
                    "securitySchemes" => self.scheme(&at, one),
                    _ => {}
                }
            }
        }
    }

    fn scheme(&mut self, at: &str, scheme: &Json) {
        let text = |name: &str| match scheme {
            Json::Object(scheme) => match scheme.get(name) {
                Some(Json::Text(text)) => Some(text.clone()),
                _ => None,
            },
            _ => None,
        };
        let missing: &[&str] = match text("type").as_deref() {
            Some("apiKey") => &["name", "in"],
            Some("http") => &["scheme"],
            Some("openIdConnect") => &["openIdConnectUrl"],
            Some("oauth2" | "mutualTLS") => &[],
            _ => &["type"],
        };
        for name in missing {
            if text(name).is_none() {
                self.say(at, format!("has no `{name}`"));
            }
        }
    }

    fn path(&mut self, path: &str, item: &Json) {
        let Json::Object(item) = item else { return self.say(path, "is no object") };
        for (name, operation) in item.iter() {
            let at = format!("{name} {path}");
            match name {
                "summary" | "description" | "servers" | "$ref" => {}
                "parameters" => {
                    self.parameters(&at, path, Some(operation), false);
                }
                _ if METHODS.contains(&name) => match operation {
                    Json::Object(operation) => self.operation(&at, path, operation, item.get("parameters")),
                    _ => self.say(&at, "is no object"),
                },
                _ if name.starts_with("x-") => {}
                _ => self.say(&at, "is no method"),
            }
        }
    }

    fn operation(&mut self, at: &str, path: &str, operation: &Object, shared: Option<&Json>) {
        match operation.get("operationId") {
            Some(Json::Text(id)) => {
                let is_new = self.ids.insert(id.clone());
                if !is_new {
                    self.say(at, format!("another operation is named `{id}` too"));
                }
            }
            None => {}
            Some(_) => self.say(at, "`operationId` is no text"),
        }
        let mut given = self.parameters(at, path, operation.get("parameters"), true);
        if let Some(Json::List(shared)) = shared {
            given.extend(shared.iter().filter_map(path_name));
        }
        for name in names(path) {
            if !given.contains(&name) {
                self.say(at, format!("the parameter `{name}` of the path is not described"));
            }
        }
        match operation.get("responses") {
            Some(Json::Object(answers)) if !answers.is_empty() => {
                for (status, answer) in answers.iter() {
                    let is_status = status == "default"
                        || (status.len() == 3
                            && status.starts_with(['1', '2', '3', '4', '5'])
                            && (status[1..].bytes().all(|digit| digit.is_ascii_digit()) || &status[1..] == "XX"));
                    if !is_status {
                        self.say(at, format!("`{status}` is no status"));
                    }
                    let Json::Object(answer) = answer else {
                        self.say(at, format!("the answer `{status}` is no object"));
                        continue;
                    };
                    if answer.get("$ref").is_none() && !matches!(answer.get("description"), Some(Json::Text(_))) {
                        self.say(at, format!("the answer `{status}` has no description"));
                    }
                    self.content(&format!("{at} {status}"), answer.get("content"));
                }
            }
            _ => self.say(at, "has no answers"),
        }
        if let Some(body) = operation.get("requestBody") {
            match body {
                Json::Object(body) if body.get("content").is_some() => {
                    self.content(&format!("{at} body"), body.get("content"));
                }
                _ => self.say(at, "the body has no content"),
            }
        }
        self.security(at, operation.get("security"));
    }

    fn security(&mut self, at: &str, security: Option<&Json>) {
        let known: BTreeSet<String> = match self.found_at(&["components", "securitySchemes"]) {
            Some(Json::Object(schemes)) => schemes.iter().map(|(name, _)| name.to_owned()).collect(),
            _ => BTreeSet::new(),
        };
        self.each(security, at, |check, at, needed| {
            for (name, scopes) in needed.iter() {
                if !known.contains(name) {
                    check.say(at, format!("there is no security scheme `{name}`"));
                }
                if !matches!(scopes, Json::List(_)) {
                    check.say(at, format!("the scopes of `{name}` are no list"));
                }
            }
        });
    }

    /// The names of the path's parameters among them.
    fn parameters(&mut self, at: &str, path: &str, parameters: Option<&Json>, is_told: bool) -> BTreeSet<String> {
        let (mut given, mut seen) = (BTreeSet::new(), BTreeSet::new());
        let template = names(path);
        self.each(parameters, at, |check, at, parameter| {
            if parameter.get("$ref").is_some() {
                return;
            }
            let text = |name: &str| match parameter.get(name) {
                Some(Json::Text(text)) => text.clone(),
                _ => String::new(),
            };
            let (name, place) = (text("name"), text("in"));
            if name.is_empty() || !PLACES.contains(&place.as_str()) {
                return check.say(at, format!("a parameter `{name}` in `{place}` is none"));
            }
            if !seen.insert((name.clone(), place.clone())) {
                check.say(at, format!("the parameter `{name}` is there twice"));
            }
            if place == "path" {
                if parameter.get("required") != Some(&Json::Bool(true)) {
                    check.say(at, format!("the parameter `{name}` of the path is not required"));
                }
                if is_told && !template.contains(&name) {
                    check.say(at, format!("the path has no parameter `{name}`"));
                }
                given.insert(name.clone());
            }
            match (parameter.get("schema"), parameter.get("content")) {
                (Some(schema), None) => check.schema(&format!("{at} {name}"), schema),
                (None, Some(_)) => {}
                _ => check.say(at, format!("the parameter `{name}` has not one of `schema` and `content`")),
            }
        });
        given
    }

    fn content(&mut self, at: &str, content: Option<&Json>) {
        match content {
            None => {}
            Some(Json::Object(content)) => {
                for (media_type, told) in content.iter() {
                    if !media_type.contains('/') {
                        self.say(at, format!("`{media_type}` is no media type"));
                    }
                    match told {
                        Json::Object(told) => {
                            if let Some(schema) = told.get("schema") {
                                self.schema(&format!("{at} {media_type}"), schema);
                            }
                        }
                        _ => self.say(at, format!("`{media_type}` is no object")),
                    }
                }
            }
            Some(_) => self.say(at, "the content is no object"),
        }
    }

    fn schema(&mut self, at: &str, schema: &Json) {
        let schema = match schema {
            Json::Object(schema) => schema,
            Json::Bool(_) => return,
            _ => return self.say(at, "is no schema"),
        };
        for (name, value) in schema.iter() {
            let below = format!("{at}.{name}");
            match name {
                "$ref" => match value {
                    Json::Text(place) if self.is_there(place) => {}
                    Json::Text(place) => self.say(at, format!("`{place}` leads nowhere")),
                    _ => self.say(at, "`$ref` is no text"),
                },
                "type" => {
                    let is_type = |value: &Json| matches!(value, Json::Text(name) if TYPES.contains(&name.as_str()));
                    let is_good = match value {
                        Json::List(all) => !all.is_empty() && all.iter().all(is_type),
                        one => is_type(one),
                    };
                    if !is_good {
                        self.say(&below, "is no type");
                    }
                }
                "anyOf" | "oneOf" | "allOf" | "prefixItems" => match value {
                    Json::List(all) if !all.is_empty() => all.iter().for_each(|one| self.schema(&below, one)),
                    _ => self.say(&below, "is no list of schemas"),
                },
                "items" | "additionalProperties" | "not" | "contains" | "propertyNames" => self.schema(&below, value),
                "properties" | "patternProperties" | "$defs" => match value {
                    Json::Object(all) => {
                        all.iter().for_each(|(name, one)| self.schema(&format!("{below}.{name}"), one));
                    }
                    _ => self.say(&below, "is no object"),
                },
                "required" => {
                    let texts = match value {
                        Json::List(all) => all
                            .iter()
                            .map(text_of)
                            .collect::<Option<BTreeSet<_>>>()
                            .filter(|set| set.len() == all.len()),
                        _ => None,
                    };
                    if texts.is_none() {
                        self.say(&below, "is no list of different names");
                    }
                }
                "enum" if !matches!(value, Json::List(all) if !all.is_empty()) => {
                    self.say(&below, "is no list of values");
                }
                "pattern" => match value {
                    Json::Text(pattern) if is_balanced(pattern) => {}
                    _ => self.say(&below, "is no expression"),
                },
                "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties"
                    if !matches!(value, Json::Int(0..)) =>
                {
                    self.say(&below, "is no count");
                }
                "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf"
                    if !matches!(value, Json::Int(_) | Json::Float(_) | Json::Big(_)) =>
                {
                    self.say(&below, "is no number");
                }
                "title" | "description" | "format" | "contentEncoding" | "contentMediaType"
                    if !matches!(value, Json::Text(_)) =>
                {
                    self.say(&below, "is no text");
                }
                "readOnly" | "writeOnly" | "deprecated" | "uniqueItems" if !matches!(value, Json::Bool(_)) => {
                    self.say(&below, "is neither true nor false");
                }
                "nullable" => self.say(&below, "is of version 3.0: a type of `null` says it"),
                _ => {}
            }
        }
    }

    fn each(&mut self, list: Option<&Json>, at: &str, mut run: impl FnMut(&mut Self, &str, &Object)) {
        match list {
            None => {}
            Some(Json::List(members)) => {
                for member in members {
                    match member {
                        Json::Object(member) => run(self, at, member),
                        _ => self.say(at, "a member is no object"),
                    }
                }
            }
            Some(_) => self.say(at, "is no list"),
        }
    }

    fn is_there(&self, place: &str) -> bool {
        let Some(path) = place.strip_prefix("#/") else { return false };
        let names: Vec<String> = path.split('/').map(|name| name.replace("~1", "/").replace("~0", "~")).collect();
        self.found_at(&names.iter().map(String::as_str).collect::<Vec<_>>()).is_some()
    }

    fn found_at(&self, names: &[&str]) -> Option<&Json> {
        names.iter().try_fold(self.document, |value, name| match value {
            Json::Object(object) => object.get(name),
            _ => None,
        })
    }
}

fn text_of(value: &Json) -> Option<String> {
    match value {
        Json::Text(text) => Some(text.clone()),
        _ => None,
    }
}

fn path_name(parameter: &Json) -> Option<String> {
    match parameter {
        Json::Object(parameter) if parameter.get("in") == Some(&Json::Text("path".to_owned())) => {
            parameter.get("name").and_then(text_of)
        }
        _ => None,
    }
}

/// The parameters of a path.
fn names(path: &str) -> BTreeSet<String> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect()
}

fn without_names(path: &str) -> String {
    let mut parts = path.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |whole, rest| whole + "{}" + rest.split_once('}').map_or("", |(_, rest)| rest))
}

/// Whether an expression could be one: what the expressions of both languages have in common is asked alone.
fn is_balanced(pattern: &str) -> bool {
    Regex::new(pattern).is_ok() || pattern.contains("(?") || pattern.contains('\\')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse_text;

    fn wrong(text: &str) -> String {
        problems(&parse_text(text).unwrap()).join("\n")
    }

    #[test]
    fn a_small_description_has_nothing_wrong() {
        let whole = r##"{"openapi": "3.1.1", "info": {"title": "A", "version": "1"},
            "paths": {"/a/{id}/": {"get": {"operationId": "a", "security": [{"jwt": []}, {}],
                "parameters": [{"in": "path", "name": "id", "required": true, "schema": {"type": "integer"}}],
                "responses": {"200": {"description": "", "content": {"application/json": {"schema":
                    {"$ref": "#/components/schemas/A"}}}}}}}},
            "components": {"schemas": {"A": {"type": ["object", "null"], "required": ["a"]}},
                "securitySchemes": {"jwt": {"type": "http", "scheme": "bearer"}}}}"##;
        assert_eq!(wrong(whole), "");
    }

    #[test]
    fn each_rule_that_is_broken_is_told_with_its_place() {
        let whole = r##"{"openapi": "3.0.3", "info": {"title": "A"},
            "paths": {"a": {"get": {"operationId": "a", "security": [{"jwt": []}],
                "parameters": [{"in": "query", "name": "q", "schema": {"type": "text"}}, {"in": "query", "name": "q", "schema": {}}],
                "responses": {"20": {}}}},
              "/b/{id}/": {"fetch": {}, "post": {"operationId": "a", "responses": {"200": {"description": "", "content":
                    {"json": {"schema": {"$ref": "#/components/schemas/B", "required": ["a", "a"], "nullable": true}}}}}}},
              "/b/{pk}/": {}},
            "components": {"schemas": {"A b": {"enum": [], "minLength": -1}}}}"##;
        let told = wrong(whole);
        for wanted in [
            "openapi: is no version of 3.1",
            "info: has no text `version`",
            "a: a path begins with `/`",
            "get a q.type: is no type",
            "get a: the parameter `q` is there twice",
            "get a: `20` is no status",
            "get a: the answer `20` has no description",
            "get a: there is no security scheme `jwt`",
            "fetch /b/{id}/: is no method",
            "post /b/{id}/: another operation is named `a` too",
            "post /b/{id}/: the parameter `id` of the path is not described",
            "post /b/{id}/ 200: `json` is no media type",
            "`#/components/schemas/B` leads nowhere",
            ".required: is no list of different names",
            ".nullable: is of version 3.0: a type of `null` says it",
            "/b/{pk}/: another path is the same but for the names of its parameters",
            "`A b` is no name of a component",
            ".enum: is no list of values",
            ".minLength: is no count",
        ] {
            assert!(told.contains(wanted), "{wanted}\nnot in\n{told}");
        }
    }
}
