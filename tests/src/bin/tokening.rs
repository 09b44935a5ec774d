//! A project that gives tokens out, for the tests of many who ask for one successor at once.
//!
//! `FAMILIES` says for how many seconds a refresh may be repeated; without it there are no sessions.

use quintet::App;
use quintet::apps::auth::models::User;
use quintet::manage::{ArgMatches, Checks, Command, CommandError, Context};
use quintet::prelude::*;
use quintet::query::Assignment;
use quintet::settings::*;

fn main() -> quintet::ExitCode {
    quintet::manage(settings)
}

fn settings(env: &Env) -> Settings {
    let interval: String = env.text("FAMILIES", "");
    let rotating = SimpleJwt { rotate_refresh_tokens: true, blacklist_after_rotation: true, ..SimpleJwt::default() };
    let simple_jwt = match interval.parse() {
        Ok(interval) => SimpleJwt { token_families: true, reuse_interval: seconds(interval), ..rotating },
        Err(_) => rotating,
    };
    let list = [quintet::apps::token_blacklist(), quintet::apps::token_families(), app()];
    Settings {
        secret_key: "a-key-for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz".into(),
        allowed_hosts: vec!["localhost".into()],
        installed_apps: [quintet::apps::defaults(), list.to_vec()].concat(),
        database: env.database("DATABASE_URL", "sqlite::memory:"),
        auth: Auth { password_hashers: hashers(env.flag("REAL_HASHES", false)), ..Auth::default() },
        simple_jwt,
        urls,
        ..Settings::default()
    }
}

/// The usual ones, or one that costs nothing.
fn hashers(is_real: bool) -> Vec<PasswordHasher> {
    if is_real { PasswordHasher::defaults() } else { vec![PasswordHasher::Md5] }
}

fn urls() -> Urls {
    urls![
        path("api/token/", TokenObtainPairView),
        path("api/token/refresh/", TokenRefreshView),
        path("api/plain/", get(plain)),
    ]
}

async fn plain(_: &Request) -> Result<Response> {
    Ok(Response::text("plain"))
}

fn app() -> App {
    App {
        label: "tokening",
        source: file!(),
        module: module_path!(),
        models: vec![],
        migrations: None,
        urls: None,
        commands: vec![PEOPLE],
        checks: vec![],
        signals: vec![],
        managers: vec![],
    }
}

/// Makes the users.
const PEOPLE: Command =
    Command { name: "people", about: "Make users", args: |command| command, checks: Checks::Configured, run: people };

fn people(context: &Context<'_>, _: &ArgMatches) -> Result<(), CommandError> {
    let db = quintet::database(&context.settings).map_err(CommandError::new)?;
    context.block_on(async {
        for (name, password, is_active) in
            [("ann", Some("pw"), true), ("carol", Some("pw"), false), ("ulla", None, true)]
        {
            let mut values = vec![Assignment::named("username", name), Assignment::named("is_active", is_active)];
            values.extend(password.map(|password| Assignment::named("password", password)));
            User::create_user((&db).into(), values).await.expect("a user");
        }
    })
}
