//! Who asks, by the token of a request's header.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use http::header::AUTHORIZATION;
use quintet_core::schema::Value as DbValue;
use quintet_db::Db;
use serde_json::{Value, json};

use super::settings::SimpleJwt;
use super::tokens::{Refusal, database_value};
use super::{TokenClass, Tokens, UserToken};
use quintet_core::openapi::SecurityScheme;

use crate::auth::find;
use crate::http::{BoxFuture, Error, Request, Result, StatusCode};
use crate::rest::{AnyUser, Authentication, Identity, Token};
use crate::security::{SecurityEvent, tell};
use crate::site::Site;

/// A user by a token: `Authorization: Bearer ..`. The user is read from the database, and must be there and active.
#[derive(Clone, Copy, Debug, Default)]
pub struct JWTAuthentication;

/// A user who is what a token says: nothing is read from a database, so that nobody knows whether the user is still there.
#[derive(Clone, Copy, Debug, Default)]
pub struct JWTStatelessUserAuthentication;

/// A user of whom nothing is known but a token.
#[derive(Debug)]
pub struct TokenUser {
    id: DbValue,
    username: String,
    token: Arc<UserToken>,
}

/// Makes users of tokens, where `TokenUser` is not enough.
#[derive(Clone, Copy, Default)]
pub struct TokenUserClass(Option<fn(Arc<UserToken>) -> Identity>);

impl TokenUserClass {
    /// Users of a project's own.
    pub fn new(make: fn(Arc<UserToken>) -> Identity) -> Self {
        Self(Some(make))
    }
}

/// A function's address says nothing, and differs from run to run.
impl fmt::Debug for TokenUserClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "a function" } else { "TokenUser" })
    }
}

/// The answer to a request without a token, for which nothing is put on the way.
fn nobody<'a>() -> Asked<'a> {
    Box::pin(std::future::ready(Ok(None)))
}

type Asked<'a> = BoxFuture<'a, Result<Option<(Identity, Option<Token>)>>>;

impl Authentication for JWTAuthentication {
    fn scheme(&self, site: &Site) -> Option<SecurityScheme> {
        Some(scheme(site))
    }

    fn authenticate<'a>(&'a self, request: &'a Request) -> Asked<'a> {
        let Some(text) = token_of(request).transpose() else { return nobody() };
        Box::pin(async move {
            let (tokens, token) = validated(request, &text?).await?;
            let id = tokens.user_id(&token).ok_or_else(|| no_user_claim(&tokens))?;
            let user = find(Db::from(request), &tokens.settings.user_id_field, id).await?;
            let user = user.ok_or_else(|| refused(&tokens, "User not found", "user_not_found"))?;
            if tokens.settings.check_user_is_active && !user.is_active() {
                return Err(refused(&tokens, "User is inactive", "user_inactive"));
            }
            if tokens.settings.check_revoke_token && !tokens.knows_password(&token, &user) {
                return Err(refused(&tokens, "The user's password has been changed.", "password_changed"));
            }
            if tokens.settings.revoke_on_password_change
                && token.family.as_ref().is_some_and(|family| !family.knows_password(&user))
            {
                tell(request, SecurityEvent::PasswordChanged, &user.id(), "");
                return Err(refused(&tokens, "The user's password has been changed.", "password_changed"));
            }
            let token: Token = Arc::new(token);
            Ok(Some((Arc::new(user) as Identity, Some(token))))
        })
    }

    fn authenticate_header(&self, request: &Request) -> Option<String> {
        Some(request.site().options().simple_jwt.challenge())
    }
}

impl Authentication for JWTStatelessUserAuthentication {
    fn scheme(&self, site: &Site) -> Option<SecurityScheme> {
        Some(scheme(site))
    }

    fn authenticate<'a>(&'a self, request: &'a Request) -> Asked<'a> {
        let Some(text) = token_of(request).transpose() else { return nobody() };
        Box::pin(async move {
            let (tokens, token) = validated(request, &text?).await?;
            tokens.user_id(&token).ok_or_else(|| no_user_claim(&tokens))?;
            let token = Arc::new(token);
            let user = match tokens.settings.token_user_class.0 {
                Some(make) => make(token.clone()),
                None => Arc::new(TokenUser::of(token.clone(), &tokens.settings.user_id_claim)) as Identity,
            };
            Ok(Some((user, Some(token as Token))))
        })
    }

    fn authenticate_header(&self, request: &Request) -> Option<String> {
        Some(request.site().options().simple_jwt.challenge())
    }
}

fn scheme(site: &Site) -> SecurityScheme {
    let settings = &site.options().simple_jwt;
    let word = settings.auth_header_types.first().map_or("Bearer", String::as_str);
    match word.eq_ignore_ascii_case("bearer") && settings.header() == "authorization" {
        true => SecurityScheme::bearer("jwtAuth", "JWT"),
        false => {
            let words = format!("`{word} ` and a token.");
            SecurityScheme::key("jwtAuth", "header", &settings.header()).described(&words)
        }
    }
}

