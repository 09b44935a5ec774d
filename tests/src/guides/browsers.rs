//! What the examples of the guides about sessions share: a site whose browsers are remembered, and its users.
//!
//! Each example gives `site(..)` its routes and asks them with a client, and is a test.

use quintet::apps;
use quintet::apps::auth::models::User;
use quintet::prelude::*;
use quintet::query::Assignment;
use quintet::settings::*;
use quintet::testing::Client;

/// The password of everybody.
pub const PASSWORD: &str = "S3cret-pass!";

/// Runs an example on a site with these routes, and a user Ann.
///
/// # Panics
/// Where the example fails.
#[track_caller]
pub fn site(urls: fn() -> Urls, example: impl AsyncFnOnce(&Client) -> Result<()>) {
    site_with(urls, |_| {}, example);
}

/// The same with settings of its own.
///
/// # Panics
/// Where the example fails.
#[track_caller]
pub fn site_with(
    urls: fn() -> Urls,
    change: impl FnOnce(&mut Settings),
    example: impl AsyncFnOnce(&Client) -> Result<()>,
) {
    let done = quintet::testing::block_on(async {
        let client = Client::with_database(settings).with_settings(|settings| {
            settings.urls = urls;
            change(settings);
        });
        let ann = [("username", "ann"), ("password", PASSWORD)];
        let ann = ann.map(|(name, value)| Assignment::named(name, value)).to_vec();
        User::create_user(client.db().into(), ann).await?;
        example(&client).await
    });
    if let Err(error) = done {
        panic!("{error}");
    }
}

fn settings(_: &Env) -> Settings {
    Settings {
        secret_key: "a secret of the guides, which signs their sessions and nothing else".into(),
        installed_apps: vec![apps::contenttypes(), apps::auth(), apps::sessions(), apps::authtoken()],
        middleware: vec![
            SecurityMiddleware.into(),
            SessionMiddleware.into(),
            CommonMiddleware.into(),
            CsrfViewMiddleware.into(),
            AuthenticationMiddleware.into(),
        ],
        auth: Auth { password_hashers: vec![PasswordHasher::Md5], ..Auth::default() },
        ..Settings::default()
    }
}
