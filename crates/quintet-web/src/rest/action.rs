//! The table of a view set's actions: the standard ones, and a project's own beside them.
//!
//! A row is an action with its routes and what it chooses for itself; routers read the table.

use std::borrow::Cow;
use std::sync::Arc;

use http::Method;

use super::authentication::Authenticator;
use super::negotiate::Negotiation;
use super::openapi::{Describe, Operations};
use super::parse::Parser;
use super::permission::Permission;
use super::render::Renderer;
use super::throttle::Throttles;
use super::versioning::Versioning;
use super::view_choices::{Choice, Choices};
use super::view_handler::{Answers, pretty};
use crate::extract::ViewMethod;

/// What the routes of a view set mean without more words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standard {
    /// `GET` of the list.
    List,
    /// `POST` to the list.
    Create,
    /// `GET` of one.
    Retrieve,
    /// `PUT` to one.
    Update,
    /// `PATCH` to one.
    PartialUpdate,
    /// `DELETE` of one.
    Destroy,
}

impl Standard {
    /// All of them, in the order of their routes.
    pub const ALL: [Self; 6] =
        [Self::List, Self::Create, Self::Retrieve, Self::Update, Self::PartialUpdate, Self::Destroy];

    /// The name: `partial_update`.
    pub fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Create => "create",
            Self::Retrieve => "retrieve",
            Self::Update => "update",
            Self::PartialUpdate => "partial_update",
            Self::Destroy => "destroy",
        }
    }
}

/// The actions of a view set, as a table.
///
/// ```ignore
/// fn actions(actions: &mut Actions<Self>) {
///     actions.detail(Method::POST, "archive", Self::archive).permissions(IsAdminUser);
///     actions.list(Method::GET, "by_status", Self::by_status).url_path("by-status");
///     actions.standard(Standard::Destroy, Self::hide);
///     actions.of(Standard::Create).permissions(IsAuthenticated);
/// }
/// ```
pub struct Actions<V> {
    view: Arc<V>,
    /// What a project writes itself of the standard ones.
    pub(crate) standard: Vec<(Standard, Arc<dyn Answers>)>,
    pub(crate) chosen: Vec<(Standard, Chosen)>,
    pub(crate) extra: Vec<Action<V>>,
}

/// What a standard action chooses for itself.
#[derive(Clone, Debug, Default)]
pub struct Chosen(pub(crate) Choices);

/// An action of a project's own, with its route.
pub struct Action<V> {
    view: Arc<V>,
    pub(crate) row: ActionRow,
}

/// The same without the type of its view set.
pub(crate) struct ActionRow {
    pub(crate) name: &'static str,
    pub(crate) is_detail: bool,
    pub(crate) url_path: Cow<'static, str>,
    pub(crate) url_name: Cow<'static, str>,
    pub(crate) shown: Cow<'static, str>,
    pub(crate) description: &'static str,
    pub(crate) choices: Choices,
    pub(crate) throttle_scope: Option<&'static str>,
    pub(crate) described: Operations,
    pub(crate) methods: Vec<(Method, Arc<dyn Answers>)>,
}

impl<V: Send + Sync + 'static> Actions<V> {
    pub(crate) fn new(view: &Arc<V>) -> Self {
        Self { view: view.clone(), standard: vec![], chosen: vec![], extra: vec![] }
    }

    /// An action beside the list: `notes/recent/`. Its name is its path and, with hyphens, the name of its route.
    pub fn list<Args>(
        &mut self,
        method: Method,
        name: &'static str,
        handler: impl ViewMethod<V, Args>,
    ) -> &mut Action<V> {
        self.push(false, name, method, handler.bound(&self.view).0)
    }

    /// An action of one row: `notes/1/archive/`.
    pub fn detail<Args>(
        &mut self,
        method: Method,
        name: &'static str,
        handler: impl ViewMethod<V, Args>,
    ) -> &mut Action<V> {
        self.push(true, name, method, handler.bound(&self.view).0)
    }

    /// A standard action, written by the project.
    pub fn standard<Args>(&mut self, action: Standard, handler: impl ViewMethod<V, Args>) -> &mut Chosen {
        self.standard.retain(|(known, _)| *known != action);
        self.standard.push((action, handler.bound(&self.view).0));
        self.of(action)
    }

    /// What a standard action chooses for itself, whoever writes it.
    pub fn of(&mut self, action: Standard) -> &mut Chosen {
        let place = self.chosen.iter().position(|(known, _)| *known == action);
        let place = place.unwrap_or_else(|| {
            self.chosen.push((action, Chosen::default()));
            self.chosen.len() - 1
        });
        &mut self.chosen[place].1
    }

    fn push(
        &mut self,
        is_detail: bool,
        name: &'static str,
        method: Method,
        answers: Arc<dyn Answers>,
    ) -> &mut Action<V> {
        let row = ActionRow {
            name,
            is_detail,
            url_path: name.into(),
            url_name: name.replace('_', "-").into(),
            shown: pretty(name).into(),
            description: "",
            choices: Choices::default(),
            throttle_scope: None,
            described: Operations::default(),
            methods: vec![(method, answers)],
        };
        let place = self.extra.len();
        self.extra.push(Action { view: self.view.clone(), row });
        &mut self.extra[place]
    }
}

