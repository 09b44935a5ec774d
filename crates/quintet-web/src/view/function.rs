//! Functions as a view: `get(show).post(store)`, guarded as every view is; `api_view(..)` makes one that negotiates.

use std::sync::Arc;

use http::header::{ALLOW, CONTENT_LENGTH};
use http::{HeaderValue, Method};

use super::{BoxFuture, Erased, IntoView, View};
use crate::csrf;
use crate::extract::ViewFunction;
use crate::http::{Error, Request, Response, Result};
use crate::rest::dispatch::{self, RestView, Row};
use crate::rest::openapi::{Describe, Operations, Outlined, OutlinedRow};
use crate::rest::versioning::Versioning;
use crate::rest::view_handler::{Answers, shown_name};
use crate::rest::{Authenticator, Choice, Choices, Negotiation, Parser, Permission, Renderer, Throttles, ViewFacts};

/// Functions as a view, one for each method: `get(show).post(store)`. They take the request, or
/// [axum's extractors](ViewFunction).
///
/// Such a view is guarded as every view is: what it does not choose by [`Function::permissions`] and its neighbours is as
/// the settings say, so that no route is open by accident. Beyond that it answers what its functions answer, a page or
/// JSON; [`api_view`] makes it one that negotiates, as those of the reference's decorator of that name do.
pub struct Function {
    methods: Vec<(Method, Arc<dyn Answers>)>,
    name: &'static str,
    description: &'static str,
    appends_slash: bool,
    is_atomic: bool,
    is_api: bool,
    csrf: FunctionCsrf,
    choices: Choices,
    throttle_scope: Option<&'static str>,
    described: Operations,
}

/// What a view says about forged forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FunctionCsrf {
    /// It is protected where the middleware is listed.
    AsListed,
    Exempt,
    /// It is protected whatever is listed.
    Protected,
    /// Its answer always has the cookie.
    Ensured,
}

/// Functions as an API view: its renderer is negotiated before anything else, every answer says `Allow` and `Vary`,
/// `OPTIONS` tells of it. As in the reference, `HEAD` needs a function of its own then.
///
/// A word around the functions and not the usual case, because `get(index)` may well be a page for people, to whom a
/// browser's `Accept` must not bring a refusal; the guard is the same for both.
pub fn api_view(function: Function) -> Function {
    Function { is_api: true, ..function }
}

