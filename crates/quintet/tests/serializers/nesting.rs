//! Serializers within serializers.

use serde_json::json;

use crate::harness::{each, stocked};

#[allow(clippy::needless_pass_by_value, reason = "values are given as they are written")]
fn order(lines: serde_json::Value) -> serde_json::Value {
    json!({"number": "A1", "placed_at": "2024-01-31T12:00:00Z", "lines": lines})
}

#[test]
fn nested_rows_are_written_by_the_serializers_hooks() {
    each(async |shop| {
        stocked(shop).await;
        let answer = shop.post("/orders/", order(json!([{"product": 1, "amount": 2, "unit_price": "3.1"}]))).await;
        let expected = concat!(
            r#"{"id":1,"number":"A1","placed_at":"2024-01-31T12:00:00Z","#,
            r#""lines":[{"id":1,"product":1,"amount":2,"unit_price":"3.10"}]}"#
        );
        assert_eq!((answer.status(), answer.text().as_str()), (201, expected));
        let answer = shop.patch("/orders/1/", json!({"lines": []})).await;
        assert_eq!(answer.json()["lines"], json!([]));
        assert_eq!(shop.client.get("/orders/1/").await.json()["lines"], json!([]));
    });
}

#[test]
fn problems_of_nested_rows_stand_under_their_numbers() {
    each(async |shop| {
        stocked(shop).await;
        let lines = json!([{"product": 1, "amount": 2, "unit_price": 1}, {"product": 7, "amount": 0}]);
        let answer = shop.post("/orders/", order(lines)).await;
        let expected = concat!(
            r#"{"lines":{"1":{"product":["Invalid pk \"7\" - object does not exist."],"#,
            r#""amount":["Ensure this value is greater than or equal to 1."],"unit_price":["This field is required."]}}}"#
        );
        assert_eq!(answer.text(), expected);
        for (given, said) in [
            (json!({}), json!({"non_field_errors": ["Expected a list of items but got type \"dict\"."]})),
            (json!(null), json!(["This field may not be null."])),
            (json!([3]), json!({"0": {"non_field_errors": ["Invalid data. Expected a dictionary, but got int."]}})),
        ] {
            assert_eq!(shop.post("/orders/", order(given)).await.json(), json!({"lines": said}));
        }
    });
}

#[test]
fn nested_rows_are_not_written_without_a_hook() {
    each(async |shop| {
        stocked(shop).await;
        let answer = shop.post("/hookless/", order(json!([{"product": 1, "amount": 2, "unit_price": 1}]))).await;
        assert_eq!(answer.status(), 500);
        assert_eq!(shop.client.get("/orders/").await.text(), "[]");
    });
}

#[test]
fn a_depth_shows_rows_instead_of_keys() {
    each(async |shop| {
        stocked(shop).await;
        let expected = json!([{
            "id": 1,
            "category": {"id": 1, "name": "Tools", "slug": "tools", "parent": null},
            "supplier": {"id": 1, "name": "Acme", "email": "a@acme.example", "website": ""},
            "tags": [{"id": 1, "label": "new", "weight": 0}],
        }]);
        assert_eq!(shop.client.get("/deep/").await.json(), expected);
    });
}

#[test]
fn the_other_side_of_a_relation_is_a_list_of_keys() {
    each(async |shop| {
        stocked(shop).await;
        let expected = r#"[{"id":1,"name":"Tools","products":[1]},{"id":2,"name":"Toys","products":[]}]"#;
        assert_eq!(shop.client.get("/shelves/").await.text(), expected);
    });
}
