//! What becomes of values on their way into a statement: against the reference's fields, value by value, and the tags by
//! which texts are kept.

use quintet_core::query::{Prepare, QueryErrorKind, tag};
use quintet_core::schema::{IpProtocol, Kind, Value};
use quintet_core::sql::Dialect;
use serde_json::Value as Json;

const VECTORS: &str = include_str!("../../../../oracle/vectors/functions.json");
const ZONE: &str = "Europe/Berlin";

fn kind(class: &str) -> Kind {
    match class {
        "IntegerField" => Kind::Integer,
        "BigIntegerField" => Kind::BigInteger,
        "FloatField" => Kind::Float,
        "DecimalField" => Kind::Decimal { max_digits: Some(8), decimal_places: Some(2) },
        "BooleanField" => Kind::Boolean,
        "CharField" => Kind::Char { max_length: Some(20) },
        "DateField" => Kind::Date { auto_now: false, auto_now_add: false },
        "DateTimeField" => Kind::DateTime { auto_now: false, auto_now_add: false },
        "TimeField" => Kind::Time { auto_now: false, auto_now_add: false },
        "UUIDField" => Kind::Uuid,
        "JSONField" => Kind::Json,
        "GenericIPAddressField" => Kind::GenericIpAddress { protocol: IpProtocol::Both, unpack_ipv4: false },
        other => panic!("`{other}` is no kind"),
    }
}

fn value(tagged: &Json) -> Value {
    let (tag, value) = tagged.as_object().and_then(|object| object.iter().next()).expect("a tagged value");
    let text = value.as_str().unwrap_or_default().to_owned();
    match tag.as_str() {
        "null" => Value::Null,
        "bool" => Value::Bool(value.as_bool().expect("true or false")),
        "int" => text.parse().map_or_else(|_| Value::Decimal(text.clone()), Value::Int),
        "float" => Value::Float(text.parse().expect("a number")),
        "decimal" => Value::Decimal(text),
        "text" => Value::Text(text),
        "date" => Value::Date(text),
        "moment" => Value::DateTime(text),
        "time" => Value::Time(text),
        "uuid" => Value::Uuid(text),
        other => panic!("`{other}` is no tag"),
    }
}

/// As SQLite gets it: dates and the like are text there.
fn sent(value: &Value) -> Value {
    match value {
        Value::Bool(yes) => Value::Int((*yes).into()),
        Value::Date(text) | Value::DateTime(text) | Value::Time(text) | Value::Json(text) => Value::Text(text.clone()),
        Value::Uuid(text) => Value::Text(text.replace('-', "")),
        Value::Decimal(text) => Value::Float(text.parse().expect("a number")),
        other => other.clone(),
    }
}

fn same(found: &Value, wanted: &Value) -> bool {
    match (sent(found), sent(wanted)) {
        // A number that is none is equal to nothing, itself included.
        (Value::Float(found), Value::Float(wanted)) => found.to_bits() == wanted.to_bits() || found == wanted,
        (found, wanted) => found == wanted,
    }
}

/// What the reference's language takes and its driver refuses, a text that it reads by mistake, and addresses that are
/// nothing.
fn is_beside(class: &str, given: &Value, wanted: &Json) -> bool {
    let too_large = wanted["result"]["int"].as_str().is_some_and(|text| text.parse::<i64>().is_err());
    let is_nothing = class == "GenericIPAddressField" && matches!(given, Value::Bool(false) | Value::Int(0));
    is_nothing || too_large || (class == "TimeField" && *given == Value::Text("20240131".to_owned()))
}

