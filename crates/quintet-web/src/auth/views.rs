//! The pages by which people log in and out with a browser: a form, and a page that says good-bye.
//!
//! Plain on purpose: what a project shows is its own. The fields, the words of refusals and the ways are the reference's.

use http::header::{ALLOW, CACHE_CONTROL, EXPIRES};
use http::{HeaderValue, Method, StatusCode};
use quintet_core::json::{FormValue, Json};
use quintet_core::python::strip;
use quintet_core::rest::Data;
use quintet_db::Db;

use super::safe_url::url_has_allowed_host_and_scheme;
use super::session::{login, logout, session_user};
use super::{Accounts, authenticate};
use crate::csrf;
use crate::http::{BoxFuture, Error, Request, Response, Result, http_date};
use crate::pages::escaped;
use crate::rest::render::browsable::login_page;
use crate::rest::{FormParser, MultiPartParser};
use crate::view::{Erased, IntoView, View};

/// Where a client says that it wants to go.
const NEXT: &str = "next";

/// Asks for name and password, and logs in: `path("accounts/login/", LoginView::default(), name = "login")`. Needs
/// `SessionMiddleware` and `AuthenticationMiddleware`; forms of other sites are refused, whether `CsrfViewMiddleware` is
/// listed or not.
#[derive(Clone, Copy, Debug, Default)]
pub struct LoginView {
    page: Option<fn(&LoginForm) -> String>,
    next_page: Option<&'static str>,
    redirect_authenticated_user: bool,
    is_browsable: bool,
}

/// Logs out by `POST`, and goes on to `next`, to the setting `auth.logout_redirect_url`, or to a page that says so.
#[derive(Clone, Copy, Debug, Default)]
pub struct LogoutView {
    next_page: Option<&'static str>,
}

/// What a page with the form shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoginForm {
    /// The token of its hidden field `csrfmiddlewaretoken`.
    pub csrf_token: String,
    /// Where to go on, for its hidden field `next`; empty where that is not known or not safe.
    pub next: String,
    /// The name that was sent.
    pub username: String,
    /// What people call the name.
    pub username_label: String,
    /// What is wrong with the name.
    pub username_errors: Vec<String>,
    /// What is wrong with the password.
    pub password_errors: Vec<String>,
    /// What is wrong with both together.
    pub errors: Vec<String>,
}

impl LoginView {
    /// With a page of a project's own, as text of HTML: its form posts `username`, `password`, `next` and
    /// `csrfmiddlewaretoken`.
    #[must_use]
    pub fn page(self, page: fn(&LoginForm) -> String) -> Self {
        Self { page: Some(page), ..self }
    }

    /// Goes on to this path, or the route of this name, where the client does not say; else to `auth.login_redirect_url`.
    #[must_use]
    pub fn next_page(self, next_page: &'static str) -> Self {
        Self { next_page: Some(next_page), ..self }
    }

    /// Sends on who is logged in already. Who can put an image of a page of yours into theirs learns by that who is.
    #[must_use]
    pub fn redirect_authenticated_user(self) -> Self {
        Self { redirect_authenticated_user: true, ..self }
    }

    /// With the page of the browsable API.
    pub(crate) fn browsable() -> Self {
        Self { is_browsable: true, ..Self::default() }
    }

    async fn answer(&self, request: &Request) -> Result<Response> {
        if self.redirect_authenticated_user && session_user(request).await?.is_some() {
            let next = self.next(request).await?;
            if next == request.path() {
                return Err(Error::internal("the page to which who is logged in goes on is the login page itself"));
            }
            return Ok(Response::redirect(&next));
        }
        match *request.method() {
            Method::GET | Method::HEAD => self.shown(request, LoginForm::default()).await,
            Method::POST | Method::PUT => self.posted(request).await,
            Method::OPTIONS => Ok(allowing(Response::html(""), "GET, POST, PUT, HEAD, OPTIONS")),
            _ => Ok(allowing(
                Response::html("").with_status(StatusCode::METHOD_NOT_ALLOWED),
                "GET, POST, PUT, HEAD, OPTIONS",
            )),
        }
    }

