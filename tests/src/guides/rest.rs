//! What the examples of the guides about the REST layer share: models with users, serializers, and a site with rows.
//!
//! Each example gives `site(..)` its routes and asks them with a client, and is a test.
#![allow(missing_docs)] // Models as a project writes them.

use quintet::apps;
use quintet::apps::auth::models::User;
use quintet::migrations::{
    Migration, OnDelete, big_auto, boolean, char, create_model, date_time, foreign_key, many_to_many, options, text,
    user_model,
};
use quintet::prelude::*;
use quintet::query::Assignment;
use quintet::settings::*;
use quintet::testing::Client;

/// What notes are about.
#[derive(Model, Debug, Clone, PartialEq)]
pub struct Tag {
    pub id: BigAuto,
    #[field(max_length = 30, unique)]
    pub label: String,
}

/// What is written.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(ordering = ["id"])]
pub struct Note {
    pub id: BigAuto,
    #[field(max_length = 100)]
    pub title: String,
    #[field(blank)]
    pub content: Text,
    #[field(default = false)]
    pub archived: bool,
    #[field(auto_now_add)]
    pub created_at: DateTime,
    #[field(on_delete = cascade, related_name = "notes")]
    pub author: ForeignKey<User>,
    #[field(blank, related_name = "notes")]
    pub tags: ManyToMany<Tag>,
}

quintet::app! { api, models = [Tag, Note], migrations = vec![tables()] }

#[derive(Serializer)]
#[serializer(model = Note, fields(id, title, content, author), read_only(author))]
pub struct NoteSerializer;

/// The password of everybody.
pub const PASSWORD: &str = "S3cret-pass!";

/// Runs an example on a site with these routes: Ann has two notes, Bob has one, Root may do everything.
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
        fill(client.db()).await?;
        example(&client).await
    });
    if let Err(error) = done {
        panic!("{error}");
    }
}

/// The client as one of the users.
///
/// # Panics
/// Where there is no such user.
pub async fn by(client: &Client, name: &str) -> Client {
    let user = User::objects().filter(|user| user.username().eq(name)).get(client.db()).await.expect("a user");
    client.clone().force_authenticate(&user)
}

fn settings(_: &Env) -> Settings {
    Settings {
        secret_key: "a secret of the guides, which signs their tokens and nothing else".into(),
        installed_apps: vec![
            apps::contenttypes(),
            apps::auth(),
            apps::token_blacklist(),
            apps::token_families(),
            app(),
        ],
        auth: Auth { password_hashers: vec![PasswordHasher::Md5], ..Auth::default() },
        rest_framework: RestFramework {
            default_authentication_classes: vec![JWTAuthentication.into()],
            default_permission_classes: IsAuthenticated.into(),
            ..RestFramework::default()
        },
        ..Settings::default()
    }
}

fn tables() -> Migration {
    let tag = vec![("id", big_auto().primary_key()), ("label", char(30).unique())];
    let note = vec![
        ("id", big_auto().primary_key()),
        ("title", char(100)),
        ("content", text().blank()),
        ("archived", boolean().with_default(false)),
        ("created_at", date_time().auto_now_add()),
        ("author", foreign_key(user_model(), OnDelete::Cascade).related_name("notes")),
        ("tags", many_to_many("api.Tag").blank().related_name("notes")),
    ];
    let note = create_model("Note", note, options().ordering(&["id"]));
    let tables = vec![create_model("Tag", tag, options()), note];
    Migration::new("0001_initial").initial().depends_on_user_model().operations(tables)
}

async fn fill(db: &Database) -> Result<()> {
    let password = "md5$saltSALTsaltSALTsalt12$1c9225ab2112aac5065f5b0e5241b8cb";
    let ann = create!(db, User { username: "ann", password }).await?;
    let bob = create!(db, User { username: "bob", password }).await?;
    User::create_superuser(db.into(), vec![Assignment::named("username", "root")]).await?;
    let hello = create!(db, Note { title: "Hello", author: &ann }).await?;
    create!(db, Note { title: "Shopping", author: &ann }).await?;
    create!(db, Note { title: "Second thoughts", author: &bob, archived: true }).await?;
    let new = create!(db, Tag { label: "new" }).await?;
    hello.tags.add(db, [&new]).await?;
    Ok(())
}
