//! Targets that ask a site, with middleware, routes and views as in the server, but no socket.

use std::thread::LocalKey;

use quintet::apps::auth::models::User;
use quintet::prelude::*;
use quintet::rest::filter::{FieldFilters, Filters, OrderingFilter, SearchFilter};
use quintet::rest::pagination::{CursorPagination, LimitOffsetPagination, PageNumberPagination, Pagination};
use quintet::settings::*;
use quintet::testing::{Client, TestRequest};
use tokio::runtime::{Builder, Runtime};

/// A site, and what waits for its answers.
struct Kit {
    runtime: Runtime,
    client: Client,
}

thread_local! {
    static SITE: Kit = Kit::of(|| Client::new(settings));
    static ROWS: Kit = Kit::of(|| Client::with_database(settings));
}

impl Kit {
    fn of(client: impl FnOnce() -> Client) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let client = {
            let _inside = runtime.enter();
            client()
        };
        Self { runtime, client }
    }
}

fn settings(env: &Env) -> Settings {
    Settings {
        secret_key: "a-key-for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz".into(),
        installed_apps: quintet::apps::defaults(),
        database: env.database("DATABASE_URL", "sqlite::memory:"),
        urls,
        rest_framework: RestFramework {
            default_permission_classes: AllowAny.into(),
            default_authentication_classes: vec![JWTAuthentication.into()],
            ..RestFramework::default()
        },
        ..Settings::default()
    }
}

fn urls() -> Urls {
    urls![
        path("said/", Said),
        path("checked/", Checked),
        path("int/<int:a>/", get(params)),
        path("two/<str:a>/<slug:b>", get(params)),
        path("id/<uuid:a>/x/", get(params)),
        path("rest/<path:a>/end/", get(params)),
        re_path(r"^re/(?P<a>[0-9]{4})/(?P<b>[\w-]+)/$", get(params)),
        path("cookies/", get(cookies_of)),
        path("users/pages/", Rows(|| PageNumberPagination::new(2).into())),
        path("users/limits/", Rows(|| LimitOffsetPagination::new(2).into())),
        path("users/cursors/", Rows(|| CursorPagination::new(2, ["-id"]).into())),
    ]
}

/// Says how much came.
struct Said;

impl ApiView for Said {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::nothing).post(Self::data);
    }
}

impl Said {
    async fn nothing(&self, request: &Request) -> Result<Response> {
        let query = request.query()?;
        Ok(Response::json(&json!({ "fields": query.pairs().len(), "host": request.get_host()? })))
    }

    async fn data(&self, request: &Request) -> Result<Response> {
        let data = request.data().await?;
        Ok(Response::json(&json!({ "debug": format!("{data:?}").len() })))
    }
}

/// A serializer of several levels.
#[derive(Serializer)]
pub struct Thing {
    #[field(max_length = 5)]
    pub name: String,
    #[field(required = false)]
    pub numbers: Vec<i64>,
    #[field(required = false)]
    pub parts: Vec<Part>,
}

/// A part of it.
#[derive(Serializer)]
pub struct Part {
    #[field(required = false)]
    pub day: Date,
    #[field(max_digits = 5, decimal_places = 2, required = false)]
    pub price: Decimal,
}

/// Validates.
struct Checked;

impl ApiView for Checked {
    fn methods(on: &mut Methods<Self>) {
        on.post(Self::checked).takes::<Thing>();
    }
}

impl Checked {
    async fn checked(&self, request: &Request) -> Result<Response> {
        let data = request.data().await?;
        let valid = quintet::serializers::validate::<Thing>(request, &data, None, false).await?;
        Ok(Response::json_text(valid.to_json().await?))
    }
}

async fn params(request: &Request) -> Result<Response> {
    let [a, b] = ["a", "b"].map(|name| request.params().get(name).map(str::len));
    Ok(Response::json(&json!({ "a": a, "b": b })))
}

async fn cookies_of(request: &Request) -> Result<Response> {
    let header = request.header("cookie").unwrap_or_default();
    Ok(Response::json(&json!({ "cookies": quintet::http::cookies(&header).len() })))
}

/// The users, in pages, as the client asks for them.
struct Rows(fn() -> Pagination);

