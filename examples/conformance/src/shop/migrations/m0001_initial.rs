//! Creates `Product`, `Specimen`, `Supplier`, `Tag`, `Booking`, `Category`, `OnDelete`, `Order`, `ProductDetail`,
//! `OrderLine` and `Required`.

use quintet::migrations::*;

use crate::shop::models::fallback_category;

pub fn migration() -> Migration {
    Migration::new("0001_initial").initial().depends_on_user_model().operations(vec![
        create_model(
            "Product",
            vec![
                ("id", big_auto().primary_key()),
                ("name", char(40)),
                ("sku", slug().max_length(20).unique()),
                ("description", text().blank()),
                ("price", decimal(8, 2).rule(Rule::MinValue(dec("0.01")))),
                ("quantity", positive_integer().with_default(0)),
                (
                    "status",
                    char(10).with_default("draft").choices(vec![
                        ("draft".into(), "Draft"),
                        ("live".into(), "Live"),
                        ("gone".into(), "Gone for good"),
                    ]),
                ),
                ("released_on", date().null().blank()),
                ("created_at", date_time().auto_now_add()),
                ("updated_at", date_time().auto_now()),
            ],
            options().ordering(&["id"]),
        ),
        create_model(
            "Specimen",
            vec![
                ("id", big_auto().primary_key()),
                ("char", char(10).blank()),
                ("char_min", char(10).blank().rule(Rule::MinLength(3))),
                ("char_null", char(10).null().blank()),
                ("char_unique", char(10).null().blank().unique()),
                (
                    "char_regex",
                    char(10).blank().rule(Rule::Regex {
                        pattern: r"^[A-Z]{2}\d+$".to_owned(),
                        inverse: false,
                        flags: 0,
                    }),
                ),
                ("text", text().blank()),
                ("slug", slug().blank()),
                ("slug_unicode", slug().allow_unicode().blank()),
                ("email", email().blank()),
                ("url", url().blank()),
                ("ip", generic_ip_address().null().blank()),
                ("integer", integer().null().blank()),
                ("small", small_integer().null().blank()),
                ("big", big_integer().null().blank()),
                ("pos", positive_integer().null().blank()),
                ("pos_small", positive_small_integer().null().blank()),
                ("pos_big", positive_big_integer().null().blank()),
                ("bounded", integer().null().blank().rule(Rule::MinValue((-5).into())).rule(Rule::MaxValue(5.into()))),
                ("decimal", decimal(6, 2).null().blank()),
                ("decimal_wide", decimal(20, 10).null().blank()),
                ("floating", float().null().blank()),
                ("boolean", boolean().with_default(false)),
                ("boolean_null", boolean().null().blank()),
                ("date", date().null().blank()),
                ("datetime", date_time().null().blank()),
                ("time", time().null().blank()),
                ("duration", duration().null().blank()),
                ("uuid", uuid().null().blank()),
                ("json", json().null().blank()),
                (
                    "choice",
                    char(8).blank().choices(vec![
                        ("red".into(), "Red"),
                        ("green".into(), "Green"),
                        ("blue".into(), "Blue"),
                    ]),
                ),
                (
                    "choice_int",
                    integer().null().blank().choices(vec![(1.into(), "Low"), (2.into(), "Mid"), (3.into(), "High")]),
                ),
                ("binary", binary().null().blank()),
                ("file", file().upload_to("specimens/").null().blank()),
                ("auto_uuid", uuid().with_default(uuid_value("00000000-0000-4000-8000-000000000001")).not_editable()),
                ("db_defaulted", integer().db_default(7)),
                ("double", generated(f("db_defaulted") * 2, integer(), true)),
            ],
            options().verbose_name("lab specimen"),
        ),
        create_model(
            "Supplier",
            vec![
                ("id", big_auto().primary_key()),
                ("name", char(60).db_index()),
                ("email", email().unique()),
                ("website", url().blank()),
            ],
            options().db_table("shop_vendor"),
        ),
        create_model(
            "Tag",
            vec![
                ("id", big_auto().primary_key()),
                ("label", char(30).unique()),
                ("weight", integer().db_index().with_default(0)),
            ],
            options(),
        ),
        create_model(
            "Booking",
            vec![
                ("id", big_auto().primary_key()),
                ("room", char(10).unique_for_date("day")),
                ("day", date()),
                ("seat", integer().null().blank()),
                ("holder", char(10).blank().with_default("")),
            ],
            options()
                .constraint(unique("seat_holder", &["seat", "holder"]).message("Seat already held.").code("seat_taken"))
                .constraint(check("seat_not_negative", q("seat__gte", 0)).message("Seats start at zero.")),
        ),
        create_model(
            "Category",
            vec![
                ("id", big_auto().primary_key()),
                ("name", char(50).unique()),
                ("slug", slug().unique()),
                ("parent", foreign_key("shop.Category", OnDelete::Cascade).null().blank().related_name("children")),
            ],
            options().verbose_name_plural("categories").ordering(&["name"]),
        ),
        create_model(
            "OnDelete",
            vec![
                ("id", big_auto().primary_key()),
                ("cascade", foreign_key("shop.Category", OnDelete::Cascade).null().blank().related_name("od_cascade")),
                (
                    "do_nothing",
                    foreign_key("shop.Category", OnDelete::DoNothing)
                        .null()
                        .blank()
                        .no_db_constraint()
                        .related_name("od_do_nothing"),
                ),
                ("protect", foreign_key("shop.Category", OnDelete::Protect).null().blank().related_name("od_protect")),
                (
                    "restrict",
                    foreign_key("shop.Category", OnDelete::Restrict).null().blank().related_name("od_restrict"),
                ),
                (
                    "set_callable",
                    foreign_key("shop.Category", set_with(fallback_category))
                        .null()
                        .blank()
                        .related_name("od_set_callable"),
                ),
                (
                    "set_default",
                    foreign_key("shop.Category", OnDelete::SetDefault)
                        .null()
                        .blank()
                        .with_default(1)
                        .related_name("od_set_default"),
                ),
                (
                    "set_null",
                    foreign_key("shop.Category", OnDelete::SetNull).null().blank().related_name("od_set_null"),
                ),
            ],
            options(),
        ),
        create_model(
            "Order",
            vec![
                ("id", big_auto().primary_key()),
                ("number", char(12).unique()),
                ("placed_at", date_time()),
                ("customer", foreign_key(user_model(), OnDelete::Cascade).related_name("orders")),
            ],
            options(),
        ),
        create_model(
            "ProductDetail",
            vec![
                ("product", one_to_one("shop.Product", OnDelete::Cascade).primary_key().related_name("detail")),
                ("manual", text()),
                ("pages", positive_small_integer().with_default(1)),
            ],
            options(),
        ),
        add_field("product", "category", foreign_key("shop.Category", OnDelete::Protect).related_name("products")),
        create_model(
            "OrderLine",
            vec![
                ("id", big_auto().primary_key()),
                ("amount", positive_integer().rule(Rule::MinValue(1.into())).rule(Rule::MaxValue(99.into()))),
                ("unit_price", decimal(8, 2)),
                ("order", foreign_key("shop.Order", OnDelete::Cascade).related_name("lines")),
                ("product", foreign_key("shop.Product", OnDelete::Restrict)),
            ],
            options().unique_together(&["order", "product"]),
        ),
        add_field("order", "products", many_to_many("shop.Product").through("shop.OrderLine").related_name("orders")),
        add_field(
            "product",
            "supplier",
            foreign_key("shop.Supplier", OnDelete::SetNull).null().blank().related_name("products"),
        ),
        create_model(
            "Required",
            vec![
                ("id", big_auto().primary_key()),
                ("char", char(10)),
                ("text", text()),
                ("slug", slug()),
                ("email", email()),
                ("url", url()),
                ("integer", integer()),
                ("decimal", decimal(6, 2)),
                ("floating", float()),
                ("boolean", boolean()),
                ("date", date()),
                ("datetime", date_time()),
                ("time", time()),
                ("duration", duration()),
                ("uuid", uuid()),
                ("json", json()),
                ("choice", char(8).choices(vec![("red".into(), "Red"), ("green".into(), "Green")])),
                ("defaulted", integer().db_default(7)),
                ("category", foreign_key("shop.Category", OnDelete::Cascade)),
                ("many", many_to_many("shop.Tag").related_name("required_many")),
                ("one", one_to_one("shop.Tag", OnDelete::Cascade)),
            ],
            options(),
        ),
        add_field("product", "tags", many_to_many("shop.Tag").blank().related_name("products")),
        add_index("product", index(&["status", "-created_at"]).name("shop_produc_status_89e52f_idx")),
        add_index("product", index(&["price"]).name("shop_price_idx")),
        add_index("product", Index::on([lower("name")]).name("shop_lower_name_idx")),
        add_index("product", index(&["quantity"]).condition(q("status", "live")).name("shop_live_qty_idx")),
        add_constraint("product", unique("uniq_name_per_category", &["name", "category"])),
        add_constraint("product", check("quantity_sane", q("quantity__lte", 1000000))),
        add_constraint("product", unique("one_gone_per_supplier", &["supplier"]).condition(q("status", "gone"))),
    ])
}
