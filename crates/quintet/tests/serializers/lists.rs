//! Lists of rows: their limits, and the hooks that look at, make and change all of them.

use serde_json::json;

use crate::harness::{each, stocked};

#[test]
fn a_list_has_limits() {
    each(async |shop| {
        for (given, words) in [
            (json!([]), "This list may not be empty."),
            (json!([{"label": "a"}]), "Ensure this field has at least 2 elements."),
            (json!([1, 2, 3, 4]), "Ensure this field has no more than 3 elements."),
            (json!({}), "Expected a list of items but got type \"dict\"."),
            (json!(null), "No data provided"),
        ] {
            assert_eq!(
                shop.post("/some/", given.clone()).await.json(),
                json!({"non_field_errors": [words]}),
                "{given}"
            );
        }
        let shown = shop.post("/some/", json!([{"label": "a"}, {"label": "b"}])).await;
        assert_eq!(shown.json(), json!([{"label": "a"}, {"label": "b"}]));
    });
}

#[test]
fn absent_fields_of_a_partial_list_are_left_out() {
    each(async |shop| {
        assert_eq!(shop.patch("/some/", json!([{}, {"weight": 2}])).await.json(), json!([0, 1]));
    });
}

#[test]
fn hooks_of_lists_look_at_all_rows_and_change_them() {
    each(async |shop| {
        stocked(shop).await;
        let twins = json!([{"label": "a"}, {"label": "a"}]);
        let refused = shop.post("/listed/", twins.clone()).await;
        assert_eq!(refused.json(), json!({"non_field_errors": ["Labels must differ."]}));
        // Within another serializer as well.
        let refused = shop.post("/boxes/", json!({"tags": twins})).await;
        assert_eq!(refused.json(), json!({"tags": {"non_field_errors": ["Labels must differ."]}}));
        let made = shop.post("/listed/", json!([{"label": "a"}, {"label": "b", "weight": 2}])).await;
        assert_eq!(made.json(), json!([{"id": 3, "label": "a", "weight": 0}, {"id": 4, "label": "b", "weight": 2}]));
        let changed = shop.put("/listed/", json!([{"label": "a", "weight": 9}, {"label": "c"}])).await;
        assert_eq!(changed.json(), json!([{"id": 3, "label": "a", "weight": 9}, {"id": 5, "label": "c", "weight": 0}]));
    });
}
