//! Single steps, each run so often as is asked: `micro WHAT NUMBER`. Nothing is printed; benches/micro.py counts the
//! instructions of two runs, and what the longer one has more is the step's.

mod model;
mod serializers;

use std::hint::black_box;
use std::time::{Duration, SystemTime};

use model::{Post, list};
use quintet::jwt::{Algorithm, Claims, SigningKey, Validation, VerifyingKey, decode, encode};
use quintet::prelude::*;
use quintet::registry::all_migrations;
use quintet::rest::openapi::SchemaView;
use quintet::settings::{DatabaseUrl, RestFramework, Settings};
use quintet::testing::{Client, block_on};
use quintet_core::migrate::graph::Graph;
use quintet_core::query::Statement;
use serializers::PostSerializer;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let mut words = std::env::args().skip(1);
    let (what, number) = (words.next().unwrap_or_default(), words.next().unwrap_or_default().parse::<u32>()?);
    match what.as_str() {
        "token" => token(number),
        "list" => block_on(lists(number)),
        "serialize" => block_on(serialized(number)),
        "validate" => block_on(validated(number)),
        "render" => render(number),
        "route" => block_on(routes(number)),
        "state" => states(number),
        "schema" => block_on(schemas(number)),
        other => Err(format!("`{other}` is nothing that is measured").into()),
    }
}

/// A token is read and checked.
fn token(number: u32) -> Result<(), Failure> {
    const SECRET: &[u8] = b"a-key-of-the-benchmark-that-protects-nothing-at-all";
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    let mut claims = Claims::new();
    for (name, value) in [("token_type", json!("access")), ("exp", json!(1_700_003_600)), ("iat", json!(1_700_000_000))]
    {
        claims.insert(name.to_owned(), value);
    }
    claims.insert("jti".to_owned(), json!("0123456789abcdef0123456789abcdef"));
    claims.insert("user_id".to_owned(), json!("7"));
    let token = encode(&claims, &SigningKey::secret(Algorithm::HS256, SECRET)?)?;
    let key = VerifyingKey::secret(Algorithm::HS256, SECRET)?;
    let validation = Validation::at(now);
    for _ in 0..number {
        black_box(decode(black_box(&token), &key, &validation)?);
    }
    Ok(())
}

struct Posts;

impl ListApiView for Posts {
    type Serializer = PostSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Post> {
        list(1)
    }
}

async fn hello(_: &Request) -> Result<Response> {
    Ok(Response::json(&json!({"message": "Hello, World!"})))
}

fn urls() -> Urls {
    let mut urls = urls![
        path("posts/", Posts),
        path("shown/<int:number>/", get(serializers::shown)),
        path("checked/<int:number>/", post(serializers::checked)),
    ];
    for number in 0..50 {
        urls = urls.with(urls::path(format!("place{number}/<int:pk>/"), get(hello)));
    }
    urls.with(urls::path("hello/<str:name>/", get(hello)))
}

fn site() -> Result<Client, Failure> {
    site_of(urls)
}

fn site_of(urls: fn() -> Urls) -> Result<Client, Failure> {
    Ok(Client::of(Settings {
        secret_key: "a-key-of-the-benchmark-that-protects-nothing-at-all".into(),
        database: DatabaseUrl::parse("DATABASE_URL", "sqlite::memory:").map_err(|error| format!("{error:?}"))?,
        installed_apps: [quintet::apps::defaults(), vec![model::app()]].concat(),
        rest_framework: RestFramework { default_permission_classes: AllowAny.into(), ..RestFramework::default() },
        urls,
        ..Settings::default()
    }))
}

/// A list of twenty rows, from the database to bytes, through middleware, view and serializer.
async fn lists(number: u32) -> Result<(), Failure> {
    let client = site()?;
    Db::from(client.db()).execute(TABLE, &[]).await?;
    Db::from(client.db()).execute(ROWS, &[]).await?;
    for _ in 0..number {
        let answer = client.get("/posts/").await;
        if answer.status() != 200 || answer.text().matches("created_at").count() != 20 {
            return Err(format!("the list is {} {}", answer.status(), answer.text()).into());
        }
    }
    Ok(())
}

