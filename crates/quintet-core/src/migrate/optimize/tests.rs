//! What becomes of operations: the reference's rules, one by one.

use super::optimize;
use crate::operation::Operation;
use crate::operation::words::*;
use crate::schema::words::*;
use crate::schema::{Code, OnDelete};

fn shorter(operations: Vec<Operation>) -> Vec<String> {
    optimize(operations, "lab", "auth.User").iter().map(Operation::describe).collect()
}

fn note() -> Operation {
    create_model("Note", vec![("title", char(100))], options())
}

fn tag() -> Operation {
    create_model("Tag", vec![("label", char(10))], options())
}

#[test]
fn a_new_model_takes_what_is_done_to_it() {
    let cases: Vec<(Operation, Operation)> = vec![
        (
            add_field("note", "n", integer()),
            create_model("Note", vec![("title", char(100)), ("n", integer())], options()),
        ),
        (alter_field("note", "title", text()), create_model("Note", vec![("title", text())], options())),
        (rename_field("note", "title", "name"), create_model("Note", vec![("name", char(100))], options())),
        (remove_field("note", "title"), create_model("Note", vec![], options())),
        (rename_model("Note", "Memo"), create_model("Memo", vec![("title", char(100))], options())),
        (
            alter_model_table("note", Some("notes")),
            create_model("Note", vec![("title", char(100))], options().db_table("notes")),
        ),
        (
            alter_model_table_comment("note", Some("words")),
            create_model("Note", vec![("title", char(100))], options().db_table_comment("words")),
        ),
        (
            alter_model_options("note", options().ordering(&["title"])),
            create_model("Note", vec![("title", char(100))], options().ordering(&["title"])),
        ),
        (
            alter_unique_together("note", vec![vec!["title"]]),
            create_model("Note", vec![("title", char(100))], options().unique_together(&["title"])),
        ),
        (
            add_index("note", index(&["title"]).name("i")),
            create_model("Note", vec![("title", char(100))], options().index(index(&["title"]).name("i"))),
        ),
        (
            add_constraint("note", unique("u", &["title"])),
            create_model("Note", vec![("title", char(100))], options().constraint(unique("u", &["title"]))),
        ),
    ];
    for (second, expected) in cases {
        assert_eq!(optimize(vec![note(), second.clone()], "lab", "auth.User"), [expected], "{}", second.describe());
    }
}

#[test]
fn a_field_that_goes_leaves_the_rules_that_name_it() {
    let fields = || vec![("a", integer()), ("b", integer())];
    let made = create_model("N", fields(), options().unique_together(&["a", "b"]).unique_together(&["a"]));
    let left = create_model("N", vec![("b", integer())], options().unique_together(&["b"]));
    assert_eq!(optimize(vec![made, remove_field("n", "a")], "lab", "auth.User"), [left]);
}

#[test]
fn a_model_that_is_made_and_goes_leaves_nothing() {
    assert!(shorter(vec![note(), add_field("note", "n", integer()), delete_model("Note")]).is_empty());
}

#[test]
fn a_proxy_that_is_made_and_goes_stays_two_steps() {
    let proxy = create_model("P", vec![], options().proxy()).bases(&["lab.note"]);
    assert_eq!(shorter(vec![proxy, delete_model("P")]), ["Create proxy model P", "Delete model P"]);
}

#[test]
fn the_last_change_of_the_same_kind_counts() {
    let pairs = [
        [alter_field("note", "n", integer()), alter_field("note", "n", big_integer())],
        [alter_model_table("note", Some("a")), alter_model_table("note", Some("b"))],
        [alter_model_options("note", options()), alter_model_options("note", options().ordering(&["n"]))],
        [alter_field("note", "n", integer()), remove_field("note", "n")],
        [alter_constraint("note", "c", unique("c", &["n"])), remove_constraint("note", "c")],
        [alter_model_table("note", Some("a")), delete_model("Note")],
    ];
    for [first, last] in pairs {
        assert_eq!(optimize(vec![first, last.clone()], "lab", "auth.User"), [last]);
    }
}

#[test]
fn what_is_added_and_goes_leaves_nothing() {
    let pairs = [
        [add_field("note", "n", integer()), remove_field("note", "n")],
        [add_index("note", index(&["n"]).name("i")), remove_index("note", "i")],
        [add_constraint("note", unique("u", &["n"])), remove_constraint("note", "u")],
    ];
    for pair in pairs {
        assert!(shorter(pair.to_vec()).is_empty(), "{pair:?}");
    }
}

