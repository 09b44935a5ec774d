//! Routes of the gallery.

use quintet::prelude::*;

use super::fields::{CalmFields, ChoiceFields, Composites, Defaults, MomentFields, NumberFields, Pair, TextFields};
use super::tried::TryView;
use super::{
    access, generic, house, links, lists, nesting, own, rendering, routes, ruled, shapes, slugs, throttles, unique,
    uploads, versions,
};

pub(crate) fn urls() -> Urls {
    urls![
        path("fields/text/", TryView::<TextFields>::one(), name = "fields-text"),
        path("fields/numbers/", TryView::<NumberFields>::one(), name = "fields-numbers"),
        path("fields/moments/", TryView::<MomentFields>::one(), name = "fields-moments"),
        path("fields/choices/", TryView::<ChoiceFields>::one(), name = "fields-choices"),
        path("fields/composites/", TryView::<Composites>::one(), name = "fields-composites"),
        path("fields/defaults/", TryView::<Defaults>::one(), name = "fields-defaults"),
        path("fields/calm/", TryView::<CalmFields>::one(), name = "fields-calm"),
        path("fields/pairs/", TryView::<Pair>::many(), name = "fields-pairs"),
        include("", access::urls()),
        include("", generic::urls()),
        include("", throttles::urls()),
        include("", house::urls()),
        include("", links::urls()),
        include("", uploads::urls()),
        include("", lists::urls()),
        include("", nesting::urls()),
        include("", own::urls()),
        include("", rendering::urls()),
        include("", ruled::urls()),
        include("versions/", versions::urls()),
        include("routes/", routes::urls()),
        include("slugs/", slugs::urls()),
        include("", shapes::urls()),
        include("", unique::urls()),
    ]
}
