//! Where values come from and go to: sources, read-only and write-only, many at once.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use quintet::json::Json as Tree;
use quintet::models::words::Value;
use quintet::prelude::*;
use quintet::serializers::{Data, Datum, Many, to_json, to_json_many, validate, validate_many};

use super::kinds::{Integer, Shown};
use super::models::{Album, Artist, Label, Profile};
use super::open::{OpenList, OpenOne, open_sets};
use super::tried::TryView;

#[derive(Serializer)]
pub struct Coordinates {
    #[field(min_value = 0, required = false)]
    pub x: Integer,
    #[field(min_value = 0, required = false)]
    pub y: Integer,
}

/// Nothing of a model.
#[derive(Serializer)]
pub struct Sourced {
    #[field(source = "title", max_length = 4)]
    pub name: String,
    #[field(source = "address.city", required = false)]
    pub city: String,
    #[field(source = "address.zip", required = false)]
    pub zip: Integer,
    #[field(source = "*", required = false)]
    pub place: Coordinates,
    #[field(source = "deep.inner.place", required = false)]
    pub far: Coordinates,
    #[field(source = "title", read_only)]
    pub shown: String,
    #[field(method = whole)]
    pub whole: Vec<String>,
}

fn whole(data: &Changes<Sourced>) -> Vec<String> {
    let mut names: Vec<String> = data.attributes().iter().map(|(name, _)| name.to_owned()).collect();
    names.sort();
    names
}

/// A model by other names, and by what hangs on it.
#[derive(Serializer)]
#[serializer(
    model = Artist,
    fields(id, title, slug, land, country, bio, site, albums, first, text, secret, born, whole),
    read_only(country),
    extra(slug(required = false, default = "unnamed", help_text = "Part of the address.")),
    hooks
)]
pub struct ArtistShape {
    #[field(source = "name", max_length = 10)]
    pub title: String,
    #[field(source = "profile.bio", read_only)]
    pub bio: String,
    #[field(source = "profile.website", read_only, default = "none")]
    pub site: Url,
    #[field(source = "get_country_display", read_only)]
    pub land: String,
    #[field(source = "albums.count", read_only)]
    pub albums: Integer,
    #[field(source = "albums.first.title")]
    pub first: Shown,
    #[field(source = "__str__")]
    pub text: String,
    #[field(write_only, required = false)]
    pub secret: String,
    #[field(write_only, required = false, allow_null)]
    pub born: Date,
    #[field(method = whole_artist)]
    pub whole: Json,
}

fn whole_artist(artist: &Artist) -> Json {
    use chrono::Datelike;
    json!({ "year": artist.born.map(|born| born.year()), "view": "ArtistShapes" })
}

impl Serializer for ArtistShape {
    async fn create(mut data: Changes<Self>, context: &Context<'_>) -> Result<Artist> {
        let secret = data.take(|artist| artist.secret()).unwrap_or_default();
        let name = data.get(|artist| artist.name()).unwrap_or_default() + &secret;
        data.set(|artist| artist.name().set(name));
        data.create(context).await
    }

    async fn update(instance: Artist, mut data: Changes<Self>, context: &Context<'_>) -> Result<Artist> {
        data.take(|artist| artist.secret());
        data.update(instance, context).await
    }
}

open_sets! {
    ArtistShapes: ArtistShape => Artist::objects();
}

#[derive(Serializer)]
#[serializer(model = Album, exclude(labels, price))]
pub struct ExcludedSerializer;

#[derive(Serializer)]
#[serializer(model = Album, fields(all), read_only(released))]
pub struct AllSerializer {
    #[field(method = hundredfold)]
    pub extra: i64,
}

fn hundredfold(album: &Album) -> i64 {
    album.id.0 * 100
}

#[derive(Serializer)]
#[serializer(model = Label, fields(id, code, name), validate(name = not_bad))]
pub struct LabelSerializer;

fn not_bad(name: String) -> Result<String> {
    if name == "bad" { Err(Error::invalid("Bad name.")) } else { Ok(name) }
}

/// The same without a rule of its own.
#[derive(Serializer)]
#[serializer(model = Label, fields(id, code, name))]
pub struct PlainLabelSerializer;

/// Many at once, within limits.
pub struct BulkView<S> {
    of: PhantomData<fn() -> S>,
    at_least_one: bool,
    at_most: Option<u32>,
}

impl<S: Serializer<Model = Label>> BulkView<S> {
    pub fn new() -> Self {
        Self { of: PhantomData, at_least_one: false, at_most: None }
    }

    fn some() -> Self {
        Self { at_least_one: true, at_most: Some(2), ..Self::new() }
    }

    async fn store(&self, request: &Request) -> Result<Response> {
        let many = Many::<S> { allow_empty: !self.at_least_one, max_length: self.at_most, ..Many::default() };
        let labels = many.validate(request, &*request.data().await?).await?.save().await?;
        let text = to_json_many::<S>(request, &labels).await?;
        Ok(Response::json_text(text).with_status(StatusCode::CREATED))
    }

