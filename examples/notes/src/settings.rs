//! Settings of the demo: everything has a default, so that it runs from a clean checkout.

use quintet::settings::*;

pub(crate) fn settings(env: &Env) -> Settings {
    Settings {
        secret_key: env.text("SECRET_KEY", "a-key-for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz"),
        debug: env.flag("DEBUG", true),
        allowed_hosts: env.list("ALLOWED_HOSTS", &["localhost", "127.0.0.1"]),
        installed_apps: [quintet::apps::defaults(), vec![crate::api::app()]].concat(),
        database: env.database("DATABASE_URL", "sqlite://db.sqlite3"),
        urls: crate::urls::urls,
        cors: Cors { allowed_origins: env.list("CORS_ALLOWED_ORIGINS", &["http://localhost:5173"]), ..Cors::default() },
        ..Settings::default()
    }
}
