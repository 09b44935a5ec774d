//! What a refusal says, as schemas: what is wrong with the fields of a serializer, and the one text of other refusals.

use super::components::Components;
use super::field::Direction;
use super::schema::{any_of, array, reference, typed};
use super::serializer::Serializer;
use crate::json::{Json, Object};
use crate::rest::Kind;

/// The name of what refusals without fields say.
const DETAIL: &str = "ErrorDetail";

impl Components {
    /// What a refusal says that is not about fields: `{"detail": ".."}`.
    pub fn detail(&mut self) -> Object {
        if !self.has(DETAIL) {
            let detail = typed("string").with("description", "What is wrong, in words.");
            let code = typed("string").with("description", "What is wrong, for programs.");
            let schema = typed("object")
                .with("description", "Why a request was refused.")
                .with("properties", Object::new().with("detail", detail).with("code", code))
                .with("required", vec!["detail"]);
            self.put(DETAIL, schema);
        }
        reference(DETAIL)
    }

    /// What is wrong with the data of a serializer: texts by field.
    pub fn errors(&mut self, serializer: &Serializer) -> Object {
        let base = self.name_of(serializer, Direction::Write);
        let name = format!("{}Errors", base.strip_suffix("Request").unwrap_or(&base));
        let texts = array(typed("string"));
        if self.has(&name) {
            return reference(&name);
        }
        // A serializer within itself has no end; its errors refer to themselves.
        self.put(&name, Object::new());
        let mut properties = Object::new();
        for member in &serializer.members {
            let field = &member.field;
            if field.read_only || matches!(field.kind, Kind::Hidden) {
                continue;
            }
            let wrong = match (&member.inner, &field.kind) {
                (Some(inner), Kind::Nested(nested)) if !nested.many => any_of(vec![self.errors(inner), texts.clone()]),
                // By the number of the member, or a place for each of them.
                (Some(inner), _) => {
                    let one = self.errors(inner);
                    let of_number = any_of(vec![one.clone(), texts.clone()]);
                    let by_number = typed("object").with("additionalProperties", of_number);
                    any_of(vec![by_number, array(one), texts.clone()])
                }
                (None, Kind::List(_) | Kind::Dict(_) | Kind::HStore(_) | Kind::Related(_)) => {
                    any_of(vec![texts.clone(), typed("object").with("additionalProperties", Object::new())])
                }
                _ => texts.clone(),
            };
            properties.insert(field.name.as_ref(), wrong);
        }
        let own = self.non_field_errors().to_owned();
        properties.insert(own.as_str(), texts);
        let description = "What is wrong, by field; whatever belongs to none stands by its own name.";
        let schema = typed("object").with("description", description).with("properties", properties);
        self.put(&name, schema);
        reference(&name)
    }

    /// The body of a 400 to data of a serializer, or to a list of them.
    pub fn refused_data(&mut self, serializer: &Serializer, many: bool) -> Json {
        let errors = self.errors(serializer);
        let mut all = vec![errors.clone(), self.detail(), array(typed("string"))];
        if many {
            all.insert(0, array(errors));
        }
        Json::Object(any_of(all))
    }

    /// The body of a 400 about which nothing is known but that it is one.
    pub fn refused(&mut self) -> Json {
        let by_name = typed("object").with("additionalProperties", Object::new());
        Json::Object(any_of(vec![self.detail(), array(Object::new()), by_name]))
    }
}
