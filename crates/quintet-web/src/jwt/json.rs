//! The JSON of tokens: objects without two members of one name, written as the reference writes them.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::Error;

/// An object of JSON; the same name twice, at any depth, is none.
pub(super) fn object(bytes: &[u8], what: &'static str) -> Result<Map<String, Value>, Error> {
    serde_json::from_slice(bytes).map(|Members(object)| object).map_err(|_| Error::Malformed(what))
}

/// A member of an object. A token has a few: to look at each is quicker than to hash a name.
pub(super) fn member<'o>(object: &'o Map<String, Value>, name: &str) -> Option<&'o Value> {
    object.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// An object whose names are there once. It has room for what a token says from the beginning; what is within it has not, as
/// somebody may send thousands of empty objects.
struct Members(Map<String, Value>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, from: A) -> Result<Members, A::Error> {
        filled(Map::with_capacity(8), from).map(Members)
    }
}

/// An object with the members that come; a name twice is an error.
fn filled<'de, A: MapAccess<'de>>(mut object: Map<String, Value>, mut from: A) -> Result<Map<String, Value>, A::Error> {
    while let Some((name, Once(value))) = from.next_entry::<String, Once>()? {
        if object.insert(name, value).is_some() {
            return Err(de::Error::custom("two members of one name"));
        }
    }
    Ok(object)
}

/// A value whose objects have each name once.
struct Once(Value);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(OnceVisitor)
    }
}

struct OnceVisitor;

impl<'de> Visitor<'de> for OnceVisitor {
    type Value = Once;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Once, E> {
        Ok(Once(Value::Null))
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Once, E> {
        Ok(Once(yes.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Once, E> {
        Ok(Once(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Once, E> {
        Ok(Once(number.into()))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Once, E> {
        let number = Number::from_f64(number).ok_or_else(|| E::custom("a number that is none"))?;
        Ok(Once(Value::Number(number)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Once, E> {
        Ok(Once(text.into()))
    }

    fn visit_string<E>(self, text: String) -> Result<Once, E> {
        Ok(Once(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Once, A::Error> {
        let mut list = vec![];
        while let Some(Once(value)) = from.next_element()? {
            list.push(value);
        }
        Ok(Once(Value::Array(list)))
    }

    fn visit_map<A: MapAccess<'de>>(self, from: A) -> Result<Once, A::Error> {
        filled(Map::new(), from).map(|object| Once(Value::Object(object)))
    }
}

/// An object as text: compact, in order, everything beyond ASCII escaped.
pub(super) fn written(object: &Map<String, Value>) -> String {
    let mut text = String::with_capacity(256);
    write_object(object, &mut text);
    text
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(yes) => text.push_str(if *yes { "true" } else { "false" }),
        Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(float) => text.push_str(&quintet_core::python::float_repr(float)),
            None => text.push_str(&number.to_string()),
        },
        Value::String(string) => write_text(string, text),
        Value::Array(list) => {
            text.push('[');
            for (at, value) in list.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                write(value, text);
            }
            text.push(']');
        }
        Value::Object(object) => write_object(object, text),
    }
}

fn write_object(object: &Map<String, Value>, text: &mut String) {
    text.push('{');
    for (at, (name, value)) in object.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        write_text(name, text);
        text.push(':');
        write(value, text);
    }
    text.push('}');
}

fn write_text(string: &str, text: &mut String) {
    text.push('"');
    // Most texts have nothing that must be written otherwise.
    if string.bytes().all(|letter| matches!(letter, b' '..=b'~') && letter != b'"' && letter != b'\\') {
        text.push_str(string);
        text.push('"');
        return;
    }
    for letter in string.chars() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            ' '..='~' => text.push(letter),
            other => {
                let mut units = [0; 2];
                for unit in other.encode_utf16(&mut units) {
                    text.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    text.push('"');
}
