//! What is refused, and that no text from outside becomes SQL.

use quintet_core::query::{
    Combined, Condition, Distinct, Expr, Operator, Path, Query, Raw, Related, SetOperation, Statement, Step,
};
use quintet_core::schema::Value;
use quintet_core::sql::Dialect;

use crate::{Say, all, count, f, is, outer, refused, refused_by, sql};

#[test]
fn an_unknown_name_tells_which_there_are() {
    assert_eq!(
        refused(&all("Tag").filter(is("lable", "x"))),
        "cannot resolve keyword `lable` into field; choices are: id, label, products, weight\nhint: did you mean `label`?"
    );
}

#[test]
fn an_unknown_lookup_tells_which_was_meant() {
    let error = refused(&all("Tag").filter(is("label__contain", "x")));
    assert!(
        error.starts_with("unsupported lookup `contain` for `CharField`") && error.contains("`contains`"),
        "{error}"
    );
}

#[test]
fn a_relation_takes_no_lookup_of_texts() {
    assert_eq!(refused(&all("Product").filter(is("category__contains", "x"))), "a relation takes no lookup `contains`");
}

#[test]
fn an_annotation_cannot_have_a_fields_name() {
    let error = refused(&all("Tag").annotate("label", count("products")));
    assert_eq!(error, "the annotation `label` conflicts with a field on the model");
}

#[test]
fn hostile_names_of_annotations_are_refused() {
    for name in ["a\"b", "a b", "a;b", "a--b", "a/*b", "a'b", "a`b", "a]b", "a#b", "a\u{1}b", "a\u{85}b", ""] {
        let error = refused(&all("Tag").step(Step::Annotate(name.into(), f("label"))));
        assert!(error.starts_with("a name of a value cannot contain"), "{name:?}: {error}");
    }
}

#[test]
fn hostile_paths_are_unknown_names() {
    for path in ["label\" OR 1=1 --", "weight);DROP TABLE x", "\u{1}", "pk'", "id__gt;"] {
        for query in [all("Tag").filter(is(path, 1)), all("Tag").by(&[path]), all("Tag").annotate("x", f(path))] {
            assert!(!refused(&query).is_empty(), "{path}");
        }
    }
}

#[test]
fn what_raw_sql_is_given_must_have_a_place() {
    let raw = |sql: &'static str| Expr::Raw(Raw { sql: sql.into(), values: vec![Value::Int(1)] });
    assert!(sql(&all("Tag").annotate("x", raw("weight + ? -- ??"))).contains("(weight + $1 -- ?)"));
    assert_eq!(refused(&all("Tag").annotate("x", raw("weight"))), "raw SQL has fewer places than values");
    assert_eq!(refused(&all("Tag").annotate("x", raw("? + ?"))), "raw SQL has more places than values");
}

#[test]
fn combined_queries_are_not_filtered() {
    let mut query = all("Tag");
    let queries = vec![all("Tag"), all("Tag")];
    query.combined = Some(Box::new(Combined { operation: SetOperation::Difference, all: false, queries }));
    let error = refused(&query.filter(is("id", 1)));
    assert_eq!(error, "calling `filter` after `difference` is not supported");
}

#[test]
fn sqlite_has_no_distinct_on_fields() {
    let mut query = all("Tag");
    query.distinct = Distinct::On(vec![Path::parse("label")]);
    assert_eq!(refused(&query), "distinct on fields is not supported by this database");
}

#[test]
fn only_relations_come_along() {
    let mut query = all("Product");
    query.related = Related::Paths(vec![Path::parse("name")]);
    assert_eq!(refused(&query), "`select_related` cannot follow `name`; choices are: category, supplier, detail");
}

#[test]
fn an_outer_reference_needs_an_outer_query() {
    let error = refused(&all("Tag").annotate("x", outer("label")));
    assert_eq!(error, "a reference to an outer query is only possible in a subquery");
}

#[test]
fn an_aggregate_of_an_aggregate_is_refused_beside_rows() {
    let query = all("Tag").annotate("n", count("products")).annotate("m", count("n"));
    assert!(refused(&query).starts_with("cannot compute `Count`"));
}

#[test]
fn a_sliced_query_is_neither_updated_nor_deleted() {
    let mut query = all("Tag");
    query.slice.limit = Some(Value::Int(1));
    let error = refused_by(Dialect::Sqlite, &Statement::Delete(&query));
    assert_eq!(error, "cannot delete a query once a slice has been taken");
}

#[test]
fn a_condition_nested_too_deep_is_refused_before_the_stack_is() {
    let mut condition = is("id", 1);
    for number in 0..1000 {
        condition = match number % 2 {
            0 => Condition::And(vec![condition]),
            _ => Condition::Or(vec![condition]),
        };
    }
    assert_eq!(refused(&all("Tag").filter(condition)), "a query is nested more than 100 times");
}

#[test]
fn an_expression_nested_too_deep_is_refused_before_the_stack_is() {
    let mut expr = f("weight");
    for _ in 0..1000 {
        expr = Expr::Combined(Box::new(expr), Operator::Add, Box::new(f("weight")));
    }
    assert_eq!(refused(&all("Tag").annotate("x", expr)), "a query is nested more than 100 times");
}

#[test]
fn queries_nested_too_deep_are_refused_before_the_stack_is() {
    let mut query = all("Tag");
    for _ in 0..200 {
        query = all("Tag").filter(Condition::Lookup(Path::parse("pk__in"), Expr::Subquery(Box::new(query))));
    }
    assert_eq!(refused(&query), "queries are nested more than 24 times");
}

#[test]
fn an_unknown_model_is_refused() {
    assert_eq!(refused(&Query::of("shop", "Nothing\"")), "there is no model `shop.Nothing\\\"`");
}
