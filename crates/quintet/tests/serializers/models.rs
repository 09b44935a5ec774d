//! A small shop: products in categories with suppliers and tags, orders with lines, bookings.

use quintet::prelude::*;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(ordering = ["name"])]
pub struct Category {
    pub id: BigAuto,
    #[field(max_length = 50, unique)]
    pub name: String,
    #[field(unique)]
    pub slug: Slug,
    #[field(on_delete = cascade, blank, related_name = "children")]
    pub parent: Option<ForeignKey<Category>>,
}

impl std::fmt::Display for Category {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(ordering = ["id"])]
pub struct Tag {
    pub id: BigAuto,
    #[field(max_length = 30, unique)]
    pub label: String,
    #[field(default = 0)]
    pub weight: i32,
}

#[derive(Model, Debug, Clone, PartialEq)]
pub struct Supplier {
    pub id: BigAuto,
    #[field(max_length = 60)]
    pub name: String,
    #[field(unique)]
    pub email: Email,
    #[field(blank)]
    pub website: Url,
}

#[derive(Choices, Debug, Clone, Copy, PartialEq)]
pub enum Status {
    Draft,
    Live,
    #[choice(label = "Gone for good")]
    Gone,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    ordering = ["id"],
    unique(name = "uniq_name_per_category", fields = ["name", "category"]),
    unique(name = "one_gone_per_supplier", fields = ["supplier"], condition = q("status", "gone"))
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

#[derive(Model, Debug, Clone, PartialEq)]
pub struct Order {
    pub id: BigAuto,
    #[field(max_length = 12, unique)]
    pub number: String,
    pub placed_at: DateTime,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(ordering = ["id"], unique_together = [["order", "product"]])]
pub struct OrderLine {
    pub id: BigAuto,
    #[field(on_delete = cascade, related_name = "lines")]
    pub order: ForeignKey<Order>,
    #[field(on_delete = restrict, related_name = "lines")]
    pub product: ForeignKey<Product>,
    #[field(validators = [min_value(1), max_value(99)])]
    pub amount: u32,
    #[field(max_digits = 8, decimal_places = 2)]
    pub unit_price: Decimal,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(unique(name = "seat_holder", fields = ["seat", "holder"], message = "Seat already held.", code = "seat_taken"))]
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
pub struct Note {
    pub id: BigAuto,
    #[field(max_length = 20)]
    pub title: String,
    #[field(blank)]
    pub facts: Option<Json>,
    #[field(blank)]
    pub mark: Option<Uuid>,
    #[field(blank)]
    pub spent: Option<Duration>,
}

#[derive(Model, Debug, Clone, PartialEq)]
pub struct Holiday {
    pub id: BigAuto,
    #[field(unique)]
    pub day: Date,
}

#[derive(Model, Debug, Clone, PartialEq)]
pub struct Sale {
    pub id: BigAuto,
    #[field(max_length = 10, unique)]
    pub code: String,
    #[field(on_delete = cascade)]
    pub holiday: OneToOne<Holiday>,
}

quintet::app! {
    shop,
    models = [Category, Tag, Supplier, Product, Order, OrderLine, Booking, Note, Holiday, Sale],
}
