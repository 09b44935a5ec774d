//! Permissions: for objects, composed, of models, own ones with messages and codes.

use quintet::apps::auth::models::User;
use quintet::json::{FormValue, Json as Tree, Object as Members};
use quintet::prelude::*;
use quintet::rest::{Object, Standard};
use quintet::serializers::{Data, to_json};

use super::models::{Document, Label};
use super::shapes::PlainLabelSerializer;

#[derive(quintet::rest::Permission)]
pub struct IsOwner;

impl HasPermission for IsOwner {
    async fn object(&self, request: &Request, _: &ViewFacts, object: Object<'_>) -> Result<bool> {
        if !request.user().is_authenticated() {
            return Ok(false);
        }
        let user = request.user().get::<User>()?;
        Ok(object.get::<Document>().is_some_and(|document| document.owner.id == user.id.0))
    }

    fn message(&self) -> Option<Value> {
        Some("Only the owner may do this.".into())
    }

    fn code(&self) -> &'static str {
        "not_owner"
    }
}

#[derive(quintet::rest::Permission)]
pub struct IsEditor;

impl HasPermission for IsEditor {
    async fn object(&self, request: &Request, _: &ViewFacts, object: Object<'_>) -> Result<bool> {
        let Some(document) = object.get::<Document>() else { return Ok(false) };
        let edited = Document::objects().filter(|it| it.id().eq(document.id) & it.editors().eq(request.user()));
        Ok(edited.exists(request).await?)
    }
}

#[derive(quintet::rest::Permission)]
pub struct IsOpen;

impl HasPermission for IsOpen {
    async fn object(&self, _: &Request, _: &ViewFacts, object: Object<'_>) -> Result<bool> {
        Ok(object.get::<Document>().is_some_and(|document| document.state == "open"))
    }

    fn message(&self) -> Option<Value> {
        Some(json!({ "reason": "not open", "hint": ["wait"] }))
    }
}

#[derive(quintet::rest::Permission)]
pub struct IsReading;

impl HasPermission for IsReading {
    async fn request(&self, request: &Request, _: &ViewFacts) -> Result<bool> {
        Ok(["GET", "HEAD", "OPTIONS"].contains(&request.method().as_str()))
    }
}

/// A header opens the door.
#[derive(quintet::rest::Permission)]
pub struct HasTicket;

impl HasPermission for HasTicket {
    async fn request(&self, request: &Request, _: &ViewFacts) -> Result<bool> {
        Ok(request.header("x-ticket").as_deref() == Some("gold"))
    }

    fn message(&self) -> Option<Value> {
        Some("A ticket is needed.".into())
    }
}

#[derive(Serializer)]
#[serializer(model = Document, fields(id, owner, title, state))]
pub struct DocumentSerializer {
    #[field(in_words, read_only)]
    pub owner: ForeignKey<User>,
}

/// Everybody who is known reads what is open; owners and editors do the rest.
pub struct DocumentViewSet;

impl ModelViewSet for DocumentViewSet {
    type Serializer = DocumentSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Document> {
        Document::objects()
    }

    fn description(&self) -> &'static str {
        "Everybody who is known reads what is open; owners and editors do the rest."
    }

    fn permissions(&self) -> Permission {
        IsAuthenticated & (IsOwner | IsEditor | (IsReading & IsOpen))
    }

    async fn perform_create(&self, request: &Request, valid: Valid<DocumentSerializer>) -> Result<Document> {
        valid.save_with(|document| document.owner().set(request.user())).await
    }

    fn actions(actions: &mut Actions<Self>) {
        actions.detail(Method::POST, "seal", Self::seal).permissions(IsOwner);
        actions.list(Method::GET, "count", Self::count).permissions(AllowAny);
    }
}

impl DocumentViewSet {
    async fn seal(&self, request: &Request) -> Result<Response> {
        let mut document = self.get_object(request).await?;
        document.state = "sealed".to_owned();
        document.save(request).await?;
        Ok(Response::json_text(to_json::<DocumentSerializer>(request, &document).await?))
    }

    async fn count(&self, request: &Request) -> Result<Response> {
        let count = self.queryset(request).count(request).await?;
        Ok(Response::json(&json!({ "count": count })))
    }
}

/// Rows of others are not there; each action has its own rules.
pub struct OwnDocuments;

impl ModelViewSet for OwnDocuments {
    type Serializer = DocumentSerializer;

    fn queryset(&self, request: &Request) -> QuerySet<Document> {
        Document::objects().filter(|document| document.owner().eq(request.user()))
    }

    fn description(&self) -> &'static str {
        "Rows of others are not there; each action has its own rules."
    }

    async fn perform_create(&self, request: &Request, valid: Valid<DocumentSerializer>) -> Result<Document> {
        valid.save_with(|document| document.owner().set(request.user())).await
    }

    fn actions(actions: &mut Actions<Self>) {
        actions.of(Standard::Destroy).permissions(IsAdminUser);
    }
}

pub struct ModelPermitted;

impl ModelViewSet for ModelPermitted {
    type Serializer = DocumentSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Document> {
        Document::objects()
    }

    fn permissions(&self) -> Permission {
        DjangoModelPermissions.into()
    }

    async fn perform_create(&self, request: &Request, valid: Valid<DocumentSerializer>) -> Result<Document> {
        valid.save_with(|document| document.owner().set(request.user())).await
    }
}

/// Reading needs a permission too.
pub struct ViewPermitted;

