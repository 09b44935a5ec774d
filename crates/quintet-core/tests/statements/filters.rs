//! What is filtered by, and what is joined for it.

use quintet_core::query::{Condition, Expr, Path, Statement, Step, shape, values};
use quintet_core::schema::Value;
use quintet_core::sql::Dialect;

use crate::{Say, all, compiled, from, is, not, outer, refused_by, text};

#[test]
fn a_key_that_cannot_be_null_is_joined_inside() {
    assert_eq!(
        from(&all("Product").filter(is("category__name", "x"))),
        r#""shop_product" INNER JOIN "shop_category" ON ("shop_product"."category_id" = "shop_category"."id") WHERE "shop_category"."name" = $1 ORDER BY "shop_product"."id" ASC"#
    );
}

#[test]
fn a_key_is_compared_without_a_join() {
    for path in ["category", "category_id", "category__id", "category__pk"] {
        let expected = r#""shop_product" WHERE "shop_product"."category_id" = $1 ORDER BY "shop_product"."id" ASC"#;
        assert_eq!(from(&all("Product").filter(is(path, 1))), expected, "{path}");
    }
}

#[test]
fn whether_a_key_is_null_is_asked_without_a_join() {
    let query = all("Product").filter(is("supplier__isnull", true)).by(&[]);
    assert_eq!(from(&query), r#""shop_product" WHERE "shop_product"."supplier_id" IS NULL"#);
}

#[test]
fn whether_there_is_a_row_back_is_asked_by_an_outer_join() {
    let query = all("Product").filter(is("detail__isnull", true)).by(&[]);
    assert_eq!(
        from(&query),
        r#""shop_product" LEFT OUTER JOIN "shop_detail" ON ("shop_product"."id" = "shop_detail"."product_id") WHERE "shop_detail"."product_id" IS NULL"#
    );
}

#[test]
fn an_or_over_two_relations_joins_both_outside() {
    let either = Condition::Or(vec![is("supplier__name", "x"), is("tags__label", "y")]);
    let sql = from(&all("Product").filter(either).by(&[]));
    assert_eq!(sql.matches("LEFT OUTER JOIN").count(), 3, "{sql}");
}

#[test]
fn an_or_makes_an_outer_join_of_what_a_part_of_it_alone_needs() {
    let both = Condition::And(vec![is("supplier__name", "x"), is("price", 1)]);
    let sql = from(&all("Product").filter(Condition::Or(vec![both, is("name", "y")])).by(&[]));
    assert!(sql.contains(r#"LEFT OUTER JOIN "shop_vendor""#), "{sql}");
}

#[test]
fn a_negated_and_over_two_relations_joins_both_outside() {
    let both = Condition::And(vec![is("supplier__name", "x"), is("detail__pages", 1)]);
    let sql = from(&all("Product").exclude(both).by(&[]));
    assert_eq!(sql.matches("LEFT OUTER JOIN").count(), 2, "{sql}");
}

#[test]
fn an_or_over_one_relation_joins_it_inside() {
    let either = Condition::Or(vec![is("supplier__name", "x"), is("supplier__name", "y")]);
    let sql = from(&all("Product").filter(either).by(&[]));
    assert!(sql.contains(r#"INNER JOIN "shop_vendor""#), "{sql}");
}

#[test]
fn a_further_condition_turns_an_outer_join_into_an_inner_one() {
    let either = Condition::Or(vec![is("supplier__name", "x"), is("price", 1)]);
    let sql = from(&all("Product").filter(either).filter(is("supplier__name", "y")).by(&[]));
    assert!(sql.contains(r#"INNER JOIN "shop_vendor""#) && !sql.contains("LEFT"), "{sql}");
}

#[test]
fn two_conditions_of_one_filter_mean_the_same_row() {
    let both = Condition::And(vec![is("tags__label", "x"), is("tags__weight", 1)]);
    let sql = from(&all("Product").filter(both).by(&[]));
    assert_eq!(sql.matches(r#""shop_tag""#).count(), sql.matches(r#""shop_tag"."#).count() + 1, "{sql}");
}

#[test]
fn two_filters_may_mean_two_rows() {
    let query = all("Product").filter(is("tags__label", "x")).filter(is("tags__label", "y")).by(&[]);
    let sql = from(&query);
    assert!(
        sql.contains(r#""shop_tag" "T5""#) && sql.ends_with(r#"("shop_tag"."label" = $1 AND "T5"."label" = $2)"#),
        "{sql}"
    );
}

#[test]
fn two_filters_over_a_key_share_its_join() {
    let query = all("Product").filter(is("supplier__name", "x")).filter(is("supplier__name__gt", "a")).by(&[]);
    assert_eq!(from(&query).matches("JOIN").count(), 1);
}

#[test]
fn what_is_excluded_of_a_relation_of_many_is_asked_by_a_subquery() {
    assert_eq!(
        from(&all("Product").exclude(is("tags__label", "x")).by(&[])),
        r#""shop_product" WHERE NOT (EXISTS(SELECT 1 AS "a" FROM "shop_product_tags" "U1" INNER JOIN "shop_tag" "U2" ON ("U1"."tag_id" = "U2"."id") WHERE ("U2"."label" = $1 AND "U1"."product_id" = ("shop_product"."id")) LIMIT 1))"#
    );
}

#[test]
fn a_negation_within_a_filter_means_the_row_that_the_filter_means() {
    let both = Condition::And(vec![is("tags__weight", 1), not(is("tags__label", "x"))]);
    let sql = from(&all("Product").filter(both).by(&[]));
    assert!(sql.contains(r#""U1"."id" = ("shop_product_tags"."id")"#), "{sql}");
}

#[test]
fn what_is_excluded_of_a_column_that_may_be_null_is_not_lost_in_nulls() {
    let query = all("Product").exclude(is("note", "x")).by(&[]);
    let expected = r#""shop_product" WHERE NOT ("shop_product"."note" = $1 AND "shop_product"."note" IS NOT NULL)"#;
    assert_eq!(from(&query), expected);
}

#[test]
fn what_is_excluded_of_a_column_that_is_never_null_is_plainly_negated() {
    let query = all("Product").exclude(is("price", 1)).by(&[]);
    assert_eq!(from(&query), r#""shop_product" WHERE NOT ("shop_product"."price" = $1)"#);
}

#[test]
fn a_negation_of_a_negation_is_none() {
    let query = all("Product").filter(not(not(is("tags__label", "x")))).by(&[]);
    assert!(from(&query).contains("INNER JOIN"), "{}", from(&query));
}

#[test]
fn an_odd_number_of_conditions_is_counted() {
    let odd = Condition::Xor(vec![is("price", 1), is("name", "x")]);
    let sql = from(&all("Product").filter(odd).by(&[]));
    assert!(sql.contains("CASE WHEN") && sql.contains(" OR "), "{sql}");
}

#[test]
fn a_parents_column_is_found_through_its_link() {
    let sql = from(&all("Cafe").filter(is("name", "x")).by(&[]));
    assert!(
        sql.starts_with(r#""shop_cafe" INNER JOIN "shop_place" ON ("shop_cafe"."place_ptr_id" = "shop_place"."id")"#),
        "{sql}"
    );
}

#[test]
fn nothing_is_asked_where_a_condition_is_never_true() {
    assert_eq!(from(&all("Product").filter(Condition::Never)), "nothing");
}

#[test]
fn every_row_comes_where_what_is_never_true_is_excluded() {
    assert_eq!(from(&all("Product").exclude(Condition::Never).by(&[])), r#""shop_product""#);
}

#[test]
fn an_empty_condition_in_an_or_says_nothing() {
    let query = all("Product").filter(Condition::Or(vec![Condition::And(vec![]), is("price", 1)])).by(&[]);
    assert_eq!(from(&query), r#""shop_product" WHERE "shop_product"."price" = $1"#);
}

#[test]
fn a_subquery_gives_its_key_and_has_aliases_of_its_own() {
    let cheap = all("Category").filter(is("name", "x"));
    let inside = Condition::Lookup(Path::parse("category__in"), Expr::Subquery(Box::new(cheap)));
    assert_eq!(
        from(&all("Product").filter(inside).by(&[])),
        r#""shop_product" WHERE "shop_product"."category_id" IN (SELECT "U0"."id" FROM "shop_category" "U0" WHERE "U0"."name" = $1)"#
    );
}

#[test]
fn a_subquery_in_a_subquery_has_the_next_letter() {
    let tags = all("Tag").filter(is("weight", 1));
    let products = all("Product").filter(Condition::Lookup(Path::parse("tags__in"), Expr::Subquery(Box::new(tags))));
    let inside = Condition::Lookup(Path::parse("products__in"), Expr::Subquery(Box::new(products)));
    let sql = from(&all("Category").filter(inside).by(&[]));
    assert!(sql.contains(r#"(SELECT "V0"."id" FROM "shop_tag" "V0""#), "{sql}");
}

#[test]
fn a_subquery_names_the_row_around_it() {
    let same = Condition::Lookup(Path::parse("category"), outer("pk"));
    let exists = Condition::Expr(Expr::Exists(Box::new(all("Product").filter(same))));
    assert_eq!(
        from(&all("Category").filter(exists).by(&[])),
        r#""shop_category" WHERE EXISTS(SELECT 1 AS "a" FROM "shop_product" "U0" WHERE "U0"."category_id" = ("shop_category"."id") LIMIT 1)"#
    );
}

#[test]
fn a_filtered_relation_carries_its_condition_in_the_join() {
    let step = Step::FilteredRelation("cheap".into(), Path::parse("products"), is("products__price__lt", 10));
    let query = all("Category").step(step).filter(is("cheap__name", "x")).by(&[]);
    assert_eq!(
        from(&query),
        r#""shop_category" INNER JOIN "shop_product" "cheap" ON ("shop_category"."id" = "cheap"."category_id" AND ("cheap"."price" < $1)) WHERE "cheap"."name" = $2"#
    );
}

#[test]
fn a_key_of_two_columns_is_compared_by_both() {
    let key = Expr::List(vec![Expr::Value(Value::Int(1)), Expr::Value(Value::Int(2))]);
    let query = all("Slot").filter(Condition::Lookup(Path::parse("pk"), key)).by(&[]);
    assert_eq!(from(&query), r#""shop_slot" WHERE ("shop_slot"."shelf" = $1 AND "shop_slot"."number" = $2)"#);
}

#[test]
fn keys_of_two_columns_with_a_null_are_not_looked_for() {
    let keys = Value::List(vec![[1, 2].into(), Value::List(vec![Value::Int(3), Value::Null])]);
    let query = all("Slot").filter(is("pk__in", keys)).by(&[]);
    assert_eq!(from(&query).matches("shelf").count(), 1);
}

/// Lists of keys whose length is chance would be as many statements.
#[test]
fn on_postgresql_a_list_of_numbers_is_one_value_however_many_they_are() {
    let numbers = |count: i64| Expr::Numbers(Value::List((0..count).map(Value::Int).collect()));
    let of = |path: &str, list: Expr| all("Product").filter(Condition::Lookup(Path::parse(path), list)).by(&[]);
    let [none, one, many] = [0, 1, 100].map(|count| of("category__in", numbers(count)).filter(is("name", "x")));
    let [none, one, many] = [&none, &one, &many].map(Statement::Select);
    let sql = text(Dialect::Postgres, &one);
    let (_, found) = sql.split_once(" WHERE ").expect("a condition");
    let expected = concat!(
        r#"("shop_product"."category_id" = ANY((SELECT $1::bigint[])::bigint[])"#,
        r#" AND "shop_product"."name" = $2)"#,
    );
    assert_eq!(found, expected);
    let shape_of = |statement: &Statement<'_>| {
        let mut found = vec![];
        shape(statement, &mut found);
        found
    };
    for other in [&none, &many] {
        assert_eq!((text(Dialect::Postgres, other), shape_of(other)), (sql.clone(), shape_of(&one)));
    }
    let given = values(&many);
    let compiled = compiled(Dialect::Postgres, &many).expect("a good statement").expect("rows");
    let bound = compiled.bind(Dialect::Postgres, "UTC", &given).expect("values");
    assert!(matches!(&bound[0], Value::List(list) if list.len() == 100) && bound[1] == Value::from("x"), "{bound:?}");

    let why = "a list of numbers is for `in` of a whole number on PostgreSQL";
    let gt = of("category__gt", numbers(1));
    assert!(refused_by(Dialect::Postgres, &Statement::Select(&gt)).contains(why));
    let text_column = of("name__in", numbers(1));
    assert!(refused_by(Dialect::Postgres, &Statement::Select(&text_column)).contains(why));
    assert!(refused_by(Dialect::Sqlite, &one).contains(why));
}
