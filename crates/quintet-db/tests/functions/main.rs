//! The functions that our SQLite has beside its own, against those of the reference, call by call.

mod both;

use std::path::Path;

use quintet_core::database_url::DatabaseUrl;
use quintet_core::schema::Value;
use quintet_db::{Database, Db};
use serde_json::Value as Json;

const VECTORS: &str = include_str!("../../../../oracle/vectors/functions.json");

/// Calls that the reference answers with an error of its language, and we with a value: a date where it wants a moment, a
/// text without seconds, and too few numbers.
const LENIENT: &[&str] = &[
    "django_date_trunc",
    "django_datetime_cast_date",
    "django_datetime_cast_time",
    "django_datetime_extract",
    "django_datetime_trunc",
    "django_time_trunc",
    "django_time_extract",
    "COT",
    "REGEXP",
];

#[tokio::test]
async fn each_call_gives_what_the_reference_gives() {
    let url = DatabaseUrl::parse("DATABASE_URL", "sqlite::memory:").expect("a URL");
    let db = Database::connect(&url, Path::new("."));
    let db = Db::from(&db);
    let vectors: Json = serde_json::from_str(VECTORS).expect("JSON");
    let mut wrong = vec![];
    let mut count = 0;
    for call in vectors["functions"].as_array().expect("a list") {
        let sql = numbered(call["sql"].as_str().expect("text"));
        let params: Vec<Value> = call["params"].as_array().expect("a list").iter().map(value).collect();
        let found = db.query(&sql, &params).await.map(|rows| rows[0].values()[0].clone());
        let found = found.map_err(|error| error.to_string());
        count += 1;
        let is_same = match (&found, call.get("result")) {
            (Ok(found), Some(wanted)) => equal(found, &value(wanted)),
            (Ok(_), None) => LENIENT.iter().any(|name| sql.contains(name)),
            (Err(_), Some(_)) => false,
            (Err(_), None) => true,
        };
        if !is_same {
            wrong.push(format!("{sql} {params:?}: {found:?}, not {call}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
    assert!(count > 5_000, "only {count} calls were recorded");
}

/// `?` as `$1` and so on.
fn numbered(sql: &str) -> String {
    let mut parts = sql.split('?');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for (number, part) in parts.enumerate() {
        out.push_str(&format!("${}{part}", number + 1));
    }
    out
}

fn value(tagged: &Json) -> Value {
    let (tag, value) = tagged.as_object().and_then(|object| object.iter().next()).expect("a tagged value");
    let text = value.as_str().unwrap_or_default();
    match tag.as_str() {
        "null" => Value::Null,
        "bool" => Value::Int(i64::from(value.as_bool().expect("true or false"))),
        "int" => Value::Int(text.parse().expect("a number")),
        "float" => Value::Float(text.parse().expect("a number")),
        "text" => Value::Text(text.to_owned()),
        other => panic!("`{other}` is no tag"),
    }
}

/// Numbers may differ in their last digit: sums and roots are computed in another order.
fn equal(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Float(found), Value::Float(wanted)) => {
            found == wanted || (found - wanted).abs() <= wanted.abs() * 4.0 * f64::EPSILON
        }
        // Its language gives a whole number where a variance is one.
        (Value::Float(found), Value::Int(wanted)) => *found == *wanted as f64,
        (found, wanted) => found == wanted,
    }
}
