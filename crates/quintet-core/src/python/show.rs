//! Values as the reference's messages show them.

use super::number::float_repr;
use super::text::{repr_code_points, repr_text};
use crate::json::Json;

/// What `str` makes of a value. Surrogates that stand alone, which no text here can hold, become U+FFFD.
pub fn str(value: &Json) -> String {
    match value {
        Json::Text(text) => text.clone(),
        Json::Surrogates(codes) => {
            codes.iter().map(|code| char::from_u32(*code).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        other => repr(other),
    }
}

/// What `repr` makes of a value. As deep as the value, so no deeper than what JSON text is read to.
pub fn repr(value: &Json) -> String {
    match value {
        Json::Null => "None".to_owned(),
        Json::Bool(true) => "True".to_owned(),
        Json::Bool(false) => "False".to_owned(),
        Json::Int(number) => number.to_string(),
        Json::Big(digits) => digits.clone(),
        Json::Float(number) => float_repr(*number),
        Json::Text(text) => repr_text(text),
        Json::Surrogates(codes) => repr_code_points(codes.iter().copied(), codes.len()),
        Json::List(values) => format!("[{}]", values.iter().map(repr).collect::<Vec<_>>().join(", ")),
        Json::Object(members) => {
            let member = |(name, value)| format!("{}: {}", repr_text(name), repr(value));
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
    }
}

/// The name of a value's type, as messages name it.
pub fn type_name(value: &Json) -> &'static str {
    match value {
        Json::Null => "NoneType",
        Json::Bool(_) => "bool",
        Json::Int(_) | Json::Big(_) => "int",
        Json::Float(_) => "float",
        Json::Text(_) | Json::Surrogates(_) => "str",
        Json::List(_) => "list",
        Json::Object(_) => "dict",
    }
}
