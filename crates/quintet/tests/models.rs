//! Structs become the states that the words of migrations describe: the models of the reference's test project.
#![allow(unreachable_pub)] // As a project writes them.

mod people {
    use quintet::prelude::*;

    #[derive(Model, Debug, Clone, PartialEq)]
    pub struct User {
        pub id: Auto,
        #[field(max_length = 150, unique)]
        pub username: String,
    }

    quintet::app! { auth, models = [User] }
}

mod shop {
    use quintet::prelude::*;

    use super::people::User;

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(ordering = "name", verbose_name_plural = "categories")]
    pub struct Category {
        pub id: BigAuto,
        #[field(max_length = 50, unique)]
        pub name: String,
        #[field(unique)]
        pub slug: Slug,
        #[field(on_delete = cascade, blank, related_name = "children")]
        pub parent: Option<ForeignKey<Self>>,
    }

    #[derive(Model, Debug, Clone, PartialEq)]
    pub struct Tag {
        pub id: BigAuto,
        #[field(max_length = 30, unique)]
        pub label: String,
        #[field(default = 0, db_index)]
        pub weight: i32,
    }

    #[derive(Choices, Debug, Clone, Copy, PartialEq)]
    pub enum Status {
        Draft,
        Live,
        #[choice(value = "gone", label = "Gone for good")]
        GoneForGood,
    }

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(
        ordering = ["id"],
        index(fields = ["status", "-created_at"]),
        index(fields = ["price"], name = "shop_price_idx"),
        index(expressions = [lower("name")], name = "shop_lower_name_idx"),
        index(fields = ["quantity"], condition = q("status", Status::Live), name = "shop_live_qty_idx"),
        unique(name = "uniq_name_per_category", fields = ["name", "category"]),
        check(name = "quantity_sane", condition = q("quantity__lte", 1_000_000)),
        unique(name = "one_gone_per_category", fields = ["category"], condition = q("status", "gone"))
    )]
    pub struct Product {
        pub id: BigAuto,
        #[field(max_length = 40)]
        pub name: String,
        #[field(max_length = 20, unique)]
        pub sku: Slug,
        #[field(blank)]
        pub description: Text,
        #[field(max_digits = 8, decimal_places = 2, validators = [min_value(Decimal::new(1, 2))])]
        pub price: Decimal,
        #[field(default = 0)]
        pub quantity: u32,
        #[field(max_length = 10, default = Status::Draft)]
        pub status: Status,
        #[field(blank)]
        pub released_on: Option<Date>,
        #[field(on_delete = protect, related_name = "products")]
        pub category: ForeignKey<Category>,
        #[field(blank, related_name = "products")]
        pub tags: ManyToMany<Tag>,
        #[field(auto_now_add)]
        pub created_at: DateTime,
        #[field(auto_now)]
        pub updated_at: DateTime,
    }

    #[derive(Model, Debug, Clone, PartialEq)]
    pub struct ProductDetail {
        #[field(on_delete = cascade, primary_key, related_name = "detail")]
        pub product: OneToOne<Product>,
        pub manual: Text,
        #[field(default = 1)]
        pub pages: u16,
    }

    #[derive(Model, Debug, Clone, PartialEq)]
    pub struct Order {
        pub id: BigAuto,
        #[field(max_length = 12, unique)]
        pub number: String,
        #[field(on_delete = cascade, related_name = "orders")]
        pub customer: ForeignKey<User>,
        pub placed_at: DateTime,
        #[field(related_name = "orders")]
        pub products: ManyToMany<Product, OrderLine>,
    }

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(unique_together = [["order", "product"]])]
    pub struct OrderLine {
        pub id: BigAuto,
        #[field(on_delete = cascade, related_name = "lines")]
        pub order: ForeignKey<Order>,
        #[field(on_delete = restrict)]
        pub product: ForeignKey<Product>,
        #[field(validators = [min_value(1), max_value(99)])]
        pub amount: u32,
        #[field(max_digits = 8, decimal_places = 2)]
        pub unit_price: Decimal,
    }

    pub fn fallback_category() -> i64 {
        7
    }

    #[derive(Model, Debug, Clone, PartialEq)]
    pub struct OnDelete {
        pub id: BigAuto,
        #[field(on_delete = set_null, blank, related_name = "od_set_null")]
        pub set_null: Option<ForeignKey<Category>>,
        #[field(on_delete = set_default, blank, default = 1, related_name = "od_set_default")]
        pub set_default: Option<ForeignKey<Category>>,
        #[field(on_delete = set(3), blank, related_name = "od_set")]
        pub set: Option<ForeignKey<Category>>,
        #[field(on_delete = set_with(fallback_category), blank, related_name = "od_set_callable")]
        pub set_callable: Option<ForeignKey<Category>>,
        #[field(on_delete = do_nothing, blank, related_name = "od_do_nothing", db_constraint = false)]
        pub do_nothing: Option<ForeignKey<Category>>,
    }

    #[derive(Choices, Debug, Clone, Copy, PartialEq)]
    pub enum Grade {
        Low = 1,
        Mid = 2,
        High = 3,
    }

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(verbose_name = "lab specimen")]
    pub struct Specimen {
        pub id: BigAuto,
        #[field(max_length = 10, blank)]
        pub char: String,
        #[field(max_length = 10, blank, validators = [min_length(3)])]
        pub char_min: String,
        #[field(max_length = 10, blank, unique)]
        pub char_unique: Option<String>,
        #[field(max_length = 10, blank, validators = [regex(r"^[A-Z]{2}\d+$")])]
        pub char_regex: String,
        #[field(blank, allow_unicode)]
        pub slug_unicode: Slug,
        #[field(blank)]
        pub email: Email,
        #[field(blank)]
        pub url: Url,
        #[field(blank, protocol = ipv4)]
        pub ip: Option<IpAddr>,
        #[field(blank)]
        pub small: Option<i16>,
        #[field(blank)]
        pub pos_big: Option<u64>,
        #[field(max_digits = 20, decimal_places = 10, blank)]
        pub decimal_wide: Option<Decimal>,
        #[field(blank)]
        pub floating: Option<f64>,
        #[field(default = false)]
        pub boolean: bool,
        #[field(blank)]
        pub time: Option<Time>,
        #[field(blank)]
        pub duration: Option<Duration>,
        #[field(blank)]
        pub uuid: Option<Uuid>,
        #[field(blank)]
        pub json: Option<Json>,
        #[field(max_length = 8, blank, choices = [("red", "Red"), ("Others", [("lime", "Lime")])])]
        pub choice: String,
        #[field(blank)]
        pub choice_int: Option<Grade>,
        #[field(blank)]
        pub binary: Option<Binary>,
        #[field(upload_to = "specimens/", blank)]
        pub file: Option<File>,
        #[field(upload_to = "faces/", width_field = "pos_big")]
        pub image: Image,
        #[field(path = "/srv", matching = r"\.txt$", recursive)]
        pub chosen: FilePath,
        #[field(default = Uuid::from_u128(1), editable = false)]
        pub auto_uuid: Uuid,
        #[field(default = models::new_uuid)]
        pub new_uuid: Uuid,
        #[field(db_default = 7, error_messages(invalid = "no number"))]
        pub db_defaulted: i32,
        #[field(expression = f("db_defaulted") * 2, db_persist)]
        pub double: Generated<i32>,
    }

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(
        unique(name = "seat_holder", fields = ["seat", "holder"], message = "Seat already held.", code = "seat_taken"),
        check(name = "seat_not_negative", condition = q("seat__gte", 0), message = "Seats start at zero.")
    )]
    pub struct Booking {
        pub id: BigAuto,
        #[field(max_length = 10, unique_for_date = "day")]
        pub room: String,
        pub day: Date,
        #[field(blank)]
        pub seat: Option<i32>,
        #[field(max_length = 10, blank, default = "")]
        pub holder: String,
    }

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(abstract)]
    pub struct Stamps {
        #[field(auto_now_add)]
        pub created_at: DateTime,
        #[field(auto_now)]
        pub updated_at: DateTime,
    }

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(primary_key = ["room", "number"], permissions = [("polish", "Can polish")], default_permissions = [])]
    pub struct Seat {
        pub room: i32,
        #[field(renamed_from = "place")]
        pub number: i32,
        #[field(flatten)]
        pub stamps: Stamps,
    }

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(order_with_respect_to = "category", managed = false, db_table = "old")]
    pub struct Bargain {
        #[field(parent)]
        pub product: Parent<Product>,
        #[field(on_delete = cascade)]
        pub category: ForeignKey<Category>,
    }

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(proxy, ordering = "-name", managers(open = Manager))]
    pub struct OpenProduct(pub Product);

    pub struct Manager;

    quintet::app! {
        shop,
        models = [
            Category, Tag, Product, ProductDetail, Order, OrderLine, OnDelete, Specimen, Booking, Seat, Bargain, OpenProduct,
        ],
        migrations = migrations::all(),
    }

    mod migrations {
        use quintet::migrations::*;

        pub(super) fn all() -> Vec<Migration> {
            vec![Migration::new("0001_initial").operations(vec![delete_model("Tag")])]
        }
    }
}

