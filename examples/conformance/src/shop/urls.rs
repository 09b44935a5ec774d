//! Routes of the shop.

use quintet::prelude::*;
use quintet::rest::openapi::Describe;

use super::samples::{echo_view, empty, render_samples};
use super::views::*;

pub(crate) fn urls() -> Urls {
    let router = DefaultRouter::new()
        .register("products", ProductViewSet)
        .register("categories", CategoryViewSet)
        .register("tags", TagViewSet)
        .register_as("weighed", WeighedTagViewSet, "weighed")
        .register("suppliers", SupplierViewSet)
        .register("details", DetailViewSet)
        .register_as("orders", OrderViewSet, "order")
        .register("lines", LineViewSet)
        .register("ondelete", OnDeleteViewSet)
        .register("specimens", SpecimenViewSet)
        .register("required", RequiredViewSet)
        .register("bookings", BookingViewSet);
    urls![
        path("kitchen/", KitchenView, name = "kitchen"),
        path("bulk-tags/", BulkTagView, name = "bulk-tags"),
        path("scoped/", ScopedView, name = "scoped"),
        path("staff/", StaffOnlyView, name = "staff"),
        path("crash/", CrashView, name = "crash"),
        path("render/", api_view(get(render_samples).describe(anything())).permissions(AllowAny), name = "render"),
        path("echo/", echo_view(), name = "echo"),
        path(
            "empty/",
            api_view(get(empty).describe(Describe::new().answers_nothing(200))).permissions(AllowAny),
            name = "empty"
        ),
        include("", router.urls()),
    ]
}

/// An object of whatever members.
fn anything() -> Describe {
    Describe::new().answers_schema(200, json!({ "type": "object" }))
}
