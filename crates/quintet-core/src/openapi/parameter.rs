//! A parameter of an operation: in its path, its query string or its headers.

use super::schema::{array, formatted, typed};
use crate::json::{Json, Object};

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query string.
    Query,
    /// Among the headers.
    Header,
    /// In a cookie.
    Cookie,
}

/// A parameter of an operation: `Parameter::query("page").integer().described("which page")`.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// Whether it must be given.
    pub required: bool,
    /// What is said of it.
    pub description: String,
    /// What it may be.
    pub schema: Object,
    /// Whether several values are several parameters (`?a=1&a=2`), or stand in one with commas between.
    pub explode: Option<bool>,
    /// Whether clients should do without it.
    pub deprecated: bool,
}

impl Parameter {
    /// One of a place; a text, unless said.
    pub fn new(place: Place, name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            place,
            required: place == Place::Path,
            description: String::new(),
            schema: typed("string"),
            explode: None,
            deprecated: false,
        }
    }

    /// One of the query string; a text that need not be given, unless said.
    pub fn query(name: impl Into<String>) -> Self {
        Self::new(Place::Query, name)
    }

    /// One of the path.
    pub fn path(name: impl Into<String>) -> Self {
        Self::new(Place::Path, name)
    }

    /// A header.
    pub fn header(name: impl Into<String>) -> Self {
        Self::new(Place::Header, name)
    }

    /// A whole number.
    #[must_use]
    pub fn integer(self) -> Self {
        self.schema(typed("integer"))
    }

    /// A number.
    #[must_use]
    pub fn number(self) -> Self {
        self.schema(typed("number"))
    }

    /// True or false.
    #[must_use]
    pub fn boolean(self) -> Self {
        self.schema(typed("boolean"))
    }

    /// A text of a format: `date`, `uuid`.
    #[must_use]
    pub fn format(self, format: &str) -> Self {
        self.schema(formatted("string", format))
    }

    /// One of these texts.
    #[must_use]
    pub fn one_of(self, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let values: Vec<String> = values.into_iter().map(Into::into).collect();
        self.schema(typed("string").with("enum", values))
    }

    /// Several of what it is, in as many parameters.
    #[must_use]
    pub fn several(self) -> Self {
        let items = self.schema.clone();
        Self { explode: Some(true), ..self.schema(array(items)) }
    }

    /// Several of what it is, with commas between.
    #[must_use]
    pub fn with_commas(self) -> Self {
        let items = self.schema.clone();
        Self { explode: Some(false), ..self.schema(array(items)) }
    }

    /// What it may be, as a JSON schema.
    #[must_use]
    pub fn schema(self, schema: Object) -> Self {
        Self { schema, ..self }
    }

    /// It must be given.
    #[must_use]
    pub fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// What is said of it.
    #[must_use]
    pub fn described(self, description: impl Into<String>) -> Self {
        Self { description: description.into(), ..self }
    }

    /// Clients should do without it.
    #[must_use]
    pub fn deprecated(self) -> Self {
        Self { deprecated: true, ..self }
    }

    /// As the document has it.
    pub(super) fn json(&self) -> Json {
        let mut told = Object::new().with("in", self.place.name()).with("name", self.name.as_str());
        if !self.description.is_empty() {
            told.insert("description", self.description.as_str());
        }
        if self.required || self.place == Place::Path {
            told.insert("required", true);
        }
        if self.deprecated {
            told.insert("deprecated", true);
        }
        if let Some(explode) = self.explode {
            told.insert("style", "form");
            told.insert("explode", explode);
        }
        told.insert("schema", self.schema.clone());
        Json::Object(told)
    }
}

impl Place {
    /// As the document calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}
