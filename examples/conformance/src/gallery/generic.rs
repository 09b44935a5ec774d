//! Every generic view.

use quintet::json::Json;
use quintet::prelude::*;
use quintet::rest::filter::{FilterBackend, Filters};
use quintet::rest::{Authenticator, BoxFuture, Choice, IntoViewSet, Untyped};
use quintet::serializers::to_json;

use super::models::{Artist, Label, Track};
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

/// Each hook leaves a trace.
pub struct Hooked;

/// The last code comes first.
struct Backwards;

impl FilterBackend for Backwards {
    fn filter<'a>(&'a self, _: &'a Request, query: Untyped) -> BoxFuture<'a, Result<Untyped>> {
        let rows = query.typed::<Label>().map(|rows| rows.order_by(|label| label.code().desc()).untyped());
        Box::pin(std::future::ready(rows.map_err(Error::unexpected)))
    }
}

#[derive(Debug)]
struct DivisionByZero;

impl std::fmt::Display for DivisionByZero {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("division by zero")
    }
}

impl std::error::Error for DivisionByZero {}

impl ModelViewSet for Hooked {
    type Serializer = PlainLabelSerializer;

    fn queryset(&self, request: &Request) -> QuerySet<Label> {
        match request.query().ok().and_then(|query| query.get("begin")) {
            Some(begin) => Label::objects().filter(|_| q("code__startswith", begin)),
            None => Label::objects(),
        }
    }

    fn filters(&self) -> Filters {
        Filters::new(Backwards)
    }

    async fn initial(&self, request: &Request) -> Result<()> {
        if request.query()?.get("stop").is_some() {
            return Err(Error::api(StatusCode::FORBIDDEN, "permission_denied", "Stopped."));
        }
        if request.query()?.get("divide").is_some() {
            return Err(Error::unexpected(DivisionByZero));
        }
        Ok(())
    }

    fn handle_exception(&self, _: &Request, error: Error) -> Result<Response> {
        if error.cause::<DivisionByZero>().is_some() {
            return Ok(Response::json(&json!({ "caught": "division" })).with_status(StatusCode::CONFLICT));
        }
        Err(error)
    }

    async fn perform_create(&self, _: &Request, valid: Valid<PlainLabelSerializer>) -> Result<Label> {
        let name = valid.get(|label| label.name()).unwrap_or_default();
        if name == "stop" {
            return Err(Error::api(StatusCode::BAD_REQUEST, "invalid", json!({ "name": "Stopped late." })));
        }
        valid.save_with(|label| label.name().set(format!("{name}!"))).await
    }

    async fn perform_destroy(&self, request: &Request, label: Label) -> Result<()> {
        let used = Label::objects().filter(|it| it.id().eq(label.id) & q("albums__isnull", false));
        if used.exists(request).await? {
            return Err(Error::invalid("Still used."));
        }
        label.delete(request).await?;
        Ok(())
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }
}

/// Tells of itself in its own way.
pub struct OwnOptions;

impl ApiView for OwnOptions {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::show).on(Method::OPTIONS, Self::told);
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }
}

impl OwnOptions {
    async fn show(&self, _: &Request) -> Result<Response> {
        Ok(Response::data(Json::List(vec![])))
    }

    async fn told(&self, _: &Request) -> Result<Response> {
        Ok(Response::json(&json!({ "own": true })))
    }
}

/// Tells nothing of itself.
pub struct NoOptions;

impl ApiView for NoOptions {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::show);
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn has_metadata(&self) -> bool {
        false
    }
}

impl NoOptions {
    async fn show(&self, _: &Request) -> Result<Response> {
        Ok(Response::data(Json::List(vec![])))
    }
}

/// Nobody may post.
#[derive(quintet::rest::Permission)]
struct NeverPosts;

impl HasPermission for NeverPosts {
    async fn request(&self, request: &Request, _: &ViewFacts) -> Result<bool> {
        Ok(request.method() != Method::POST)
    }
}

#[derive(Serializer)]
#[serializer(model = Artist, fields(name, country, born))]
pub struct ShortArtist;

/// Looks at the user's rights for OPTIONS: nobody may post.
pub struct OnlyWrite;

impl ApiView for OnlyWrite {
    fn methods(on: &mut Methods<Self>) {
        on.post(Self::posted).put(Self::shown).takes::<ShortArtist>();
    }

    fn permissions(&self) -> Permission {
        NeverPosts.into()
    }

    fn authentication(&self) -> Choice<Authenticator> {
        Choice::none()
    }

    fn description(&self) -> &'static str {
        "Looks at the user's rights for OPTIONS: nobody may put."
    }
}

impl OnlyWrite {
    async fn posted(&self, _: &Request) -> Result<Response> {
        Ok(Response::empty(StatusCode::OK))
    }

    async fn shown(&self, request: &Request) -> Result<Response> {
        let key = request.param::<i64>("pk")?;
        let artist = get_object_or_404(request, Artist::objects().filter(|artist| artist.id().eq(key))).await?;
        Ok(Response::json_text(to_json::<ShortArtist>(request, &artist).await?))
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
    let hooked = Hooked.into_view_set();
    let mapping = || [(Method::GET, "list"), (Method::POST, "create"), (Method::DELETE, "destroy")];
    urls![
        path("generic/hooked/", hooked.as_view(mapping())),
        path("generic/hooked/<int:pk>/", hooked.as_view(mapping())),
        path("generic/no-options/", NoOptions),
        path("generic/own-options/", OwnOptions),
        path("generic/only-write/", OnlyWrite),
        path("generic/only-write/<int:pk>/", OnlyWrite),
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
