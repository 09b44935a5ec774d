//! The order in which a field asks: nothing and null, its kind, what it lists, the database, its kind's limits.

use std::borrow::Cow;
use std::sync::Arc;

use quintet_core::json::{Form, FormValue, Json, Object};
use quintet_core::rest::{
    Context, Data, Datum, DefaultValue, Field, FormData, Format, Given, Input, Outcome, OwnClass, Problem, Problems,
    Unique, Validator,
};
use quintet_core::schema::{Function, Rule, Value};

use crate::files::upload;

fn run(field: &Field, json: impl Into<Json>) -> Result<Outcome, Problems> {
    field.run(Input::Json(Cow::Owned(json.into())), &Context::default())
}

fn codes(answer: Result<Outcome, Problems>) -> Vec<String> {
    match answer {
        Err(Problems::List(problems)) => problems.iter().map(|problem| problem.code.to_string()).collect(),
        other => panic!("{other:?}"),
    }
}

fn valid(answer: Result<Outcome, Problems>) -> Datum {
    match answer {
        Ok(Outcome::Valid(datum)) => datum,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_the_database_found_stands_between_the_listed_rules_and_those_of_the_kind() {
    let unique = Validator::Unique(Unique { message: Some("taken".to_owned()), ..Unique::default() });
    let field = Field::email().max_length(3).validator(Rule::MinLength(9)).validator(unique);
    let json = Json::from("no way");
    let parsed = field.parse(Input::from(&json), &Context::default()).expect("text");
    assert_eq!(parsed.asks().iter().map(|unique| unique.message()).collect::<Vec<_>>(), ["taken"]);
    let answer = parsed.finish(vec![Problem::new("unique", "taken")]);
    assert_eq!(codes(answer), ["min_length", "unique", "max_length", "invalid"]);
}

#[test]
fn nothing_is_asked_of_the_empty_text_and_of_null() {
    let unique = Validator::Unique(Unique::default());
    let field = Field::char().allow_blank(true).allow_null().min_length(2).validator(unique);
    for json in [Json::from(""), Json::from("  "), Json::Null] {
        let parsed = field.parse(Input::from(&json), &Context::default()).expect("nothing");
        assert!(parsed.asks().is_empty() && parsed.problems().is_empty(), "{json:?}");
    }
}

#[test]
fn a_function_of_the_project_may_say_what_is_wrong_by_members() {
    let wrong = |datum: &Datum, _: &Field| match datum.value() {
        Some(Value::Int(0)) => Err(Problems::Map(vec![("zero".to_owned(), Problems::one("invalid", "none"))])),
        Some(Value::Int(1)) => Err(Problems::one("one", "one")),
        _ => Ok(()),
    };
    let field = Field::integer().min_value(2).validator(Validator::own(wrong));
    assert!(matches!(run(&field, 0), Err(Problems::Map(_))));
    assert_eq!(codes(run(&field, 1)), ["one", "min_value"]);
    assert_eq!(valid(run(&field, 2)), Datum::from(2));
}

#[test]
fn a_time_that_clocks_skip_is_shown_as_the_moment_that_it_is() {
    let context = Context { zone: "America/New_York".parse().expect("a zone"), ..Context::default() };
    let field = Field::datetime();
    let given = Json::from("2024-03-10T02:30:00");
    let moment = valid(field.run(Input::from(&given), &context));
    let shown = field.represent(&moment, &context).expect("it can be written");
    assert_eq!(shown, Json::from("2024-03-10T03:30:00-04:00"));
}

#[test]
fn a_class_of_the_project_stands_upon_a_kind() {
    let read = |datum: Datum| match datum.value() {
        Some(Value::Text(text)) if text.len() == 2 => Ok(Datum::from(text.to_uppercase())),
        _ => Err(Problems::one("two", "Two letters.")),
    };
    let shown = |datum: Datum| match datum.value() {
        Some(Value::Text(text)) => Ok(Datum::from(text.to_lowercase())),
        _ => Err("no text".to_owned()),
    };
    let field = Field::char().max_length(3).of_class(OwnClass::new(read, shown)).error_message("two", "Just two!");
    assert_eq!(valid(run(&field, "ab")), Datum::from("AB"));
    let words = |given: &str| match run(&field, given) {
        Err(problems) => problems.to_json(),
        valid => panic!("{valid:?}"),
    };
    assert_eq!(words("a"), Json::List(vec!["Just two!".into()]));
    // What the kind below refuses is not read by the class.
    assert_eq!(words("abcd"), Json::List(vec!["Ensure this field has no more than 3 characters.".into()]));
    assert_eq!(field.represent(&Datum::from("AB"), &Context::default()).expect("text"), Json::from("ab"));
    assert_eq!(field.represent(&Datum::NULL, &Context::default()).expect("null"), Json::Null);
}

#[test]
fn problems_stand_alone_in_lists_by_name_and_in_places() {
    let problems = Problems::Map(vec![
        ("why".to_owned(), Problem::new("a", "Because.").alone()),
        ("rows".to_owned(), Problems::Each(vec![Problems::Map(vec![]), Problem::from("Bad.").into()])),
    ]);
    let text = |json: Json| {
        let mut out = vec![];
        quintet_core::json::write(&json, &quintet_core::json::Style::default(), &mut out).expect("words");
        String::from_utf8(out).expect("text")
    };
    assert_eq!(text(problems.to_json()), r#"{"why":"Because.","rows":[{},["Bad."]]}"#);
    assert_eq!(text(problems.to_codes()), r#"{"why":"a","rows":[{},["invalid"]]}"#);
}

#[test]
fn a_default_is_made_each_time_and_not_where_absent_values_are_left() {
    let field = Field::integer().default(DefaultValue::Function(Function::new("seven", || 7)));
    let (whole, partial) = (Context::default(), Context { partial: true, ..Context::default() });
    assert_eq!(valid(field.run(Input::Absent, &whole)), Datum::from(7));
    assert!(matches!(field.run(Input::Absent, &partial), Ok(Outcome::Skip)));
}

#[test]
fn a_hidden_field_has_its_default_whatever_is_given() {
    let user = DefaultValue::CreateOnly(Box::new(DefaultValue::CurrentUser));
    let field = Field::hidden(user).named("owner");
    let data = Data::Json(Json::Object(Object::new().with("owner", 5)));
    let new = Context { user: Value::Int(3), ..Context::default() };
    assert_eq!(valid(field.run(field.input(&data, &new), &new)), Datum::from(3));
    let change = Context { is_update: true, ..new };
    assert!(matches!(field.run(field.input(&data, &change), &change), Ok(Outcome::Skip)));
}

#[test]
fn a_field_that_is_written_only_takes_nothing() {
    let field = Field::integer().read_only();
    assert!(matches!(run(&field, "x"), Ok(Outcome::Skip)));
}

#[test]
fn a_field_that_is_made_written_only_says_no_more_what_it_took() {
    let field = Field::char().max_length(3).validator(Rule::Slug).named("code").made_read_only();
    let said = crate::recorded::written(&field.metadata());
    assert_eq!(said, r#"{"type":"string","required":false,"read_only":true,"label":"Code"}"#);
    assert!(field.validators.is_empty());
}

#[test]
#[should_panic(expected = "the format Pattern(\"%Q\") has a directive in which nothing can be read")]
fn a_format_in_which_nothing_can_be_read_is_said_at_the_start() {
    let _ = Field::date().input_formats(vec![Format::Pattern("%Q".to_owned())]);
}

#[test]
fn in_a_relation_the_empty_text_is_nothing() {
    let field = Field::primary_key_related("shop.Category").allow_null();
    let given = field.empty(Input::from(Json::from("")), &Context::default());
    assert!(matches!(given, Ok(Given::Valid(datum)) if datum.is_null()));
    let many = Field::primary_key_related("shop.Tag").many(true);
    assert!(matches!(many.empty(Input::from(Json::from("")), &Context::default()), Ok(Given::Input(_))));
}

#[test]
fn parts_of_a_form_belong_to_nested_fields_with_their_files() {
    let text = |text: &str| FormValue::Text(text.to_owned());
    let form = Form(vec![
        ("notes[1]".to_owned(), text("b")),
        ("notes[0]".to_owned(), FormValue::File(0)),
        ("place.x".to_owned(), text("5")),
    ]);
    let files: Arc<[_]> = Arc::from([upload("a.txt", b"a")]);
    let data = Data::Form(FormData { form, files });
    let context = Context::default();
    let Input::List(items) = Field::list(Field::any()).named("notes").input(&data, &context) else { panic!("no list") };
    assert!(matches!(&items[..], [Input::File(file), Input::Json(_)] if file.name() == "a.txt"));
    let field = Field::dict(Field::integer()).named("place");
    let read = valid(field.run(field.input(&data, &context), &context));
    assert_eq!(read, Datum::Map(vec![("x".to_owned(), Datum::from(5))]));
}

#[test]
fn a_whole_number_beyond_64_bits_is_a_decimal_value() {
    let large = Json::Big("9223372036854775808".to_owned());
    assert_eq!(valid(run(&Field::integer(), large)), Datum::Value(Value::Decimal("9223372036854775808".into())));
}

#[test]
#[should_panic(expected = "a field of the kind `BooleanField` has no option `max_length`")]
fn an_option_that_a_kind_does_not_have_is_said_at_the_start() {
    let _ = Field::boolean().max_length(3);
}
