//! A site behind a server, as its settings for production say: for the tests of what `generatedeployment` writes.
//!
//! Variables name its folders and the size that it takes.

use quintet::prelude::*;
use quintet::settings::*;

fn main() -> quintet::ExitCode {
    quintet::manage(settings)
}

fn settings(env: &Env) -> Settings {
    Settings {
        secret_key: env.required("SECRET_KEY"),
        debug: env.flag("DEBUG", false),
        allowed_hosts: env.list("ALLOWED_HOSTS", &["example.org", "localhost", "127.0.0.1"]),
        installed_apps: vec![quintet::apps::contenttypes(), quintet::apps::auth()],
        database: env.database("DATABASE_URL", "sqlite://db.sqlite3"),
        urls,
        frontend: quintet::frontend!("frontend"),
        static_root: env.text::<String>("STATIC_ROOT", "static").into(),
        media_root: env.text::<String>("MEDIA_ROOT", "media").into(),
        security: Security {
            proxy_ssl_header: Some(("x-forwarded-proto".to_owned(), "https".to_owned())),
            ssl_redirect: true,
            ..Security::default()
        },
        server: Server { trusted_proxies: 1, max_body_bytes: env.parsed("MAX_BODY_BYTES", 1000), ..Server::default() },
        ..Settings::default()
    }
}

fn urls() -> Urls {
    urls![path("api/client/", get(client)), path("api/size/", post(size))]
}

/// Who asks, as the site sees it.
async fn client(request: &Request) -> Result<Response> {
    let ip = request.client_ip().map(|ip| ip.to_string());
    Ok(Response::json(&json!({ "ip": ip, "scheme": request.scheme(), "host": request.get_host()? })))
}

async fn size(request: &Request) -> Result<Response> {
    Ok(Response::text(request.bytes().await?.len().to_string()))
}
