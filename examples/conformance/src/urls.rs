//! The routes that the oracle's suites ask for, as far as the apps have them.

use quintet::prelude::*;

use crate::{api, shop};

/// The seed's routes.
pub(crate) fn urls() -> Urls {
    urls![include("api/", api::urls::urls())]
}

/// The same, and the shop's.
pub(crate) fn urls_full() -> Urls {
    urls![include("api/", api::urls::urls()), include("api/shop/", shop::urls::urls())]
}
