//! The texts of comparisons on both databases, and what is refused.

use super::{is_lookup, lookup, transform};
use crate::query::fragment::{Context, Fragment, Given, PLACE, Right, Truth};
use crate::query::registry::Registry;
use crate::schema::words::null;
use crate::schema::{Kind, ProjectState, Value};
use crate::sql::Dialect::{self, Postgres, Sqlite};

const TEXT: Kind = Kind::Char { max_length: Some(20) };
const MOMENT: Kind = Kind::DateTime { auto_now: false, auto_now_add: false };

/// The text of a comparison of a column `t.c` behind transforms, with the values as they are bound in brackets.
fn sql(dialect: Dialect, kind: &Kind, path: &str, value: &Value) -> String {
    let registry = Registry::new(&ProjectState::new("auth.User"), "Europe/Berlin").expect("no models");
    let cx = Context { registry: &registry, dialect };
    let mut names: Vec<&str> = path.split("__").collect();
    let name = names.pop().unwrap_or_default();
    let mut left = Fragment::new("\"t\".\"c\"", Some(kind.clone()));
    for name in names {
        left = match transform(cx, &left, name) {
            Ok(Some(found)) => found,
            Ok(None) => return format!("no transform `{name}`"),
            Err(error) => return error.message,
        };
    }
    match lookup(cx, left, name, Right::Value(value)) {
        Ok(Truth::Sql(found)) => filled(dialect, &found),
        Ok(Truth::Always) => "always".to_owned(),
        Ok(Truth::Never) => "never".to_owned(),
        Err(error) => error.message,
    }
}

fn filled(dialect: Dialect, found: &Fragment<'_>) -> String {
    let mut parts = found.sql.split(PLACE);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for (bind, part) in found.binds.iter().zip(parts) {
        let given = match &bind.given {
            Given::Value(value) => (*value).clone(),
            Given::Element(Value::List(values), at) => values[*at].clone(),
            Given::Element(..) => Value::Null,
            Given::Own(value) => value.clone(),
        };
        let shown = match bind.prepare.value(dialect, "Europe/Berlin", &given) {
            Ok(Value::Text(text) | Value::Json(text) | Value::DateTime(text) | Value::Date(text)) => text,
            Ok(value) => format!("{value:?}"),
            Err(error) => error.message,
        };
        out.push_str(&format!("[{shown}]{part}"));
    }
    out
}

#[track_caller]
fn is(kind: &Kind, path: &str, value: impl Into<Value>, sqlite: &str, postgres: &str) {
    let value = value.into();
    assert_eq!(sql(Sqlite, kind, path, &value), sqlite);
    assert_eq!(sql(Postgres, kind, path, &value), postgres);
}

