//! Updates, deletes and inserts.

use quintet_core::query::{Assign, Conflict, Expr, Insert, Operator, Outcome, Statement, compile};
use quintet_core::schema::Value;
use quintet_core::sql::Dialect;

use crate::{Say, all, f, is, models, refused_by, text};

fn set(field: &'static str, value: Expr) -> Assign {
    Assign { field: field.into(), value }
}

fn int(value: i64) -> Expr {
    Expr::Value(Value::Int(value))
}

fn insert(fields: &[&'static str], rows: Vec<Vec<Expr>>) -> Insert {
    let fields = fields.iter().map(|field| (*field).into()).collect();
    Insert { model: ("shop".into(), "Tag".into()), fields, rows, conflict: None, returning: vec!["id".into()] }
}

fn two() -> Insert {
    insert(&["label", "weight"], vec![vec![Expr::Value("x".into()), int(1)], vec![Expr::Value("y".into()), int(2)]])
}

#[test]
fn an_update_of_one_table_filters_by_itself() {
    let values = [set("price", Expr::Combined(Box::new(f("price")), Operator::Add, Box::new(int(1))))];
    let query = all("Product").filter(is("name", "x"));
    let sql = text(Dialect::Sqlite, &Statement::Update(&query, &values));
    assert_eq!(
        sql,
        r#"UPDATE "shop_product" SET "price" = ("shop_product"."price" + $1) WHERE "shop_product"."name" = $2"#
    );
}

#[test]
fn an_update_that_filters_by_a_relation_finds_keys_by_a_subquery() {
    let values = [set("price", int(1))];
    let query = all("Product").filter(is("category__name", "x"));
    let sql = text(Dialect::Sqlite, &Statement::Update(&query, &values));
    assert!(
        sql.contains(r#"WHERE "shop_product"."id" IN (SELECT "U0"."id" FROM "shop_product" "U0" INNER JOIN"#),
        "{sql}"
    );
}

#[test]
fn null_is_written_as_null() {
    let values = [set("note", Expr::Value(Value::Null))];
    assert!(text(Dialect::Sqlite, &Statement::Update(&all("Product"), &values)).ends_with(r#"SET "note" = NULL"#));
}

#[test]
fn an_update_does_not_take_values_over_relations() {
    let values = [set("name", f("category__name"))];
    let error = refused_by(Dialect::Sqlite, &Statement::Update(&all("Product"), &values));
    assert!(error.starts_with("a path over a relation is not permitted here"), "{error}");
}

#[test]
fn an_update_of_a_child_and_its_parent_is_made_of_parts() {
    let values = [set("name", Expr::Value("x".into())), set("stars", int(3))];
    let outcome = compile(models::registry(), Dialect::Sqlite, &Statement::Update(&all("Cafe"), &values));
    let Ok(Outcome::Split(split)) = outcome else { panic!("{outcome:?}") };
    let labels: Vec<_> =
        split.parts.iter().map(|part| (models::registry().model(part.model).label(), part.assigns.clone())).collect();
    assert_eq!(labels, [("shop.Cafe".to_owned(), vec![1]), ("shop.Place".to_owned(), vec![0])]);
}

#[test]
fn a_delete_over_a_relation_finds_keys_by_a_subquery() {
    let sql = text(Dialect::Sqlite, &Statement::Delete(&all("Product").filter(is("category__name", "x"))));
    assert!(sql.starts_with(r#"DELETE FROM "shop_product" WHERE "shop_product"."id" IN (SELECT "U0"."id""#), "{sql}");
}

#[test]
fn several_rows_are_inserted_by_one_statement() {
    assert_eq!(
        text(Dialect::Sqlite, &Statement::Insert(&two())),
        r#"INSERT INTO "shop_tag" ("label", "weight") VALUES ($1, $2), ($3, $4) RETURNING "shop_tag"."id""#
    );
}

#[test]
fn a_row_without_anything_has_its_key_made_by_the_database() {
    let row = insert(&[], vec![vec![]]);
    assert!(text(Dialect::Sqlite, &Statement::Insert(&row)).contains(r#"("id") VALUES (NULL)"#));
    assert!(text(Dialect::Postgres, &Statement::Insert(&row)).contains(r#"("id") VALUES (DEFAULT)"#));
}

#[test]
fn rows_that_are_there_are_left_or_updated() {
    let mut rows = two();
    rows.conflict = Some(Conflict::Ignore);
    assert!(text(Dialect::Postgres, &Statement::Insert(&rows)).contains("ON CONFLICT DO NOTHING RETURNING"));
    rows.conflict = Some(Conflict::Update { unique: vec!["label".into()], fields: vec!["weight".into()] });
    let sql = text(Dialect::Sqlite, &Statement::Insert(&rows));
    assert!(sql.contains(r#"ON CONFLICT ("label") DO UPDATE SET "weight" = EXCLUDED."weight""#), "{sql}");
}

#[test]
fn a_new_row_has_no_other_field_to_take() {
    let row = insert(&["weight"], vec![vec![f("id")]]);
    let error = refused_by(Dialect::Sqlite, &Statement::Insert(&row));
    assert!(error.contains("a new row has none yet"), "{error}");
}