macro_rules! verbs {
    ($($(#[$doc:meta])* $verb:ident => $method:ident;)*) => {
        $($(#[$doc])*
        pub fn $verb<Args>(function: impl ViewFunction<Args>) -> Function {
            on(Method::$method, function)
        })*
        impl Function {
            $($(#[$doc])*
            #[must_use]
            pub fn $verb<Args>(self, function: impl ViewFunction<Args>) -> Self {
                self.on(Method::$method, function)
            })*
        }
    };
}

verbs! {
    /// Answers `GET`, and `HEAD` by the same function.
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

/// Answers any one method by a function: `on(Method::OPTIONS, describe)`.
pub fn on<Args>(method: Method, function: impl ViewFunction<Args>) -> Function {
    let name = std::any::type_name_of_val(&function);
    let new = Function {
        methods: vec![],
        name,
        description: "",
        appends_slash: true,
        is_atomic: true,
        is_api: false,
        csrf: FunctionCsrf::AsListed,
        choices: Choices::default(),
        throttle_scope: None,
        described: Operations::default(),
    };
    new.on(method, function)
}

impl Function {
    /// Answers a method by a function; the later of two for one method counts.
    #[must_use]
    pub fn on<Args>(mut self, method: Method, function: impl ViewFunction<Args>) -> Self {
        self.methods.retain(|(known, _)| *known != method);
        self.methods.push((method, function.erased().0));
        self
    }

    /// Who may ask: `get(health).permissions(AllowAny)`. As the settings say, unless said here.
    #[must_use]
    pub fn permissions(mut self, rule: impl Into<Permission>) -> Self {
        self.choices.permissions = rule.into();
        self
    }

    /// How it is told who asks. As the settings say, unless said here.
    #[must_use]
    pub fn authentication(mut self, ways: impl Into<Choice<Authenticator>>) -> Self {
        self.choices.authentication = ways.into();
        self
    }

    /// How often the same may ask. As the settings say, unless said here.
    #[must_use]
    pub fn throttles(mut self, throttles: impl Into<Throttles>) -> Self {
        self.choices.throttles = throttles.into();
        self
    }

    /// What reads the bodies of requests. As the settings say, unless said here.
    #[must_use]
    pub fn parsers(mut self, parsers: impl Into<Choice<Parser>>) -> Self {
        self.choices.parsers = parsers.into();
        self
    }

    /// What writes the answers of an [`api_view`]. As the settings say, unless said here.
    #[must_use]
    pub fn renderers(mut self, renderers: impl Into<Choice<Renderer>>) -> Self {
        self.choices.renderers = renderers.into();
        self
    }

    /// How a version of an [`api_view`] is asked for. As the settings say, unless said here.
    #[must_use]
    pub fn versioning(mut self, scheme: impl Into<Choice<Versioning>>) -> Self {
        self.choices.versioning = scheme.into();
        self
    }

    /// How a renderer and a parser of an [`api_view`] are chosen. As the settings say, unless said here.
    #[must_use]
    pub fn negotiation(mut self, way: impl Into<Choice<Negotiation>>) -> Self {
        self.choices.negotiation = way.into();
        self
    }

    /// What [`ScopedRateThrottle`](crate::rest::ScopedRateThrottle) counts it by.
    #[must_use]
    pub fn throttle_scope(self, scope: &'static str) -> Self {
        Self { throttle_scope: Some(scope), ..self }
    }

    /// What `OPTIONS` of an [`api_view`] says about it.
    #[must_use]
    pub fn description(self, description: &'static str) -> Self {
        Self { description, ..self }
    }

    /// What is said of the function that was named last, in the description of the API:
    /// `get(show).describe(Describe::new().answers::<NoteSerializer>(200))`.
    ///
    /// A function that is no [`api_view`] is in that description only if this is said.
    #[must_use]
    pub fn describe(mut self, said: Describe) -> Self {
        if let Some((method, _)) = self.methods.last() {
            self.described.on(method.clone(), said);
        }
        self
    }

    /// Never redirects here from the path without the last slash.
    #[must_use]
    pub fn no_append_slash(self) -> Self {
        Self { appends_slash: false, ..self }
    }

    /// Not a transaction of its own where the project has `atomic_requests`: each statement is kept by itself.
    #[must_use]
    pub fn non_atomic_requests(self) -> Self {
        Self { is_atomic: false, ..self }
    }

    /// Takes forms from other sites too, though `CsrfViewMiddleware` is listed: for what asks for credentials of its own, as a
    /// webhook does.
    #[must_use]
    pub fn csrf_exempt(self) -> Self {
        Self { csrf: FunctionCsrf::Exempt, ..self }
    }

    /// Takes no forms from other sites, though `CsrfViewMiddleware` is not listed.
    #[must_use]
    pub fn csrf_protect(self) -> Self {
        Self { csrf: FunctionCsrf::Protected, ..self }
    }

    /// Its answer always sets the cookie of `CsrfViewMiddleware`, so that a script that got it can send the token.
    #[must_use]
    pub fn ensure_csrf_cookie(self) -> Self {
        Self { csrf: FunctionCsrf::Ensured, ..self }
    }

    fn facts(&self) -> ViewFacts {
        ViewFacts {
            name: shown_name(self.name).into(),
            description: self.description.into(),
            type_name: self.name,
            throttle_scope: self.throttle_scope.map(Into::into),
            described: Arc::new(self.described.clone()),
            methods: self.methods.iter().map(|(method, _)| (method.clone(), None)).collect(),
            ..ViewFacts::default()
        }
    }

    fn handler(&self, method: &Method) -> Option<&dyn Answers> {
        self.methods.iter().find(|(known, _)| known == method).map(|(_, handler)| &**handler)
    }

    /// The methods in the reference's order.
    fn allowed(&self) -> String {
        let has = |method: &Method| match *method {
            Method::HEAD => self.handler(&Method::HEAD).or_else(|| self.handler(&Method::GET)).is_some(),
            Method::OPTIONS => true,
            _ => self.handler(method).is_some(),
        };
        dispatch::ORDER.iter().filter(|method| has(method)).map(Method::as_str).collect::<Vec<_>>().join(", ")
    }

    fn without_handler(&self, method: &Method) -> Response {
        let mut response = match *method {
            Method::OPTIONS => Response::html(""),
            _ => Error::method_not_allowed(method).api_response().unwrap_or_else(|| Response::html("")),
        };
        if let Ok(allowed) = HeaderValue::try_from(self.allowed()) {
            response.headers_mut().insert(ALLOW, allowed);
        }
        if *method == Method::OPTIONS {
            response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        response
    }
}

/// Functions that are guarded, and answer whatever they answer.
struct Plain {
    function: Function,
    facts: Arc<ViewFacts>,
    choices: Arc<Choices>,
}

impl Plain {
    async fn answered(&self, request: &Request) -> Result<Response> {
        let csrf = self.function.csrf;
        if csrf == FunctionCsrf::Exempt {
            csrf::exempt(request);
        }
        if !matches!(csrf, FunctionCsrf::Protected | FunctionCsrf::Ensured) {
            return self.guarded(request).await;
        }
        csrf::begin(request).await?;
        let refusal = if csrf == FunctionCsrf::Protected { csrf::refusal(request).await? } else { None };
        if csrf == FunctionCsrf::Ensured {
            request.csrf_token()?;
        }
        let mut response = match refusal {
            Some(reason) => csrf::refused(request, &reason),
            None => self.guarded(request).await?,
        };
        csrf::finish(request, &mut response).await?;
        Ok(response)
    }

    async fn guarded(&self, request: &Request) -> Result<Response> {
        if !self.choices.authentication.is_none() {
            request.rest().set_page();
        }
        request.rest().set_view(&self.facts);
        request.rest().set_choices(&self.choices);
        if let Err(refusal) = dispatch::guard(request, &self.facts, &self.choices).await {
            return Err(dispatch::challenged(request, &self.choices, refusal));
        }
        self.unguarded(request).await.map_err(|error| match error.as_api() {
            // A 401 of the function's own making is its own business.
            Some(refusal) if refusal.code() == "not_authenticated" => {
                dispatch::challenged(request, &self.choices, error)
            }
            _ => error,
        })
    }

    async fn unguarded(&self, request: &Request) -> Result<Response> {
        let (function, method) = (&self.function, request.method());
        let handler = match *method {
            Method::HEAD => function.handler(method).or_else(|| function.handler(&Method::GET)),
            _ => function.handler(method),
        };
        match handler {
            Some(handler) => handler.answer(request).await,
            None => Ok(function.without_handler(method)),
        }
    }
}

impl Erased for Plain {
    fn outlined(&self) -> Option<Outlined<'_>> {
        if self.facts.described.is_empty() {
            return None;
        }
        let rows = self.facts.methods.iter().map(|(method, _)| OutlinedRow {
            method,
            action: None,
            choices: &self.choices,
            row: None,
        });
        Some(Outlined { facts: &self.facts, rows: rows.collect(), is_api: false })
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response>> {
        Box::pin(self.answered(request))
    }

    fn name(&self) -> &str {
        self.function.name
    }

    fn appends_slash(&self) -> bool {
        self.function.appends_slash
    }

    fn is_atomic(&self) -> bool {
        self.function.is_atomic
    }

    fn is_guarded(&self) -> bool {
        true
    }

    fn prepare(&self, request: &Request) {
        request.set_parsers(self.choices.parsers.chosen());
    }

    fn is_csrf_exempt(&self) -> bool {
        self.function.csrf == FunctionCsrf::Exempt
    }
}

impl IntoView<Function> for Function {
    fn into_view(mut self) -> View {
        let facts = self.facts();
        let choices = Arc::new(std::mem::take(&mut self.choices));
        if !self.is_api {
            return View::new(Plain { function: self, facts: Arc::new(facts), choices });
        }
        let row = |(method, answers)| Row { method, action: None, answers, choices: choices.clone(), described: None };
        let rows = self.methods.into_iter().map(row).collect();
        let view = RestView::of_rows(facts, choices.clone(), rows);
        View::new(RestView { is_atomic: self.is_atomic, appends_slash: self.appends_slash, ..view })
    }
}
