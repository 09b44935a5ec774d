//! Rows as JSON: from cells and from structs alike, with one query for each relation.

use serde_json::json;

use crate::harness::{Shop, each, stocked};

async fn many(shop: &Shop) {
    stocked(shop).await;
    for number in 0..5 {
        let supplier = if number % 2 == 0 { json!(1) } else { json!(null) };
        let body = json!({
            "name": format!("p{number}"), "sku": format!("s{number}"), "price": number + 1, "category": number % 2 + 1,
            "supplier": supplier, "tags": [1, 2],
        });
        let answer = shop.post("/products/", body).await;
        assert_eq!(answer.status(), 201, "{}", answer.text());
    }
}

#[test]
fn cells_structs_and_rows_that_came_along_are_shown_alike() {
    each(async |shop| {
        many(shop).await;
        let cells = shop.client.get("/plain/").await.text();
        assert_eq!(cells, shop.client.get("/structs/").await.text());
        assert_eq!(cells, shop.client.get("/along/").await.text());
        let rows: serde_json::Value = serde_json::from_str(&cells).expect("JSON");
        assert_eq!(rows.as_array().map(Vec::len), Some(6));
        let expected = json!({
            "id": 1, "name": "Hammer", "price": "12.50", "category": 1, "category_name": "Tools", "supplier": 1,
            "supplier_info": {"id": 1, "name": "Acme", "email": "a@acme.example", "website": ""}, "tags": [1],
        });
        assert_eq!(rows[0], expected);
        assert_eq!(rows[2]["supplier_info"], json!(null));
    });
}

#[test]
fn a_list_with_methods_has_the_same_values_as_each_row() {
    each(async |shop| {
        many(shop).await;
        let list = shop.client.get("/products/").await.json();
        for row in list.as_array().expect("a list") {
            let one = shop.client.get(&format!("/products/{}/", row["id"])).await.json();
            assert_eq!(*row, one);
        }
    });
}

#[test]
fn values_of_all_kinds_are_written_as_the_reference_does() {
    each(async |shop| {
        let body = json!({
            "title": "é\u{2028}x", "mark": "{00000000-0000-4000-8000-00000000000A}", "spent": "1 02:03:04.5",
        });
        let answer = shop.post("/notes/", body).await;
        let expected = concat!(
            r#"{"id":1,"title":"é\u2028x","facts":null,"mark":"00000000-0000-4000-8000-00000000000a","#,
            r#""spent":"1 02:03:04.500000"}"#
        );
        assert_eq!(answer.text(), expected);
        assert_eq!(shop.client.get("/notes/").await.text(), format!("[{expected}]"));
    });
}

#[test]
fn a_way_that_leads_nowhere_is_left_out_or_has_its_default_or_is_null() {
    each(async |shop| {
        many(shop).await;
        let rows = shop.client.get("/away/").await.json();
        let lost = json!({"id": 3, "filled": "none", "nulled": null, "cost": 2.0, "line_count": null});
        let found = json!({
            "id": 1, "omitted": "Acme", "filled": "Acme", "nulled": "Acme", "cost": 12.5, "line_count": null,
        });
        assert_eq!((&rows[0], &rows[2]), (&found, &lost));
    });
}
