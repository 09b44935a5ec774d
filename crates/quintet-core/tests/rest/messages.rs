//! The texts of all fields, beside the catalogue that was recorded.

use std::collections::BTreeSet;

use quintet_core::json::{self, Json};
use quintet_core::rest::{Datum, Field, MESSAGES, Problems, Unique, UniqueFor, Validator};
use quintet_core::schema::{Rule, Value};

use crate::recorded::{member, read, word};

fn catalogue() -> Json {
    json::parse_text(&read("vectors/messages.json")).expect("a recording")
}

#[test]
fn the_texts_of_all_fields_are_those_of_the_catalogue() {
    let catalogue = catalogue();
    let Json::Object(classes) = member(&catalogue, "fields") else { panic!("no fields") };
    let mut theirs = BTreeSet::new();
    for (class, texts) in classes.iter() {
        let Json::Object(texts) = texts else { panic!("{class}") };
        theirs.extend(texts.iter().map(|(code, text)| (class.to_owned(), code.to_owned(), word(text).to_owned())));
    }
    let row = |(class, code, text): &(&str, &str, &str)| (class.to_string(), code.to_string(), text.to_string());
    let ours: BTreeSet<_> = MESSAGES.iter().map(row).collect();
    assert_eq!(theirs.difference(&ours).collect::<Vec<_>>(), Vec::<&(String, String, String)>::new());
    assert_eq!(ours.difference(&theirs).collect::<Vec<_>>(), Vec::<&(String, String, String)>::new());
    assert!(ours.len() > 70);
}

#[test]
fn the_texts_of_uniqueness_are_those_of_the_catalogue() {
    let catalogue = catalogue();
    let theirs = |name: &str| word(member(member(&catalogue, "validators"), name)).replace("{date_field}", "day");
    assert_eq!(Unique::default().message(), theirs("drf.UniqueValidator.message"));
    assert_eq!(UniqueFor::Date.message("day"), theirs("drf.UniqueForDateValidator.message"));
    assert_eq!(UniqueFor::Month.message("day"), theirs("drf.UniqueForMonthValidator.message"));
    assert_eq!(UniqueFor::Year.message("day"), theirs("drf.UniqueForYearValidator.message"));
}

/// What a field says of a value that breaks a rule.
fn said(rule: Rule, value: Value) -> String {
    let field = Field::any().validator(rule);
    let parsed = field.check(Datum::Value(value)).expect("a value");
    parsed
        .finish(vec![])
        .map_err(|problems| match problems {
            Problems::List(problems) => problems[0].message.clone(),
            _ => String::new(),
        })
        .expect_err("something is wrong")
}

#[test]
fn the_texts_of_validators_are_those_of_the_catalogue() {
    let catalogue = catalogue();
    let theirs = |name: &str| word(member(member(&catalogue, "validators"), name)).to_owned();
    let texts = [
        ("django.EmailValidator.message", Rule::Email, "x"),
        ("django.URLValidator.message", Rule::Url(vec![]), "x"),
        ("django.validate_slug", Rule::Slug, " "),
        ("django.validate_unicode_slug", Rule::UnicodeSlug, " "),
        ("django.RegexValidator.message", Rule::Regex { pattern: "a".into(), inverse: false, flags: 0 }, "x"),
        ("django.ProhibitNullCharactersValidator.message", Rule::NoNullCharacters, "\0"),
    ];
    for (name, rule, value) in texts {
        assert_eq!(said(rule, value.into()), theirs(name), "{name}");
    }
    let limited = |name: &str, limit: &str| theirs(name).replace("%(limit_value)s", limit);
    assert_eq!(said(Rule::MinValue(5.into()), 4.into()), limited("django.MinValueValidator.message", "5"));
    assert_eq!(said(Rule::MaxValue(5.into()), 6.into()), limited("django.MaxValueValidator.message", "5"));
    assert_eq!(said(Rule::StepValue(2.into(), None), 3.into()), limited("django.StepValueValidator.message", "2"));
    let ends = theirs("django.FileExtensionValidator.message");
    let ends = ends.replace("%(extension)s", "exe").replace("%(allowed_extensions)s", "pdf, txt");
    assert_eq!(said(Rule::FileExtension(vec!["pdf".into(), "txt".into()]), "a.exe".into()), ends);
    let username = word(member(member(member(&catalogue, "validators"), "auth.UnicodeUsernameValidator"), "message"));
    assert_eq!(said(Rule::Username(false), "a b".into()), username);
}

#[test]
fn a_text_of_its_own_takes_the_place_of_the_usual_one() {
    let field = Field::char()
        .max_length(2)
        .error_message("max_length", "at most {max_length}")
        .validator(Validator::own(|_, _| Ok(())));
    let problems = field.run((&Json::from("abc")).into(), &Default::default()).expect_err("it is too long");
    assert_eq!(problems, Problems::one("max_length", "at most 2"));
}
