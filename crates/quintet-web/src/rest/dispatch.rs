//! The one way through an API view, whatever kind it is: the reference's order of decisions, of which the first refusal
//! counts.
//!
//! Version, authentication, permissions, throttles, method, handler; an error becomes an answer by the site's handler of
//! exceptions. Nothing here is generic.

use std::sync::{Arc, OnceLock};

use http::Method;
use http::header::{ALLOW, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};

use super::authentication::authenticate;
use super::config::RestFramework;
use super::metadata::{self, Described};
use super::negotiate::{self, Accepted};
use super::openapi::{Outlined, OutlinedRow};
use super::permission::{Object, Question};
use super::render::{Renderer, browsable};
use super::throttle;
use super::view_choices::Choices;
use super::view_facts::ViewFacts;
use super::view_handler::{Answers, Hooks};
use super::view_options::{METHOD_NAMES, Says};
use crate::http::{BoxFuture, Error, Request, Response, Result, lasting};
use crate::view::Erased;

/// A route's view, as dispatch sees it.
pub(crate) struct RestView {
    pub(crate) facts: Arc<ViewFacts>,
    /// What counts where a method has no row of its own: for `OPTIONS`, and for a method that is refused.
    pub(crate) choices: Arc<Choices>,
    pub(crate) rows: Vec<Row>,
    pub(crate) hooks: Option<Arc<dyn Hooks>>,
    /// Whether `OPTIONS` tells of it.
    pub(crate) has_metadata: bool,
    /// Whether each request is a transaction where the project wants that.
    pub(crate) is_atomic: bool,
    /// Whether a path that only lacks its last slash is redirected to it.
    pub(crate) appends_slash: bool,
    /// What `Allow` says of it, once that was asked.
    pub(crate) allow: OnceLock<Option<HeaderValue>>,
}

/// One method of a view.
#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) method: Method,
    /// What a view set calls it.
    pub(crate) action: Option<&'static str>,
    pub(crate) answers: Arc<dyn Answers>,
    pub(crate) choices: Arc<Choices>,
    /// What `OPTIONS` tells of the data that it takes.
    pub(crate) described: Option<Arc<dyn Described>>,
}

impl Erased for RestView {
    fn outlined(&self) -> Option<Outlined<'_>> {
        let rows = self.rows.iter().filter(|row| ![Method::HEAD, Method::OPTIONS].contains(&row.method));
        let rows = rows.map(|row| OutlinedRow {
            method: &row.method,
            action: row.action,
            choices: &row.choices,
            row: Some(row),
        });
        Some(Outlined { facts: &self.facts, rows: rows.collect(), is_api: true })
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response>> {
        Box::pin(self.dispatch(request))
    }

    fn name(&self) -> &str {
        self.facts.type_name
    }

    fn facts(&self) -> Option<&Arc<ViewFacts>> {
        Some(&self.facts)
    }

    fn rest(&self) -> Option<&RestView> {
        Some(self)
    }

    fn appends_slash(&self) -> bool {
        self.appends_slash
    }

    fn is_atomic(&self) -> bool {
        self.is_atomic
    }

    fn is_guarded(&self) -> bool {
        true
    }

    /// Whoever is authenticated by a session is asked for the secret by that authentication.
    fn is_csrf_exempt(&self) -> bool {
        true
    }
}

/// The order of `Allow`.
pub(crate) const ORDER: [Method; 8] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::HEAD,
    Method::OPTIONS,
    Method::TRACE,
];

impl RestView {
    /// A view that says of itself what a class of the reference's would: `HEAD` is answered as `GET` is.
    pub(crate) fn new(facts: ViewFacts, mut rows: Vec<Row>, view: Arc<dyn Says>) -> Self {
        if !rows.iter().any(|row| row.method == Method::HEAD)
            && let Some(get) = rows.iter().find(|row| row.method == Method::GET)
        {
            rows.push(Row { method: Method::HEAD, ..get.clone() });
        }
        let said = view.said();
        let made = Self::of_rows(facts, Arc::new(said.choices), rows).only(said.method_names);
        Self { hooks: Some(view), is_atomic: said.is_atomic, has_metadata: said.has_metadata, ..made }
    }

    /// Leaves the methods of these names; what a view set calls the others is still known.
    fn only(self, names: &[&str]) -> Self {
        let is_there = |method: &Method| names.iter().any(|name| name.eq_ignore_ascii_case(method.as_str()));
        // A method without a name among the usual ones is there because the view has it.
        if names == METHOD_NAMES {
            return self;
        }
        let mut facts = (*self.facts).clone();
        (facts.methods, facts.refused) = facts.methods.into_iter().partition(|(method, _)| is_there(method));
        let rows = self.rows.into_iter().filter(|row| is_there(&row.method)).collect();
        Self { facts: Arc::new(facts), rows, ..self }
    }

