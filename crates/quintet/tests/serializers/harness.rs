//! A site on a scratch database with the shop's tables, one of each kind.

use std::sync::atomic::{AtomicU32, Ordering};

use quintet::migrations::{Migration, Operation};
use quintet::prelude::*;
use quintet::registry::project_state;
use quintet::serializers::{Data, Many, query_to_json, to_json, to_json_many, validate, validate_many};
use quintet::settings::{DatabaseUrl, Settings};
use quintet::testing::{Client, TestResponse};
use quintet_core::json;
use quintet_core::schema::ProjectState;
use quintet_core::sql::{Action, forwards};
use quintet_db::Connection as _;

use crate::models::*;
use crate::scratch::Scratch;
use crate::serializers::*;

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A client of the shop, and its database.
pub struct Shop {
    pub client: Client,
    pub db: Database,
}

impl Shop {
    pub async fn post(&self, path: &str, body: Value) -> TestResponse {
        self.client.post(path, body).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> TestResponse {
        self.client.patch(path, body).await
    }

    pub async fn put(&self, path: &str, body: Value) -> TestResponse {
        self.client.put(path, body).await
    }
}

/// Runs a test on each database that there is.
#[allow(clippy::needless_pass_by_value, reason = "a closure is given as it is written")]
pub fn each(test: impl AsyncFn(&Shop)) {
    quintet::testing::block_on(async {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("quintet_shop_{}_{number}", std::process::id());
        on(&Scratch::new().url(), &test).await;
        if let Ok(server) = std::env::var("QUINTET_TEST_POSTGRES") {
            open(&server).script(&format!("CREATE DATABASE {name}")).await.expect("a scratch database");
            on(&server.replacen("/postgres?", &format!("/{name}?"), 1), &test).await;
            let dropped = open(&server).script(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
            dropped.expect("the scratch database goes");
        }
    });
}

fn parsed(url: &str) -> DatabaseUrl {
    DatabaseUrl::parse("DATABASE_URL", url).expect("a URL of the test's own")
}

fn open(url: &str) -> Database {
    let settings = settings(url);
    let registry = quintet::registry::query_registry(&settings).expect("relations that lead somewhere");
    Database::connect(&parsed(url), std::path::Path::new("/")).with_models(registry)
}

fn settings(url: &str) -> Settings {
    Settings {
        database: parsed(url),
        installed_apps: vec![app()],
        auth_user_model: "shop.Supplier".to_owned(),
        urls,
        ..Settings::default()
    }
}

async fn on(url: &str, test: &impl AsyncFn(&Shop)) {
    let db = open(url);
    fill(&db).await;
    test(&Shop { client: Client::of(settings(url)), db }).await;
}

async fn fill(db: &Database) {
    let state: ProjectState = project_state(&[app()], "shop.Supplier");
    let order = ["Category", "Tag", "Supplier", "Product", "Order", "OrderLine", "Booking", "Note", "Holiday", "Sale"];
    let create = |name: &&str| {
        let model = state.model("shop", name).expect("a model of the shop");
        Operation::CreateModel {
            name: model.name.clone(),
            fields: model.fields.clone(),
            options: model.options.clone(),
            bases: model.bases.clone(),
            managers: vec![],
        }
    };
    let operations = order.iter().map(create).collect();
    let migration = Migration { app: "shop".to_owned(), ..Migration::new("0001_initial").operations(operations) };
    let before = ProjectState::new("shop.Supplier");
    for step in forwards(db.dialect(), &migration, &before, "2024-01-01 00:00:00").expect("tables") {
        if let Action::Sql(sql) = step.action {
            db.script(&sql).await.expect("a table");
        }
    }
}

fn urls() -> Urls {
    fn both<S: ModelSerializer>() -> View {
        get(list::<S>).post(create::<S>).into_view()
    }
    fn detail<S: ModelSerializer>() -> View
    where
        <ModelOf<S> as Model>::Key: std::str::FromStr,
    {
        get(show::<S>).put(replace::<S>).patch(change::<S>).into_view()
    }
    quintet::urls![
        path("categories/", both::<CategorySerializer>()),
        path("tags/", both::<TagSerializer>()),
        path("tags/<int:pk>/", detail::<TagSerializer>()),
        path("tags/bulk/", post(bulk::<TagSerializer>)),
        path("loud/", both::<LoudTagSerializer>()),
        path("short/", both::<ShortTagSerializer>()),
        path("suppliers/", both::<SupplierSerializer>()),
        path("suppliers/<int:pk>/", detail::<SupplierSerializer>(), name = "supplier-detail"),
        path("products/", both::<ProductSerializer>()),
        path("products/<int:pk>/", detail::<ProductSerializer>(), name = "product-detail"),
        path("plain/", both::<PlainProductSerializer>()),
        path("structs/", get(list_of_structs::<PlainProductSerializer>)),
        path("along/", get(along)),
        path("three-ways/", get(list::<ThreeWaysSerializer>)),
        path("three-ways-of-structs/", get(list_of_structs::<ThreeWaysSerializer>)),
        path("distinct/", get(distinct)),
        path("annotated/", get(annotated)),
        path("away/", both::<AwaySerializer>()),
        path("linked/", both::<LinkedSerializer>()),
        path("deep/", both::<DeepSerializer>()),
        path("shelves/", both::<ShelfSerializer>()),
        path("orders/", both::<OrderSerializer>()),
        path("orders/<int:pk>/", detail::<OrderSerializer>()),
        path("hookless/", both::<HooklessOrderSerializer>()),
        path("lines/", both::<FlatLineSerializer>()),
        path("bookings/", both::<BookingSerializer>()),
        path("bookings/<int:pk>/", detail::<BookingSerializer>()),
        path("sales/", both::<SaleSerializer>()),
        path("keyed-sales/", both::<KeyedSaleSerializer>()),
        path("notes/", both::<NoteSerializer>()),
        path("kitchen/", post(cook)),
        path("hanging/", get(list::<HangingSerializer>)),
        path("hanging/<int:pk>/", detail::<HangingSerializer>()),
        path("hanging-products/", get(list::<HangingProductSerializer>)),
        path("weighed/", both::<WeighedSerializer>()),
        path("scales/", post(weigh)),
        path("listed/", post(bulk::<ListedTagSerializer>).put(bulk_change)),
        path("boxes/", post(boxed)),
        path("some/", post(some).patch(some_parts)),
        path("chosen/<int:pk>/", detail::<ChosenSerializer>()),
    ]
}

pub async fn data(request: &Request) -> Result<Data> {
    Ok(Data::Json(json::parse(&request.bytes().await?, "utf-8")?))
}

async fn list<S: ModelSerializer>(request: &Request) -> Result<Response> {
    Ok(Response::json_text(query_to_json::<S>(request, ModelOf::<S>::objects()).await?))
}

async fn list_of_structs<S: ModelSerializer>(request: &Request) -> Result<Response> {
    let rows = ModelOf::<S>::objects().all(request).await?;
    Ok(Response::json_text(to_json_many::<S>(request, &rows).await?))
}

async fn along(request: &Request) -> Result<Response> {
    let rows = Product::objects().select_related(|p| p.category()).prefetch_related(|p| p.tags());
    let rows = rows.select_related(|p| p.supplier()).all(request).await?;
    Ok(Response::json_text(to_json_many::<PlainProductSerializer>(request, &rows).await?))
}

async fn distinct(request: &Request) -> Result<Response> {
    let rows = Product::objects().distinct().order_by(|p| p.id());
    Ok(Response::json_text(query_to_json::<PlainProductSerializer>(request, rows).await?))
}

async fn annotated(request: &Request) -> Result<Response> {
    let rows = Product::objects().alias("size", |p| p.name().length()).order_by(|p| p.id());
    Ok(Response::json_text(query_to_json::<PlainProductSerializer>(request, rows).await?))
}

async fn create<S: ModelSerializer>(request: &Request) -> Result<Response> {
    let row = validate::<S>(request, &data(request).await?, None, false).await?.save().await?;
    Ok(Response::json_text(to_json::<S>(request, &row).await?).with_status(StatusCode::CREATED))
}

async fn bulk<S: ModelSerializer>(request: &Request) -> Result<Response> {
    let rows = validate_many::<S>(request, &data(request).await?).await?.save().await?;
    Ok(Response::json_text(to_json_many::<S>(request, &rows).await?))
}

async fn row<S: ModelSerializer>(request: &Request) -> Result<ModelOf<S>> {
    let key: i64 = request.param("pk")?;
    ModelOf::<S>::objects().filter_by("pk", key).get(request).await.or_404()
}

async fn show<S: ModelSerializer>(request: &Request) -> Result<Response> {
    Ok(Response::json_text(to_json::<S>(request, &row::<S>(request).await?).await?))
}

async fn changed<S: ModelSerializer>(request: &Request, partial: bool) -> Result<Response> {
    let old = row::<S>(request).await?;
    let row = validate::<S>(request, &data(request).await?, Some(old), partial).await?.save().await?;
    Ok(Response::json_text(to_json::<S>(request, &row).await?))
}

async fn replace<S: ModelSerializer>(request: &Request) -> Result<Response> {
    changed::<S>(request, false).await
}

async fn change<S: ModelSerializer>(request: &Request) -> Result<Response> {
    changed::<S>(request, true).await
}

async fn cook(request: &Request) -> Result<Response> {
    let valid = validate::<KitchenSerializer>(request, &data(request).await?, None, false).await?;
    if valid.get(|kitchen| kitchen.hidden()).as_deref() != Some("secret") {
        return Err(Error::invalid("the hidden field is not there"));
    }
    Ok(Response::json_text(valid.to_json().await?))
}

async fn weigh(request: &Request) -> Result<Response> {
    let valid = validate::<ScalesSerializer>(request, &data(request).await?, None, false).await?;
    Ok(Response::json_text(valid.to_json().await?))
}

async fn boxed(request: &Request) -> Result<Response> {
    let valid = validate::<BoxOfTagsSerializer>(request, &data(request).await?, None, false).await?;
    Ok(Response::json_text(valid.to_json().await?))
}

async fn bulk_change(request: &Request) -> Result<Response> {
    let many = Many::<ListedTagSerializer> { instances: Some(Tag::objects().all(request).await?), ..Many::default() };
    let tags = many.validate(request, &data(request).await?).await?.save().await?;
    Ok(Response::json_text(to_json_many::<ListedTagSerializer>(request, &tags).await?))
}

async fn some(request: &Request) -> Result<Response> {
    let limits =
        Many::<TagSerializer> { allow_empty: false, min_length: Some(2), max_length: Some(3), ..Many::default() };
    let valid = limits.validate(request, &data(request).await?).await?;
    Ok(Response::json_text(valid.to_json().await?))
}

async fn some_parts(request: &Request) -> Result<Response> {
    let data = data(request).await?;
    let valid = Many::<TagSerializer> { partial: true, ..Many::default() }.validate(request, &data).await?;
    let counts: Vec<usize> = valid.iter().map(|row| row.attributes().iter().len()).collect();
    Ok(Response::json(&json!(counts)))
}

/// Two categories, two tags, a supplier, and a product.
pub async fn stocked(shop: &Shop) {
    let db = &shop.db;
    let tools = create!(db, Category { name: "Tools", slug: "tools" }).await.expect("a category");
    create!(db, Category { name: "Toys", slug: "toys" }).await.expect("a category");
    let new = create!(db, Tag { label: "new" }).await.expect("a tag");
    create!(db, Tag { label: "old", weight: 3 }).await.expect("a tag");
    let supplier = create!(db, Supplier { name: "Acme", email: "a@acme.example" }).await.expect("a supplier");
    let hammer = create!(
        db,
        Product {
            name: "Hammer",
            sku: "hammer",
            price: Decimal::new(1250, 2),
            quantity: 3,
            category: &tools,
            supplier: &supplier
        }
    );
    let hammer = hammer.await.expect("a product");
    hammer.tags.add(db, [&new]).await.expect("a tag");
}
