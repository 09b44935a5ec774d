//! Lists, dictionaries and JSON: what holds other values.

use std::borrow::Cow;

use super::{Answer, Read, type_name};
use crate::json::{self, Json, Style};
use crate::rest::{Context, Datum, Dict, Field, Input, List, MOST_PROBLEMS, Outcome, Problem, Problems};
use crate::schema::Value;

/// Several values; what is wrong with each, by its number.
pub(super) fn list(field: &Field, options: &List, input: &Input<'_>, context: &Context) -> Answer {
    match input {
        Input::List(inputs) => each(field, options, inputs.iter().cloned(), context),
        Input::Part(part) => match part.items() {
            Input::List(inputs) => each(field, options, inputs.into_iter(), context),
            _ => each(field, options, std::iter::empty(), context),
        },
        Input::Json(value) | Input::Form(value) => match &**value {
            Json::List(values) => each(field, options, values.iter().map(Input::from), context),
            _ => not_a_list(field, input),
        },
        _ => not_a_list(field, input),
    }
}

fn each<'i>(
    field: &Field,
    options: &List,
    inputs: impl ExactSizeIterator<Item = Input<'i>>,
    context: &Context,
) -> Answer {
    if !options.allow_empty && inputs.len() == 0 {
        return Err(field.problem("empty", &[]).into());
    }
    let (mut values, mut problems, mut count) = (vec![], vec![], 0);
    for (number, input) in inputs.enumerate() {
        match options.child.run(input, context) {
            Ok(Outcome::Valid(value)) if problems.is_empty() => values.push(value),
            Ok(_) => {}
            Err(found) => {
                count += found.count();
                problems.push((number.to_string(), found));
            }
        }
        if count >= MOST_PROBLEMS {
            break;
        }
    }
    if problems.is_empty() { Ok(Read::from(Datum::List(values))) } else { Err(Problems::Map(problems)) }
}

fn not_a_list(field: &Field, input: &Input<'_>) -> Answer {
    Err(field.problem("not_a_list", &[("input_type", type_name(input))]).into())
}

/// How many values there are.
pub(super) fn check(field: &Field, options: &List, datum: &Datum, problems: &mut Vec<Problem>) {
    let Datum::List(values) = datum else { return };
    if let Some(most) = options.max_length.filter(|most| values.len() > *most as usize) {
        problems.push(field.problem("max_length", &[("max_length", &most.to_string())]));
    }
    if let Some(least) = options.min_length.filter(|least| values.len() < *least as usize) {
        problems.push(field.problem("min_length", &[("min_length", &least.to_string())]));
    }
}

/// Values by name; what is wrong with each, by its name.
pub(super) fn dict(field: &Field, options: &Dict, input: &Input<'_>, context: &Context) -> Answer {
    let given = super::json(input);
    let members: Vec<(&str, Input<'_>)> = match (input, &*given) {
        (Input::Part(part), _) => part.members().collect(),
        (_, Json::Object(members)) => members.iter().map(|(name, value)| (name, Input::from(value))).collect(),
        _ => return Err(field.problem("not_a_dict", &[("input_type", type_name(input))]).into()),
    };
    if !options.allow_empty && members.is_empty() {
        return Err(field.problem("empty", &[]).into());
    }
    let (mut values, mut problems, mut count) = (vec![], vec![], 0);
    for (name, input) in members {
        match options.child.run(input, context) {
            Ok(Outcome::Valid(value)) if problems.is_empty() => values.push((name.to_owned(), value)),
            Ok(_) => {}
            Err(found) => {
                count += found.count();
                problems.push((name.to_owned(), found));
            }
        }
        if count >= MOST_PROBLEMS {
            break;
        }
    }
    if problems.is_empty() { Ok(Read::from(Datum::Map(values))) } else { Err(Problems::Map(problems)) }
}

