//! What the reference's language makes of thousands of generated texts, recorded in `oracle/vectors/language.json`.

use std::sync::LazyLock;

use chrono::{NaiveDateTime, NaiveTime, Timelike};
use quintet_core::json::{self, Form, FormError, FormItem, FormValue, Json, Object, Style};
use quintet_core::python::{self, Decimal, Rounding, time};
use serde_json::Value;

/// The recorded answer to what has none.
const REFUSED: &str = "!";

fn recorded(name: &str) -> &'static [Value] {
    static ALL: LazyLock<Value> = LazyLock::new(|| {
        serde_json::from_str(include_str!("../../../oracle/vectors/language.json")).expect("a recording is JSON")
    });
    ALL[name].as_array().expect("a list of cases")
}

/// Every recorded text gives the recorded result.
fn judge(name: &str, least: usize, result: impl Fn(&str) -> Value) {
    let cases = recorded(name);
    assert!(cases.len() >= least, "only {} cases of {name}", cases.len());
    let differs = |case: &&Value| result(case[0].as_str().unwrap()) != case[1];
    let different: Vec<String> = cases
        .iter()
        .filter(differs)
        .map(|case| format!("{} is {}, not {}", case[0], case[1], result(case[0].as_str().unwrap())))
        .collect();
    assert!(different.is_empty(), "{} of {}:\n{}", different.len(), cases.len(), different.join("\n"));
}

fn or_refused(text: Option<String>) -> Value {
    text.unwrap_or_else(|| REFUSED.to_owned()).into()
}

#[test]
fn json_is_read_and_refused_as_recorded() {
    let cases = recorded("json");
    let mut different = Vec::new();
    for case in cases {
        let bytes = unhexed(case[1].as_str().unwrap());
        if bytes.is_empty() || String::from_utf8_lossy(&bytes).matches('[').count() > 500 {
            continue;
        }
        let ours = match json::parse(&bytes, case[0].as_str().unwrap()) {
            Err(error) => serde_json::json!(["error", format!("JSON parse error - {error}")]),
            Ok(value) => serde_json::json!(["value", python::repr(&value), rendered(&value, &Style::default())]),
        };
        let theirs = Value::Array(case.as_array().unwrap()[2..].to_vec());
        // The reference's renderer answers nothing, not `null`, where there is no value.
        if ours != theirs && !(ours[1] == "None" && theirs[1] == "None") {
            different.push(format!("{:?}: {theirs}, not {ours}", String::from_utf8_lossy(&bytes)));
        }
    }
    assert!(different.is_empty(), "{} of {}:\n{}", different.len(), cases.len(), different.join("\n"));
    assert!(cases.len() > 2500);
}

fn rendered(value: &Json, style: &Style) -> Option<String> {
    let mut out = Vec::new();
    json::write(value, style, &mut out).ok().map(|()| String::from_utf8(out).unwrap())
}

#[test]
fn every_style_is_written_as_recorded() {
    for case in recorded("styles") {
        let value = json::parse_text(case[0].as_str().unwrap()).unwrap();
        for style in case[1].as_array().unwrap().iter().filter(|_| value != Json::Null) {
            let indent = style[2].as_u64().map(|indent| u8::try_from(indent).unwrap());
            let ours = Style {
                ascii: style[0].as_bool().unwrap(),
                compact: style[1].as_bool().unwrap(),
                indent,
                strict: true,
            };
            assert_eq!(rendered(&value, &ours).as_deref(), style[3].as_str());
        }
    }
}

#[test]
fn forms_and_what_their_names_spell_are_read_as_recorded() {
    let cases = recorded("forms");
    let mut different = Vec::new();
    for case in cases {
        let bytes = unhexed(case[1].as_str().unwrap());
        let form = Form::parse_urlencoded(&bytes, case[0].as_str().unwrap(), None).unwrap();
        let item = |item: FormItem| match item {
            FormItem::Value(value) => text_of(&value),
            FormItem::Form(form) => serde_json::json!({ "form": lists_of(&form) }),
        };
        let items = form.list("a").map(|items| items.into_iter().map(item).collect::<Vec<_>>());
        let ours = serde_json::json!([lists_of(&form), items, lists_of(&form.dict("a"))]);
        let theirs = Value::Array(case.as_array().unwrap()[2..].to_vec());
        if ours != theirs {
            different.push(format!("{:?}: {theirs}, not {ours}", String::from_utf8_lossy(&bytes)));
        }
    }
    assert!(different.is_empty(), "{} of {}:\n{}", different.len(), cases.len(), different.join("\n"));
    assert!(cases.len() > 800);
}

