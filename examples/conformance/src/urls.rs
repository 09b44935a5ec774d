//! The routes that the oracle's suites ask for, as far as the apps are here: none yet.

use quintet::prelude::*;

pub(crate) fn urls() -> Urls {
    urls![]
}
