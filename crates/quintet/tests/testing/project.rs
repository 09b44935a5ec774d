//! A small project: memos, and views that say what they were asked.

use std::sync::atomic::{AtomicUsize, Ordering};

use quintet::http::Cookie;
use quintet::migrations::{Apps, Migration, big_auto, char, create_model, date, date_time, options, time};
use quintet::models::utc_now;
use quintet::prelude::*;
use quintet::settings::*;
use quintet::testing::Client;

/// How often the tables were made in this process.
pub static MIGRATED: AtomicUsize = AtomicUsize::new(0);

/// What is kept.
#[derive(Model, Debug, Clone)]
pub struct Memo {
    pub id: BigAuto,
    #[field(max_length = 50)]
    pub title: String,
    #[field(default = utc_now)]
    pub made_at: DateTime,
    #[field(auto_now)]
    pub changed_at: DateTime,
}

/// Somebody's work, by the clocks of the project.
#[derive(Model, Debug, Clone)]
pub struct Shift {
    pub id: BigAuto,
    #[field(auto_now_add)]
    pub began_on: Date,
    #[field(auto_now)]
    pub seen_at: Time,
    #[field(auto_now)]
    pub changed_at: DateTime,
}

quintet::app! { memos, models = [Memo, Shift], migrations = vec![initial()] }

fn initial() -> Migration {
    let fields = vec![
        ("id", big_auto().primary_key()),
        ("title", char(50)),
        ("made_at", date_time()),
        ("changed_at", date_time().auto_now()),
    ];
    let memos = create_model("Memo", fields, options());
    let fields = vec![
        ("id", big_auto().primary_key()),
        ("began_on", date().auto_now_add()),
        ("seen_at", time().auto_now()),
        ("changed_at", date_time().auto_now()),
    ];
    let shifts = create_model("Shift", fields, options());
    Migration::new("0001_initial").initial().operations(vec![memos, shifts, quintet::migrations::run(count)])
}

async fn count(_: &Apps, _: Db<'_>) -> quintet::migrations::Result<()> {
    MIGRATED.fetch_add(1, Ordering::Relaxed);
    Ok(())
}

/// The project on SQLite: the file that its settings name must never be there.
pub fn sqlite(_: &Env) -> Settings {
    settings("sqlite:///nowhere/at/all/db.sqlite3")
}

/// The project on PostgreSQL.
pub fn postgres(env: &Env) -> Settings {
    settings(&env.text::<String>("QUINTET_TEST_POSTGRES", ""))
}

/// The settings function of each database that there is.
#[expect(clippy::print_stdout, reason = "a test says why it is skipped")]
pub fn each() -> Vec<fn(&Env) -> Settings> {
    if std::env::var_os("QUINTET_TEST_POSTGRES").is_some() {
        return vec![sqlite, postgres];
    }
    println!("skipped: half of it, as QUINTET_TEST_POSTGRES is not set (make test sets it)");
    vec![sqlite]
}

fn settings(url: &str) -> Settings {
    Settings {
        secret_key: "a-key-for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz".into(),
        installed_apps: [quintet::apps::defaults(), vec![app()]].concat(),
        database: DatabaseUrl::parse("DATABASE_URL", url).expect("a URL"),
        media_root: "/nowhere/at/all/media".into(),
        auth: Auth { password_hashers: vec![PasswordHasher::Md5], ..Auth::default() },
        rest_framework: RestFramework {
            default_authentication_classes: vec![JWTAuthentication.into()],
            default_throttle_rates: [("user".to_owned(), "2/min".to_owned())].into(),
            ..RestFramework::default()
        },
        urls,
        ..Settings::default()
    }
}

/// A client of a site that has no database.
pub fn client() -> Client {
    Client::new(sqlite)
}

fn urls() -> Urls {
    urls![
        path("echo/", Echo),
        path("data/", Told),
        path("me/", Me),
        path("memos/", get(memos).post(new_memo)),
        path("often/", Often),
        path("token/", TokenObtainPairView),
        path("cookie/<str:value>/", get(cookie)),
        path("old/", get(old)),
        path("elsewhere/", get(elsewhere).post(elsewhere)),
        path("round/", get(round)),
        path("fail/", get(fail)),
        path("panic/", get(panics)),
        path("upload/", Upload),
    ]
}