fn lists_of(form: &Form) -> Value {
    let values = |name: &str| form.get_all(name).map(text_of).collect::<Vec<_>>();
    form.keys().map(|name| serde_json::json!([name, values(name)])).collect()
}

fn text_of(value: &FormValue) -> Value {
    match value {
        FormValue::Text(text) => text.as_str().into(),
        FormValue::File(number) => (*number).into(),
    }
}

#[test]
fn a_form_of_more_fields_than_the_limit_is_refused_before_it_is_read() {
    let read = |text: &str, limit| Form::parse_urlencoded(text.as_bytes(), "utf-8", limit).map(|form| form.0.len());
    assert_eq!(read("a=1&b=2", Some(2)), Ok(2));
    assert_eq!(read("a=1&b=2", Some(1)), Err(FormError::TooManyFields));
    assert_eq!(read("&&", Some(2)), Err(FormError::TooManyFields));
    assert_eq!(read("", Some(0)), Ok(0));
    assert_eq!(read(&"a=1&".repeat(1_000_000), Some(1000)), Err(FormError::TooManyFields));
    assert_eq!(read(&"a=1&".repeat(1_000_000), None), Ok(1_000_000));
}

#[test]
fn whole_numbers_are_read_as_recorded() {
    judge("int", 1500, |text| or_refused(python::int(text).map(|number| number.to_string())));
}

#[test]
fn floats_are_read_as_recorded() {
    judge("float", 1500, |text| or_refused(python::float(text).map(python::float_repr)));
}

#[test]
fn floats_are_written_as_recorded() {
    for case in recorded("float_repr") {
        let text = case[1].as_str().unwrap();
        assert_eq!(python::float_repr(text.parse().unwrap()), text);
    }
}

#[test]
fn decimals_are_read_written_and_rounded_as_recorded() {
    let ways = [
        (-2, 5, Rounding::HalfEven),
        (0, 28, Rounding::Up),
        (-3, 28, Rounding::Down),
        (-1, 4, Rounding::HalfUp),
        (-2, 28, Rounding::Floor),
        (-1, 28, Rounding::Ceiling),
        (0, 3, Rounding::HalfDown),
        (-1, 28, Rounding::ZeroFiveUp),
    ];
    judge("decimal", 1500, |text| {
        let Some(number) = Decimal::parse(text) else { return REFUSED.into() };
        let short = number.parts().is_some_and(|(_, exponent)| exponent.abs() < 50);
        let mut shown = vec![Some(number.to_string()), number.to_plain().filter(|_| short)];
        for (exponent, precision, rounding) in ways {
            // Not of numbers that are infinite or none: fields refuse those before.
            shown.push(number.quantize(exponent, precision, rounding).map(|rounded| rounded.to_string()));
        }
        if !number.is_finite() {
            return recorded_of_special(&number);
        }
        serde_json::json!(shown)
    });
}

/// What `quantize` answers for infinity and for what is no number: itself or nothing. It is no concern of ours.
fn recorded_of_special(number: &Decimal) -> Value {
    let text = number.to_string();
    recorded("decimal")
        .iter()
        .map(|case| case[1].clone())
        .find(|shown| shown[0] == text.as_str())
        .unwrap_or_else(|| format!("`{text}` is nothing that was recorded").into())
}

#[test]
fn dates_are_read_as_recorded() {
    judge("date", 2500, |text| match time::parse_date(text) {
        Ok(date) => date.format("%Y-%m-%d").to_string().into(),
        Err(error) => none(error),
    });
}

#[test]
fn times_are_read_as_recorded() {
    judge("time", 2500, |text| match time::parse_time(text) {
        Ok(time) => shown_time(time).into(),
        Err(error) => none(error),
    });
}

#[test]
fn moments_are_read_as_recorded() {
    judge("datetime", 2500, |text| match time::parse_datetime(text) {
        Ok(moment) => (shown(moment.local) + &moment.offset.map(shown_offset).unwrap_or_default()).into(),
        Err(error) => none(error),
    });
}

