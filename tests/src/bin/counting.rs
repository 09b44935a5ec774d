//! A project whose processes count together, for the tests of what they share: throttles in the cache of `CACHE_URL`.

use quintet::apps;
use quintet::cache::Timeout;
use quintet::jwt::TokenObtainPairView;
use quintet::prelude::*;
use quintet::rest::throttle::LoginThrottle;
use quintet::settings::*;

fn main() -> quintet::ExitCode {
    quintet::manage(settings)
}

fn settings(env: &Env) -> Settings {
    let rates = [("few", "50/hour"), ("login", "3/hour"), ("login_address", "5/hour"), ("login_account", "20/hour")];
    Settings {
        secret_key: "a-key-for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz".into(),
        allowed_hosts: vec!["localhost".into(), "127.0.0.1".into()],
        installed_apps: vec![apps::auth(), apps::contenttypes()],
        database: env.database("DATABASE_URL", "sqlite::memory:"),
        caches: [("default".to_owned(), env.cache("CACHE_URL", "memory://"))].into(),
        atomic_requests: env.flag("ATOMIC_REQUESTS", false),
        urls,
        rest_framework: RestFramework {
            default_throttle_rates: rates.map(|(scope, rate)| (scope.to_owned(), rate.to_owned())).into(),
            num_proxies: Some(1),
            ..RestFramework::default()
        },
        ..Settings::default()
    }
}

fn urls() -> Urls {
    urls![path("few/", Few), path("refused/", Refused), path("login/", Login), path("token/", TokenObtainPairView)]
}

/// Fifty times an hour.
struct Few;

impl ApiView for Few {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::show);
    }

    fn throttles(&self) -> Throttles {
        ScopedRateThrottle.into()
    }

    fn throttle_scope(&self) -> Option<&'static str> {
        Some("few")
    }
}

impl Few {
    async fn show(&self, _: &Request) -> Result<Response> {
        Ok(Response::json(&json!("here")))
    }
}

/// The same, and answers with a refusal, which undoes the transaction of the request.
struct Refused;

impl ApiView for Refused {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::show);
    }

    fn throttles(&self) -> Throttles {
        ScopedRateThrottle.into()
    }

    fn throttle_scope(&self) -> Option<&'static str> {
        Some("few")
    }
}

impl Refused {
    async fn show(&self, request: &Request) -> Result<Response> {
        // What a request keeps in the cache goes with its transaction.
        request.cache("default")?.set("kept", &1, Timeout::Default).await?;
        Err(Error::invalid("no"))
    }
}

/// Logs nobody in.
struct Login;

impl ApiView for Login {
    fn methods(on: &mut Methods<Self>) {
        on.post(Self::log_in);
    }

    fn throttles(&self) -> Throttles {
        LoginThrottle.into()
    }
}

impl Login {
    async fn log_in(&self, _: &Request) -> Result<Response> {
        Err(Error::authentication_failed("no"))
    }
}