    async fn posted(&self, request: &Request) -> Result<Response> {
        const REQUIRED: &str = "This field is required.";
        let username = strip(&field(request, "username").await?.unwrap_or_default()).to_owned();
        let password = field(request, "password").await?.unwrap_or_default();
        let missing = |text: &str| if text.is_empty() { vec![REQUIRED.to_owned()] } else { vec![] };
        let mut form = LoginForm {
            username_errors: missing(&username),
            password_errors: missing(&password),
            username: username.clone(),
            ..LoginForm::default()
        };
        if username.contains('\0') {
            form.username_errors = vec!["Null characters are not allowed.".to_owned()];
        }
        if form.username_errors.is_empty() && form.password_errors.is_empty() {
            match authenticate(request.into(), &username, &password).await? {
                Some(user) if user_may(&user) => {
                    let next = self.next(request).await?;
                    login(request, &user).await?;
                    return Ok(Response::redirect(&next));
                }
                Some(_) => form.errors = vec!["This account is inactive.".to_owned()],
                None => {
                    let name = label(request);
                    form.errors = vec![format!(
                        "Please enter a correct {name} and password. Note that both fields may be case-sensitive."
                    )];
                }
            }
        }
        self.shown(request, form).await
    }

    async fn shown(&self, request: &Request, form: LoginForm) -> Result<Response> {
        let mut label = label(request);
        if let Some(first) = label.get(..1).map(str::to_uppercase) {
            label.replace_range(..1, &first);
        }
        let form = LoginForm {
            csrf_token: request.csrf_token()?,
            next: wanted(request).await?.unwrap_or_default(),
            username_label: label,
            ..form
        };
        if self.is_browsable {
            return login_page(request, &form);
        }
        Ok(Response::html(self.page.unwrap_or(page)(&form)))
    }

    async fn next(&self, request: &Request) -> Result<String> {
        match wanted(request).await? {
            Some(next) => Ok(next),
            None => {
                resolved(request, self.next_page.unwrap_or(&Accounts::of(Db::from(request)).auth.login_redirect_url))
            }
        }
    }
}

impl LogoutView {
    /// Goes on to this path, or the route of this name, where the client does not say.
    #[must_use]
    pub fn next_page(self, next_page: &'static str) -> Self {
        Self { next_page: Some(next_page) }
    }

    async fn answer(&self, request: &Request) -> Result<Response> {
        const METHODS: &str = "POST, OPTIONS";
        match *request.method() {
            Method::POST => {}
            Method::OPTIONS => return Ok(allowing(Response::html(""), METHODS)),
            _ => return Ok(allowing(Response::html("").with_status(StatusCode::METHOD_NOT_ALLOWED), METHODS)),
        }
        logout(request).await?;
        let settings = Accounts::of(Db::from(request));
        let usual = self.next_page.or(settings.auth.logout_redirect_url.as_deref());
        let next = match (wanted(request).await?, usual) {
            (Some(next), _) => next,
            (None, Some(usual)) => resolved(request, usual)?,
            (None, None) => request.path().to_owned(),
        };
        if next == request.full_path() {
            let text = "<!DOCTYPE html>\n<html lang=\"en\">\n<head><title>Logged out</title></head>\n<body>\n<h1>Logged out</h1>\n</body>\n</html>\n";
            return Ok(Response::html(text));
        }
        Ok(Response::redirect(&next))
    }
}

fn user_may(user: &super::Account) -> bool {
    use crate::rest::AnyUser as _;
    user.is_active()
}

/// What people call the field that they log in by.
fn label(request: &Request) -> String {
    Accounts::of(Db::from(request)).auth.username_field.replace('_', " ")
}

