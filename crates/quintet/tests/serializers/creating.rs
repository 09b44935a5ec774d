//! New rows: what is refused, in which words, and what is made.

use serde_json::json;

use crate::harness::{each, stocked};

#[test]
fn a_row_is_made_with_its_many_to_many_fields_and_shown() {
    each(async |shop| {
        stocked(shop).await;
        let body = json!({
            "name": "Saw", "sku": "saw", "price": "7.5", "quantity": 2, "category": 1, "supplier": null, "tags": [2, 1],
        });
        let answer = shop.post("/products/", body).await;
        assert_eq!(answer.status(), 201, "{}", answer.text());
        let made = answer.json();
        assert_eq!(made["id"], 2);
        assert_eq!((&made["price"], &made["status"]), (&json!("7.50"), &json!("draft")));
        assert_eq!((&made["tags"], &made["category_name"]), (&json!([1, 2]), &json!("Tools")));
        assert_eq!((&made["supplier_info"], &made["in_stock"]), (&json!(null), &json!(true)));
        let names: Vec<&String> = made.as_object().expect("an object").keys().collect();
        assert_eq!(names.len(), 16, "{names:?}");
    });
}

#[test]
fn each_field_says_what_is_wrong_with_it_in_the_order_of_the_fields() {
    each(async |shop| {
        stocked(shop).await;
        let body =
            json!({"name": "", "sku": "not a slug", "price": "0.001", "quantity": -1, "status": "x", "tags": [1, 9]});
        let answer = shop.post("/products/", body).await;
        assert_eq!(answer.status(), 400);
        let expected = concat!(
            r#"{"name":["This field may not be blank."],"#,
            r#""sku":["Enter a valid \"slug\" consisting of letters, numbers, underscores or hyphens."],"#,
            r#""price":["Ensure that there are no more than 2 decimal places."],"#,
            r#""quantity":["Ensure this value is greater than or equal to 0."],"#,
            r#""status":["\"x\" is not a valid choice."],"category":["This field is required."],"#,
            r#""tags":["Invalid pk \"9\" - object does not exist."]}"#
        );
        assert_eq!(answer.text(), expected);
    });
}

#[test]
fn a_value_that_another_row_has_is_refused() {
    each(async |shop| {
        stocked(shop).await;
        let answer = shop.post("/tags/", json!({"label": "new"})).await;
        assert_eq!(
            (answer.status(), answer.text().as_str()),
            (400, r#"{"label":["tag with this label already exists."]}"#)
        );
    });
}

#[test]
fn a_function_of_a_field_is_asked_before_the_whole() {
    each(async |shop| {
        stocked(shop).await;
        let body = json!({"name": "Forbidden", "sku": "x", "price": 1, "category": 1, "status": "gone", "quantity": 1});
        assert_eq!(shop.post("/products/", body).await.text(), r#"{"name":["This name is not allowed."]}"#);
        let body = json!({"name": "Free", "sku": "x", "price": 1, "category": 1, "status": "gone", "quantity": 1});
        let answer = shop.post("/products/", body).await;
        assert_eq!(answer.text(), r#"{"non_field_errors":["A product that is gone cannot have stock."]}"#);
    });
}

#[test]
fn what_is_no_object_is_refused_by_its_type() {
    each(async |shop| {
        for (body, words) in [
            (json!([]), "Invalid data. Expected a dictionary, but got list."),
            (json!("x"), "Invalid data. Expected a dictionary, but got str."),
            (json!(1.5), "Invalid data. Expected a dictionary, but got float."),
            (json!(null), "No data provided"),
        ] {
            assert_eq!(shop.post("/tags/", body).await.json(), json!({"non_field_errors": [words]}));
        }
    });
}

#[test]
fn many_rows_are_made_at_once_and_problems_stand_under_their_numbers() {
    each(async |shop| {
        let answer = shop.post("/tags/bulk/", json!([{"label": "a"}, {"weight": "x"}, {"label": ""}])).await;
        let expected = concat!(
            r#"{"1":{"label":["This field is required."],"weight":["A valid integer is required."]},"#,
            r#""2":{"label":["This field may not be blank."]}}"#
        );
        assert_eq!((answer.status(), answer.text().as_str()), (400, expected));
        let answer = shop.post("/tags/bulk/", json!([{"label": "a"}, {"label": "b", "weight": 4}])).await;
        assert_eq!(answer.text(), r#"[{"id":1,"label":"a","weight":0},{"id":2,"label":"b","weight":4}]"#);
        let answer = shop.post("/tags/bulk/", json!({"label": "a"})).await;
        assert_eq!(answer.text(), r#"{"non_field_errors":["Expected a list of items but got type \"dict\"."]}"#);
    });
}

#[test]
fn what_the_serializer_says_of_a_field_goes_beyond_the_model() {
    each(async |shop| {
        let answer = shop.post("/short/", json!({"label": "too long", "weight": 0})).await;
        let expected = concat!(
            r#"{"label":["Ensure this field has no more than 5 characters."],"#,
            r#""weight":["Ensure this value is greater than or equal to 1."]}"#
        );
        assert_eq!(answer.text(), expected);
    });
}

#[test]
fn a_function_of_the_project_makes_the_row() {
    each(async |shop| {
        let answer = shop.post("/short/", json!({"label": "x"})).await;
        assert_eq!(answer.text(), r#"{"id":1,"label":"x","weight":7}"#);
    });
}

#[test]
fn functions_stand_for_reading_and_showing() {
    each(async |shop| {
        let answer = shop.post("/loud/", json!({"label": "LoUd"})).await;
        assert_eq!(answer.text(), r#"{"id":1,"label":"LOUD"}"#);
        assert_eq!(shop.client.get("/tags/").await.text(), r#"[{"id":1,"label":"loud","weight":0}]"#);
    });
}

#[test]
fn json_is_shown_as_it_was_given() {
    each(async |shop| {
        let answer = shop.post("/notes/", json!({"title": "x", "facts": {"bb": 1, "a": [1.0, null]}})).await;
        assert_eq!(answer.status(), 201, "{}", answer.text());
        let expected = r#"{"id":1,"title":"x","facts":{"bb":1,"a":[1.0,null]},"mark":null,"spent":null}"#;
        assert_eq!(answer.text(), expected);
    });
}
