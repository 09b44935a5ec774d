//! Sessions in Redis: alone, and in front of the table. Two servers know the same browsers; what Redis forgets, or cannot
//! say, costs sessions where they are nowhere else, and nothing where they are in the table.

use quintet::apps::{self, auth::models::User, sessions::models::Session};
use quintet::auth;
use quintet::cache::CacheSettings;
use quintet::prelude::*;
use quintet::query::Assignment;
use quintet::settings::*;
use quintet::testing::{Client, block_on};
use quintet_tests::databases::{Scratch, each};
use quintet_tests::redis::Redis;

use super::redis;

/// A server of the project.
fn site(database: &Scratch, redis: &Redis, engine: SessionEngine) -> Client {
    let cache = format!("{}?wait=1", redis.url());
    Client::of(Settings {
        secret_key: "a-key-for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz".into(),
        allowed_hosts: vec!["testserver".into()],
        database: DatabaseUrl::parse("DATABASE_URL", &database.url).expect("a URL of the test's own"),
        installed_apps: apps::defaults(),
        middleware: vec![SessionMiddleware.into(), AuthenticationMiddleware.into()],
        caches: [("default".to_owned(), CacheSettings::parse(&cache).expect("a URL"))].into(),
        sessions: Sessions { engine, ..Sessions::default() },
        auth: Auth { password_hashers: vec![PasswordHasher::Md5], ..Auth::default() },
        urls,
        ..Settings::default()
    })
}

fn urls() -> Urls {
    urls![path("in/", get(log_in)), path("out/", get(log_out)), path("who/", get(who))]
}

async fn log_in(request: &Request) -> Result<Response> {
    let user = auth::authenticate(request.into(), "ann", "pw").await?.or_404()?;
    auth::login(request, &user).await?;
    Ok(Response::text("in"))
}

async fn log_out(request: &Request) -> Result<Response> {
    auth::logout(request).await?;
    Ok(Response::text("out"))
}

async fn who(request: &Request) -> Result<Response> {
    Ok(Response::text(request.user().username().to_owned()))
}

/// Tables and a user.
async fn prepare(client: &Client) {
    let (code, said) = client.call_command(&["migrate"]);
    assert_eq!(code, 0, "{}", said.err());
    let values = vec![Assignment::named("username", "ann"), Assignment::named("password", "pw")];
    User::create_user(client.db().into(), values).await.expect("a user");
}

/// The browser of a client at another server.
fn at(other: &Client, browser: &Client) -> Client {
    other.clone().with_cookie("sessionid", &browser.cookie("sessionid").expect("a session"))
}

async fn asked(client: &Client) -> (u16, String) {
    let answer = client.get("/who/").await;
    (answer.status(), answer.text())
}

fn ann() -> (u16, String) {
    (200, "ann".to_owned())
}

fn nobody() -> (u16, String) {
    (200, String::new())
}

/// What each engine promises, at two servers that share a database and a Redis.
async fn kept(database: &Scratch, redis: &mut Redis, engine: SessionEngine) {
    let (one, other) = (site(database, redis, engine), site(database, redis, engine));
    let is_alone = engine == SessionEngine::Cache;
    let rows = async || Session::objects().count(one.db()).await.expect("counted");
    one.get("/in/").await.assert_status(200);
    assert_eq!(asked(&at(&other, &one)).await, ann(), "{engine:?}: the other server knows the browser");
    let key = one.cookie("sessionid").expect("a session");
    let entry = format!(":1:django.contrib.sessions.{}{key}", if is_alone { "cache" } else { "cached_db" });
    assert_eq!(redis.ask(&["KEYS", "*"]), entry, "the reference's own key");
    let left: u64 = redis.ask(&["TTL", &entry]).parse().expect("seconds");
    assert!((1_209_000..=1_209_600).contains(&left), "{engine:?}: it is forgotten with the session: {left}");
    assert_eq!(rows().await, i64::from(!is_alone), "{engine:?}");

    redis.ask(&["FLUSHALL"]);
    assert_eq!(asked(&at(&other, &one)).await, if is_alone { nobody() } else { ann() }, "{engine:?}: Redis forgot it");
    assert_eq!(redis.ask(&["EXISTS", &entry]), if is_alone { "0" } else { "1" }, "{engine:?}: a copy is made again");

    one.get("/in/").await.assert_status(200);
    let browser = at(&other, &one);
    assert_eq!(asked(&browser).await, ann());
    browser.get("/out/").await.assert_status(200);
    assert_eq!(asked(&one).await, nobody(), "{engine:?}: who logs out at one server is out at all");
    assert_eq!((redis.ask(&["DBSIZE"]).as_str(), rows().await), ("0", 0), "{engine:?}: nothing is left");

    one.get("/in/").await.assert_status(200);
    redis.stop();
    let away = asked(&at(&other, &one)).await;
    if is_alone {
        assert_eq!(away.0, 503, "nobody is taken for a stranger because Redis is away: {away:?}");
    } else {
        assert_eq!(away, ann(), "a cache that is away costs no session");
        assert_eq!(asked(&one).await, ann());
    }
    redis.resume();
    assert_eq!(
        asked(&at(&other, &one)).await,
        if is_alone { nobody() } else { ann() },
        "{engine:?}: it is back, empty"
    );
}

#[test]
fn two_servers_know_the_same_browsers_by_redis() {
    for database in each() {
        for (number, engine) in [SessionEngine::Cache, SessionEngine::CachedDatabase].into_iter().enumerate() {
            let Some(mut redis) = redis(&[]) else { return };
            block_on(async {
                if number == 0 {
                    prepare(&site(&database, &redis, engine)).await;
                }
                kept(&database, &mut redis, engine).await;
            });
        }
    }
}
