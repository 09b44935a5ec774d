//! The one way through an API view, whatever kind it is: the reference's order of decisions, of which the first refusal
//! counts.
//!
//! Version, authentication, permissions, throttles, method, handler; an error becomes an answer by the site's handler of
//! exceptions. Nothing here is generic.

use std::sync::Arc;

use http::Method;
use http::header::{ALLOW, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};

use super::authentication::authenticate;
use super::config::RestFramework;
use super::metadata::{self, Described};
use super::negotiate;
use super::permission::{Object, Question};
use super::throttle;
use super::view_choices::Choices;
use super::view_facts::ViewFacts;
use super::view_handler::{Answers, Hooks};
use super::view_options::Says;
use crate::http::{BoxFuture, Error, Request, Response, Result};
use crate::view::Erased;

/// A route's view, as dispatch sees it.
pub(crate) struct RestView {
    pub(crate) facts: Arc<ViewFacts>,
    /// What counts where a method has no row of its own: for `OPTIONS`, and for a method that is refused.
    pub(crate) choices: Arc<Choices>,
    pub(crate) rows: Vec<Row>,
    pub(crate) hooks: Option<Arc<dyn Hooks>>,
    /// Whether each request is a transaction where the project wants that.
    pub(crate) is_atomic: bool,
    /// Whether a path that only lacks its last slash is redirected to it.
    pub(crate) appends_slash: bool,
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
    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response>> {
        Box::pin(self.dispatch(request))
    }

    fn name(&self) -> &str {
        self.facts.type_name
    }

    fn appends_slash(&self) -> bool {
        self.appends_slash
    }

    fn is_atomic(&self) -> bool {
        self.is_atomic
    }
}

/// The order of `Allow`.
const ORDER: [Method; 8] = [
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
        let made = Self::of_rows(facts, Arc::new(said.choices), rows);
        Self { hooks: Some(view), is_atomic: said.is_atomic, ..made }
    }

    /// A view of these methods alone. `OPTIONS` tells of it, unless it has a row.
    pub(crate) fn of_rows(mut facts: ViewFacts, choices: Arc<Choices>, rows: Vec<Row>) -> Self {
        facts.methods = rows.iter().map(|row| (row.method.clone(), row.action)).collect();
        if !facts.answers(&Method::OPTIONS) {
            facts.methods.push((Method::OPTIONS, None));
        }
        let place = |method: &Method| ORDER.iter().position(|known| known == method).unwrap_or(ORDER.len());
        facts.methods.sort_by_key(|(method, _)| place(method));
        Self { facts: Arc::new(facts), choices, rows, hooks: None, is_atomic: true, appends_slash: true }
    }

    async fn dispatch(&self, request: &Request) -> Result<Response> {
        let row = self.rows.iter().find(|row| row.method == *request.method());
        let choices = row.map_or(&self.choices, |row| &row.choices);
        let response = match self.answered(request, row, choices).await {
            Ok(response) => response,
            Err(error) => self.refused(request, choices, error)?,
        };
        self.finished(request, choices, response)
    }

    /// The answer as the renderer writes it, with what every answer of an API says.
    fn finished(&self, request: &Request, choices: &Choices, response: Response) -> Result<Response> {
        let renderers = choices.renderers.or(&settings(request).default_renderer_classes);
        let mut response = match request.rest().accepted() {
            Some(accepted) => accepted.render(request, response)?,
            None => negotiate::forced(renderers).render(request, response)?,
        };
        if renderers.len() > 1 {
            response.patch_vary("Accept");
        }
        if let Ok(allow) = HeaderValue::try_from(self.facts.allow()) {
            response.headers_mut().insert(ALLOW, allow);
        }
        Ok(response)
    }

    async fn answered(&self, request: &Request, row: Option<&Row>, choices: &Arc<Choices>) -> Result<Response> {
        agree(request, choices)?;
        guard(request, &self.facts, choices).await?;
        if let Some(hooks) = &self.hooks {
            hooks.initial(request).await?;
        }
        match row {
            Some(row) => row.answers.answer(request).await,
            None if *request.method() == Method::OPTIONS => metadata::answer(self, request).await,
            None => Err(Error::method_not_allowed(request.method())),
        }
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

fn settings(request: &Request) -> &RestFramework {
    &request.site().options().rest_framework
}

/// What the answer is written by, and which version is asked for.
fn agree(request: &Request, choices: &Choices) -> Result<()> {
    let settings = settings(request);
    let suffix = request.params().get("format");
    let accepted = negotiate::choose(request, choices.renderers.or(&settings.default_renderer_classes), suffix)?;
    let media_type = accepted.media_type().as_str().to_owned();
    request.rest().set_accepted(accepted);
    if let Some(scheme) = choices.versioning.or(settings.default_versioning_class.as_slice()).first() {
        let version = scheme.scheme().determine(request, &media_type)?;
        request.rest().set_version(scheme.clone(), version);
    }
    Ok(())
}

/// Who asks, whether he may, and how often: what stands before every view.
pub(crate) async fn guard(request: &Request, facts: &Arc<ViewFacts>, choices: &Arc<Choices>) -> Result<()> {
    let settings = settings(request);
    let ways = choices.authentication.or(&settings.default_authentication_classes);
    request.rest().set_view(facts, choices, !ways.is_empty());
    request.set_parsers(choices.parsers.or(&settings.default_parser_classes));
    authenticate(request, ways).await?;
    check_permissions(request, facts, choices, None).await?;
    throttle::check(request, facts, choices.throttles.or(&settings.default_throttle_classes)).await
}

/// A 401 says how to authenticate; where no way does, it is a 403.
pub(crate) fn challenged(request: &Request, choices: &Choices, error: Error) -> Error {
    if error.as_api().is_none() || error.status() != StatusCode::UNAUTHORIZED {
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
        match self.rest().view() {
            Some((facts, choices)) => check_permissions(self, facts, choices, Some(object)).await,
            None => Ok(()),
        }
    }

    /// The action of a view set that this request asks for: `list`, `retrieve`, `archive`.
    pub fn action(&self) -> Option<&'static str> {
        self.rest().view()?.0.action(self.method())
    }

    /// The version of the API that this request asks for, where the view has versions.
    pub fn api_version(&self) -> Option<&str> {
        self.rest().version()?.1.as_deref()
    }

    /// What is known of the view that answers.
    pub fn view(&self) -> Option<&Arc<ViewFacts>> {
        Some(&self.rest().view()?.0)
    }
}
