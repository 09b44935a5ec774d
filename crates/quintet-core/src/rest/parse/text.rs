//! Text of all classes: what is taken for text, and what it must be.

use std::net::Ipv6Addr;
use std::sync::LazyLock;

use regex::Regex;

use super::{Answer, Read, json};
use crate::json::Json;
use crate::python;
use crate::rest::{Datum, Field, Input, Problem, Text, TextForm, rules};
use crate::schema::{IpProtocol, Value};

/// Text, and numbers as text. What else there is, is none.
pub(super) fn read(field: &Field, options: &Text, input: &Input<'_>) -> Answer {
    let invalid = || Err(field.problem("invalid", &[]).into());
    if matches!(input, Input::File(_)) {
        return invalid();
    }
    let given = json(input);
    if let TextForm::Ip(protocol) = options.form {
        match &*given {
            Json::Text(text) if text.contains(':') && protocol != IpProtocol::Ipv4 => {
                let unpack = protocol == IpProtocol::Both;
                return clean_ipv6(text, unpack).map_or_else(invalid, |address| Ok(Read::of(address)));
            }
            Json::Surrogates(codes) if codes.contains(&u32::from(':')) && protocol != IpProtocol::Ipv4 => {
                return invalid();
            }
            Json::Text(_) | Json::Surrogates(_) => {}
            _ => return invalid(),
        }
    }
    if !matches!(*given, Json::Text(_) | Json::Surrogates(_) | Json::Int(_) | Json::Big(_) | Json::Float(_)) {
        return invalid();
    }
    let surrogate = match &*given {
        Json::Surrogates(codes) => codes.iter().copied().find(|code| (0xD800..0xE000).contains(code)),
        _ => None,
    };
    let text = python::str(&given);
    let text = if options.trim_whitespace { python::strip(&text).to_owned() } else { text };
    Ok(Read { datum: Datum::from(text), surrogate })
}

/// What is asked of a text, in the reference's order. All that is wrong is said.
pub(super) fn check(field: &Field, options: &Text, read: &Read, problems: &mut Vec<Problem>) {
    let Some(Value::Text(text)) = read.datum.value() else { return };
    let count = text.chars().count();
    if let Some(most) = options.max_length.filter(|most| count > *most as usize) {
        problems.push(field.problem("max_length", &[("max_length", &most.to_string())]));
    }
    if let Some(least) = options.min_length.filter(|least| count < *least as usize) {
        problems.push(field.problem("min_length", &[("min_length", &least.to_string())]));
    }
    if text.contains('\0') {
        problems.push(Problem::new("null_characters_not_allowed", "Null characters are not allowed."));
    }
    if let Some(code) = read.surrogate {
        problems.push(surrogate_problem(code));
    }
    if let Some((message, is_own)) = wrong(&options.form, text) {
        let message = if is_own { field.message(message).to_owned() } else { message.to_owned() };
        problems.push(Problem::new("invalid", message));
    }
}

/// What is said of a surrogate that stands alone.
pub(super) fn surrogate_problem(code: u32) -> Problem {
    let said = format!("Surrogate characters are not allowed: U+{code:X}.");
    Problem::new("surrogate_characters_not_allowed", said)
}

/// The code of the field's message, or a message that is always the same, where the text is not what it should be.
fn wrong(form: &TextForm, text: &str) -> Option<(&'static str, bool)> {
    // A line feed may follow, as the reference's expression has it.
    static SLUG: LazyLock<Regex> = LazyLock::new(|| rules::compiled(r"^[-a-zA-Z0-9_]+\n?\z"));
    let unless = |is_right: bool, message, is_own| (!is_right).then_some((message, is_own));
    match form {
        TextForm::Any => None,
        TextForm::Email => unless(rules::is_email(text), "invalid", true),
        TextForm::Url => unless(rules::is_url(text, &[]), "invalid", true),
        TextForm::Slug { allow_unicode: false } => unless(SLUG.is_match(text), "invalid", true),
        TextForm::Slug { allow_unicode: true } => unless(rules::is_unicode_slug(text), "invalid_unicode", true),
        TextForm::Regex(pattern) => unless(pattern.regex.is_match(text), "invalid", true),
        TextForm::Ip(IpProtocol::Ipv4) => unless(rules::is_ipv4(text), "Enter a valid IPv4 address.", false),
        TextForm::Ip(IpProtocol::Ipv6) => unless(rules::is_ipv6(text), "Enter a valid IPv6 address.", false),
        TextForm::Ip(IpProtocol::Both) => {
            unless(rules::is_ipv4(text) || rules::is_ipv6(text), "Enter a valid IPv4 or IPv6 address.", false)
        }
    }
}

/// An IPv6 address as it is written shortest; one that holds an IPv4 address as that one, where it is asked for.
fn clean_ipv6(text: &str, unpack: bool) -> Option<String> {
    let address = rules::ipv6(text)?;
    Some(match address.to_ipv4_mapped() {
        Some(inner) if unpack => inner.to_string(),
        Some(inner) => format!("::ffff:{inner}"),
        None => shortest(address),
    })
}

/// Only hexadecimal groups: those that stand for an IPv4 address in other ways too.
fn shortest(address: Ipv6Addr) -> String {
    let text = address.to_string();
    if !text.contains('.') {
        return text;
    }
    // What is left is `::1.2.3.4`: six groups of zeros, then two.
    let [.., before, last] = address.segments();
    if before == 0 { format!("::{last:x}") } else { format!("::{before:x}:{last:x}") }
}

/// Bytes, as base64.
pub(super) fn base64(field: &Field, input: &Input<'_>) -> Answer {
    let bytes = match &*json(input) {
        Json::Text(text) => python::base64::decode(text),
        _ => None,
    };
    bytes.map_or_else(
        || Err(field.problem("invalid", &[]).into()),
        |bytes| Ok(Read::of(Datum::Value(Value::Bytes(bytes)))),
    )
}
