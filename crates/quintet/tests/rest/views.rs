//! The notes, and every kind of view of them.

use std::any::Any;
use std::sync::Arc;

use quintet::http::BoxFuture;
use quintet::prelude::*;
use quintet::rest::{AnyUser, Identity, Object, Standard, Token, UserModel};
use quintet_core::schema;

quintet::app! { notes, models = [Person, Note] }

#[derive(Model, Debug, Clone, PartialEq)]
pub struct Person {
    pub id: BigAuto,
    #[field(max_length = 50, unique)]
    pub name: String,
}

impl UserModel for Person {}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(ordering = "id")]
pub struct Note {
    pub id: BigAuto,
    #[field(max_length = 20, unique)]
    pub title: String,
    #[field(default = false)]
    pub archived: bool,
    #[field(on_delete = cascade, related_name = "notes")]
    pub owner: ForeignKey<Person>,
}

#[derive(Serializer)]
#[serializer(model = Note, fields(id, title, archived, owner), read_only(owner))]
pub struct NoteSerializer;

/// A row of people, as the user of a request.
struct Known(Person);

impl AnyUser for Known {
    fn id(&self) -> schema::Value {
        schema::Value::Int(self.0.id.0)
    }

    fn username(&self) -> &str {
        &self.0.name
    }

    fn is_superuser(&self) -> bool {
        self.0.name == "root"
    }

    fn has_perm<'a>(&'a self, _: Db<'a>, permission: &'a str) -> BoxFuture<'a, Result<bool>> {
        let has = self.is_superuser() || (self.0.name == "ana" && permission == "notes.add_note");
        Box::pin(std::future::ready(Ok(has)))
    }

    fn as_any(&self) -> &(dyn Any + Send + Sync) {
        &self.0
    }
}

/// `X-User: ana`.
pub struct ByHeader;

impl Authentication for ByHeader {
    fn authenticate<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Option<(Identity, Option<Token>)>>> {
        Box::pin(async move {
            let Some(name) = request.header("x-user") else { return Ok(None) };
            let person = Person::objects().filter(|person| person.name().eq(&*name)).first(request).await?;
            let person = person.ok_or_else(|| Error::authentication_failed("No such user."))?;
            Ok(Some((Arc::new(Known(person)) as Identity, None)))
        })
    }

    fn authenticate_header(&self, _: &Request) -> Option<String> {
        Some("Header".to_owned())
    }
}

#[derive(Permission)]
pub struct IsOwner;

impl HasPermission for IsOwner {
    async fn object(&self, request: &Request, _: &ViewFacts, object: Object<'_>) -> Result<bool> {
        Ok(object.get::<Note>().is_some_and(|note| request.user().id() == Some(note.owner.id)))
    }
}

pub struct NoteListCreate;

impl ListCreateApiView for NoteListCreate {
    type Serializer = NoteSerializer;

    fn queryset(&self, request: &Request) -> QuerySet<Note> {
        Note::objects().filter(|note| note.owner().eq(request.user()))
    }

    async fn perform_create(&self, request: &Request, valid: Valid<NoteSerializer>) -> Result<Note> {
        valid.save_with(|note| note.owner().set(request.user())).await
    }
}

pub struct NoteDetail;

impl RetrieveUpdateDestroyApiView for NoteDetail {
    type Serializer = NoteSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Note> {
        Note::objects()
    }

    fn permissions(&self) -> Permission {
        IsAuthenticatedOrReadOnly & (IsOwner | IsAdminUser)
    }
}

pub struct NotesOfOthers;

impl ListApiView for NotesOfOthers {
    type Serializer = NoteSerializer;

    fn queryset(&self, request: &Request) -> QuerySet<Note> {
        Note::objects().exclude(|note| note.owner().eq(request.user()))
    }
}

