//! What a project says of its operations that cannot be found out: hooks for functions, views and actions.

use std::fmt;
use std::sync::Arc;

use http::Method;
use quintet_core::json::{Json, Object};
use quintet_core::openapi::Parameter;

use crate::http::{Request, Result};
use crate::rest::serializer::{Declared, Serializer, Shape, shape};

type ShapeOf = fn(&Request) -> Result<Arc<Shape>>;

/// What is said of an operation.
///
/// ```
/// use quintet_web::rest::openapi::{Describe, Parameter};
/// use serde_json::json;
///
/// let archive = Describe::new()
///     .summary("Archives a note")
///     .takes_nothing()
///     .answers_schema(200, json!({ "type": "object" }))
///     .parameter(Parameter::query("reason").described("why"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Describe {
    pub(crate) id: Option<String>,
    pub(crate) summary: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) tags: Option<Vec<String>>,
    pub(crate) is_deprecated: bool,
    pub(crate) is_hidden: bool,
    pub(crate) is_open: Option<bool>,
    pub(crate) taken: Option<What>,
    pub(crate) answers: Vec<(u16, String, What)>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) without: Vec<String>,
    pub(crate) examples: Vec<(Option<u16>, String, Json)>,
    pub(crate) more: Object,
}

/// What a body is.
#[derive(Clone)]
pub(crate) enum What {
    /// There is none.
    Nothing,
    /// That of a serializer, or a list of them.
    Serializer { shape: ShapeOf, many: bool, is_partial: bool },
    /// What a JSON schema says.
    Schema(Json),
    /// A file or a page of these media types.
    Bytes(Vec<String>),
}

impl fmt::Debug for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("Nothing"),
            Self::Serializer { many, .. } => write!(f, "Serializer(many: {many})"),
            Self::Schema(schema) => write!(f, "Schema({schema:?})"),
            Self::Bytes(types) => write!(f, "Bytes({types:?})"),
        }
    }
}

impl Describe {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Its name, which functions of clients have: `notes_archive`.
    #[must_use]
    pub fn id(self, id: impl Into<String>) -> Self {
        Self { id: Some(id.into()), ..self }
    }

    /// A line about it.
    #[must_use]
    pub fn summary(self, text: impl Into<String>) -> Self {
        Self { summary: Some(text.into()), ..self }
    }

    /// More about it, in Markdown; the view's own description, unless said.
    #[must_use]
    pub fn description(self, text: impl Into<String>) -> Self {
        Self { description: Some(text.into()), ..self }
    }

    /// What it belongs to; the first word of its path, unless said.
    #[must_use]
    pub fn tags(self, tags: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { tags: Some(tags.into_iter().map(Into::into).collect()), ..self }
    }

    /// Clients should do without it.
    #[must_use]
    pub fn deprecated(self) -> Self {
        Self { is_deprecated: true, ..self }
    }

    /// It is not described.
    #[must_use]
    pub fn hidden(self) -> Self {
        Self { is_hidden: true, ..self }
    }

    /// Whether it answers those who do not say who they are, where its permissions are rules of the project's own.
    #[must_use]
    pub fn open(self, is_open: bool) -> Self {
        Self { is_open: Some(is_open), ..self }
    }

    /// It takes the data of a serializer.
    #[must_use]
    pub fn takes<S: Serializer>(self) -> Self {
        self.taking(What::Serializer { shape: shape::<S>, many: false, is_partial: false })
    }

    /// It takes a list of such data.
    #[must_use]
    pub fn takes_many<S: Serializer>(self) -> Self {
        self.taking(What::Serializer { shape: shape::<S>, many: true, is_partial: false })
    }

    /// It takes some of the data of a serializer.
    #[must_use]
    pub fn takes_partly<S: Serializer>(self) -> Self {
        self.taking(What::Serializer { shape: shape::<S>, many: false, is_partial: true })
    }

    /// It takes what a JSON schema says.
    #[must_use]
    pub fn takes_schema(self, schema: impl Into<AnyJson>) -> Self {
        self.taking(What::Schema(schema.into().0))
    }

