//! Reads one literal or one call: `7`, `"text"`, `date(2024, 1, 31)`.

use crate::schema::Value;

/// What a text is.
#[derive(Debug)]
pub(super) enum Literal {
    /// A value.
    Value(Value),
    /// A call of something with values.
    Call(Call),
}

/// A call.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) name: String,
    pub(super) arguments: Vec<Value>,
}

/// Reads a text that is one literal or call, and nothing else.
pub(super) fn read(text: &str) -> Result<Literal, String> {
    let mut rest = text.trim();
    let literal = one(&mut rest)?;
    if rest.trim().is_empty() { Ok(literal) } else { Err(format!("`{}` is not expected here", rest.trim())) }
}

fn one(rest: &mut &str) -> Result<Literal, String> {
    *rest = rest.trim_start();
    let bytes = rest.starts_with("b\"");
    if bytes || rest.starts_with('"') {
        *rest = &rest[if bytes { 2 } else { 1 }..];
        let text = quoted(rest)?;
        return Ok(Literal::Value(if bytes { Value::Bytes(text.into_bytes()) } else { Value::Text(text) }));
    }
    let end = rest.find(|c: char| !(c.is_alphanumeric() || "_.:+-".contains(c))).unwrap_or(rest.len());
    let word = &rest[..end];
    *rest = &rest[end..];
    if word.is_empty() {
        return Err(rest.chars().next().map_or("a value is missing".to_owned(), |c| format!("`{c}` begins no value")));
    }
    if rest.starts_with('(') {
        *rest = &rest[1..];
        return Ok(Literal::Call(Call { name: word.to_owned(), arguments: arguments(rest)? }));
    }
    scalar(word).map(Literal::Value)
}

fn arguments(rest: &mut &str) -> Result<Vec<Value>, String> {
    let mut values = vec![];
    loop {
        *rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix(')') {
            *rest = after;
            return Ok(values);
        }
        if rest.is_empty() {
            return Err("`(` was never closed".to_owned());
        }
        match one(rest)? {
            Literal::Value(value) => values.push(value),
            Literal::Call(call) => return Err(format!("`{}(..)` cannot stand inside a call", call.name)),
        }
        *rest = rest.trim_start();
        match rest.strip_prefix(',') {
            Some(after) => *rest = after,
            None if rest.starts_with(')') || rest.is_empty() => {}
            None => return Err("a comma is missing".to_owned()),
        }
    }
}

fn scalar(word: &str) -> Result<Value, String> {
    let plain = word.replace('_', "");
    let is_number = plain.trim_start_matches(['-', '+']).starts_with(|c: char| c.is_ascii_digit());
    match word {
        "true" | "false" => Ok(Value::Bool(word == "true")),
        "None" => Ok(Value::Null),
        _ if is_number => {
            let whole = plain.parse().map(Value::Int);
            let number = plain.parse::<f64>().ok().filter(|number| number.is_finite());
            match (whole, number) {
                (Ok(value), _) => Ok(value),
                (_, Some(number)) if plain.contains(['.', 'e', 'E']) => Ok(Value::Float(number)),
                _ => Err(format!("`{word}` is not a number that can be kept")),
            }
        }
        _ => Err(format!("`{word}` is not known here\nhint: a text stands in quotes: `\"{word}\"`")),
    }
}

/// The text up to the closing quote, with what is escaped as it is meant.
fn quoted(rest: &mut &str) -> Result<String, String> {
    let mut text = String::new();
    let mut chars = rest.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => {
                *rest = &rest[at + 1..];
                return Ok(text);
            }
            '\\' => text.push(escaped(&mut chars)?),
            c => text.push(c),
        }
    }
    Err("`\"` was never closed".to_owned())
}

fn escaped(chars: &mut std::str::CharIndices<'_>) -> Result<char, String> {
    match chars.next().map(|(_, c)| c) {
        Some('n') => Ok('\n'),
        Some('r') => Ok('\r'),
        Some('t') => Ok('\t'),
        Some(c @ ('\\' | '"' | '\'')) => Ok(c),
        Some('u') => {
            let rest = chars.as_str();
            let code = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')).map(|(code, _)| code);
            let c = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
            chars.by_ref().take(code.map_or(0, |code| code.chars().count() + 2)).for_each(drop);
            c.ok_or_else(|| "`\\u` is written as `\\u{e9}`".to_owned())
        }
        Some(c) => Err(format!("`\\{c}` is no escape")),
        None => Err("`\"` was never closed".to_owned()),
    }
}

/// A plain value as JSON.
pub(super) fn json_of(value: &Value) -> Option<Value> {
    match value {
        Value::Bool(yes) => Some(Value::Json(yes.to_string())),
        Value::Int(number) => Some(Value::Json(number.to_string())),
        Value::Float(number) => Some(Value::Json(format!("{number:?}"))),
        _ => None,
    }
}

/// Whether a text is JSON.
pub(super) fn is_json(text: &str) -> bool {
    let mut rest = text.trim();
    json_value(&mut rest, 64) && rest.trim().is_empty()
}

fn json_value(rest: &mut &str, depth: u8) -> bool {
    *rest = rest.trim_start();
    let Some(left) = depth.checked_sub(1) else { return false };
    match rest.bytes().next() {
        Some(b'{') => json_list(rest, '}', |rest| json_text(rest) && json_sign(rest, ':') && json_value(rest, left)),
        Some(b'[') => json_list(rest, ']', |rest| json_value(rest, left)),
        Some(b'"') => json_text(rest),
        _ => json_word(rest),
    }
}

fn json_list(rest: &mut &str, end: char, item: impl Fn(&mut &str) -> bool) -> bool {
    *rest = &rest[1..];
    if json_sign(rest, end) {
        return true;
    }
    while item(rest) {
        if json_sign(rest, end) {
            return true;
        }
        if !json_sign(rest, ',') {
            return false;
        }
    }
    false
}

fn json_sign(rest: &mut &str, sign: char) -> bool {
    let after = rest.trim_start().strip_prefix(sign);
    *rest = after.unwrap_or(rest);
    after.is_some()
}

fn json_text(rest: &mut &str) -> bool {
    let mut escaped = false;
    let Some(text) = rest.trim_start().strip_prefix('"') else { return false };
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => {
                *rest = &text[at + 1..];
                return true;
            }
            c if c.is_control() => return false,
            _ => {}
        }
    }
    false
}

fn json_word(rest: &mut &str) -> bool {
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c))).unwrap_or(rest.len());
    let word = &rest[..end];
    *rest = &rest[end..];
    let number = word.parse::<f64>().is_ok_and(f64::is_finite);
    let digits = word.strip_prefix('-').unwrap_or(word);
    let starts_well = digits.starts_with(|c: char| c.is_ascii_digit())
        && !(digits.starts_with('0') && digits[1..].starts_with(|c: char| c.is_ascii_digit()));
    matches!(word, "true" | "false" | "null") || (number && starts_well)
}
