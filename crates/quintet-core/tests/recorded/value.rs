//! Values and functions. Also how a piece of JSON is taken as what it must be.

use quintet_core::schema::{Function, Value};
use serde_json::{Map, Value as Json};

/// A value: plain JSON, or one with a tag.
pub(super) fn value(json: &Json, at: &str) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(yes) => Value::Bool(*yes),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Value::Int(whole),
            (None, Some(float)) => Value::Float(float),
            (None, None) => unknown(json, at),
        },
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(parts) => Value::List(parts.iter().map(|part| value(part, at)).collect()),
        Json::Object(_) => match tagged(json, at) {
            ("$decimal", it) => Value::Decimal(text(it, at)),
            ("$uuid", it) => Value::Uuid(text(it, at)),
            ("$datetime", it) => Value::DateTime(text(it, at)),
            ("$date", it) => Value::Date(text(it, at)),
            ("$time", it) => Value::Time(text(it, at)),
            ("$duration", it) => Value::Duration(it.as_i64().unwrap_or_else(|| unknown(json, at))),
            ("$bytes", it) => Value::Bytes(bytes(&text(it, at), at)),
            ("$json", it) => Value::Json(text(it, at)),
            _ => unknown(json, at),
        },
    }
}

/// A function: those of the reference do what theirs do, at a fixed moment; those of a scenario's models make nothing.
pub(super) fn function(path: &str) -> Function {
    let made = match path {
        "builtins.dict" => Value::Json("{}".to_owned()),
        "builtins.list" => Value::Json("[]".to_owned()),
        "django.utils.timezone.now" => Value::DateTime("2024-01-31 12:00:00".to_owned()),
        "uuid.uuid4" => Value::Uuid("00000000-0000-4000-8000-000000000001".to_owned()),
        "lab.models.one" => Value::Int(1),
        _ => Value::Null,
    };
    let path = path.to_owned();
    Function::new(path, move || made.clone())
}

/// The function that a piece of JSON names, if it names one.
pub(super) fn named_function(json: &Json, at: &str) -> Option<Function> {
    if json.get("$lambda").is_some() {
        return Some(function("lab.models.<lambda>"));
    }
    json.get("$function").map(|path| function(&text(path, at)))
}

/// The tag and the content of an object that has nothing else.
pub(super) fn tagged<'a>(json: &'a Json, at: &str) -> (&'a str, &'a Json) {
    let whole = object(json, at);
    match whole.iter().next() {
        Some((tag, it)) if whole.len() == 1 && tag.starts_with('$') => (tag.as_str(), it),
        // The only tag with company: what a setting said when it was recorded.
        _ if whole.contains_key("$setting") => ("$setting", &whole["$setting"]),
        _ => unknown(json, at),
    }
}

/// What a tag holds.
pub(super) fn content<'a>(json: &'a Json, tag: &str, at: &str) -> &'a Json {
    json.get(tag).unwrap_or_else(|| unknown(json, at))
}

/// A text.
pub(super) fn text(json: &Json, at: &str) -> String {
    json.as_str().unwrap_or_else(|| unknown(json, at)).to_owned()
}

/// A text, or nothing.
pub(super) fn optional_text(json: &Json, at: &str) -> Option<String> {
    (!json.is_null()).then(|| text(json, at))
}

/// Texts, of which there are none where nothing is said.
pub(super) fn texts(json: &Json, at: &str) -> Vec<String> {
    if json.is_null() { vec![] } else { list(json, at).iter().map(|part| text(part, at)).collect() }
}

/// A list, which may be the sorted list of a set.
pub(super) fn list<'a>(json: &'a Json, at: &str) -> &'a [Json] {
    json.get("$set").unwrap_or(json).as_array().unwrap_or_else(|| unknown(json, at))
}

/// Two things side by side.
pub(super) fn pair<'a>(json: &'a Json, at: &str) -> (&'a Json, &'a Json) {
    match list(json, at) {
        [one, two] => (one, two),
        _ => unknown(json, at),
    }
}

/// An object.
pub(super) fn object<'a>(json: &'a Json, at: &str) -> &'a Map<String, Json> {
    json.as_object().unwrap_or_else(|| unknown(json, at))
}

/// True or false.
pub(super) fn flag(json: &Json, at: &str) -> bool {
    json.as_bool().unwrap_or_else(|| unknown(json, at))
}

/// A number that is not negative.
pub(super) fn number(json: &Json, at: &str) -> u32 {
    json.as_u64().and_then(|number| number.try_into().ok()).unwrap_or_else(|| unknown(json, at))
}

/// A number, or nothing.
pub(super) fn optional_number(json: &Json, at: &str) -> Option<u32> {
    (!json.is_null()).then(|| number(json, at))
}

/// Ends with the place and the piece that has no counterpart here.
pub(super) fn unknown(json: &Json, at: &str) -> ! {
    panic!("{at}: no counterpart for `{json}`")
}

fn bytes(digits: &str, at: &str) -> Vec<u8> {
    let pairs = (0..digits.len()).step_by(2).map(|start| digits.get(start..start + 2));
    let byte = |two: Option<&str>| two.and_then(|two| u8::from_str_radix(two, 16).ok());
    pairs.map(|two| byte(two).unwrap_or_else(|| panic!("{at}: `{digits}` are not bytes"))).collect()
}
