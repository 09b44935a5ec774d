//! Routes of the notes: none yet.

use quintet::prelude::*;

pub(crate) fn urls() -> Urls {
    urls![]
}
