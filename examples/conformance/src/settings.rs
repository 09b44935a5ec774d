//! The oracle's profiles, in code.

use quintet::apps;
use quintet::rest::ExceptionHandler;
use quintet::rest::filter::{Filters, OrderingFilter, SearchFilter};
use quintet::rest::versioning::AcceptHeaderVersioning;
use quintet::settings::*;

/// Fixed on purpose: the recorded tokens are signed with it.
const SECRET_KEY: &str = "oracle-secret-key-0123456789-abcdefghijklmnopqrstuvwxyz-XYZ";

pub(crate) fn settings(env: &Env) -> Settings {
    let profile: String = env.text("PROFILE", "seed");
    let base = Settings {
        secret_key: SECRET_KEY.into(),
        database: env.database("DATABASE_URL", "sqlite::memory:"),
        installed_apps: [apps::defaults(), vec![crate::api::app()]].concat(),
        urls: crate::urls::urls,
        media_root: env.text::<String>("MEDIA", "media").into(),
        rest_framework: RestFramework {
            default_permission_classes: IsAuthenticated.into(),
            default_authentication_classes: vec![JWTAuthentication.into()],
            ..RestFramework::default()
        },
        simple_jwt: SimpleJwt {
            access_token_lifetime: minutes(30),
            refresh_token_lifetime: days(1),
            ..SimpleJwt::default()
        },
        ..Settings::default()
    };
    match profile.as_str() {
        "seed" => seed(base),
        "full" => full(base),
        "revoke" => revoke(full(base)),
        "throttle" => throttle(full(base)),
        "secure" => secure(full(base)),
        "jsononly" => json_only(full(base)),
        "accounts" => accounts(full(base)),
        "browsing" => browsing(full(base)),
        "accounts_strict" => accounts_strict(accounts(full(base))),
        "accounts_cookies" => accounts_cookies(accounts(full(base))),
        "gallery" => gallery(full(base)),
        "gallery_zone" => Settings { time_zone: "America/New_York".into(), ..gallery(full(base)) },
        "gallery_house" => house(gallery(full(base))),
        _ => {
            let known = "use one of seed, full, revoke, throttle, secure, jsononly, browsing, accounts, accounts_strict, accounts_cookies, gallery, gallery_zone, gallery_house";
            env.problem("PROFILE", format!("is {profile:?}, and there is no such profile"), known);
            base
        }
    }
}

/// What a project of the reference's begins with.
fn standard() -> Vec<Layer> {
    vec![
        SecurityMiddleware.into(),
        SessionMiddleware.into(),
        CommonMiddleware.into(),
        CsrfViewMiddleware.into(),
        AuthenticationMiddleware.into(),
        XFrameOptionsMiddleware.into(),
    ]
}

/// Exactly the seed: DEBUG, any host, CORS for all, and its middleware last.
fn seed(base: Settings) -> Settings {
    Settings {
        debug: true,
        allowed_hosts: vec!["*".into()],
        middleware: [standard(), vec![CorsMiddleware.into()]].concat(),
        cors: Cors { allow_all_origins: true, ..Cors::default() },
        ..base
    }
}

/// Everything that the oracle probes: strict hosts and CORS, DEBUG off.
fn full(base: Settings) -> Settings {
    Settings {
        installed_apps: [base.installed_apps, vec![apps::token_blacklist(), crate::shop::app()]].concat(),
        urls: crate::urls::urls_full,
        middleware: [vec![CorsMiddleware.into()], standard()].concat(),
        allowed_hosts: ["testserver", "localhost", "127.0.0.1", ".example.com"].map(String::from).to_vec(),
        cors: Cors {
            allowed_origins: vec!["http://localhost:5173".into(), "https://app.example.com".into()],
            allowed_origin_regexes: vec![r"^https://[a-z0-9]+\.preview\.example\.com$".into()],
            allow_credentials: true,
            expose_headers: vec!["x-total-count".into(), "x-request-id".into()],
            urls_regex: "^/api/.*$".into(),
            allow_private_network: true,
            preflight_max_age: 600,
            ..Cors::default()
        },
        rest_framework: RestFramework {
            default_throttle_rates: [("scoped", "2/min"), ("anon", "3/min"), ("user", "5/hour")]
                .map(|(scope, rate)| (scope.to_owned(), rate.to_owned()))
                .into(),
            ..base.rest_framework
        },
        simple_jwt: SimpleJwt {
            rotate_refresh_tokens: true,
            blacklist_after_rotation: true,
            update_last_login: true,
            ..base.simple_jwt
        },
        ..base
    }
}

