//! What each validator of the schema asks for: the reference's rules, with its codes and texts.

mod addresses;
mod expression;
mod shown;

use std::cmp::Ordering;
use std::sync::LazyLock;

use regex::Regex;

pub(super) use self::addresses::{compiled, ipv6, is_email, is_ipv4, is_ipv6, is_url};
pub use self::expression::expression;
pub(super) use self::expression::known;
pub use self::shown::{filled, shown};
use super::{Datum, Problem};
use crate::python::{Decimal, float_repr};
use crate::schema::{Rule, Validator, Value};

/// What is wrong with a value that a field took.
pub(super) fn check(validator: &Validator, datum: &Datum) -> Option<Problem> {
    let (code, message) = match (&validator.rule, datum) {
        (_, Datum::Value(value)) => check_value(validator, value),
        (_, Datum::File(file)) => check_value(validator, &Value::Text(file.name().to_owned())),
        (Rule::MinLength(_) | Rule::MaxLength(_), Datum::List(values)) => {
            let length = values.len();
            match (&validator.rule, u32::try_from(length).unwrap_or(u32::MAX)) {
                (Rule::MinLength(least), is) if is < *least => {
                    said(validator, sized("min_length", "least", *least, length, ""))
                }
                (Rule::MaxLength(most), is) if is > *most => {
                    said(validator, sized("max_length", "most", *most, length, ""))
                }
                _ => Ok(()),
            }
        }
        (_, Datum::List(values)) => {
            check_value(validator, &Value::List(values.iter().filter_map(Datum::value).cloned().collect()))
        }
        (_, Datum::Map(_)) => check_value(validator, &Value::Json(datum.to_json_text())),
    }
    .err()?;
    Some(Problem::new(code, message))
}

/// Code and text of what is wrong with a value; the validator's own where it has some.
///
/// # Errors
/// Where something is.
pub fn check_value(validator: &Validator, value: &Value) -> Result<(), (String, String)> {
    match rule(&validator.rule, value) {
        Ok(()) => Ok(()),
        Err(wrong) => said(validator, wrong),
    }
}

fn said(validator: &Validator, (code, text, params): Wrong) -> Result<(), (String, String)> {
    let code = validator.code.clone().unwrap_or_else(|| code.to_owned());
    let text = validator.message.clone().unwrap_or(text);
    Err((code, filled(&text, &params)))
}

type Wrong = (&'static str, String, Vec<(&'static str, String)>);

