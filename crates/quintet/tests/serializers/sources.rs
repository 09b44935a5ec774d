//! Where values come from: what hangs on a row, its own functions, and what is asked for it.

use serde_json::json;

use crate::harness::{each, stocked};

#[test]
fn a_source_counts_picks_and_labels_what_hangs_on_a_row() {
    each(async |shop| {
        stocked(shop).await;
        let tools = json!({
            "id": 1, "text": "Tools", "shout": "TOOLS", "count": 1, "any": true, "first": "Hammer", "last": "Hammer",
            "state": "Draft", "asked": "12.50",
        });
        // Of none there is no first: it is left out, null, or the default.
        let toys = json!({
            "id": 2, "text": "Toys", "shout": "TOYS", "count": 0, "any": false, "last": null, "state": "none",
            "asked": null,
        });
        assert_eq!(shop.client.get("/hanging/").await.json(), json!([tools, toys]));
        assert_eq!(shop.client.get("/hanging/2/").await.json(), toys);
    });
}

#[test]
fn async_methods_are_asked_in_nested_serializers_too() {
    each(async |shop| {
        stocked(shop).await;
        let shown = shop.client.get("/hanging-products/").await.json();
        assert_eq!((&shown[0]["name"], &shown[0]["category"]["asked"]), (&json!("Hammer"), &json!("12.50")));
    });
}
