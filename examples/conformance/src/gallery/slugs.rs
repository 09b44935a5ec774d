//! Rows named by what is behind further relations.

use quintet::prelude::*;

use super::models::{Album, Artist, Label, Sheet, Track};
use super::open::open_sets;

#[derive(Serializer)]
#[serializer(model = Track, fields(id, album, born, position, title))]
pub struct TrackSlug {
    #[field(slug_field = "artist__slug")]
    pub album: ForeignKey<Album>,
    #[field(source = "album", slug_field = "artist__born", read_only)]
    pub born: ForeignKey<Album>,
}

#[derive(Serializer)]
#[serializer(model = Album, fields(id, title, artist))]
pub struct AlbumSlug {
    #[field(slug_field = "profile__bio")]
    pub artist: ForeignKey<Artist>,
}

#[derive(Serializer)]
#[serializer(model = Label, fields(id, code, albums))]
pub struct LabelSlug {
    #[field(slug_field = "artist__name", read_only)]
    pub albums: Vec<ForeignKey<Album>>,
}

#[derive(Serializer)]
#[serializer(model = Sheet, fields(id, key, parent))]
pub struct SheetSlug {
    #[field(slug_field = "parent__key", allow_null)]
    pub parent: Option<ForeignKey<Sheet>>,
}

open_sets! {
    TrackSlugViewSet: TrackSlug => Track::objects();
    AlbumSlugViewSet: AlbumSlug => Album::objects();
    LabelSlugViewSet: LabelSlug => Label::objects();
    SheetSlugViewSet: SheetSlug => Sheet::objects();
}

pub(super) fn urls() -> Urls {
    let router = SimpleRouter::new()
        .register_as("tracks", TrackSlugViewSet, "slug-track")
        .register_as("albums", AlbumSlugViewSet, "slug-album")
        .register_as("labels", LabelSlugViewSet, "slug-label")
        .register_as("sheets", SheetSlugViewSet, "slug-sheet");
    urls![include("", router.urls())]
}
