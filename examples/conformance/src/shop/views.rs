//! The shop's views: view sets with paging, searching, ordering and filtering, and a few by themselves.

use quintet::json::Object;
use quintet::prelude::*;
use quintet::rest::filter::{FieldFilters, Filters, OrderingFilter, SearchFilter};
use quintet::rest::openapi::{Describe, Operations};
use quintet::rest::pagination::{CursorPagination, LimitOffsetPagination, PageNumberPagination, Pagination};
use quintet::serializers::{to_json_many, validate, validate_many};

use super::models::{
    Booking, Category, OnDelete, Order, OrderLine, Product, ProductDetail, Required, Specimen, Status, Supplier, Tag,
};
use super::serializers::*;

fn pages() -> Pagination {
    let pages = PageNumberPagination {
        page_size_query_param: Some("page_size"),
        max_page_size: Some(10),
        ..PageNumberPagination::new(3)
    };
    pages.into()
}

/// Products, with paging, searching, ordering and filtering.
pub struct ProductViewSet;

impl ModelViewSet for ProductViewSet {
    type Serializer = ProductSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Product> {
        Product::objects()
            .select_related(|product| product.category())
            .select_related(|product| product.supplier())
            .prefetch_related(|product| product.tags())
    }

    fn description(&self) -> &'static str {
        "Products, with paging, searching, ordering and filtering."
    }

    fn permissions(&self) -> Permission {
        IsAuthenticatedOrReadOnly.into()
    }

    fn pagination(&self) -> Pagination {
        pages()
    }

    fn filters(&self) -> Filters {
        let fields = FieldFilters::new([
            ("status", &["exact", "in"][..]),
            ("price", &["exact", "gte", "lte", "range"]),
            ("name", &["icontains"]),
            ("category", &["exact"]),
            ("category__slug", &["exact"]),
            ("tags", &["exact"]),
            ("released_on", &["exact", "year", "isnull"]),
            ("quantity", &["gt"]),
        ]);
        Filters::new(fields)
            .and(SearchFilter::new(["name", "^sku", "=status", "category__name", "tags__label"]))
            .and(OrderingFilter::new(["price", "name", "created_at", "quantity"]).default_order(["id"]))
    }

    fn actions(actions: &mut Actions<Self>) {
        let number =
            |name: &str| json!({ "type": "object", "properties": { name: { "type": "integer" } }, "required": [name] });
        let archived = Describe::new().takes_nothing().answers_schema(200, number("archived"));
        actions.detail(Method::POST, "archive", Self::archive).describe(archived);
        let counts = json!({ "type": "object", "additionalProperties": { "type": "integer" } });
        let counted = Describe::new().answers_schema(200, counts);
        actions.list(Method::GET, "by_status", Self::by_status).url_path("by-status").describe(counted);
    }
}

impl ProductViewSet {
    async fn archive(&self, request: &Request) -> Result<Response> {
        let mut product = self.get_object(request).await?;
        product.status = Status::Gone;
        product.quantity = 0;
        product.save(request).await?;
        Ok(Response::json(&json!({ "archived": product.id.0 })))
    }

    async fn by_status(&self, request: &Request) -> Result<Response> {
        let mut counts = Object::new();
        for (name, status) in [("draft", Status::Draft), ("live", Status::Live), ("gone", Status::Gone)] {
            let count = Product::objects().filter(|product| product.status().eq(status)).count(request).await?;
            counts.insert(name, count);
        }
        Ok(Response::data(counts))
    }
}

pub struct CategoryViewSet;

impl ModelViewSet for CategoryViewSet {
    type Serializer = CategorySerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Category> {
        Category::objects()
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn pagination(&self) -> Pagination {
        LimitOffsetPagination { max_limit: Some(5), ..LimitOffsetPagination::new(2) }.into()
    }
}

pub struct TagViewSet;

impl ModelViewSet for TagViewSet {
    type Serializer = TagSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Tag> {
        Tag::objects()
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn pagination(&self) -> Pagination {
        CursorPagination::new(2, ["id"]).into()
    }

    fn lookup_value_regex(&self) -> &'static str {
        "[0-9]+"
    }
}

pub struct WeighedTagViewSet;

impl ReadOnlyModelViewSet for WeighedTagViewSet {
    type Serializer = TagSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Tag> {
        Tag::objects()
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn pagination(&self) -> Pagination {
        let pages = CursorPagination {
            page_size_query_param: Some("size"),
            max_page_size: Some(4),
            ..CursorPagination::new(2, ["-weight", "id"])
        };
        pages.into()
    }
}

pub struct SupplierViewSet;

impl ModelViewSet for SupplierViewSet {
    type Serializer = SupplierSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Supplier> {
        Supplier::objects().order_by(|row| row.id().asc())
    }

