//! The whole description: what stands around the operations.

use super::components::Components;
use super::operation::Operation;
use crate::json::{Json, Object};

/// What is said of an API as a whole.
#[derive(Clone, Debug, Default)]
pub struct Info {
    /// Its name.
    pub title: String,
    /// Its version.
    pub version: String,
    /// What is said of it, in Markdown.
    pub description: String,
    /// The addresses at which it is served.
    pub servers: Vec<String>,
}

/// A way to say who asks.
#[derive(Clone, Debug, PartialEq)]
pub struct SecurityScheme {
    /// What operations call it.
    pub name: String,
    /// What it is.
    pub definition: Object,
}

impl SecurityScheme {
    /// `Authorization: Bearer ..`, with what follows it; the word may be another one.
    pub fn bearer(name: &str, format: &str) -> Self {
        let definition = Object::new().with("type", "http").with("scheme", "bearer").with("bearerFormat", format);
        Self { name: name.to_owned(), definition }
    }

    /// A name and a password in `Authorization: Basic ..`.
    pub fn basic(name: &str) -> Self {
        Self { name: name.to_owned(), definition: Object::new().with("type", "http").with("scheme", "basic") }
    }

    /// A text in a header (`header`) or a cookie (`cookie`) of this name.
    pub fn key(name: &str, place: &str, parameter: &str) -> Self {
        let definition = Object::new().with("type", "apiKey").with("in", place).with("name", parameter);
        Self { name: name.to_owned(), definition }
    }

    /// The same with a word about it.
    #[must_use]
    pub fn described(mut self, text: &str) -> Self {
        self.definition.insert("description", text);
        self
    }
}

/// The whole description.
#[derive(Debug, Default)]
pub struct Document {
    /// What is said of all of it.
    pub info: Info,
    /// The operations.
    pub operations: Vec<Operation>,
    /// The schemas that operations refer to.
    pub components: Components,
    /// The ways to say who asks.
    pub security: Vec<SecurityScheme>,
}

/// The order of methods at a path.
const METHODS: [&str; 8] = ["get", "post", "put", "patch", "delete", "head", "options", "trace"];

impl Document {
    /// As JSON: operations by path, schemas by name.
    pub fn json(mut self) -> Json {
        let Info { title, version, description, servers } = self.info;
        let mut info = Object::new().with("title", title).with("version", version);
        if !description.is_empty() {
            info.insert("description", description);
        }
        let mut told = Object::new().with("openapi", "3.1.1").with("info", info);
        if !servers.is_empty() {
            let server = |url: String| Object::new().with("url", url);
            told.insert("servers", servers.into_iter().map(server).collect::<Vec<_>>());
        }
        let place = |method: &str| METHODS.iter().position(|known| *known == method).unwrap_or(METHODS.len());
        self.operations.sort_by(|one, other| {
            (&one.path, place(&one.method), &one.method).cmp(&(&other.path, place(&other.method), &other.method))
        });
        let mut paths: Vec<(String, Object)> = vec![];
        for operation in &self.operations {
            if paths.last().is_none_or(|(path, _)| *path != operation.path) {
                paths.push((operation.path.clone(), Object::new()));
            }
            if let Some((_, methods)) = paths.last_mut() {
                methods.insert(operation.method.as_str(), operation.json());
            }
        }
        told.insert(
            "paths",
            paths.into_iter().map(|(path, methods)| (path, Json::Object(methods))).collect::<Object>(),
        );
        self.security.sort_by(|one, other| one.name.cmp(&other.name));
        self.security.dedup();
        let (schemas, names) = self.components.named();
        let mut components = Object::new();
        if !schemas.is_empty() {
            components.insert("schemas", schemas.into_iter().collect::<Object>());
        }
        if !self.security.is_empty() {
            let schemes = self.security.into_iter().map(|scheme| (scheme.name, Json::Object(scheme.definition)));
            components.insert("securitySchemes", schemes.collect::<Object>());
        }
        if !components.is_empty() {
            told.insert("components", components);
        }
        names.write(&mut told);
        Json::Object(told)
    }
}
