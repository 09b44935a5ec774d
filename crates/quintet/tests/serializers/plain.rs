//! Serializers without a model.

use serde_json::json;

use crate::harness::{each, stocked};

#[test]
fn what_was_validated_is_shown_without_being_saved() {
    each(async |shop| {
        stocked(shop).await;
        let answer = shop.post("/kitchen/", json!({})).await;
        assert_eq!((answer.status(), answer.text().as_str()), (200, "{}"));
        let body = json!({
            "ints": [1, "2"], "table": {"a": "x"}, "multi": ["b"], "regex": "123", "custom": " x ", "day": "31/01/2024",
            "normal": "1.5000", "nested": {"label": "l"}, "nested_list": [{"label": "m", "weight": 2}], "slug_rel": "old",
            "dotted": 3,
        });
        let answer = shop.post("/kitchen/", body).await;
        let expected = concat!(
            r#"{"ints":[1,2],"table":{"a":"x"},"multi":["b"],"regex":"123","custom":"x","day":"31/01/2024","#,
            r#""normal":"1.5","nested":{"label":"l"},"nested_list":[{"label":"m","weight":2}],"slug_rel":"old","dotted":3}"#
        );
        assert_eq!(answer.text(), expected);
    });
}

#[test]
fn their_fields_say_what_is_wrong() {
    each(async |shop| {
        stocked(shop).await;
        let body = json!({
            "ints": [1, "x", -1], "table": {}, "multi": [], "regex": "12", "custom": "", "nested": 3, "nested_list": [],
            "slug_rel": "nope",
        });
        let answer = shop.post("/kitchen/", body).await;
        let expected = json!({
            "ints": {"1": ["A valid integer is required."], "2": ["Ensure this value is greater than or equal to 0."]},
            "table": ["This dictionary may not be empty."],
            "multi": ["This selection may not be empty."],
            "regex": ["This value does not match the required pattern."],
            "custom": ["Say something."],
            "nested": {"non_field_errors": ["Invalid data. Expected a dictionary, but got int."]},
            "nested_list": {"non_field_errors": ["This list may not be empty."]},
            "slug_rel": ["Object with label=nope does not exist."],
        });
        assert_eq!(answer.json(), expected);
        let answer = shop.post("/kitchen/", json!({"ints": null, "nested": null})).await;
        let expected = json!({"ints": ["This field may not be null."], "nested": ["This field may not be null."]});
        assert_eq!(answer.json(), expected);
    });
}

#[test]
fn nested_values_are_unique_too() {
    each(async |shop| {
        stocked(shop).await;
        let answer = shop.post("/kitchen/", json!({"nested": {"label": "old"}})).await;
        assert_eq!(answer.json(), json!({"nested": {"label": ["tag with this label already exists."]}}));
    });
}
