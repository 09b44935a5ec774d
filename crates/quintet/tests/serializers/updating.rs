//! Rows that are changed: absent is not null, and what is unique is so among the others.

use quintet::prelude::*;
use quintet::testing::capture_queries;
use quintet_core::schema;
use quintet_core::sql::Dialect;
use quintet_db::Connection as _;
use quintet_db::query::save_with;

use crate::harness::{each, stocked};
use crate::models::{Holiday, Sale};

#[test]
fn a_part_of_a_row_is_changed_and_the_rest_stays() {
    each(async |shop| {
        stocked(shop).await;
        let answer = shop.patch("/products/1/", json!({"price": 3, "tags": [2]})).await;
        let row = answer.json();
        assert_eq!((&row["price"], &row["tags"], &row["name"]), (&json!("3.00"), &json!([2]), &json!("Hammer")));
        assert_eq!(shop.client.get("/products/1/").await.text(), answer.text());
    });
}

#[test]
fn a_whole_row_needs_what_is_required_and_takes_defaults_where_fields_are_unique_together() {
    each(async |shop| {
        stocked(shop).await;
        let answer = shop.put("/products/1/", json!({"name": "Hammer"})).await;
        let expected = concat!(
            r#"{"sku":["This field is required."],"price":["This field is required."],"#,
            r#""category":["This field is required."]}"#
        );
        assert_eq!(answer.text(), expected);
        let answer =
            shop.put("/products/1/", json!({"name": "Hammer", "sku": "hammer", "price": 1, "category": 1})).await;
        let row = answer.json();
        // The rule about products that are gone names both: they are reset, and nothing else is.
        assert_eq!((&row["supplier"], &row["status"]), (&json!(null), &json!("draft")));
        assert_eq!((&row["quantity"], &row["tags"]), (&json!(3), &json!([1])));
    });
}

#[test]
fn a_row_may_keep_what_only_it_has() {
    each(async |shop| {
        stocked(shop).await;
        assert_eq!(shop.patch("/tags/1/", json!({"label": "new"})).await.status(), 200);
        let answer = shop.patch("/tags/1/", json!({"label": "old"})).await;
        assert_eq!(answer.text(), r#"{"label":["tag with this label already exists."]}"#);
    });
}

#[test]
fn the_whole_is_validated_with_the_row_that_is_there() {
    each(async |shop| {
        stocked(shop).await;
        let answer = shop.patch("/products/1/", json!({"status": "gone"})).await;
        assert_eq!(answer.text(), r#"{"non_field_errors":["A product that is gone cannot have stock."]}"#);
        assert_eq!(shop.patch("/products/1/", json!({"status": "gone", "quantity": 0})).await.status(), 200);
    });
}

#[test]
fn of_two_indexed_columns_sqlite_is_given_the_one_that_changes() {
    each(async |shop| {
        let day = "2026-01-06".parse::<Date>().expect("a day");
        let holiday = create!(&shop.db, Holiday { day }).await.expect("a holiday");
        let mut sale = create!(&shop.db, Sale { code: "a", holiday: &holiday }).await.expect("a sale");
        let is_sqlite = shop.db.dialect() == Dialect::Sqlite;
        // Where both stay, the row is written all the same, as the reference does.
        for (code, is_spared) in [("b", is_sqlite), ("b", false)] {
            let values = vec![("code".to_owned(), schema::Value::from(code))];
            let (saved, queries) =
                capture_queries(async || save_with((&shop.db).into(), &mut sale, values).await).await;
            saved.expect("saved");
            let [update] = &queries[..] else { panic!("not one statement: {queries:?}") };
            let (set, _) = update.split_once(" WHERE ").expect("a condition");
            assert_eq!(!set.contains(r#""holiday_id" ="#), is_spared, "{update}");
        }
        assert_eq!(Sale::objects().get(&shop.db).await.expect("a sale").code, "b");
    });
}