#[test]
fn renames_in_a_row_are_one() {
    assert_eq!(shorter(vec![rename_model("A", "B"), rename_model("B", "C")]), ["Rename model A to C"]);
    let fields = vec![rename_field("note", "a", "b"), rename_field("note", "b", "c")];
    assert_eq!(shorter(fields), ["Rename field a on note to c"]);
    let indexes = vec![rename_index("note", "a", "b"), rename_index("note", "b", "c")];
    assert_eq!(shorter(indexes), ["Rename index a on note to c"]);
}

#[test]
fn a_rename_comes_before_the_change_of_the_field() {
    let list = vec![alter_field("note", "a", text()), rename_field("note", "a", "b")];
    assert_eq!(shorter(list), ["Rename field a on note to b", "Alter field b on note"]);
}

#[test]
fn a_rename_stays_behind_the_change_that_keeps_the_column() {
    let list = vec![alter_field("note", "a", text().db_column("a")), rename_field("note", "a", "b")];
    assert_eq!(shorter(list), ["Alter field a on note", "Rename field a on note to b"]);
}

#[test]
fn a_new_model_moves_behind_the_one_that_its_new_field_refers_to() {
    let list = vec![note(), tag(), add_field("note", "tag", foreign_key("lab.Tag", OnDelete::Cascade))];
    assert_eq!(shorter(list), ["Create model Tag", "Create model Note"]);
}

#[test]
fn a_new_model_does_not_move_behind_one_that_refers_to_it() {
    let link = create_model("Link", vec![("note", foreign_key("lab.Note", OnDelete::Cascade))], options());
    let list = vec![note(), link, add_field("note", "n", integer())];
    assert_eq!(shorter(list), ["Create model Note", "Create model Link"]);
}

#[test]
fn models_that_refer_to_each_other_stay_three_steps() {
    let link = create_model("Link", vec![("note", foreign_key("lab.Note", OnDelete::Cascade))], options());
    let list = vec![note(), link, add_field("note", "link", foreign_key("lab.Link", OnDelete::Cascade))];
    assert_eq!(
        shorter(list),
        ["Create model Note", "Create model Link", "Add field link to Note"]
            .map(|line| { line.replace("to Note", "to note") })
    );
}

#[test]
fn a_reference_to_the_user_model_is_one_to_the_model_that_it_is() {
    let key = || foreign_key(user_model(), OnDelete::Cascade);
    let user = || create_model("User", vec![("name", text())], options());
    let link = || create_model("Link", vec![("user", key())], options());
    let list = || vec![user(), link(), add_field("user", "n", integer())];
    let shown =
        |user_model| -> Vec<String> { optimize(list(), "lab", user_model).iter().map(Operation::describe).collect() };
    assert_eq!(shown("lab.User"), ["Create model User", "Create model Link"]);
    assert_eq!(shown("auth.User"), ["Create model Link", "Create model User"]);
}

#[test]
fn code_of_the_project_is_a_wall() {
    let code = run_code(Code::new("lab::fill", ()));
    let list = vec![note(), code, add_field("note", "n", integer())];
    assert_eq!(shorter(list.clone()).len(), list.len());
}

#[test]
fn what_may_be_left_out_is_left_out() {
    let code = run_code(Code::new("lab::fill", ())).elidable();
    let sql = run_sql(&["SELECT 1"]).elidable();
    assert_eq!(shorter(vec![note(), code, sql, add_field("note", "n", integer())]), ["Create model Note"]);
}

#[test]
fn a_default_for_rows_that_there_are_is_not_kept_in_a_new_table() {
    let add = add_field("note", "n", integer().with_default(1)).one_off_default();
    let made = create_model("Note", vec![("title", char(100)), ("n", integer())], options());
    assert_eq!(optimize(vec![note(), add], "lab", "auth.User"), [made]);
}

#[test]
fn a_default_for_rows_that_there_are_is_kept_as_long_as_they_may_be() {
    let add = || add_field("note", "n", integer().with_default(1)).one_off_default();
    let renamed = add_field("note", "m", integer().with_default(1)).one_off_default();
    assert_eq!(optimize(vec![add(), rename_field("note", "n", "m")], "lab", "auth.User"), [renamed]);
    let wider = add_field("note", "n", big_integer().with_default(1)).one_off_default();
    assert_eq!(optimize(vec![add(), alter_field("note", "n", big_integer())], "lab", "auth.User"), [wider]);
    let other = alter_field("note", "n", integer().with_default(2));
    assert_eq!(optimize(vec![add(), other], "lab", "auth.User"), [add_field("note", "n", integer().with_default(2))]);
}
