//! The shop's serializers.

use std::collections::{BTreeMap, BTreeSet};

use quintet::prelude::*;
use quintet::serializers::Datum;

use crate::models::*;

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
#[serializer(
    model = Product,
    fields(
        id, name, sku, description, price, quantity, status, released_on, category, category_name, supplier,
        supplier_info, tags, in_stock, created_at, updated_at
    ),
    validate(name = allowed),
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

fn in_stock(product: &Product) -> bool {
    product.quantity > 0
}

fn allowed(name: String) -> Result<String> {
    match name.to_lowercase().as_str() {
        "forbidden" => Err(Error::invalid("This name is not allowed.")),
        _ => Ok(name),
    }
}

impl Serializer for ProductSerializer {
    fn validate(data: &mut Changes<Self>, context: &Context<'_>) -> Result<()> {
        let old = context.instance::<Product>();
        let status = data.get(|p| p.status()).or(old.map(|p| p.status)).unwrap_or(Status::Draft);
        let quantity = data.get(|p| p.quantity()).or(old.map(|p| p.quantity)).unwrap_or(0);
        if status == Status::Gone && quantity > 0 {
            return Err(Error::invalid("A product that is gone cannot have stock."));
        }
        Ok(())
    }
}

/// The same without functions: rows go straight to text.
#[derive(Serializer)]
#[serializer(model = Product, fields(id, name, price, category, category_name, supplier, supplier_info, tags))]
pub struct PlainProductSerializer {
    #[field(source = "category.name", read_only)]
    pub category_name: String,
    #[field(source = "supplier", read_only)]
    pub supplier_info: SupplierSerializer,
}

#[derive(Serializer)]
#[serializer(model = OrderLine, fields(id, product, amount, unit_price))]
pub struct OrderLineSerializer;

#[derive(Serializer)]
#[serializer(model = Order, fields(id, number, placed_at, lines), hooks)]
pub struct OrderSerializer {
    pub lines: Vec<OrderLineSerializer>,
}

impl Serializer for OrderSerializer {
    async fn create(mut data: Changes<Self>, context: &Context<'_>) -> Result<Order> {
        let lines = data.take(|order| order.lines()).unwrap_or_default();
        let order = data.create(context).await?;
        for mut line in lines {
            line.attributes_mut().set("order", Datum::from(order.id));
            line.create(context).await?;
        }
        Ok(order)
    }

    async fn update(order: Order, mut data: Changes<Self>, context: &Context<'_>) -> Result<Order> {
        let lines = data.take(|order| order.lines());
        let order = data.update(order, context).await?;
        if let Some(lines) = lines {
            order.lines().objects().delete(context.db()).await?;
            for mut line in lines {
                line.attributes_mut().set("order", Datum::from(order.id));
                line.create(context).await?;
            }
        }
        Ok(order)
    }
}

/// Nested and writable, and nobody says how.
#[derive(Serializer)]
#[serializer(model = Order, fields(id, number, placed_at, lines))]
pub struct HooklessOrderSerializer {
    pub lines: Vec<OrderLineSerializer>,
}

#[derive(Serializer)]
#[serializer(model = OrderLine, fields(all))]
pub struct FlatLineSerializer;

#[derive(Serializer)]
#[serializer(model = Booking, fields(all))]
pub struct BookingSerializer;

#[derive(Serializer)]
#[serializer(model = Note, fields(all))]
pub struct NoteSerializer;

/// Each way of naming a row.
#[derive(Serializer)]
#[serializer(model = Product, fields(id, name, sku, price, category, supplier, tags, words, url), extra(sku(source = "sku")))]
pub struct LinkedSerializer {
    #[field(slug_field = "slug")]
    pub category: ForeignKey<Category>,
    #[field(slug_field = "label", required = false)]
    pub tags: Vec<ForeignKey<Tag>>,
    #[field(view_name = "supplier-detail", required = false)]
    pub supplier: Option<ForeignKey<Supplier>>,
    #[field(in_words, source = "category")]
    pub words: ForeignKey<Category>,
}

