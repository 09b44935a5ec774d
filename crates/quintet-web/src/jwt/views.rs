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

use super::authentication::opened;
use super::blacklist;
use super::user_token::{Desk, TokenClass, UserToken, invalid_token};
use crate::auth::{Account, Accounts, authenticate, find, no_active_account};
use crate::http::{BoxFuture, Error, Request, Response, Result};
use crate::rest::{
    AllowAny, Answers, AnyUser, Choice, Choices, Described, Hooks, Permission, RestView, Row, Said, Says,
};
use crate::view::{IntoView, View};

macro_rules! token_views {
    ($($(#[$doc:meta])* $name:ident => $door:ident, $description:literal;)*) => {
        /// Which of them.
        #[derive(Clone, Copy, Debug)]
        enum Door { $($door,)* }

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
            is_atomic: true,
            type_name: self.type_name,
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

impl Described for TokenView {
    fn reach<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn fields(&self, request: &Request) -> Result<Json> {
        let mut told = Object::new();
        for field in self.door.fields(&Accounts::of(Db::from(request)).auth.username_field) {
            told.insert(field.name.to_string(), field.metadata());
        }
        Ok(Json::Object(told))
    }
}

impl Answers for TokenView {
    fn answer<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response>> {
        Box::pin(async move {
            let data = request.data().await?;
            let fields = self.door.fields(&Accounts::of(Db::from(request)).auth.username_field);
            let taken = texts(&fields, &data)?;
            let answer = self.door.answer(request, &taken).await?;
            let members = answer.into_iter().map(|(name, token)| (name.to_owned(), Json::from(token)));
            Ok(Response::data(Json::Object(members.collect())))
        })
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

    async fn answer(self, request: &Request, taken: &[String]) -> Result<Answer> {
        match (self, taken) {
            (Self::ObtainPair, [username, password]) => obtain_pair(request, username, password).await,
            (Self::ObtainSliding, [username, password]) => obtain_sliding(request, username, password).await,
            (Self::Refresh, [refresh]) => refresh_pair(request, refresh).await,
            (Self::Verify, [token]) => verify(request, token).await,
            (Self::Blacklist, [refresh]) => take_back(request, refresh).await,
            (Self::RefreshSliding, [token]) => refresh_sliding(request, token).await,
            _ => Err(Error::internal("a token view has other fields than it reads")),
        }
    }
}

/// The texts of the fields that are taken, in their order; or all that is wrong with them.
fn texts(fields: &[Field], data: &Data) -> Result<Vec<String>> {
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
            Ok(Outcome::Valid(Datum::Value(DbValue::Text(text)))) => taken.push(text),
            Ok(_) => return Err(Error::internal(format!("`{}` is no text", field.name))),
            Err(problems) => wrong.push((field.name.to_string(), problems)),
        }
    }
    if wrong.is_empty() { Ok(taken) } else { Err(Error::validation(Problems::Map(wrong))) }
}

async fn login(request: &Request, username: &str, password: &str) -> Result<Account> {
    let user = authenticate(Db::from(request), username, password).await?;
    let user = user.filter(|user| request.site().options().simple_jwt.admits(user));
    user.ok_or_else(no_active_account)
}

async fn obtain_pair(request: &Request, username: &str, password: &str) -> Result<Answer> {
    let user = login(request, username, password).await?;
    let desk = Desk::of(request)?;
    let refresh = given_out(request, &desk, TokenClass::Refresh, &user).await?;
    let access = desk.written(&desk.access_of(&refresh)?)?;
    let answer = vec![("refresh", desk.written(&refresh)?), ("access", access)];
    note_login(request, &desk, &user).await?;
    Ok(answer)
}

async fn obtain_sliding(request: &Request, username: &str, password: &str) -> Result<Answer> {
    let user = login(request, username, password).await?;
    let desk = Desk::of(request)?;
    let token = given_out(request, &desk, TokenClass::Sliding, &user).await?;
    let answer = vec![("token", desk.written(&token)?)];
    note_login(request, &desk, &user).await?;
    Ok(answer)
}

/// A new token of a user, in the list of those that were given out.
async fn given_out(request: &Request, desk: &Desk<'_>, class: TokenClass, user: &Account) -> Result<UserToken> {
    let token = desk.token_for(class, user)?;
    let db = Db::from(request);
    if blacklist::is_there(db) {
        blacklist::list(db, desk, &token, user.id()).await?;
    }
    Ok(token)
}

async fn note_login(request: &Request, desk: &Desk<'_>, user: &Account) -> Result<()> {
    if !desk.settings.update_last_login {
        return Ok(());
    }
    let (app, name) = Accounts::of(Db::from(request)).model.clone();
    let mut query = Query::of(app, name);
    query.steps.push(Step::Filter(Condition::Lookup(Path::from_iter(["pk"]), Expr::Value(user.id()))));
    let micros = desk.now.duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_micros();
    let now = DbValue::from(Cell::DateTime(i64::try_from(micros).unwrap_or(i64::MAX)));
    let assign = Assign { field: "last_login".into(), value: Expr::Value(now) };
    Db::from(request).run(&Statement::Update(&query, &[assign])).await.map_err(Error::internal)?;
    Ok(())
}

/// A token that was sent in to be exchanged.
async fn exchanged(request: &Request, desk: &Desk<'_>, class: TokenClass, text: &str) -> Result<UserToken> {
    opened(request, desk, class, text).await?.map_err(|why| invalid_token(&why))
}

async fn refresh_pair(request: &Request, text: &str) -> Result<Answer> {
    let desk = Desk::of(request)?;
    let refresh = exchanged(request, &desk, TokenClass::Refresh, text).await?;
    let user = user_of(request, &desk, &refresh).await?;
    if let Some(user) = &user
        && !user.as_ref().is_some_and(|user| desk.settings.admits(user))
    {
        let detail = "No active account found for the given token.";
        return Err(Error::api(StatusCode::UNAUTHORIZED, "no_active_account", detail));
    }
    let mut answer = vec![("access", desk.written(&desk.access_of(&refresh)?)?)];
    if desk.settings.rotate_refresh_tokens {
        let next = desk.successor(&refresh)?;
        let owner = user.flatten().map_or(DbValue::Null, |user| user.id());
        rotate(request, &desk, &refresh, &next, &owner).await?;
        answer.push(("refresh", desk.written(&next)?));
    }
    Ok(answer)
}

/// The user whom a token names; nothing where it names none, and nobody where that one is gone.
async fn user_of(request: &Request, desk: &Desk<'_>, token: &UserToken) -> Result<Option<Option<Account>>> {
    let names_nobody = |id: &DbValue| match id {
        DbValue::Null | DbValue::Bool(false) | DbValue::Int(0) => true,
        DbValue::Text(text) => text.is_empty(),
        _ => false,
    };
    match desk.user_id(token).filter(|id| !names_nobody(id)) {
        None => Ok(None),
        Some(id) => find(Db::from(request), &desk.settings.user_id_field, id).await.map(Some),
    }
}

/// Lists the successor of a token and takes the token back, both or neither. Of those who ask at once, one succeeds.
async fn rotate(request: &Request, desk: &Desk<'_>, old: &UserToken, next: &UserToken, owner: &DbValue) -> Result<()> {
    let db = Db::from(request);
    if !blacklist::is_there(db) {
        return Ok(());
    }
    let transaction = blacklist::home(db)?.transaction().await.map_err(Error::internal)?;
    let within = Db::from(&transaction);
    if desk.settings.blacklist_after_rotation && !blacklist::take_back(within, desk, old, owner.clone()).await? {
        transaction.rollback().await.map_err(Error::internal)?;
        return Err(invalid_token("Token is blacklisted"));
    }
    blacklist::list(within, desk, next, owner.clone()).await?;
    transaction.commit().await.map_err(Error::internal)
}

async fn verify(request: &Request, text: &str) -> Result<Answer> {
    let desk = Desk::of(request)?;
    let token = desk.opened(None, text).and_then(|token| desk.check(&token).map(|()| token));
    let token = token.map_err(|why| invalid_token(&why))?;
    let db = Db::from(request);
    if desk.settings.blacklist_after_rotation
        && blacklist::is_there(db)
        && let Some(id) = desk.id(&token)
        && blacklist::has(db, id).await?
    {
        return Err(Error::invalid_field("non_field_errors", "Token is blacklisted"));
    }
    Ok(vec![])
}

async fn take_back(request: &Request, text: &str) -> Result<Answer> {
    let desk = Desk::of(request)?;
    let refresh = exchanged(request, &desk, TokenClass::Refresh, text).await?;
    let db = Db::from(request);
    if blacklist::is_there(db) {
        let owner = user_of(request, &desk, &refresh).await?.flatten().map_or(DbValue::Null, |user| user.id());
        let transaction = blacklist::home(db)?.transaction().await.map_err(Error::internal)?;
        blacklist::take_back(Db::from(&transaction), &desk, &refresh, owner).await?;
        transaction.commit().await.map_err(Error::internal)?;
    }
    Ok(vec![])
}

async fn refresh_sliding(request: &Request, text: &str) -> Result<Answer> {
    let desk = Desk::of(request)?;
    let sliding = exchanged(request, &desk, TokenClass::Sliding, text).await?;
    let next = desk.renewed(&sliding).map_err(|why| invalid_token(&why))?;
    Ok(vec![("token", desk.written(&next)?)])
}
