//! A site with sessions, and its users, on each database that there is.

use std::cell::Cell;

use quintet::apps::auth::models::User;
use quintet::apps::{self, authtoken::ObtainAuthToken};
use quintet::auth::{self, LoginView, LogoutView};
use quintet::prelude::*;
use quintet::query::Assignment;
use quintet::rest::Identity;
use quintet::sessions::Expiry;
use quintet::settings::*;
use quintet::testing::Client;

/// The password of everybody.
pub const PASSWORD: &str = "S3cret-pass!";
/// Signs what the tests sign.
pub const SECRET: &str = "a-key-for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz";

pub fn project(env: &Env) -> Settings {
    Settings {
        secret_key: SECRET.into(),
        allowed_hosts: vec!["testserver".into(), "other.example".into()],
        database: DatabaseUrl::parse("DATABASE_URL", &url(env)).expect("a URL"),
        installed_apps: [apps::defaults(), vec![apps::authtoken()]].concat(),
        middleware: vec![
            SessionMiddleware.into(),
            CommonMiddleware.into(),
            CsrfViewMiddleware.into(),
            AuthenticationMiddleware.into(),
        ],
        urls,
        auth: Auth { password_hashers: vec![PasswordHasher::Md5], ..Auth::default() },
        rest_framework: RestFramework {
            default_authentication_classes: vec![SessionAuthentication.into()],
            ..RestFramework::default()
        },
        ..Settings::default()
    }
}

thread_local! {
    /// Whether the test that this thread runs is at PostgreSQL.
    static IS_AT_POSTGRES: Cell<bool> = const { Cell::new(false) };
}

fn url(env: &Env) -> String {
    if IS_AT_POSTGRES.get() { env.text("QUINTET_TEST_POSTGRES", "") } else { "sqlite://db.sqlite3".to_owned() }
}

/// Runs a test on each database that there is.
#[expect(clippy::print_stdout, reason = "a test says why it is skipped")]
pub async fn each(test: impl AsyncFn()) {
    test().await;
    if std::env::var_os("QUINTET_TEST_POSTGRES").is_none() {
        return println!("skipped: half of it, as QUINTET_TEST_POSTGRES is not set (make test sets it)");
    }
    IS_AT_POSTGRES.set(true);
    test().await;
    IS_AT_POSTGRES.set(false);
}

/// A client with users.
pub async fn site() -> Client {
    filled(Client::with_database(project).enforce_csrf_checks()).await
}

/// A client of a site with other settings.
pub async fn site_with(change: impl FnOnce(&mut Settings)) -> Client {
    filled(Client::with_database(project).with_settings(change).enforce_csrf_checks()).await
}

async fn filled(client: Client) -> Client {
    for (name, is_active) in [("ann", true), ("bob", true), ("carol", false)] {
        let values = vec![
            Assignment::named("username", name),
            Assignment::named("password", PASSWORD),
            Assignment::named("is_active", is_active),
        ];
        User::create_user(client.db().into(), values).await.expect("a user");
    }
    client
}

/// How many sessions there are in the database.
pub async fn sessions(client: &Client) -> i64 {
    apps::sessions::models::Session::objects().count(client.db()).await.expect("counted")
}

fn urls() -> Urls {
    urls![
        path("quiet/", get(quiet)),
        path("seen/", get(seen)),
        path("visit/", get(visit)),
        path("forget/", get(forget)),
        path("cycle/", get(cycle)),
        path("until/<str:what>/", get(until)),
        path("fail/", get(fail)),
        path("test/", get(test)),
        path("form/", get(token).post(token)),
        path("hook/", post(quiet).csrf_exempt()),
        path("cookie/", get(quiet).ensure_csrf_cookie()),
        path("guarded/", post(quiet).csrf_protect()),
        path("in/<str:name>/", get(log_in)),
        path("out/", get(log_out)),
        path("renew/", get(renew)),
        path("page/", get(me)),
        path("me/", Me),
        path("login/", LoginView::default(), name = "login"),
        path("away/", LoginView::default().next_page("login").redirect_authenticated_user()),
        path("logout/", LogoutView::default(), name = "logout"),
        path("token/", ObtainAuthToken),
    ]
}

async fn quiet(_: &Request) -> Result<Response> {
    Ok(Response::text("quiet"))
}

async fn seen(request: &Request) -> Result<Response> {
    let seen: Option<u32> = request.session()?.get("visits").await?;
    Ok(Response::text(format!("{seen:?}")))
}

async fn visit(request: &Request) -> Result<Response> {
    let session = request.session()?;
    let visits = session.get::<u32>("visits").await?.unwrap_or(0) + 1;
    session.set("visits", visits).await?;
    Ok(Response::text(visits.to_string()))
}

async fn forget(request: &Request) -> Result<Response> {
    request.session()?.flush().await?;
    Ok(Response::text("gone"))
}

async fn cycle(request: &Request) -> Result<Response> {
    request.session()?.cycle_key().await?;
    Ok(Response::text("another key"))
}

async fn until(request: &Request) -> Result<Response> {
    let expiry = match request.params().get("what").unwrap_or_default() {
        "close" => Expiry::AtBrowserClose,
        "hour" => Expiry::After(hours(1)),
        "day" => Expiry::At(quintet_db::time() + days(1)),
        _ => Expiry::AsSettings,
    };
    let session = request.session()?;
    session.set_expiry(expiry).await?;
    Ok(Response::text(format!("{:?} {}", session.expiry_age().await?, session.expires_at_browser_close().await?)))
}

async fn fail(request: &Request) -> Result<Response> {
    request.session()?.set("failed", true).await?;
    Err(Error::unexpected("it fails"))
}

async fn test(request: &Request) -> Result<Response> {
    let session = request.session()?;
    let worked = session.test_cookie_worked().await?;
    if worked {
        session.delete_test_cookie().await?;
    } else {
        session.set_test_cookie().await?;
    }
    Ok(Response::text(worked.to_string()))
}

pub async fn token(request: &Request) -> Result<Response> {
    Ok(Response::text(request.csrf_token()?))
}

async fn log_in(request: &Request) -> Result<Response> {
    let name = request.params().get("name").unwrap_or_default().to_owned();
    let user = auth::find(request.into(), "username", quintet_core::schema::Value::Text(name)).await?.or_404()?;
    auth::login(request, &user).await?;
    Ok(Response::text(format!("in, and still {:?}", request.user().username())))
}

async fn log_out(request: &Request) -> Result<Response> {
    auth::logout(request).await?;
    Ok(Response::text("out"))
}

/// Gives who asks another password, and keeps this session.
async fn renew(request: &Request) -> Result<Response> {
    let mut user = request.user().get::<User>()?.clone();
    user.set_password(request.into(), Some("another")).await?;
    user.save(request).await?;
    let name = quintet_core::schema::Value::Text(user.username.clone());
    let user = auth::find(request.into(), "username", name).await?.or_404()?;
    auth::update_session_auth_hash(request, &user).await?;
    Ok(Response::text("renewed"))
}

async fn me(request: &Request) -> Result<Response> {
    Ok(Response::text(request.user().username().to_owned()))
}

pub struct Me;

impl ApiView for Me {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::show).post(Self::show).put(Self::show);
    }

    fn permissions(&self) -> Permission {
        IsAuthenticated.into()
    }
}

impl Me {
    async fn show(&self, request: &Request) -> Result<Response> {
        let who: Option<Identity> = request.user().identity();
        Ok(Response::json(&json!(who.map(|who| who.username().to_owned()))))
    }
}
