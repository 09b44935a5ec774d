//! An operation out of a method of a view: what it takes, what it answers, who may ask.

use http::Method;
use quintet_core::json::{Json, Object};
use quintet_core::openapi::{Answer, Body, Components, Direction, Operation, Parameter, Serializer, array, typed};
use quintet_core::query::Registry;
use quintet_core::rest::Kind;

use super::answers::{Asked, refusals, takes_body};
use super::describe::{Describe, What};
use super::outline::{Outline, Outlined, OutlinedRow};
use super::{filters, path, security, serializer};
use crate::http::{Request, Result};
use crate::rest::metadata::{Described, Taken};
use crate::rest::parse::Parser;
use crate::rest::versioning::VersionPlace;
use crate::routing::Place;

/// What operations are made in.
pub(super) struct Making<'a> {
    pub(super) registry: &'a Registry,
    pub(super) components: &'a mut Components,
    pub(super) schemes: &'a mut Vec<quintet_core::openapi::SecurityScheme>,
}

/// What the usual verbs of generic views do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    List,
    Create,
    Retrieve,
    Update,
    PartialUpdate,
    Destroy,
}

/// An operation, without its name; and whether it is a list. Nothing where it is hidden.
pub(super) fn operation(
    making: &mut Making<'_>,
    request: &Request,
    view: &Outlined<'_>,
    row: &OutlinedRow<'_>,
    place: &Place<'_>,
) -> Result<Option<(Operation, bool)>> {
    let said = view.facts.described.of(row.method, row.action);
    if said.is_hidden {
        return Ok(None);
    }
    let described = row.row.and_then(|row| row.described.as_deref());
    let outline = described.map(Described::outline).unwrap_or_default();
    let verb = verb(row, &outline);
    let mut of = Of { making, request, view, row, described, outline, verb, said };
    let path = of.path(place);
    let taken = of.taken()?;
    let (answers, is_list) = of.answers()?;
    let mut parameters = path.parameters;
    let mut own = of.parameters(is_list);
    own.retain(|parameter| !parameters.iter().any(|known| known.name == parameter.name));
    parameters.extend(own);
    let security = of.security();
    let operation = of.whole(path.path, parameters, taken, answers, security);
    Ok(Some((operation, is_list)))
}

fn verb(row: &OutlinedRow<'_>, outline: &Outline) -> Option<Verb> {
    if !outline.is_usual {
        return None;
    }
    Some(match (row.action, row.method) {
        (Some("list"), _) => Verb::List,
        (Some("create"), _) => Verb::Create,
        (Some("retrieve"), _) => Verb::Retrieve,
        (Some("update"), _) => Verb::Update,
        (Some("partial_update"), _) => Verb::PartialUpdate,
        (Some("destroy"), _) => Verb::Destroy,
        (Some(_), _) => return None,
        (None, &Method::GET) if outline.lists.is_some() => Verb::List,
        (None, &Method::GET) => Verb::Retrieve,
        (None, &Method::POST) => Verb::Create,
        (None, &Method::PUT) => Verb::Update,
        (None, &Method::PATCH) => Verb::PartialUpdate,
        (None, &Method::DELETE) => Verb::Destroy,
        _ => return None,
    })
}

/// What an operation takes.
struct Input {
    body: Option<Body>,
    /// Its serializer, and whether there is a list of it.
    serializer: Option<(Serializer, bool)>,
}

struct Of<'o, 'a> {
    making: &'o mut Making<'a>,
    request: &'o Request,
    view: &'o Outlined<'o>,
    row: &'o OutlinedRow<'o>,
    described: Option<&'o dyn Described>,
    outline: Outline,
    verb: Option<Verb>,
    said: Describe,
}

impl Of<'_, '_> {
    /// What warnings call it.
    fn called(&self) -> String {
        let name = self.view.facts.type_name;
        let last = crate::rest::view_handler::last_part(name);
        match self.row.action {
            Some(action) => format!("{} {last}.{action}", self.row.method),
            None => format!("{} {last}", self.row.method),
        }
    }

