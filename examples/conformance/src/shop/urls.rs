//! Routes of the shop: none yet.

use quintet::prelude::*;

pub(crate) fn urls() -> Urls {
    urls![]
}