    async fn change(&self, request: &Request) -> Result<Response> {
        let many = Many::<S> { instances: Some(Label::objects().all(request).await?), ..Many::default() };
        let labels = many.validate(request, &*request.data().await?).await?.save().await?;
        Ok(Response::json_text(to_json_many::<S>(request, &labels).await?))
    }
}

impl<S: Serializer<Model = Label>> ApiView for BulkView<S> {
    fn methods(on: &mut Methods<Self>) {
        on.post(Self::store).put(Self::change).takes::<S>();
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }
}

/// All are made at once; codes must differ inside of the list.
#[derive(Serializer)]
#[serializer(model = Label, fields(id, code, name), hooks)]
pub struct BulkLabel {
    #[field(max_length = 12)]
    pub code: Slug,
}

impl Serializer for BulkLabel {
    async fn validate_list(rows: &mut Vec<Changes<Self>>, _: &Context<'_>) -> Result<()> {
        let codes: BTreeSet<_> =
            rows.iter().map(|row| row.get(|label| label.code()).map(|code| code.to_string())).collect();
        if codes.len() < rows.len() { Err(Error::invalid("Codes must differ.")) } else { Ok(()) }
    }

    async fn create_list(rows: Vec<Changes<Self>>, context: &Context<'_>) -> Result<Vec<Label>> {
        let mut labels = vec![];
        for row in rows {
            labels.push(row.create(context).await?);
        }
        Ok(labels)
    }

    async fn update_list(known: Vec<Label>, rows: Vec<Changes<Self>>, context: &Context<'_>) -> Result<Vec<Label>> {
        let mut labels = vec![];
        for row in rows {
            let code = row.get(|label| label.code()).unwrap_or_default();
            labels.push(match known.iter().find(|label| label.code == code) {
                Some(label) => row.update(label.clone(), context).await?,
                None => row.create(context).await?,
            });
        }
        Ok(labels)
    }
}

/// One or many, by what comes.
pub struct EitherView;

impl ApiView for EitherView {
    fn methods(on: &mut Methods<Self>) {
        on.post(Self::store).takes::<LabelSerializer>();
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn description(&self) -> &'static str {
        "One or many, by what comes."
    }
}

impl EitherView {
    async fn store(&self, request: &Request) -> Result<Response> {
        let data = request.data().await?;
        let text = if matches!(&*data, Data::Json(Tree::List(_))) {
            let labels = validate_many::<LabelSerializer>(request, &data).await?.save().await?;
            to_json_many::<LabelSerializer>(request, &labels).await?
        } else {
            let label = validate::<LabelSerializer>(request, &data, None, false).await?.save().await?;
            to_json::<LabelSerializer>(request, &label).await?
        };
        Ok(Response::json_text(text).with_status(StatusCode::CREATED))
    }
}

/// A field of the other side of a one-to-one relation may be written.
#[derive(Serializer)]
#[serializer(model = Profile, fields(id, name, bio), hooks)]
pub struct ProfileShape {
    #[field(source = "artist.name", max_length = 5)]
    pub name: String,
}

impl Serializer for ProfileShape {
    async fn update(instance: Profile, mut data: Changes<Self>, context: &Context<'_>) -> Result<Profile> {
        if let Some(Datum::Map(artist)) = data.attributes_mut().take("artist") {
            let name = artist.iter().find(|(name, _)| name == "name").and_then(|(_, datum)| datum.value().cloned());
            if let Some(Value::Text(name)) = name {
                let rows = Artist::objects().filter(|artist| artist.id().eq(instance.artist.id));
                rows.update(context.db(), |artist| artist.name().set(name)).await?;
            }
        }
        data.update(instance, context).await
    }
}

fn profiles() -> QuerySet<Profile> {
    Profile::objects().order_by(|profile| profile.id().asc())
}

fn rows() -> QuerySet<Album> {
    Album::objects().order_by(|album| album.id().asc())
}

pub(super) fn urls() -> Urls {
    let router = SimpleRouter::new().register_as("artist-shapes", ArtistShapes, "artist-shape");
    urls![
        path("sourced/", TryView::<Sourced>::one()),
        path("bulk/", BulkView::<BulkLabel>::new()),
        path("bulk-plain/", BulkView::<LabelSerializer>::new()),
        path("bulk-some/", BulkView::<LabelSerializer>::some()),
        path("either/", EitherView),
        path("profile-shapes/", OpenList::<ProfileShape>::new("Artist Shapes", profiles)),
        path("profile-shapes/<int:pk>/", OpenOne::<ProfileShape>::new("Artist Shapes", profiles)),
        path("excluded/", OpenList::<ExcludedSerializer>::new("Artist Shapes", rows)),
        path("excluded/<int:pk>/", OpenOne::<ExcludedSerializer>::new("Artist Shapes", rows)),
        path("all/", OpenList::<AllSerializer>::new("Artist Shapes", rows)),
        path("all/<int:pk>/", OpenOne::<AllSerializer>::new("Artist Shapes", rows)),
        include("", router.urls()),
    ]
}