impl ModelViewSet for ViewPermitted {
    type Serializer = DocumentSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Document> {
        Document::objects()
    }

    fn permissions(&self) -> Permission {
        DjangoModelPermissions.perms(Method::GET, ["%(app_label)s.view_%(model_name)s"]).into()
    }
}

/// The usual backend gives nobody but superusers permissions for single objects.
pub struct ObjectPermitted;

impl ModelViewSet for ObjectPermitted {
    type Serializer = DocumentSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Document> {
        Document::objects()
    }

    fn description(&self) -> &'static str {
        "The reference's own backend gives nobody but superusers permissions for single objects."
    }

    fn permissions(&self) -> Permission {
        DjangoObjectPermissions.into()
    }
}

pub struct LabelAnon;

impl ModelViewSet for LabelAnon {
    type Serializer = PlainLabelSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Label> {
        Label::objects()
    }

    fn permissions(&self) -> Permission {
        DjangoModelPermissionsOrAnonReadOnly.into()
    }
}

/// Says who came in.
pub struct DoorView(Permission);

impl ApiView for DoorView {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::show).post(Self::posted);
    }

    fn permissions(&self) -> Permission {
        self.0.clone()
    }
}

impl DoorView {
    async fn show(&self, request: &Request) -> Result<Response> {
        let user = request.user();
        let name = user.is_authenticated().then(|| user.username().to_owned());
        Ok(Response::json(&json!({ "user": name, "known": user.is_authenticated() })))
    }

    async fn posted(&self, request: &Request) -> Result<Response> {
        Ok(Response::data(Members::new().with("posted", posted(&*request.data().await?))))
    }
}

/// What came, as it is.
pub(super) fn posted(data: &Data) -> Tree {
    match data {
        Data::Json(json) => json.clone(),
        Data::Form(form) => {
            let said = |value: &FormValue| match value {
                FormValue::Text(text) => text.clone(),
                FormValue::File(number) => form.files[*number].name().to_owned(),
            };
            let all = |name| form.form.get_all(name).map(said).collect::<Vec<_>>();
            Tree::Object(form.form.keys().map(|name| (name, all(name))).collect())
        }
    }
}

/// Documents under a rule.
pub struct Ruled(Permission);

impl ModelViewSet for Ruled {
    type Serializer = DocumentSerializer;

    const ACTIONS: &'static [Standard] = &[Standard::Retrieve, Standard::PartialUpdate, Standard::Destroy];

    fn queryset(&self, _: &Request) -> QuerySet<Document> {
        Document::objects()
    }

    fn permissions(&self) -> Permission {
        self.0.clone()
    }

    fn lookup_value_regex(&self) -> &'static str {
        "[0-9]+"
    }

    fn name(&self) -> Option<&'static str> {
        Some("Document")
    }

    fn description(&self) -> &'static str {
        ModelViewSet::description(&DocumentViewSet)
    }
}

async fn plain_door(request: &Request) -> Result<Response> {
    Ok(Response::json(&json!({ "method": request.method().as_str() })))
}

pub(super) fn urls() -> Urls {
    let documents = SimpleRouter::new()
        .register("documents", DocumentViewSet)
        .register_as("own-documents", OwnDocuments, "own-document")
        .register_as("model-permitted", ModelPermitted, "model-permitted")
        .register_as("view-permitted", ViewPermitted, "view-permitted")
        .register_as("object-permitted", ObjectPermitted, "object-permitted")
        .register("labels", LabelAnon);
    let ruled = SimpleRouter::new()
        .register_as("owner", Ruled(IsOwner.into()), "ruled-owner")
        .register_as("owner-or-open", Ruled(IsOwner | IsOpen), "ruled-owner-or-open")
        .register_as("not-owner", Ruled(!IsOwner), "ruled-not-owner")
        .register_as("open-and-editor", Ruled(IsOpen & IsEditor), "ruled-open-and-editor")
        .register_as("open", Ruled(IsOpen.into()), "ruled-open")
        .register_as("owner-and-open", Ruled((IsOwner, IsOpen).into()), "ruled-owner-and-open")
        .register_as("loose-or", Ruled(IsAdminUser | IsOwner), "ruled-loose-or");
    let doors = urls![
        path("and/", DoorView(IsAuthenticated & HasTicket)),
        path("and-turned/", DoorView(HasTicket & IsAuthenticated)),
        path("or/", DoorView(HasTicket | IsAuthenticated)),
        path("not/", DoorView(!IsAuthenticated)),
        path("not-ticket/", DoorView(!HasTicket)),
        path("staff-or-reading/", DoorView(IsAdminUser | IsReading)),
        path("nested/", DoorView((IsAuthenticated & !IsAdminUser) | (HasTicket & IsReading))),
        path("not-nested/", DoorView(!(HasTicket | IsAdminUser))),
        path("readonly/", DoorView(IsAuthenticatedOrReadOnly.into())),
        path("ticket/", DoorView(HasTicket.into())),
        path("both/", DoorView((IsAuthenticated, HasTicket).into())),
        path("both-turned/", DoorView((HasTicket, IsAuthenticated).into())),
        path("none/", DoorView(AllowAny.into())),
    ];
    urls![
        path("plain/door/", api_view(get(plain_door).post(plain_door)).permissions(HasTicket | IsAuthenticated)),
        include("", documents.urls()),
        include("door/", doors),
        include("ruled/", ruled.urls()),
    ]
}
