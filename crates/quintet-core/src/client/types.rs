//! JSON schemas as types.

use super::{list, member, object, text};
use crate::json::{self, Json, Style};

/// How deep types are written; what is deeper is not looked at.
const DEEPEST: usize = 32;

/// The type of a schema. What stands on several lines is indented by so many steps.
pub(super) fn of(schema: &Json, indent: usize) -> String {
    written(schema, indent, DEEPEST)
}

fn written(schema: &Json, indent: usize, left: usize) -> String {
    if left == 0 || !matches!(schema, Json::Object(_)) {
        return "unknown".to_owned();
    }
    if let Some(Json::Text(place)) = member(schema, "$ref") {
        return name(place.rsplit('/').next().unwrap_or_default());
    }
    for word in ["anyOf", "oneOf"] {
        if let Some(Json::List(members)) = member(schema, word) {
            return union(members.iter().map(|one| written(one, indent, left - 1)));
        }
    }
    if let Some(Json::List(members)) = member(schema, "allOf") {
        return members.iter().map(|one| grouped(&written(one, indent, left - 1))).collect::<Vec<_>>().join(" & ");
    }
    if let Some(Json::List(values)) = member(schema, "enum") {
        return union(values.iter().map(literal));
    }
    if let Some(value) = member(schema, "const") {
        return literal(value);
    }
    match member(schema, "type") {
        Some(Json::List(types)) => union(types.iter().map(|one| typed(text(Some(one)), schema, indent, left))),
        Some(Json::Text(one)) => typed(one, schema, indent, left),
        _ if member(schema, "properties").is_some() => typed("object", schema, indent, left),
        _ => "unknown".to_owned(),
    }
}

fn typed(kind: &str, schema: &Json, indent: usize, left: usize) -> String {
    match kind {
        "string" if text(member(schema, "format")) == "binary" => "Blob".to_owned(),
        "string" => match (member(schema, "maxLength"), member(schema, "pattern")) {
            (Some(Json::Int(0)), _) => "\"\"".to_owned(),
            _ => "string".to_owned(),
        },
        "integer" | "number" => "number".to_owned(),
        "boolean" => "boolean".to_owned(),
        "null" => "null".to_owned(),
        "array" => match member(schema, "items") {
            Some(items) => format!("{}[]", grouped(&written(items, indent, left - 1))),
            None => "unknown[]".to_owned(),
        },
        "object" if member(schema, "properties").is_some() => members(schema, indent, left),
        "object" => match member(schema, "additionalProperties") {
            Some(more @ Json::Object(_)) => format!("{{ [name: string]: {} }}", written(more, indent, left - 1)),
            _ => "{ [name: string]: unknown }".to_owned(),
        },
        _ => "unknown".to_owned(),
    }
}

/// The members of an object, in braces.
pub(super) fn members(schema: &Json, indent: usize, left: usize) -> String {
    let required: Vec<&str> = list(member(schema, "required")).iter().map(|name| text(Some(name))).collect();
    let step = "  ".repeat(indent + 1);
    let mut out = "{\n".to_owned();
    for (property, of) in object(member(schema, "properties")) {
        out.push_str(&comment(&told(of), &step));
        let mark = if required.contains(&property) { "" } else { "?" };
        out.push_str(&format!("{step}{}{mark}: {};\n", key(property), written(of, indent + 1, left.saturating_sub(1))));
    }
    out.push_str(&"  ".repeat(indent));
    out.push('}');
    out
}