/// JSON, as it is. From a form, and where the field says so, it is a text that holds JSON.
pub(super) fn json(field: &Field, binary: bool, input: &Input<'_>) -> Answer {
    let invalid = || field.problem("invalid", &[]);
    let given = super::json(input);
    let is_text = binary || matches!(input, Input::Form(_));
    let value = match (&*given, input) {
        (_, Input::File(_)) => return Err(invalid().into()),
        (Json::Text(text), _) if is_text => Cow::Owned(json::parse_text(text).map_err(|_| invalid())?),
        (Json::Surrogates(codes), _) if is_text => {
            Cow::Owned(json::parse_text(&escaped(codes)).map_err(|_| invalid())?)
        }
        (_, _) if binary => return Err(invalid().into()),
        (value, _) => Cow::Borrowed(value),
    };
    // Only the text of a text can hold half a pair, as an escape.
    if let Some(code) = surrogate(&value).filter(|_| !binary) {
        return Err(super::text::surrogate_problem(code).into());
    }
    text(&value).map_or_else(|| Err(invalid().into()), |text| Ok(Read::of(Datum::Value(Value::Json(text)))))
}

/// JSON text with escapes for surrogates, which stand in strings if they stand in JSON at all. What follows a backslash
/// stays what it is: no escape.
fn escaped(codes: &[u32]) -> String {
    let mut text = String::new();
    for code in codes {
        let after_backslash = text.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
        match char::from_u32(*code) {
            Some(letter) => text.push(letter),
            None if after_backslash => text.push(char::REPLACEMENT_CHARACTER),
            None => text.push_str(&format!("\\u{code:04x}")),
        }
    }
    text
}

/// JSON as text. Surrogates that stand alone are escaped, as ASCII can have them.
fn text(value: &Json) -> Option<String> {
    let mut out = vec![];
    if json::write(value, &Style::default(), &mut out).is_err() {
        out.clear();
        json::write(value, &Style { ascii: true, ..Style::default() }, &mut out).ok()?;
    }
    String::from_utf8(out).ok()
}

/// Anything, as the value that it looks most like. Text that nothing could keep or send is none.
pub(super) fn anything(input: &Input<'_>) -> Answer {
    if let Input::File(file) = input {
        return Ok(Read::from(Datum::File(std::sync::Arc::clone(file))));
    }
    let given = super::json(input);
    match surrogate(&given) {
        Some(code) => Err(super::text::surrogate_problem(code).into()),
        None if is_endless(&given) => Err(Problem::new("invalid", "A valid number is required.").into()),
        None => Ok(Read::from(Datum::from_json(&given))),
    }
}

/// Whether a number of it is too large for a float: nothing could write it.
fn is_endless(value: &Json) -> bool {
    match value {
        Json::Float(number) => !number.is_finite(),
        Json::List(values) => values.iter().any(is_endless),
        Json::Object(members) => members.iter().any(|(_, value)| is_endless(value)),
        _ => false,
    }
}

/// The first surrogate that stands alone in a value.
fn surrogate(value: &Json) -> Option<u32> {
    match value {
        Json::Surrogates(codes) => codes.iter().copied().find(|code| (0xD800..0xE000).contains(code)),
        Json::List(values) => values.iter().find_map(surrogate),
        Json::Object(members) => members.iter().find_map(|(_, value)| surrogate(value)),
        _ => None,
    }
}

impl Datum {
    /// JSON as values: a whole number that is too large for 64 bits is a decimal one.
    pub fn from_json(value: &Json) -> Self {
        Self::Value(match value {
            Json::Null => Value::Null,
            Json::Bool(yes) => Value::Bool(*yes),
            Json::Int(number) => Value::Int(*number),
            Json::Big(digits) => Value::Decimal(digits.clone()),
            Json::Float(number) => Value::Float(*number),
            Json::Text(text) => Value::Text(text.clone()),
            Json::Surrogates(_) => Value::Text(crate::python::str(value)),
            Json::List(values) => return Self::List(values.iter().map(Self::from_json).collect()),
            Json::Object(members) => {
                let member = |(name, value): (&str, &Json)| (name.to_owned(), Self::from_json(value));
                return Self::Map(members.iter().map(member).collect());
            }
        })
    }
}
