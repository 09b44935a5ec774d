//! What a client sends of an article, checked field by field, with the words that the serializer has.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// What was sent; nothing where the field is absent, which is not null.
#[derive(Debug, Deserialize)]
pub(crate) struct Sent {
    #[serde(default, deserialize_with = "there")]
    title: Option<Value>,
    #[serde(default, deserialize_with = "there")]
    slug: Option<Value>,
    #[serde(default, deserialize_with = "there")]
    body: Option<Value>,
    #[serde(default, deserialize_with = "there")]
    views: Option<Value>,
    #[serde(default, deserialize_with = "there")]
    published: Option<Value>,
    #[serde(default, deserialize_with = "there")]
    category: Option<Value>,
}

fn there<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(value).map(Some)
}

/// What is good of it.
#[derive(Debug, Default)]
pub(crate) struct Good {
    pub(crate) title: Option<String>,
    pub(crate) slug: Option<String>,
    pub(crate) body: Option<String>,
    pub(crate) views: Option<i32>,
    pub(crate) published: Option<bool>,
    pub(crate) category: Option<i64>,
}

/// Messages by field, in the order of the fields.
#[derive(Debug, Default)]
pub(crate) struct Problems([Vec<String>; 6]);

const FIELDS: [&str; 6] = ["title", "slug", "body", "views", "published", "category"];
const TITLE: usize = 0;
const SLUG: usize = 1;
const BODY: usize = 2;
const VIEWS: usize = 3;
const PUBLISHED: usize = 4;
const CATEGORY: usize = 5;

impl Problems {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    /// As a client reads them.
    pub(crate) fn into_json(self) -> Value {
        let told = FIELDS.iter().zip(self.0).filter(|(_, messages)| !messages.is_empty());
        Value::Object(told.map(|(name, messages)| ((*name).to_owned(), messages.into())).collect())
    }

    /// Whether the slug may be looked for.
    pub(crate) fn has_good_slug(&self) -> bool {
        self.0[SLUG].is_empty()
    }

    pub(crate) fn no_category(&mut self, key: i64) {
        self.0[CATEGORY].push(format!("Invalid pk \"{key}\" - object does not exist."));
    }

    pub(crate) fn slug_taken(&mut self) {
        self.0[SLUG].push("article with this slug already exists.".to_owned());
    }

    fn add(&mut self, field: usize, message: &str) {
        self.0[field].push(message.to_owned());
    }
}

/// Checks what needs no database.
pub(crate) fn checked(sent: Sent, is_partial: bool) -> (Good, Problems) {
    let mut problems = Problems::default();
    let title = text(sent.title, TITLE, Some(100), is_partial, &mut problems);
    let slug = text(sent.slug, SLUG, Some(60), is_partial, &mut problems);
    if slug.as_deref().is_some_and(|slug| !is_slug(slug)) {
        problems.add(SLUG, "Enter a valid \"slug\" consisting of letters, numbers, underscores or hyphens.");
    }
    let body = text(sent.body, BODY, None, is_partial, &mut problems);
    let views = sent.views.and_then(|value| views(&value, &mut problems));
    let published = sent.published.and_then(|value| published(&value, &mut problems));
    let category = category(sent.category, is_partial, &mut problems);
    (Good { title, slug, body, views, published, category }, problems)
}

fn text(
    value: Option<Value>,
    field: usize,
    longest: Option<usize>,
    is_partial: bool,
    problems: &mut Problems,
) -> Option<String> {
    let text = match value {
        Some(Value::String(text)) => text,
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Null) => {
            problems.add(field, "This field may not be null.");
            return None;
        }
        Some(_) => {
            problems.add(field, "Not a valid string.");
            return None;
        }
        None => {
            if !is_partial {
                problems.add(field, "This field is required.");
            }
            return None;
        }
    };
    let trimmed = text.trim();
    let text = if trimmed.len() == text.len() { text } else { trimmed.to_owned() };
    if text.is_empty() {
        problems.add(field, "This field may not be blank.");
        return None;
    }
    if text.contains('\0') {
        problems.add(field, "Null characters are not allowed.");
    }
    if let Some(most) = longest
        && text.len() > most
        && text.chars().count() > most
    {
        problems.0[field].push(format!("Ensure this field has no more than {most} characters."));
    }
    Some(text)
}

fn is_slug(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn views(value: &Value, problems: &mut Problems) -> Option<i32> {
    let number = match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null => {
            problems.add(VIEWS, "This field may not be null.");
            return None;
        }
        _ => None,
    };
    let Some(number) = number else {
        problems.add(VIEWS, "A valid integer is required.");
        return None;
    };
    if number > i64::from(i32::MAX) {
        problems.add(VIEWS, "Ensure this value is less than or equal to 2147483647.");
    }
    if number < i64::from(i32::MIN) {
        problems.add(VIEWS, "Ensure this value is greater than or equal to -2147483648.");
    }
    i32::try_from(number).ok()
}

fn published(value: &Value, problems: &mut Problems) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) if matches!(text.as_str(), "true" | "True" | "1") => Some(true),
        Value::String(text) if matches!(text.as_str(), "false" | "False" | "0") => Some(false),
        Value::Null => {
            problems.add(PUBLISHED, "This field may not be null.");
            None
        }
        _ => {
            problems.add(PUBLISHED, "Must be a valid boolean.");
            None
        }
    }
}

fn category(value: Option<Value>, is_partial: bool, problems: &mut Problems) -> Option<i64> {
    match value {
        Some(Value::Number(number)) if number.is_i64() => number.as_i64(),
        Some(Value::String(text)) if text.parse::<i64>().is_ok() => text.parse().ok(),
        Some(Value::Null) => {
            problems.add(CATEGORY, "This field may not be null.");
            None
        }
        Some(other) => {
            let kind = match other {
                Value::Bool(_) => "bool",
                Value::String(_) => "str",
                Value::Array(_) => "list",
                Value::Object(_) => "dict",
                _ => "float",
            };
            problems.0[CATEGORY].push(format!("Incorrect type. Expected pk value, received {kind}."));
            None
        }
        None => {
            if !is_partial {
                problems.add(CATEGORY, "This field is required.");
            }
            None
        }
    }
}