impl<V: Send + Sync + 'static> Action<V> {
    /// The same route by another method.
    pub fn on<Args>(&mut self, method: Method, handler: impl ViewMethod<V, Args>) -> &mut Self {
        self.row.methods.retain(|(known, _)| *known != method);
        self.row.methods.push((method, handler.bound(&self.view).0));
        self
    }

    /// The path, which may be a regular expression: `by-status`, `lines/(?P<line>[0-9]+)`.
    pub fn url_path(&mut self, path: impl Into<Cow<'static, str>>) -> &mut Self {
        self.row.url_path = path.into();
        self
    }

    /// What stands behind the view set's basename in the name of the route.
    pub fn url_name(&mut self, name: impl Into<Cow<'static, str>>) -> &mut Self {
        self.row.url_name = name.into();
        self
    }

    /// What `OPTIONS` calls it.
    pub fn name(&mut self, name: impl Into<Cow<'static, str>>) -> &mut Self {
        self.row.shown = name.into();
        self
    }

    /// What `OPTIONS` says about it.
    pub fn description(&mut self, description: &'static str) -> &mut Self {
        self.row.description = description;
        self
    }

    /// What is said of it in the description of the API: `Describe::new().takes_nothing().answers::<NoteSerializer>(200)`.
    pub fn describe(&mut self, said: Describe) -> &mut Self {
        self.row.described.all(said);
        self
    }

    /// The same of one of its methods.
    pub fn describe_on(&mut self, method: Method, said: Describe) -> &mut Self {
        self.row.described.on(method, said);
        self
    }

    /// What [`ScopedRateThrottle`](super::ScopedRateThrottle) counts it by, instead of the view set's scope.
    pub fn throttle_scope(&mut self, scope: &'static str) -> &mut Self {
        self.row.throttle_scope = Some(scope);
        self
    }
}

macro_rules! choosing {
    ([$($generic:ident)?] $type:ty, |$this:ident| $choices:expr) => {
        impl<$($generic)?> $type {
            /// Who may ask, instead of the view set's rule.
            pub fn permissions(&mut self, rule: impl Into<Permission>) -> &mut Self {
                let $this = self;
                $choices.permissions = rule.into();
                $this
            }

            /// How it is told who asks, instead of the view set's.
            pub fn authentication(&mut self, ways: impl Into<Choice<Authenticator>>) -> &mut Self {
                let $this = self;
                $choices.authentication = ways.into();
                $this
            }

            /// How often the same may ask, instead of the view set's.
            pub fn throttles(&mut self, throttles: impl Into<Throttles>) -> &mut Self {
                let $this = self;
                $choices.throttles = throttles.into();
                $this
            }

            /// What reads bodies, instead of the view set's.
            pub fn parsers(&mut self, parsers: impl Into<Choice<Parser>>) -> &mut Self {
                let $this = self;
                $choices.parsers = parsers.into();
                $this
            }

            /// How a version is asked for, instead of the view set's.
            pub fn versioning(&mut self, scheme: impl Into<Choice<Versioning>>) -> &mut Self {
                let $this = self;
                $choices.versioning = scheme.into();
                $this
            }

            /// How a renderer and a parser are chosen, instead of the view set's.
            pub fn negotiation(&mut self, way: impl Into<Choice<Negotiation>>) -> &mut Self {
                let $this = self;
                $choices.negotiation = way.into();
                $this
            }

            /// What writes answers, instead of the view set's.
            pub fn renderers(&mut self, renderers: impl Into<Choice<Renderer>>) -> &mut Self {
                let $this = self;
                $choices.renderers = renderers.into();
                $this
            }
        }
    };
}

choosing!([] Chosen, |this| this.0);
choosing!([V] Action<V>, |this| this.row.choices);