use quintet::migrations::*;
use quintet::models::{Choices, Model, ModelState};
use quintet::registry::{all_migrations, project_state};

/// The state that the structs declare, and the same in words.
#[track_caller]
fn same(model: &str, fields: Vec<(&str, Field)>, options: Options) {
    let declared = project_state(&[people::app(), shop::app()], "auth.User");
    let mut words = ModelState::new(model);
    words.app = "shop".to_owned();
    words.fields = fields.into_iter().map(|(name, field)| (name.to_owned(), field)).collect();
    words.options = options;
    words.resolve(&declared.user_model);
    words.name_indexes();
    let found = declared.model("shop", model).expect("it is in the app's list");
    let expected: Vec<&str> = words.fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(found.fields.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), expected);
    for (name, field) in &words.fields {
        assert_eq!(found.field(name), Some(field), "{model}.{name}");
    }
    assert_eq!(found.options, words.options);
}

fn id() -> Field {
    big_auto().primary_key()
}

#[test]
fn a_key_may_refer_to_its_own_model() {
    same(
        "Category",
        vec![
            ("id", id()),
            ("name", char(50).unique()),
            ("slug", slug().unique()),
            ("parent", foreign_key("self", OnDelete::Cascade).null().blank().related_name("children")),
        ],
        options().ordering(&["name"]).verbose_name_plural("categories"),
    );
}

