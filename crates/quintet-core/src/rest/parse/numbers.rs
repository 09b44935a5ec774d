//! Truth, whole numbers and floating-point numbers.

use std::cmp::Ordering;

use super::{Answer, Read, json, length};
use crate::json::Json;
use crate::python::{self, Integer};
use crate::rest::kind::{Integers, Kind};
use crate::rest::{Datum, Field, Input, Limits, Problem, rules};
use crate::schema::Value;

/// No text of a number is longer.
pub(super) const MOST_CHARACTERS: usize = 1000;

/// True or false, in the words that the reference knows.
pub(super) fn boolean(field: &Field, input: &Input<'_>) -> Answer {
    let invalid = || Err(field.problem("invalid", &[]).into());
    if matches!(input, Input::File(_)) {
        return invalid();
    }
    let text = match &*json(input) {
        Json::Bool(yes) => return Ok(Read::of(*yes)),
        Json::Null if field.allow_null => return Ok(Read::of(Datum::NULL)),
        Json::Int(number @ (0 | 1)) => return Ok(Read::of(*number == 1)),
        Json::Float(number) if *number == 1.0 || *number == 0.0 => return Ok(Read::of(*number == 1.0)),
        Json::Text(text) => text.to_lowercase(),
        _ => return invalid(),
    };
    match text.as_str() {
        "t" | "y" | "yes" | "true" | "on" | "1" => Ok(Read::of(true)),
        "f" | "n" | "no" | "false" | "off" | "0" => Ok(Read::of(false)),
        "null" | "" if field.allow_null => Ok(Read::of(Datum::NULL)),
        _ => invalid(),
    }
}

/// A whole number, whatever writes one: `1`, `1.0`, `" 1_000 "`.
pub(super) fn integer(field: &Field, input: &Input<'_>) -> Answer {
    let given = json(input);
    if length(&given).is_some_and(|length| length > MOST_CHARACTERS) {
        return Err(field.problem("max_string_length", &[]).into());
    }
    let number = match &*given {
        Json::Int(number) => Some(Integer::Small(*number)),
        Json::Big(digits) => Some(Integer::Big(digits.clone())),
        Json::Float(number) => python::int(without_zeros(&python::float_repr(*number))),
        Json::Text(text) => python::int(without_zeros(text)),
        _ => None,
    };
    number.map_or_else(|| Err(field.problem("invalid", &[]).into()), |number| Ok(Read::of(datum(number))))
}

/// Without the zeros behind the point, and the point.
fn without_zeros(text: &str) -> &str {
    let trimmed = text.trim_end_matches(python::is_space).trim_end_matches('0');
    trimmed.strip_suffix('.').unwrap_or(text)
}

/// A number that is too large for 64 bits is a decimal one.
fn datum(number: Integer) -> Datum {
    Datum::Value(match number {
        Integer::Small(number) => Value::Int(number),
        Integer::Big(digits) => Value::Decimal(digits),
    })
}

/// A floating-point number that is one.
pub(super) fn float(field: &Field, input: &Input<'_>) -> Answer {
    let fail = |code| Err(field.problem(code, &[]).into());
    if matches!(input, Input::File(_)) {
        return fail("invalid");
    }
    let given = json(input);
    if length(&given).is_some_and(|length| length > MOST_CHARACTERS) {
        return fail("max_string_length");
    }
    let number = match &*given {
        Json::Bool(yes) => Some(f64::from(u8::from(*yes))),
        Json::Float(number) => Some(*number),
        Json::Int(number) => Integer::Small(*number).to_f64(),
        Json::Big(digits) => match Integer::Big(digits.clone()).to_f64() {
            None => return fail("overflow"),
            number => number,
        },
        Json::Text(text) => python::float(text),
        _ => None,
    };
    number.filter(|number| number.is_finite()).map_or_else(|| fail("invalid"), |number| Ok(Read::of(number)))
}

/// The least and the most.
pub(super) fn check(field: &Field, limits: &Limits, datum: &Datum, problems: &mut Vec<Problem>) {
    let Some(value) = datum.value().filter(|value| **value != Value::Null) else { return };
    let mut limit = |code: &'static str, limit: &Option<Value>, wrong: Ordering| {
        if let Some(limit) = limit
            && rules::compare(value, limit) == Some(wrong)
        {
            problems.push(field.problem(code, &[(code, &rules::shown(limit))]));
        }
    };
    limit("max_value", &limits.max, Ordering::Greater);
    limit("min_value", &limits.min, Ordering::Less);
}

/// Whether a whole number is more than the program's type can hold.
pub(crate) fn held(field: &Field, datum: &Datum) -> Option<Problem> {
    let Kind::Integer(Integers { holds: Some((least, most)), .. }) = &field.kind else { return None };
    let (code, limit) = match datum {
        Datum::Value(Value::Int(number)) if number < least => ("min_value", least),
        Datum::Value(Value::Int(number)) if number > most => ("max_value", most),
        // Beyond 64 bits.
        Datum::Value(Value::Decimal(text)) if text.starts_with('-') => ("min_value", least),
        Datum::Value(Value::Decimal(_)) => ("max_value", most),
        _ => return None,
    };
    Some(field.problem(code, &[(code, &limit.to_string())]))
}
