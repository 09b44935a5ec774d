//! The pages for logging in and out of the browsable API.

use minijinja::context;
use minijinja::value::Value as Held;

use super::templates;
use crate::auth::{LoginForm, LoginView, LogoutView};
use crate::http::{HeaderValue, Request, Response, Result, header};
use crate::urls::{Urls, path};

/// The pages by which people log in and out of the browsable API: `include("api-auth/", login_urls(), namespace =
/// "rest_framework")`. Needs `SessionMiddleware` and `AuthenticationMiddleware`.
pub fn login_urls() -> Urls {
    Urls::default()
        .with(path("login/", LoginView::browsable()).name("login"))
        .with(path("logout/", LogoutView::default().next_page("/")).name("logout"))
}

/// The page with the form, as the other pages look.
pub(crate) fn login_page(request: &Request, form: &LoginForm) -> Result<Response> {
    let page = context! {
        name => "Log in",
        csrf_token => form.csrf_token.as_str(),
        next => form.next.as_str(),
        username => form.username.as_str(),
        username_label => form.username_label.as_str(),
        username_errors => form.username_errors.clone(),
        password_errors => form.password_errors.clone(),
        errors => form.errors.clone(),
        style => Held::from_safe_string(templates::STYLE.to_owned()),
        version => env!("CARGO_PKG_VERSION"),
    };
    let mut response = Response::html(templates::render(request, "rest_framework/login.html", page)?);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::clone(templates::policy()));
    Ok(response)
}
