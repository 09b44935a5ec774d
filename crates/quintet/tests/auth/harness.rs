//! Scratch databases with the users of the recordings, and a client of a site upon them.

use std::sync::atomic::{AtomicU32, Ordering};

use quintet::apps::auth::models::User;
use quintet::apps::token_families::views::{TokenSessionView, TokenSessionsView};
use quintet::jwt::SigningKey;
use quintet::migrations::{Migration, Operation};
use quintet::prelude::*;
use quintet::rest::{ApiView, IsAuthenticated, Methods};
use quintet::settings::{Algorithm, DatabaseUrl, Duration, PasswordHasher, RestFramework, Settings, SimpleJwt};
use quintet::testing::Client;
use quintet::{App, apps};
use quintet_core::schema::ProjectState;
use quintet_core::sql::{Action, forwards};
use quintet_db::Connection as _;

use crate::scratch::Scratch;

static COUNT: AtomicU32 = AtomicU32::new(0);

/// What signs the recorded tokens.
pub const SECRET: &str = "oracle-secret-key-0123456789-abcdefghijklmnopqrstuvwxyz-XYZ";

/// The password of everybody in the recordings.
pub const PASSWORD: &str = "S3cret-pass!";

/// The public key of RFC 8037, as a JWK has it.
pub const PUBLIC: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

/// The same in PEM.
pub const PUBLIC_PEM: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
-----END PUBLIC KEY-----
";

/// The private key that belongs to it, in PEM.
pub const PRIVATE_PEM: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
";

/// The same, to sign with.
pub fn private_key() -> SigningKey {
    let private = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "d": private, "x": PUBLIC });
    SigningKey::from_jwk(Algorithm::EdDSA, &jwk.to_string()).expect("a key")
}

/// A database with users, and what a site needs.
pub struct Kit {
    /// The database.
    pub db: Database,
    /// The settings.
    pub settings: Settings,
}

/// The apps of the recordings' larger profiles.
pub fn apps() -> Vec<App> {
    vec![apps::contenttypes(), apps::auth(), apps::token_blacklist(), apps::token_families()]
}

/// Tokens that are rotated, each good once.
pub fn rotating() -> SimpleJwt {
    SimpleJwt {
        access_token_lifetime: Duration::from_secs(30 * 60),
        rotate_refresh_tokens: true,
        blacklist_after_rotation: true,
        update_last_login: true,
        ..SimpleJwt::default()
    }
}

/// Sessions with everything that makes them safer.
pub fn families() -> SimpleJwt {
    SimpleJwt {
        token_families: true,
        reuse_interval: Duration::from_secs(10),
        family_lifetime: Some(Duration::from_secs(30 * 24 * 3600)),
        check_token_family: true,
        revoke_on_password_change: true,
        ..rotating()
    }
}

/// A client of a site whose hashes cost nothing.
pub fn cheap(kit: &Kit, simple_jwt: SimpleJwt) -> Client {
    let mut settings = Settings { simple_jwt, ..kit.settings.clone() };
    settings.auth.password_hashers = vec![PasswordHasher::Md5];
    Client::of(settings)
}

/// Runs a test on each database that there is.
pub async fn each(test: impl AsyncFn(&Kit)) {
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("quintet_auth_{}_{number}", std::process::id());
    run(&Scratch::new().url(), &test).await;
    if let Ok(server) = std::env::var("QUINTET_TEST_POSTGRES") {
        let url = DatabaseUrl::parse("DATABASE_URL", &server).expect("a URL");
        let admin = Database::connect(&url, std::path::Path::new("/"));
        admin.script(&format!("CREATE DATABASE {name}")).await.expect("a scratch database");
        run(&server.replacen("/postgres?", &format!("/{name}?"), 1), &test).await;
        admin.script(&format!("DROP DATABASE {name} WITH (FORCE)")).await.expect("the scratch database goes");
    }
}

async fn run(url: &str, test: &impl AsyncFn(&Kit)) {
    let settings = settings(url, apps());
    let db = quintet::database(&settings).expect("a database");
    fill(&db).await;
    test(&Kit { db, settings }).await;
}

/// Settings of a site upon a database.
pub fn settings(url: &str, installed_apps: Vec<App>) -> Settings {
    Settings {
        secret_key: SECRET.into(),
        allowed_hosts: vec!["*".to_owned()],
        database: DatabaseUrl::parse("DATABASE_URL", url).expect("a URL of the test's own"),
        installed_apps,
        urls,
        rest_framework: RestFramework {
            default_authentication_classes: vec![quintet::jwt::JWTAuthentication.into()],
            default_permission_classes: IsAuthenticated.into(),
            ..RestFramework::default()
        },
        ..Settings::default()
    }
}

fn urls() -> Urls {
    urls![
        path("api/token/", TokenObtainPairView, name = "get_token"),
        path("api/token/refresh/", TokenRefreshView, name = "refresh"),
        path("api/token/verify/", TokenVerifyView, name = "verify"),
        path("api/token/blacklist/", TokenBlacklistView, name = "blacklist"),
        path("api/sliding/", TokenObtainSlidingView, name = "sliding"),
        path("api/sliding/refresh/", TokenRefreshSlidingView, name = "sliding-refresh"),
        path("api/notes/", NoteView, name = "notes"),
        path("api/sessions/", TokenSessionsView, name = "sessions"),
        path("api/sessions/<str:id>/", TokenSessionView, name = "session"),
    ]
}

struct NoteView;

impl ApiView for NoteView {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::list);
    }
}

impl NoteView {
    async fn list(&self, request: &Request) -> Result<Response> {
        Ok(Response::json(&json!([request.user().username()])))
    }
}

async fn fill(db: &Database) {
    let state = quintet::registry::project_state(&apps(), "auth.User");
    let order = [
        ("contenttypes", "ContentType"),
        ("auth", "Permission"),
        ("auth", "Group"),
        ("auth", "User"),
        ("token_blacklist", "OutstandingToken"),
        ("token_blacklist", "BlacklistedToken"),
        ("token_families", "TokenFamily"),
        ("token_families", "FamilyToken"),
    ];
    let mut before = ProjectState::new("auth.User");
    for (app, name) in order {
        let model = state.model(app, name).expect("a model of ours");
        let create = Operation::CreateModel {
            name: model.name.clone(),
            fields: model.fields.clone(),
            options: model.options.clone(),
            bases: model.bases.clone(),
            managers: vec![],
        };
        let migration = Migration { app: app.to_owned(), ..Migration::new("0001_initial").operations(vec![create]) };
        let steps = forwards(db.dialect(), &migration, &before, "2024-01-01 00:00:00").expect("tables");
        for step in steps {
            if let Action::Sql(sql) = step.action {
                db.script(&sql).await.expect("a table");
            }
        }
        before.add(model.clone());
    }
    for (name, active) in [("alice", true), ("bob", true), ("carol", false), ("root", true)] {
        // A cheap hash: what it costs is tested where it is made.
        let password = "md5$saltSALTsaltSALTsalt12$1c9225ab2112aac5065f5b0e5241b8cb";
        create!(db, User { username: name, password, is_active: active }).await.expect("a user");
    }
    db.script("UPDATE auth_user SET is_superuser = TRUE WHERE username = 'root'").await.expect("a superuser");
}
