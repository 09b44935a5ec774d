//! Whether a value of ours is the one that the reference gave: the same type, the same text.

use quintet_core::schema::Value;
use serde_json::{Value as Json, json};

/// A value of ours as the recorder writes it. A document's scalars are plain, as the reference gives them.
pub(crate) fn written(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(yes) => json!(yes),
        Value::Int(number) => json!(number),
        Value::Float(number) if number.is_finite() => json!(number),
        Value::Float(number) => json!({ "$float": number.to_string() }),
        Value::Decimal(text) => json!({ "$decimal": text }),
        Value::Text(text) => json!(text),
        Value::Bytes(bytes) => json!({ "$bytes": bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>() }),
        Value::Date(text) => json!({ "$date": text }),
        Value::DateTime(text) => json!({ "$datetime": text }),
        Value::Time(text) => json!({ "$time": text }),
        Value::Duration(number) => json!({ "$duration": number }),
        Value::Uuid(text) => json!({ "$uuid": text }),
        Value::Json(text) => match serde_json::from_str::<Json>(text) {
            Ok(Json::Array(_) | Json::Object(_)) => json!({ "$json": text }),
            Ok(scalar) => scalar,
            Err(error) => json!({ "$bad": format!("{error}: {text}") }),
        },
        Value::List(values) => json!({ "$key": values.iter().map(written).collect::<Vec<_>>() }),
    }
}

/// Whether two written values are one. Documents are compared by what they say; floating-point numbers may differ in
/// the last digits, because two libraries computed them.
pub(crate) fn same(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Number(left), Json::Number(right)) if left.is_f64() && right.is_f64() => {
            near(left.as_f64(), right.as_f64())
        }
        (Json::Array(left), Json::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Json::Object(left), Json::Object(right)) => match (document(left), document(right)) {
            (Some(left), Some(right)) => left == right,
            // A list of values is recorded as a document.
            (Some(document), None) => right.get("$key") == Some(&document),
            _ => {
                left.len() == right.len()
                    && left.iter().all(|(key, left)| right.get(key).is_some_and(|right| same(left, right)))
            }
        },
        _ => left == right,
    }
}

/// Rows that are a set, in an order of their own: by their text, as documents and numbers may be written in two ways.
pub(crate) fn sorted(mut rows: Vec<Json>) -> Vec<Json> {
    rows.sort_by_cached_key(ToString::to_string);
    rows
}

fn near(left: Option<f64>, right: Option<f64>) -> bool {
    let (Some(left), Some(right)) = (left, right) else { return false };
    left == right || ((left - right) / left).abs() < 1e-12
}

fn document(it: &serde_json::Map<String, Json>) -> Option<Json> {
    it.get("$json").and_then(Json::as_str).and_then(|text| serde_json::from_str(text).ok())
}
