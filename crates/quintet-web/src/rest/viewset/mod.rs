//! View sets: the views of a list and of its rows in one type, for routers.
//!
//! [`ViewSet`] has the actions that its table says. Those of models are in `generic`.

mod set;

use super::action::Actions;
use super::view_options::{Of, view_hooks, view_options};

pub use set::ViewSet as AnyViewSet;
pub(crate) use set::{Part, from_parts};

/// How a row is named in a URL.
#[derive(Clone, Debug)]
pub(crate) struct Lookup {
    /// The parameter of the route.
    pub(crate) parameter: &'static str,
    /// What it may be, as a regular expression.
    pub(crate) value_regex: &'static str,
    /// The same as a converter, for routers without regular expressions.
    pub(crate) value_converter: &'static str,
}

/// A view set whose actions a project writes itself.
///
/// ```
/// use quintet_web::http::{Request, Response, Result};
/// use quintet_web::rest::{Actions, DefaultRouter, Standard, ViewSet};
///
/// struct Colours;
///
/// impl ViewSet for Colours {
///     fn actions(actions: &mut Actions<Self>) {
///         actions.standard(Standard::List, Self::list);
///         actions.standard(Standard::Retrieve, Self::retrieve);
///     }
/// }
///
/// impl Colours {
///     async fn list(&self, _: &Request) -> Result<Response> {
///         Ok(Response::json(&["red", "blue"]))
///     }
///
///     async fn retrieve(&self, request: &Request) -> Result<Response> {
///         Ok(Response::json(&request.param::<String>("pk")?))
///     }
/// }
///
/// let urls = DefaultRouter::new().register_as("colours", Colours, "colour").urls();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a view set",
    note = "implement `ViewSet`, `ReadOnlyModelViewSet` or `ModelViewSet`"
)]
pub trait ViewSet: Send + Sync + Sized + 'static {
    /// The actions.
    fn actions(actions: &mut Actions<Self>);

    /// The parameter of the route that names one of them.
    fn lookup_url_kwarg(&self) -> &'static str {
        "pk"
    }

    /// What it may be, as a regular expression.
    fn lookup_value_regex(&self) -> &'static str {
        "[^/.]+"
    }

    /// What it may be, by a converter, for routers [without regular expressions](crate::rest::SimpleRouter).
    fn lookup_value_converter(&self) -> &'static str {
        "str"
    }

    view_options!();
}

/// Anything that a router takes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a view set",
    note = "implement `ViewSet`, `ReadOnlyModelViewSet` or `ModelViewSet`"
)]
pub trait IntoViewSet<Kind> {
    /// The view set behind its one type.
    fn into_view_set(self) -> AnyViewSet;
}

/// Tells view sets of [`ViewSet`] from others.
pub enum SetKind {}

view_hooks!(SetKind as ViewSet);

impl<V: ViewSet> IntoViewSet<SetKind> for V {
    fn into_view_set(self) -> AnyViewSet {
        let lookup = Lookup {
            parameter: self.lookup_url_kwarg(),
            value_regex: self.lookup_value_regex(),
            value_converter: self.lookup_value_converter(),
        };
        let view = Of::<V, SetKind>::new(self);
        let mut actions = Actions::new(&view.0);
        V::actions(&mut actions);
        from_parts(view, lookup, None, Part::of(actions), vec![], None)
    }
}
