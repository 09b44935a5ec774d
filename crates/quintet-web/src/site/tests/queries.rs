//! Query strings and `Cookie` headers, against `oracle/vectors/cookies_query.json`.

use serde_json::Value;

use super::harness::{Recording, ask, options, pairs, same, site, text};
use crate::http::Query;
use crate::urls::Urls;

fn recording() -> Recording {
    Recording::new(include_str!("../../../../../oracle/vectors/cookies_query.json"))
}

/// A member as bytes: text, or hexadecimal where it is no UTF-8.
fn bytes(case: &Value, name: &str) -> Vec<u8> {
    let Some(hex) = case[format!("{name}_hex")].as_str() else {
        return text(case, name).as_bytes().to_vec();
    };
    let digits: Vec<u8> = hex.bytes().map(|digit| char::from(digit).to_digit(16).expect("hexadecimal") as u8).collect();
    digits.chunks(2).map(|pair| pair[0] * 16 + pair[1]).collect()
}

#[test]
fn a_query_is_taken_apart_as_recorded() {
    let ran = recording().each("queries", &[], |case| {
        let query = Query::parse(bytes(case, "query"), Some(1000)).expect("few fields");
        let ours: Vec<(&str, &str)> =
            query.pairs().iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        same("pairs", ours, pairs(case, "pairs"))?;
        for (name, value) in pairs(case, "last") {
            same("last", query.get(name), Some(value))?;
        }
        for row in case["lists"].as_array().expect("lists") {
            let name = row[0].as_str().expect("a name");
            same("list", query.get_all(name).collect::<Vec<_>>().into(), row[1].clone())?;
        }
        Ok(())
    });
    assert_eq!(ran, 83);
}

#[test]
fn too_many_fields_are_refused_as_recorded() {
    let ran = recording().each("limits", &[], |case| {
        let count = usize::try_from(case["parts"].as_u64().expect("a number")).expect("a size");
        let query = vec![text(case, "part"); count].join(text(case, "separator"));
        let limit = case["max_fields"].as_u64().map(|limit| usize::try_from(limit).expect("a size"));
        same("pairs", Query::parse(query, limit).ok().map(|query| query.pairs().len() as u64), case["pairs"].as_u64())
    });
    assert_eq!(ran, 9);
}

#[test]
fn cookies_are_taken_apart_as_recorded() {
    let site = site(options(Urls::default));
    let unsendable = "no HTTP header can have a control character";
    let skipped = [("control character", unsendable)];
    let ran = recording().each("cookies", &skipped, |case| {
        let ours = ask("GET", "/").header("cookie", bytes(case, "cookie")).request(&site).cookies();
        let ours: Value = ours
            .into_iter()
            .map(|(name, value)| (name, Value::String(value)))
            .collect::<serde_json::Map<_, _>>()
            .into();
        same("cookies", ours, case["cookies"].clone())
    });
    assert_eq!(ran, 52);
}

#[test]
fn cookies_that_http_2_sent_in_pieces_are_all_there() {
    let site = site(options(Urls::default));
    let asked = ask("GET", "/").header("cookie", "a=1").header("cookie", "b=2").request(&site);
    assert_eq!(asked.cookies(), [("a".to_owned(), "1".to_owned()), ("b".to_owned(), "2".to_owned())]);
}

#[test]
fn a_form_body_is_taken_apart_as_a_query_is() {
    let bodies = ["pairs", "plus and escape", "raw UTF-8", "raw Latin-1 byte", "semicolon", "newline at the end"];
    let run = std::cell::Cell::new(0);
    recording().each("forms", &[], |case| {
        if !bodies.contains(&text(case, "id")) {
            return Ok(());
        }
        run.set(run.get() + 1);
        let query = Query::parse(bytes(case, "body"), Some(1000)).expect("few fields");
        for row in case["lists"].as_array().expect("lists") {
            same("list", query.get_all(row[0].as_str().expect("a name")).collect::<Vec<_>>().into(), row[1].clone())?;
        }
        Ok(())
    });
    assert_eq!(run.get(), bodies.len());
}
