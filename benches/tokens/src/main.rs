//! A project whose users log in and come with tokens, for the benchmark: `tokens-server people` makes the users.
//!
//! The views differ in what they ask for: nothing, a row, a token, a token and its user. Hashes are the usual ones.

use quintet::App;
use quintet::apps::auth::models::User;
use quintet::jwt::{JWTAuthentication, JWTStatelessUserAuthentication};
use quintet::manage::{ArgMatches, Checks, Command, CommandError, Context};
use quintet::prelude::*;
use quintet::query::Assignment;
use quintet::rest::Choice;
use quintet::settings::*;

fn main() -> quintet::ExitCode {
    quintet::manage(settings)
}

fn settings(env: &Env) -> Settings {
    Settings {
        secret_key: "a-key-of-the-benchmark-that-protects-nothing-at-all".into(),
        allowed_hosts: vec!["*".into()],
        installed_apps: [quintet::apps::defaults(), vec![quintet::apps::token_blacklist(), app()]].concat(),
        database: env.database("DATABASE_URL", "sqlite://tokens.sqlite3"),
        simple_jwt: SimpleJwt { access_token_lifetime: hours(24), ..SimpleJwt::default() },
        urls,
        ..Settings::default()
    }
}

fn urls() -> Urls {
    urls![
        path("token/", TokenObtainPairView),
        path("plain/", get(plain)),
        path("open/", api_view(get(plain)).authentication(Choice::none())),
        path("row/", api_view(get(row)).authentication(Choice::none())),
        path("stateless/", api_view(get(plain)).authentication(JWTStatelessUserAuthentication)),
        path("user/", api_view(get(plain)).authentication(JWTAuthentication)),
    ]
}

async fn plain(_: &Request) -> Result<Response> {
    Ok(Response::json(&json!({"message": "Hello, World!"})))
}

/// What a user costs that nobody had to be asked for: a row by its key.
async fn row(request: &Request) -> Result<Response> {
    User::objects().filter(|user| user.id().eq(1)).first(request).await?.or_404()?;
    plain(request).await
}

fn app() -> App {
    App {
        label: "tokens",
        source: file!(),
        module: module_path!(),
        models: vec![],
        managers: vec![],
        migrations: None,
        urls: None,
        commands: vec![PEOPLE],
        checks: vec![],
        signals: vec![],
    }
}

const PEOPLE: Command =
    Command { name: "people", about: "Make users", args: |command| command, checks: Checks::Configured, run: people };

fn people(context: &Context<'_>, _: &ArgMatches) -> std::result::Result<(), CommandError> {
    let db = quintet::database(&context.settings).map_err(CommandError::new)?;
    context.block_on(async {
        let values = vec![Assignment::named("username", "ann"), Assignment::named("password", "pw")];
        User::create_user((&db).into(), values).await.map(drop).map_err(|error| CommandError::new(error.to_string()))
    })?
}