#[test]
fn a_pattern_matches_its_signs_as_they_stand() {
    is(
        &TEXT,
        "contains",
        r"5%_\",
        r#""t"."c" LIKE +[%5\%\_\\%] ESCAPE '\'"#,
        r#""t"."c"::text LIKE [%5\%\_\\%]::text"#,
    );
    is(&TEXT, "startswith", "5%", r#""t"."c" LIKE [5\%%] ESCAPE '\'"#, r#""t"."c"::text LIKE [5\%%]::text"#);
}

#[test]
fn case_is_of_no_account_where_a_lookup_says_so() {
    let upper = |pattern: &str| format!(r#"UPPER("t"."c"::text) {pattern}"#);
    is(&TEXT, "iexact", "a%", r#""t"."c" LIKE [a\%] ESCAPE '\'"#, &upper("= UPPER([a%]::text)"));
    is(&TEXT, "istartswith", "a", r#""t"."c" LIKE [a%] ESCAPE '\'"#, &upper("LIKE UPPER([a%]::text)"));
    is(&TEXT, "iregex", "a", r#""t"."c" REGEXP '(?i)' || [a]"#, r#""t"."c"::text ~* [a]::text"#);
}

#[test]
fn null_is_compared_by_is_null_and_by_nothing_else() {
    is(&TEXT, "exact", null(), r#""t"."c" IS NULL"#, r#""t"."c" IS NULL"#);
    let refusal = "`gt` cannot compare with null\nhint: use `isnull`";
    is(&TEXT, "gt", null(), refusal, refusal);
}

#[test]
fn isnull_takes_a_boolean_only() {
    let refusal = "`isnull` takes true or false only";
    is(&TEXT, "isnull", 1, refusal, refusal);
}

#[test]
fn a_number_beyond_a_column_needs_no_database() {
    is(&Kind::SmallInteger, "exact", 40_000, r#""t"."c" = [Int(40000)]"#, "never");
    is(&Kind::SmallInteger, "lt", 40_000, r#""t"."c" < [Int(40000)]"#, "always");
    is(&Kind::Integer, "gt", "99999999999999999999", "never", "never");
    is(&Kind::PositiveInteger, "gte", -1, "always", "always");
}

#[test]
fn nulls_in_a_list_are_equal_to_nothing() {
    let list = |values: Vec<Value>| Value::List(values);
    let text = r#""t"."c" IN ([Int(1)], [Int(2)])"#;
    is(&Kind::Integer, "in", list(vec![1.into(), null(), "2".into()]), text, text);
    is(&Kind::Integer, "in", list(vec![null()]), "never", "never");
    is(&Kind::Integer, "in", list(vec![]), "never", "never");
}

#[test]
fn a_range_has_two_ends() {
    let refusal = "`range` takes two values, not 1";
    is(&Kind::Integer, "range", Value::List(vec![1.into()]), refusal, refusal);
}

#[test]
fn a_year_is_compared_by_its_ends_in_the_zone() {
    let text = r#""t"."c" BETWEEN [2023-12-31 23:00:00] AND [2024-12-31 22:59:59.999999]"#;
    is(&MOMENT, "year__exact", 2024, text, text);
    let text = r#""t"."c" > [2024-12-31 22:59:59.999999]"#;
    is(&MOMENT, "year__gt", 2024, text, text);
    let text = r#""t"."c" BETWEEN [2024-12-30] AND [2025-12-28]"#;
    is(&Kind::Date { auto_now: false, auto_now_add: false }, "iso_year__exact", 2025, text, text);
}

#[test]
fn a_part_of_a_moment_is_taken_in_the_zone() {
    is(
        &MOMENT,
        "month__exact",
        1,
        r#"django_datetime_extract('month', "t"."c", 'Europe/Berlin', 'UTC') = [Int(1)]"#,
        r#"EXTRACT(MONTH FROM "t"."c" AT TIME ZONE 'Europe/Berlin') = [Int(1)]"#,
    );
}

#[test]
fn a_key_of_json_is_bound_whatever_it_is() {
    let hostile = "a\"') OR 1=1 --";
    let path = r#"[$."a\"') OR 1=1 --"]"#;
    is(
        &Kind::Json,
        &format!("{hostile}__isnull"),
        true,
        &format!(r#"JSON_TYPE("t"."c", {path}) IS NULL"#),
        &format!(r#"("t"."c" -> [{hostile}]::text) IS NULL"#),
    );
}

#[test]
fn null_in_json_is_a_value() {
    is(&Kind::Json, "exact", null(), r#""t"."c" = [null]"#, r#""t"."c" = [null]"#);
    let case = r#"(CASE WHEN JSON_TYPE("t"."c", [$."a"]) IN ('false','true','null') THEN JSON_TYPE("t"."c", [$."a"]) ELSE JSON_EXTRACT("t"."c", [$."a"]) END)"#;
    is(&Kind::Json, "a__exact", null(), &format!("{case} = [null]"), r#"("t"."c" -> [a]::text) = [null]"#);
    is(&Kind::Json, "a__exact", 5, &format!("{case} = JSON_EXTRACT([5], '$')"), r#"("t"."c" -> [a]::text) = [5]"#);
}

#[test]
fn a_whole_number_in_a_path_is_a_place_in_a_list() {
    is(&Kind::Json, "0__isnull", false, r#"JSON_TYPE("t"."c", [$[0]]) IS NOT NULL"#, r#"("t"."c" -> 0) IS NOT NULL"#);
    is(&Kind::Json, "has_key", "0", r#"JSON_TYPE("t"."c", [$."0"]) IS NOT NULL"#, r#""t"."c" ? [0]::text"#);
}

#[test]
fn sqlite_refuses_what_it_cannot() {
    is(&Kind::Json, "contains", 1, "SQLite has no lookup `contains` of JSON", r#""t"."c" @> [1]"#);
    is(
        &TEXT,
        "search",
        "a b",
        "SQLite has no lookup `search`\nhint: use `icontains`",
        r#"to_tsvector(COALESCE("t"."c", '')) @@ plainto_tsquery([a b]::text)"#,
    );
}

#[test]
fn a_kind_has_its_own_lookups_and_transforms() {
    assert!(is_lookup(Some(&Kind::Json), "has_key") && !is_lookup(Some(&TEXT), "has_key"));
    assert_eq!(sql(Sqlite, &TEXT, "year__exact", &1.into()), "no transform `year`");
    assert_eq!(
        sql(Sqlite, &Kind::Date { auto_now: false, auto_now_add: false }, "hour__exact", &1.into()),
        "no transform `hour`"
    );
}
