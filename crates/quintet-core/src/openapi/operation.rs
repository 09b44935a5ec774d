//! An operation: a method at a path, with what it takes and what it answers.

use super::parameter::Parameter;
use super::schema::merged;
use crate::json::{Json, Object};

/// An operation.
#[derive(Clone, Debug, Default)]
pub struct Operation {
    /// The method, in small letters.
    pub method: String,
    /// The path, with `{name}` for parameters.
    pub path: String,
    /// Its name, one of a kind.
    pub id: String,
    /// What it belongs to.
    pub tags: Vec<String>,
    /// A line about it.
    pub summary: String,
    /// More about it.
    pub description: String,
    /// Whether clients should do without it.
    pub deprecated: bool,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// What it takes.
    pub body: Option<Body>,
    /// What it answers.
    pub answers: Vec<Answer>,
    /// The names of the schemes of which one is needed; an empty name for none.
    pub security: Vec<String>,
    /// Whatever else is said of it.
    pub more: Object,
}

/// What an operation takes.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// Schemas by media type.
    pub content: Vec<(String, Json)>,
    /// Whether there must be one.
    pub required: bool,
    /// An example of it, by name.
    pub examples: Vec<(String, Json)>,
}

/// What an operation answers.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// When it is answered.
    pub description: String,
    /// Schemas by media type.
    pub content: Vec<(String, Json)>,
    /// Examples, by name.
    pub examples: Vec<(String, Json)>,
}

impl Operation {
    /// As the document has it.
    pub(super) fn json(&self) -> Json {
        let mut told = Object::new().with("operationId", self.id.as_str());
        for (name, text) in [("summary", &self.summary), ("description", &self.description)] {
            if !text.is_empty() {
                told.insert(name, text.as_str());
            }
        }
        if !self.parameters.is_empty() {
            told.insert("parameters", self.parameters.iter().map(Parameter::json).collect::<Vec<_>>());
        }
        if !self.tags.is_empty() {
            told.insert("tags", self.tags.clone());
        }
        if let Some(body) = &self.body {
            let mut taken = Object::new().with("content", content(&body.content, &body.examples));
            if body.required {
                taken.insert("required", true);
            }
            told.insert("requestBody", taken);
        }
        let needed = |name: &String| match name.as_str() {
            "" => Object::new(),
            name => Object::new().with(name, Json::List(vec![])),
        };
        told.insert("security", self.security.iter().map(needed).collect::<Vec<_>>());
        if self.deprecated {
            told.insert("deprecated", true);
        }
        let mut answers: Vec<&Answer> = self.answers.iter().collect();
        answers.sort_by_key(|answer| answer.status);
        let answers: Object = answers.into_iter().map(|answer| (answer.status.to_string(), answer.json())).collect();
        told.insert("responses", answers);
        Json::Object(merged(told, self.more.clone()))
    }
}

impl Answer {
    fn json(&self) -> Json {
        let mut told = Object::new().with("description", self.description.as_str());
        if !self.content.is_empty() {
            told.insert("content", content(&self.content, &self.examples));
        }
        Json::Object(told)
    }
}

fn content(all: &[(String, Json)], examples: &[(String, Json)]) -> Object {
    let named =
        |(name, value): &(String, Json)| (name.clone(), Json::Object(Object::new().with("value", value.clone())));
    let one = |(media_type, schema): &(String, Json)| {
        let mut told = Object::new().with("schema", schema.clone());
        if !examples.is_empty() {
            told.insert("examples", examples.iter().map(named).collect::<Object>());
        }
        (media_type.clone(), Json::Object(told))
    };
    all.iter().map(one).collect()
}
