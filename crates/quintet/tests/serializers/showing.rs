//! Rows as JSON: from cells and from structs alike, with one query for each relation.

use quintet::testing::capture_queries;
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

/// The columns that the first statement of a path selects, without their tables.
async fn columns(shop: &Shop, path: &str) -> Vec<(String, String)> {
    let (answer, asked) = capture_queries(async || shop.client.get(path).await).await;
    assert_eq!(answer.status(), 200, "{path}: {}", answer.text());
    let first = asked.iter().find(|sql| sql.contains("\"shop_")).unwrap_or_else(|| panic!("{path}: {asked:?}"));
    let (selected, _) = first.trim_start_matches("SELECT ").split_once(" FROM ").expect("a selection");
    let bare = |name: &str| name.trim_matches('"').to_owned();
    let column = |text: &str| text.split_once('.').map(|(table, column)| (bare(table), bare(column)));
    selected.split(", ").map(|text| column(text).unwrap_or_else(|| panic!("{first}"))).collect()
}

fn of_table(columns: &[(String, String)], table: &str) -> String {
    let names: Vec<&str> = columns.iter().filter(|(of, _)| of == table).map(|(_, column)| &**column).collect();
    names.join(" ")
}

#[test]
fn a_list_fetches_the_columns_that_it_shows() {
    each(async |shop| {
        many(shop).await;
        let plain = columns(shop, "/plain/").await;
        assert_eq!(of_table(&plain, "shop_product"), "id name price category_id supplier_id");
        assert_eq!(of_table(&plain, "shop_category"), "id name", "the way to a name");
        assert_eq!(of_table(&plain, "shop_supplier"), "id name email website", "all that is nested");
        let shelves = columns(shop, "/shelves/").await;
        assert_eq!(of_table(&shelves, "shop_category"), "id name");
        // Who changes a representation, and functions of a row, may look at anything.
        assert_eq!(of_table(&columns(shop, "/loud/").await, "shop_tag"), "id label weight");
        let whole = of_table(&columns(shop, "/products/").await, "shop_product");
        assert!(whole.contains("sku description price quantity"), "{whole}");
        let away = of_table(&columns(shop, "/away/").await, "shop_product");
        assert!(away.contains("sku description price quantity"), "{away}");
        // What names a row may be any of its columns.
        let linked = columns(shop, "/linked/").await;
        assert_eq!(of_table(&linked, "shop_category"), of_table(&columns(shop, "/categories/").await, "shop_category"));
    });
}

#[test]
fn a_row_that_one_field_shows_a_value_of_and_a_function_looks_at_comes_whole() {
    each(async |shop| {
        many(shop).await;
        let rows = shop.client.get("/three-ways/").await.json();
        assert_eq!(rows, shop.client.get("/three-ways-of-structs/").await.json());
        assert_eq!((&rows[0]["category_name"], &rows[0]["shelf"]["label"]), (&json!("Tools"), &json!("Tools (tools)")));
        let columns = columns(shop, "/three-ways/").await;
        assert_eq!(of_table(&columns, "shop_product"), "id category_id", "of the product no more than is shown");
    });
}

#[test]
fn rows_behind_a_row_come_with_the_columns_that_are_shown() {
    each(async |shop| {
        many(shop).await;
        let lines: Vec<_> =
            (1..4).map(|amount| json!({"product": amount, "amount": amount, "unit_price": "1.00"})).collect();
        let order = json!({"number": "a", "placed_at": "2024-01-01T00:00:00Z", "lines": lines});
        assert_eq!(shop.post("/orders/", order).await.status(), 201);
        let (answer, asked) = capture_queries(async || shop.client.get("/hookless/").await).await;
        let shown = answer.json();
        let amounts = shown[0]["lines"].as_array().expect("lines").iter().map(|line| line["amount"].clone());
        assert_eq!(amounts.collect::<Vec<_>>(), [1, 2, 3]);
        let lines = asked.iter().find(|sql| sql.contains("FROM \"shop_orderline\"")).expect("the lines are asked for");
        assert!(lines.contains("\"amount\"") && lines.contains("\"product_id\""), "{lines}");
        let selected = lines.split(" FROM ").next().unwrap_or_default();
        assert_eq!(selected.matches("\"order_id\"").count(), 1, "only to know whose they are: {selected}");
    });
}

/// What a program chose itself, or what depends on whole rows, is left as it is.
#[test]
fn a_query_that_says_what_it_selects_selects_that() {
    each(async |shop| {
        many(shop).await;
        let distinct = of_table(&columns(shop, "/distinct/").await, "shop_product");
        assert!(distinct.contains("sku description price quantity"), "{distinct}");
        let counted = of_table(&columns(shop, "/annotated/").await, "shop_product");
        assert!(counted.contains("sku description price quantity"), "{counted}");
        let names = shop.client.get("/plain/").await.json();
        assert_eq!(shop.client.get("/distinct/").await.json(), names);
        assert_eq!(shop.client.get("/annotated/").await.json(), names);
    });
}
