//! Descriptions of tables in, models out.

use super::*;

fn column(name: &str, kind: &str) -> Column {
    Column { name: name.to_owned(), kind: kind.to_owned(), ..Column::default() }
}

fn id() -> Column {
    Column { counts_up: true, ..column("id", "integer") }
}

fn constraint(kind: ConstraintKind, columns: &[&str]) -> Constraint {
    let columns = columns.iter().map(|name| (*name).to_owned()).collect();
    Constraint { kind, columns, name: String::new(), deferrable: String::new() }
}

fn key_to(table: &str, column: &str) -> Constraint {
    constraint(ConstraintKind::ForeignKey { table: table.to_owned(), columns: vec!["id".to_owned()] }, &[column])
}

fn table(name: &str, columns: Vec<Column>, mut constraints: Vec<Constraint>) -> Seen {
    if columns.first().is_some_and(|column| column.name == "id") {
        constraints.push(constraint(ConstraintKind::PrimaryKey, &["id"]));
    }
    let table = Table { name: name.to_owned(), columns, constraints, ..Table::default() };
    Seen { table, what: What::Table }
}

fn written(seen: &[Seen]) -> String {
    models(Dialect::Sqlite, seen, &Wanted::default())
}

#[track_caller]
fn assert_has(text: &str, part: &str) {
    assert!(text.contains(part), "`{part}` is not in\n{text}");
}

#[test]
fn a_table_is_a_struct_that_migrations_leave_alone() {
    let note = table("api_note", vec![id(), column("title", "varchar(100)")], vec![]);
    let text = written(std::slice::from_ref(&note));
    assert!(
        text.ends_with(
            r#"
use quintet::prelude::*;

#[derive(Model, Debug, Clone)]
#[model(managed = false, db_table = "api_note")]
pub struct ApiNote {
    pub id: BigAuto,
    #[field(max_length = 100)]
    pub title: String,
}
"#
        ),
        "{text}"
    );
    let managed = models(Dialect::Sqlite, &[note], &Wanted { managed: true, ..Wanted::default() });
    assert_has(&managed, "#[model(db_table = \"api_note\")]");
}

#[test]
fn keys_refer_to_models_wherever_they_stand_and_to_their_own() {
    let author = column("author_id", "bigint");
    let parent = Column { null: true, ..column("parent_id", "bigint") };
    let a = table("a", vec![id(), author, parent], vec![key_to("b", "author_id"), key_to("a", "parent_id")]);
    let b = table("b", vec![id(), column("best", "bigint")], vec![key_to("a", "best")]);
    let text = written(&[a, b]);
    assert_has(&text, "#[field(on_delete = do_nothing, db_index = false)]\n    pub author: ForeignKey<B>,");
    assert_has(
        &text,
        "#[field(on_delete = do_nothing, blank, db_index = false)]\n    pub parent: Option<ForeignKey<A>>,",
    );
    assert_has(&text, "db_column = \"best\"");
}

#[test]
fn a_unique_key_is_one_to_one() {
    let detail = table(
        "detail",
        vec![id(), column("note_id", "bigint")],
        vec![key_to("note", "note_id"), constraint(ConstraintKind::Unique, &["note_id"])],
    );
    let text = written(&[detail, table("note", vec![id()], vec![])]);
    assert_has(&text, "#[field(on_delete = do_nothing)]\n    pub note: OneToOne<Note>,");
}

#[test]
fn ways_back_have_names_that_clash_with_nothing() {
    let a = table(
        "a",
        vec![id(), column("x_id", "bigint"), column("y_id", "bigint")],
        vec![key_to("b", "x_id"), key_to("b", "y_id")],
    );
    let c = table("c", vec![id(), column("b_id", "bigint")], vec![key_to("b", "b_id")]);
    // A field with the name that queries would use.
    let b = table("b", vec![id(), column("c", "text")], vec![]);
    let text = written(&[a, b, c]);
    assert_eq!(text.matches("related_name").count(), 2);
    assert_has(&text, "related_name = \"a_y_set\"");
    assert_has(&text, "related_name = \"c_b_set\"");
}

