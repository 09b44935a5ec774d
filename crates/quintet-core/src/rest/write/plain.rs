//! Text, choices, files, JSON, and values without a kind.

use super::{STYLE, Written, moments, numbers};
use crate::json::{self, write_text};
use crate::python::float_repr;
use crate::rest::{Choices, Context, DurationFormat, Files, Format, UuidFormat, ValueRef, calendar};
use crate::schema::Value;

/// Text; of another value what it looks like as text.
pub(super) fn text(value: &ValueRef<'_>, out: &mut Vec<u8>) {
    match value {
        ValueRef::Text(text) => write_text(text, false, out),
        other => write_text(&shown(other), false, out),
    }
}

/// A value as text, as the reference's language shows it.
fn shown(value: &ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "None".to_owned(),
        ValueRef::Bool(yes) => (if *yes { "True" } else { "False" }).to_owned(),
        ValueRef::Int(number) => number.to_string(),
        ValueRef::Float(number) => float_repr(*number),
        ValueRef::Decimal(text) | ValueRef::Text(text) | ValueRef::Json(text) => (*text).to_owned(),
        ValueRef::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        ValueRef::Uuid(number) => ::uuid::Uuid::from_u128(*number).to_string(),
        ValueRef::Date(days) => calendar::date_of(*days).map_or_else(String::new, |date| date.to_string()),
        ValueRef::Time(microseconds) => moments::time_text(*microseconds),
        ValueRef::DateTime(microseconds) => {
            moments::moment_text(*microseconds, chrono_tz::Tz::UTC, ' ').unwrap_or_default()
        }
        ValueRef::Duration(microseconds) => crate::rest::rules::shown(&Value::Duration(*microseconds)),
        ValueRef::List(values) => format!("[{}]", values.iter().map(shown).collect::<Vec<_>>().join(", ")),
    }
}

/// A UUID in one of its formats. Databases without a type for them keep 32 digits.
pub(super) fn uuid(value: &ValueRef<'_>, format: UuidFormat, out: &mut Vec<u8>) -> Written {
    let number = match value {
        ValueRef::Uuid(number) => Some(*number),
        ValueRef::Text(text) => calendar::uuid(text),
        _ => None,
    };
    let Some(number) = number else {
        text(value, out);
        return Ok(());
    };
    let uuid = ::uuid::Uuid::from_u128(number);
    match format {
        UuidFormat::HexVerbose => write_text(&uuid.to_string(), false, out),
        UuidFormat::Hex => write_text(&uuid.simple().to_string(), false, out),
        UuidFormat::Int => out.extend_from_slice(number.to_string().as_bytes()),
        UuidFormat::Urn => write_text(&uuid.urn().to_string(), false, out),
    }
    Ok(())
}

/// A choice as it was declared; what is none, as it is.
pub(super) fn choice(value: &ValueRef<'_>, choices: &Choices, out: &mut Vec<u8>) -> Written {
    match value {
        ValueRef::Text("") => any(value, out),
        ValueRef::Text(text) => any(&choices.find(text).map_or_else(|| value.clone(), ValueRef::from), out),
        other => match choices.find(&shown(other)) {
            Some(known) => any(&ValueRef::from(known), out),
            None => any(other, out),
        },
    }
}

/// Several choices, each once.
pub(super) fn choices(value: &ValueRef<'_>, choices: &Choices, out: &mut Vec<u8>) -> Written {
    let ValueRef::List(values) = value else { return any(value, out) };
    let mut written: Vec<Vec<u8>> = vec![];
    for value in values {
        let mut one = vec![];
        choice(value, choices, &mut one)?;
        if !written.contains(&one) {
            written.push(one);
        }
    }
    super::each(&written, out, b"[]", |one, out| {
        out.extend_from_slice(one);
        Ok(())
    })
}

/// A file: its URL where there is one, or its name.
pub(super) fn file(value: &ValueRef<'_>, files: &Files, context: &Context, out: &mut Vec<u8>) {
    let name = match value {
        ValueRef::Text(name) if !name.is_empty() => name,
        _ => return out.extend_from_slice(b"null"),
    };
    let use_url = files.use_url.unwrap_or(context.settings.uploaded_files_use_url);
    match context.file_url.as_ref().filter(|_| use_url) {
        Some(url) => write_text(&url.of(name), false, out),
        None => write_text(name, false, out),
    }
}

/// JSON as the reference would write it, whatever a database made of it; in quotes where it is kept as text.
pub(super) fn json(text: &str, binary: bool, out: &mut Vec<u8>) -> Written {
    let value = json::parse_text(text).map_err(|error| error.to_string())?;
    if !binary || value == json::Json::Null {
        return json::write(&value, &STYLE, out).map_err(|error| error.to_string());
    }
    let mut inner = vec![];
    let spaced = json::Style { ascii: true, compact: false, ..STYLE };
    json::write(&value, &spaced, &mut inner).map_err(|error| error.to_string())?;
    write_text(&String::from_utf8_lossy(&inner), false, out);
    Ok(())
}

/// A value without a kind, as the reference's encoder writes it.
pub(super) fn any(value: &ValueRef<'_>, out: &mut Vec<u8>) -> Written {
    match value {
        ValueRef::Null => out.extend_from_slice(b"null"),
        ValueRef::Bool(yes) => out.extend_from_slice(if *yes { b"true" } else { b"false" }),
        ValueRef::Int(number) => numbers::digits(*number, out),
        ValueRef::Float(_) => return numbers::float(value, out),
        ValueRef::Decimal(text) => return numbers::raw_decimal(text, out),
        ValueRef::Text(text) => write_text(text, false, out),
        ValueRef::Bytes(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => write_text(text, false, out),
            Err(_) => return Err("its bytes are no text".to_owned()),
        },
        ValueRef::Date(_) => return moments::date(value, &Format::Iso8601, out),
        ValueRef::Time(_) => return moments::time(value, &Format::Iso8601, out),
        ValueRef::DateTime(_) => return moments::moment(value, &Format::Iso8601, chrono_tz::Tz::UTC, out),
        ValueRef::Duration(_) => return moments::duration(value, DurationFormat::Native, out),
        ValueRef::Uuid(_) => return uuid(value, UuidFormat::HexVerbose, out),
        ValueRef::Json(text) => return json(text, false, out),
        ValueRef::List(values) => return super::each(values, out, b"[]", any),
    }
    Ok(())
}