    /// A view of these methods alone. `OPTIONS` tells of it, unless it has a row.
    pub(crate) fn of_rows(mut facts: ViewFacts, choices: Arc<Choices>, rows: Vec<Row>) -> Self {
        facts.methods = rows.iter().map(|row| (row.method.clone(), row.action)).collect();
        if !facts.answers(&Method::OPTIONS) {
            facts.methods.push((Method::OPTIONS, None));
        }
        let place = |method: &Method| ORDER.iter().position(|known| known == method).unwrap_or(ORDER.len());
        facts.methods.sort_by_key(|(method, _)| place(method));
        Self {
            facts: Arc::new(facts),
            choices,
            rows,
            hooks: None,
            has_metadata: true,
            is_atomic: true,
            appends_slash: true,
            allow: OnceLock::new(),
        }
    }

    /// What counts for a row, or where there is none.
    fn choices_at(&self, row: Option<usize>) -> &Arc<Choices> {
        row.and_then(|row| self.rows.get(row)).map_or(&self.choices, |row| &row.choices)
    }

    async fn dispatch(&self, request: &Request) -> Result<Response> {
        let state = request.rest();
        let is_routed = request.routed().is_some_and(|routed| std::ptr::eq(routed, self));
        if is_routed {
            state.set_routed();
        } else {
            state.set_view(&self.facts);
        }
        let place = self.rows.iter().position(|row| row.method == *request.method());
        let (row, choices) = (place.map(|place| &self.rows[place]), self.choices_at(place));
        let own = self.hooks.as_ref().and_then(|hooks| hooks.choices(request));
        let own = own.map(|own| Arc::new(own.over(choices)));
        match &own {
            None if is_routed => state.set_place(place),
            own => state.set_choices(own.as_ref().unwrap_or(choices)),
        }
        let choices = own.as_ref().unwrap_or(choices);
        let (response, is_refused) = match self.answered(request, row, choices).await {
            Ok(response) => (response, false),
            Err(error) => (self.refused(request, choices, error)?, true),
        };
        let response = match &self.hooks {
            Some(hooks) => hooks.finalize_response(request, response),
            None => response,
        };
        let renderer = match state.accepted() {
            None if state.is_usual() => Some(negotiate::first(renderers(request, choices))),
            accepted => accepted.map(|accepted| accepted.renderer()),
        };
        let is_page = renderer.is_some_and(Renderer::is_browsable);
        if is_page && browsable::fits(&response) {
            return self.page(request, choices, response, is_refused).await;
        }
        self.rendered(request, choices, response, is_refused)
    }

    /// The answer as the renderer writes it, with what every answer of an API says.
    fn rendered(&self, request: &Request, choices: &Choices, response: Response, is_refused: bool) -> Result<Response> {
        let renderers = renderers(request, choices);
        let mut response = match request.rest().accepted() {
            Some(accepted) => accepted.render(request, response, is_refused)?,
            None => negotiate::first(renderers).render_plainly(request, response, is_refused)?,
        };
        self.dress(renderers.len(), &mut response);
        Ok(response)
    }

    /// The same for people.
    fn page<'a>(
        &'a self,
        request: &'a Request,
        choices: &'a Choices,
        mut response: Response,
        is_refused: bool,
    ) -> BoxFuture<'a, Result<Response>> {
        self.dress(renderers(request, choices).len(), &mut response);
        Box::pin(browsable::answer(self, request, choices, response, is_refused))
    }

    fn dress(&self, renderers: usize, response: &mut Response) {
        if renderers > 1 {
            response.patch_vary("Accept");
        }
        let allow = self.allow.get_or_init(|| lasting(&self.facts.allow()).ok());
        if let Some(allow) = allow {
            response.headers_mut().insert(ALLOW, allow.clone());
        }
    }

    async fn answered(&self, request: &Request, row: Option<&Row>, choices: &Choices) -> Result<Response> {
        agree(request, choices)?;
        guard(request, &self.facts, choices).await?;
        if let Some(hooks) = &self.hooks {
            hooks.initial(request).await?;
        }
        match row {
            Some(row) => row.answers.answer(request).await,
            None if self.tells(request.method()) => Box::pin(metadata::answer(self, request, choices)).await,
            None => Err(Error::method_not_allowed(request.method())),
        }
    }

    /// Whether this is the question what the view is, and it may be asked.
    fn tells(&self, method: &Method) -> bool {
        *method == Method::OPTIONS && self.has_metadata && self.facts.answers(method)
    }

    /// The answer to an error; the error where it is no refusal. What was done for the request is undone either way.
    fn refused(&self, request: &Request, choices: &Choices, error: Error) -> Result<Response> {
        let error = match &self.hooks {
            None => error,
            Some(hooks) => match hooks.handle_exception(request, error) {
                Ok(response) => return Ok(response),
                Err(error) => error,
            },
        };
        let error = challenged(request, choices, error);
        match settings(request).exception_handler.handle(&error, request, &self.facts) {
            Some(response) => {
                request.rest().set_rollback();
                Ok(response)
            }
            None => Err(error),
        }
    }
}