    /// It takes a file of these media types.
    #[must_use]
    pub fn takes_bytes(self, types: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.taking(What::Bytes(types.into_iter().map(Into::into).collect()))
    }

    /// It takes no body.
    #[must_use]
    pub fn takes_nothing(self) -> Self {
        self.taking(What::Nothing)
    }

    fn taking(self, taken: What) -> Self {
        Self { taken: Some(taken), ..self }
    }

    /// It answers what a serializer shows.
    #[must_use]
    pub fn answers<S: Declared>(self, status: u16) -> Self {
        self.answering(status, What::Serializer { shape: shape::<S>, many: false, is_partial: false })
    }

    /// It answers a list of what a serializer shows.
    #[must_use]
    pub fn answers_many<S: Declared>(self, status: u16) -> Self {
        self.answering(status, What::Serializer { shape: shape::<S>, many: true, is_partial: false })
    }

    /// It answers what a JSON schema says.
    #[must_use]
    pub fn answers_schema(self, status: u16, schema: impl Into<AnyJson>) -> Self {
        self.answering(status, What::Schema(schema.into().0))
    }

    /// It answers a file or a page of these media types.
    #[must_use]
    pub fn answers_bytes(self, status: u16, types: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.answering(status, What::Bytes(types.into_iter().map(Into::into).collect()))
    }

    /// It answers without a body.
    #[must_use]
    pub fn answers_nothing(self, status: u16) -> Self {
        self.answering(status, What::Nothing)
    }

    fn answering(mut self, status: u16, what: What) -> Self {
        self.answers.retain(|(known, _, _)| *known != status);
        self.answers.push((status, String::new(), what));
        self
    }

    /// When the answer that was said last is given.
    #[must_use]
    pub fn when(mut self, text: impl Into<String>) -> Self {
        if let Some((_, words, _)) = self.answers.last_mut() {
            *words = text.into();
        }
        self
    }

    /// A parameter more, or another one in the place of one of its name.
    #[must_use]
    pub fn parameter(mut self, parameter: Parameter) -> Self {
        self.parameters.push(parameter);
        self
    }

    /// Leaves out a parameter that follows from the view.
    #[must_use]
    pub fn without_parameter(mut self, name: impl Into<String>) -> Self {
        self.without.push(name.into());
        self
    }

    /// An example of what it takes.
    #[must_use]
    pub fn example(mut self, name: impl Into<String>, value: impl Into<AnyJson>) -> Self {
        self.examples.push((None, name.into(), value.into().0));
        self
    }

    /// An example of what it answers with a status.
    #[must_use]
    pub fn example_of(mut self, status: u16, name: impl Into<String>, value: impl Into<AnyJson>) -> Self {
        self.examples.push((Some(status), name.into(), value.into().0));
        self
    }

    /// Whatever else the description shall say: `externalDocs`, `x-..`.
    #[must_use]
    pub fn more(mut self, name: impl Into<String>, value: impl Into<AnyJson>) -> Self {
        self.more.insert(name.into(), value.into().0);
        self
    }

    /// This, and what it does not say as another one does.
    fn over(mut self, other: Self) -> Self {
        let statuses: Vec<u16> = self.answers.iter().map(|(status, _, _)| *status).collect();
        self.answers.extend(other.answers.into_iter().filter(|(status, _, _)| !statuses.contains(status)));
        let more = self.more;
        self.more = other.more;
        for (name, value) in more {
            self.more.insert(name, value);
        }
        Self {
            id: self.id.or(other.id),
            summary: self.summary.or(other.summary),
            description: self.description.or(other.description),
            tags: self.tags.or(other.tags),
            is_deprecated: self.is_deprecated || other.is_deprecated,
            is_hidden: self.is_hidden || other.is_hidden,
            is_open: self.is_open.or(other.is_open),
            taken: self.taken.or(other.taken),
            parameters: [other.parameters, self.parameters].concat(),
            without: [other.without, self.without].concat(),
            examples: [other.examples, self.examples].concat(),
            answers: self.answers,
            more: self.more,
        }
    }
}

/// JSON of either kind: `json!({"type": "object"})`, or a tree of [`Json`].
#[derive(Clone, Debug)]
pub struct AnyJson(pub(crate) Json);