fn rule(rule: &Rule, value: &Value) -> Result<(), Wrong> {
    let invalid = |is_right: bool, text: &str| match is_right {
        true => Ok(()),
        false => Err(("invalid", text.to_owned(), vec![("value", shown(value))])),
    };
    let address = |is_right: bool, protocol: &str| {
        invalid(is_right, &filled("Enter a valid %(protocol)s address.", &[("protocol", protocol.to_owned())]))
    };
    let text = || shown(value);
    match rule {
        Rule::MinValue(least) if compare(value, least) == Some(Ordering::Less) => Err((
            "min_value",
            "Ensure this value is greater than or equal to %(limit_value)s.".into(),
            limit(least, value),
        )),
        Rule::MaxValue(most) if compare(value, most) == Some(Ordering::Greater) => {
            Err(("max_value", "Ensure this value is less than or equal to %(limit_value)s.".into(), limit(most, value)))
        }
        Rule::MinValue(_) | Rule::MaxValue(_) => Ok(()),
        Rule::StepValue(step, offset) => stepped(value, step, offset.as_ref()),
        Rule::MinLength(least) if length(value) < *least as usize => {
            Err(sized("min_length", "least", *least, length(value), &shown(value)))
        }
        Rule::MaxLength(most) if length(value) > *most as usize => {
            Err(sized("max_length", "most", *most, length(value), &shown(value)))
        }
        Rule::MinLength(_) | Rule::MaxLength(_) => Ok(()),
        Rule::Regex { pattern, inverse, flags } => {
            // What cannot be asked is not true of the value.
            let is_right = known(pattern, *flags).is_some_and(|regex| regex.is_match(&text()) != *inverse);
            invalid(is_right, "Enter a valid value.")
        }
        Rule::Email => invalid(is_email(&text()), "Enter a valid email address."),
        Rule::Url(schemes) => invalid(is_url(&text(), schemes), "Enter a valid URL."),
        Rule::Slug => invalid(
            !text().is_empty() && text().chars().all(|it| it.is_ascii_alphanumeric() || "-_".contains(it)),
            "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.",
        ),
        Rule::UnicodeSlug => invalid(
            is_unicode_slug(&text()),
            "Enter a valid “slug” consisting of Unicode letters, numbers, underscores, or hyphens.",
        ),
        Rule::Ipv4 => address(is_ipv4(&text()), "IPv4"),
        Rule::Ipv6 => address(is_ipv6(&text()), "IPv6"),
        Rule::Ipv46 => address(is_ipv4(&text()) || is_ipv6(&text()), "IPv4 or IPv6"),
        Rule::CommaSeparatedIntegers => {
            let is_right = text().split(',').all(|part| !part.is_empty() && part.chars().all(|it| it.is_ascii_digit()));
            invalid(is_right, "Enter only digits separated by commas.")
        }
        Rule::Decimal(all, places) => digits(&text(), *all, *places),
        Rule::FileExtension(ends) => extension(&text(), ends),
        Rule::NoNullCharacters if text().contains('\0') => {
            Err(("null_characters_not_allowed", "Null characters are not allowed.".into(), vec![]))
        }
        Rule::NoNullCharacters => Ok(()),
        Rule::Username(false) => invalid(
            USERNAME.is_match(&text()),
            "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.",
        ),
        Rule::Username(true) => invalid(
            text().is_ascii() && USERNAME.is_match(&text()),
            "Enter a valid username. This value may contain only unaccented lowercase a-z and uppercase A-Z letters, \
             numbers, and @/./+/-/_ characters.",
        ),
        Rule::Function(test) => test.run(value).map_err(|said| ("invalid", said, vec![])),
    }
}

static UNICODE_SLUG: LazyLock<Regex> = LazyLock::new(|| compiled(r"^[-\p{L}\p{N}_]+\z"));
static USERNAME: LazyLock<Regex> = LazyLock::new(|| compiled(r"^[\p{L}\p{N}_.@+-]+\z"));

/// Whether a text has only letters of all scripts, digits, hyphens and underscores.
pub(super) fn is_unicode_slug(text: &str) -> bool {
    UNICODE_SLUG.is_match(text)
}

fn limit(limit: &Value, value: &Value) -> Vec<(&'static str, String)> {
    vec![("limit_value", shown(limit)), ("show_value", shown(value)), ("value", shown(value))]
}

fn length(value: &Value) -> usize {
    match value {
        Value::Bytes(bytes) => bytes.len(),
        Value::List(values) => values.len(),
        other => shown(other).chars().count(),
    }
}

fn sized(code: &'static str, which: &str, limit: u32, length: usize, value: &str) -> Wrong {
    let letters = if limit == 1 { "character" } else { "characters" };
    let text = format!("Ensure this value has at {which} %(limit_value)d {letters} (it has %(show_value)d).");
    let params =
        vec![("limit_value", limit.to_string()), ("show_value", length.to_string()), ("value", value.to_owned())];
    (code, text, params)
}

/// How a value compares to another, where both are numbers, durations or times.
pub(super) fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) | (Value::Duration(a), Value::Duration(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) | (Value::Time(a), Value::Time(b)) | (Value::Text(a), Value::Text(b)) => {
            Some(a.cmp(b))
        }
        (Value::DateTime(a), Value::DateTime(b)) => Some(a.cmp(b)),
        _ => match (decimal(a), decimal(b)) {
            (Some(a), Some(b)) => a.compare(&b),
            _ => number(a)?.partial_cmp(&number(b)?),
        },
    }
}

fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Int(number) => Some(Decimal::from(&(*number).into())),
        Value::Decimal(text) => Decimal::parse(text),
        _ => None,
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        Value::Decimal(text) => text.parse().ok(),
        _ => None,
    }
}

fn stepped(value: &Value, step: &Value, offset: Option<&Value>) -> Result<(), Wrong> {
    let (Some(number), Some(size)) = (number(value), number(step)) else { return Ok(()) };
    let from = offset.and_then(self::number).unwrap_or_default();
    let away = number - from;
    if (away - size * (away / size).round()).abs() <= 1e-9 {
        return Ok(());
    }
    let mut params = vec![("limit_value", shown(step))];
    let Some(offset) = offset else {
        return Err(("step_size", "Ensure this value is a multiple of step size %(limit_value)s.".into(), params));
    };
    let sum = |times: i64| match (offset, step) {
        (Value::Int(offset), Value::Int(step)) => (offset + times * step).to_string(),
        // As many places as either has.
        (Value::Float(_), _) | (_, Value::Float(_)) => float_repr(from + size * times as f64),
        _ => {
            let places = |value: &Value| shown(value).split_once('.').map_or(0, |(_, behind)| behind.len());
            format!("{:.*}", places(offset).max(places(step)), from + size * times as f64)
        }
    };
    params.extend([("offset", shown(offset)), ("valid_value1", sum(1)), ("valid_value2", sum(2))]);
    let text = "Ensure this value is a multiple of step size %(limit_value)s, starting from %(offset)s, \
                e.g. %(offset)s, %(valid_value1)s, %(valid_value2)s, and so on.";
    Err(("step_size", text.into(), params))
}

fn digits(text: &str, all: u32, places: u32) -> Result<(), Wrong> {
    let plain = text.trim_start_matches(['-', '+']);
    let (before, behind) = plain.split_once('.').unwrap_or((plain, ""));
    let decimals = u32::try_from(behind.len()).unwrap_or(u32::MAX);
    let before = before.trim_start_matches('0');
    let significant =
        if before.is_empty() { behind.trim_start_matches('0').len() } else { before.len() + behind.len() };
    let total = u32::try_from(significant).unwrap_or(u32::MAX).max(decimals).max(1);
    let wrong = |code, most: u32, what: &str, behind: &str| {
        let plural = if most == 1 { "" } else { "s" };
        let text = format!("Ensure that there are no more than %(max)s {what}{plural}{behind}.");
        Err((code, text, vec![("max", most.to_string()), ("value", shown(&Value::Decimal(plain.to_owned())))]))
    };
    if total > all {
        return wrong("max_digits", all, "digit", " in total");
    }
    if decimals > places {
        return wrong("max_decimal_places", places, "decimal place", "");
    }
    if all != u32::MAX && places != u32::MAX && total - decimals > all.saturating_sub(places) {
        return wrong("max_whole_digits", all.saturating_sub(places), "digit", " before the decimal point");
    }
    Ok(())
}

fn extension(name: &str, ends: &[String]) -> Result<(), Wrong> {
    const IMAGES: [&str; 10] = ["apng", "avif", "bmp", "gif", "ico", "jpeg", "jpg", "png", "tiff", "webp"];
    let file = name.rsplit('/').next().unwrap_or_default();
    let end = match file.rsplit_once('.') {
        Some((stem, end)) if !stem.is_empty() => end.to_lowercase(),
        _ => String::new(),
    };
    let allowed: Vec<String> = if ends.is_empty() {
        IMAGES.iter().map(|end| (*end).to_owned()).collect()
    } else {
        ends.iter().map(|end| end.to_lowercase()).collect()
    };
    if allowed.contains(&end) {
        return Ok(());
    }
    let text = "File extension “%(extension)s” is not allowed. Allowed extensions are: %(allowed_extensions)s.";
    let params = vec![("extension", end), ("allowed_extensions", allowed.join(", ")), ("value", name.to_owned())];
    Err(("invalid_extension", text.into(), params))
}
