//! The small project with quintet, as somebody would write it: `DATABASE_URL=.. rest-quintet serve 127.0.0.1:8000`.

mod press;

use quintet::apps;
use quintet::prelude::*;
use quintet::settings::*;

use press::views;

fn main() -> quintet::ExitCode {
    quintet::manage(settings)
}

fn settings(env: &Env) -> Settings {
    Settings {
        secret_key: "a-key-of-the-benchmark-that-protects-nothing-at-all".into(),
        allowed_hosts: vec!["*".into()],
        database: env.database("DATABASE_URL", "sqlite://db.sqlite3"),
        installed_apps: [apps::defaults(), vec![apps::token_blacklist(), press::app()]].concat(),
        urls,
        rest_framework: RestFramework {
            default_authentication_classes: vec![JWTAuthentication.into()],
            default_permission_classes: IsAuthenticated.into(),
            default_renderer_classes: vec![JsonRenderer.into()],
            default_parser_classes: vec![JsonParser.into()],
            ..RestFramework::default()
        },
        simple_jwt: SimpleJwt {
            access_token_lifetime: hours(24),
            rotate_refresh_tokens: true,
            blacklist_after_rotation: true,
            ..SimpleJwt::default()
        },
        ..Settings::default()
    }
}

fn urls() -> Urls {
    urls![
        path("hello/", api_view(get(views::hello)).permissions(AllowAny)),
        path("token/", TokenObtainPairView),
        path("token/refresh/", TokenRefreshView),
        path("latest/", views::Latest),
        path("commented/", views::Commented),
        include("", DefaultRouter::new().register("articles", views::Articles).urls()),
    ]
}
