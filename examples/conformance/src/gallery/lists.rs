//! Pages, searches, orders and filters over lists.

use quintet::prelude::*;
use quintet::rest::filter::{FieldFilter, FieldFilters, FilterBackend, Filters, OrderingFilter, SearchFilter};
use quintet::rest::pagination::{CursorPagination, LimitOffsetPagination, PageNumberPagination, Pagination};
use quintet::rest::{BoxFuture, Untyped};

use super::models::{Album, Moment, Sheet, Track};
use super::open::OpenPages;

#[derive(Serializer)]
#[serializer(model = Track, fields(id, title, position, album))]
pub struct TrackTitle {
    #[field(slug_field = "title", read_only)]
    pub album: ForeignKey<Album>,
}

#[derive(Serializer)]
#[serializer(model = Sheet, fields(key, rank))]
pub struct SheetRank;

#[derive(Serializer)]
#[serializer(model = Album, fields(id, title, artist, released, price, labels))]
pub struct AlbumPrice;

#[derive(Serializer)]
#[serializer(model = Moment, fields(id, name, at))]
pub struct MomentAt;

fn unbound() -> Pagination {
    PageNumberPagination { page_size_query_param: Some("page_size"), ..PageNumberPagination::new(3) }.into()
}

fn two() -> Pagination {
    PageNumberPagination {
        page_query_param: "p",
        page_size_query_param: Some("n"),
        max_page_size: Some(3),
        ..PageNumberPagination::new(2)
    }
    .into()
}

fn no_size() -> Pagination {
    PageNumberPagination { page_size: None, page_size_query_param: Some("page_size"), ..PageNumberPagination::new(1) }
        .into()
}

fn windows() -> Pagination {
    LimitOffsetPagination {
        limit_query_param: "take",
        offset_query_param: "skip",
        max_limit: Some(4),
        ..LimitOffsetPagination::new(2)
    }
    .into()
}

fn no_window() -> Pagination {
    LimitOffsetPagination { default_limit: None, ..LimitOffsetPagination::new(1) }.into()
}

fn cursors() -> Pagination {
    CursorPagination { cursor_query_param: "at", ..CursorPagination::new(2, ["-rank", "key"]) }.into()
}

fn ordered() -> Pagination {
    CursorPagination { page_size_query_param: Some("n"), max_page_size: Some(3), ..CursorPagination::new(2, ["key"]) }
        .into()
}

fn tracks() -> QuerySet<Track> {
    Track::objects().order_by(|track| track.id().asc())
}

fn albums() -> QuerySet<Album> {
    Album::objects().order_by(|album| album.id().asc())
}

fn sheets(pagination: fn() -> Pagination) -> OpenPages<SheetRank> {
    OpenPages::new("Sheet List", Sheet::objects).pages(pagination)
}

fn searched(filters: fn() -> Filters) -> OpenPages<TrackTitle> {
    OpenPages::new("Track List", tracks).filters(filters)
}

fn ordered_tracks(filters: fn() -> Filters) -> OpenPages<TrackTitle> {
    OpenPages::new("Ordered", tracks).filters(filters)
}

macro_rules! search {
    ($($field:literal),*) => {
        searched(|| Filters::new(SearchFilter::new([$($field),*])).and(of_serializer()))
    };
}

/// Without fields of its own, those that the serializer shows.
fn of_serializer() -> OrderingFilter {
    OrderingFilter::new(["id", "title", "position", "album"])
}

fn title_search() -> SearchFilter {
    SearchFilter::new(["title"])
}

fn moment_filter() -> Filters {
    Filters::new(FieldFilters::new([
        ("at", &["exact", "lt", "gte", "date", "year", "month", "day", "hour", "range", "isnull"][..]),
        ("day", &["exact", "week_day", "in"]),
        ("hour", &["exact", "gt"]),
        ("span", &["exact", "lte"]),
        ("name", &["exact", "in", "iexact", "endswith", "regex"]),
    ]))
}

