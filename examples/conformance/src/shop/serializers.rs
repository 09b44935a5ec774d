//! The shop's serializers: every field, nesting, relations by key, slug and address.

use std::collections::{BTreeMap, BTreeSet};

use quintet::apps::auth::models::User;
use quintet::prelude::*;

use super::models::{
    Booking, Category, OnDelete, Order, OrderLine, Product, ProductDetail, Required, Specimen, Status, Supplier, Tag,
};

#[derive(Serializer)]
#[serializer(model = Category, fields(all))]
pub struct CategorySerializer;

#[derive(Serializer)]
#[serializer(model = Tag, fields(id, label, weight))]
pub struct TagSerializer;

#[derive(Serializer)]
#[serializer(model = Supplier, fields(all))]
pub struct SupplierSerializer;

#[derive(Serializer)]
#[serializer(model = ProductDetail, fields(product, manual, pages))]
pub struct ProductDetailSerializer;

#[derive(Serializer)]
#[serializer(
    model = Product,
    fields(
        id, name, sku, description, price, quantity, status, released_on, category, category_name, supplier, supplier_info,
        tags, in_stock, created_at, updated_at
    ),
    validate(name = allowed_name),
    hooks
)]
pub struct ProductSerializer {
    #[field(source = "category.name", read_only)]
    pub category_name: String,
    #[field(source = "supplier", read_only)]
    pub supplier_info: SupplierSerializer,
    #[field(method = in_stock)]
    pub in_stock: bool,
}

fn in_stock(product: &Product, _: &Context<'_>) -> bool {
    product.quantity > 0
}

fn allowed_name(name: String) -> Result<String> {
    match name.to_lowercase() == "forbidden" {
        true => Err(Error::invalid("This name is not allowed.")),
        false => Ok(name),
    }
}

impl Serializer for ProductSerializer {
    fn validate(data: &mut Changes<Self>, context: &Context<'_>) -> Result<()> {
        let before = context.instance::<Product>();
        let status = data.get(|product| product.status()).or(before.map(|product| product.status));
        let quantity = data.get(|product| product.quantity()).or(before.map(|product| product.quantity));
        if status == Some(Status::Gone) && quantity.unwrap_or(0) != 0 {
            return Err(Error::invalid("A product that is gone cannot have stock."));
        }
        Ok(())
    }
}

#[derive(Serializer)]
#[serializer(model = OrderLine, fields(id, product, amount, unit_price))]
pub struct OrderLineSerializer;

#[derive(Serializer)]
#[serializer(model = Order, fields(id, number, customer, placed_at, lines), hooks)]
pub struct OrderSerializer {
    #[field(in_words, read_only)]
    pub customer: ForeignKey<User>,
    pub lines: Vec<OrderLineSerializer>,
}

impl Serializer for OrderSerializer {
    async fn create(mut data: Changes<Self>, context: &Context<'_>) -> Result<Order> {
        let lines = data.take(|order| order.lines()).unwrap_or_default();
        let order = data.create(context).await?;
        for mut line in lines {
            line.set(|line| line.order().set(&order));
            line.create(context).await?;
        }
        Ok(order)
    }

    async fn update(instance: Order, mut data: Changes<Self>, context: &Context<'_>) -> Result<Order> {
        let lines = data.take(|order| order.lines());
        let order = data.update(instance, context).await?;
        if let Some(lines) = lines {
            OrderLine::objects().filter(|line| line.order().eq(&order)).delete(context.db()).await?;
            for mut line in lines {
                line.set(|line| line.order().set(&order));
                line.create(context).await?;
            }
        }
        Ok(order)
    }
}

/// With `order`, so that what is unique together is looked at.
#[derive(Serializer)]
#[serializer(model = OrderLine, fields(all))]
pub struct FlatLineSerializer;

#[derive(Serializer)]
#[serializer(model = OnDelete, fields(all))]
pub struct OnDeleteSerializer;

#[derive(Serializer)]
#[serializer(model = Specimen, exclude(binary), extra(db_defaulted(required = false)))]
pub struct SpecimenSerializer;

#[derive(Serializer)]
#[serializer(model = Required, fields(all))]
pub struct RequiredSerializer;

#[derive(Serializer)]
#[serializer(model = Booking, fields(all))]
pub struct BookingSerializer;

/// Fields that no model has.
#[derive(Serializer)]
pub struct KitchenSerializer {
    #[field(child(min_value = 0), required = false, min_length = 1, max_length = 3)]
    pub ints: Vec<i64>,
    #[field(child(max_length = 3), required = false, allow_empty = false)]
    pub table: BTreeMap<String, String>,
    #[field(choices = ["a", "b", "c"], required = false, allow_empty = false)]
    pub multi: BTreeSet<String>,
    #[field(regex = r"^\d{3}$", required = false)]
    pub regex: String,
    #[field(trim_whitespace = false, required = false)]
    pub untrimmed: String,
    #[field(required = false, error_messages(blank = "Say something."))]
    pub custom: String,
    #[field(required = false, format = "%d/%m/%Y", input_formats = ["%d/%m/%Y", "iso-8601"])]
    pub day: Date,
    #[field(decimal_places = 2, required = false, coerce_to_string = false)]
    pub money: Decimal,
    #[field(max_digits = 10, decimal_places = 4, required = false, normalize_output = true)]
    pub normal: Decimal,
    #[field(required = false)]
    pub nested: TagSerializer,
    #[field(required = false, allow_empty = false)]
    pub nested_list: Vec<TagSerializer>,
    #[field(slug_field = "label", required = false)]
    pub slug_rel: ForeignKey<Tag>,
    #[field(view_name = "tag-detail", required = false)]
    pub link: ForeignKey<Tag>,
    #[field(hidden, default = "secret")]
    pub hidden: String,
    #[field(required = false, format = "iso-8601")]
    pub iso_duration: Duration,
}
