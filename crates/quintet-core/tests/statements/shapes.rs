//! Shapes: equal ones are served by one text, different ones are not.

use quintet_core::query::{Cache, Expr, Func, Outcome, Query, Statement, shape, values};
use quintet_core::schema::Value;
use quintet_core::sql::Dialect;

use crate::{Say, all, f, is, models};

fn bytes(query: &Query) -> Vec<u8> {
    let mut out = vec![];
    shape(&Statement::Select(query), &mut out);
    out
}

#[test]
fn other_values_are_the_same_shape() {
    let one = all("Tag").filter(is("label", "x")).filter(is("weight__in", [1, 2]));
    let other = all("Tag").filter(is("label", "yyy")).filter(is("weight__in", [7, 9]));
    assert_eq!(bytes(&one), bytes(&other));
}

#[test]
fn whatever_changes_the_text_is_another_shape() {
    let base = all("Tag").filter(is("label", "x")).filter(is("weight__in", [2, 3]));
    let mut sliced = base.clone();
    sliced.slice.limit = Some(Value::Int(2));
    let mut empty = base.clone();
    empty.slice.limit = Some(Value::Int(0));
    let mut reversed = base.clone();
    reversed.reversed = true;
    let lower = Expr::Func(Func { name: "Lower".into(), args: vec![f("label")] });
    let all = [
        base.clone(),
        sliced,
        empty,
        reversed,
        all("Tag").filter(is("label", Value::Null)).filter(is("weight__in", [2, 3])),
        all("Tag").filter(is("label", "x")).filter(is("weight__in", [2, 3, 4])),
        all("Tag").filter(is("label", "x")).exclude(is("weight__in", [2, 3])),
        all("Tag").filter(is("labe", "x")).filter(is("lweight__in", [2, 3])),
        base.clone().annotate("low", lower),
        base.by(&["weight"]),
    ];
    for (number, one) in all.iter().enumerate() {
        for other in &all[number + 1..] {
            assert_ne!(bytes(one), bytes(other), "{one:?} {other:?}");
        }
    }
}

#[test]
fn a_cached_statement_binds_the_values_of_each_query() {
    let cache: Cache = Cache::default();
    for label in ["x", "y"] {
        let query = all("Tag").filter(is("weight__in", [1, 2])).filter(is("label", label));
        let statement = Statement::Select(&query);
        let outcome = cache.compile(models::registry(), Dialect::Sqlite, &statement).expect("a statement");
        let Outcome::Sql(compiled) = outcome.as_ref() else { panic!("no SQL") };
        let bound = compiled.bind(Dialect::Sqlite, "UTC", &values(&statement)).expect("values");
        assert_eq!(bound, [Value::Int(1), Value::Int(2), Value::from(label)]);
    }
    assert_eq!(cache.len(), 1);
}

#[test]
fn a_cache_stays_small() {
    let cache = Cache::<Outcome>::new(16);
    for number in 0..500 {
        let mut query = all("Tag");
        query.ordering = quintet_core::query::Ordering::By(vec![]);
        let name = format!("name{number}");
        let query = query.step(quintet_core::query::Step::Annotate(name.into(), f("label")));
        cache.compile(models::registry(), Dialect::Sqlite, &Statement::Select(&query)).expect("a statement");
    }
    assert!(cache.len() <= 16, "{}", cache.len());
}
