//! Pages, searches, orders and filters over lists.

use quintet::json::Object;
use quintet::prelude::*;
use quintet::rest::filter::{
    FieldFilters, Filter, FilterBackend, FilterSet, FilterValue, Filters, OrderingFilter, SearchFilter,
};
use quintet::rest::pagination::{
    CursorPagination, Envelope, LimitOffsetPagination, PageNumberPagination, Paged, Pagination, Paginator,
};
use quintet::rest::{BoxFuture, Untyped};

use super::models::{Album, Label, Moment, Sheet, Track};
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
        last_page_strings: &["last", "end"],
        invalid_page_message: "No such page.",
        ..PageNumberPagination::new(2)
    }
    .into()
}

/// Its own words around the rows, and a header.
struct OwnPages;

impl Paginator for OwnPages {
    fn paginate<'a>(
        &'a self,
        request: &'a Request,
        query: Untyped,
        _: Option<Vec<String>>,
    ) -> BoxFuture<'a, Result<Paged>> {
        Box::pin(async move {
            let Some(page) = PageNumberPagination::new(2).page(request, &query).await? else {
                return Ok(Paged::All(query));
            };
            let links = Object::new().with("after", page.next).with("before", page.previous);
            let envelope = Envelope::new().with("links", links).with("page", page.number).with("of", page.num_pages);
            Ok(Paged::Rows(page.rows, envelope.rows("rows").header("x-total", page.count.to_string())))
        })
    }
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
        searched(|| Filters::new(SearchFilter::new([$($field),*])).and(OrderingFilter::default()))
    };
}

/// Searches by a word of its own, in what the request chooses.
struct OwnSearch;

impl FilterBackend for OwnSearch {
    fn filter<'a>(&'a self, request: &'a Request, query: Untyped) -> BoxFuture<'a, Result<Untyped>> {
        Box::pin(async move {
            let fields = if request.query()?.get("in").is_some() { ["^title"] } else { ["title"] };
            SearchFilter { param: Some("find"), ..SearchFilter::new(fields) }.filter(request, query).await
        })
    }
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

struct AlbumFilter;

impl FilterSet for AlbumFilter {
    fn filters(&self, _: &Request) -> Vec<Filter> {
        let countries = ["BR", "JP"];
        vec![
            Filter::char("title").lookup("istartswith"),
            Filter::number("cheap").field("price").lookup("lt"),
            Filter::range("price"),
            Filter::number("year").field("released").lookup("year"),
            Filter::date("since").field("released").lookup("gte"),
            Filter::date_range("between").field("released"),
            Filter::boolean("undated").field("released").lookup("isnull"),
            Filter::char("label").field("labels__code"),
            Filter::model_multiple_choice("labels", |_| Label::objects())
                .field("labels__code")
                .to_field_name("code")
                .conjoined(),
            Filter::number_in("artists").field("artist"),
            Filter::choice("country", countries).field("artist__country").or_null(),
            Filter::multiple_choice("countries", countries).field("artist__country"),
            Filter::boolean("long").method(only_long),
            Filter::char("not_title").field("title").exclude(),
            Filter::ordering("order", [("title", "name"), ("price", "price")]),
        ]
    }
}

#[expect(clippy::needless_pass_by_value, reason = "as the filter gives it")]
fn only_long(albums: QuerySet<Album>, long: FilterValue) -> QuerySet<Album> {
    match long {
        FilterValue::Bool(true) => albums.filter(|_| q("tracks__position__gte", 2)),
        _ => albums.exclude(|_| q("tracks__position__gte", 2)),
    }
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
        path("pages/own/", sheets(|| OwnPages.into())),
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
        path("search/own/", searched(|| Filters::new(OwnSearch))),
        path("order/all/", ordered_tracks(|| Filters::new(title_search()).and(OrderingFilter::all()))),
        path("order/default/", ordered_tracks(|| Filters::new(title_search()).and(OrderingFilter::default()))),
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
        path(
            "filter/albums/",
            OpenPages::<AlbumPrice>::new("Album List", albums).filters(|| Filters::new(AlbumFilter))
        ),
        path("filter/own/", sheets(windows).filters(|| Filters::new(Least))),
        path("filter/listed/", OpenPages::<AlbumPrice>::new("Album Listed", albums).pages(unbound).filters(listed)),
        path("filter/moments/", OpenPages::<MomentAt>::new("Moment List", Moment::objects).filters(moment_filter)),
    ]
}
