//! The seed's notes. Models, serializers and views join with those layers.

pub(crate) mod urls;

quintet::app! { api, urls = urls::urls }
