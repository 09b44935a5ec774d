//! The shop's serializers.

use std::collections::{BTreeMap, BTreeSet};

use quintet::json::{Json as Tree, Object};
use quintet::prelude::*;
use quintet::serializers::{Data, Datum, Field, FieldClass, Problem, Problems, UniqueValidator, to_internal_value};

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

/// One row behind a key in three ways: a value of it, its words, and all that a function may look at.
#[derive(Serializer)]
#[serializer(model = Product, fields(id, category_name, category, shelf))]
pub struct ThreeWaysSerializer {
    #[field(source = "category.name", read_only)]
    pub category_name: String,
    #[field(in_words)]
    pub category: ForeignKey<Category>,
    #[field(source = "category", read_only)]
    pub shelf: LabelledCategorySerializer,
}

#[derive(Serializer)]
#[serializer(model = Category, fields(label))]
pub struct LabelledCategorySerializer {
    #[field(method = labelled)]
    pub label: String,
}

fn labelled(category: &Category) -> String {
    format!("{} ({})", category.name, &*category.slug)
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

fn shouted(tag: &Tag, mut shown: Object, _: &Context<'_>) -> Result<Object> {
    shown.insert("label", tag.label.to_uppercase());
    Ok(shown)
}

async fn spoken(data: Data, context: &Context<'_>) -> Result<Changes<LoudTagSerializer>> {
    let mut changes = to_internal_value::<LoudTagSerializer>(&data, context).await?;
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

/// Values from what hangs on a row, from its own functions, and from what is asked for it.
#[derive(Serializer)]
#[serializer(model = Category, fields(id, text, shout, count, any, first, last, state, asked))]
pub struct HangingSerializer {
    #[field(source = "__str__")]
    pub text: String,
    #[field(source = loud)]
    pub shout: String,
    #[field(source = "products.count", read_only)]
    pub count: i64,
    #[field(source = "products.exists", read_only)]
    pub any: bool,
    #[field(source = "products.first.name", read_only)]
    pub first: String,
    #[field(source = "products.last.name", read_only)]
    pub last: Option<String>,
    #[field(source = "products.last.get_status_display", read_only, default = "none")]
    pub state: String,
    #[field(async_method = dearest)]
    pub asked: Option<Decimal>,
}

fn loud(category: &Category) -> String {
    category.name.to_uppercase()
}

async fn dearest(category: &Category, context: &Context<'_>) -> Result<Option<Decimal>> {
    let products = Product::objects().filter(|product| product.category().eq(category));
    let first = products.order_by(|product| product.price().desc()).first(context.db()).await?;
    Ok(first.map(|product| product.price))
}

/// The same within another serializer.
#[derive(Serializer)]
#[serializer(model = Product, fields(name, category))]
pub struct HangingProductSerializer {
    #[field(read_only)]
    pub category: HangingSerializer,
}

/// A weight in words: `12 kg`, kept as a number.
pub struct Kilograms;

impl FieldClass for Kilograms {
    type Base = String;
    type Value = i32;

    fn to_internal_value(text: String) -> std::result::Result<i32, Problem> {
        let number = text.strip_suffix(" kg").and_then(|number| number.parse().ok());
        number.ok_or_else(|| Problem::new("form", "Write `12 kg`."))
    }

    fn to_representation(weight: i32) -> String {
        format!("{weight} kg")
    }
}

#[derive(Serializer)]
#[serializer(model = Tag, fields(id, label, weight, heaviness))]
pub struct WeighedSerializer {
    #[field(max_length = 6, required = false)]
    pub weight: Kilograms,
    #[field(source = "weight", read_only)]
    pub heaviness: i32,
}

/// Fields of classes of one's own, and validators that say more than words.
#[derive(Serializer)]
#[serializer(to_representation = counted_up)]
pub struct ScalesSerializer {
    #[field(required = false, child(error_messages(form = "Kilograms, please.")))]
    pub all: Vec<Kilograms>,
    #[field(required = false)]
    pub by_name: BTreeMap<String, Kilograms>,
    #[field(required = false, validators = [even, told])]
    pub number: i64,
    #[field(required = false, validators = [
        UniqueValidator::new(Tag::objects().filter(|tag| tag.weight().gt(0))).lookup("iexact").message("Heavy already.")
    ], source = "label")]
    pub tag: String,
    #[field(required = false, list_field, max_length = 1)]
    pub listed: Vec<TagSerializer>,
    #[field(required = false)]
    pub range: RangeSerializer,
}

