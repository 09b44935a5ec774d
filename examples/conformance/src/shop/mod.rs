//! The shop, which has every field and relation. Models, serializers and views join with those layers.

pub(crate) mod urls;

quintet::app! { shop, urls = urls::urls }