macro_rules! small {
    ($($name:ident: $trait:ident;)*) => {
        $(pub struct $name;

        impl $trait for $name {
            type Serializer = NoteSerializer;

            fn queryset(&self, _: &Request) -> QuerySet<Note> {
                Note::objects()
            }

            fn lookup_field(&self) -> &'static str {
                "title"
            }
        })*
    };
}

small! {
    Retrieve: RetrieveApiView;
    Update: UpdateApiView;
    Destroy: DestroyApiView;
    RetrieveUpdate: RetrieveUpdateApiView;
    RetrieveDestroy: RetrieveDestroyApiView;
    Reading: ReadOnlyModelViewSet;
}

pub struct Create;

impl CreateApiView for Create {
    type Serializer = NoteSerializer;

    async fn perform_create(&self, request: &Request, valid: Valid<NoteSerializer>) -> Result<Note> {
        let note = valid.save_with(|note| note.owner().set(request.user())).await?;
        // What was saved goes, where the request is a transaction.
        if note.title == "late" { Err(Error::permission_denied()) } else { Ok(note) }
    }
}

pub struct NoteViewSet;

impl ModelViewSet for NoteViewSet {
    type Serializer = NoteSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Note> {
        Note::objects()
    }

    fn permissions(&self) -> Permission {
        DjangoModelPermissionsOrAnonReadOnly.into()
    }

    async fn perform_create(&self, request: &Request, valid: Valid<NoteSerializer>) -> Result<Note> {
        valid.save_with(|note| note.owner().set(request.user())).await
    }

    fn actions(actions: &mut Actions<Self>) {
        actions.detail(Method::POST, "archive", Self::archive).permissions(IsAuthenticated & IsOwner);
        actions.list(Method::GET, "archived", Self::archived).permissions(AllowAny);
        actions.standard(Standard::Destroy, Self::hide).permissions(IsAuthenticated);
    }
}

impl NoteViewSet {
    async fn archive(&self, request: &Request) -> Result<Response> {
        let mut note = self.get_object(request).await?;
        note.update(request, |note| note.archived().set(true)).await?;
        Ok(Response::json(&json!({"archived": note.id.0})))
    }

    async fn archived(&self, request: &Request) -> Result<Response> {
        let count = Note::objects().filter(|note| note.archived().eq(true)).count(request).await?;
        Ok(Response::json(&json!({"count": count})))
    }

    async fn hide(&self, _: &Request) -> Result<Response> {
        Err(Error::api(StatusCode::CONFLICT, "conflict", "Notes stay."))
    }
}

/// Where somebody else has made the note `taken` between a look at the data and its writing.
pub struct Raced;

impl ModelViewSet for Raced {
    type Serializer = NoteSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Note> {
        Note::objects()
    }

    async fn perform_create(&self, request: &Request, valid: Valid<NoteSerializer>) -> Result<Note> {
        create!(request, Note { title: "taken", owner: request.user() }).await?;
        valid.save_with(|note| note.owner().set(request.user())).await
    }

    async fn perform_update(&self, request: &Request, valid: Valid<NoteSerializer>) -> Result<Note> {
        create!(request, Note { title: "taken", owner: request.user() }).await?;
        valid.save().await
    }
}

pub fn urls() -> Urls {
    let router = DefaultRouter::new().register("notes", NoteViewSet).register_as("reading", Reading, "reading");
    urls![
        path("own/", NoteListCreate, name = "own"),
        path("own/<int:pk>/", NoteDetail, name = "own-detail"),
        path("others/", NotesOfOthers),
        path("create/", Create),
        path("retrieve/<str:title>/", Retrieve),
        path("update/<str:title>/", Update),
        path("destroy/<str:title>/", Destroy),
        path("retrieve-update/<str:title>/", RetrieveUpdate),
        path("retrieve-destroy/<str:title>/", RetrieveDestroy),
        path("loose/<str:pk>/", NoteDetail),
        include("api/", router.urls()),
        include("", SimpleRouter::new().register_as("raced", Raced, "raced").urls()),
    ]
}
