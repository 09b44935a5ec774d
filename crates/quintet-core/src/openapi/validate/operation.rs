//! What is wrong with an operation: its parameters, its body, its answers, who may ask.

use std::collections::BTreeSet;

use super::{Check, text_of};
use crate::json::{Json, Object};

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
const PLACES: [&str; 4] = ["query", "header", "path", "cookie"];

impl Check<'_> {
    pub(super) fn path(&mut self, path: &str, item: &Json) {
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
