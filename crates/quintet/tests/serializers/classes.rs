//! Classes of fields of one's own, validators that say more than words, and serializers that are no objects in JSON.

use serde_json::json;

use crate::harness::{each, stocked};

#[test]
fn a_class_of_fields_reads_and_shows_a_models_column_in_its_own_way() {
    each(async |shop| {
        stocked(shop).await;
        let made = shop.post("/weighed/", json!({"label": "big", "weight": "12 kg"})).await;
        assert_eq!(made.json(), json!({"id": 3, "label": "big", "weight": "12 kg", "heaviness": 12}));
        let shown = shop.client.get("/weighed/").await.json();
        assert_eq!(shown[1], json!({"id": 2, "label": "old", "weight": "3 kg", "heaviness": 3}));
        for (given, words) in [
            (json!("12 stone"), "Ensure this field has no more than 6 characters."),
            (json!("12"), "Write `12 kg`."),
            (json!(null), "This field may not be null."),
        ] {
            let refused = shop.post("/weighed/", json!({"label": "x", "weight": given})).await;
            assert_eq!(refused.json(), json!({"weight": [words]}), "{given}");
        }
    });
}

#[test]
fn a_class_of_fields_stands_in_lists_and_has_other_words_for_its_codes() {
    each(async |shop| {
        let shown = shop.post("/scales/", json!({"all": ["1 kg", "2 kg"], "by_name": {"a": "3 kg"}})).await;
        assert_eq!(shown.json(), json!([{"all": ["1 kg", "2 kg"], "by_name": {"a": "3 kg"}}, 2]));
        let refused = shop.post("/scales/", json!({"all": ["1 kg", "x"], "by_name": {"a": 3}})).await;
        let expected = json!({"all": {"1": ["Kilograms, please."]}, "by_name": {"a": ["Write `12 kg`."]}});
        assert_eq!(refused.json(), expected);
    });
}

#[test]
fn a_validator_says_codes_and_members_and_knows_its_field() {
    each(async |shop| {
        assert_eq!(shop.post("/scales/", json!({"number": 3})).await.json(), json!({"number": ["Odd."]}));
        assert_eq!(shop.post("/scales/", json!({"number": 7})).await.json(), json!({"number": {"why": "number"}}));
    });
}

#[test]
fn a_unique_validator_looks_among_its_own_rows_in_its_own_way() {
    each(async |shop| {
        stocked(shop).await;
        assert_eq!(shop.post("/scales/", json!({"tag": "OLD"})).await.json(), json!({"tag": ["Heavy already."]}));
        assert_eq!(shop.post("/scales/", json!({"tag": "new"})).await.json(), json!([{"tag": "new"}, 1]));
    });
}

#[test]
fn a_serializer_may_be_text_in_json() {
    each(async |shop| {
        assert_eq!(shop.post("/scales/", json!({"range": "1-2"})).await.json(), json!([{"range": "1-2"}, 1]));
        let refused = shop.post("/scales/", json!({"range": "1-x"})).await;
        assert_eq!(refused.json(), json!({"range": {"high": ["A valid integer is required."]}}));
    });
}

#[test]
fn a_field_for_lists_of_serializers_says_of_all_of_them_what_a_list_says() {
    each(async |shop| {
        for (given, expected) in [
            (json!({}), json!({"listed": ["Expected a list of items but got type \"dict\"."]})),
            (
                json!([{"label": "a"}, {"label": "b"}]),
                json!({"listed": ["Ensure this field has no more than 1 elements."]}),
            ),
            (json!([{}]), json!({"listed": {"0": {"label": ["This field is required."]}}})),
        ] {
            assert_eq!(shop.post("/scales/", json!({"listed": given})).await.json(), expected, "{given}");
        }
    });
}
