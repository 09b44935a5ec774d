//! Where values come from and go to: sources, read-only and write-only, many at once.

use quintet::json::Json as Tree;
use quintet::models::words::Value;
use quintet::prelude::*;
use quintet::serializers::{Data, Datum, to_json, to_json_many, validate, validate_many};

use super::kinds::Integer;
use super::models::{Album, Artist, Label, Profile};
use super::open::{OpenList, OpenOne};
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

/// Many at once.
pub struct BulkView;

impl ApiView for BulkView {
    fn methods(on: &mut Methods<Self>) {
        on.post(Self::store).put(Self::change).takes::<LabelSerializer>();
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }
}

impl BulkView {
    async fn store(&self, request: &Request) -> Result<Response> {
        let mut labels = vec![];
        for valid in validate_many::<LabelSerializer>(request, &*request.data().await?).await? {
            labels.push(valid.save().await?);
        }
        let text = to_json_many::<LabelSerializer>(request, &labels).await?;
        Ok(Response::json_text(text).with_status(StatusCode::CREATED))
    }

    async fn change(&self, request: &Request) -> Result<Response> {
        validate_many::<LabelSerializer>(request, &*request.data().await?).await?;
        Err(Error::unexpected("lists are changed by serializers of their own only"))
    }
}

/// By its code, which need not be new.
#[derive(Serializer)]
#[serializer(model = Label, fields(id, code, name))]
pub struct BulkLabel {
    #[field(max_length = 12)]
    pub code: Slug,
}

/// All are made at once; codes must differ inside of the list.
pub struct BulkByCode;

impl ApiView for BulkByCode {
    fn methods(on: &mut Methods<Self>) {
        on.post(Self::store).put(Self::change).takes::<BulkLabel>();
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn name(&self) -> Option<&'static str> {
        Some("Bulk")
    }
}

impl BulkByCode {
    async fn rows(&self, request: &Request) -> Result<Vec<Changes<BulkLabel>>> {
        let rows = validate_many::<BulkLabel>(request, &*request.data().await?).await?;
        let rows: Vec<_> = rows.into_iter().map(|row| row.into_changes()).collect();
        let mut codes: Vec<String> =
            rows.iter().filter_map(|row| row.get(|label| label.code())).map(|code| code.to_string()).collect();
        codes.sort_unstable();
        codes.dedup();
        if codes.len() < rows.len() {
            return Err(Error::invalid_field("non_field_errors", "Codes must differ."));
        }
        Ok(rows)
    }

    async fn store(&self, request: &Request) -> Result<Response> {
        let mut labels = vec![];
        for row in self.rows(request).await? {
            labels.push(quintet::query::insert::<Label>(request, row.into_assignments()?).await?);
        }
        let text = to_json_many::<BulkLabel>(request, &labels).await?;
        Ok(Response::json_text(text).with_status(StatusCode::CREATED))
    }

    async fn change(&self, request: &Request) -> Result<Response> {
        let mut labels = vec![];
        for row in self.rows(request).await? {
            let code = row.get(|label| label.code()).unwrap_or_default();
            let known = Label::objects().filter(|label| label.code().eq(code)).first(request).await?;
            labels.push(match known {
                Some(mut label) => {
                    label.name = row.get(|label| label.name()).unwrap_or_default();
                    label.save(request).await?;
                    label
                }
                None => quintet::query::insert::<Label>(request, row.into_assignments()?).await?,
            });
        }
        Ok(Response::json_text(to_json_many::<BulkLabel>(request, &labels).await?))
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
            let mut labels = vec![];
            for valid in validate_many::<LabelSerializer>(request, &data).await? {
                labels.push(valid.save().await?);
            }
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
    urls![
        path("sourced/", TryView::<Sourced>::one()),
        path("bulk-plain/", BulkView),
        path("bulk/", BulkByCode),
        path("either/", EitherView),
        path("profile-shapes/", OpenList::<ProfileShape>::new("Artist Shapes", profiles)),
        path("profile-shapes/<int:pk>/", OpenOne::<ProfileShape>::new("Artist Shapes", profiles)),
        path("excluded/", OpenList::<ExcludedSerializer>::new("Artist Shapes", rows)),
        path("excluded/<int:pk>/", OpenOne::<ExcludedSerializer>::new("Artist Shapes", rows)),
        path("all/", OpenList::<AllSerializer>::new("Artist Shapes", rows)),
        path("all/<int:pk>/", OpenOne::<AllSerializer>::new("Artist Shapes", rows)),
    ]
}