/// Twenty rows are made JSON, without a database.
async fn serialized(number: u32) -> Result<(), Failure> {
    let answer = site()?.get(&format!("/shown/{number}/")).await;
    if answer.status() != 200 || answer.text().matches("created_at").count() != 20 {
        return Err(format!("the list is {} {}", answer.status(), answer.text()).into());
    }
    Ok(())
}

/// A row that is sent is checked, without a database.
async fn validated(number: u32) -> Result<(), Failure> {
    let sent = json!({"author": 1, "title": "A new title", "views": 12, "published": true, "body": "Some text."});
    let answer = site()?.post(&format!("/checked/{number}/"), sent).await;
    if answer.status() != 200 {
        return Err(format!("the answer is {} {}", answer.status(), answer.text()).into());
    }
    Ok(())
}

const TABLE: &str = "CREATE TABLE bench_post (id integer NOT NULL PRIMARY KEY, author bigint NOT NULL, \
    title varchar(100) NOT NULL, views integer NOT NULL, published bool NOT NULL, created_at datetime NOT NULL, \
    body text NOT NULL)";

const ROWS: &str = "INSERT INTO bench_post WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number \
    WHERE n < 20) SELECT n, 1, 'The title of post ' || n, n, 1, '2024-01-' || (n + 10) || ' 12:00:00.123456', \
    'The text of post ' || n FROM number";

/// A query is made, and its SQL.
fn render(number: u32) -> Result<(), Failure> {
    let client = site()?;
    for author in 0..number {
        black_box(Db::from(client.db()).sql(&Statement::Select(list(author.into()).ast()))?);
    }
    Ok(())
}

/// A request goes through the middleware to the last of many routes.
async fn routes(number: u32) -> Result<(), Failure> {
    let client = site()?;
    for _ in 0..number {
        let answer = client.get("/hello/World/").await;
        if answer.status() != 200 {
            return Err(format!("the answer is {}", answer.status()).into());
        }
    }
    Ok(())
}

/// The state to which the migrations of the built-in apps lead.
fn states(number: u32) -> Result<(), Failure> {
    let apps = [quintet::apps::defaults(), vec![quintet::apps::token_blacklist()]].concat();
    for _ in 0..number {
        let graph = Graph::build(all_migrations(&apps), &[], "auth.User").map_err(|error| format!("{error:?}"))?;
        black_box(graph.state().map_err(|error| format!("{error:?}"))?);
    }
    Ok(())
}

struct PostSet;

impl ModelViewSet for PostSet {
    type Serializer = PostSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Post> {
        list(1)
    }
}

/// How many descriptions there are to ask for: each is made once, and kept.
const SCHEMAS: u32 = 64;

/// The view sets of 300 models, which are 1,800 operations.
fn described() -> Urls {
    let router = (0..300).fold(DefaultRouter::new(), |router, number| {
        router.register_as(format!("models{number}"), PostSet, format!("model{number}"))
    });
    let schemas =
        (0..SCHEMAS).fold(urls![], |urls, number| urls.with(urls::path(format!("schema{number}/"), SchemaView::new())));
    schemas.with(urls::include("api/", router.urls()))
}

/// The description of an API of 300 models, as it is served.
async fn schemas(number: u32) -> Result<(), Failure> {
    let client = site_of(described)?;
    let is_shown = std::env::var("SHOW_TIMES").is_ok();
    for number in 0..number.min(SCHEMAS) {
        let started = std::time::Instant::now();
        let answer = client.get(&format!("/schema{number}/")).await;
        if is_shown {
            eprintln!("{:?}", started.elapsed());
        }
        if answer.status() != 200 || answer.text().matches("operationId").count() < 1800 {
            return Err(format!("the description is {}", answer.status()).into());
        }
    }
    Ok(())
}
