//! Hyperlinked serializers, and the other fields for relations.

use quintet::apps::auth::models::User;
use quintet::prelude::*;
use quintet::serializers::{Field, UuidFormat};

use super::kinds::identity;
use super::models::{Album, Artist, Label, Sheet, Track};
use super::open::open_sets;
use super::tried::TryView;

identity! {
    ArtistUrl "link-artist-detail" "slug";
    AlbumUrl "link-album-detail" "pk";
}

#[derive(Serializer)]
#[serializer(model = Album, fields(url, id, title, artist, labels, tracks))]
pub struct AlbumLink {
    pub url: AlbumUrl,
    #[field(view_name = "link-artist-detail", lookup_field = "slug")]
    pub artist: ForeignKey<Artist>,
    #[field(slug_field = "code", required = false)]
    pub labels: Vec<ForeignKey<Label>>,
    #[field(in_words, required = true)]
    pub tracks: Vec<ForeignKey<Track>>,
}

#[derive(Serializer)]
#[serializer(model = Track, fields(url, album, position, title), extra(url(view_name = "link-track-detail")))]
pub struct TrackLink {
    #[field(view_name = "link-album-detail")]
    pub album: ForeignKey<Album>,
}

#[derive(Serializer)]
#[serializer(
    model = Sheet,
    fields(url, id, key, rank, parent, children),
    extra(url(view_name = "link-sheet-detail", lookup_field = "key"))
)]
pub struct SheetLink {
    #[field(view_name = "link-sheet-detail", lookup_field = "key", required = false, allow_null)]
    pub parent: Option<ForeignKey<Sheet>>,
    #[field(view_name = "link-sheet-detail", lookup_field = "key", read_only)]
    pub children: Vec<ForeignKey<Sheet>>,
}

open_sets! {
    AlbumLinkViewSet: AlbumLink => Album::objects();
    TrackLinkViewSet: TrackLink => Track::objects().order_by(|track| track.id().asc());
}

pub struct SheetLinkViewSet;

impl ModelViewSet for SheetLinkViewSet {
    type Serializer = SheetLink;

    fn queryset(&self, _: &Request) -> QuerySet<Sheet> {
        Sheet::objects()
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn lookup_field(&self) -> &'static str {
        "key"
    }

    fn lookup_value_regex(&self) -> &'static str {
        "[a-z.-]+"
    }
}

#[derive(Serializer)]
#[serializer(
    model = Artist,
    fields(url, page, name, slug, albums),
    extra(url(view_name = "link-artist-detail", lookup_field = "slug"))
)]
pub struct ArtistLink {
    pub page: ArtistUrl,
    #[field(view_name = "link-album-detail", read_only)]
    pub albums: Vec<ForeignKey<Album>>,
}

pub struct ArtistLinkViewSet;

impl ModelViewSet for ArtistLinkViewSet {
    type Serializer = ArtistLink;

    fn queryset(&self, _: &Request) -> QuerySet<Artist> {
        Artist::objects()
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn lookup_field(&self) -> &'static str {
        "slug"
    }
}

#[derive(Serializer)]
pub struct Relations {
    #[field(required = false)]
    pub pk: ForeignKey<Artist>,
    #[field(required = false, allow_null)]
    pub pk_null: ForeignKey<Artist>,
    #[field(required = false)]
    pub pk_many: Vec<ForeignKey<Label>>,
    #[field(required = false, allow_empty = false)]
    pub pk_some: Vec<ForeignKey<Label>>,
    #[field(required = false, pk_field = Field::char().max_length(3))]
    pub pk_text: ForeignKey<Artist>,
    #[field(required = false, pk_field = Field::uuid().uuid_format(UuidFormat::Hex))]
    pub pk_uuid: ForeignKey<Sheet>,
    #[field(queryset = live, required = false)]
    pub pk_live: ForeignKey<User>,
    #[field(slug_field = "code", required = false)]
    pub slug: ForeignKey<Label>,
    #[field(slug_field = "code", required = false)]
    pub slug_many: Vec<ForeignKey<Label>>,
    #[field(slug_field = "born", required = false)]
    pub slug_date: ForeignKey<Artist>,
    #[field(slug_field = "profile__bio", required = false)]
    pub slug_far: ForeignKey<Artist>,
    #[field(view_name = "link-artist-detail", lookup_field = "slug", required = false)]
    pub link: ForeignKey<Artist>,
    #[field(view_name = "link-album-detail", required = false, allow_null)]
    pub link_null: ForeignKey<Album>,
    #[field(view_name = "link-album-detail", required = false)]
    pub link_many: Vec<ForeignKey<Album>>,
    #[field(
        required = false,
        error_messages(does_not_exist = "Nobody is {pk_value}.", incorrect_type = "Not a {data_type}.")
    )]
    pub told: ForeignKey<Artist>,
}

fn live() -> QuerySet<User> {
    User::objects().filter(|user| user.is_active().eq(true))
}

pub(super) fn urls() -> Urls {
    let router = DefaultRouter::new()
        .register_as("artists", ArtistLinkViewSet, "link-artist")
        .register_as("albums", AlbumLinkViewSet, "link-album")
        .register_as("tracks", TrackLinkViewSet, "link-track")
        .register_as("sheets", SheetLinkViewSet, "link-sheet")
        .root_view_name("link-root");
    urls![include("links/", router.urls()), path("relations/", TryView::<Relations>::one(), name = "relations"),]
}