/// What may write the answer.
pub(super) fn renderers<'a>(request: &'a Request, choices: &'a Choices) -> &'a [Renderer] {
    choices.renderers.or(&settings(request).default_renderer_classes)
}

fn settings(request: &Request) -> &RestFramework {
    &request.site().options().rest_framework
}

/// What the answer is written by, and which version is asked for.
fn agree(request: &Request, choices: &Choices) -> Result<()> {
    let settings = settings(request);
    let suffix = request.params().get("format");
    let renderers = renderers(request, choices);
    let accepted = match choices.negotiation.or(settings.default_content_negotiation_class.as_slice()).first() {
        Some(own) => Some(own.renderer(request, renderers, suffix)?),
        None => negotiate::unusual(request, renderers, suffix)?,
    };
    match accepted {
        Some(accepted) => request.rest().set_accepted(accepted),
        None => request.rest().set_usual(),
    }
    if let Some(scheme) = choices.versioning.or(settings.default_versioning_class.as_slice()).first() {
        let accepted = request.rest().accepted().map(Accepted::media_type);
        let media_type = accepted.unwrap_or_else(|| negotiate::first(renderers).own());
        let version = scheme.determine(request, media_type.as_str())?;
        request.rest().set_version(scheme.clone(), version);
    }
    Ok(())
}

/// Who asks, whether he may, and how often: what stands before every view.
/// The request knows the view and its choices already.
pub(crate) async fn guard(request: &Request, facts: &ViewFacts, choices: &Choices) -> Result<()> {
    let settings = settings(request);
    let ways = choices.authentication.or(&settings.default_authentication_classes);
    request.rest().set_authentication(!ways.is_empty());
    if let Some(parsers) = choices.parsers.chosen() {
        request.set_parsers(Some(parsers));
    }
    authenticate(request, ways).await?;
    check_permissions(request, facts, choices, None).await?;
    throttle::check(request, facts, choices.throttles.or(&settings.default_throttle_classes)).await?;
    // Behind what stands whatever becomes of the request: a refusal undoes what the view did, not that it was counted.
    request.let_in();
    Ok(())
}

/// A 401 says how to authenticate; where no way does, it is a 403.
pub(crate) fn challenged(request: &Request, choices: &Choices, error: Error) -> Error {
    if error.status() != StatusCode::UNAUTHORIZED || error.as_api().is_none() {
        return error;
    }
    if error.headers().contains_key(WWW_AUTHENTICATE) {
        return error;
    }
    let ways = choices.authentication.or(&settings(request).default_authentication_classes);
    match ways.first().and_then(|way| way.authenticate_header(request)) {
        Some(challenge) => error.with_header("www-authenticate", &challenge),
        None => error.forbidden(),
    }
}

/// Whether the permissions of a view let a request through, or give it a row.
pub(crate) async fn check_permissions(
    request: &Request,
    facts: &ViewFacts,
    choices: &Choices,
    object: Option<Object<'_>>,
) -> Result<()> {
    let default = &settings(request).default_permission_classes;
    choices.permissions.check(Question { request, view: facts, object, settings: default }).await
}

impl Request {
    /// Refuses a row that the permissions of this request's view do not give. `get_object` of a view asks this by itself;
    /// a view that fetches rows in another way asks it too.
    ///
    /// # Errors
    /// 401 or 403.
    pub async fn check_object_permissions(&self, object: Object<'_>) -> Result<()> {
        match self.view().zip(self.choices()) {
            Some((facts, choices)) => check_permissions(self, facts, choices, Some(object)).await,
            None => Ok(()),
        }
    }

    /// The action of a view set that this request asks for: `list`, `retrieve`, `archive`.
    pub fn action(&self) -> Option<&'static str> {
        self.view()?.action(self.method())
    }

    /// The version of the API that this request asks for, where the view has versions.
    pub fn api_version(&self) -> Option<&str> {
        self.rest().version()?.1.as_deref()
    }

    /// What is known of the view that answers.
    pub fn view(&self) -> Option<&Arc<ViewFacts>> {
        match self.rest().is_routed() {
            true => self.routed().map(|routed| &routed.facts),
            false => self.rest().view(),
        }
    }

    /// What its view chose for its method, or this request for itself.
    pub(crate) fn own_choices(&self) -> Option<&Arc<Choices>> {
        self.rest().choices().or_else(|| Some(self.routed()?.choices_at(self.rest().place()?)))
    }

    /// The view of its route, where that is one of an API.
    fn routed(&self) -> Option<&RestView> {
        self.matched()?.route.view.rest()
    }
}
