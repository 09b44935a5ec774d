//! What is wrong with a row is said in the reference's codes and texts: `oracle/vectors/validation.json`.

use quintet::prelude::*;
use quintet::query::ValidationErrors;
use serde_json::Map;

use crate::harness::{each, library};
use crate::models::*;

type Values = Map<String, Value>;

fn recorded() -> Value {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../oracle/vectors/validation.json");
    let text = std::fs::read_to_string(file).expect("the recording");
    serde_json::from_str(&text).expect("JSON")
}

/// A row of these values, as the recorder makes it.
fn entry(values: &Values) -> EntryForm {
    let text = |name: &str| values.get(name).and_then(Value::as_str);
    let number = |name: &str| values.get(name).and_then(Value::as_i64);
    let int = |name: &str| number(name).map(|number| i32::try_from(number).expect("a small number"));
    let owned = |name: &str, usual: &str| text(name).unwrap_or(usual).to_owned();
    EntryForm {
        id: BigAuto(0),
        name: owned("name", ""),
        slug: owned("slug", "").into(),
        mail: owned("mail", "").into(),
        link: owned("link", "").into(),
        size: number("size").map_or(4, |size| u32::try_from(size).expect("a size")),
        price: text("price").map_or(Decimal::new(150, 2), |price| price.parse().expect("a price")),
        colour: owned("colour", "red"),
        code: owned("code", ""),
        day: text("day").map_or_else(last_of_january, |day| day.parse().expect("a day")),
        head_line: owned("head_line", ""),
        low: int("low").unwrap_or_default(),
        high: int("high"),
        author: number("author").map(ForeignKey::to),
    }
}

fn said(errors: &ValidationErrors) -> Value {
    let one = |error: &quintet::query::ValidationError| json!({ "code": error.code, "message": error.message });
    let all = errors.by_field.iter();
    all.map(|(field, errors)| (field.clone(), errors.iter().map(one).collect::<Value>())).collect::<Map<_, _>>().into()
}

#[quintet::test]
async fn every_recorded_row_is_refused_in_the_recorded_words() {
    let recorded = recorded();
    let values = |value: &Value| value.as_object().expect("an object").clone();
    each(async |db| {
        create!(db, Author { name: "ann" }).await.expect("an author");
        entry(&values(&recorded["there"])).save(db).await.expect("it is right");
        let cases = recorded["cases"].as_array().expect("a list");
        assert!(cases.len() >= 48);
        let mut wrong = vec![];
        for case in cases {
            let mut all = values(&recorded["usual"]);
            all.extend(values(&case["values"]));
            if values(&case["values"]).len() == 1 && case["values"]["low"] == 3 {
                all.insert("high".to_owned(), Value::Null);
            }
            match entry(&all).problems(db).await {
                Ok(errors) if said(&errors) == case["errors"] => {}
                Ok(errors) => wrong.push(format!("{}\n  {}\n  {}", case["values"], said(&errors), case["errors"])),
                Err(error) => wrong.push(format!("{}\n  {error}", case["values"])),
            }
        }
        assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    })
    .await;
}

#[quintet::test]
async fn a_row_that_is_there_is_not_in_its_own_way() {
    each(async |db| {
        let (ann, _) = library(db).await;
        ann.full_clean(db).await.expect("nothing is wrong");
        let mut other = Author { id: BigAuto(0), ..ann.clone() };
        let error = other.full_clean(db).await.expect_err("the name is taken");
        let errors = ValidationErrors::of(&error).expect("what is wrong");
        assert_eq!(errors.by_field["name"][0].message, "Author with this Name already exists.");
        other.name = "cat".to_owned();
        other.full_clean(db).await.expect("nothing is wrong");
    })
    .await;
}

#[quintet::test]
async fn the_rows_of_parents_are_looked_at_too() {
    each(async |db| {
        let (ann, _) = library(db).await;
        let mut book = ann.books().objects().first(db).await.expect("books").expect("a book");
        book.id = BigAuto(0);
        book.title = "x".repeat(101);
        let atlas = Atlas { book: Parent::new(book), maps: 1 };
        let errors = atlas.problems(db).await.expect("known");
        let title = &errors.by_field["title"][0];
        assert_eq!(title.message, "Ensure this value has at most 100 characters (it has 101).");
        assert_eq!(errors.by_field.len(), 1);
    })
    .await;
}
