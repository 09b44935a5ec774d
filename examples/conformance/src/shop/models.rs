//! Models that have every kind of field and of relation.

use quintet::apps::auth::models::User;
use quintet::prelude::*;

#[derive(Model, Debug, Clone)]
#[model(ordering = ["name"], verbose_name_plural = "categories")]
pub struct Category {
    pub id: BigAuto,
    #[field(max_length = 50, unique)]
    pub name: String,
    #[field(unique)]
    pub slug: Slug,
    #[field(on_delete = cascade, blank, related_name = "children")]
    pub parent: Option<ForeignKey<Category>>,
}

#[derive(Model, Debug, Clone)]
pub struct Tag {
    pub id: BigAuto,
    #[field(max_length = 30, unique)]
    pub label: String,
    #[field(default = 0, db_index)]
    pub weight: i32,
}

#[derive(Model, Debug, Clone)]
#[model(db_table = "shop_vendor")]
pub struct Supplier {
    pub id: BigAuto,
    #[field(max_length = 60, db_index)]
    pub name: String,
    #[field(unique)]
    pub email: Email,
    #[field(blank)]
    pub website: Url,
}

#[derive(Choices, Clone, Copy, Debug, PartialEq)]
pub enum Status {
    Draft,
    Live,
    #[choice(label = "Gone for good")]
    Gone,
}

#[derive(Model, Debug, Clone)]
#[model(
    ordering = ["id"],
    index(fields = ["status", "-created_at"]),
    index(fields = ["price"], name = "shop_price_idx"),
    index(expressions = [lower("name")], name = "shop_lower_name_idx"),
    index(fields = ["quantity"], condition = q("status", "live"), name = "shop_live_qty_idx"),
    unique(fields = ["name", "category"], name = "uniq_name_per_category"),
    check(condition = q("quantity__lte", 1_000_000), name = "quantity_sane"),
    unique(fields = ["supplier"], condition = q("status", "gone"), name = "one_gone_per_supplier")
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
    #[field(on_delete = set_null, blank, related_name = "products")]
    pub supplier: Option<ForeignKey<Supplier>>,
    #[field(blank, related_name = "products")]
    pub tags: ManyToMany<Tag>,
    #[field(auto_now_add)]
    pub created_at: DateTime,
    #[field(auto_now)]
    pub updated_at: DateTime,
}

#[derive(Model, Debug, Clone)]
pub struct ProductDetail {
    #[field(on_delete = cascade, primary_key, related_name = "detail")]
    pub product: OneToOne<Product>,
    pub manual: Text,
    #[field(default = 1)]
    pub pages: u16,
}

#[derive(Model, Debug, Clone)]
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

#[derive(Model, Debug, Clone)]
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

/// The category that takes the place of one that is deleted.
pub fn fallback_category() -> i64 {
    1
}

/// One key for each rule.
#[derive(Model, Debug, Clone)]
pub struct OnDelete {
    pub id: BigAuto,
    #[field(on_delete = cascade, blank, related_name = "od_cascade")]
    pub cascade: Option<ForeignKey<Category>>,
    #[field(on_delete = protect, blank, related_name = "od_protect")]
    pub protect: Option<ForeignKey<Category>>,
    #[field(on_delete = restrict, blank, related_name = "od_restrict")]
    pub restrict: Option<ForeignKey<Category>>,
    #[field(on_delete = set_null, blank, related_name = "od_set_null")]
    pub set_null: Option<ForeignKey<Category>>,
    #[field(on_delete = set_default, blank, default = 1, related_name = "od_set_default")]
    pub set_default: Option<ForeignKey<Category>>,
    #[field(on_delete = set_with(fallback_category), blank, related_name = "od_set_callable")]
    pub set_callable: Option<ForeignKey<Category>>,
    #[field(on_delete = do_nothing, blank, related_name = "od_do_nothing", db_constraint = false)]
    pub do_nothing: Option<ForeignKey<Category>>,
}

#[derive(Choices, Clone, Copy, Debug, PartialEq)]
pub enum Grade {
    Low = 1,
    Mid = 2,
    High = 3,
}

