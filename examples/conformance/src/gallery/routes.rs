//! Routers with their options, and actions beside the usual ones.

use quintet::json::{Json as Tree, Object};
use quintet::prelude::*;
use quintet::rest::Standard;
use quintet::rest::router::Route;
use quintet::serializers::{SerializerClass, to_json_many};

use super::access::posted;
use super::models::{Label, Sheet};

#[derive(Serializer)]
#[serializer(model = Sheet, fields(id, key, rank))]
pub struct SheetSerializer;

/// Sheets by key.
pub struct SheetViewSet(&'static str);

impl ModelViewSet for SheetViewSet {
    type Serializer = SheetSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Sheet> {
        Sheet::objects()
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn description(&self) -> &'static str {
        "Sheets by key."
    }

    fn lookup_field(&self) -> &'static str {
        "key"
    }

    fn lookup_value_regex(&self) -> &'static str {
        "[a-z.-]+"
    }

    fn actions(actions: &mut Actions<Self>) {
        let rank = actions.detail(Method::GET, "rank", Self::rank).on(Method::POST, Self::raise);
        rank.url_name("ranked").description("The rank, read or raised.");
        actions.detail(Method::GET, "notes", Self::notes).on(Method::PUT, Self::write).on(Method::DELETE, Self::drop);
        actions.detail(Method::GET, "part", Self::part).url_path("parts/(?P<part>[0-9]+)");
        let between = actions.list(Method::GET, "between", Self::between).name("Between ranks");
        between.url_path("of/(?P<rank>[^/.]+)/upto/(?P<last>[^/.]+)");
        actions.list(Method::POST, "tally", Self::tally).on(Method::PATCH, Self::tally);
        actions.list(Method::GET, "links", Self::links);
    }
}

impl SheetViewSet {
    async fn rank(&self, request: &Request) -> Result<Response> {
        let sheet = self.get_object(request).await?;
        Ok(Response::json(&json!({ "rank": sheet.rank, "action": "rank" })))
    }

    async fn raise(&self, request: &Request) -> Result<Response> {
        let mut sheet = self.get_object(request).await?;
        let by = match posted(&*request.data().await?) {
            Tree::Object(data) => match data.get("by") {
                Some(Tree::Int(by)) => i32::try_from(*by).unwrap_or(1),
                Some(Tree::List(texts)) => match texts.last() {
                    Some(Tree::Text(by)) => by.parse().unwrap_or(1),
                    _ => 1,
                },
                _ => 1,
            },
            _ => 1,
        };
        sheet.rank += by;
        sheet.save(request).await?;
        Ok(Response::json(&json!({ "rank": sheet.rank, "action": "rank" })))
    }

    async fn notes(&self, _: &Request) -> Result<Response> {
        Ok(Response::json(&json!({ "notes": "read" })))
    }

    async fn write(&self, request: &Request) -> Result<Response> {
        let notes = posted(&*request.data().await?);
        Ok(Response::data(Object::new().with("notes", notes).with("action", "write_notes")))
    }

    async fn drop(&self, _: &Request) -> Result<Response> {
        Ok(Response::empty(StatusCode::NO_CONTENT))
    }

    async fn part(&self, request: &Request) -> Result<Response> {
        let (key, part) = (request.param::<String>("key")?, request.param::<String>("part")?);
        let path = request.reverse(&format!("{}-part", self.0), &[("key", &key), ("part", &part)])?;
        let url = request.build_absolute_uri(&path)?;
        Ok(Response::json(&json!({ "key": key, "part": part, "url": url })))
    }

    async fn between(&self, request: &Request) -> Result<Response> {
        let bounds = (request.param::<String>("rank")?.parse::<i32>(), request.param::<String>("last")?.parse::<i32>());
        let rows = match bounds {
            (Ok(rank), Ok(last)) if rank >= 0 && last >= 0 => {
                self.queryset(request)
                    .filter(|sheet| sheet.rank().gte(rank) & sheet.rank().lte(last))
                    .all(request)
                    .await?
            }
            _ => vec![],
        };
        Ok(Response::json_text(to_json_many::<SheetSerializer>(request, &rows).await?))
    }

    async fn tally(&self, request: &Request) -> Result<Response> {
        let count = match posted(&*request.data().await?) {
            Tree::Object(members) => members.iter().count(),
            Tree::List(members) => members.len(),
            _ => 0,
        };
        let method = request.method().as_str();
        Ok(Response::json(&json!({ "count": count, "method": method, "detail": false, "basename": self.0 })))
    }

    async fn links(&self, request: &Request) -> Result<Response> {
        let link = |name: &str, key: Option<&str>| -> Result<String> {
            let name = format!("{}-{name}", self.0);
            let path = match key {
                Some(key) => request.reverse(&name, &[("key", &key)])?,
                None => request.reverse(&name, &[])?,
            };
            request.build_absolute_uri(&path)
        };
        let told = json!({
            "list": link("list", None)?,
            "tally": link("tally", None)?,
            "ranked": link("ranked", Some("three"))?,
        });
        Ok(Response::json(&told))
    }
}

pub struct ByIdViewSet;

impl ReadOnlyModelViewSet for ByIdViewSet {
    type Serializer = SheetSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Sheet> {
        Sheet::objects()
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn lookup_url_kwarg(&self) -> Option<&'static str> {
        Some("sheet_id")
    }
}

#[derive(Serializer)]
#[serializer(model = Label, fields(code, name))]
pub struct CodeSerializer;

/// Made, listed, taken away; never read alone nor changed.
pub struct SomeLabels;

