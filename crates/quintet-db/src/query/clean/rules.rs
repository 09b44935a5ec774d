//! What each validator asks for: the reference's rules, with its codes and texts.

use std::cmp::Ordering;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use quintet_core::schema::{Rule, Validator, Value};
use regex::{Regex, RegexBuilder};

use super::words::{filled, shown};
use crate::model::Decimal;

/// Code and text of what is wrong with a value; the validator's own where it has some.
pub(super) fn check(validator: &Validator, value: &Value) -> Result<(), (String, String)> {
    let Err((code, text, params)) = rule(&validator.rule, value) else { return Ok(()) };
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
        Rule::MinLength(least) if length(value) < u64::from(*least) => Err(sized("min_length", "least", *least, value)),
        Rule::MaxLength(most) if length(value) > u64::from(*most) => Err(sized("max_length", "most", *most, value)),
        Rule::MinLength(_) | Rule::MaxLength(_) => Ok(()),
        Rule::Regex { pattern, inverse, flags } => {
            let compiled = RegexBuilder::new(&pattern.replace(r"\Z", r"\z"))
                .case_insensitive(flags & 2 != 0)
                .multi_line(flags & 8 != 0)
                .dot_matches_new_line(flags & 16 != 0)
                .ignore_whitespace(flags & 64 != 0)
                .build();
            match compiled {
                Ok(regex) => invalid(regex.is_match(&text()) != *inverse, "Enter a valid value."),
                // What cannot be asked is not true of the value.
                Err(_) => invalid(false, "Enter a valid value."),
            }
        }
        Rule::Email => invalid(is_email(&text()), "Enter a valid email address."),
        Rule::Url(schemes) => invalid(is_url(&text(), schemes), "Enter a valid URL."),
        Rule::Slug => invalid(
            text().chars().all(|it| it.is_ascii_alphanumeric() || "-_".contains(it)),
            "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.",
        ),
        Rule::UnicodeSlug => invalid(
            UNICODE_SLUG.is_match(&text()),
            "Enter a valid “slug” consisting of Unicode letters, numbers, underscores, or hyphens.",
        ),
        Rule::Ipv4 => address(text().parse::<Ipv4Addr>().is_ok(), "IPv4"),
        Rule::Ipv6 => address(text().parse::<Ipv6Addr>().is_ok(), "IPv6"),
        Rule::Ipv46 => address(text().parse::<std::net::IpAddr>().is_ok(), "IPv4 or IPv6"),
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

static UNICODE_SLUG: LazyLock<Regex> = LazyLock::new(|| compiled(r"^[-\w]+\z"));
static USERNAME: LazyLock<Regex> = LazyLock::new(|| compiled(r"^[\w.@+-]+\z"));

fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).expect("an expression of this file")
}

fn limit(limit: &Value, value: &Value) -> Vec<(&'static str, String)> {
    vec![("limit_value", shown(limit)), ("show_value", shown(value)), ("value", shown(value))]
}

fn length(value: &Value) -> u64 {
    let length = match value {
        Value::Bytes(bytes) => bytes.len(),
        other => shown(other).chars().count(),
    };
    length as u64
}

fn sized(code: &'static str, which: &str, limit: u32, value: &Value) -> Wrong {
    let letters = if limit == 1 { "character" } else { "characters" };
    let text = format!("Ensure this value has at {which} %(limit_value)d {letters} (it has %(show_value)d).");
    let params =
        vec![("limit_value", limit.to_string()), ("show_value", length(value).to_string()), ("value", shown(value))];
    (code, text, params)
}

fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) | (Value::Duration(a), Value::Duration(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) | (Value::Time(a), Value::Time(b)) | (Value::Text(a), Value::Text(b)) => {
            Some(a.cmp(b))
        }
        (Value::DateTime(a), Value::DateTime(b)) => Some(a.cmp(b)),
        _ => match (decimal(a), decimal(b)) {
            (Some(a), Some(b)) => Some(a.cmp(&b)),
            _ => number(a)?.partial_cmp(&number(b)?),
        },
    }
}

fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Int(number) => Some(Decimal::from(*number)),
        Value::Decimal(text) => text.parse().ok(),
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
        _ => match (decimal(offset), decimal(step)) {
            (Some(offset), Some(step)) => (offset + step * Decimal::from(times)).to_string(),
            _ => format!("{:?}", from + size * times as f64),
        },
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

/// A label of a host's name: letters of all scripts, digits, and hyphens within.
fn is_label(label: &str) -> bool {
    let is_letter = |it: char| it.is_ascii_alphanumeric() || ('\u{a1}'..='\u{ffff}').contains(&it);
    let count = label.chars().count();
    (1..=63).contains(&count)
        && label.chars().all(|it| is_letter(it) || it == '-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// A host's name with a top-level domain.
fn is_domain(name: &str) -> bool {
    let labels: Vec<&str> = name.split('.').collect();
    let Some((top, others)) = labels.split_last() else { return false };
    let is_plain = top.chars().count() >= 2 && !top.chars().any(|it| it.is_ascii_digit());
    let is_coded =
        top.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("xn--")) && top.len() > 4 && top.is_ascii();
    !others.is_empty() && is_label(top) && (is_plain || is_coded) && others.iter().all(|label| is_label(label))
}

fn is_email(text: &str) -> bool {
    static USER: LazyLock<Regex> = LazyLock::new(|| {
        let atom = r"[-!#$%&'*+/=?^_`{}|~0-9A-Za-z]+";
        let quoted = r#""([\x01-\x08\x0b\x0c\x0e-\x1f!\x23-\x5b\x5d-\x7f]|\\[\x01-\x09\x0b\x0c\x0e-\x7f])*""#;
        compiled(&format!(r"^(?:{atom}(?:\.{atom})*|{quoted})\z"))
    });
    let Some((user, domain)) = text.rsplit_once('@') else { return false };
    if text.chars().count() > 320 || !USER.is_match(user) {
        return false;
    }
    let literal = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    domain == "localhost" || is_domain(domain) || literal.is_some_and(|it| it.parse::<std::net::IpAddr>().is_ok())
}

fn is_url(text: &str, schemes: &[String]) -> bool {
    static FORM: LazyLock<Regex> = LazyLock::new(|| {
        compiled(
            r"^[A-Za-z0-9.+-]*://(?:[^\s:@/]+(?::[^\s:@/]*)?@)?(\[[0-9A-Fa-f:.]+\]|[^\s:@/?#\[\]]+)(?::[0-9]{1,5})?(?:[/?#]\S*)?\z",
        )
    });
    let scheme = text.split("://").next().unwrap_or_default().to_lowercase();
    let is_known = match schemes {
        [] => ["http", "https", "ftp", "ftps"].contains(&scheme.as_str()),
        own => own.contains(&scheme),
    };
    if text.chars().count() > 2048 || text.contains(['\t', '\r', '\n']) || !is_known {
        return false;
    }
    let Some(host) = FORM.captures(text).and_then(|found| found.get(1)).map(|host| host.as_str()) else { return false };
    if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return address.parse::<Ipv6Addr>().is_ok();
    }
    let named = host.strip_suffix('.').unwrap_or(host);
    let is_named = host.eq_ignore_ascii_case("localhost") || is_domain(named);
    host.chars().count() <= 253 && (is_named || host.parse::<Ipv4Addr>().is_ok())
}