/// What is said of a value, for people who write code.
fn told(schema: &Json) -> String {
    let mut lines = vec![text(member(schema, "description")).to_owned()];
    if member(schema, "default").is_some_and(|default| *default != Json::Null) {
        lines.push(format!("Unless given: `{}`.", member(schema, "default").map(as_text).unwrap_or_default()));
    }
    if member(schema, "deprecated") == Some(&Json::Bool(true)) {
        lines.push("@deprecated".to_owned());
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

/// A comment before what it is about; nothing for no text.
pub(super) fn comment(text: &str, step: &str) -> String {
    // No text ends the comment that it stands in.
    let safe = text.replace("*/", "*\u{200b}/").replace(['\r', '\u{2028}', '\u{2029}'], " ");
    let safe = safe.trim();
    match safe.lines().count() {
        0 => String::new(),
        1 => format!("{step}/** {safe} */\n"),
        _ => {
            let lines = safe.lines().map(|line| format!("{step} * {line}").trim_end().to_owned() + "\n");
            format!("{step}/**\n{}{step} */\n", lines.collect::<String>())
        }
    }
}

/// Each of several types once.
fn union(types: impl Iterator<Item = String>) -> String {
    let mut all: Vec<String> = vec![];
    for one in types {
        for part in [one] {
            if !all.contains(&part) {
                all.push(part);
            }
        }
    }
    if all.iter().any(|one| one == "unknown") || all.is_empty() {
        return "unknown".to_owned();
    }
    all.join(" | ")
}

fn grouped(written: &str) -> String {
    if written.contains(" | ") || written.contains(" & ") { format!("({written})") } else { written.to_owned() }
}

/// A value as a type.
fn literal(value: &Json) -> String {
    match value {
        Json::Text(text) => quoted(text),
        Json::Null | Json::Bool(_) | Json::Int(_) | Json::Float(_) => as_text(value),
        _ => "unknown".to_owned(),
    }
}

fn as_text(value: &Json) -> String {
    let mut out = vec![];
    match json::write(value, &Style::default(), &mut out) {
        Ok(()) => String::from_utf8(out).unwrap_or_default(),
        Err(_) => String::new(),
    }
}

/// A text in quotes, as both languages read it.
pub(super) fn quoted(text: &str) -> String {
    let mut out = vec![];
    json::write_text(text, true, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// The name of a member: as it is, or in quotes.
pub(super) fn key(name: &str) -> String {
    if is_identifier(name) { name.to_owned() } else { quoted(name) }
}

fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_' || first == '$')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == '$')
}

/// Names that mean something else in what is written here.
const TAKEN: [&str; 7] = ["Blob", "Promise", "Client", "Operations", "AxiosInstance", "AxiosRequestConfig", "Refusals"];

/// The type's name of a component.
pub(super) fn name(component: &str) -> String {
    let mut name: String =
        component.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect();
    if name.is_empty() || name.starts_with(|first: char| !first.is_ascii_uppercase()) {
        name.insert_str(0, "Of_");
    }
    if TAKEN.contains(&name.as_str()) {
        name.push_str("Schema");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ts(schema: &str) -> String {
        of(&json::parse_text(schema).unwrap(), 0)
    }

    #[test]
    fn schemas_become_types() {
        for (schema, wanted) in [
            (r#"{"type": "string"}"#, "string"),
            (r#"{"type": ["string", "null"]}"#, "string | null"),
            (r##"{"anyOf": [{"$ref": "#/components/schemas/Note"}, {"type": "null"}]}"##, "Note | null"),
            (r#"{"type": "array", "items": {"enum": ["a", 1]}}"#, "(\"a\" | 1)[]"),
            (r#"{"type": "object", "additionalProperties": {"type": "integer"}}"#, "{ [name: string]: number }"),
            (r#"{"type": "object", "properties": {"a-b": {}}, "required": ["a-b"]}"#, "{\n  \"a-b\": unknown;\n}"),
            (r#"{"type": "string", "format": "binary"}"#, "Blob"),
            (r#"{"anyOf": [{"type": "string", "minLength": 3}, {"type": "string", "maxLength": 0}]}"#, "string | \"\""),
            ("{}", "unknown"),
        ] {
            assert_eq!(ts(schema), wanted, "{schema}");
        }
    }

    #[test]
    fn no_text_leaves_its_comment_or_its_quotes() {
        assert_eq!(comment("a */ alert(1) /*", ""), "/** a *\u{200b}/ alert(1) /* */\n");
        assert_eq!(quoted("\"; alert(1); \"\u{2028}"), "\"\\\"; alert(1); \\\"\\u2028\"");
        assert_eq!(name("Blob"), "BlobSchema");
        assert_eq!(name("a b"), "Of_a_b");
    }
}
