//! Values as databases give them, written as JSON text.

use chrono_tz::Tz;
use quintet_core::json::{self, Json};
use quintet_core::rest::{Context, Datum, DurationFormat, Field, FileUrl, Format, ValueRef};
use quintet_core::schema::Value;

use crate::recorded::{list, member, read, word};

fn written(field: &Field, value: &ValueRef<'_>) -> String {
    in_context(field, value, &Context::default())
}

fn in_context(field: &Field, value: &ValueRef<'_>, context: &Context) -> String {
    let mut out = vec![];
    match field.write(value, context, &mut out) {
        Ok(()) => String::from_utf8(out).expect("text"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn durations_are_written_as_the_reference_writes_them() {
    let recording = json::parse_text(&read("vectors/conversions.json")).expect("a recording");
    let cases = list(member(&recording, "duration"));
    for case in cases {
        let Json::Int(microseconds) = member(case, "microseconds") else { panic!("{case:?}") };
        let duration = ValueRef::Duration(*microseconds);
        let [plain, iso] = ["django", "iso"].map(|name| format!("\"{}\"", word(member(case, name))));
        assert_eq!(written(&Field::duration(), &duration), plain);
        assert_eq!(written(&Field::duration().duration_format(DurationFormat::Iso8601), &duration), iso);
    }
    assert_eq!(cases.len(), 7);
}

#[test]
fn each_database_gives_the_same_text_for_the_same_value() {
    let number: u128 = 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef;
    let same = [
        (Field::boolean(), ValueRef::Bool(true), ValueRef::Int(1), "true"),
        (Field::decimal(6, 2), ValueRef::Decimal("10.50"), ValueRef::Float(10.5), "\"10.50\""),
        (Field::decimal(6, 2), ValueRef::Decimal("-0.00"), ValueRef::Text("-0.00"), "\"-0.00\""),
        (Field::date(), ValueRef::Date(19_753), ValueRef::Text("2024-01-31"), "\"2024-01-31\""),
        (Field::time(), ValueRef::Time(3_723_000_001), ValueRef::Text("01:02:03.000001"), "\"01:02:03.000001\""),
        (
            Field::datetime(),
            ValueRef::DateTime(1_706_704_496_500_000),
            ValueRef::Text("2024-01-31 12:34:56.500000"),
            "\"2024-01-31T12:34:56.500000Z\"",
        ),
        (Field::duration(), ValueRef::Duration(-1_000_000), ValueRef::Int(-1_000_000), "\"-1 23:59:59\""),
        (
            Field::uuid(),
            ValueRef::Uuid(number),
            ValueRef::Text("0123456789abcdef0123456789abcdef"),
            "\"01234567-89ab-cdef-0123-456789abcdef\"",
        ),
        (Field::json(), ValueRef::Json(r#"{"b": 1.50}"#), ValueRef::Text(r#"{"b":1.5}"#), r#"{"b":1.5}"#),
    ];
    for (field, typed, loose, text) in same {
        assert_eq!((written(&field, &typed).as_str(), written(&field, &loose).as_str()), (text, text));
    }
}

#[test]
fn a_moment_is_written_in_the_current_zone_or_the_field_s() {
    let moment = ValueRef::DateTime(1_720_000_000_000_000);
    let berlin = Context { zone: Tz::Europe__Berlin, ..Context::default() };
    assert_eq!(in_context(&Field::datetime(), &moment, &berlin), "\"2024-07-03T11:46:40+02:00\"");
    let london = Field::datetime().default_timezone(Tz::Europe__London);
    assert_eq!(in_context(&london, &moment, &berlin), "\"2024-07-03T10:46:40+01:00\"");
    let pattern = Field::datetime().format(Format::Pattern("%d.%m.%Y %H:%M %Z".to_owned()));
    assert_eq!(in_context(&pattern, &moment, &berlin), "\"03.07.2024 11:46 CEST\"");
    assert_eq!(in_context(&Field::read_only_field(), &moment, &berlin), "\"2024-07-03T09:46:40Z\"");
}

#[test]
fn values_without_a_kind_are_written_as_the_encoder_writes_them() {
    let any = Field::read_only_field();
    let texts = [
        (ValueRef::Decimal("10.50"), "10.5"),
        (ValueRef::Float(1e16), "1e+16"),
        (ValueRef::Duration(93_600_000_003), "\"93600.000003\""),
        (ValueRef::Bytes("é".as_bytes()), "\"é\""),
        (ValueRef::List(vec![ValueRef::Null, ValueRef::Text("\u{2028}\"")]), r#"[null,"\u2028\""]"#),
        (ValueRef::Date(0), "\"1970-01-01\""),
    ];
    for (value, text) in texts {
        assert_eq!(written(&any, &value), text);
    }
}

#[test]
fn a_moment_that_a_database_keeps_as_text_is_the_same_as_its_number_and_other_texts_stay() {
    let days = ["0001-01-01", "1969-12-31", "2023-02-28", "2024-02-29", "2024-12-31", "9999-12-31"];
    let times = ["00:00:00", "09:05:07.000001", "12:30:00.000000", "12:30:00.5", "12:30:00.123456", "23:59:59.999999"];
    for text in days.iter().flat_map(|day| times.map(|time| format!("{day} {time}"))) {
        let moment = chrono::NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S%.f").expect("a moment");
        let number = ValueRef::DateTime(moment.and_utc().timestamp_micros());
        assert_eq!(written(&Field::datetime(), &ValueRef::Text(&text)), written(&Field::datetime(), &number), "{text}");
    }
    let others = ["2023-02-29 12:00:00", "2024-13-01 12:00:00", "2024-00-10 12:00:00", "2024-01-00 12:00:00"];
    let wrong_times =
        ["2024-01-01 24:00:00", "2024-01-01 12:60:00", "2024-01-01x12:00:00", "2024-01-01 12:00:00,123456"];
    for text in others.into_iter().chain(wrong_times).chain(["", "2024-01-0\" 12:00:00", "äöüäöüäöüä 12:00:00"])
    {
        let mut wanted = vec![];
        json::write_text(text, false, &mut wanted);
        let wanted = if text.is_empty() { "null".to_owned() } else { String::from_utf8(wanted).expect("text") };
        assert_eq!(written(&Field::datetime(), &ValueRef::Text(text)), wanted);
    }
}

#[test]
fn what_json_does_not_have_is_not_written() {
    let field = Field::float().named("ratio");
    assert_eq!(
        written(&field, &ValueRef::Float(f64::INFINITY)),
        "the value of the field `ratio` cannot be written: `inf` is no number that JSON has"
    );
}

#[test]
fn a_file_is_its_url_where_there_is_one() {
    let context = Context { file_url: Some(FileUrl::new(|name| format!("/media/{name}"))), ..Context::default() };
    let name = ValueRef::Text("a/b.txt");
    assert_eq!(in_context(&Field::file(), &name, &context), "\"/media/a/b.txt\"");
    assert_eq!(in_context(&Field::file().use_url(false), &name, &context), "\"a/b.txt\"");
    assert_eq!(in_context(&Field::file(), &ValueRef::Text(""), &context), "null");
}

#[test]
fn a_tree_is_the_same_as_the_text() {
    let field = Field::list(Field::decimal(4, 1));
    let datum = Datum::List(vec![Datum::Value(Value::Decimal("1.5".to_owned())), Datum::NULL]);
    let tree = field.represent(&datum, &Context::default()).expect("a value");
    assert_eq!(tree, Json::List(vec![Json::from("1.5"), Json::Null]));
}

/// Plain letters are taken many at once; what is escaped is found wherever it stands.
#[test]
fn what_is_escaped_is_found_at_each_place() {
    let special = [
        ("\"", "\\\"", "\\\""),
        ("\\", "\\\\", "\\\\"),
        ("\n", "\\n", "\\n"),
        ("\0", "\\u0000", "\\u0000"),
        ("\u{1f}", "\\u001f", "\\u001f"),
        ("\u{7f}", "\u{7f}", "\\u007f"),
        ("\u{2028}", "\\u2028", "\\u2028"),
        ("€", "€", "\\u20ac"),
        ("é", "é", "\\u00e9"),
        ("😀", "😀", "\\ud83d\\ude00"),
    ];
    for (raw, plain, ascii) in special {
        for (before, after) in (0..40).flat_map(|before| [0, 1, 15, 16, 40].map(|after| (before, after))) {
            let around = |inner: &str| format!("{}{inner}{}", "a".repeat(before), "~ ".repeat(after));
            for (is_ascii, wanted) in [(false, plain), (true, ascii)] {
                let mut found = vec![];
                json::write_text(&around(raw), is_ascii, &mut found);
                assert_eq!(String::from_utf8(found).expect("text"), format!("\"{}\"", around(wanted)));
            }
        }
    }
}
