//! A site that misbehaves on demand, for the end-to-end tests: slow, panicking, failing, reading what it is sent.

use std::time::Duration;

use quintet::prelude::*;
use quintet::settings::*;

fn main() -> quintet::ExitCode {
    quintet::manage(settings)
}

fn settings(env: &Env) -> Settings {
    Settings {
        secret_key: "a-key-for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz".into(),
        debug: env.flag("DEBUG", false),
        allowed_hosts: vec!["localhost".into(), "127.0.0.1".into()],
        database: env.database("DATABASE_URL", "sqlite::memory:"),
        urls,
        cors: Cors {
            allow_all_origins: env.flag("CORS_ALLOW_ALL_ORIGINS", false),
            allow_credentials: env.flag("CORS_ALLOW_CREDENTIALS", false),
            ..Cors::default()
        },
        server: Server {
            header_timeout: Duration::from_millis(env.parsed("HEADER_MILLISECONDS", 10_000)),
            shutdown_grace: Duration::from_millis(env.parsed("GRACE_MILLISECONDS", 30_000)),
            trusted_proxies: env.parsed("TRUSTED_PROXIES", 0),
            ..Server::default()
        },
        ..Settings::default()
    }
}

fn urls() -> Urls {
    urls![
        path("json/", get(hello), name = "hello"),
        path("slow/<int:milliseconds>/", get(slow)),
        path("panic/", get(panics)),
        path("fail/", get(fails)),
        path("length/", post(length)),
        path("client/", get(client)),
    ]
}

async fn hello(_: &Request) -> Result<Response> {
    Ok(Response::json(&json!({ "message": "Hello, World!" })))
}

async fn slow(request: &Request) -> Result<Response> {
    let milliseconds: u64 = request.param("milliseconds")?;
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    Ok(Response::json(&json!({ "slept": milliseconds })))
}

async fn panics(_: &Request) -> Result<Response> {
    panic!("a view of the tests panics")
}

async fn fails(_: &Request) -> Result<Response> {
    let _: u8 = "x".parse()?;
    Ok(Response::text("never"))
}

async fn length(request: &Request) -> Result<Response> {
    Ok(Response::json(&json!({ "length": request.bytes().await?.len() })))
}

async fn client(request: &Request) -> Result<Response> {
    Ok(Response::json(&json!({ "ip": request.client_ip().map(|ip| ip.to_string()), "scheme": request.scheme() })))
}
