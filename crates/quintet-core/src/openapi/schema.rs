//! Schemas as JSON, by the few words that they are made of.

use crate::json::{Json, Object};

/// Of a type: `typed("string")`.
pub fn typed(name: &str) -> Object {
    Object::new().with("type", name)
}

/// Of a type with a format: `date-time`.
pub(super) fn formatted(name: &str, format: &str) -> Object {
    typed(name).with("format", format)
}

/// What a component says.
pub fn reference(name: &str) -> Object {
    Object::new().with("$ref", format!("{PLACE}{name}"))
}

/// Where components stand.
pub(super) const PLACE: &str = "#/components/schemas/";

/// Several of a kind.
pub fn array(items: impl Into<Json>) -> Object {
    typed("array").with("items", items)
}

/// One of several.
pub fn any_of(schemas: Vec<Object>) -> Object {
    Object::new().with("anyOf", schemas)
}

/// The same, or `null`.
pub fn nullable(schema: Object) -> Object {
    match schema.get("type") {
        // An enum names all of its values, so that a type of `null` would not be enough.
        Some(Json::Text(name)) if schema.get("enum").is_none() => {
            let both = vec![Json::from(name.as_str()), Json::from("null")];
            let mut schema = schema.clone();
            schema.insert("type", Json::List(both));
            schema
        }
        Some(Json::List(_)) => schema,
        _ if schema.is_empty() => schema,
        _ => match schema.get("anyOf") {
            Some(Json::List(members)) if schema.len() == 1 => {
                let mut members = members.clone();
                members.push(Json::Object(typed("null")));
                Object::new().with("anyOf", members)
            }
            _ => any_of(vec![schema, typed("null")]),
        },
    }
}

/// All members of another one besides its own.
pub(super) fn merged(mut schema: Object, more: Object) -> Object {
    for (name, value) in more {
        schema.insert(name, value);
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(schema: Object) -> String {
        let mut out = vec![];
        crate::json::write(&Json::Object(schema), &crate::json::Style::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_may_be_null_says_so_by_its_type_or_beside_it() {
        assert_eq!(text(nullable(typed("string"))), r#"{"type":["string","null"]}"#);
        let own = r##"{"anyOf":[{"$ref":"#/components/schemas/Note"},{"type":"null"}]}"##;
        assert_eq!(text(nullable(reference("Note"))), own);
        let both = any_of(vec![reference("A"), reference("B")]);
        assert!(text(nullable(both)).ends_with(r#"{"type":"null"}]}"#));
        assert_eq!(text(nullable(Object::new())), "{}");
        let chosen = typed("string").with("enum", vec!["a"]);
        assert_eq!(text(nullable(chosen)), r#"{"anyOf":[{"type":"string","enum":["a"]},{"type":"null"}]}"#);
    }
}