#[test]
fn durations_are_read_as_recorded() {
    judge("duration", 1200, |text| match time::parse_duration(text) {
        Ok(micro) => micro.to_string().into(),
        Err(error) => none(error),
    });
}

fn none(error: time::Error) -> Value {
    match error {
        time::Error::NoMatch => Value::Null,
        time::Error::OutOfRange => REFUSED.into(),
    }
}

fn shown(moment: NaiveDateTime) -> String {
    format!("{}T{}", moment.date().format("%Y-%m-%d"), shown_time(moment.time()))
}

fn shown_time(time: NaiveTime) -> String {
    let micro = time.nanosecond() / 1000;
    let fraction = if micro == 0 { String::new() } else { format!(".{micro:06}") };
    time.format("%H:%M:%S").to_string() + &fraction
}

fn shown_offset(micro: i64) -> String {
    let (sign, all) = if micro < 0 { ('-', -micro) } else { ('+', micro) };
    let (seconds, micro) = (all / 1_000_000, all % 1_000_000);
    let mut text = format!("{sign}{:02}:{:02}", seconds / 3600, seconds / 60 % 60);
    if seconds % 60 != 0 || micro != 0 {
        text += &format!(":{:02}", seconds % 60);
    }
    if micro != 0 {
        text += &format!(".{micro:06}");
    }
    text
}

#[test]
fn texts_are_shown_as_recorded() {
    judge("repr", 300, |text| python::repr_text(text).into());
}

#[test]
fn spaces_are_cut_as_recorded() {
    judge("strip", 8, |text| python::strip(text).into());
}

#[test]
fn a_million_members_a_hundred_thousand_levels_and_long_numbers_cost_no_more_than_their_text() {
    let members: Vec<String> = (0..1_000_000).map(|number| format!("\"k{number}\":1")).collect();
    let Json::Object(read) = json::parse_text(&format!("{{{}}}", members.join(","))).unwrap() else { panic!() };
    assert_eq!((read.len(), read.get("k999999")), (1_000_000, Some(&Json::Int(1))));
    for deep in ["[".repeat(100_000), "{\"a\":".repeat(100_000), "[{\"a\":".repeat(100_000)] {
        assert!(json::parse_text(&deep).unwrap_err().is_too_deep());
    }
    let error = json::parse_text(&"9".repeat(5_000)).unwrap_err().to_string();
    assert!(error.starts_with("Exceeds the limit (4300 digits) for integer string conversion: value has 5000 digits;"));
    assert!(json::parse_text(&"9".repeat(4_300)).is_ok());
    assert!(python::int(&"9".repeat(4_301)).is_none());
    assert!(python::float(&"9".repeat(1_000_000)).is_some_and(f64::is_infinite));
    assert_eq!(
        json::parse_text(&"1\n".repeat(300_000)).unwrap_err().to_string(),
        "Extra data: line 2 column 1 (char 2)"
    );
}

#[test]
fn lists_within_each_other_are_read_to_the_limit_and_no_further() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(json::parse_text(&nested(json::DEPTH)).is_ok());
    assert!(json::parse_text(&nested(json::DEPTH + 1)).unwrap_err().is_too_deep());
}

#[test]
fn a_charset_that_is_known_and_not_read_is_refused_and_an_unknown_one_is_utf_8() {
    let refused = json::parse(b"1", "cp1252").unwrap_err();
    assert!(refused.is_unsupported_charset());
    assert_eq!(refused.to_string(), "Unsupported charset \"cp1252\" in request Content-Type header.");
    assert!(json::parse(b"1", "bz2").unwrap_err().is_unsupported_charset());
    assert_eq!(json::parse("\"é\"".as_bytes(), "klingon"), Ok(Json::from("é")));
}

#[test]
fn values_are_shown_and_named_as_the_language_does() {
    let value: Json = Object::new().with("a", vec![Json::Null, true.into(), 1.5.into(), "x'".into()]).into();
    assert_eq!(python::str(&value), "{'a': [None, True, 1.5, \"x'\"]}");
    assert_eq!(python::str(&"x'".into()), "x'");
    let names = [Json::Null, true.into(), 1.into(), 1.5.into(), "".into(), Json::List(vec![]), Object::new().into()];
    let named: Vec<&str> = names.iter().map(python::type_name).collect();
    assert_eq!(named, ["NoneType", "bool", "int", "float", "str", "list", "dict"]);
}

fn unhexed(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}
