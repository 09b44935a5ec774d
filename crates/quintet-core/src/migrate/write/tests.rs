//! Tests of the written text: its form, lists of migrations, mistakes.

use super::*;
use crate::operation::words::*;
use crate::schema::words::*;
use crate::schema::{Code, Field, Function, Initial};

fn migration(operations: Vec<crate::operation::Operation>) -> Migration {
    let made = Migration::new("0002_note_slug").depends_on("api", "0001_initial").operations(operations);
    Migration { app: "api".to_owned(), ..made }
}

fn written(migration: &Migration, header: Option<&str>) -> Result<String, WriteError> {
    write(migration, &WriteOptions { crate_name: "my-notes".to_owned(), header: header.map(str::to_owned) })
}

#[test]
fn a_file_says_when_it_was_made_what_it_needs_and_what_it_does() {
    let text = written(
        &migration(vec![add_field("note", "slug", char(100).with_default("")), remove_field("note", "title")]),
        Some("2026-11-21 10:52"),
    );
    let expected = format!(
        r#"//! Made by quintet {} on 2026-11-21 10:52.

use quintet::migrations::*;

pub fn migration() -> Migration {{
    Migration::new("0002_note_slug")
        .depends_on("api", "0001_initial")
        .operations(vec![
            add_field("note", "slug", char(100).with_default("")),
            remove_field("note", "title"),
        ])
}}
"#,
        crate::VERSION
    );
    assert_eq!(text, Ok(expected));
}

#[test]
fn without_a_header_the_first_line_names_the_migration() {
    let text = written(&migration(vec![]), None).expect("a text");
    assert_eq!(text.lines().next(), Some("//! Migration `0002_note_slug` of the app `api`."));
}

#[test]
fn functions_of_the_project_are_written_by_their_path_in_the_crate() {
    let code = Code::new("my_notes::api::fill", ());
    let text = written(&migration(vec![run_code(code).reverse_code(Code::new("other::back", ()))]), None);
    assert!(text.expect("a text").contains("run(crate::api::fill).reverse(other::back)"));
}

#[test]
fn a_crate_whose_name_begins_alike_is_another_crate() {
    let text = written(&migration(vec![run_code(Code::new("my_notes_more::fill", ()))]), None);
    assert!(text.expect("a text").contains("run(my_notes_more::fill)"));
}

fn with_function(path: &str) -> Field {
    let mut field = char(10);
    field.default = Some(Initial::Function(Function::new(path, || "x")));
    field
}

#[test]
fn a_closure_is_refused_and_the_field_named() {
    let error = written(&migration(vec![add_field("note", "code", with_function("my_notes::api::{{closure}}"))]), None);
    let error = error.expect_err("a closure");
    assert_eq!(
        error.to_string(),
        "the field `note.code` uses a closure, which has no name: `my_notes::api::{{closure}}`"
    );
    assert_eq!(error.hint, "name a function in its place: `fn new_code() -> String`");
}

#[test]
fn a_generic_function_is_refused() {
    let error = written(&migration(vec![add_field("note", "code", with_function("my_notes::make<i64>"))]), None);
    let error = error.expect_err("a generic function").to_string();
    assert_eq!(
        error,
        "the field `note.code` uses a generic function, which has no path of its own: `my_notes::make<i64>`"
    );
}

#[test]
fn only_what_differs_from_the_kind_is_written() {
    let fields = vec![
        ("id", big_auto().primary_key()),
        ("slug", slug()),
        ("made", date_time().auto_now_add()),
        ("user", foreign_key(user_model(), crate::schema::OnDelete::Cascade)),
    ];
    let text = written(&migration(vec![create_model("Note", fields, options())]), None).expect("a text");
    for line in [
        "(\"id\", big_auto().primary_key()),",
        "(\"slug\", slug()),",
        "(\"made\", date_time().auto_now_add()),",
        "(\"user\", foreign_key(user_model(), OnDelete::Cascade)),",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
}

#[test]
fn a_new_list_holds_the_migrations_in_order() {
    let names = ["0002_note_slug".to_owned(), "0001_initial".to_owned()];
    assert_eq!(
        new_mod(&names),
        "//! The app's migrations, in order; kept by `makemigrations`.\n\nquintet::migrations![m0001_initial, \
         m0002_note_slug];\n"
    );
}

#[test]
fn a_migration_is_added_in_order_and_everything_else_is_kept() {
    let before = "//! Ours.\n\n// A word on `migrations![]`.\nquintet::migrations![m0001_initial, m0003_last];\n\nfn more() {}\n";
    let after = "//! Ours.\n\n// A word on `migrations![]`.\nquintet::migrations![m0001_initial, m0002_x, m0003_last];\n\nfn more() {}\n";
    assert_eq!(add_to_mod(before, "0002_x").as_deref(), Ok(after));
    assert_eq!(add_to_mod(after, "0002_x").as_deref(), Ok(after));
}

#[test]
fn an_empty_list_takes_its_first_migration() {
    assert_eq!(
        add_to_mod("quintet::migrations![];\n", "0001_initial").as_deref(),
        Ok("quintet::migrations![m0001_initial];\n")
    );
}

#[test]
fn a_long_list_has_a_line_for_each_migration() {
    let names: Vec<String> = (1..=4).map(|number| format!("{number:04}_a_name_of_some_length_{number}")).collect();
    let text = new_mod(&names);
    assert!(text.ends_with("    m0004_a_name_of_some_length_4,\n];\n"), "{text}");
    let more = add_to_mod(&text, "0005_last").expect("a list");
    assert!(more.ends_with("    m0004_a_name_of_some_length_4,\n    m0005_last,\n];\n"), "{more}");
}

#[test]
fn a_list_that_cannot_be_read_is_left_and_says_what_to_paste() {
    assert_eq!(add_to_mod("mod m0001_initial;\n", "0002_x"), Err("quintet::migrations![m0002_x];".to_owned()));
    assert_eq!(
        add_to_mod("quintet::migrations![m0001_initial, // first\n];\n", "0002_x"),
        Err("add `m0002_x` to the list in `quintet::migrations![..]`, in order".to_owned())
    );
}

#[test]
fn a_migrations_file_begins_with_a_letter() {
    assert_eq!(file_name("0001_initial"), "m0001_initial.rs");
}
