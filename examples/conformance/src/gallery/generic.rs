//! Every generic view.

use quintet::prelude::*;

use super::models::{Label, Track};
use super::shapes::PlainLabelSerializer;

macro_rules! generics {
    ($($name:ident $kind:ident;)*) => {$(
        pub struct $name;

        impl $kind for $name {
            type Serializer = PlainLabelSerializer;

            fn queryset(&self, _: &Request) -> QuerySet<Label> {
                Label::objects()
            }

            fn permissions(&self) -> Permission {
                AllowAny.into()
            }
        }
    )*};
}

generics! {
    ListLabels ListApiView;
    ListCreateLabels ListCreateApiView;
    RetrieveLabels RetrieveApiView;
    DestroyLabels DestroyApiView;
    UpdateLabels UpdateApiView;
    RetrieveUpdateLabels RetrieveUpdateApiView;
    RetrieveDestroyLabels RetrieveDestroyApiView;
    RetrieveUpdateDestroyLabels RetrieveUpdateDestroyApiView;
}

pub struct CreateLabels;

impl CreateApiView for CreateLabels {
    type Serializer = PlainLabelSerializer;

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }
}

/// Found by its code, under another name in the address.
pub struct ByCode;

impl RetrieveUpdateApiView for ByCode {
    type Serializer = PlainLabelSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Label> {
        Label::objects()
    }

    fn lookup_field(&self) -> &'static str {
        "code"
    }

    fn lookup_url_kwarg(&self) -> Option<&'static str> {
        Some("which")
    }

    fn description(&self) -> &'static str {
        "Found by its code, under another name in the address."
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }
}

#[derive(Serializer)]
#[serializer(model = Track, fields(all))]
pub struct WholeTrack;

/// Found by two parts of the address.
pub struct ByTwo;

impl RetrieveApiView for ByTwo {
    type Serializer = WholeTrack;

    fn queryset(&self, _: &Request) -> QuerySet<Track> {
        Track::objects()
    }

    async fn get_object(&self, request: &Request) -> Result<Track> {
        let (album, position) = (request.param::<i64>("album")?, request.param::<u16>("position")?);
        let rows = Track::objects().filter(|track| track.album().eq(album) & track.position().eq(position));
        get_object_or_404(request, rows).await
    }

    fn description(&self) -> &'static str {
        "Found by two parts of the address."
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }
}

/// Answers to what is rarely asked.
pub struct Rare;

impl ApiView for Rare {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::show).put(Self::plain).patch(Self::json).delete(Self::nothing).post(Self::empty);
        on.on(Method::HEAD, Self::head).on(Method::TRACE, Self::trace);
    }

    fn name(&self) -> Option<&'static str> {
        Some("Methods")
    }

    fn description(&self) -> &'static str {
        "Answers to what is rarely asked."
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }
}

impl Rare {
    async fn show(&self, request: &Request) -> Result<Response> {
        Ok(Response::json(&json!({ "method": request.method().as_str() })))
    }

    async fn head(&self, _: &Request) -> Result<Response> {
        Ok(Response::empty(StatusCode::OK).with_header("x-head", "own"))
    }

    async fn trace(&self, _: &Request) -> Result<Response> {
        Ok(Response::json(&json!({ "method": "TRACE" })))
    }

    async fn plain(&self, _: &Request) -> Result<Response> {
        Ok(Response::new("plain", "text/plain").with_status(StatusCode::CREATED))
    }

    async fn json(&self, _: &Request) -> Result<Response> {
        Ok(Response::new(r#"{"b": 1, "a": [1, 2]}"#, "application/json"))
    }

    async fn nothing(&self, _: &Request) -> Result<Response> {
        Ok(Response::empty(StatusCode::OK))
    }

    async fn empty(&self, _: &Request) -> Result<Response> {
        Ok(Response::data(""))
    }
}

pub(super) fn urls() -> Urls {
    urls![
        path("generic/methods/", Rare),
        path("generic/create/", CreateLabels),
        path("generic/list/", ListLabels),
        path("generic/list-create/", ListCreateLabels),
        path("generic/retrieve/<str:pk>/", RetrieveLabels),
        path("generic/destroy/<str:pk>/", DestroyLabels),
        path("generic/update/<str:pk>/", UpdateLabels),
        path("generic/retrieve-update/<str:pk>/", RetrieveUpdateLabels),
        path("generic/retrieve-destroy/<str:pk>/", RetrieveDestroyLabels),
        path("generic/retrieve-update-destroy/<str:pk>/", RetrieveUpdateDestroyLabels),
        path("generic/by-code/<slug:which>/", ByCode),
        path("generic/by-two/<int:album>/<int:position>/", ByTwo),
    ]
}
