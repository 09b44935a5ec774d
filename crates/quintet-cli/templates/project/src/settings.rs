//! The settings of this project: one value, read once when a command starts.
//!
//! `env` is the process environment, then the file `.env`. A variable that is not named here does nothing.

use quintet::settings::*;

pub fn settings(env: &Env) -> Settings {
    Settings {
        secret_key: env.required("SECRET_KEY"),
        debug: env.flag("DEBUG", false),
        allowed_hosts: env.list("ALLOWED_HOSTS", &["localhost", "127.0.0.1"]),
        installed_apps: [
            quintet::apps::defaults(),
            vec![
                // `cargo manage startapp NAME` adds a line here.
            ],
        ]
        .concat(),
        database: {{database_setting}},
        urls: crate::urls::urls,
        cors: Cors {
            allowed_origins: env.list("CORS_ALLOWED_ORIGINS", &["http://localhost:5173"]),
            ..Cors::default()
        },
        ..Settings::default()
    }
}
