//! Rows of other models by key, by a field of theirs, by URL, and in words.

use quintet::prelude::*;
use quintet::testing::capture_queries;
use quintet_db::Connection as _;

use crate::harness::{each, stocked};
use crate::models::Holiday;

#[test]
fn a_key_is_taken_as_the_reference_takes_it() {
    each(async |shop| {
        stocked(shop).await;
        for (given, words) in [
            (json!(9), "Invalid pk \"9\" - object does not exist."),
            (json!(true), "Incorrect type. Expected pk value, received bool."),
            (json!("x"), "Incorrect type. Expected pk value, received str."),
            (json!([1]), "Incorrect type. Expected pk value, received list."),
            (json!({}), "Incorrect type. Expected pk value, received dict."),
            (json!("99999999999999999999"), "Invalid pk \"99999999999999999999\" - object does not exist."),
            (json!(""), "This field may not be null."),
            (json!(null), "This field may not be null."),
        ] {
            let answer = shop.patch("/products/1/", json!({"category": given})).await;
            assert_eq!(answer.json(), json!({"category": [words]}), "{given}");
        }
        for given in [json!(2), json!("2"), json!(2.0), json!(" 2 ")] {
            let answer = shop.patch("/products/1/", json!({"category": given})).await;
            assert_eq!(answer.json()["category"], 2, "{given}");
        }
        assert_eq!(shop.patch("/products/1/", json!({"supplier": ""})).await.json()["supplier"], json!(null));
    });
}

#[test]
fn several_keys_are_a_list() {
    each(async |shop| {
        stocked(shop).await;
        for (given, words) in [
            (json!("1"), "Expected a list of items but got type \"str\"."),
            (json!(1), "Expected a list of items but got type \"int\"."),
            (json!([1, "x"]), "Incorrect type. Expected pk value, received str."),
            (json!(null), "This field may not be null."),
        ] {
            let answer = shop.patch("/products/1/", json!({"tags": given})).await;
            assert_eq!(answer.json(), json!({"tags": [words]}), "{given}");
        }
        assert_eq!(shop.patch("/products/1/", json!({"tags": []})).await.json()["tags"], json!([]));
    });
}

#[test]
fn rows_are_named_by_a_field_of_theirs_by_url_and_in_words() {
    each(async |shop| {
        stocked(shop).await;
        let body = json!({
            "name": "Saw", "sku": "saw", "price": 1, "category": "toys", "tags": ["old", "new"],
            "supplier": "http://elsewhere.example/suppliers/1/",
        });
        let answer = shop.post("/linked/", body).await;
        let expected = concat!(
            r#"{"id":2,"name":"Saw","sku":"saw","price":"1.00","category":"toys","#,
            r#""supplier":"http://testserver/suppliers/1/","tags":["new","old"],"words":"Toys","#,
            r#""url":"http://testserver/products/2/"}"#
        );
        assert_eq!(answer.text(), expected);
        let body =
            json!({"name": "x", "sku": "x", "price": 1, "category": "nope", "tags": [5], "supplier": "/products/1/"});
        let expected = json!({
            "category": ["Object with slug=nope does not exist."],
            "tags": ["Object with label=5 does not exist."],
            "supplier": ["Invalid hyperlink - Incorrect URL match."],
        });
        assert_eq!(shop.post("/linked/", body).await.json(), expected);
        for (given, words) in [
            (json!("/nowhere/"), "Invalid hyperlink - No URL match."),
            (json!("/suppliers/9/"), "Invalid hyperlink - Object does not exist."),
            (json!(1), "Incorrect type. Expected URL string, received int."),
        ] {
            let body = json!({"name": "x", "sku": "x", "price": 1, "category": "toys", "supplier": given});
            assert_eq!(shop.post("/linked/", body).await.json(), json!({"supplier": [words]}));
        }
    });
}

#[test]
fn a_relation_may_be_one_of_its_own_rows_only_also_by_request() {
    each(async |shop| {
        stocked(shop).await;
        let child = json!({"name": "Saws", "slug": "saws", "parent": 1});
        assert_eq!(shop.post("/categories/", child).await.json()["id"], 3);
        assert_eq!(shop.patch("/chosen/1/", json!({"category": 2})).await.json()["category"], 2);
        let refused = shop.patch("/chosen/1/", json!({"category": 3, "supplier": 1})).await;
        let gone = |key| json!([format!("Invalid pk \"{key}\" - object does not exist.")]);
        assert_eq!(refused.json(), json!({"category": gone(3), "supplier": gone(1)}));
        let asked = shop.client.patch("/chosen/1/", json!({"supplier": 1})).header("x-supplier", "Acme");
        assert_eq!(asked.await.json()["supplier"], 1);
    });
}

