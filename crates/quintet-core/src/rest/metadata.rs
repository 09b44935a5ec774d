//! What an answer to `OPTIONS` says of a field.

use super::{Datum, Field, Kind, Limits, TextForm, rules};
use crate::json::{Json, Object};
use crate::schema::Value;

impl Field {
    /// One member of `actions`. Hidden fields have none; who lists fields leaves them out.
    pub fn metadata(&self) -> Json {
        let mut info = Object::new().with("type", self.noun()).with("required", self.required);
        info.insert("read_only", self.read_only);
        let (label, help_text) = (self.title(), self.help_text.as_deref().unwrap_or_default());
        for (name, text) in [("label", label.as_str()), ("help_text", help_text)] {
            if !text.is_empty() {
                info.insert(name, text);
            }
        }
        let (least, most) = self.lengths();
        for (name, length) in [("min_length", least), ("max_length", most)] {
            if let Some(length) = length {
                info.insert(name, length);
            }
        }
        let none = Limits::default();
        let limits = self.limits().unwrap_or(&none);
        for (name, limit) in [("min_value", &limits.min), ("max_value", &limits.max)] {
            if let Some(limit) = limit {
                info.insert(name, limit_json(limit));
            }
        }
        if let Kind::Decimal(decimals) = &self.kind {
            for (name, digits) in [("max_digits", decimals.max_digits), ("decimal_places", decimals.decimal_places)] {
                if let Some(digits) = digits {
                    info.insert(name, digits);
                }
            }
        }
        self.inner(&mut info);
        Json::Object(info)
    }

    /// What is in it: a child, children, choices.
    fn inner(&self, info: &mut Object) {
        match &self.kind {
            Kind::List(list) => info.insert("child", list.child.metadata()),
            Kind::Dict(dict) | Kind::HStore(dict) => info.insert("child", dict.child.metadata()),
            Kind::Nested(nested) if nested.many => {
                let mut child = Object::new().with("type", "nested object").with("required", self.required);
                child.insert("read_only", self.read_only);
                // The words for all are those for each, where they are said.
                let words = [("label", &self.label), ("help_text", &self.help_text)];
                for (name, text) in words.into_iter().filter_map(|(name, text)| Some((name, text.as_deref()?))) {
                    child.insert(name, text);
                }
                child.insert("children", children(&nested.fields));
                info.insert("child", Json::Object(child));
            }
            Kind::Nested(nested) if !nested.fields.is_empty() => info.insert("children", children(&nested.fields)),
            Kind::Choice(choices) | Kind::FilePath(choices) | Kind::MultipleChoice { choices, .. }
                if !self.read_only =>
            {
                let one = |(value, text): (&Value, &str)| {
                    Json::Object(Object::new().with("value", plain(value)).with("display_name", text))
                };
                info.insert("choices", Json::List(choices.flat().map(one).collect()));
            }
            _ => {}
        }
    }

    fn noun(&self) -> &'static str {
        match &self.kind {
            Kind::Boolean => "boolean",
            Kind::Char(text) => match text.form {
                TextForm::Any | TextForm::Ip(_) => "string",
                TextForm::Email => "email",
                TextForm::Slug { .. } => "slug",
                TextForm::Url => "url",
                TextForm::Regex(_) => "regex",
            },
            Kind::Uuid(_) => "string",
            Kind::Integer(_) => "integer",
            Kind::Float(_) => "float",
            Kind::Decimal(_) => "decimal",
            Kind::DateTime { .. } => "datetime",
            Kind::Date(_) => "date",
            Kind::Time(_) => "time",
            Kind::Duration { .. } => "duration",
            Kind::Choice(_) | Kind::FilePath(_) => "choice",
            Kind::MultipleChoice { .. } => "multiple choice",
            Kind::File(_) => "file upload",
            Kind::Image(_) => "image upload",
            Kind::List(_) => "list",
            Kind::Dict(_) | Kind::HStore(_) => "nested object",
            Kind::Nested(nested) if !nested.many => "nested object",
            _ => "field",
        }
    }

    /// The least and the most characters or values.
    fn lengths(&self) -> (Option<u32>, Option<u32>) {
        match &self.kind {
            Kind::Char(text) => (text.min_length, text.max_length),
            Kind::List(list) => (list.min_length, list.max_length),
            Kind::Nested(nested) => (nested.min_length, nested.max_length),
            Kind::File(files) | Kind::Image(files) => (None, files.max_length),
            Kind::Binary { max_length } => (None, *max_length),
            _ => (None, None),
        }
    }

    fn limits(&self) -> Option<&Limits> {
        match &self.kind {
            Kind::Integer(integers) => Some(&integers.limits),
            Kind::Decimal(decimals) => Some(&decimals.limits),
            Kind::Float(limits) | Kind::Duration { limits, .. } => Some(limits),
            _ => None,
        }
    }
}

fn children(fields: &[Field]) -> Json {
    let shown = fields.iter().filter(|field| !matches!(field.kind, Kind::Hidden));
    Json::Object(shown.map(|field| (field.name.as_ref(), field.metadata())).collect())
}

fn limit_json(limit: &Value) -> Json {
    match limit {
        Value::Duration(_) => Json::from(rules::shown(limit)),
        other => plain(other),
    }
}

/// A value as the reference's encoder writes it.
fn plain(value: &Value) -> Json {
    let field = Field::any();
    field.represent(&Datum::Value(value.clone()), &super::Context::default()).unwrap_or_default()
}