fn even(value: &models::words::Value) -> std::result::Result<(), Problem> {
    match value {
        models::words::Value::Int(number) if number % 2 != 0 => Err(Problem::new("odd", "Odd.")),
        _ => Ok(()),
    }
}

fn told(value: &Datum, field: &Field) -> std::result::Result<(), Problems> {
    match value.value() {
        Some(models::words::Value::Int(7)) => {
            Err(Problems::Map(vec![("why".to_owned(), Problem::from(&*field.name).alone())]))
        }
        _ => Ok(()),
    }
}

fn counted_up(_: &Changes<ScalesSerializer>, shown: Object, _: &Context<'_>) -> Result<Tree> {
    let count = i64::try_from(shown.iter().count()).unwrap_or_default();
    Ok(Tree::List(vec![shown.into(), count.into()]))
}

/// Read from `1-2` as well, and shown so.
#[derive(Serializer)]
#[serializer(to_internal_value = range_read, to_representation = range_shown)]
pub struct RangeSerializer {
    pub low: i64,
    pub high: i64,
}

async fn range_read(data: Data, context: &Context<'_>) -> Result<Changes<RangeSerializer>> {
    let data = match &data {
        Data::Json(Tree::Text(text)) => {
            let (low, high) = text.split_once('-').unwrap_or((text, ""));
            Data::Json(Object::new().with("low", low).with("high", high).into())
        }
        _ => data,
    };
    to_internal_value::<RangeSerializer>(&data, context).await
}

fn range_shown(data: &Changes<RangeSerializer>, _: Object, _: &Context<'_>) -> Result<String> {
    let number = |number: Option<i64>| number.unwrap_or_default();
    Ok(format!("{}-{}", number(data.get(|range| range.low())), number(data.get(|range| range.high()))))
}

/// Made and changed as a list.
#[derive(Serializer)]
#[serializer(model = Tag, fields(id, label, weight), hooks)]
pub struct ListedTagSerializer {
    #[field(max_length = 30)]
    pub label: String,
}

impl Serializer for ListedTagSerializer {
    async fn validate_list(rows: &mut Vec<Changes<Self>>, _: &Context<'_>) -> Result<()> {
        let labels: BTreeSet<_> = rows.iter().map(|row| row.get(|tag| tag.label())).collect();
        if labels.len() < rows.len() { Err(Error::invalid("Labels must differ.")) } else { Ok(()) }
    }

    async fn update_list(known: Vec<Tag>, rows: Vec<Changes<Self>>, context: &Context<'_>) -> Result<Vec<Tag>> {
        let mut tags = vec![];
        for row in rows {
            let label = row.get(|tag| tag.label());
            tags.push(match known.iter().find(|tag| Some(&tag.label) == label.as_ref()) {
                Some(tag) => row.update(tag.clone(), context).await?,
                None => row.create(context).await?,
            });
        }
        Ok(tags)
    }
}

/// A list within: its hook is asked too.
#[derive(Serializer)]
pub struct BoxOfTagsSerializer {
    pub tags: Vec<ListedTagSerializer>,
}

/// Of categories only those without a parent; of suppliers those whose name the header says.
#[derive(Serializer)]
#[serializer(model = Product, fields(id, category, supplier), extra(supplier(queryset = asked_for)))]
pub struct ChosenSerializer {
    #[field(queryset = roots)]
    pub category: ForeignKey<Category>,
}

fn roots() -> QuerySet<Category> {
    Category::objects().filter(|category| category.parent().isnull(true))
}

fn asked_for(context: &Context<'_>) -> QuerySet<Supplier> {
    let name = context.request().header("x-supplier").map(|name| name.into_owned()).unwrap_or_default();
    Supplier::objects().filter(|supplier| supplier.name().eq(name))
}

/// A row that is named by a date, which not every text is.
#[derive(Serializer)]
#[serializer(model = Sale, fields(id, code, holiday))]
pub struct SaleSerializer {
    #[field(slug_field = "day")]
    pub holiday: OneToOne<Holiday>,
}

/// A relation that no two rows have the same in.
#[derive(Serializer)]
#[serializer(model = Sale, fields(all))]
pub struct KeyedSaleSerializer;
