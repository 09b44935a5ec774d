//! JSON as YAML: the same tree in lines that people read, always in the same bytes.
//!
//! Texts that another reader could take for something else stand in quotes, as JSON has them; every YAML 1.1 and 1.2
//! reader gives back the same tree.

use crate::json::{self, Json, Object, Style};

/// The text, with a line's end behind it.
pub fn yaml(value: &Json) -> String {
    let mut out = String::new();
    match value {
        Json::Object(object) if !object.is_empty() => members(object, 0, &mut out),
        Json::List(items) if !items.is_empty() => list(items, 0, &mut out),
        other => {
            out.push_str(&flow(other));
            out.push('\n');
        }
    }
    out
}

fn members(object: &Object, depth: usize, out: &mut String) {
    for (name, value) in object.iter() {
        indent(depth, out);
        member(name, value, depth, out);
    }
}

fn member(name: &str, value: &Json, depth: usize, out: &mut String) {
    out.push_str(&scalar(name));
    out.push(':');
    match value {
        Json::Object(object) if !object.is_empty() => {
            out.push('\n');
            members(object, depth + 1, out);
        }
        // Dashes stand below the name.
        other => behind(other, depth, depth + 1, out),
    }
}

fn list(items: &[Json], depth: usize, out: &mut String) {
    for item in items {
        indent(depth, out);
        out.push('-');
        match item {
            Json::Object(object) if !object.is_empty() => {
                for (number, (name, value)) in object.iter().enumerate() {
                    if number == 0 {
                        out.push(' ');
                    } else {
                        indent(depth + 1, out);
                    }
                    member(name, value, depth + 1, out);
                }
            }
            other => behind(other, depth + 1, depth + 1, out),
        }
    }
}

/// What stands behind a name or a dash, and has no names itself.
fn behind(value: &Json, dashes: usize, depth: usize, out: &mut String) {
    match value {
        Json::List(items) if !items.is_empty() => {
            out.push('\n');
            list(items, dashes, out);
        }
        Json::Text(text) if is_block(text) => {
            out.push_str(" |-\n");
            lines(text, depth, out);
        }
        other => {
            out.push(' ');
            out.push_str(&flow(other));
            out.push('\n');
        }
    }
}

fn lines(text: &str, depth: usize, out: &mut String) {
    for line in text.split('\n') {
        if !line.is_empty() {
            indent(depth, out);
            out.push_str(line);
        }
        out.push('\n');
    }
}

fn indent(depth: usize, out: &mut String) {
    for _ in 0..depth {
        out.push_str("  ");
    }
}

/// Whether a text may stand in lines of its own: nothing at the ends of it and of its lines that would be lost.
fn is_block(text: &str) -> bool {
    text.contains('\n')
        && !text.starts_with([' ', '\n'])
        && !text.ends_with('\n')
        && text.split('\n').all(|line| !line.ends_with([' ', '\t']) && !line.starts_with('\t'))
        && text.chars().all(|letter| letter == '\n' || is_printable(letter))
}

fn is_printable(letter: char) -> bool {
    matches!(letter, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..)
}

/// What stands on one line.
fn flow(value: &Json) -> String {
    match value {
        Json::Text(text) => scalar(text),
        Json::Object(_) | Json::List(_) | Json::Null | Json::Bool(_) | Json::Int(_) | Json::Big(_) => as_json(value),
        // With a point where there is an exponent: without one, older readers take it for a text.
        Json::Float(_) => {
            let text = as_json(value);
            match text.find('e') {
                Some(at) if !text.contains('.') => format!("{}.0{}", &text[..at], &text[at..]),
                _ => text,
            }
        }
        Json::Surrogates(_) => as_json(value),
    }
}

fn as_json(value: &Json) -> String {
    let mut out = vec![];
    let style = Style { ascii: matches!(value, Json::Surrogates(_)), ..Style::default() };
    // What JSON cannot say, YAML readers would not agree about: it is nothing then.
    if json::write(value, &style, &mut out).is_err() {
        return "null".to_owned();
    }
    String::from_utf8(out).unwrap_or_else(|_| "null".to_owned())
}

/// A text as it is where nobody could take it for something else, or in quotes.
fn scalar(text: &str) -> String {
    let first = |letter: char| letter.is_ascii_alphabetic() || "_/(".contains(letter);
    let rest =
        |letter: char| letter.is_ascii_alphanumeric() || "_/().,;+*<>=$^\"' -".contains(letter) || letter == '\'';
    let is_plain = text.starts_with(first)
        && !text.ends_with(' ')
        && text.chars().all(|letter| rest(letter) || (!letter.is_ascii() && is_printable(letter)))
        && !is_taken(text);
    if is_plain {
        return text.to_owned();
    }
    let mut quoted = vec![];
    json::write_text(text, false, &mut quoted);
    let quoted = String::from_utf8(quoted).unwrap_or_default();
    // A few that JSON leaves as they are would end a line, or be lost.
    let mut safe = String::with_capacity(quoted.len());
    for letter in quoted.chars() {
        if letter == ' ' || is_printable(letter) {
            safe.push(letter);
        } else {
            safe.push_str(&match u32::from(letter) {
                code @ 0..=0xff => format!("\\x{code:02x}"),
                code @ 0x100..=0xffff => format!("\\u{code:04x}"),
                code => format!("\\U{code:08x}"),
            });
        }
    }
    safe
}

/// Words that mean something else than themselves to some reader.
fn is_taken(text: &str) -> bool {
    const TAKEN: [&str; 14] =
        ["null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf", "infinity", "none", "undefined"];
    TAKEN.iter().any(|taken| text.eq_ignore_ascii_case(taken))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_becomes_lines() {
        let tree = json::parse_text(
            r#"{"a": {"b": [1, {"c": "x", "d": []}, [true]], "e": {}}, "200": "no", "t": "one\n  two", "f": 1e3,
                "q": "a: b # c", "u": "\u2028", "s": " x", "n": null}"#,
        );
        let wanted = "\
a:
  b:
  - 1
  - c: x
    d: []
  -
    - true
  e: {}
\"200\": \"no\"
t: |-
  one
    two
f: 1000.0
q: \"a: b # c\"
u: \"\\u2028\"
s: \" x\"
\"n\": null
";
        assert_eq!(yaml(&tree.unwrap()), wanted);
    }
}