#[test]
fn a_default_is_data() {
    same(
        "Tag",
        vec![("id", id()), ("label", char(30).unique()), ("weight", integer().with_default(0).db_index())],
        options(),
    );
}

#[test]
fn indexes_constraints_and_choices_are_data() {
    let status = vec![("draft".into(), "Draft"), ("live".into(), "Live"), ("gone".into(), "Gone for good")];
    same(
        "Product",
        vec![
            ("id", id()),
            ("name", char(40)),
            ("sku", slug().max_length(20).unique()),
            ("description", text().blank()),
            ("price", decimal(8, 2).rule(Rule::MinValue(Value::Decimal("0.01".to_owned())))),
            ("quantity", positive_integer().with_default(0)),
            ("status", char(10).choices(status).with_default("draft")),
            ("released_on", date().null().blank()),
            ("category", foreign_key("Category", OnDelete::Protect).related_name("products")),
            ("tags", many_to_many("shop.Tag").blank().related_name("products")),
            ("created_at", date_time().auto_now_add()),
            ("updated_at", date_time().auto_now()),
        ],
        options()
            .ordering(&["id"])
            .index(index(&["status", "-created_at"]))
            .index(index(&["price"]).name("shop_price_idx"))
            .index(Index::on([lower("name")]).name("shop_lower_name_idx"))
            .index(index(&["quantity"]).condition(q("status", "live")).name("shop_live_qty_idx"))
            .constraint(unique("uniq_name_per_category", &["name", "category"]))
            .constraint(check("quantity_sane", q("quantity__lte", 1_000_000)))
            .constraint(unique("one_gone_per_category", &["category"]).condition(q("status", "gone"))),
    );
}

#[test]
fn a_key_can_be_the_primary_key() {
    same(
        "ProductDetail",
        vec![
            ("product", one_to_one("Product", OnDelete::Cascade).primary_key().related_name("detail")),
            ("manual", text()),
            ("pages", positive_small_integer().with_default(1)),
        ],
        options(),
    );
}

