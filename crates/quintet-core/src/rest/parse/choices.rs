//! One of several values, or some of them. They are compared as text, and have the type that was declared.

use super::{Answer, Read, json, type_name};
use crate::json::Json;
use crate::python;
use crate::rest::{Choices, Datum, Field, Input, Problems, rules};
use crate::schema::{Choice, Value};

/// One of the values.
pub(super) fn one(field: &Field, options: &Choices, input: &Input<'_>) -> Result<Datum, Problems> {
    let given = json(input);
    if options.allow_blank && *given == Json::from("") {
        return Ok(Datum::from(""));
    }
    let text = match input {
        Input::Part(part) => part.shown(),
        _ => python::str(&given),
    };
    let found = if matches!(*given, Json::Surrogates(_)) { None } else { options.find(&text) };
    match found {
        Some(value) => Ok(Datum::Value(value.clone())),
        None => Err(field.problem("invalid_choice", &[("input", &text)]).into()),
    }
}

/// Some of the values, each once.
pub(super) fn several(field: &Field, options: &Choices, allow_empty: bool, input: &Input<'_>) -> Answer {
    let inputs: Vec<Input<'_>> = match input {
        Input::List(inputs) => inputs.clone(),
        other => match &*json(other) {
            Json::List(values) => values.iter().map(|value| Input::from(value.clone())).collect(),
            Json::Object(members) => members.iter().map(|(name, _)| Input::from(Json::from(name))).collect(),
            _ => return Err(field.problem("not_a_list", &[("input_type", type_name(input))]).into()),
        },
    };
    if !allow_empty && inputs.is_empty() {
        return Err(field.problem("empty", &[]).into());
    }
    let mut chosen: Vec<Datum> = vec![];
    for input in &inputs {
        let value = one(field, options, input)?;
        if !chosen.contains(&value) {
            chosen.push(value);
        }
    }
    Ok(Read::from(Datum::List(chosen)))
}

impl Choices {
    /// The values with what people read, groups one after the other.
    pub fn flat(&self) -> impl DoubleEndedIterator<Item = (&Value, &str)> {
        self.choices.iter().flat_map(|choice| {
            let one: Box<dyn DoubleEndedIterator<Item = (&Value, &str)>> = match choice {
                Choice::One(value, text) => Box::new(std::iter::once((value, text.as_str()))),
                Choice::Group(_, members) => Box::new(members.iter().map(|(value, text)| (value, text.as_str()))),
            };
            one
        })
    }

    /// What people read for a value; its own text for one that is not among them.
    pub fn label(&self, value: &Value) -> String {
        let shown = |value: &Value| match value {
            Value::Text(text) => text.clone(),
            other => rules::shown(other),
        };
        let text = shown(value);
        let known = self.flat().rev().find(|(known, _)| shown(known) == text);
        known.map_or(text, |(_, label)| label.to_owned())
    }

    /// The value that looks so as text; the last of several.
    pub fn find(&self, text: &str) -> Option<&Value> {
        self.flat().rev().map(|(value, _)| value).find(|value| match value {
            Value::Text(known) => known == text,
            other => rules::shown(other) == text,
        })
    }
}
