//! The models that the queries are about.

use std::sync::OnceLock;

use quintet_core::query::Registry;
use quintet_core::schema::words::*;
use quintet_core::schema::{Field, ModelState, OnDelete, Options, ProjectState};

fn model(name: &str, options: Options, fields: Vec<(&str, Field)>) -> ModelState {
    let mut all = vec![];
    if !fields
        .iter()
        .any(|(_, field)| field.primary_key || field.clone() == composite_primary_key(&["shelf", "number"]))
    {
        all.push(("id".to_owned(), big_auto().primary_key()));
    }
    all.extend(fields.into_iter().map(|(name, field)| (name.to_owned(), field)));
    ModelState { app: "shop".to_owned(), fields: all, options, ..ModelState::new(name) }
}

/// The models, ready for queries.
pub(crate) fn registry() -> &'static Registry {
    static REGISTRY: OnceLock<Registry> = OnceLock::new();
    REGISTRY.get_or_init(|| Registry::new(&state(), "UTC").expect("good models"))
}

fn state() -> ProjectState {
    let link = one_to_one("shop.Place", OnDelete::Cascade).primary_key().parent_link();
    let mut cafe = model("Cafe", options(), vec![("place_ptr", link), ("stars", integer())]);
    cafe.bases = vec!["shop.place".to_owned()];
    let models = [
        model(
            "Category",
            options().ordering(&["name"]),
            vec![
                ("name", char(50)),
                ("parent", foreign_key("shop.Category", OnDelete::Cascade).null().related_name("children")),
            ],
        ),
        model("Tag", options(), vec![("label", char(30)), ("weight", integer())]),
        model("Supplier", options().db_table("shop_vendor"), vec![("name", char(60))]),
        model(
            "Product",
            options().ordering(&["id"]),
            vec![
                ("name", char(40)),
                ("price", integer()),
                ("note", char(40).null()),
                ("category", foreign_key("shop.Category", OnDelete::Protect).related_name("products")),
                ("supplier", foreign_key("shop.Supplier", OnDelete::SetNull).null().related_name("products")),
                ("tags", many_to_many("shop.Tag").related_name("products")),
            ],
        ),
        model(
            "Detail",
            options(),
            vec![
                ("product", one_to_one("shop.Product", OnDelete::Cascade).primary_key().related_name("detail")),
                ("pages", integer()),
            ],
        ),
        model("Place", options(), vec![("name", char(40))]),
        cafe,
        model(
            "Slot",
            options(),
            vec![("pk", composite_primary_key(&["shelf", "number"])), ("shelf", integer()), ("number", integer())],
        ),
    ];
    let mut state = ProjectState::default();
    models.into_iter().for_each(|model| state.models.insert(model.key(), model));
    state
}