impl ModelViewSet for SomeLabels {
    type Serializer = CodeSerializer;

    const ACTIONS: &'static [Standard] = &[Standard::List, Standard::Create, Standard::Destroy];

    fn queryset(&self, _: &Request) -> QuerySet<Label> {
        Label::objects()
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn description(&self) -> &'static str {
        "Made, listed, taken away; never read alone nor changed."
    }

    fn lookup_field(&self) -> &'static str {
        "code"
    }
}

/// No model anywhere.
pub struct BareViewSet;

impl ViewSet for BareViewSet {
    fn actions(actions: &mut Actions<Self>) {
        actions.standard(Standard::List, Self::list);
        actions.standard(Standard::Create, Self::create);
        actions.standard(Standard::Retrieve, Self::retrieve);
        actions.list(Method::PUT, "swap", Self::swap);
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn description(&self) -> &'static str {
        "No model anywhere."
    }
}

impl BareViewSet {
    async fn list(&self, request: &Request) -> Result<Response> {
        let kwargs = match request.param::<String>("room") {
            Ok(room) => json!({ "room": room }),
            Err(_) => json!({}),
        };
        Ok(Response::json(&json!(["a", "b", kwargs])))
    }

    async fn retrieve(&self, request: &Request) -> Result<Response> {
        let pk = request.param::<String>("pk")?;
        if let Ok(room) = request.param::<String>("room") {
            return Ok(Response::json(&json!({ "pk": pk, "kwargs": { "room": room }, "self": null })));
        }
        let own = request.build_absolute_uri(&request.reverse("bare-detail", &[("pk", &pk)])?)?;
        Ok(Response::json(&json!({ "pk": pk, "kwargs": {}, "self": own })))
    }

    async fn create(&self, request: &Request) -> Result<Response> {
        let answer = Response::data(posted(&*request.data().await?));
        Ok(answer.with_status(StatusCode::CREATED).with_header("location", "/made/"))
    }

    async fn swap(&self, request: &Request) -> Result<Response> {
        Ok(Response::data(Object::new().with("swapped", posted(&*request.data().await?))))
    }
}

/// Found by a UUID, which the router's path says.
pub struct DigitsViewSet;

impl ModelViewSet for DigitsViewSet {
    type Serializer = SheetSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Sheet> {
        Sheet::objects()
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn lookup_value_converter(&self) -> &'static str {
        "uuid"
    }
}

#[derive(Serializer)]
#[serializer(model = Label, fields(code, name, stamp))]
pub struct ChosenSerializer {
    #[field(method = stamp_of)]
    pub stamp: String,
}

fn stamp_of(_: &Label, context: &Context<'_>) -> String {
    stamp(context.request())
}

fn stamp(request: &Request) -> String {
    format!("stamped {}", request.action().unwrap_or_default())
}

/// Serializer, status and answer by the action.
pub struct ChoosingViewSet;

impl ModelViewSet for ChoosingViewSet {
    type Serializer = ChosenSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Label> {
        Label::objects()
    }

    fn get_serializer_class(&self, request: &Request) -> Option<SerializerClass<Label>> {
        (request.action() == Some("list")).then(SerializerClass::of::<CodeSerializer>)
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn description(&self) -> &'static str {
        "Serializer, status and answer by the action."
    }

    fn http_method_names(&self) -> &'static [&'static str] {
        &["get", "post", "head"]
    }

    fn finalize_response(&self, request: &Request, response: Response) -> Response {
        response.with_header("x-stamp", &stamp(request))
    }
}

/// Only reading, at addresses of its own.
fn reading() -> SimpleRouter {
    SimpleRouter::new().with_routes([
        Route::list("^{prefix}$", "{basename}-all", [(Method::GET, "list")]).suffix("All"),
        Route::detail("^{prefix}-{lookup}$", "{basename}-one", [(Method::GET, "retrieve")]).suffix("One"),
        Route::detail_actions("^{prefix}-{lookup}!{url_path}$", "{basename}-{url_name}"),
    ])
}

pub(super) fn urls() -> Urls {
    let default = DefaultRouter::new()
        .register_as("sheets", SheetViewSet("r-sheet"), "r-sheet")
        .register_as("some-labels", SomeLabels, "r-label")
        .register_as("bare", BareViewSet, "bare")
        .register_as("choosing", ChoosingViewSet, "choosing")
        .register_as(r"over/(?P<room>\w+)/bare", BareViewSet, "over-bare");
    let simple = SimpleRouter::new().register_as("sheets", SheetViewSet("s-sheet"), "s-sheet").register_as(
        "by-id",
        ByIdViewSet,
        "s-id",
    );
    let slashless = DefaultRouter::new()
        .without_trailing_slash()
        .register_as("sheets", SheetViewSet("n-sheet"), "n-sheet")
        .register_as("bare", BareViewSet, "n-bare");
    let rootless = DefaultRouter::new().without_root_view().without_format_suffixes();
    let rootless = rootless.register_as("bare", BareViewSet, "b-bare");
    let converted = SimpleRouter::new().without_regex_paths().register_as("sheets", DigitsViewSet, "c-sheet");
    let reading = reading().register_as("sheets", SheetViewSet("o-sheet"), "o-sheet");
    let empty_prefix = SimpleRouter::new().register_as("", BareViewSet, "e-bare");
    urls![
        include("default/", default.urls()),
        include("simple/", simple.urls()),
        include("slashless/", slashless.urls()),
        include("rootless/", rootless.urls()),
        include("converted/", converted.urls()),
        include("reading/", reading.urls()),
        include("empty-prefix/", empty_prefix.urls()),
    ]
}