#[test]
fn a_key_to_the_user_model_is_one_to_whichever_it_is() {
    same(
        "Order",
        vec![
            ("id", id()),
            ("number", char(12).unique()),
            ("customer", foreign_key(user_model(), OnDelete::Cascade).related_name("orders")),
            ("placed_at", date_time()),
            ("products", many_to_many("Product").through("OrderLine").related_name("orders")),
        ],
        options(),
    );
    let declared = project_state(&[people::app(), shop::app()], "auth.User");
    let order = declared.model("shop", "Order").expect("it is there");
    let customer = order.field("customer").and_then(|field| field.relation()).expect("a key");
    assert!(customer.to.is_user_model);
}

#[test]
fn a_model_may_stand_between_two_that_refer_to_it() {
    same(
        "OrderLine",
        vec![
            ("id", id()),
            ("order", foreign_key("Order", OnDelete::Cascade).related_name("lines")),
            ("product", foreign_key("Product", OnDelete::Restrict)),
            ("amount", positive_integer().rule(Rule::MinValue(1.into())).rule(Rule::MaxValue(99.into()))),
            ("unit_price", decimal(8, 2)),
        ],
        options().unique_together(&["order", "product"]),
    );
}

#[test]
fn every_rule_of_a_key_is_data() {
    let key = |rule, way_back: &str| foreign_key("Category", rule).null().blank().related_name(way_back);
    same(
        "OnDelete",
        vec![
            ("id", id()),
            ("set_null", key(OnDelete::SetNull, "od_set_null")),
            ("set_default", key(OnDelete::SetDefault, "od_set_default").with_default(1)),
            ("set", key(OnDelete::Set(3.into()), "od_set")),
            ("set_callable", key(OnDelete::SetWith(Function::of(shop::fallback_category)), "od_set_callable")),
            ("do_nothing", key(OnDelete::DoNothing, "od_do_nothing").no_db_constraint()),
        ],
        options(),
    );
}

#[test]
fn every_kind_of_field_has_a_type() {
    let uuid_one = Value::Uuid("00000000-0000-0000-0000-000000000001".to_owned());
    let pattern = r"^[A-Z]{2}\d+$".to_owned();
    same(
        "Specimen",
        vec![
            ("id", id()),
            ("char", char(10).blank()),
            ("char_min", char(10).blank().rule(Rule::MinLength(3))),
            ("char_unique", char(10).null().blank().unique()),
            ("char_regex", char(10).blank().rule(Rule::Regex { pattern, inverse: false, flags: 0 })),
            ("slug_unicode", slug().blank().allow_unicode()),
            ("email", email().blank()),
            ("url", url().blank()),
            ("ip", generic_ip_address().null().blank().protocol(IpProtocol::Ipv4)),
            ("small", small_integer().null().blank()),
            ("pos_big", positive_big_integer().null().blank()),
            ("decimal_wide", decimal(20, 10).null().blank()),
            ("floating", float().null().blank()),
            ("boolean", boolean().with_default(false)),
            ("time", time().null().blank()),
            ("duration", duration().null().blank()),
            ("uuid", uuid().null().blank()),
            ("json", json().null().blank()),
            (
                "choice",
                char(8)
                    .blank()
                    .choices(vec![("red".into(), "Red")])
                    .choice_group("Others", vec![("lime".into(), "Lime")]),
            ),
            (
                "choice_int",
                integer().null().blank().choices(vec![(1.into(), "Low"), (2.into(), "Mid"), (3.into(), "High")]),
            ),
            ("binary", binary().null().blank()),
            ("file", file().null().blank().upload_to("specimens/")),
            ("image", image().upload_to("faces/").dimensions(Some("pos_big"), None)),
            ("chosen", file_path("/srv").choosing(Some(r"\.txt$"), true, true, false)),
            ("auto_uuid", uuid().with_default(uuid_one).not_editable()),
            ("new_uuid", {
                let mut field = uuid();
                field.default = Some(Initial::Function(Function::new("quintet::models::new_uuid", || 0)));
                field
            }),
            ("db_defaulted", integer().db_default(7).error_message("invalid", "no number")),
            ("double", generated(f("db_defaulted") * 2, integer(), true)),
        ],
        options().verbose_name("lab specimen"),
    );
}

