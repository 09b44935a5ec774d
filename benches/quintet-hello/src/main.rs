//! Hello JSON with quintet: the smallest program that has settings, a route and a view, with the default middleware.
//!
//! Knows the public interface only. `quintet-hello serve 127.0.0.1:8000` answers `/json`.

use quintet::prelude::*;
use quintet::settings::*;

fn main() -> quintet::ExitCode {
    quintet::manage(settings)
}

fn settings(_env: &Env) -> Settings {
    Settings {
        secret_key: "a-key-of-the-benchmark-that-protects-nothing-at-all".into(),
        allowed_hosts: vec!["*".into()],
        urls,
        ..Settings::default()
    }
}

fn urls() -> Urls {
    urls![path("json", get(hello))]
}

async fn hello(_: &Request) -> Result<Response> {
    Ok(Response::json(&json!({"message": "Hello, World!"})))
}
