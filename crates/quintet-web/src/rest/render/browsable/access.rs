//! Who is logged in, and how one logs in: by a session, or by a token that the page's own script keeps.

use http::header::AUTHORIZATION;
use minijinja::context;
use minijinja::value::Value as Held;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use quintet_db::Db;

use crate::auth::Accounts;
use crate::csrf;
use crate::http::{Request, Result};
use crate::rest::Authenticator;

/// What a form must know that changes something.
pub(super) struct Secret {
    pub(super) token: String,
    /// The header by which a script sends it.
    pub(super) header: String,
    /// Whether no middleware tells the browser its secret.
    pub(super) is_ours_to_tell: bool,
}

/// The secret of the browser, where anything asks for it.
pub(super) async fn secret(request: &Request, ways: &[Authenticator]) -> Result<Option<Secret>> {
    let options = request.site().options();
    let is_listed = options.middleware.iter().any(|layer| layer.name() == "CsrfViewMiddleware");
    if !is_listed && !ways.iter().any(|way| way.is_by_session()) {
        return Ok(None);
    }
    if !is_listed {
        csrf::begin(request).await?;
    }
    let header = options.csrf.shown_header();
    Ok(Some(Secret { token: request.csrf_token()?, header, is_ours_to_tell: !is_listed }))
}

/// The name of who asks.
pub(super) fn user(request: &Request) -> Option<String> {
    request.user().is_authenticated().then(|| request.user().username().to_owned())
}

/// Where one logs in by a session, and comes back from.
pub(super) fn login(request: &Request) -> Option<String> {
    let next = utf8_percent_encode(&request.full_path(), NON_ALPHANUMERIC).to_string();
    request.reverse("rest_framework:login", &[]).ok().map(|path| format!("{path}?next={next}"))
}

/// Where one logs out of a session, and what comes behind; nothing for who came by a token.
pub(super) fn logout(request: &Request) -> Option<Held> {
    let is_by_session = request.user().is_authenticated() && !request.headers().contains_key(AUTHORIZATION);
    let url = request.reverse("rest_framework:logout", &[]).ok().filter(|_| is_by_session)?;
    Some(context! { url, next => request.full_path() })
}

/// How one logs in by a token, where that is a way: the word before the token, and where tokens are given out.
pub(super) fn token(request: &Request, ways: &[Authenticator]) -> Option<Held> {
    let words = ways.iter().filter_map(|way| way.authenticate_header(request));
    let keyword = words.filter_map(|header| Some(header.split([' ', ',']).next()?.to_owned()));
    let keyword = keyword.into_iter().find(|word| !word.is_empty() && !word.eq_ignore_ascii_case("basic"))?;
    let routes = request.site().route_table();
    let views = ["TokenObtainPairView", "TokenObtainSlidingView", "ObtainAuthToken"];
    let url = views.iter().find_map(|view| routes.path_of(view));
    let field = match Db::from(request).registry() {
        Ok(_) => Accounts::of(Db::from(request)).auth.username_field.to_string(),
        Err(_) => "username".to_owned(),
    };
    Some(context! { keyword, url, label => field.replace('_', " "), field })
}