struct Echo;

impl ApiView for Echo {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::echo).post(Self::echo).put(Self::echo).patch(Self::echo).delete(Self::echo);
    }
}

impl Echo {
    /// What came, byte by byte.
    async fn echo(&self, request: &Request) -> Result<Response> {
        let body = String::from_utf8_lossy(&request.bytes().await?).into_owned();
        Ok(Response::json(&json!({
            "method": request.method().as_str(),
            "type": request.header("content-type"),
            "query": request.query_string(),
            "cookie": request.header("cookie"),
            "scheme": request.scheme(),
            "body": body,
        })))
    }
}

struct Told;

impl ApiView for Told {
    fn methods(on: &mut Methods<Self>) {
        on.post(Self::told);
    }
}

impl Told {
    /// What the parsers made of it.
    async fn told(&self, request: &Request) -> Result<Response> {
        Ok(Response::json(&format!("{:?}", request.data().await?)))
    }
}

struct Me;

impl ApiView for Me {
    fn permissions(&self) -> Permission {
        IsAuthenticated.into()
    }

    fn methods(on: &mut Methods<Self>) {
        on.get(Self::me);
    }
}

impl Me {
    async fn me(&self, request: &Request) -> Result<Response> {
        let may = request.user().has_perm(request, "memos.add_memo").await?;
        Ok(Response::json(&json!([request.user().username(), request.user().is_staff(), may])))
    }
}

struct Often;

impl ApiView for Often {
    fn throttles(&self) -> Throttles {
        UserRateThrottle.into()
    }

    fn methods(on: &mut Methods<Self>) {
        on.get(Self::often);
    }
}

impl Often {
    async fn often(&self, _: &Request) -> Result<Response> {
        Ok(Response::json(&"again"))
    }
}

struct Upload;

impl ApiView for Upload {
    fn methods(on: &mut Methods<Self>) {
        on.post(Self::keep);
    }
}

impl Upload {
    async fn keep(&self, request: &Request) -> Result<Response> {
        let data = request.data().await?;
        let quintet::serializers::Data::Form(form) = &*data else { return Err(Error::not_found()) };
        let file = form.files.first().ok_or_else(Error::not_found)?;
        let name = request.storage()?.save("kept.txt", file, None).await?;
        Ok(Response::json(&name))
    }
}

async fn memos(request: &Request) -> Result<Response> {
    let titles: Vec<String> =
        Memo::objects().order_by(|m| m.id()).all(request).await?.into_iter().map(|m| m.title).collect();
    Ok(Response::json(&titles))
}

async fn new_memo(request: &Request) -> Result<Response> {
    let title: Value = serde_json::from_slice(&request.bytes().await?)?;
    let title = title["title"].as_str().unwrap_or_default().to_owned();
    create!(request, Memo { title }).await?;
    Ok(Response::json(&true).with_status(StatusCode::CREATED))
}

async fn cookie(request: &Request) -> Result<Response> {
    let value: String = request.param("value")?;
    let cookie = Cookie::new("theme", value).max_age(std::time::Duration::from_secs(60));
    Ok(Response::json(&true).with_cookie(cookie))
}

async fn old(_: &Request) -> Result<Response> {
    Ok(Response::redirect("/elsewhere/?a=1"))
}

async fn elsewhere(request: &Request) -> Result<Response> {
    let response = Response::redirect("../echo/");
    Ok(if request.query_string().is_some() { response } else { response.with_status(StatusCode::TEMPORARY_REDIRECT) })
}

async fn round(_: &Request) -> Result<Response> {
    Ok(Response::redirect("/round/"))
}

async fn fail(_: &Request) -> Result<Response> {
    let number: i64 = "seven".parse()?;
    Ok(Response::json(&number))
}

async fn panics(_: &Request) -> Result<Response> {
    panic!("the view gives up")
}