/// The rarer settings of tokens.
fn revoke(base: Settings) -> Settings {
    Settings {
        simple_jwt: SimpleJwt {
            rotate_refresh_tokens: false,
            blacklist_after_rotation: false,
            check_revoke_token: true,
            audience: vec!["oracle-aud".into()],
            issuer: Some("oracle-iss".into()),
            leeway: seconds(10),
            auth_header_types: vec!["JWT".into(), "Bearer".into()],
            auth_token_classes: vec![TokenClass::Access, TokenClass::Sliding],
            ..base.simple_jwt
        },
        ..base
    }
}

/// Anonymous clients and users are counted everywhere.
fn throttle(base: Settings) -> Settings {
    Settings {
        rest_framework: RestFramework {
            default_throttle_classes: vec![AnonRateThrottle.into(), UserRateThrottle.into()],
            ..base.rest_framework
        },
        ..base
    }
}

/// The pages of the browsable API, with both ways to log in.
fn browsing(base: Settings) -> Settings {
    Settings {
        urls: crate::urls::urls_browsing,
        rest_framework: RestFramework {
            default_authentication_classes: vec![JWTAuthentication.into(), SessionAuthentication.into()],
            html_select_cutoff: Some(5),
            ..base.rest_framework
        },
        ..base
    }
}

/// A hardened deployment.
fn secure(base: Settings) -> Settings {
    Settings {
        sessions: Sessions { cookie_secure: true, ..base.sessions },
        csrf: Csrf { cookie_secure: true, ..base.csrf },
        security: Security {
            ssl_redirect: true,
            hsts_seconds: 31_536_000,
            hsts_include_subdomains: true,
            hsts_preload: true,
            proxy_ssl_header: Some(("x-forwarded-proto".into(), "https".into())),
            ..Security::default()
        },
        ..base
    }
}

/// JSON alone, compressed and conditional; no CORS, no slash redirect.
fn json_only(base: Settings) -> Settings {
    Settings {
        middleware: [vec![GZipMiddleware.into(), ConditionalGetMiddleware.into()], standard()].concat(),
        http: Http { append_slash: false, ..Http::default() },
        rest_framework: RestFramework {
            default_renderer_classes: vec![JsonRenderer.into()],
            default_parser_classes: vec![JsonParser.into()],
            unicode_json: false,
            compact_json: false,
            coerce_decimal_to_string: false,
            coerce_bigint_to_string: true,
            non_field_errors_key: "errors".into(),
            ..base.rest_framework
        },
        ..base
    }
}

/// Sessions, CSRF, Basic and database tokens put to use.
fn accounts(base: Settings) -> Settings {
    Settings {
        installed_apps: [base.installed_apps, vec![apps::authtoken()]].concat(),
        urls: crate::urls::urls_accounts,
        rest_framework: RestFramework {
            default_authentication_classes: vec![SessionAuthentication.into()],
            ..base.rest_framework
        },
        csrf: Csrf {
            failure_view: CsrfFailure::new(crate::accounts::failure),
            trusted_origins: vec!["https://app.example.com".into(), "https://*.trusted.example".into()],
            ..base.csrf
        },
        security: Security { proxy_ssl_header: Some(("x-forwarded-proto".into(), "https".into())), ..base.security },
        auth: Auth { login_redirect_url: "/acc/who/".into(), ..base.auth },
        ..base
    }
}

