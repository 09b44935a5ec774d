//! The oracle's six profiles, in code.

use quintet::apps;
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
        ..Settings::default()
    };
    match profile.as_str() {
        "seed" => seed(base),
        // The token and throttle settings in which these differ from `full` join with tokens and throttles.
        "full" | "revoke" | "throttle" => full(base),
        "secure" => secure(full(base)),
        "jsononly" => json_only(full(base)),
        _ => {
            let known = "use one of seed, full, revoke, throttle, secure, jsononly";
            env.problem("PROFILE", format!("is {profile:?}, and there is no such profile"), known);
            base
        }
    }
}

/// Exactly the seed: DEBUG, any host, CORS for all, and its middleware last.
fn seed(base: Settings) -> Settings {
    Settings {
        debug: true,
        allowed_hosts: vec!["*".into()],
        middleware: vec![
            SecurityMiddleware.into(),
            CommonMiddleware.into(),
            XFrameOptionsMiddleware.into(),
            CorsMiddleware.into(),
        ],
        cors: Cors { allow_all_origins: true, ..Cors::default() },
        ..base
    }
}

/// Everything that the oracle probes: strict hosts and CORS, DEBUG off.
fn full(base: Settings) -> Settings {
    Settings {
        installed_apps: [base.installed_apps, vec![apps::token_blacklist(), crate::shop::app()]].concat(),
        urls: crate::urls::urls_full,
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
        ..base
    }
}

/// A hardened deployment.
fn secure(base: Settings) -> Settings {
    Settings {
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
        middleware: vec![
            GZipMiddleware.into(),
            ConditionalGetMiddleware.into(),
            SecurityMiddleware.into(),
            CommonMiddleware.into(),
            XFrameOptionsMiddleware.into(),
        ],
        http: Http { append_slash: false, ..Http::default() },
        ..base
    }
}
