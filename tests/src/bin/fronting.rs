//! The API of a new project with a front end, for tests in a browser: its tokens end soon, where the environment says so,
//! and mails become files.
//!
//! `ACCESS_SECONDS` and `REFRESH_SECONDS` say how long tokens are good, `MAILS` names the folder of mails.

use quintet::apps::auth::views::{CurrentUserView, PasswordChangeView, PasswordResetConfirmView, PasswordResetView};
use quintet::apps::token_families::views::{TokenSessionView, TokenSessionsView};
use quintet::prelude::*;
use quintet::settings::*;

#[path = "../../../crates/quintet-cli/templates/frontend/project/src/accounts.rs"]
mod accounts;

fn main() -> quintet::ExitCode {
    quintet::manage(settings)
}

fn settings(env: &Env) -> Settings {
    let number = |name, otherwise: u64| env.parsed(name, otherwise);
    Settings {
        secret_key: "a-key-for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz".into(),
        allowed_hosts: vec!["localhost".into(), "127.0.0.1".into()],
        installed_apps: [
            quintet::apps::defaults(),
            vec![quintet::apps::token_blacklist(), quintet::apps::token_families()],
        ]
        .concat(),
        database: env.database("DATABASE_URL", "sqlite://db.sqlite3"),
        urls,
        frontend: quintet::frontend!("frontend"),
        debug: env.flag("DEBUG", true),
        rest_framework: RestFramework {
            default_authentication_classes: vec![JWTAuthentication.into()],
            default_permission_classes: IsAuthenticated.into(),
            num_proxies: Some(0),
            ..RestFramework::default()
        },
        simple_jwt: SimpleJwt {
            access_token_lifetime: seconds(number("ACCESS_SECONDS", 300)),
            refresh_token_lifetime: seconds(number("REFRESH_SECONDS", 86_400)),
            rotate_refresh_tokens: true,
            blacklist_after_rotation: true,
            token_families: true,
            reuse_interval: seconds(10),
            revoke_on_password_change: true,
            check_revoke_token: true,
            check_token_family: true,
            refresh_cookie: true,
            ..SimpleJwt::default()
        },
        auth: Auth {
            // Quick ones: what is tested is in the browser.
            password_hashers: vec![PasswordHasher::Md5],
            password_validators: PasswordValidator::usual(),
            frontend_origin: env.text("FRONTEND_ORIGIN", "http://127.0.0.1:8000"),
            ..Auth::default()
        },
        email: EmailSettings {
            backend: EmailBackend::File,
            file_path: Some(env.text::<String>("MAILS", "mails").into()),
            ..EmailSettings::default()
        },
        cors: Cors {
            allowed_origins: env.list("CORS_ALLOWED_ORIGINS", &["http://localhost:5173"]),
            allow_credentials: true,
            allow_headers: [Cors::default().allow_headers, vec!["x-refresh-token".to_owned()]].concat(),
            ..Cors::default()
        },
        ..Settings::default()
    }
}

fn urls() -> Urls {
    urls![
        path("api/token/", TokenObtainPairView),
        path("api/token/refresh/", TokenRefreshView),
        path("api/token/blacklist/", TokenBlacklistView),
        path("api/sessions/", TokenSessionsView),
        path("api/sessions/<str:id>/", TokenSessionView),
        path("api/user/register/", accounts::Register),
        path("api/user/me/", CurrentUserView),
        path("api/user/password/", PasswordChangeView),
        path("api/user/password/reset/", PasswordResetView),
        path("api/user/password/reset/confirm/", PasswordResetConfirmView),
    ]
}
