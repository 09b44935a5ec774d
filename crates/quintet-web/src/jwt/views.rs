//! The views that give tokens out, renew them, check them and take them back.
//!
//! What each does is a function from the fields of its form to the members of its answer; one table says which is which.
//! They ask for no credentials but those in their body, and pass `Authorization` by.

use std::sync::{Arc, LazyLock};

use http::{Method, StatusCode};
use quintet_core::json::{Json, Object};
use quintet_core::python;
use quintet_core::query::{Assign, Condition, Expr, Path, Query, Statement, Step};
use quintet_core::rest::{Context, Data, Datum, Field, Outcome, Problem, Problems};
use quintet_core::schema::Value as DbValue;
use quintet_db::{Cell, Db};

use super::cookie::{self, Style};
use super::settings::SimpleJwt;
use super::tokens::{BLACKLISTED, invalid_token};
use super::{TokenCall, TokenClass, TokenSerializer, Tokens, blacklist, rotation};
use crate::auth::{Account, Accounts, authenticate, no_active_account};
use crate::http::{BoxFuture, Error, Request, Response, Result};
use crate::rest::openapi::Operations;
use crate::rest::throttle::{self, LoginThrottle};
use crate::rest::{
    AllowAny, Answers, AnyUser, Choice, Choices, Described, Hooks, METHOD_NAMES, Permission, RestView, Row, Said, Says,
    Taken,
};
use crate::security::{SecurityEvent, tell};
use crate::view::{IntoView, View};