#[derive(Serializer)]
#[serializer(model = Product, fields(id, category, supplier, tags), depth = 1)]
pub struct DeepSerializer;

#[derive(Serializer)]
#[serializer(model = Category, fields(id, name, products))]
pub struct ShelfSerializer;

#[derive(Serializer)]
#[serializer(model = Tag, fields(id, label), to_representation = shouted, to_internal_value = spoken)]
pub struct LoudTagSerializer;

fn shouted(tag: &Tag, mut shown: quintet_core::json::Object, _: &Context<'_>) -> Result<quintet_core::json::Object> {
    shown.insert("label", tag.label.to_uppercase());
    Ok(shown)
}

async fn spoken(data: quintet::serializers::Data, context: &Context<'_>) -> Result<Changes<LoudTagSerializer>> {
    let mut changes = quintet::serializers::to_internal_value::<LoudTagSerializer>(&data, context).await?;
    if let Some(label) = changes.get(|tag| tag.label()) {
        changes.set(|tag| tag.label().set(label.to_lowercase()));
    }
    Ok(changes)
}

#[derive(Serializer)]
#[serializer(model = Tag, fields(id, label, weight), extra(label(max_length = 5), weight(min_value = 1, label = "Heaviness")), create = counted)]
pub struct ShortTagSerializer;

async fn counted(db: Db<'_>, mut values: Vec<quintet::query::Assignment>) -> Result<Tag> {
    values.push(quintet::query::Assignment::named("weight", 7));
    Ok(quintet::query::insert::<Tag>(db, values).await?)
}

/// Ways that may lead nowhere.
#[derive(Serializer)]
#[serializer(model = Product, fields(id, omitted, filled, nulled, cost, line_count))]
pub struct AwaySerializer {
    #[field(source = "supplier.name", read_only)]
    pub omitted: String,
    #[field(source = "supplier.name", read_only, default = "none")]
    pub filled: String,
    #[field(source = "supplier.name", read_only)]
    pub nulled: Option<String>,
    #[field(source = "price", read_only, coerce_to_string = false)]
    pub cost: Decimal,
    #[field(method = described, label = "Lines")]
    pub line_count: Option<String>,
}

fn described(product: &Product, context: &Context<'_>) -> Option<String> {
    context.is_partial().then(|| product.name.clone())
}

/// Fields without a model.
#[derive(Serializer)]
pub struct KitchenSerializer {
    #[field(required = false, child(min_value = 0), min_length = 1, max_length = 3)]
    pub ints: Option<Vec<i64>>,
    #[field(required = false, child(max_length = 3), allow_empty = false)]
    pub table: Option<BTreeMap<String, String>>,
    #[field(required = false, choices = ["a", "b", "c"], allow_empty = false)]
    pub multi: Option<BTreeSet<String>>,
    #[field(required = false, regex = r"^\d{3}$")]
    pub regex: Option<String>,
    #[field(required = false, error_messages(blank = "Say something."))]
    pub custom: Option<String>,
    #[field(required = false, format = "%d/%m/%Y", input_formats = ["%d/%m/%Y", "iso-8601"])]
    pub day: Option<Date>,
    #[field(required = false, max_digits = 10, decimal_places = 4, normalize_output)]
    pub normal: Option<Decimal>,
    #[field(required = false)]
    pub nested: Option<TagSerializer>,
    #[field(required = false, allow_empty = false)]
    pub nested_list: Option<Vec<TagSerializer>>,
    #[field(required = false, slug_field = "label")]
    pub slug_rel: Option<ForeignKey<Tag>>,
    #[field(hidden, default = "secret")]
    pub hidden: String,
    #[field(required = false, source = "deep.er")]
    pub dotted: Option<i64>,
}