#[test]
fn constraints_have_words_of_their_own() {
    same(
        "Booking",
        vec![
            ("id", id()),
            ("room", char(10).unique_for_date("day")),
            ("day", date()),
            ("seat", integer().null().blank()),
            ("holder", char(10).blank().with_default("")),
        ],
        options()
            .constraint(unique("seat_holder", &["seat", "holder"]).message("Seat already held.").code("seat_taken"))
            .constraint(check("seat_not_negative", q("seat__gte", 0)).message("Seats start at zero.")),
    );
}

#[test]
fn a_primary_key_may_have_several_fields_and_fields_may_be_shared() {
    same(
        "Seat",
        vec![
            ("pk", composite_primary_key(&["room", "number"])),
            ("room", integer()),
            ("number", integer()),
            ("created_at", date_time().auto_now_add()),
            ("updated_at", date_time().auto_now()),
        ],
        options().permission("polish", "Can polish").default_permissions(&[]),
    );
    let key: <shop::Seat as Model>::Key = (1, 2);
    assert_eq!(key, (1_i32, 2_i32));
}

#[test]
fn a_child_has_a_link_to_its_parent() {
    same(
        "Bargain",
        vec![
            ("product_ptr", one_to_one("Product", OnDelete::Cascade).parent_link().primary_key()),
            ("category", foreign_key("Category", OnDelete::Cascade)),
        ],
        options().order_with_respect_to("category").unmanaged().db_table("old"),
    );
    let declared = project_state(&[people::app(), shop::app()], "auth.User");
    assert_eq!(declared.model("shop", "Bargain").expect("it is there").bases, ["shop.product"]);
}

#[test]
fn a_proxy_is_a_struct_around_its_base() {
    same("OpenProduct", vec![], options().proxy().ordering(&["-name"]));
    let declared = project_state(&[people::app(), shop::app()], "auth.User");
    let proxy = declared.model("shop", "OpenProduct").expect("it is there");
    assert_eq!(proxy.bases, ["shop.product"]);
    assert_eq!(proxy.managers, [Manager { name: "open".to_owned(), path: "models::shop::Manager".to_owned() }]);
}

#[test]
fn a_field_remembers_the_name_that_it_had() {
    let declared = project_state(&[people::app(), shop::app()], "auth.User");
    let number = declared.model("shop", "Seat").and_then(|seat| seat.field("number")).expect("it is there");
    assert_eq!(number.renamed_from.0.as_deref(), Some("place"));
}

#[test]
fn a_model_and_its_fields_know_where_they_stand() {
    let source = include_str!("models.rs");
    let line = |text: &str| source.lines().position(|line| line.contains(text)).expect("it stands here") + 1;
    let def = shop::Category::DEF;
    assert_eq!(def.place(None), format!("{}:{}", file!(), line("pub struct Category {")));
    assert_eq!(def.place(Some("slug")), format!("{}:{}", file!(), line("pub slug: Slug,")));
}

#[test]
fn a_migration_gets_the_label_of_its_app() {
    let all = all_migrations(&[people::app(), shop::app()]);
    assert_eq!(all.iter().map(Migration::label).collect::<Vec<_>>(), ["shop.0001_initial"]);
}

#[test]
fn a_choice_has_a_value_and_a_label() {
    assert_eq!(shop::Status::GoneForGood.label(), "Gone for good");
    assert_eq!(shop::Status::GoneForGood.value(), Value::from("gone"));
    assert_eq!(shop::Status::from_value(&"live".into()), Some(shop::Status::Live));
    assert_eq!(shop::Status::from_value(&"dead".into()), None);
    assert_eq!(shop::Grade::High.value(), Value::from(3));
}

#[test]
fn a_key_holds_the_id_and_equals_another_with_the_same() {
    use quintet::prelude::*;
    let key: ForeignKey<shop::Category> = 5.into();
    assert_eq!(key.id, 5_i64);
    assert_eq!(key, ForeignKey::to(5));
    assert_ne!(key, ForeignKey::to(6));
    assert_eq!(format!("{key:?}"), "Category(5)");
}
