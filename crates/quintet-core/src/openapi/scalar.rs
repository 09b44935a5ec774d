//! Texts, numbers and times as schemas, with what is asked of them.

use super::components::Components;
use super::field::plain;
use super::pattern;
use super::schema::{any_of, formatted, typed};
use crate::json::{Json, Object};
use crate::rest::{Dates, Decimals, Field, Format, Integers, Limits, Text, TextForm, Validator};
use crate::schema::{IpProtocol, Rule, Value};

impl Components {
    pub(super) fn text(&self, field: &Field, text: &Text, is_read: bool) -> Object {
        let mut schema = match &text.form {
            TextForm::Email => formatted("string", "email"),
            TextForm::Url => formatted("string", "uri"),
            TextForm::Ip(IpProtocol::Ipv4) => formatted("string", "ipv4"),
            TextForm::Ip(IpProtocol::Ipv6) => formatted("string", "ipv6"),
            TextForm::Any | TextForm::Slug { .. } | TextForm::Regex(_) | TextForm::Ip(IpProtocol::Both) => {
                typed("string")
            }
        };
        if let Some(most) = text.max_length {
            schema.insert("maxLength", most);
        }
        let least = text.min_length.or((!is_read && !text.allow_blank && !field.read_only).then_some(1));
        if let Some(least) = least.filter(|_| !is_read || text.min_length.is_some()) {
            schema.insert("minLength", least);
        }
        if let Some(pattern) = pattern_of(field, text) {
            schema.insert("pattern", pattern);
        }
        // Nothing else than a text of no length escapes what is asked of texts.
        let is_narrow = ["minLength", "pattern", "format"].iter().any(|word| schema.get(word).is_some());
        if text.allow_blank && is_narrow {
            return any_of(vec![schema, typed("string").with("maxLength", 0)]);
        }
        schema
    }

    pub(super) fn integer(&self, field: &Field, integers: &Integers, is_read: bool) -> Object {
        if integers.big && is_read && integers.coerce_to_string.unwrap_or(self.settings.coerce_bigint_to_string) {
            return typed("string").with("pattern", "^-?[0-9]+$");
        }
        let mut schema = limited(typed("integer"), &integers.limits, field);
        if let Some((least, most)) = integers.holds.filter(|_| !field.read_only) {
            let of = |name: &str| match schema.get(name) {
                Some(Json::Int(limit)) => Some(*limit),
                _ => None,
            };
            let (low, high) =
                (of("minimum").map_or(least, |own| own.max(least)), of("maximum").map_or(most, |own| own.min(most)));
            schema.insert("minimum", low);
            schema.insert("maximum", high);
        }
        let is_wide = |limit: Option<&Json>| matches!(limit, Some(Json::Int(limit)) if i32::try_from(*limit).is_err());
        if integers.big || is_wide(schema.get("minimum")) || is_wide(schema.get("maximum")) {
            schema.insert("format", "int64");
        }
        schema
    }

    pub(super) fn decimal(&self, field: &Field, decimals: &Decimals) -> Object {
        if !decimals.coerce_to_string.unwrap_or(self.settings.coerce_decimal_to_string) {
            let mut schema = formatted("number", "double");
            if let (Some(digits), Some(places)) = (decimals.max_digits, decimals.decimal_places)
                && let Ok(most) = format!("1e{}", digits.saturating_sub(places)).parse::<f64>()
            {
                schema.insert("exclusiveMaximum", most);
                schema.insert("exclusiveMinimum", -most);
            }
            return limited(schema, &decimals.limits, field);
        }
        let mut schema = formatted("string", "decimal");
        if let Some(digits) = decimals.max_digits {
            let places = decimals.decimal_places.unwrap_or(digits).min(digits);
            let fraction = if places == 0 { String::new() } else { format!(r"(?:\.\d{{0,{places}}})?") };
            schema.insert("pattern", format!(r"^-?\d{{0,{}}}{fraction}$", digits - places));
        }
        schema
    }

    /// A moment, a day or a time of day, which has no zone: `time` would be one with it.
    pub(super) fn moment(&self, dates: &Dates, format: &str, is_read: bool) -> Object {
        let settings = &self.settings;
        let (shown, taken) = match format {
            "date-time" => (&settings.datetime_format, &settings.datetime_input_formats),
            "date" => (&settings.date_format, &settings.date_input_formats),
            _ => (&settings.time_format, &settings.time_input_formats),
        };
        let is_iso = match is_read {
            true => !matches!(dates.format.as_ref().unwrap_or(shown), Format::Pattern(_)),
            false => dates.input_formats.as_ref().unwrap_or(taken).contains(&Format::Iso8601),
        };
        if is_iso { formatted("string", format) } else { typed("string") }
    }
}

/// The expression that a text must match.
fn pattern_of(field: &Field, text: &Text) -> Option<String> {
    let of_form = match &text.form {
        TextForm::Slug { allow_unicode: false } => Some(r"^[-a-zA-Z0-9_]+$".to_owned()),
        TextForm::Regex(expression) => pattern::ecma(&expression.text),
        _ => None,
    };
    of_form.or_else(|| {
        field.validators.iter().find_map(|validator| match validator {
            Validator::Rule(rule) => match &rule.rule {
                Rule::Regex { pattern, inverse: false, flags: 0 } => pattern::ecma(pattern),
                Rule::Slug => Some(r"^[-a-zA-Z0-9_]+$".to_owned()),
                Rule::Username(_) if !field.read_only => None,
                _ => None,
            },
            _ => None,
        })
    })
}

/// The least and the most, the field's own and those of its validators.
pub(super) fn limited(mut schema: Object, limits: &Limits, field: &Field) -> Object {
    let of_rules = field.validators.iter().filter_map(|validator| match validator {
        Validator::Rule(rule) => match &rule.rule {
            Rule::MinValue(value) => Some(("minimum", value)),
            Rule::MaxValue(value) => Some(("maximum", value)),
            _ => None,
        },
        _ => None,
    });
    let own = [("minimum", &limits.min), ("maximum", &limits.max)];
    let own = own.into_iter().filter_map(|(name, limit)| Some((name, limit.as_ref()?)));
    for (name, limit) in own.chain(of_rules) {
        let value = match limit {
            Value::Decimal(text) => text.parse::<f64>().map_or(Json::Null, Json::Float),
            other => plain(other),
        };
        if matches!(value, Json::Int(_) | Json::Float(_)) && schema.get(name).is_none() {
            schema.insert(name, value);
        }
    }
    schema
}
