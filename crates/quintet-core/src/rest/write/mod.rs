//! Values as JSON text, kind by kind, as the reference represents and encodes them. No tree stands in between.

mod moments;
mod numbers;
mod plain;

use std::fmt;

pub(super) use moments::{moment_text, time_text};

use super::{Context, Datum, Field, Kind, Name, OwnClass, ValueRef};
use crate::json::{self, Json, Style, write_text};
use crate::python::base64;
use crate::schema::Value;

/// Why a value cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unwritable {
    /// The field.
    pub field: Name,
    /// The reason.
    pub reason: String,
}

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the value of the field `{}` cannot be written: {}", self.field, self.reason)
    }
}

impl std::error::Error for Unwritable {}

/// What the writers here answer; the field's name is added at the end.
type Written = Result<(), String>;

impl Field {
    /// Writes a value as JSON text.
    ///
    /// # Errors
    /// Where JSON or the kind has no text for it.
    pub fn write(&self, value: &ValueRef<'_>, context: &Context, out: &mut Vec<u8>) -> Result<(), Unwritable> {
        if let (Some(own), false) = (&self.own, value.is_null()) {
            return self.written_by(own, value.to_datum(), context, out);
        }
        self.written(value, context, out).map_err(|reason| Unwritable { field: self.name.clone(), reason })
    }

    /// The same of a value that a field took.
    ///
    /// # Errors
    /// Where JSON or the kind has no text for it.
    pub fn write_datum(&self, datum: &Datum, context: &Context, out: &mut Vec<u8>) -> Result<(), Unwritable> {
        if let (Some(own), false) = (&self.own, datum.is_null()) {
            return self.written_by(own, datum.clone(), context, out);
        }
        match (datum, &self.kind) {
            (Datum::Value(value), _) => self.write(&ValueRef::from(value), context, out),
            (Datum::File(file), _) => self.write(&ValueRef::Text(file.name()), context, out),
            (Datum::List(items), Kind::List(list)) => {
                each(items, out, b"[]", |item, out| list.child.write_datum(item, context, out))
            }
            (Datum::Map(members), Kind::Dict(dict) | Kind::HStore(dict)) => each(members, out, b"{}", |member, out| {
                write_text(&member.0, false, out);
                out.push(b':');
                dict.child.write_datum(&member.1, context, out)
            }),
            (Datum::List(items), Kind::MultipleChoice { choices, .. }) => {
                each(items, out, b"[]", |item, out| match item {
                    Datum::Value(value) => {
                        let choice = Self { name: self.name.clone(), ..Self::new(Kind::Choice(choices.clone())) };
                        choice.write(&ValueRef::from(value), context, out)
                    }
                    other => other.write(&self.name, out),
                })
            }
            (other, _) => other.write(&self.name, out),
        }
    }

    /// Writes a value as a class of the project's own shows it.
    fn written_by(&self, own: &OwnClass, datum: Datum, context: &Context, out: &mut Vec<u8>) -> Result<(), Unwritable> {
        let shown = own.shown(datum).map_err(|reason| Unwritable { field: self.name.clone(), reason })?;
        Self { own: None, ..self.clone() }.write_datum(&shown, context, out)
    }

    /// A value that a field took, as a tree.
    ///
    /// # Errors
    /// Where JSON or the kind has no text for it.
    pub fn represent(&self, datum: &Datum, context: &Context) -> Result<Json, Unwritable> {
        let mut out = vec![];
        self.write_datum(datum, context, &mut out)?;
        let unwritable = |reason: String| Unwritable { field: self.name.clone(), reason };
        json::parse(&out, "utf-8").map_err(|error| unwritable(error.to_string()))
    }