#[test]
fn what_fields_look_up_is_one_question() {
    each(async |shop| {
        stocked(shop).await;
        let gone = json!(["Invalid pk \"9\" - object does not exist."]);
        let taken = json!(["product with this sku already exists."]);
        // Twice, as a statement is found again that was put together before.
        for (sku, category, supplier) in (0..16).map(|bits| (bits & 1, bits & 2, bits & 4)) {
            let mut expected = json!({});
            for (name, is_wrong, words) in
                [("sku", sku, &taken), ("category", category, &gone), ("supplier", supplier, &gone)]
            {
                if is_wrong > 0 {
                    expected[name] = words.clone();
                }
            }
            let body = json!({
                "name": "x", "sku": if sku > 0 { "hammer" } else { "free" }, "price": 0,
                "category": if category > 0 { 9 } else { 2 }, "supplier": if supplier > 0 { 9 } else { 1 },
            });
            expected["price"] = json!(["Ensure this value is greater than or equal to 0.01."]);
            let (answer, queries) = capture_queries(async || shop.post("/products/", body).await).await;
            assert_eq!(answer.json(), expected);
            assert_eq!(queries.len(), 1, "{queries:?}");
        }
        let body = json!({"name": "x", "sku": "free", "price": 1, "category": 2, "supplier": 1});
        let (answer, queries) = capture_queries(async || shop.post("/products/", body).await).await;
        assert_eq!(
            (answer.status(), &answer.json()["category"], &answer.json()["supplier"]),
            (201, &json!(2), &json!(1))
        );
        let asked = queries.iter().filter(|sql| sql.contains("\"shop_supplier\".\"id\" = $"));
        assert!(asked.clone().all(|sql| sql.contains("\"shop_category\"") && sql.contains("\"sku\" =")), "{queries:?}");
        assert_eq!(asked.count(), 1, "{queries:?}");
    });
}

#[test]
fn a_value_that_cannot_be_compared_says_nothing_of_what_is_looked_up_beside_it() {
    each(async |shop| {
        let day = "2026-01-06".parse::<Date>().expect("a day");
        let holiday = create!(&shop.db, Holiday { day }).await.expect("a holiday");
        let sold = shop.post("/sales/", json!({"code": "a", "holiday": "2026-01-06"})).await;
        assert_eq!(sold.json(), json!({"id": *holiday.id, "code": "a", "holiday": "2026-01-06"}));
        let taken = json!(["sale with this code already exists."]);
        for (day, words) in [
            ("never", "Object with day=never does not exist."),
            ("2026-01-07", "Object with day=2026-01-07 does not exist."),
        ] {
            let answer = shop.post("/sales/", json!({"code": "a", "holiday": day})).await;
            assert_eq!(answer.json(), json!({"code": taken, "holiday": [words]}));
            let answer = shop.post("/sales/", json!({"code": "b", "holiday": day})).await;
            assert_eq!(answer.json(), json!({"holiday": [words]}));
        }
        // The row is found, and only then it is asked whose it is.
        for (code, wrong) in [("a", json!({"code": taken})), ("b", json!({}))] {
            let mut wrong = wrong;
            wrong["holiday"] = json!(["sale with this holiday already exists."]);
            let answer = shop.post("/keyed-sales/", json!({"code": code, "holiday": *holiday.id})).await;
            assert_eq!(answer.json(), wrong);
        }
    });
}

#[test]
fn a_database_that_fails_is_asked_once_and_answers_500() {
    each(async |shop| {
        stocked(shop).await;
        let body = json!({"name": "x", "sku": "free", "price": 1, "category": 2, "supplier": 1});
        shop.db.script("ALTER TABLE shop_supplier RENAME TO elsewhere").await.expect("it goes");
        for _ in 0..2 {
            let (answer, queries) = capture_queries(async || shop.post("/products/", body.clone()).await).await;
            assert_eq!(answer.status(), 500);
            assert_eq!(queries.len(), 1, "{queries:?}");
        }
    });
}