    fn path(&mut self, place: &Place<'_>) -> path::Described {
        let (template, parameters) = (&place.template, &place.parameters);
        let made = path::described(
            template,
            parameters,
            self.outline.lookup,
            self.view.facts,
            self.making.registry,
            self.making.components,
        );
        let Some((version, VersionPlace::Path)) = filters::version(self.request, self.row.choices) else { return made };
        let swap = |parameter: Parameter| if parameter.name == version.name { version.clone() } else { parameter };
        path::Described { parameters: made.parameters.into_iter().map(swap).collect(), ..made }
    }

    /// The serializer of the view.
    fn own(&mut self) -> Result<Option<Serializer>> {
        match self.own_or_error() {
            Ok(own) => Ok(own),
            // Every request would be refused by this; the rest of the API can be described.
            Err(error) => {
                let called = self.called();
                self.making.components.warn(format!("`{called}`: {}", error.chain().join(": ")));
                Ok(None)
            }
        }
    }

    fn own_or_error(&self) -> Result<Option<Serializer>> {
        let Some(described) = self.described else { return Ok(None) };
        if let Some((name, fields)) = described.named(self.request) {
            return Ok(Some(serializer::of_fields(&name, fields)));
        }
        Ok(Some(match described.taken(self.request)? {
            Taken::Shape(shape) => serializer::of_shape(&shape),
            Taken::Fields(fields) => {
                let name = crate::rest::view_handler::last_part(self.view.facts.type_name);
                serializer::of_fields(name.strip_suffix("View").unwrap_or(name), fields)
            }
        }))
    }

    fn is_named(&self) -> bool {
        self.described.is_some_and(|described| described.named(self.request).is_some())
    }

    fn taken(&mut self) -> Result<Input> {
        let none = Input { body: None, serializer: None };
        let partial = *self.row.method == Method::PATCH;
        let (serializer, many, partial) = match self.said.taken.clone() {
            Some(What::Nothing) => return Ok(none),
            Some(What::Schema(schema)) => {
                let content = self.parsed().into_iter().map(|media_type| (media_type, schema.clone()));
                return Ok(Input { body: Some(self.body(content.collect(), true)), serializer: None });
            }
            Some(What::Bytes(types)) => {
                let content = types.into_iter().map(|media_type| (media_type, binary())).collect();
                return Ok(Input { body: Some(self.body(content, true)), serializer: None });
            }
            Some(What::Serializer { shape, many, is_partial }) => {
                (serializer::of_shape(&*shape(self.request)?), many, is_partial || partial)
            }
            None => {
                let is_usual = matches!(self.verb, Some(Verb::Create | Verb::Update | Verb::PartialUpdate));
                // An action of the project's own may do anything with the data that it is sent.
                let is_own = self.row.action.is_some() && !is_usual;
                if !takes_body(self.row.method)
                    || matches!(self.verb, Some(Verb::List | Verb::Retrieve | Verb::Destroy))
                {
                    return Ok(none);
                }
                match self.own()?.filter(|_| !is_own) {
                    Some(own) => (own, false, partial),
                    None => return Ok(self.unknown_body()),
                }
            }
        };
        let direction = if partial { Direction::Patch } else { Direction::Write };
        let one = self.making.components.serializer(self.making.registry, &serializer, direction);
        let schema = Json::Object(if many { array(one) } else { one });
        let needs_file = !partial
            && serializer.members.iter().any(|member| {
                let field = &member.field;
                field.required && !field.read_only && matches!(field.kind, Kind::File(_) | Kind::Image(_))
            });
        let mut content: Vec<(String, Json)> = vec![];
        for media_type in self.parsed() {
            let is_multipart = media_type == "multipart/form-data" || media_type == "*/*";
            if !needs_file || is_multipart {
                content.push((media_type, schema.clone()));
            }
        }
        let required =
            !partial && serializer.members.iter().any(|member| member.field.required && !member.field.read_only);
        let body = self.body(content, required || many);
        Ok(Input { body: Some(body), serializer: Some((serializer, many)) })
    }

    fn unknown_body(&mut self) -> Input {
        let called = self.called();
        self.making.components.warn(format!(
            "`{called}`: what it takes is not known, so that it is described as anything\n\
             hint: say it by `describe`: `Describe::new().takes::<S>()`, or `takes_nothing()`"
        ));
        let content = self.parsed().into_iter().map(|media_type| (media_type, Json::Object(Object::new())));
        Input { body: Some(self.body(content.collect(), false)), serializer: None }
    }

