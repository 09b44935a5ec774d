//! What is wrong with a schema.

use std::collections::BTreeSet;

use regex::Regex;

use super::{Check, text_of};
use crate::json::Json;

const TYPES: [&str; 7] = ["null", "boolean", "object", "array", "number", "string", "integer"];

impl Check<'_> {
    pub(super) fn schema(&mut self, at: &str, schema: &Json) {
        let schema = match schema {
            Json::Object(schema) => schema,
            Json::Bool(_) => return,
            _ => return self.say(at, "is no schema"),
        };
        for (name, value) in schema.iter() {
            let below = format!("{at}.{name}");
            match name {
                "$ref" => match value {
                    Json::Text(place) if self.is_there(place) => {}
                    Json::Text(place) => self.say(at, format!("`{place}` leads nowhere")),
                    _ => self.say(at, "`$ref` is no text"),
                },
                "type" => {
                    let is_type = |value: &Json| matches!(value, Json::Text(name) if TYPES.contains(&name.as_str()));
                    let is_good = match value {
                        Json::List(all) => !all.is_empty() && all.iter().all(is_type),
                        one => is_type(one),
                    };
                    if !is_good {
                        self.say(&below, "is no type");
                    }
                }
                "anyOf" | "oneOf" | "allOf" | "prefixItems" => match value {
                    Json::List(all) if !all.is_empty() => all.iter().for_each(|one| self.schema(&below, one)),
                    _ => self.say(&below, "is no list of schemas"),
                },
                "items" | "additionalProperties" | "not" | "contains" | "propertyNames" => self.schema(&below, value),
                "properties" | "patternProperties" | "$defs" => match value {
                    Json::Object(all) => {
                        all.iter().for_each(|(name, one)| self.schema(&format!("{below}.{name}"), one));
                    }
                    _ => self.say(&below, "is no object"),
                },
                "required" => {
                    let texts = match value {
                        Json::List(all) => all
                            .iter()
                            .map(text_of)
                            .collect::<Option<BTreeSet<_>>>()
                            .filter(|set| set.len() == all.len()),
                        _ => None,
                    };
                    if texts.is_none() {
                        self.say(&below, "is no list of different names");
                    }
                }
                "enum" if !matches!(value, Json::List(all) if !all.is_empty()) => {
                    self.say(&below, "is no list of values");
                }
                "pattern" => match value {
                    Json::Text(pattern) if is_balanced(pattern) => {}
                    _ => self.say(&below, "is no expression"),
                },
                "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties"
                    if !matches!(value, Json::Int(0..)) =>
                {
                    self.say(&below, "is no count");
                }
                "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf"
                    if !matches!(value, Json::Int(_) | Json::Float(_) | Json::Big(_)) =>
                {
                    self.say(&below, "is no number");
                }
                "title" | "description" | "format" | "contentEncoding" | "contentMediaType"
                    if !matches!(value, Json::Text(_)) =>
                {
                    self.say(&below, "is no text");
                }
                "readOnly" | "writeOnly" | "deprecated" | "uniqueItems" if !matches!(value, Json::Bool(_)) => {
                    self.say(&below, "is neither true nor false");
                }
                "nullable" => self.say(&below, "is of version 3.0: a type of `null` says it"),
                _ => {}
            }
        }
    }

    fn is_there(&self, place: &str) -> bool {
        let Some(path) = place.strip_prefix("#/") else { return false };
        let names: Vec<String> = path.split('/').map(|name| name.replace("~1", "/").replace("~0", "~")).collect();
        self.found_at(&names.iter().map(String::as_str).collect::<Vec<_>>()).is_some()
    }
}

/// Whether an expression could be one: what the expressions of both languages have in common is asked alone.
fn is_balanced(pattern: &str) -> bool {
    Regex::new(pattern).is_ok() || pattern.contains("(?") || pattern.contains('\\')
}