    fn permissions(&self) -> Permission {
        DjangoModelPermissionsOrAnonReadOnly.into()
    }
}

pub struct DetailViewSet;

impl ModelViewSet for DetailViewSet {
    type Serializer = ProductDetailSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<ProductDetail> {
        ProductDetail::objects()
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }
}

pub struct OrderViewSet;

impl ModelViewSet for OrderViewSet {
    type Serializer = OrderSerializer;

    fn queryset(&self, request: &Request) -> QuerySet<Order> {
        Order::objects().filter(|order| order.customer().eq(request.user())).order_by(|order| order.id().asc())
    }

    fn lookup_field(&self) -> &'static str {
        "number"
    }

    async fn perform_create(&self, request: &Request, valid: Valid<OrderSerializer>) -> Result<Order> {
        valid.save_with(|order| order.customer().set(request.user())).await
    }
}

pub struct LineViewSet;

impl ModelViewSet for LineViewSet {
    type Serializer = FlatLineSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<OrderLine> {
        OrderLine::objects().order_by(|row| row.id().asc())
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }
}

pub struct OnDeleteViewSet;

impl ModelViewSet for OnDeleteViewSet {
    type Serializer = OnDeleteSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<OnDelete> {
        OnDelete::objects().order_by(|row| row.id().asc())
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }
}

pub struct SpecimenViewSet;

impl ModelViewSet for SpecimenViewSet {
    type Serializer = SpecimenSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Specimen> {
        Specimen::objects().order_by(|row| row.id().asc())
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }
}

pub struct RequiredViewSet;

impl ModelViewSet for RequiredViewSet {
    type Serializer = RequiredSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Required> {
        Required::objects().order_by(|row| row.id().asc())
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }
}

pub struct BookingViewSet;

impl ModelViewSet for BookingViewSet {
    type Serializer = BookingSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Booking> {
        Booking::objects().order_by(|row| row.id().asc())
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }
}

pub struct KitchenView;

impl ApiView for KitchenView {
    fn methods(on: &mut Methods<Self>) {
        on.post(Self::cook).takes::<KitchenSerializer>();
    }

    /// What was read is shown, and nothing is saved: a nested row has no key yet, and lacks what was not given.
    fn describe(&self, operations: &mut Operations) {
        let shown = json!({ "type": "object", "additionalProperties": {} });
        operations.all(Describe::new().answers_schema(200, shown));
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }
}

impl KitchenView {
    async fn cook(&self, request: &Request) -> Result<Response> {
        let valid = validate::<KitchenSerializer>(request, &*request.data().await?, None, false).await?;
        Ok(Response::json_text(valid.to_json().await?))
    }
}

pub struct BulkTagView;

impl ApiView for BulkTagView {
    fn methods(on: &mut Methods<Self>) {
        on.post(Self::store);
    }

    fn describe(&self, operations: &mut Operations) {
        operations.all(Describe::new().takes_many::<TagSerializer>().answers_many::<TagSerializer>(201));
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }
}

impl BulkTagView {
    async fn store(&self, request: &Request) -> Result<Response> {
        let tags = validate_many::<TagSerializer>(request, &*request.data().await?).await?.save().await?;
        Ok(Response::json_text(to_json_many::<TagSerializer>(request, &tags).await?).with_status(StatusCode::CREATED))
    }
}

pub struct ScopedView;

impl ApiView for ScopedView {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::show);
    }

    fn describe(&self, operations: &mut Operations) {
        let schema = json!({ "type": "object", "properties": { "ok": { "type": "boolean" } }, "required": ["ok"] });
        operations.all(Describe::new().answers_schema(200, schema));
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn throttles(&self) -> Throttles {
        ScopedRateThrottle.into()
    }

    fn throttle_scope(&self) -> Option<&'static str> {
        Some("scoped")
    }
}

impl ScopedView {
    async fn show(&self, _: &Request) -> Result<Response> {
        Ok(Response::json(&json!({ "ok": true })))
    }
}

pub struct StaffOnlyView;

impl ApiView for StaffOnlyView {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::show);
    }

    fn describe(&self, operations: &mut Operations) {
        let schema =
            json!({ "type": "object", "properties": { "staff": { "type": "string" } }, "required": ["staff"] });
        operations.all(Describe::new().answers_schema(200, schema));
    }

    fn permissions(&self) -> Permission {
        IsAdminUser.into()
    }
}

impl StaffOnlyView {
    async fn show(&self, request: &Request) -> Result<Response> {
        Ok(Response::json(&json!({ "staff": request.user().username() })))
    }
}

pub struct CrashView;

impl ApiView for CrashView {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::fail);
    }

    fn describe(&self, operations: &mut Operations) {
        operations.all(Describe::new().answers_nothing(500).when("Always."));
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }
}

impl CrashView {
    async fn fail(&self, _: &Request) -> Result<Response> {
        Err(Error::unexpected("boom"))
    }
}
