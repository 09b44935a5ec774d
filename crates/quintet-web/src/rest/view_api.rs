//! Views whose methods a project writes itself: [`ApiView`].

use std::sync::Arc;

use http::Method;
use quintet_core::json::{Json, Object};
use quintet_core::rest::Field;

use super::dispatch::{RestView, Row};
use super::generic::TakesFields;
use super::metadata::{Described, Taken};
use super::serializer::Serializer;
use super::view_handler::Answers;
use super::view_options::{Of, Says, view_hooks, view_options};
use crate::extract::ViewMethod;
use crate::http::{BoxFuture, Request, Result};
use crate::view::{IntoView, View};

/// A view with a table of methods.
///
/// A table, because a default method cannot know that it was not overridden, and `Allow` lists what is there.
///
/// ```
/// use quintet_core::json::Object;
/// use quintet_web::http::{Request, Response, Result};
/// use quintet_web::rest::{ApiView, IsAdminUser, Methods, Permission};
///
/// struct StaffOnlyView;
///
/// impl ApiView for StaffOnlyView {
///     fn methods(on: &mut Methods<Self>) {
///         on.get(Self::show);
///     }
///
///     fn permissions(&self) -> Permission {
///         IsAdminUser.into()
///     }
/// }
///
/// impl StaffOnlyView {
///     async fn show(&self, request: &Request) -> Result<Response> {
///         let told = Object::new().with("staff", request.user().username());
///         Ok(Response::data(told))
///     }
/// }
///
/// let urls = quintet_web::urls![path("staff/", StaffOnlyView, name = "staff")];
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an API view",
    note = "write `impl ApiView for {Self} {{ fn methods(on: &mut Methods<Self>) {{ on.get(Self::show); }} }}`"
)]
pub trait ApiView: Send + Sync + Sized + 'static {
    /// The methods that it answers: `on.get(Self::show).post(Self::store);`.
    fn methods(on: &mut Methods<Self>);

    view_options!();
}

/// The methods of an [`ApiView`].
pub struct Methods<V> {
    view: Arc<V>,
    rows: Vec<(Method, Arc<dyn Answers>)>,
    described: Option<Arc<dyn Described>>,
}

macro_rules! verbs {
    ($($(#[$doc:meta])* $verb:ident => $method:ident;)*) => {
        impl<V: Send + Sync + 'static> Methods<V> {
            $($(#[$doc])*
            pub fn $verb<Args>(&mut self, handler: impl ViewMethod<V, Args>) -> &mut Self {
                self.on(Method::$method, handler)
            })*
        }
    };
}

verbs! {
    /// Answers `GET`, and `HEAD` by the same.
    get => GET;
    /// Answers `POST`.
    post => POST;
    /// Answers `PUT`.
    put => PUT;
    /// Answers `PATCH`.
    patch => PATCH;
    /// Answers `DELETE`.
    delete => DELETE;
}

impl<V: Send + Sync + 'static> Methods<V> {
    /// Answers any one method; the later of two for one method counts.
    pub fn on<Args>(&mut self, method: Method, handler: impl ViewMethod<V, Args>) -> &mut Self {
        self.rows.retain(|(known, _)| *known != method);
        self.rows.push((method, handler.bound(&self.view).0));
        self
    }

    /// What `POST` and `PUT` take, for `OPTIONS`: the fields of a serializer.
    pub fn takes<S: Serializer>(&mut self) -> &mut Self {
        self.described = Some(Arc::new(TakesFields::<S>::new()));
        self
    }
}

impl<V: Send + Sync + 'static> Methods<V> {
    /// The same of fields that belong to no serializer.
    pub(crate) fn takes_fields(&mut self, fields: fn() -> Vec<Field>) -> &mut Self {
        self.described = Some(Arc::new(PlainFields(fields)));
        self
    }
}

struct PlainFields(fn() -> Vec<Field>);

impl Described for PlainFields {
    fn reach<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn fields(&self, _: &Request) -> Result<Json> {
        let told = (self.0)().into_iter().fold(Object::new(), |mut told, field| {
            told.insert(field.name.to_string(), field.metadata());
            told
        });
        Ok(Json::Object(told))
    }

    fn taken(&self, _: &Request) -> Result<Taken> {
        Ok(Taken::Fields((self.0)()))
    }
}

/// Keeps these views apart from those of other traits.
#[derive(Debug)]
#[allow(unreachable_pub, reason = "inferred where routes are written")]
pub enum ApiKind {}

view_hooks!(ApiKind as ApiView);

impl<V: ApiView> IntoView<ApiKind> for V {
    fn into_view(self) -> View {
        let view = Of::<V, ApiKind>::new(self);
        let mut methods = Methods { view: view.0.clone(), rows: vec![], described: None };
        V::methods(&mut methods);
        from_rows(view, methods.rows, methods.described.as_ref())
    }
}

/// Not generic: compiled once for all views.
fn from_rows(
    view: Arc<dyn Says>,
    rows: Vec<(Method, Arc<dyn Answers>)>,
    described: Option<&Arc<dyn Described>>,
) -> View {
    let said = view.said();
    let choices = Arc::new(said.choices.clone());
    let row = |(method, answers)| Row {
        method,
        action: None,
        answers,
        choices: choices.clone(),
        described: described.cloned(),
    };
    let rows = rows.into_iter().map(row).collect();
    View::new(RestView::new(said.facts(), rows, view))
}
