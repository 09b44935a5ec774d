//! What `OPTIONS` says of fields that no model has.

use quintet_core::json::Json;
use quintet_core::rest::{Field, Nested};
use quintet_core::schema::{Choice, Value};

use crate::recorded::{fields, read, written};

fn said(field: &Field) -> String {
    written(&field.metadata())
}

#[test]
fn metadata_of_recorded_fields_are_the_recorded_ones() {
    let recorded = fields(&read("vectors/fields.json"));
    for one in &recorded {
        assert_eq!(said(&one.field), written(&one.info), "{}", one.title);
    }
    assert!(recorded.len() > 60);
}

#[test]
fn what_is_in_a_field_is_told_after_what_it_is() {
    let field = Field::list(Field::integer().min_value(1)).named("marks").min_length(2).help_text("From 1.");
    assert_eq!(
        said(&field),
        r#"{"type":"list","required":true,"read_only":false,"label":"Marks","help_text":"From 1.","min_length":2,"child":{"type":"integer","required":true,"read_only":false,"min_value":1}}"#
    );
}

#[test]
fn choices_are_told_unless_nobody_may_choose() {
    let choices = vec![
        Choice::One(Value::Int(1), "One".to_owned()),
        Choice::Group("More".to_owned(), vec![(Value::Text("2".to_owned()), "Two".to_owned())]),
    ];
    let field = Field::choice(choices).named("how_many");
    assert_eq!(
        said(&field),
        r#"{"type":"choice","required":true,"read_only":false,"label":"How many","choices":[{"value":1,"display_name":"One"},{"value":"2","display_name":"Two"}]}"#
    );
    assert_eq!(said(&field.read_only()), r#"{"type":"choice","required":false,"read_only":true,"label":"How many"}"#);
}

#[test]
fn nested_serializers_tell_their_fields_but_the_hidden_ones() {
    let fields = vec![Field::char().named("city"), Field::hidden(Value::Int(1)).named("owner")];
    let one = Nested { fields, ..Nested::default() };
    let city = r#"{"city":{"type":"string","required":true,"read_only":false,"label":"City"}}"#;
    assert_eq!(
        said(&Field::nested(one.clone()).named("place")),
        format!(r#"{{"type":"nested object","required":true,"read_only":false,"label":"Place","children":{city}}}"#)
    );
    let many = Field::nested(Nested { many: true, ..one }).named("places");
    assert_eq!(
        said(&many),
        format!(
            r#"{{"type":"field","required":true,"read_only":false,"label":"Places","child":{{"type":"nested object","required":true,"read_only":false,"children":{city}}}}}"#
        )
    );
}

#[test]
fn a_decimal_limit_is_a_number_and_a_duration_is_text() {
    let decimal = Field::decimal(5, 2).max_value(Value::Decimal("10.50".to_owned())).metadata();
    let duration = Field::duration().min_value(Value::Duration(90_000_000)).metadata();
    let get = |json: &Json, name| crate::recorded::member(json, name).clone();
    assert_eq!(get(&decimal, "max_value"), Json::Float(10.5));
    assert_eq!(get(&duration, "min_value"), Json::from("0:01:30"));
}