#[test]
fn each_value_becomes_what_the_reference_makes_of_it() {
    let vectors: Json = serde_json::from_str(VECTORS).expect("JSON");
    let mut wrong = vec![];
    let mut count = 0;
    for row in vectors["values"].as_array().expect("a list") {
        let class = row["field"].as_str().expect("text");
        let given = value(&row["value"]);
        let found = Prepare::of(Some(&kind(class))).value(Dialect::Sqlite, ZONE, &given);
        count += 1;
        let is_same = match (&found, row.get("result")) {
            (Ok(found), Some(wanted)) => same(found, &value(wanted)),
            (found, wanted) => found.is_err() == wanted.is_none(),
        };
        if !is_same && !is_beside(class, &given, row) {
            wrong.push(format!("{class} {given:?}: {found:?}, not {row}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 800, "only {count} values were recorded");
}

#[test]
fn a_moment_is_written_in_one_way_and_one_that_never_was_is_refused() {
    let prepare = Prepare::of(Some(&kind("DateTimeField")));
    let made = |text: &str| prepare.value(Dialect::Sqlite, ZONE, &Value::DateTime(text.to_owned()));
    let moment = |text: &str| Ok(Value::Text(text.to_owned()));
    for same in ["2024-02-29 23:59:59", "0001-01-01 00:00:00.000001", "9999-12-31 23:59:59.999999"] {
        assert_eq!(made(same).map(|made| sent(&made)), moment(same));
    }
    assert_eq!(made("2024-01-31 12:00:00.000000").map(|made| sent(&made)), moment("2024-01-31 12:00:00"));
    assert_eq!(made("2024-01-31T12:00:00+02:00").map(|made| sent(&made)), moment("2024-01-31 10:00:00"));
    for never in ["2023-02-29 00:00:00", "2024-13-01 00:00:00", "0000-01-01 00:00:00", "2024-01-31 24:00:00"] {
        assert!(made(never).is_err(), "{never}");
    }
    for never in ["2024-01-31 23:60:00", "2024-01-31 23:59:60", "2024-01-3x 00:00:00", "2024-01-31 00:00:00.00000x"] {
        assert!(made(never).is_err(), "{never}");
    }
}

#[test]
fn a_value_that_does_not_fit_is_named() {
    let error = Prepare::of(Some(&Kind::Integer)).value(Dialect::Postgres, ZONE, &"x".into()).expect_err("no number");
    assert_eq!((error.kind, error.message.as_str()), (QueryErrorKind::Value, "expected a whole number, not `x`"));
}

#[test]
fn a_zero_character_is_refused_where_postgres_would_refuse_it() {
    let text = Value::Text("a\0b".to_owned());
    let prepare = Prepare::of(Some(&kind("CharField")));
    assert!(prepare.value(Dialect::Postgres, ZONE, &text).is_err());
    assert_eq!(prepare.value(Dialect::Sqlite, ZONE, &text), Ok(text));
}

fn tag_of(value: &Value) -> Vec<u8> {
    let mut out = vec![];
    tag(value, &mut out);
    out
}

#[test]
fn numbers_between_the_same_limits_share_a_tag_and_others_do_not() {
    let edges = [
        i64::MIN,
        -2_147_483_649,
        -2_147_483_648,
        -32_769,
        -32_768,
        -1,
        0,
        32_767,
        32_768,
        2_147_483_647,
        2_147_483_648,
        i64::MAX,
    ];
    let tags: Vec<_> = edges.iter().map(|number| tag_of(&Value::Int(*number))).collect();
    let same: Vec<bool> = tags.windows(2).map(|pair| pair[0] == pair[1]).collect();
    assert_eq!(same, [true, false, true, false, true, false, true, false, true, false, true]);
    assert_eq!(tag_of(&"7".into()), tag_of(&"8".into()));
    assert_ne!(tag_of(&"7".into()), tag_of(&"99999999999999999999".into()));
    assert_ne!(tag_of(&Value::Float(32_767.5)), tag_of(&Value::Float(32_766.5)));
}

#[test]
fn a_text_that_depends_on_a_value_has_it_in_its_tag() {
    assert_ne!(tag_of(&Value::Bool(true)), tag_of(&Value::Bool(false)));
    assert_ne!(tag_of(&Value::Json("true".to_owned())), tag_of(&Value::Json("1".to_owned())));
    assert_ne!(tag_of(&Value::List(vec![Value::Null, 1.into()])), tag_of(&Value::List(vec![2.into(), 1.into()])));
    assert_ne!(tag_of(&Value::List(vec![1.into()])), tag_of(&Value::List(vec![2.into(), 1.into()])));
    assert_eq!(tag_of(&"a".into()), tag_of(&"b".into()));
}
