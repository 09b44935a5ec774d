//! The reading of inputs, kind by kind. Each reader takes what the reference takes.

mod choices;
mod dates;
mod decimal;
mod files;
mod items;
mod numbers;
mod text;
mod uuid;

pub(super) use decimal::{PRECISION, quantized};

pub(super) use numbers::held;

use std::borrow::Cow;

use super::{Context, Datum, Field, Input, Kind, Problem, Problems};
use crate::json::Json;
use crate::python;
use crate::schema::Value;

/// A value as its kind read it.
pub(super) struct Read {
    /// The value.
    pub(super) datum: Datum,
    /// The first surrogate that stood alone in a text, which stands in the value as U+FFFD.
    pub(super) surrogate: Option<u32>,
}

impl Read {
    pub(super) fn of(datum: impl Into<Datum>) -> Self {
        Self { datum: datum.into(), surrogate: None }
    }
}

impl From<Datum> for Read {
    fn from(datum: Datum) -> Self {
        Self { datum, surrogate: None }
    }
}

type Answer = Result<Read, Problems>;

/// Reads what is neither absent nor null.
pub(super) fn read(field: &Field, input: &Input<'_>, context: &Context) -> Answer {
    match &field.kind {
        Kind::Boolean => numbers::boolean(field, input),
        Kind::Char(options) => text::read(field, options, input),
        Kind::Uuid(_) => uuid::read(field, input),
        Kind::Integer(_) => numbers::integer(field, input),
        Kind::Float(_) => numbers::float(field, input),
        Kind::Decimal(options) => decimal::read(field, options, input),
        Kind::DateTime { dates, default_timezone } => {
            dates::moment(field, dates, default_timezone.unwrap_or(context.zone), input, context)
        }
        Kind::Date(options) => dates::date(field, options, input, context),
        Kind::Time(options) => dates::time(field, options, input, context),
        Kind::Duration { limits, .. } => dates::duration(field, limits, input),
        Kind::Choice(options) | Kind::FilePath(options) => choices::one(field, options, input).map(Read::from),
        Kind::MultipleChoice { choices, allow_empty } => choices::several(field, choices, *allow_empty, input),
        Kind::File(options) => files::file(field, options, input),
        Kind::Image(options) => files::image(field, options, input),
        Kind::List(options) => items::list(field, options, input, context),
        Kind::Dict(options) | Kind::HStore(options) => items::dict(field, options, input, context),
        Kind::Json { binary } => items::json(field, *binary, input),
        Kind::Binary { .. } => text::base64(field, input),
        Kind::Any | Kind::Hidden | Kind::ReadOnly | Kind::Method(_) => items::anything(input),
        Kind::Related(_) | Kind::Nested(_) => {
            Err(Problems::one("invalid", format!("`{}` can be read only by who runs its serializer", field.name)))
        }
    }
}

/// What a kind asks of a value that was read, in the kind's order.
pub(super) fn check(field: &Field, read: &Read, problems: &mut Vec<Problem>) {
    match &field.kind {
        Kind::Char(options) => text::check(field, options, read, problems),
        Kind::Integer(options) => numbers::check(field, &options.limits, &read.datum, problems),
        Kind::Decimal(options) => numbers::check(field, &options.limits, &read.datum, problems),
        Kind::Float(limits) | Kind::Duration { limits, .. } => numbers::check(field, limits, &read.datum, problems),
        Kind::List(options) => items::check(field, options, &read.datum, problems),
        Kind::Binary { max_length: Some(most) } => {
            if matches!(read.datum.value(), Some(Value::Bytes(bytes)) if bytes.len() > *most as usize) {
                problems.push(field.problem("max_length", &[("max_length", &most.to_string())]));
            }
        }
        _ => {}
    }
}

/// The JSON value that a field is given; what a form gives besides, as it looks in JSON.
fn json<'a>(input: &'a Input<'_>) -> Cow<'a, Json> {
    match input {
        Input::Json(json) | Input::Form(json) => Cow::Borrowed(&**json),
        Input::Absent => Cow::Owned(Json::Null),
        Input::File(file) => Cow::Owned(Json::from(file.name())),
        Input::List(items) => Cow::Owned(Json::List(items.iter().map(|item| json(item).into_owned()).collect())),
        Input::Part(part) => {
            Cow::Owned(Json::Object(part.members().map(|(name, item)| (name, json(&item).into_owned())).collect()))
        }
    }
}

/// The name of an input's type, as messages name it.
fn type_name(input: &Input<'_>) -> &'static str {
    match input {
        Input::File(_) => "UploadedFile",
        Input::Part(_) => "MultiValueDict",
        other => python::type_name(&json(other)),
    }
}

/// How many characters a text of JSON has.
fn length(json: &Json) -> Option<usize> {
    match json {
        Json::Text(text) => Some(text.chars().count()),
        Json::Surrogates(codes) => Some(codes.len()),
        _ => None,
    }
}
