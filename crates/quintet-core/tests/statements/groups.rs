//! Aggregates: what is grouped by, what stands behind `HAVING`, and what needs a query inside.

use quintet_core::query::{Aggregate, Distinct, Expr, Func, Lock, Ordering, Query, Slice, Statement, Window};
use quintet_core::schema::Value;
use quintet_core::sql::Dialect;

use crate::{Say, all, compiled, count, f, from, is, sql, text};

fn counted(query: &Query) -> String {
    text(Dialect::Sqlite, &Statement::Count(query))
}

#[test]
fn an_aggregate_beside_rows_groups_by_all_their_columns() {
    let sql = sql(&all("Tag").annotate("n", count("products")));
    assert!(sql.ends_with(r#"GROUP BY "shop_tag"."id", "shop_tag"."label", "shop_tag"."weight""#), "{sql}");
}

#[test]
fn postgresql_groups_by_the_key_alone() {
    let query = all("Tag").annotate("n", count("products"));
    let sql = text(Dialect::Postgres, &Statement::Select(&query));
    assert!(sql.ends_with(r#"GROUP BY "shop_tag"."id""#), "{sql}");
}

#[test]
fn an_aggregate_behind_values_groups_by_the_values() {
    let sql = sql(&all("Product").values(&["category"]).annotate("n", count("pk")).by(&[]));
    assert!(sql.ends_with("GROUP BY 1"), "{sql}");
}

#[test]
fn values_behind_an_aggregate_do_not_change_the_groups() {
    let sql = sql(&all("Tag").annotate("n", count("products")).values(&["label"]));
    assert!(sql.ends_with(r#"GROUP BY "shop_tag"."id", 1, "shop_tag"."weight""#), "{sql}");
}

#[test]
fn the_models_own_order_makes_no_groups() {
    let sql = sql(&all("Product").values(&["category"]).annotate("n", count("pk")));
    assert!(!sql.contains("ORDER BY"), "{sql}");
}

#[test]
fn what_is_asked_of_groups_stands_behind_having() {
    let sql = sql(&all("Tag").annotate("n", count("products")).filter(is("n__gt", 1)).filter(is("weight", 2)));
    assert!(sql.contains(r#"WHERE "shop_tag"."weight" = "#) && sql.contains("HAVING COUNT("), "{sql}");
}

#[test]
fn an_or_of_rows_and_groups_is_asked_of_groups() {
    let either = quintet_core::query::Condition::Or(vec![is("n__gt", 1), is("weight", 2)]);
    let sql = sql(&all("Tag").annotate("n", count("products")).filter(either));
    assert!(!sql.contains("WHERE") && sql.contains("HAVING (COUNT("), "{sql}");
}

#[test]
fn all_rows_are_counted_by_one_statement() {
    assert_eq!(counted(&all("Tag")), r#"SELECT COUNT(*) AS "__count" FROM "shop_tag""#);
}

#[test]
fn rows_of_a_slice_are_counted_inside() {
    let mut query = all("Tag");
    query.slice = Slice { offset: None, limit: Some(Value::Int(3)) };
    assert_eq!(counted(&query), r#"SELECT COUNT(*) FROM (SELECT "shop_tag"."id" FROM "shop_tag" LIMIT +$1) subquery"#);
}

#[test]
fn distinct_rows_are_counted_inside_with_all_their_columns() {
    let mut query = all("Tag");
    query.distinct = Distinct::Yes;
    assert!(
        counted(&query).contains(r#"(SELECT DISTINCT "shop_tag"."id", "shop_tag"."label", "shop_tag"."weight" FROM"#)
    );
}

#[test]
fn an_annotation_that_no_one_counts_is_left_out() {
    let lower = Expr::Func(Func { name: "Lower".into(), args: vec![f("label")] });
    assert_eq!(counted(&all("Tag").annotate("low", lower)), r#"SELECT COUNT(*) AS "__count" FROM "shop_tag""#);
}

#[test]
fn an_aggregate_of_an_aggregate_is_over_a_query_inside() {
    let sum = Aggregate { name: "Sum".into(), args: vec![f("n")], ..Aggregate::default() };
    let values = [("total".into(), Expr::Aggregate(Box::new(sum)))];
    let query = all("Tag").annotate("n", count("products"));
    let sql = text(Dialect::Sqlite, &Statement::Aggregate(&query, &values));
    assert!(sql.starts_with(r#"SELECT SUM("n") FROM (SELECT COUNT("#), "{sql}");
}

#[test]
fn an_aggregate_over_no_rows_is_asked_all_the_same() {
    let values = [("n".into(), count("pk"))];
    let mut query = all("Tag");
    query.is_none = true;
    assert!(text(Dialect::Sqlite, &Statement::Aggregate(&query, &values)).ends_with("WHERE 0 = 1"));
}

#[test]
fn whether_there_is_a_row_is_asked_without_order_and_columns() {
    let sql = text(Dialect::Sqlite, &Statement::Exists(&all("Product")));
    assert_eq!(sql, r#"SELECT 1 AS "a" FROM "shop_product" LIMIT 1"#);
}

#[test]
fn the_first_values_of_several_queries_are_one_row() {
    let one = |name: &'static str, column: &'static str| all(name).filter(is(column, "x")).values(&[column]);
    let nothing = Query { is_none: true, ..one("Tag", "label") };
    let queries = [one("Tag", "label"), nothing, one("Product", "name")];
    let expected = concat!(
        r#"SELECT (SELECT "shop_tag"."label" AS "label" FROM "shop_tag" WHERE "shop_tag"."label" = $1 LIMIT 1) AS "0", "#,
        r#"NULL AS "1", "#,
        r#"(SELECT "shop_product"."name" AS "name" FROM "shop_product" WHERE "shop_product"."name" = $2 "#,
        r#"ORDER BY "shop_product"."id" ASC LIMIT 1) AS "2""#
    );
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        assert_eq!(text(dialect, &Statement::Firsts(&queries)), expected);
        assert_eq!(text(dialect, &Statement::Firsts(&[])), "nothing");
    }
    for refused in [all("Tag"), Query { lock: Some(Lock::default()), ..one("Tag", "label") }] {
        let refused = [one("Tag", "label"), refused];
        assert!(compiled(Dialect::Sqlite, &Statement::Firsts(&refused)).is_err());
    }
}

#[test]
fn a_condition_upon_a_window_stands_around_the_query() {
    let window = Window {
        of: Expr::Func(Func { name: "RowNumber".into(), args: vec![] }),
        partition_by: vec![f("weight")],
        order_by: vec![],
        frame: None,
    };
    let query =
        all("Tag").annotate("row", Expr::Window(Box::new(window))).filter(is("row", 1)).filter(is("label", "x"));
    let sql = sql(&query);
    assert!(sql.starts_with(r#"SELECT "col1", "col2", "col3", "row" FROM (SELECT "#), "{sql}");
    assert!(sql.ends_with(r#"WHERE "shop_tag"."label" = $1) "qualify" WHERE "row" = $2"#), "{sql}");
}

#[test]
fn equal_values_of_a_grouped_statement_are_one_place() {
    let named = Expr::Func(Func { name: "Concat".into(), args: vec![f("label"), Expr::Value(Value::from("!"))] });
    let mut query = all("Tag").annotate("named", named).values(&["named"]).annotate("n", count("pk"));
    query.ordering = Ordering::By(vec![]);
    let sql = text(Dialect::Postgres, &Statement::Select(&query));
    assert!(!sql.contains("$2"), "{sql}");
    assert!(from(&query).ends_with("GROUP BY 1"));
}