macro_rules! token_views {
    ($($(#[$doc:meta])* $name:ident => $door:ident, $description:literal;)*) => {
        /// Which of them.
        #[derive(Clone, Copy, Debug)]
        pub(super) enum Door { $($door,)* }

        $($(#[$doc])*
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $name;

        impl IntoView<TokenKind> for $name {
            fn into_view(self) -> View {
                view(Door::$door, std::any::type_name::<Self>(), $description)
            }
        })*
    };
}

/// Keeps these views apart from those of other traits.
#[derive(Clone, Copy, Debug)]
pub enum TokenKind {}

token_views! {
    /// A name and a password for a refresh token and an access token.
    TokenObtainPairView => ObtainPair, "Takes a set of user credentials and returns an access and refresh JSON web\n\
        token pair to prove the authentication of those credentials.";
    /// A refresh token for an access token, and for a new refresh token where the settings say so.
    TokenRefreshView => Refresh, "Takes a refresh type JSON web token and returns an access type JSON web\n\
        token if the refresh token is valid.";
    /// Whether a token is good, of whichever kind.
    TokenVerifyView => Verify, "Takes a token and indicates if it is valid.  This view provides no\n\
        information about a token's fitness for a particular use.";
    /// Takes a refresh token back.
    TokenBlacklistView => Blacklist, "Takes a token and blacklists it. Must be used with the\n\
        `rest_framework_simplejwt.token_blacklist` app installed.";
    /// A name and a password for a sliding token.
    TokenObtainSlidingView => ObtainSliding, "Takes a set of user credentials and returns a sliding JSON web token to\n\
        prove the authentication of those credentials.";
    /// A sliding token for one that lives on.
    TokenRefreshSlidingView => RefreshSliding, "Takes a sliding JSON web token and returns a new, refreshed version if the\n\
        token's refresh period has not expired.";
}

/// A view as dispatch sees it.
struct TokenView {
    door: Door,
    type_name: &'static str,
    description: &'static str,
}

fn view(door: Door, type_name: &'static str, description: &'static str) -> View {
    let view = Arc::new(TokenView { door, type_name, description });
    let said = view.said();
    let row = Row {
        method: Method::POST,
        action: None,
        answers: view.clone(),
        choices: Arc::new(said.choices.clone()),
        described: Some(view.clone()),
    };
    View::new(RestView::new(said.facts(), vec![row], view))
}

impl Says for TokenView {
    fn said(&self) -> Said {
        Said {
            choices: Choices {
                permissions: Permission::from(AllowAny),
                authentication: Choice::none(),
                ..Choices::default()
            },
            throttle_scope: None,
            name: None,
            description: self.description,
            described: Operations::default(),
            is_atomic: true,
            type_name: self.type_name,
            method_names: &METHOD_NAMES,
            has_metadata: true,
        }
    }
}

impl Hooks for TokenView {
    fn initial<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(std::future::ready(Ok(())))
    }

    /// Though they authenticate nobody, their refusals say how it is done.
    fn handle_exception(&self, request: &Request, error: Error) -> Result<Response> {
        let challenge = request.site().options().simple_jwt.challenge();
        if error.status() == StatusCode::UNAUTHORIZED && http::HeaderValue::try_from(&challenge).is_ok() {
            return Err(error.with_header("www-authenticate", &challenge));
        }
        Err(error)
    }
}

impl TokenView {
    fn all_fields(&self, request: &Request) -> Vec<Field> {
        let more = self.door.serializer(&request.site().options().simple_jwt).more_fields();
        let fields = self.door.fields(&Accounts::of(Db::from(request)).auth.username_field);
        fields.into_iter().chain(more).collect()
    }
}

impl Described for TokenView {
    fn reach<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn fields(&self, request: &Request) -> Result<Json> {
        let mut told = Object::new();
        for field in self.all_fields(request) {
            told.insert(field.name.to_string(), field.metadata());
        }
        Ok(Json::Object(told))
    }

    fn taken(&self, request: &Request) -> Result<Taken> {
        Ok(Taken::Fields(self.all_fields(request)))
    }

    fn named(&self, request: &Request) -> Option<(String, Vec<Field>)> {
        let mut fields = self.all_fields(request);
        for name in self.door.answered() {
            if !fields.iter().any(|field| field.name == *name) {
                fields.push(Field::char().named(*name).read_only());
            }
        }
        Some((self.door.serializer_name().to_owned(), fields))
    }
}

impl Answers for TokenView {
    fn answer<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response>> {
        Box::pin(async move {
            let style =
                if self.door.has_cookie() { cookie::style(request, self.door.is_login())? } else { Style::Body };
            let answered = self.answered(request, style).await;
            let is_logout = matches!(self.door, Door::Blacklist) && style == Style::Cookie;
            match answered {
                Ok(mut response) => {
                    if is_logout {
                        cookie::clear(request, &mut response);
                    }
                    Ok(response)
                }
                // Who logs out has no cookie any more, whatever was in it.
                Err(error) if is_logout && error.as_api().is_some() => {
                    let mut response = match self.handle_exception(request, error) {
                        Ok(response) => response,
                        Err(error) => error.api_response().ok_or(error)?,
                    };
                    cookie::clear(request, &mut response);
                    Ok(response)
                }
                Err(error) => Err(error),
            }
        })
    }
}

impl TokenView {
    /// Guessing has an end, where the settings have rates for it.
    async fn throttled(&self, request: &Request) -> Result<()> {
        let Some(facts) = request.view() else { return Ok(()) };
        let checked = throttle::check(request, facts, &[LoginThrottle.into()]).await;
        if checked.as_ref().is_err_and(|error| error.status() == StatusCode::TOO_MANY_REQUESTS) {
            tell(request, SecurityEvent::LoginThrottled, &DbValue::Null, "");
        }
        checked
    }

    async fn answered(&self, request: &Request, style: Style) -> Result<Response> {
        if self.door.is_login() {
            Box::pin(self.throttled(request)).await?;
        }
        let data = request.data().await?;
        let serializer = self.door.serializer(&request.site().options().simple_jwt);
        let mut fields = self.door.fields(&Accounts::of(Db::from(request)).auth.username_field);
        fields.extend(serializer.more_fields());
        if style == Style::Cookie {
            fields.retain(|field| &*field.name != "refresh");
        }
        let mut taken = texts(&fields, &data)?;
        if style == Style::Cookie && !self.door.is_login() {
            taken.push(("refresh".to_owned(), cookie::sent(request)?));
        }
        let mut call = TokenCall { request, door: self.door, taken, user: None, refresh: None };
        let answer = serializer.answer(&mut call).await?;
        let Some((token, text)) = call.refresh.filter(|_| style == Style::Cookie) else {
            return Ok(Response::data(Json::Object(answer)));
        };
        let rest = answer.iter().filter(|(name, _)| *name != "refresh");
        let rest = rest.fold(Object::new(), |rest, (name, value)| rest.with(name, value.clone()));
        let mut response = Response::data(Json::Object(rest));
        cookie::set(request, &mut response, &token, &text);
        Ok(response)
    }
}

type Answer = Vec<(&'static str, String)>;

impl Door {
    /// The fields of its form.
    fn fields(self, username: &str) -> Vec<Field> {
        let credentials = || {
            vec![Field::char().named(username.to_owned()).write_only(), Field::char().named("password").write_only()]
        };
        match self {
            Self::ObtainPair | Self::ObtainSliding => credentials(),
            Self::Refresh => vec![Field::char().named("refresh"), Field::char().named("access").read_only()],
            Self::Verify => vec![Field::char().named("token").write_only()],
            Self::Blacklist => vec![Field::char().named("refresh").write_only()],
            Self::RefreshSliding => vec![Field::char().named("token")],
        }
    }

    /// What the reference calls its serializer.
    fn serializer_name(self) -> &'static str {
        match self {
            Self::ObtainPair => "TokenObtainPair",
            Self::Refresh => "TokenRefresh",
            Self::Verify => "TokenVerify",
            Self::Blacklist => "TokenBlacklist",
            Self::ObtainSliding => "TokenObtainSliding",
            Self::RefreshSliding => "TokenRefreshSliding",
        }
    }

    /// The tokens that it answers.
    fn answered(self) -> &'static [&'static str] {
        match self {
            Self::ObtainPair => &["access", "refresh"],
            Self::ObtainSliding => &["token"],
            Self::Refresh | Self::Verify | Self::Blacklist | Self::RefreshSliding => &[],
        }
    }

    /// Whether a refresh token goes through it.
    fn has_cookie(self) -> bool {
        matches!(self, Self::ObtainPair | Self::Refresh | Self::Blacklist)
    }

    fn is_login(self) -> bool {
        matches!(self, Self::ObtainPair | Self::ObtainSliding)
    }

    fn serializer(self, settings: &SimpleJwt) -> &TokenSerializer {
        match self {
            Self::ObtainPair => &settings.token_obtain_serializer,
            Self::Refresh => &settings.token_refresh_serializer,
            Self::Verify => &settings.token_verify_serializer,
            Self::Blacklist => &settings.token_blacklist_serializer,
            Self::ObtainSliding => &settings.sliding_token_obtain_serializer,
            Self::RefreshSliding => &settings.sliding_token_refresh_serializer,
        }
    }

    pub(super) async fn answer(self, call: &mut TokenCall<'_>) -> Result<Answer> {
        let tokens = Tokens::of(call.request)?;
        // In boxes, each as large as its own way: what is below 1 KB comes out of the allocator's first drawer.
        match self {
            Self::ObtainPair => Box::pin(obtain_pair(&tokens, call)).await,
            Self::ObtainSliding => Box::pin(obtain_sliding(&tokens, call)).await,
            Self::Refresh => {
                let fresh = Box::pin(rotation::refreshed(&tokens, &call.field("refresh")?)).await?;
                let mut answer = vec![("access", fresh.access)];
                answer.extend(fresh.refresh.iter().map(|(_, text)| ("refresh", text.clone())));
                call.refresh = fresh.refresh;
                Ok(answer)
            }
            Self::Verify => Box::pin(verify(&tokens, &call.field("token")?)).await,
            Self::Blacklist => Box::pin(rotation::logged_out(&tokens, &call.field("refresh")?)).await.map(|()| vec![]),
            Self::RefreshSliding => {
                let next = Box::pin(rotation::renewed_sliding(&tokens, &call.field("token")?)).await?;
                Ok(vec![("token", tokens.encode(&next)?)])
            }
        }
    }
}

async fn obtain_pair(tokens: &Tokens<'_>, call: &mut TokenCall<'_>) -> Result<Answer> {
    let user = login(tokens, call).await?;
    let refresh = tokens.for_user(TokenClass::Refresh, &user).await?;
    let access = tokens.encode(&tokens.access_of(&refresh)?)?;
    let text = tokens.encode(&refresh)?;
    logged_in(tokens, call, user).await?;
    call.refresh = Some((refresh, text.clone()));
    Ok(vec![("refresh", text), ("access", access)])
}

async fn obtain_sliding(tokens: &Tokens<'_>, call: &mut TokenCall<'_>) -> Result<Answer> {
    let user = login(tokens, call).await?;
    let token = tokens.for_user(TokenClass::Sliding, &user).await?;
    logged_in(tokens, call, user).await?;
    Ok(vec![("token", tokens.encode(&token)?)])
}

/// The texts of the fields that are taken, in their order; or all that is wrong with them.
pub(crate) fn texts(fields: &[Field], data: &Data) -> Result<Vec<(String, String)>> {
    static CONTEXT: LazyLock<Context> = LazyLock::new(Context::default);
    if let Data::Json(json) = data
        && !matches!(json, Json::Object(_))
    {
        let problem = match json {
            Json::Null => Problem::new("null", "No data provided"),
            other => {
                let found = python::type_name(other);
                Problem::new("invalid", format!("Invalid data. Expected a dictionary, but got {found}."))
            }
        };
        let name = "non_field_errors".to_owned();
        return Err(Error::validation(Problems::Map(vec![(name, Problems::List(vec![problem]))])));
    }
    let (mut taken, mut wrong) = (vec![], vec![]);
    for field in fields.iter().filter(|field| !field.read_only) {
        match field.run(field.input(data, &CONTEXT), &CONTEXT) {
            Ok(Outcome::Valid(Datum::Value(DbValue::Text(text)))) => taken.push((field.name.to_string(), text)),
            Ok(_) => return Err(Error::internal(format!("`{}` is no text", field.name))),
            Err(problems) => wrong.push((field.name.to_string(), problems)),
        }
    }
    if wrong.is_empty() { Ok(taken) } else { Err(Error::validation(Problems::Map(wrong))) }
}

/// Whose credentials they are, where that one may have tokens.
async fn login(tokens: &Tokens<'_>, call: &TokenCall<'_>) -> Result<Account> {
    let username = call.field(&Accounts::of(tokens.db()).auth.username_field)?;
    let user = authenticate(call.request.into(), &username, &call.field("password")?).await?;
    match user.filter(|user| tokens.settings.admits(user)) {
        Some(user) => Ok(user),
        None => {
            tell(call.request, SecurityEvent::LoginFailed, &DbValue::Null, "");
            Err(no_active_account())
        }
    }
}

async fn logged_in(tokens: &Tokens<'_>, call: &mut TokenCall<'_>, user: Account) -> Result<()> {
    if tokens.settings.update_last_login {
        note_login(tokens, &user).await?;
    }
    tell(call.request, SecurityEvent::LoginSucceeded, &user.id(), "");
    call.user = Some(user);
    Ok(())
}

async fn note_login(tokens: &Tokens<'_>, user: &Account) -> Result<()> {
    let (app, name) = Accounts::of(tokens.db()).model.clone();
    let mut query = Query::of(app, name);
    query.steps.push(Step::Filter(Condition::Lookup(Path::from_iter(["pk"]), Expr::Value(user.id()))));
    let micros = tokens.now.duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_micros();
    let now = DbValue::from(Cell::DateTime(i64::try_from(micros).unwrap_or(i64::MAX)));
    let assign = Assign { field: "last_login".into(), value: Expr::Value(now) };
    tokens.db().run(&Statement::Update(&query, &[assign])).await.map_err(Error::internal)?;
    Ok(())
}

async fn verify(tokens: &Tokens<'_>, text: &str) -> Result<Answer> {
    let token = tokens.opened(None, text).await.and_then(|token| tokens.check(&token).map(|()| token));
    let token = token.map_err(|why| invalid_token(&why))?;
    let db = tokens.db();
    let is_listed = tokens.settings.blacklist_after_rotation && blacklist::is_there(db);
    let is_taken_back = match tokens.id(&token) {
        Some(id) if is_listed && blacklist::has(db, id).await? => true,
        _ => rotation::is_of_the_past(tokens, &token).await?,
    };
    if is_taken_back {
        return Err(Error::invalid_field("non_field_errors", BLACKLISTED));
    }
    Ok(vec![])
}