/// What of the reference's filters goes by one field and one lookup each.
fn album_filter() -> Filters {
    let one = |param: &str, field: &str, lookup: &str| FieldFilter::new(param, field, lookup);
    Filters::new(
        FieldFilters::exact([])
            .and(one("title", "title", "istartswith"))
            .and(one("cheap", "price", "lt"))
            .and(one("price_min", "price", "gte"))
            .and(one("price_max", "price", "lte"))
            .and(one("year", "released", "year"))
            .and(one("since", "released", "gte"))
            .and(one("between_after", "released", "gte"))
            .and(one("between_before", "released", "lte"))
            .and(one("undated", "released", "isnull"))
            .and(one("label", "labels__code", "exact"))
            .and(one("artists", "artist", "in"))
            .and(one("country", "artist__country", "exact"))
            .and(one("not_title", "title", "exact").exclude()),
    )
}

/// Only what the caller is said to see.
struct Least;

impl FilterBackend for Least {
    fn filter<'a>(&'a self, request: &'a Request, query: Untyped) -> BoxFuture<'a, Result<Untyped>> {
        Box::pin(async move {
            let least = request.query()?.get("least").unwrap_or("0").to_owned();
            let rows = query.typed::<Sheet>().map_err(Error::unexpected)?;
            Ok(match least.parse::<i32>() {
                Ok(least) if !least.is_negative() => rows.filter(|sheet| sheet.rank().gte(least)).untyped(),
                _ => rows.none().untyped(),
            })
        })
    }
}

fn listed() -> Filters {
    Filters::new(FieldFilters::exact(["artist", "title", "released", "price", "labels"]))
        .and(SearchFilter::new(["title", "artist__name"]))
        .and(OrderingFilter::new(["title", "price"]))
}

pub(super) fn urls() -> Urls {
    urls![
        path("pages/two/", sheets(two)),
        path("pages/unbound/", sheets(unbound)),
        path("pages/no-size/", sheets(no_size)),
        path("pages/windows/", sheets(windows)),
        path("pages/no-window/", sheets(no_window)),
        path("pages/cursors/", sheets(cursors)),
        path("pages/none/", sheets(|| Pagination::None)),
        path(
            "pages/ordered/",
            OpenPages::<SheetRank>::new("Sheet Ordered", Sheet::objects)
                .pages(ordered)
                .filters(|| Filters::new(OrderingFilter::all()))
        ),
        path("search/contains/", search!("title")),
        path("search/starts/", search!("^title")),
        path("search/equals/", search!("=title")),
        path("search/regex/", search!("$title")),
        path("search/related/", search!("album__title", "album__artist__name", "credits__person")),
        path("search/lookup/", search!("title__iendswith", "album__artist__country__exact")),
        path("search/mixed/", search!("^title", "=album__title", "credits__role")),
        path("order/all/", ordered_tracks(|| Filters::new(title_search()).and(OrderingFilter::all()))),
        path("order/default/", ordered_tracks(|| Filters::new(title_search()).and(of_serializer()))),
        path(
            "order/related/",
            ordered_tracks(|| Filters::new(title_search()).and(OrderingFilter::new([
                "album__title",
                "album__artist__name",
                "title"
            ])))
        ),
        path(
            "order/pairs/",
            ordered_tracks(|| Filters::new(title_search())
                .and(OrderingFilter::new(["position", "album__released"]).default_order(["-position", "id"])))
        ),
        path(
            "order/text/",
            ordered_tracks(
                || Filters::new(title_search()).and(OrderingFilter::new(["title"]).default_order(["-title"]))
            )
        ),
        path("filter/albums/", OpenPages::<AlbumPrice>::new("Album List", albums).filters(album_filter)),
        path("filter/own/", sheets(windows).filters(|| Filters::new(Least))),
        path("filter/listed/", OpenPages::<AlbumPrice>::new("Album Listed", albums).pages(unbound).filters(listed)),
        path("filter/moments/", OpenPages::<MomentAt>::new("Moment List", Moment::objects).filters(moment_filter)),
    ]
}
