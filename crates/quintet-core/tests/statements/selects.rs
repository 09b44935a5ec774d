//! What is given, in which order, and how many.

use quintet_core::query::{
    Combined, Distinct, Expr, Func, Lock, Part, Path, Query, Related, Select, SetOperation, Slice, Statement,
};
use quintet_core::schema::Value;
use quintet_core::sql::Dialect;

use crate::{Say, all, compiled, from, is, order, sql, text};

fn sliced(mut query: Query, offset: Option<i64>, limit: Option<i64>) -> Query {
    query.slice = Slice { offset: offset.map(Value::Int), limit: limit.map(Value::Int) };
    query
}

fn union(queries: Vec<Query>) -> Query {
    let mut query = all("Product");
    query.combined = Some(Box::new(Combined { operation: SetOperation::Union, all: false, queries }));
    query.by(&[])
}

#[test]
fn a_relation_is_ordered_by_as_its_model_is() {
    assert!(from(&all("Product").by(&["-category"])).ends_with(r#"ORDER BY "shop_category"."name" DESC"#));
}

#[test]
fn the_name_of_a_keys_value_is_ordered_by_itself() {
    assert_eq!(
        from(&all("Product").by(&["category_id"])),
        r#""shop_product" ORDER BY "shop_product"."category_id" ASC"#
    );
}

#[test]
fn a_reversed_order_is_turned_around() {
    let mut query = all("Product").by(&["name", "-price"]);
    query.reversed = true;
    assert!(from(&query).ends_with(r#""shop_product"."name" DESC, "shop_product"."price" ASC"#));
}

#[test]
fn ordering_by_an_annotation_tells_its_place() {
    let lower = Expr::Func(Func { name: "Lower".into(), args: vec![crate::f("label")] });
    assert!(sql(&all("Tag").annotate("low", lower).by(&["-low"])).ends_with("ORDER BY 4 DESC"));
}

#[test]
fn distinct_rows_give_what_they_are_ordered_by() {
    let mut query = all("Product").values(&["name"]).by(&["price"]);
    query.distinct = Distinct::Yes;
    let found = compiled(Dialect::Sqlite, &Statement::Select(&query)).expect("good").expect("rows");
    assert_eq!(found.outputs.iter().map(|output| output.part.clone()).collect::<Vec<_>>(), [Part::Value, Part::Hidden]);
}

#[test]
fn sqlite_needs_a_limit_before_an_offset() {
    assert!(from(&sliced(all("Tag"), Some(3), None)).ends_with("LIMIT -1 OFFSET $1"));
}

#[test]
fn slices_are_bound() {
    let query = sliced(all("Tag"), Some(3), Some(2));
    assert!(text(Dialect::Postgres, &Statement::Select(&query)).ends_with("LIMIT $1 OFFSET $2"));
}

#[test]
fn an_empty_slice_asks_nothing() {
    assert_eq!(from(&sliced(all("Tag"), None, Some(0))), "nothing");
}

#[test]
fn rows_along_a_key_come_by_the_same_statement() {
    let mut query = all("Product").by(&[]);
    query.related = Related::Paths(vec![Path::parse("category__parent")]);
    let found = compiled(Dialect::Sqlite, &Statement::Select(&query)).expect("good").expect("rows");
    let rows: Vec<_> = found.rows.iter().map(|row| (row.path.join("."), row.parent, row.is_optional)).collect();
    let expected = [("", None, false), ("category", Some(0), false), ("category.parent", Some(1), true)];
    assert_eq!(rows, expected.map(|(path, parent, optional)| (path.to_owned(), parent, optional)));
}

#[test]
fn all_rows_along_keys_are_those_of_keys_that_are_never_null() {
    let mut query = all("Product").by(&[]);
    query.related = Related::All;
    assert_eq!(from(&query).matches("JOIN").count(), 1);
}

#[test]
fn a_row_back_along_a_key_of_one_comes_too() {
    let mut query = all("Product").by(&[]);
    query.related = Related::Paths(vec![Path::parse("detail")]);
    assert!(from(&query).contains(r#"LEFT OUTER JOIN "shop_detail""#));
}

#[test]
fn only_some_fields_come_with_the_key() {
    let mut query = all("Product").by(&[]);
    query.select = Select::Only(vec![Path::parse("name")]);
    assert_eq!(sql(&query), r#"SELECT "shop_product"."id", "shop_product"."name" FROM "shop_product""#);
}

#[test]
fn deferred_fields_stay_away_and_the_key_does_not() {
    let mut query = all("Tag").by(&[]);
    query.select = Select::Defer(vec![Path::parse("weight"), Path::parse("pk")]);
    assert_eq!(sql(&query), r#"SELECT "shop_tag"."id", "shop_tag"."label" FROM "shop_tag""#);
}

#[test]
fn a_child_comes_with_the_columns_of_its_parent() {
    assert_eq!(
        sql(&all("Cafe")),
        r#"SELECT "shop_place"."id", "shop_place"."name", "shop_cafe"."place_ptr_id", "shop_cafe"."stars" FROM "shop_cafe" INNER JOIN "shop_place" ON ("shop_cafe"."place_ptr_id" = "shop_place"."id")"#
    );
}

#[test]
fn a_union_is_ordered_by_the_place_of_a_name() {
    let query =
        sliced(union(vec![all("Product").filter(is("id", 1)), all("Product").filter(is("id", 2))]), None, Some(1));
    let sql = sql(&query.by(&["-name"]));
    assert!(sql.contains(" UNION SELECT ") && sql.ends_with("ORDER BY 2 DESC LIMIT +$3"), "{sql}");
}

#[test]
fn a_union_leaves_out_what_has_no_rows() {
    let mut none = all("Product");
    none.is_none = true;
    assert!(!sql(&union(vec![none, all("Product")])).contains("UNION"));
}

#[test]
fn values_of_a_union_are_those_of_its_parts() {
    let query = union(vec![all("Product"), all("Product")]).values(&["name"]);
    assert_eq!(sql(&query).matches(r#"SELECT "shop_product"."name" AS "name" FROM"#).count(), 2);
}

#[test]
fn rows_are_locked_on_postgresql() {
    let mut query = all("Cafe");
    query.lock = Some(Lock { of: vec![Path::parse("self")], skip_locked: true, ..Lock::default() });
    assert!(text(Dialect::Postgres, &Statement::Select(&query)).ends_with(r#"FOR UPDATE OF "shop_cafe" SKIP LOCKED"#));
}

#[test]
fn a_parents_row_may_be_locked_by_its_link() {
    let mut query = all("Cafe");
    query.lock = Some(Lock { of: vec![Path::parse("place_ptr")], ..Lock::default() });
    assert!(text(Dialect::Postgres, &Statement::Select(&query)).ends_with(r#"FOR UPDATE OF "shop_place""#));
}

#[test]
fn sqlite_has_no_locks() {
    let mut query = all("Tag");
    query.lock = Some(Lock::default());
    assert_eq!(from(&query), r#""shop_tag""#);
}

#[test]
fn an_expression_is_ordered_by() {
    let mut query = all("Tag");
    query.ordering = order(Expr::Func(Func { name: "Lower".into(), args: vec![crate::f("label")] }));
    assert!(from(&query).contains("ORDER BY LOWER("), "{}", from(&query));
}