impl From<Json> for AnyJson {
    fn from(json: Json) -> Self {
        Self(json)
    }
}

impl From<Object> for AnyJson {
    fn from(object: Object) -> Self {
        Self(Json::Object(object))
    }
}

impl From<serde_json::Value> for AnyJson {
    fn from(value: serde_json::Value) -> Self {
        use serde_json::Value;
        Self(match value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(value),
            Value::String(text) => Json::Text(text),
            Value::Number(number) => match number.as_i64() {
                Some(whole) => Json::Int(whole),
                None => number.as_f64().map_or(Json::Null, Json::Float),
            },
            Value::Array(members) => Json::List(members.into_iter().map(|member| Self::from(member).0).collect()),
            Value::Object(members) => {
                Json::Object(members.into_iter().map(|(name, value)| (name, Self::from(value).0)).collect())
            }
        })
    }
}

/// Which operations of a view are meant.
#[derive(Clone, Debug, PartialEq)]
pub enum Which {
    /// All of them.
    All,
    /// That of a method.
    Method(Method),
    /// That of an action of a view set: `list`, `archive`.
    Action(&'static str),
}

impl From<Method> for Which {
    fn from(method: Method) -> Self {
        Self::Method(method)
    }
}

impl From<&'static str> for Which {
    fn from(action: &'static str) -> Self {
        Self::Action(action)
    }
}

/// What a view says of its operations.
///
/// ```ignore
/// fn describe(operations: &mut Operations) {
///     operations.all(Describe::new().tags(["notes"]));
///     operations.on("archive", Describe::new().takes_nothing().answers::<NoteSerializer>(200));
///     operations.on(Method::DELETE, Describe::new().summary("Deletes a note"));
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Operations(Vec<(Which, Describe)>);

impl Operations {
    /// Of all of them.
    pub fn all(&mut self, said: Describe) -> &mut Self {
        self.0.push((Which::All, said));
        self
    }

    /// Of one, by its method or by its action.
    pub fn on(&mut self, which: impl Into<Which>, said: Describe) -> &mut Self {
        self.0.push((which.into(), said));
        self
    }

    /// This, and what another one says besides.
    pub(crate) fn with(&self, other: &Self) -> Self {
        Self([self.0.clone(), other.0.clone()].concat())
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is said of one: what is said later, and of fewer, wins.
    pub(crate) fn of(&self, method: &Method, action: Option<&str>) -> Describe {
        let meant = |which: &Which| match which {
            Which::All => Some(0),
            Which::Method(own) => (own == method).then_some(1),
            Which::Action(own) => (Some(*own) == action).then_some(2),
        };
        let mut all: Vec<(u8, &Describe)> =
            self.0.iter().filter_map(|(which, said)| Some((meant(which)?, said))).collect();
        all.sort_by_key(|(weight, _)| *weight);
        all.into_iter().fold(Describe::default(), |whole, (_, said)| said.clone().over(whole))
    }

    /// The action or the method of something that is said and that is not there.
    pub(crate) fn stray(&self, known: &[(Method, Option<&'static str>)]) -> Option<String> {
        self.0.iter().find_map(|(which, _)| match which {
            Which::All => None,
            Which::Method(method) if known.iter().any(|(own, _)| own == method) => None,
            Which::Action(action) if known.iter().any(|(_, own)| own.as_ref() == Some(action)) => None,
            Which::Method(method) => Some(method.to_string()),
            // An action has a route of its own.
            Which::Action(_) => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_one_operation_wins_over_what_is_said_of_all() {
        let mut all = Operations::default();
        all.on("list", Describe::new().summary("one").answers_nothing(204));
        all.all(Describe::new().summary("all").tags(["t"]).answers_nothing(200));
        let said = all.of(&Method::GET, Some("list"));
        assert_eq!(said.summary.as_deref(), Some("one"));
        assert_eq!(said.tags.as_deref(), Some(&["t".to_owned()][..]));
        assert_eq!(said.answers.iter().map(|(status, _, _)| *status).collect::<Vec<_>>(), [204, 200]);
        assert_eq!(all.of(&Method::GET, None).summary.as_deref(), Some("all"));
    }
}
