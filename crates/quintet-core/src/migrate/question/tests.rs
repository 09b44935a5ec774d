//! Values that people type, and conversations that no scenario has.

use super::{AboutField, Answer, Dialogue, Question, Said, parse_default};
use crate::schema::words::*;
use crate::schema::{Field, Function, Initial, OnDelete, Value};

fn read(text: &str, field: &Field) -> Result<Value, String> {
    match parse_default(text, field, &[])? {
        Initial::Value(value) => Ok(value),
        Initial::Function(function) => Err(function.path),
    }
}

#[test]
fn literals_become_values_of_the_field() {
    let cases: Vec<(&str, Field, Value)> = vec![
        ("7", integer(), Value::Int(7)),
        ("-1_000", big_integer(), Value::Int(-1000)),
        ("7", float(), Value::Float(7.0)),
        ("-1.5e3", float(), Value::Float(-1500.0)),
        ("10.50", decimal(5, 2), Value::Decimal("10.5".to_owned())),
        ("decimal(\"10.50\")", decimal(5, 2), Value::Decimal("10.50".to_owned())),
        ("true", boolean(), Value::Bool(true)),
        ("\"a \\\"b\\\"\\n\\u{e9}\"", text(), Value::Text("a \"b\"\n\u{e9}".to_owned())),
        ("b\"ab\"", binary(), Value::Bytes(b"ab".to_vec())),
        ("date(2024, 2, 29)", date(), Value::Date("2024-02-29".to_owned())),
        ("time(9, 5)", time(), Value::Time("09:05:00".to_owned())),
        ("datetime(2024, 1, 31, 12, 0, 1, 5)", date_time(), Value::DateTime("2024-01-31 12:00:01.000005".to_owned())),
        ("duration(1.5)", duration(), Value::Duration(1_500_000)),
        (
            "uuid(\"0123456789ABCDEF0123456789abcdef\")",
            uuid(),
            Value::Uuid("01234567-89ab-cdef-0123-456789abcdef".to_owned()),
        ),
        ("json(\"{\\\"a\\\": [1, null]}\")", json(), Value::Json("{\"a\": [1, null]}".to_owned())),
        ("1", foreign_key("lab.Tag", OnDelete::Cascade), Value::Int(1)),
    ];
    for (typed, field, value) in cases {
        assert_eq!(read(typed, &field), Ok(value), "{typed}");
    }
}

#[test]
fn what_the_column_cannot_hold_is_refused() {
    let cases: Vec<(&str, Field)> = vec![
        ("None", integer()),
        ("\"7\"", integer()),
        ("40000", small_integer()),
        ("-1", positive_integer()),
        ("99999999999999999999", big_integer()),
        ("7", char(10)),
        ("\"abc\"", char(2)),
        ("1", boolean()),
        ("date(2023, 2, 29)", date()),
        ("date(2024)", date()),
        ("time(24, 0)", time()),
        ("date(2024, 1, 1)", date_time()),
        ("json(\"{a}\")", json()),
        ("json(\"01\")", json()),
        ("uuid(\"12\")", uuid()),
        ("inf", float()),
        ("\"open", text()),
        ("date(2024, 1, 1", date()),
        ("1 2", integer()),
        ("words", text()),
        ("fetch()", text()),
        ("", text()),
    ];
    for (typed, field) in cases {
        assert!(read(typed, &field).is_err(), "{typed}: {:?}", read(typed, &field));
    }
}

#[test]
fn a_function_is_named_with_or_without_its_call() {
    let functions = [("now()", Function::new("quintet::now", || "2024-01-31"))];
    for typed in ["now()", " now "] {
        let made = parse_default(typed, &date_time(), &functions);
        assert!(matches!(made, Ok(Initial::Function(function)) if function.path == "quintet::now"), "{typed}");
    }
}

#[test]
fn yes_or_no_is_asked_until_it_is_one() {
    let question =
        Question::RenameModel { app: "lab".to_owned(), old_name: "Note".to_owned(), new_name: "Memo".to_owned() };
    let (mut dialogue, first) = Dialogue::begin(&question, &[]);
    assert_eq!(first, "Was the model lab.Note renamed to Memo? [y/N] ");
    let again = Said::More("Please answer yes or no: ".to_owned());
    assert_eq!(dialogue.hear("what"), again);
    assert_eq!(dialogue.hear(""), again);
    assert_eq!(dialogue.hear("Yes"), Said::Answer(Answer::Yes));
}

#[test]
fn a_warning_can_be_passed_or_end_the_run() {
    let question =
        Question::UniqueFunction { app: "lab".to_owned(), model: "note".to_owned(), name: "code".to_owned() };
    let begin = || Dialogue::begin(&question, &[]).0;
    assert_eq!(begin().hear("1"), Said::Answer(Answer::GoOn));
    assert_eq!(begin().hear("2"), Said::Leave(3));
    assert_eq!(begin().hear("3"), Said::More("Please select a valid option: ".to_owned()));
}

#[test]
fn without_functions_an_empty_line_stands_for_nothing() {
    let field = date_time().auto_now_add();
    let question = Question::AddAutoNowAdd(AboutField::new(("lab", "note", "made"), &field));
    let (mut dialogue, _) = Dialogue::begin(&question, &[]);
    assert!(matches!(dialogue.hear("1"), Said::More(text) if text.ends_with("\n>>> ")));
    assert!(matches!(dialogue.hear(""), Said::More(text) if text.starts_with("Please enter some code")));
    assert_eq!(dialogue.hear("exit"), Said::Leave(1));
}
