//! The shop, which has every field and relation.

#![allow(
    unreachable_pub,
    dead_code,
    reason = "written as in a project, whose lints are its own; views will read the fields"
)]

pub(crate) mod migrations;
pub(crate) mod models;
pub(crate) mod samples;
pub(crate) mod serializers;
pub(crate) mod urls;
pub(crate) mod views;

use models::{
    Booking, Category, OnDelete, Order, OrderLine, Product, ProductDetail, Required, Specimen, Supplier, Tag,
};

quintet::app! {
    shop,
    models = [
        Category, Tag, Supplier, Product, ProductDetail, Order, OrderLine, OnDelete, Specimen, Required, Booking,
    ],
    migrations = migrations::all(),
    urls = urls::urls,
}