    fn body(&self, content: Vec<(String, Json)>, required: bool) -> Body {
        let examples = self.said.examples.iter().filter(|(status, _, _)| status.is_none());
        let examples = examples.map(|(_, name, value)| (name.clone(), value.clone())).collect();
        Body { content, required, examples }
    }

    /// The media types that are read.
    fn parsed(&self) -> Vec<String> {
        let settings = &self.request.site().options().rest_framework;
        let parsers: &[Parser] = self.row.choices.parsers.or(&settings.default_parser_classes);
        let mut types: Vec<String> = vec![];
        for parser in parsers {
            let media_type = parser.media_type().to_owned();
            if !types.contains(&media_type) {
                types.push(media_type);
            }
        }
        types
    }

    /// What it answers where all is well, and whether that is a list.
    fn answers(&mut self) -> Result<(Vec<Answer>, bool)> {
        if !self.said.answers.is_empty() {
            let mut answers = vec![];
            let mut is_list = false;
            for (status, words, what) in self.said.answers.clone() {
                is_list |= status < 300 && matches!(what, What::Serializer { many: true, .. });
                let content = self.answered(what)?;
                answers.push(self.answer(status, &words, content));
            }
            return Ok((answers, is_list && *self.row.method == Method::GET));
        }
        let status = match self.verb {
            Some(Verb::Create) => 201,
            Some(Verb::Destroy) => return Ok((vec![self.answer(204, "It is deleted.", vec![])], false)),
            _ => 200,
        };
        let is_list = self.verb == Some(Verb::List);
        if self.verb.is_none() && !self.is_named() {
            return Ok((vec![self.unknown_answer()], false));
        }
        let Some(own) = self.own()? else { return Ok((vec![self.unknown_answer()], is_list)) };
        let read = self.making.components.serializer(self.making.registry, &own, Direction::Read);
        let schema = match (self.verb, &self.outline.lists) {
            (Some(Verb::List), Some((_, pagination))) => {
                let view = self.called();
                filters::page(self.request, pagination, (read, &own.name), &view, self.making.components)
            }
            _ => read,
        };
        let words = match self.verb {
            Some(Verb::List) => "The rows.",
            Some(Verb::Create) => "The new row.",
            Some(Verb::Retrieve) => "The row.",
            Some(Verb::Update | Verb::PartialUpdate) => "The row as it is now.",
            Some(Verb::Destroy) | None => "",
        };
        let content = self.rendered(&Json::Object(schema));
        Ok((vec![self.answer(status, words, content)], is_list))
    }

    fn answered(&mut self, what: What) -> Result<Vec<(String, Json)>> {
        Ok(match what {
            What::Nothing => vec![],
            What::Schema(schema) => self.rendered(&schema),
            What::Bytes(types) => types.into_iter().map(|media_type| (media_type, binary())).collect(),
            What::Serializer { shape, many, .. } => {
                let own = serializer::of_shape(&*shape(self.request)?);
                let read = self.making.components.serializer(self.making.registry, &own, Direction::Read);
                let schema = match (&self.outline.lists, many) {
                    (_, true) => array(read),
                    _ => read,
                };
                self.rendered(&Json::Object(schema))
            }
        })
    }

    fn unknown_answer(&mut self) -> Answer {
        let called = self.called();
        if self.is_page() {
            return self.answer(200, "A page.", vec![("text/html".to_owned(), Json::Object(typed("string")))]);
        }
        self.making.components.warn(format!(
            "`{called}`: what it answers is not known, so that it is described as anything\n\
             hint: say it by `describe`: `Describe::new().answers::<S>(200)`, or `answers_nothing(204)`"
        ));
        let content = self.rendered(&Json::Object(Object::new()));
        self.answer(200, "What it answers is not described.", content)
    }

    /// Whether it answers people and no programs.
    fn is_page(&self) -> bool {
        let settings = &self.request.site().options().rest_framework;
        let renderers = self.row.choices.renderers.or(&settings.default_renderer_classes);
        !renderers.is_empty() && filters::media_types(renderers).is_empty()
    }

    fn rendered(&self, schema: &Json) -> Vec<(String, Json)> {
        let settings = &self.request.site().options().rest_framework;
        let types = match self.view.is_api {
            true => filters::media_types(self.row.choices.renderers.or(&settings.default_renderer_classes)),
            false => vec!["application/json".to_owned()],
        };
        types.into_iter().map(|media_type| (media_type, schema.clone())).collect()
    }