/// A column for each kind of field; almost everything optional, so that one can be tried at a time.
#[derive(Model, Debug, Clone)]
#[model(verbose_name = "lab specimen")]
pub struct Specimen {
    pub id: BigAuto,
    #[field(max_length = 10, blank)]
    pub char: String,
    #[field(max_length = 10, blank, validators = [min_length(3)])]
    pub char_min: String,
    #[field(max_length = 10, blank)]
    pub char_null: Option<String>,
    #[field(max_length = 10, blank, unique)]
    pub char_unique: Option<String>,
    #[field(max_length = 10, blank, validators = [regex(r"^[A-Z]{2}\d+$")])]
    pub char_regex: String,
    #[field(blank)]
    pub text: Text,
    #[field(blank)]
    pub slug: Slug,
    #[field(blank, allow_unicode)]
    pub slug_unicode: Slug,
    #[field(blank)]
    pub email: Email,
    #[field(blank)]
    pub url: Url,
    #[field(blank)]
    pub ip: Option<IpAddr>,
    #[field(blank)]
    pub integer: Option<i32>,
    #[field(blank)]
    pub small: Option<i16>,
    #[field(blank)]
    pub big: Option<i64>,
    #[field(blank)]
    pub pos: Option<u32>,
    #[field(blank)]
    pub pos_small: Option<u16>,
    #[field(blank)]
    pub pos_big: Option<u64>,
    #[field(blank, validators = [min_value(-5), max_value(5)])]
    pub bounded: Option<i32>,
    #[field(max_digits = 6, decimal_places = 2, blank)]
    pub decimal: Option<Decimal>,
    #[field(max_digits = 20, decimal_places = 10, blank)]
    pub decimal_wide: Option<Decimal>,
    #[field(blank)]
    pub floating: Option<f64>,
    #[field(default = false)]
    pub boolean: bool,
    #[field(blank)]
    pub boolean_null: Option<bool>,
    #[field(blank)]
    pub date: Option<Date>,
    #[field(blank)]
    pub datetime: Option<DateTime>,
    #[field(blank)]
    pub time: Option<Time>,
    #[field(blank)]
    pub duration: Option<Duration>,
    #[field(blank)]
    pub uuid: Option<Uuid>,
    #[field(blank)]
    pub json: Option<Json>,
    #[field(max_length = 8, blank, choices = [("red", "Red"), ("green", "Green"), ("blue", "Blue")])]
    pub choice: String,
    #[field(blank)]
    pub choice_int: Option<Grade>,
    #[field(blank)]
    pub binary: Option<Binary>,
    #[field(upload_to = "specimens/", blank)]
    pub file: Option<File>,
    #[field(default = Uuid::from_u128(0x4000_8000_0000_0000_0001), editable = false)]
    pub auto_uuid: Uuid,
    #[field(db_default = 7)]
    pub db_defaulted: i32,
    #[field(expression = f("db_defaulted") * 2, db_persist)]
    pub double: Generated<i32>,
}

/// Everything required.
#[derive(Model, Debug, Clone)]
pub struct Required {
    pub id: BigAuto,
    #[field(max_length = 10)]
    pub char: String,
    pub text: Text,
    pub slug: Slug,
    pub email: Email,
    pub url: Url,
    pub integer: i32,
    #[field(max_digits = 6, decimal_places = 2)]
    pub decimal: Decimal,
    pub floating: f64,
    pub boolean: bool,
    pub date: Date,
    pub datetime: DateTime,
    pub time: Time,
    pub duration: Duration,
    pub uuid: Uuid,
    pub json: Json,
    #[field(max_length = 8, choices = [("red", "Red"), ("green", "Green")])]
    pub choice: String,
    #[field(on_delete = cascade)]
    pub category: ForeignKey<Category>,
    #[field(on_delete = cascade)]
    pub one: OneToOne<Tag>,
    #[field(related_name = "required_many")]
    pub many: ManyToMany<Tag>,
    #[field(db_default = 7)]
    pub defaulted: i32,
}

/// Unique among the rows of a day, codes of constraints, and nulls in them.
#[derive(Model, Debug, Clone)]
#[model(
    unique(
        fields = ["seat", "holder"],
        name = "seat_holder",
        message = "Seat already held.",
        code = "seat_taken"
    ),
    check(condition = q("seat__gte", 0), name = "seat_not_negative", message = "Seats start at zero.")
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