    fn written(&self, value: &ValueRef<'_>, context: &Context, out: &mut Vec<u8>) -> Written {
        if value.is_null() {
            out.extend_from_slice(b"null");
            return Ok(());
        }
        let settings = &context.settings;
        match &self.kind {
            Kind::Boolean => numbers::boolean(value, self.allow_null, out),
            Kind::Char(_) => plain::text(value, out),
            Kind::Uuid(format) => plain::uuid(value, *format, out)?,
            Kind::Integer(integers) => {
                let as_text = integers.big && integers.coerce_to_string.unwrap_or(settings.coerce_bigint_to_string);
                numbers::integer(value, as_text, out)?;
            }
            Kind::Float(_) => numbers::float(value, out)?,
            Kind::Decimal(options) => {
                let as_text = options.coerce_to_string.unwrap_or(settings.coerce_decimal_to_string);
                numbers::decimal(value, options, as_text, out)?;
            }
            Kind::DateTime { dates, default_timezone } => {
                let format = dates.format.as_ref().unwrap_or(&settings.datetime_format);
                moments::moment(value, format, default_timezone.unwrap_or(context.zone), out)?;
            }
            Kind::Date(dates) => moments::date(value, dates.format.as_ref().unwrap_or(&settings.date_format), out)?,
            Kind::Time(dates) => moments::time(value, dates.format.as_ref().unwrap_or(&settings.time_format), out)?,
            Kind::Duration { format, .. } => {
                moments::duration(value, format.unwrap_or(settings.duration_format), out)?;
            }
            Kind::Choice(choices) | Kind::FilePath(choices) => plain::choice(value, choices, out)?,
            Kind::MultipleChoice { choices, .. } => plain::choices(value, choices, out)?,
            Kind::File(files) | Kind::Image(files) => plain::file(value, files, context, out),
            Kind::List(list) => match value {
                ValueRef::List(items) => {
                    each(items, out, b"[]", |item, out| list.child.written(item, context, out))?;
                }
                ValueRef::Json(text) => plain::json(text, false, out)?,
                other => plain::any(other, out)?,
            },
            Kind::Json { binary } => match value {
                ValueRef::Json(text) | ValueRef::Text(text) => plain::json(text, *binary, out)?,
                other => plain::any(other, out)?,
            },
            Kind::Dict(_) | Kind::HStore(_) => match value {
                ValueRef::Json(text) | ValueRef::Text(text) => plain::json(text, false, out)?,
                other => plain::any(other, out)?,
            },
            Kind::Binary { .. } => match value {
                ValueRef::Bytes(bytes) => write_text(&base64::encode(bytes), false, out),
                other => plain::any(other, out)?,
            },
            Kind::Any | Kind::ReadOnly | Kind::Hidden | Kind::Method(_) => plain::any(value, out)?,
            Kind::Related(_) | Kind::Nested(_) => return Err("it is written by who runs its serializer".to_owned()),
        }
        Ok(())
    }
}

fn each<T, E>(
    items: &[T],
    out: &mut Vec<u8>,
    ends: &[u8; 2],
    mut write: impl FnMut(&T, &mut Vec<u8>) -> Result<(), E>,
) -> Result<(), E> {
    out.push(ends[0]);
    for (number, item) in items.iter().enumerate() {
        if number > 0 {
            out.push(b',');
        }
        write(item, out)?;
    }
    out.push(ends[1]);
    Ok(())
}

impl Datum {
    /// Writes it as what it is, without a field.
    fn write(&self, name: &Name, out: &mut Vec<u8>) -> Result<(), Unwritable> {
        match self {
            Self::Value(value) => {
                plain::any(&ValueRef::from(value), out).map_err(|reason| Unwritable { field: name.clone(), reason })
            }
            Self::File(file) => {
                write_text(file.name(), false, out);
                Ok(())
            }
            Self::List(items) => each(items, out, b"[]", |item, out| item.write(name, out)),
            Self::Map(members) => each(members, out, b"{}", |(member, value), out| {
                write_text(member, false, out);
                out.push(b':');
                value.write(name, out)
            }),
        }
    }

    /// As JSON text; null where JSON has none for it.
    pub fn to_json_text(&self) -> String {
        let mut out = vec![];
        if self.write(&Name::Borrowed(""), &mut out).is_err() {
            return "null".to_owned();
        }
        String::from_utf8(out).unwrap_or_default()
    }

    /// The one value that it is as a database takes it: several and dictionaries as JSON.
    pub fn into_value(self) -> Value {
        match self {
            Self::Value(value) => value,
            Self::File(file) => Value::Text(file.name().to_owned()),
            other => Value::Json(other.to_json_text()),
        }
    }
}

/// The style in which everything here is written.
const STYLE: Style = Style { ascii: false, indent: None, compact: true, strict: true };