    fn answer(&self, status: u16, words: &str, content: Vec<(String, Json)>) -> Answer {
        let examples = self.said.examples.iter().filter(|(of, _, _)| *of == Some(status));
        let examples = examples.map(|(_, name, value)| (name.clone(), value.clone())).collect();
        Answer { status, description: words.to_owned(), content, examples }
    }

    fn parameters(&self, is_list: bool) -> Vec<Parameter> {
        let mut all = match (&self.outline.lists, is_list && self.verb == Some(Verb::List)) {
            (Some((filters, pagination)), true) => filters::parameters(self.request, filters, pagination),
            _ => vec![],
        };
        all.extend(self.negotiated());
        all.retain(|parameter| !self.said.without.contains(&parameter.name));
        for own in &self.said.parameters {
            all.retain(|parameter| (&parameter.name, parameter.place) != (&own.name, own.place));
            all.push(own.clone());
        }
        all.sort_by(|one, other| one.name.cmp(&other.name));
        all
    }

    /// How a query says what kind of answer it wants: a value that there is none of is not found, instead of wrong.
    fn negotiated(&self) -> Vec<Parameter> {
        let settings = &self.request.site().options().rest_framework;
        let renderers = self.row.choices.renderers.or(&settings.default_renderer_classes);
        let format = self.view.is_api.then(|| filters::format(self.request, renderers)).flatten();
        let version = match filters::version(self.request, self.row.choices) {
            Some((version, VersionPlace::Query)) => Some(version),
            _ => None,
        };
        format.into_iter().chain(version).collect()
    }

    /// The names of the schemes of which one is needed, and an empty one where none is.
    fn security(&mut self) -> Vec<String> {
        let guarded = security::guarded(self.request.site(), self.row.choices, self.row.method);
        if guarded.unknown > 0 {
            let called = self.called();
            self.making
                .components
                .warn(format!("`{called}`: one of its authentications has no scheme\nhint: let it have a `scheme`"));
        }
        let mut names = vec![];
        for scheme in guarded.schemes {
            names.push(scheme.name.clone());
            if !self.making.schemes.contains(&scheme) {
                self.making.schemes.push(scheme);
            }
        }
        if self.said.is_open.unwrap_or(guarded.is_open) || names.is_empty() {
            names.push(String::new());
        }
        names
    }

    fn whole(
        self,
        path: String,
        parameters: Vec<Parameter>,
        taken: Input,
        mut answers: Vec<Answer>,
        security: Vec<String>,
    ) -> Operation {
        let is_login = self.is_named();
        let queries = || parameters.iter().filter(|parameter| parameter.place == quintet_core::openapi::Place::Query);
        let negotiated = self.negotiated();
        let is_negotiated = |parameter: &Parameter| negotiated.iter().any(|one| one.name == parameter.name);
        let asked = Asked {
            request: self.request,
            choices: self.row.choices,
            method: self.row.method,
            taken: taken.serializer.as_ref().map(|(serializer, many)| (serializer, *many)),
            has_input: taken.body.is_some() || queries().any(|parameter| !is_negotiated(parameter)),
            has_parameters: path.contains('{') || queries().next().is_some(),
            is_template: path.contains('{'),
            types: self.rendered(&Json::Null).into_iter().map(|(media_type, _)| media_type).collect(),
            is_open: security.iter().any(String::is_empty),
            is_login,
        };
        for refusal in refusals(&asked, self.making.components) {
            if !answers.iter().any(|answer| answer.status == refusal.status) {
                answers.push(refusal);
            }
        }
        Operation {
            method: self.row.method.as_str().to_ascii_lowercase(),
            path,
            id: self.said.id.unwrap_or_default(),
            tags: self.said.tags.unwrap_or_default(),
            summary: self.said.summary.unwrap_or_default(),
            description: self.said.description.unwrap_or_else(|| self.view.facts.description.to_string()),
            deprecated: self.said.is_deprecated,
            parameters,
            body: taken.body,
            answers,
            security,
            more: self.said.more,
        }
    }
}

fn binary() -> Json {
    Json::Object(typed("string").with("format", "binary"))
}
