//! The settings of this project: those of a new one, but for the key and for DEBUG. Both have a default here, so that it
//! runs from a clean checkout.

use quintet::settings::*;

pub fn settings(env: &Env) -> Settings {
    Settings {
        secret_key: env.text("SECRET_KEY", "a-key-for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz"),
        debug: env.flag("DEBUG", true),
        allowed_hosts: env.list("ALLOWED_HOSTS", &["localhost", "127.0.0.1"]),
        installed_apps: [
            quintet::apps::defaults(),
            vec![
                quintet::apps::token_blacklist(),
                quintet::apps::token_families(),
                // `cargo manage startapp NAME` adds a line here.
                crate::api::app(),
            ],
        ]
        .concat(),
        database: env.database("DATABASE_URL", "sqlite://db.sqlite3"),
        urls: crate::urls::urls,
        // Answers where no route does; `cargo manage build` puts it into the program.
        frontend: quintet::frontend!("frontend"),
        rest_framework: RestFramework {
            // Who asks is told by `Authorization: Bearer TOKEN`.
            default_authentication_classes: vec![JWTAuthentication.into()],
            // A view is for who is logged in, unless it says `AllowAny` or something else.
            default_permission_classes: IsAuthenticated.into(),
            // Guessing has an end: of one account's password, and from one address.
            default_throttle_rates: [("login", "10/min"), ("login_address", "60/min")]
                .map(|(scope, rate)| (scope.to_owned(), rate.to_owned()))
                .into(),
            // How many proxies in front write `X-Forwarded-For`.
            num_proxies: Some(0),
            ..RestFramework::default()
        },
        simple_jwt: SimpleJwt {
            access_token_lifetime: minutes(5),
            refresh_token_lifetime: days(7),
            // A refresh token is good once: it gives its successor. Used again later, it ends the session.
            rotate_refresh_tokens: true,
            blacklist_after_rotation: true,
            token_families: true,
            reuse_interval: seconds(10),
            family_lifetime: Some(days(30)),
            // A session that has ended opens nothing any more; one more query with each request.
            check_token_family: true,
            // Another password ends sessions and the tokens that were there.
            revoke_on_password_change: true,
            check_revoke_token: true,
            // A page that asks for it has its refresh token in a cookie, which scripts cannot read.
            refresh_cookie: true,
            update_last_login: true,
            ..SimpleJwt::default()
        },
        auth: Auth {
            password_validators: PasswordValidator::usual(),
            // Links in mails lead to the front end: `/reset-password/{uid}/{token}` there.
            frontend_origin: env.text("FRONTEND_ORIGIN", "http://127.0.0.1:8000"),
            ..Auth::default()
        },
        email: EmailSettings {
            // While DEBUG is on, messages are printed where the site runs.
            backend: if env.flag("DEBUG", true) { EmailBackend::Console } else { EmailBackend::Smtp },
            host: env.text("EMAIL_HOST", "localhost"),
            port: env.parsed("EMAIL_PORT", 25),
            host_user: env.text("EMAIL_HOST_USER", ""),
            host_password: env.text("EMAIL_HOST_PASSWORD", ""),
            // Encrypted: `EMAIL_USE_TLS` for port 587, `EMAIL_USE_SSL` for port 465.
            // Both need `features = ["tls"]` of `quintet` in Cargo.toml.
            use_tls: env.flag("EMAIL_USE_TLS", false),
            use_ssl: env.flag("EMAIL_USE_SSL", false),
            default_from_email: env.text("DEFAULT_FROM_EMAIL", "webmaster@localhost"),
            subject_prefix: concat!("[", env!("CARGO_PKG_NAME"), "] ").to_owned(),
            ..EmailSettings::default()
        },
        cors: Cors {
            allowed_origins: env.list("CORS_ALLOWED_ORIGINS", &["http://localhost:5173"]),
            // For the refresh token in a cookie.
            allow_credentials: true,
            allow_headers: [Cors::default().allow_headers, vec!["x-refresh-token".to_owned()]].concat(),
            ..Cors::default()
        },
        ..Settings::default()
    }
}