/// The token of the header; nothing where there is none, or credentials of another kind.
fn token_of(request: &Request) -> Result<Option<Cow<'_, str>>> {
    let settings = &request.site().options().simple_jwt;
    let header = match settings.auth_header_name.as_str() {
        "HTTP_AUTHORIZATION" => request.header(AUTHORIZATION),
        _ => request.header(settings.header()),
    };
    match header {
        None => Ok(None),
        Some(Cow::Borrowed(header)) => Ok(token_in(header, settings)?.map(Cow::Borrowed)),
        Some(Cow::Owned(header)) => Ok(token_in(&header, settings)?.map(|token| Cow::Owned(token.to_owned()))),
    }
}

/// The same in the text of the header.
fn token_in<'h>(header: &'h str, settings: &SimpleJwt) -> Result<Option<&'h str>> {
    let text = header.trim_matches(SPACES);
    let (kind, rest) = text.split_at(text.find(SPACES).unwrap_or(text.len()));
    if kind.is_empty() || !settings.auth_header_types.iter().any(|known| known == kind) {
        return Ok(None);
    }
    let token = rest.trim_start_matches(SPACES);
    // No letter of a header is less than a space but the other spaces; the least of many is found many at a time.
    let has_more = token.bytes().fold(u8::MAX, u8::min) <= b' ';
    if token.is_empty() || has_more {
        let detail = "Authorization header must contain two space-delimited values";
        return Err(detailed(&settings.challenge(), json!({ "detail": detail, "code": "bad_authorization_header" })));
    }
    Ok(Some(token))
}

/// What may stand between the words of a header.
const SPACES: [char; 6] = [' ', '\t', '\n', '\u{b}', '\u{c}', '\r'];

/// The token, by the first of the kinds that it can be.
async fn validated<'a>(request: &'a Request, text: &str) -> Result<(Tokens<'a>, UserToken)> {
    let tokens = Tokens::of(request)?;
    let classes = &tokens.settings.auth_token_classes;
    let mut whys = Vec::with_capacity(classes.len());
    for class in classes {
        match tokens.good(*class, text).await? {
            Ok(token) => return Ok((tokens, token)),
            Err(why) => whys.push(why),
        }
    }
    let refusal = |whys: &[Refusal]| {
        let message = |(class, why): (&TokenClass, &Refusal)| json!({ "token_class": class.name(), "token_type": class.token_type(), "message": why });
        let messages: Vec<Value> = classes.iter().zip(whys).map(message).collect();
        let detail = "Given token not valid for any token type";
        let detail = json!({ "detail": detail, "code": "token_not_valid", "messages": messages });
        detailed(&tokens.settings.challenge(), detail)
    };
    Err(request.site().token_refusals().of(whys, refusal))
}

fn no_user_claim(tokens: &Tokens<'_>) -> Error {
    refused(tokens, "Token contained no recognizable user identification", "token_not_valid")
}

fn refused(tokens: &Tokens<'_>, detail: &str, code: &str) -> Error {
    detailed(&tokens.settings.challenge(), json!({ "detail": detail, "code": code }))
}

fn detailed(challenge: &str, detail: Value) -> Error {
    let code = detail["code"].as_str().unwrap_or_default().to_owned();
    let refusal = Error::api(StatusCode::UNAUTHORIZED, code, detail);
    // A scheme that no header can hold is a mistake in the settings, which their check tells.
    match http::HeaderValue::try_from(challenge) {
        Ok(_) => refusal.with_header("www-authenticate", challenge),
        Err(_) => refusal,
    }
}

impl TokenUser {
    /// The user of a token, by the claim that names it: for a [`TokenUserClass`] that is this one and more.
    pub fn of(token: Arc<UserToken>, user_id_claim: &str) -> Self {
        let id = token.get(user_id_claim).map_or(DbValue::Null, database_value);
        let username = token.get("username").and_then(Value::as_str).unwrap_or_default().to_owned();
        Self { id, username, token }
    }

    /// Its token.
    pub fn token(&self) -> &Arc<UserToken> {
        &self.token
    }

    fn flag(&self, claim: &str) -> bool {
        self.token.get(claim) == Some(&Value::Bool(true))
    }
}

impl AnyUser for TokenUser {
    fn id(&self) -> DbValue {
        self.id.clone()
    }

    fn username(&self) -> &str {
        &self.username
    }

    fn is_staff(&self) -> bool {
        self.flag("is_staff")
    }

    fn is_superuser(&self) -> bool {
        self.flag("is_superuser")
    }

    /// By its token alone: a superuser has all, anybody else none.
    fn has_perm<'a>(&'a self, _: Db<'a>, _: &'a str) -> BoxFuture<'a, Result<bool>> {
        Box::pin(std::future::ready(Ok(self.is_superuser())))
    }

    fn as_any(&self) -> &(dyn Any + Send + Sync) {
        self
    }
}
