//! What a test sends: a value in the default format, JSON, a form, a form with files, or bytes.

use bytes::Bytes;
use serde_json::Value;

/// What separates the parts of a form with files.
const BOUNDARY: &str = "BoUnDaRyStRiNg";

/// The body of a request.
#[derive(Clone, Debug, Default)]
pub struct TestData(Kind);

#[derive(Clone, Debug, Default)]
enum Kind {
    #[default]
    Nothing,
    /// To be written in the default format.
    Plain(Value),
    Json(Value),
    Form(Vec<(String, String)>),
    Multipart(Vec<Part>),
    Bytes(Option<String>, Bytes),
}

#[derive(Clone, Debug)]
struct Part {
    name: String,
    file: Option<(String, String)>,
    body: Bytes,
}

impl TestData {
    /// A value as JSON, whatever the default format is.
    pub fn json(value: &Value) -> Self {
        Self(Kind::Json(value.clone()))
    }

    /// A form as a browser sends it: names and values, a name as often as it has values.
    pub fn form<N: Into<String>, V: Into<String>>(fields: impl IntoIterator<Item = (N, V)>) -> Self {
        Self(Kind::Form(fields.into_iter().map(|(name, value)| (name.into(), value.into())).collect()))
    }

    /// The same in parts, to which files can be added.
    pub fn multipart<N: Into<String>, V: Into<String>>(fields: impl IntoIterator<Item = (N, V)>) -> Self {
        let part = |(name, value): (N, V)| {
            let text: String = value.into();
            Part { name: name.into(), file: None, body: text.into() }
        };
        Self(Kind::Multipart(fields.into_iter().map(part).collect()))
    }

    /// The same with a file; its media type is that of its name.
    ///
    /// # Panics
    /// Where this is no form in parts.
    #[must_use]
    #[track_caller]
    pub fn file(self, name: &str, file_name: &str, content: impl Into<Bytes>) -> Self {
        let media_type = quintet_web::http::content_type_of(file_name);
        self.file_of_type(name, file_name, media_type.as_deref().unwrap_or("application/octet-stream"), content)
    }

    /// The same with a file of another media type than its name says.
    ///
    /// # Panics
    /// As [`TestData::file`].
    #[must_use]
    #[track_caller]
    pub fn file_of_type(self, name: &str, file_name: &str, media_type: &str, content: impl Into<Bytes>) -> Self {
        let Kind::Multipart(mut parts) = self.0 else {
            panic!("only a form in parts has files\nhint: begin with `TestData::multipart`");
        };
        let file = Some((file_name.to_owned(), media_type.to_owned()));
        parts.push(Part { name: name.to_owned(), file, body: content.into() });
        Self(Kind::Multipart(parts))
    }

    /// Bytes of a media type.
    pub fn bytes(media_type: &str, content: impl Into<Bytes>) -> Self {
        Self(Kind::Bytes(Some(media_type.to_owned()), content.into()))
    }

    /// Bytes of which nothing is said.
    pub(super) fn bare(content: Bytes) -> Self {
        Self(Kind::Bytes(None, content))
    }

    /// The media type and the bytes; or why there are none.
    pub(super) fn written(&self, default_format: &str) -> Result<(Option<String>, Bytes), String> {
        let json = |value: &Value| (Some("application/json".to_owned()), Bytes::from(value.to_string()));
        Ok(match &self.0 {
            Kind::Nothing => (None, Bytes::new()),
            Kind::Json(value) => json(value),
            Kind::Plain(value) => match default_format {
                "json" => json(value),
                "multipart" => multipart(&parts_of(value)?),
                other => {
                    return Err(format!(
                        "`rest_framework.test_request_default_format` is `{other}`\nhint: write `json` or `multipart`"
                    ));
                }
            },
            Kind::Form(fields) => (Some("application/x-www-form-urlencoded".to_owned()), urlencoded(fields).into()),
            Kind::Multipart(parts) => multipart(parts),
            Kind::Bytes(media_type, bytes) => (media_type.clone(), bytes.clone()),
        })
    }
}

/// No body.
impl From<()> for TestData {
    fn from((): ()) -> Self {
        Self::default()
    }
}

impl From<Value> for TestData {
    fn from(value: Value) -> Self {
        Self(Kind::Plain(value))
    }
}

impl From<&Value> for TestData {
    fn from(value: &Value) -> Self {
        Self(Kind::Plain(value.clone()))
    }
}

/// Names and values as a query or a form has them.
pub(super) fn urlencoded(fields: &[(String, String)]) -> String {
    let pairs = fields.iter().map(|(name, value)| format!("{}={}", quoted(name), quoted(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b' ' => quoted.push('+'),
            byte if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) => quoted.push(char::from(byte)),
            byte => quoted.push_str(&format!("%{byte:02X}")),
        }
    }
    quoted
}

/// An object's members as fields of a form; each value of a list is a field.
fn parts_of(value: &Value) -> Result<Vec<Part>, String> {
    let hint = "hint: send it as JSON: `.json(&value)`, or `rest_framework.test_request_default_format: \"json\"`";
    let Value::Object(members) = value else {
        return Err(format!("a form has fields, and `{value}` has none\n{hint}"));
    };
    let mut parts = vec![];
    for (name, value) in members {
        let values = if let Value::Array(list) = value { list.iter().collect() } else { vec![value] };
        for value in values {
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Bool(yes) => (if *yes { "True" } else { "False" }).to_owned(),
                Value::Number(number) => number.to_string(),
                Value::Null | Value::Array(_) | Value::Object(_) => {
                    return Err(format!("a form's field is a text, and `{name}` is `{value}`\n{hint}"));
                }
            };
            parts.push(Part { name: name.clone(), file: None, body: text.into() });
        }
    }
    Ok(parts)
}

fn multipart(parts: &[Part]) -> (Option<String>, Bytes) {
    let mut body = vec![];
    let escaped = |text: &str| text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
    for Part { name, file, body: content } in parts {
        body.extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{}\"", escaped(name)).bytes());
        if let Some((file_name, media_type)) = file {
            body.extend(format!("; filename=\"{}\"\r\nContent-Type: {media_type}", escaped(file_name)).bytes());
        }
        body.extend(b"\r\n\r\n");
        body.extend(content);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    (Some(format!("multipart/form-data; boundary={BOUNDARY}")), body.into())
}