#[test]
fn primary_keys_in_a_circle_stay_plain_columns() {
    let one = |name, other| {
        let mut seen = table(name, vec![column("k", "bigint")], vec![key_to(other, "k")]);
        seen.table.constraints.push(constraint(ConstraintKind::PrimaryKey, &["k"]));
        if let ConstraintKind::ForeignKey { columns, .. } = &mut seen.table.constraints[0].kind {
            columns.clear();
        }
        seen
    };
    for seen in [vec![one("a", "b"), one("b", "a")], vec![one("a", "a")]] {
        let text = written(&seen);
        assert_has(&text, "in a circle, which has no type");
        assert_has(&text, "#[field(primary_key)]\n    pub k: i64,");
    }
}

#[test]
fn several_columns_are_one_key() {
    let key = constraint(ConstraintKind::PrimaryKey, &["b", "a"]);
    let text = written(&[table("t", vec![column("a", "integer"), column("b", "date")], vec![key])]);
    assert_has(&text, "primary_key = [\"b\", \"a\"]");
    assert_has(&text, "    pub a: i32,\n    pub b: Date,\n");
}

#[test]
fn a_table_without_a_key_has_one_that_stands_in_and_one_without_columns_is_a_comment() {
    let nullable = Column { null: true, ..column("a", "text") };
    let text = written(&[table("t", vec![nullable, column("b", "text")], vec![]), table("u", vec![], vec![])]);
    assert_has(&text, "#[field(primary_key)]\n    pub b: Text,");
    assert_has(&text, "// stands for the primary key");
    assert_has(&text, "// The table `u` is left out: it has no column that could be a primary key\n");
}

#[test]
fn our_tables_and_records_are_left_out_unless_they_are_named() {
    let seen = [table("django_migrations", vec![id()], vec![]), table("quintet_lock", vec![id()], vec![])];
    assert_has(&written(&seen), "//!   none\n");
    let wanted = Wanted { names: vec!["django_migrations".to_owned(), "gone".to_owned()], ..Wanted::default() };
    let text = models(Dialect::Sqlite, &seen, &wanted);
    assert_has(&text, "pub struct DjangoMigrations {");
    assert_has(&text, "// The table `gone` is left out: the database has no such table\n");
}

#[test]
fn views_and_partitions_come_when_asked_for_and_stay_unmanaged() {
    let seen = Seen { what: What::View, ..table("v", vec![column("a", "text")], vec![]) };
    let part = Seen { what: What::Partition, ..table("p", vec![column("a", "text")], vec![]) };
    let unasked = Wanted { managed: true, ..Wanted::default() };
    assert_has(&models(Dialect::Postgres, &[seen.clone(), part.clone()], &unasked), "//!   none\n");
    let wanted = Wanted { views: true, partitions: true, managed: true, names: vec![] };
    let text = models(Dialect::Postgres, &[seen, part], &wanted);
    assert_eq!(text.matches("managed = false").count(), 4, "two notes and two options in\n{text}");
}

#[test]
fn a_model_that_is_not_in_the_file_is_brought_in_or_asked_for() {
    let seen = [
        table(
            "a",
            vec![id(), column("u_id", "integer"), column("o_id", "integer")],
            vec![key_to("auth_user", "u_id"), key_to("o", "o_id")],
        ),
        table("auth_user", vec![id()], vec![]),
        table("o", vec![id()], vec![]),
    ];
    let text = models(Dialect::Sqlite, &seen, &Wanted { names: vec!["a".to_owned()], ..Wanted::default() });
    assert_has(
        &text,
        "use quintet::apps::auth::models::User as AuthUser;\nuse quintet::prelude::*;\n// `O` is the model of the table `o`",
    );
}

#[test]
fn a_line_break_in_a_name_ends_no_comment_and_a_quote_no_text() {
    let hostile = "a\n}; fn main() {} //\"";
    let seen = Seen { what: What::Unreadable(hostile.to_owned()), ..table(hostile, vec![], vec![]) };
    let text = written(&[seen, table(hostile, vec![column(hostile, "text")], vec![])]);
    assert!(text.lines().all(|line| !line.starts_with("};")), "{text}");
    assert_has(&text, r#"db_table = "a\n}; fn main() {} //\"""#);
}

#[test]
fn two_thousand_columns_are_two_thousand_fields() {
    let columns = (0..2000).map(|number| column(&format!("Column {number}"), "text")).collect();
    let text = written(&[table("wide", columns, vec![])]);
    assert_eq!(text.matches(": Text,").count(), 2000);
}
