//! What is wrong with a description, by the rules of OpenAPI 3.1: structure, references, names that must be one of a kind.
//!
//! Reads the document as it is written, so that it also finds what hooks of a project put in.

mod operation;
mod schema;

use std::collections::BTreeSet;

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

    fn found_at(&self, names: &[&str]) -> Option<&Json> {
        names.iter().try_fold(self.document, |value, name| match value {
            Json::Object(object) => object.get(name),
            _ => None,
        })
    }
}

fn without_names(path: &str) -> String {
    let mut parts = path.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |whole, rest| whole + "{}" + rest.split_once('}').map_or("", |(_, rest)| rest))
}

fn text_of(value: &Json) -> Option<String> {
    match value {
        Json::Text(text) => Some(text.clone()),
        _ => None,
    }
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
