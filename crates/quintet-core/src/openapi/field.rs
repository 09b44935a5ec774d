//! Fields of serializers as schemas: what each takes, and what it shows.
//!
//! Here is what holds for all of them, and what is made of other fields; [`scalar`](super::scalar) has texts and numbers,
//! [`relation`](super::relation) what names a row.

use super::components::Components;
use super::scalar::limited;
use super::schema::{any_of, array, formatted, merged, nullable, typed};
use super::serializer::{Member, Serializer};
use crate::json::{Json, Object};
use crate::query::Registry;
use crate::rest::{Choices, Context, Datum, DefaultValue, DurationFormat, Field, Kind, UuidFormat};
use crate::schema::Value;

/// Which way data go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// Out of the program.
    Read,
    /// Into it.
    Write,
    /// Into it, in part.
    Patch,
}

impl Direction {
    fn is_read(self) -> bool {
        self == Self::Read
    }
}

/// What fields are described in.
pub(super) struct Around<'a> {
    pub(super) registry: &'a Registry,
    pub(super) direction: Direction,
    /// The component that the field stands in.
    pub(super) owner: &'a str,
    /// What warnings call the field: `NoteSerializer.title`.
    pub(super) called: String,
}

impl Components {
    /// A field of a serializer.
    pub(super) fn member(
        &mut self,
        registry: &Registry,
        member: &Member,
        direction: Direction,
        owner: &str,
        serializer: &str,
    ) -> Json {
        let field = &member.field;
        let around = Around { registry, direction, owner, called: format!("{serializer}.{}", field.name) };
        let bare = match &member.inner {
            Some(inner) => self.nested(field, inner, &around),
            None => self.kind(field, &around),
        };
        let is_null = field.allow_null
            || (direction.is_read() && is_file(&field.kind) && !field.required)
            || matches!(&field.about, Some(about) if about.allow_null);
        let schema = if is_null { nullable(bare) } else { bare };
        Json::Object(self.with_words(schema, field, direction))
    }

    /// A field by itself: of a form, a parameter.
    pub fn field(&mut self, registry: &Registry, field: &Field, direction: Direction, owner: &str) -> Object {
        let around = Around { registry, direction, owner, called: format!("{owner}.{}", field.name) };
        let bare = self.kind(field, &around);
        if field.allow_null { nullable(bare) } else { bare }
    }

    /// The same with what is said of it.
    fn with_words(&self, mut schema: Object, field: &Field, direction: Direction) -> Object {
        let mut words = Object::new();
        if let Some(label) = &field.label {
            words.insert("title", label.as_str());
        }
        if let Some(text) = field.help_text.as_ref().filter(|text| !text.is_empty()) {
            words.insert("description", text.as_str());
        }
        if field.read_only {
            words.insert("readOnly", true);
        }
        if field.write_only {
            words.insert("writeOnly", true);
        }
        if let (false, Some(DefaultValue::Value(datum))) = (field.read_only || direction.is_read(), &field.default)
            && let Ok(shown) =
                field.represent(datum, &Context { settings: self.settings.clone(), ..Context::default() })
        {
            words.insert("default", shown);
        }
        schema = merged(schema, words);
        schema
    }

    fn nested(&mut self, field: &Field, inner: &Serializer, around: &Around<'_>) -> Object {
        // Members of a nested serializer are all there, also where the outer one is changed in part.
        let direction = if around.direction == Direction::Patch { Direction::Write } else { around.direction };
        let one = self.serializer(around.registry, inner, direction);
        let of_list = |allow_empty: bool, least: Option<u32>, most: Option<u32>| {
            lengths(array(one.clone()), around.direction, allow_empty, least, most)
        };
        match &field.kind {
            Kind::Nested(nested) if nested.many => of_list(nested.allow_empty, nested.min_length, nested.max_length),
            Kind::List(list) => of_list(list.allow_empty, list.min_length, list.max_length),
            Kind::Dict(_) => typed("object").with("additionalProperties", one),
            _ => one,
        }
    }