#[derive(Serializer)]
#[serializer(model = User, fields(id, username))]
pub struct UserSerializer;

impl ListApiView for Rows {
    type Serializer = UserSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<User> {
        User::objects()
    }

    fn pagination(&self) -> Pagination {
        (self.0)()
    }

    fn filters(&self) -> Filters {
        Filters::new(FieldFilters::new([
            ("id", &["exact", "in", "range", "gt"][..]),
            ("username", &["exact", "icontains", "startswith", "in", "isnull"][..]),
            ("is_active", &["exact"][..]),
            ("date_joined", &["exact", "gte", "year"][..]),
            ("groups__name", &["exact"][..]),
        ]))
        .and(SearchFilter::new(["username", "^email", "=first_name"]))
        .and(OrderingFilter::new(["username", "id"]).default_order(["id"]))
    }
}

/// Sends a request; the answer must not be the server's fault.
fn ask(kit: &'static LocalKey<Kit>, request: impl FnOnce(&Client) -> TestRequest) {
    kit.with(|kit| {
        let request = request(&kit.client);
        let answer = kit.runtime.block_on(request);
        assert!(answer.status() < 500, "{}: {:?}", answer.status(), answer.errors());
    });
}

/// What can stand in a header's value, of some bytes.
fn header(data: &[u8]) -> String {
    String::from_utf8_lossy(data).chars().filter(|letter| *letter == '\t' || !letter.is_control()).collect()
}

/// A path with a query, as it can stand in a request line.
fn target(begin: &str, data: &[u8]) -> Option<String> {
    let rest: String = data.iter().take(8000).fold(begin.to_owned(), |mut text, byte| {
        match byte {
            b'!' | b'$'..=b';' | b'=' | b'?'..=b'Z' | b'_' | b'a'..=b'z' | b'~' | b'[' | b']' => {
                text.push(char::from(*byte));
            }
            byte => text.push_str(&format!("%{byte:02X}")),
        }
        text
    });
    rest.parse::<quintet::axum::http::Uri>().is_ok().then_some(rest)
}

/// What a client would take.
pub fn accept(data: &[u8]) {
    let value = header(data);
    ask(&SITE, |client| client.get("/said/").header("accept", &value));
}

/// Cookies, and other headers that are read.
pub fn cookies(data: &[u8]) {
    let value = header(data);
    for (name, part) in quintet::http::cookies(&value) {
        assert!(!name.contains([';', '=']) && part.len() <= value.len(), "{name:?} {part:?}");
    }
    ask(&SITE, |client| {
        let request = client.get("/cookies/").header("cookie", &value).header("if-none-match", &value);
        request.header("accept-encoding", &value).header("authorization", &value).header("origin", &value)
    });
}

/// A JSON body.
pub fn json_body(data: &[u8]) {
    let body = data.to_vec();
    ask(&SITE, |client| client.send(Method::POST, "/checked/", body).header("content-type", "application/json"));
}

/// The body of a form with files; what comes before the first line break is its type.
pub fn multipart(data: &[u8]) {
    let (media_type, body) = match data.iter().position(|byte| *byte == b'\n') {
        Some(end) => (header(&data[..end]), data[end + 1..].to_vec()),
        None => ("multipart/form-data; boundary=b".to_owned(), data.to_vec()),
    };
    for path in ["/said/", "/checked/"] {
        let body = body.clone();
        ask(&SITE, |client| client.send(Method::POST, path, body).header("content-type", &media_type));
    }
}

/// A query.
pub fn query(data: &[u8]) {
    if let Some(target) = target("/said/?", data) {
        ask(&SITE, |client| client.get(&target));
    }
}

/// A path.
pub fn router(data: &[u8]) {
    if let Some(target) = target("/", data) {
        // Some of the routes lead to rows.
        ask(&ROWS, |client| client.get(&target));
    }
}

/// A query for rows.
pub fn filters(data: &[u8]) {
    for pages in ["pages", "limits", "cursors"] {
        if let Some(target) = target(&format!("/users/{pages}/?"), data) {
            ask(&ROWS, |client| client.get(&target));
        }
    }
}
