//! Serializers in serializers: three levels read, three levels written, one-to-one, depth.

use quintet::prelude::*;
use quintet::serializers::{Problem, Problems};

use super::models::{Album, Artist, Credit, Label, Profile, Track};
use super::open::{OpenList, OpenOne, OpenPages, open_sets};

#[derive(Serializer)]
#[serializer(model = Credit, fields(id, person, role))]
pub struct CreditSerializer;

#[derive(Serializer)]
#[serializer(model = Track, fields(id, position, title, length, credits), validate(title = calm))]
pub struct TrackSerializer {
    #[field(required = false)]
    pub credits: Vec<CreditSerializer>,
}

fn calm(title: String) -> Result<String> {
    if title == title.to_uppercase() && title != title.to_lowercase() {
        return Err(Error::validation(Problem::new("shout", "Do not shout.").into()));
    }
    Ok(title)
}

/// Tracks and their credits are replaced as a whole when they are given.
#[derive(Serializer)]
#[serializer(
    model = Album,
    fields(id, artist, title, released, price, tracks),
    validate(tracks = different),
    hooks
)]
pub struct AlbumSerializer {
    #[field(allow_empty = false)]
    pub tracks: Vec<TrackSerializer>,
}

fn different(tracks: Vec<Changes<TrackSerializer>>) -> Result<Vec<Changes<TrackSerializer>>> {
    let mut positions: Vec<_> = tracks.iter().map(|track| track.get(|track| track.position())).collect();
    let count = positions.len();
    positions.sort_unstable();
    positions.dedup();
    if positions.len() == count { Ok(tracks) } else { Err(Error::invalid("Positions must differ.")) }
}

impl Serializer for AlbumSerializer {
    fn validate(data: &mut Changes<Self>, _: &Context<'_>) -> Result<()> {
        let costs = data.get(|album| album.price()).is_some_and(|price| price != Decimal::new(0, 0));
        let tracks = data.get(|album| album.tracks()).map_or(0, |tracks| tracks.len());
        if costs && tracks > 3 {
            return Err(Error::validation(Problems::Map(vec![
                ("price".into(), Problem::new("invalid", "Four tracks are free.").into()),
                ("tracks".into(), Problem::new("invalid", "Too many.").into()),
            ])));
        }
        Ok(())
    }

    async fn create(mut data: Changes<Self>, context: &Context<'_>) -> Result<Album> {
        let tracks = data.take(|album| album.tracks()).unwrap_or_default();
        let album = data.create(context).await?;
        write(&album, tracks, context).await?;
        Ok(album)
    }

    async fn update(instance: Album, mut data: Changes<Self>, context: &Context<'_>) -> Result<Album> {
        let tracks = data.take(|album| album.tracks());
        let album = data.update(instance, context).await?;
        if let Some(tracks) = tracks {
            Track::objects().filter(|track| track.album().eq(&album)).delete(context.db()).await?;
            write(&album, tracks, context).await?;
        }
        Ok(album)
    }
}

async fn write(album: &Album, tracks: Vec<Changes<TrackSerializer>>, context: &Context<'_>) -> Result<()> {
    for mut track in tracks {
        let credits = track.take(|track| track.credits()).unwrap_or_default();
        track.set(|track| track.album().set(album));
        let row = track.create(context).await?;
        for mut credit in credits {
            credit.set(|credit| credit.track().set(&row));
            credit.create(context).await?;
        }
    }
    Ok(())
}

#[derive(Serializer)]
#[serializer(model = Profile, fields(bio, website))]
pub struct ProfileSerializer;

/// The profile is written with the artist: made, changed, or taken away by null.
#[derive(Serializer)]
#[serializer(model = Artist, fields(id, name, slug, country, born, profile), hooks)]
pub struct ArtistSerializer {
    #[field(required = false, allow_null)]
    pub profile: Option<ProfileSerializer>,
}

impl Serializer for ArtistSerializer {
    async fn create(mut data: Changes<Self>, context: &Context<'_>) -> Result<Artist> {
        let profile = data.take(|artist| artist.profile()).flatten();
        let artist = data.create(context).await?;
        if let Some(mut profile) = profile {
            profile.set(|profile| profile.artist().set(&artist));
            profile.create(context).await?;
        }
        Ok(artist)
    }

    async fn update(instance: Artist, mut data: Changes<Self>, context: &Context<'_>) -> Result<Artist> {
        let given = data.take(|artist| artist.profile());
        let artist = data.update(instance, context).await?;
        if let Some(profile) = given {
            Profile::objects().filter(|profile| profile.artist().eq(&artist)).delete(context.db()).await?;
            if let Some(mut profile) = profile {
                profile.set(|profile| profile.artist().set(&artist));
                profile.create(context).await?;
            }
        }
        Ok(artist)
    }
}

open_sets! {
    AlbumViewSet: AlbumSerializer => Album::objects();
    ArtistViewSet: ArtistSerializer => Artist::objects();
}

#[derive(Serializer)]
#[serializer(model = Album, fields(title, released, labels, tracks))]
pub struct AlbumLine {
    #[field(read_only)]
    pub tracks: Vec<TrackSerializer>,
    #[field(read_only, slug_field = "code")]
    pub labels: Vec<ForeignKey<Label>>,
}

/// Read only, four levels down.
#[derive(Serializer)]
#[serializer(model = Artist, fields(name, profile, albums))]
pub struct TreeSerializer {
    #[field(read_only)]
    pub albums: Vec<AlbumLine>,
    #[field(read_only)]
    pub profile: ProfileSerializer,
}

pub struct TreeOne;

impl RetrieveApiView for TreeOne {
    type Serializer = TreeSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Artist> {
        Artist::objects()
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }
}

macro_rules! deep {
    ($($path:literal $name:ident $model:ident($($field:ident),*) $depth:literal;)*) => {
        $(#[derive(Serializer)]
        #[serializer(model = $model, fields($($field),*), depth = $depth)]
        pub struct $name;)*

        fn depths() -> Urls {
            urls![
                $(
                    path($path, OpenList::<$name>::new("Deep Album", $model::objects)),
                    path(concat!($path, "<int:pk>/"), OpenOne::<$name>::new("Deep Album", $model::objects)),
                )*
            ]
        }
    };
}

deep! {
    "0/album/" Album0 Album(id, artist, title, labels, tracks) 0;
    "0/track/" Track0 Track(all) 0;
    "0/credit/" Credit0 Credit(all) 0;
    "0/profile/" Profile0 Profile(all) 0;
    "1/album/" Album1 Album(id, artist, title, labels, tracks) 1;
    "1/track/" Track1 Track(all) 1;
    "1/credit/" Credit1 Credit(all) 1;
    "1/profile/" Profile1 Profile(all) 1;
    "2/album/" Album2 Album(id, artist, title, labels, tracks) 2;
    "2/track/" Track2 Track(all) 2;
    "2/credit/" Credit2 Credit(all) 2;
    "2/profile/" Profile2 Profile(all) 2;
}

pub(super) fn urls() -> Urls {
    let router = SimpleRouter::new().register("albums", AlbumViewSet).register("artists", ArtistViewSet);
    urls![
        path("tree/", OpenPages::<TreeSerializer>::new("Tree List", Artist::objects), name = "tree"),
        path("tree/<int:pk>/", TreeOne, name = "tree-one"),
        include("depth/", depths()),
        include("", router.urls()),
    ]
}
