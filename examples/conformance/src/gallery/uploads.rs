//! Files of models, and the whole body as a file.

use std::collections::BTreeMap;

use quintet::json::{Json as Tree, Object};
use quintet::prelude::*;
use quintet::rest::{Choice, FileUploadParser, MultiPartParser, Parser};
use quintet::serializers::{Data, Datum, Problem, Upload};

use super::models::Photo;
use super::open::open_sets;
use super::tried::TryView;

#[derive(Serializer)]
#[serializer(model = Photo, fields(id, title, image, thumb, note))]
pub struct PhotoSerializer;

/// The name in the storage, not an address; the note may only be written.
#[derive(Serializer)]
#[serializer(model = Photo, fields(id, image, note), write_only(note))]
pub struct BarePhotoSerializer {
    #[field(use_url = false, max_length = 12)]
    pub image: Upload,
}

open_sets! {
    PhotoViewSet: PhotoSerializer => Photo::objects();
}

pub struct BarePhotoViewSet;

impl ModelViewSet for BarePhotoViewSet {
    type Serializer = BarePhotoSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Photo> {
        Photo::objects()
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn parsers(&self) -> Choice<Parser> {
        MultiPartParser.into()
    }
}

/// Single files with each option, lists and dictionaries of files.
#[derive(Serializer)]
#[serializer(to_representation = parcel_shown)]
pub struct Parcel {
    #[field(required = false)]
    pub label: String,
    #[field(required = false)]
    pub any: Upload,
    #[field(required = false, allow_empty_file)]
    pub empty: Upload,
    #[field(required = false, max_length = 8)]
    pub short: Upload,
    #[field(required = false, allow_null)]
    pub null: Upload,
    #[field(required = false, validators = [file_extension(&["txt", "md"]), small])]
    pub text: Upload,
    #[field(required = false, error_messages(invalid = "A file!", empty = "Nothing in it.", no_name = "No name."))]
    pub told: Upload,
    #[field(child(max_length = 10), required = false, max_length = 2)]
    pub files: Vec<Upload>,
    #[field(required = false, allow_empty = false)]
    pub some: Vec<Upload>,
    #[field(required = false)]
    pub table: BTreeMap<String, Upload>,
}

fn small(file: &Datum) -> std::result::Result<(), Problem> {
    match file {
        Datum::File(file) if file.size() > 20 => Err(Problem::new("large", "More than 20 bytes.")),
        _ => Ok(()),
    }
}

#[derive(Serializer)]
#[serializer(to_representation = card_shown)]
pub struct Card {
    #[field(max_length = 5)]
    pub title: String,
    pub file: Upload,
}

/// Files in nested serializers.
#[derive(Serializer)]
pub struct Box {
    pub name: String,
    #[field(required = false)]
    pub card: Card,
    #[field(required = false)]
    pub cards: Vec<Card>,
}

fn parcel_shown(data: &Changes<Parcel>, _: Object, _: &Context<'_>) -> Result<Object> {
    let mut shown = Object::new();
    for name in ["label", "any", "empty", "short", "null", "text", "told", "files", "some", "table"] {
        match data.attributes().get(name) {
            Some(datum) => {
                shown.insert(name, described(datum));
            }
            None if name == "null" => {
                shown.insert(name, Tree::Null);
            }
            None => {}
        }
    }
    Ok(shown)
}

fn card_shown(data: &Changes<Card>, _: Object, _: &Context<'_>) -> Result<Object> {
    Ok(data.attributes().iter().map(|(name, datum)| (name, described(datum))).collect())
}

/// What came: the name, the type, the size.
fn described(datum: &Datum) -> Tree {
    match datum {
        Datum::File(file) => {
            let said = file.content_type();
            Tree::Object(
                Object::new()
                    .with("name", file.name())
                    .with("type", said.map_or(Tree::Null, Tree::from))
                    .with("size", i64::try_from(file.size()).unwrap_or(i64::MAX))
                    .with("charset", file.charset().map_or(Tree::Null, Tree::from)),
            )
        }
        Datum::List(members) => Tree::List(members.iter().map(described).collect()),
        Datum::Map(members) => Tree::Object(members.iter().map(|(name, it)| (name.as_str(), described(it))).collect()),
        Datum::Value(models::words::Value::Text(text)) => text.as_str().into(),
        Datum::Value(_) => Tree::Null,
    }
}

/// The whole body is the file.
pub struct RawUpload;

impl ApiView for RawUpload {
    fn methods(on: &mut Methods<Self>) {
        on.put(Self::show).post(Self::show);
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn parsers(&self) -> Choice<Parser> {
        FileUploadParser.into()
    }

    fn description(&self) -> &'static str {
        "The whole body is the file."
    }
}

impl RawUpload {
    async fn show(&self, request: &Request) -> Result<Response> {
        let data = request.data().await?;
        let file = match &*data {
            Data::Form(form) => form.files.first(),
            Data::Json(_) => None,
        };
        let file = file.ok_or_else(|| Error::parse_error("Nothing was sent."))?;
        let text: String = file.head().iter().map(|byte| char::from(*byte)).collect();
        let told = Object::new()
            .with("name", file.name())
            .with("type", file.content_type().unwrap_or_default())
            .with("size", i64::try_from(file.size()).unwrap_or(i64::MAX))
            .with("text", text);
        Ok(Response::data(told))
    }
}

pub(super) fn urls() -> Urls {
    let photos =
        SimpleRouter::new().register("photos", PhotoViewSet).register_as("bare-photos", BarePhotoViewSet, "bare-photo");
    urls![
        path("parcel/", TryView::<Parcel>::one(), name = "parcel"),
        path("box/", TryView::<Box>::one(), name = "box"),
        path("raw/", RawUpload, name = "raw"),
        path("raw/<str:filename>", RawUpload, name = "raw-named"),
        include("", photos.urls()),
    ]
}