    pub(super) fn kind(&mut self, field: &Field, around: &Around<'_>) -> Object {
        let is_read = around.direction.is_read();
        match &field.kind {
            Kind::Boolean => typed("boolean"),
            Kind::Char(text) => self.text(field, text, is_read),
            Kind::Uuid(format) => match (is_read, format) {
                (true, UuidFormat::Int) => typed("integer"),
                (true, UuidFormat::Hex | UuidFormat::Urn) => typed("string"),
                _ => formatted("string", "uuid"),
            },
            Kind::Integer(integers) => self.integer(field, integers, is_read),
            Kind::Float(limits) => limited(formatted("number", "double"), limits, field),
            Kind::Decimal(decimals) => self.decimal(field, decimals),
            Kind::DateTime { dates, .. } => self.moment(dates, "date-time", is_read),
            Kind::Date(dates) => self.moment(dates, "date", is_read),
            Kind::Time(dates) => self.moment(dates, "time-local", is_read),
            Kind::Duration { format, .. } => match format.unwrap_or(self.settings.duration_format) {
                DurationFormat::Iso8601 if is_read => formatted("string", "duration"),
                DurationFormat::Native if is_read => typed("number"),
                _ => typed("string"),
            },
            Kind::Choice(choices) => self.choice(field, choices, around),
            Kind::FilePath(choices) if choices.choices.is_empty() => typed("string"),
            Kind::FilePath(choices) => self.choice(field, choices, around),
            Kind::MultipleChoice { choices, allow_empty } => {
                let of = self.choice(field, &Choices { allow_blank: false, ..choices.clone() }, around);
                lengths(array(of), around.direction, *allow_empty, None, None)
            }
            Kind::File(files) | Kind::Image(files) => match (is_read, files.use_url) {
                (true, use_url) if use_url.unwrap_or(self.settings.uploaded_files_use_url) => {
                    formatted("string", "uri")
                }
                (true, _) => typed("string"),
                (false, _) => formatted("string", "binary"),
            },
            Kind::List(list) => {
                let child = self.child(&list.child, field, around);
                lengths(array(child), around.direction, list.allow_empty, list.min_length, list.max_length)
            }
            Kind::Dict(dict) | Kind::HStore(dict) => {
                let child = self.child(&dict.child, field, around);
                let mut schema = typed("object").with("additionalProperties", child);
                if !is_read && !dict.allow_empty {
                    schema.insert("minProperties", 1);
                }
                schema
            }
            Kind::Json { .. } | Kind::Any => Object::new(),
            Kind::Binary { .. } => typed("string").with("contentEncoding", "base64"),
            Kind::ReadOnly | Kind::Method(_) => self.made(field, around),
            Kind::Hidden => Object::new(),
            Kind::Related(related) => {
                let one = self.related(field, related, around);
                match related.many {
                    true => lengths(array(one), around.direction, related.allow_empty, None, None),
                    false => one,
                }
            }
            Kind::Nested(nested) => match nested.many {
                true => array(typed("object")),
                false => typed("object"),
            },
        }
    }

    fn child(&mut self, child: &Field, outer: &Field, around: &Around<'_>) -> Object {
        let named = Field { name: outer.name.clone(), ..child.clone() };
        let bare = self.kind(&named, around);
        if child.allow_null { nullable(bare) } else { bare }
    }

    /// The values that may be chosen, by name; what is blank stands beside them.
    fn choice(&mut self, field: &Field, choices: &Choices, around: &Around<'_>) -> Object {
        let pairs: Vec<(Json, &str)> = choices.flat().map(|(value, text)| (plain(value), text)).collect();
        if pairs.is_empty() {
            return typed("string");
        }
        let has_blank = pairs.iter().any(|(value, _)| *value == Json::Text(String::new()));
        let mut values: Vec<Json> = vec![];
        for (value, _) in &pairs {
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
        let mut schema = Object::new();
        if let Some(name) = one_type(&values) {
            schema.insert("type", name);
        }
        schema.insert("enum", Json::List(values));
        let lines: Vec<String> = pairs.iter().map(|(value, text)| format!("* `{}` - {text}", shown(value))).collect();
        schema.insert("description", lines.join("\n"));
        let named = self.enums.reference(around.owner, &field.name, schema);
        match choices.allow_blank && !has_blank {
            true => any_of(vec![named, typed("string").with("maxLength", 0)]),
            false => named,
        }
    }

    /// What a function makes, or what the model says of a value that no field is known of.
    fn made(&mut self, field: &Field, around: &Around<'_>) -> Object {
        if let Some(about) = &field.about {
            let named = Field { name: field.name.clone(), ..(**about).clone() };
            return self.kind(&named, around);
        }
        let hint = match &field.kind {
            Kind::Method(_) => "let the function return a type that says it, instead of JSON",
            _ => "declare the field with a type",
        };
        self.warn(format!(
            "`{}`: what it shows is not known, so that it is described as anything\nhint: {hint}",
            around.called
        ));
        Object::new()
    }
}

fn is_file(kind: &Kind) -> bool {
    matches!(kind, Kind::File(_) | Kind::Image(_))
}

/// How many there may be.
fn lengths(
    mut schema: Object,
    direction: Direction,
    allow_empty: bool,
    least: Option<u32>,
    most: Option<u32>,
) -> Object {
    if direction.is_read() {
        return schema;
    }
    if let Some(least) = least.or((!allow_empty).then_some(1)) {
        schema.insert("minItems", least);
    }
    if let Some(most) = most {
        schema.insert("maxItems", most);
    }
    schema
}

/// A value as it is shown.
pub(super) fn plain(value: &Value) -> Json {
    Field::any().represent(&Datum::Value(value.clone()), &Context::default()).unwrap_or_default()
}

fn shown(value: &Json) -> String {
    match value {
        Json::Text(text) => text.clone(),
        other => crate::python::str(other),
    }
}

/// The type of values that are all of one.
fn one_type(values: &[Json]) -> Option<&'static str> {
    let of = |value: &Json| match value {
        Json::Bool(_) => Some("boolean"),
        Json::Int(_) | Json::Big(_) => Some("integer"),
        Json::Float(_) => Some("number"),
        Json::Text(_) => Some("string"),
        _ => None,
    };
    let first = of(values.first()?)?;
    values.iter().all(|value| of(value) == Some(first)).then_some(first)
}