/// Where the client wants to go, where that is on this site.
async fn wanted(request: &Request) -> Result<Option<String>> {
    let posted = if *request.method() == Method::POST { field(request, NEXT).await? } else { None };
    let asked = posted.or_else(|| request.query().ok()?.get(NEXT).map(str::to_owned));
    let host = request.get_host()?;
    Ok(asked.filter(|next| url_has_allowed_host_and_scheme(next, &[&*host], request.is_secure())))
}

/// A path, or the path of a route that is named.
fn resolved(request: &Request, place: &str) -> Result<String> {
    if place.contains('/') || place.contains('.') {
        return Ok(place.to_owned());
    }
    request.reverse(place, &[])
}

/// A field of the form that was sent.
async fn field(request: &Request, name: &str) -> Result<Option<String>> {
    if request.has_empty_body() {
        return Ok(None);
    }
    Ok(match &*request.data().await? {
        Data::Form(data) => match data.form.get_last(name) {
            Some(FormValue::Text(text)) => Some(text.clone()),
            _ => None,
        },
        Data::Json(Json::Object(data)) => match data.get(name) {
            Some(Json::Text(text)) => Some(text.clone()),
            _ => None,
        },
        Data::Json(_) => None,
    })
}

fn allowing(mut response: Response, methods: &'static str) -> Response {
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(methods));
    response
}

/// Asks caches to keep nothing, as the reference does.
fn never_cached(request: &Request, response: &mut Response) {
    const NOTHING: &str = "max-age=0, no-cache, no-store, must-revalidate, private";
    if let Ok(now) = HeaderValue::try_from(http_date(request.site().options().clock.now())) {
        response.headers_mut().insert(EXPIRES, now);
    }
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(NOTHING));
}

/// The usual page.
fn page(form: &LoginForm) -> String {
    let list =
        |errors: &[String]| errors.iter().map(|error| format!("<p>{}</p>\n", escaped(error))).collect::<String>();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><title>Log in</title></head>\n<body>\n<h1>Log in</h1>\n{errors}<form method=\"post\">\n\
         <input type=\"hidden\" name=\"csrfmiddlewaretoken\" value=\"{token}\">\n<input type=\"hidden\" name=\"next\" value=\"{next}\">\n\
         {username_errors}<p><label for=\"id_username\">{label}:</label> <input type=\"text\" name=\"username\" id=\"id_username\" value=\"{username}\" autocapitalize=\"none\" autocomplete=\"username\" maxlength=\"150\" required autofocus></p>\n\
         {password_errors}<p><label for=\"id_password\">Password:</label> <input type=\"password\" name=\"password\" id=\"id_password\" autocomplete=\"current-password\" required></p>\n\
         <p><input type=\"submit\" value=\"Log in\"></p>\n</form>\n</body>\n</html>\n",
        errors = list(&form.errors),
        token = escaped(&form.csrf_token),
        next = escaped(&form.next),
        username_errors = list(&form.username_errors),
        label = escaped(&form.username_label),
        username = escaped(&form.username),
        password_errors = list(&form.password_errors),
    )
}

/// Keeps these views apart from those of other traits.
#[derive(Clone, Copy, Debug)]
pub enum PageKind {}

macro_rules! pages {
    ($($name:ident),*) => {
        $(impl IntoView<PageKind> for $name {
            fn into_view(self) -> View {
                View::new(self)
            }
        }

        impl Erased for $name {
            fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response>> {
                Box::pin(async move {
                    csrf::begin(request).await?;
                    let mut response = match csrf::refusal(request).await? {
                        Some(reason) => csrf::refused(request, &reason),
                        None => self.answer(request).await?,
                    };
                    csrf::finish(request, &mut response).await?;
                    never_cached(request, &mut response);
                    Ok(response)
                })
            }

            fn name(&self) -> &str {
                std::any::type_name::<Self>()
            }

            fn prepare(&self, request: &Request) {
                request.set_parsers(Some(&[FormParser.into(), MultiPartParser.into()]));
            }
        })*
    };
}

pages!(LoginView, LogoutView);