/// The same with most defaults of sessions and CSRF replaced.
fn accounts_strict(base: Settings) -> Settings {
    Settings {
        sessions: Sessions {
            cookie_name: "sid".into(),
            cookie_age: hours(1),
            cookie_domain: Some(".example.com".into()),
            cookie_path: "/acc/".into(),
            cookie_secure: true,
            cookie_httponly: false,
            cookie_samesite: Some(SameSite::Strict),
            save_every_request: true,
            expire_at_browser_close: true,
            ..base.sessions
        },
        csrf: Csrf { use_sessions: true, header_name: "HTTP_X_MY_TOKEN".into(), ..base.csrf },
        auth: Auth {
            backends: vec![AllowAllUsersModelBackend.into()],
            logout_redirect_url: Some("/acc/quiet/".into()),
            ..base.auth
        },
        ..base
    }
}

/// The same with sessions in signed cookies, and another CSRF cookie.
fn accounts_cookies(base: Settings) -> Settings {
    Settings {
        sessions: Sessions {
            engine: SessionEngine::SignedCookies,
            cookie_samesite: Some(SameSite::None),
            ..base.sessions
        },
        csrf: Csrf {
            cookie_name: "secret".into(),
            cookie_age: None,
            cookie_domain: Some(".example.com".into()),
            cookie_path: "/acc/".into(),
            cookie_secure: true,
            cookie_httponly: true,
            cookie_samesite: Some(SameSite::Strict),
            ..base.csrf
        },
        ..base
    }
}

/// The gallery, and a folder for uploaded files.
fn gallery(base: Settings) -> Settings {
    let mut rates = base.rest_framework.default_throttle_rates;
    rates.extend(
        [("uploads", "2/min"), ("reads", "3/hour"), ("burst", "2/s"), ("steady", "4/day"), ("never", "")]
            .map(|(scope, rate)| (scope.to_owned(), rate.to_owned())),
    );
    Settings {
        installed_apps: [base.installed_apps, vec![crate::gallery::app()]].concat(),
        urls: crate::urls::urls_gallery,
        media_url: "/media/".into(),
        rest_framework: RestFramework { default_throttle_rates: rates, ..base.rest_framework },
        ..base
    }
}

/// The gallery with most defaults of the REST layer replaced.
fn house(base: Settings) -> Settings {
    let formats = |texts: [&str; 2]| texts.map(String::from).to_vec();
    Settings {
        time_zone: "Asia/Kolkata".into(),
        rest_framework: RestFramework {
            non_field_errors_key: "_all".into(),
            list_serializer_errors_as_dict: false,
            default_pagination_class: PageNumberPagination::new(2).into(),
            default_filter_backends: Filters::new(SearchFilter::default()).and(OrderingFilter::default()),
            default_versioning_class: Some(AcceptHeaderVersioning.into()),
            default_version: Some("1.0".into()),
            allowed_versions: formats(["1.0", "2.0"]),
            version_param: "v".into(),
            url_format_override: Some("fmt".into()),
            search_param: "q".into(),
            ordering_param: "sort".into(),
            url_field_name: "href".into(),
            date_format: "%d.%m.%Y".into(),
            date_input_formats: formats(["%d.%m.%Y", "iso-8601"]),
            datetime_format: "%Y-%m-%d %H:%M %z".into(),
            datetime_input_formats: formats(["iso-8601", "%d.%m.%Y %H:%M"]),
            time_format: "%H:%M".into(),
            time_input_formats: formats(["%H:%M", "%I %p"]),
            duration_format: Some("iso-8601".into()),
            exception_handler: ExceptionHandler::new(crate::gallery::house::exception_handler),
            uploaded_files_use_url: false,
            coerce_decimal_to_string: false,
            default_renderer_classes: vec![JsonRenderer.into()],
            num_proxies: Some(1),
            ..base.rest_framework
        },
        ..base
    }
}
