//! Lists, dictionaries and JSON: what holds other values.

use super::{Answer, Read, type_name};
use crate::json::{self, Json, Style};
use crate::rest::{Context, Datum, Dict, Field, Input, List, Outcome, Problem, Problems};
use crate::schema::Value;

/// Several values; what is wrong with each, by its number.
pub(super) fn list(field: &Field, options: &List, input: &Input<'_>, context: &Context) -> Answer {
    let parted;
    let inputs: Vec<Input<'_>> = match input {
        Input::List(inputs) => inputs.clone(),
        Input::Part(part) => {
            parted = part.items();
            match parted {
                Input::List(inputs) => inputs,
                _ => vec![],
            }
        }
        Input::Json(value) | Input::Form(value) => match &**value {
            Json::List(values) => values.iter().map(Input::from).collect(),
            _ => return not_a_list(field, input),
        },
        _ => return not_a_list(field, input),
    };
    if !options.allow_empty && inputs.is_empty() {
        return Err(field.problem("empty", &[]).into());
    }
    let (mut values, mut problems) = (Vec::with_capacity(inputs.len()), vec![]);
    for (number, input) in inputs.into_iter().enumerate() {
        match options.child.run(input, context) {
            Ok(Outcome::Valid(value)) => values.push(value),
            Ok(Outcome::Skip) => {}
            Err(found) => problems.push((number.to_string(), found)),
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
    let (mut values, mut problems) = (Vec::with_capacity(members.len()), vec![]);
    for (name, input) in members {
        match options.child.run(input, context) {
            Ok(Outcome::Valid(value)) => values.push((name.to_owned(), value)),
            Ok(Outcome::Skip) => {}
            Err(found) => problems.push((name.to_owned(), found)),
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
        (Json::Text(text), _) if is_text => json::parse_text(text).map_err(|_| invalid())?,
        (_, _) if binary => return Err(invalid().into()),
        (value, _) => value.clone(),
    };
    text(&value).map_or_else(|| Err(invalid().into()), |text| Ok(Read::of(Datum::Value(Value::Json(text)))))
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

/// Anything, as the value that it looks most like.
pub(super) fn anything(input: &Input<'_>) -> Datum {
    if let Input::File(file) = input {
        return Datum::File(std::sync::Arc::clone(file));
    }
    of_json(&super::json(input))
}

fn of_json(value: &Json) -> Datum {
    Datum::Value(match value {
        Json::Null => Value::Null,
        Json::Bool(yes) => Value::Bool(*yes),
        Json::Int(number) => Value::Int(*number),
        Json::Big(digits) => Value::Decimal(digits.clone()),
        Json::Float(number) => Value::Float(*number),
        Json::Text(text) => Value::Text(text.clone()),
        Json::Surrogates(_) => Value::Text(crate::python::str(value)),
        Json::List(values) => return Datum::List(values.iter().map(of_json).collect()),
        Json::Object(members) => {
            return Datum::Map(members.iter().map(|(name, value)| (name.to_owned(), of_json(value))).collect());
        }
    })
}
