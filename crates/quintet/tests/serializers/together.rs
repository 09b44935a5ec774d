//! What several fields must be together.

use serde_json::json;

use crate::harness::{each, stocked};

#[test]
fn two_fields_are_unique_together() {
    each(async |shop| {
        stocked(shop).await;
        let body = json!({"name": "Hammer", "sku": "other", "price": 1, "category": 1});
        let answer = shop.post("/products/", body).await;
        let expected = r#"{"non_field_errors":["The fields name, category must make a unique set."]}"#;
        assert_eq!((answer.status(), answer.text().as_str()), (400, expected));
        let body = json!({"name": "Hammer", "sku": "other", "price": 1, "category": 2});
        assert_eq!(shop.post("/products/", body).await.status(), 201);
        let answer = shop.patch("/products/2/", json!({"category": 1})).await;
        assert_eq!(answer.text(), expected);
    });
}

#[test]
fn a_constraint_with_a_condition_is_asked_where_that_is_met() {
    each(async |shop| {
        stocked(shop).await;
        let body = |sku: &str, status: &str| json!({"name": sku, "sku": sku, "price": 1, "category": 1, "supplier": 1, "status": status});
        assert_eq!(shop.post("/products/", body("a", "gone")).await.status(), 201);
        assert_eq!(shop.post("/products/", body("b", "live")).await.status(), 201);
        let answer = shop.post("/products/", body("c", "gone")).await;
        assert_eq!(answer.status(), 400, "{}", answer.text());
        let expected = r#"{"non_field_errors":["The fields supplier must make a unique set."]}"#;
        assert_eq!(answer.text(), expected);
    });
}

#[test]
fn a_constraint_says_its_own_words_and_nulls_differ() {
    each(async |shop| {
        let body =
            |room: &str, seat: Option<i32>| json!({"room": room, "day": "2024-01-31", "seat": seat, "holder": "x"});
        assert_eq!(shop.post("/bookings/", body("a", Some(1))).await.status(), 201);
        let answer = shop.post("/bookings/", body("b", Some(1))).await;
        assert_eq!(answer.text(), r#"{"non_field_errors":["Seat already held."]}"#);
        assert_eq!(shop.post("/bookings/", body("b", None)).await.status(), 201);
        assert_eq!(shop.post("/bookings/", body("c", None)).await.status(), 201);
    });
}

#[test]
fn a_value_is_unique_for_a_date() {
    each(async |shop| {
        assert_eq!(shop.post("/bookings/", json!({"room": "a", "day": "2024-01-31"})).await.status(), 201);
        let answer = shop.post("/bookings/", json!({"room": "a", "day": "2024-01-31"})).await;
        assert_eq!(answer.text(), r#"{"room":["This field must be unique for the \"day\" date."]}"#);
        assert_eq!(shop.post("/bookings/", json!({"room": "a", "day": "2024-02-01"})).await.status(), 201);
        let answer = shop.patch("/bookings/1/", json!({"holder": "x"})).await;
        assert_eq!(answer.text(), r#"{"room":["This field is required."],"day":["This field is required."]}"#);
    });
}
