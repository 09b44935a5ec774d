//! Authentication backends: who is asked whether credentials are right and what users may do, in order, at every door.

use std::sync::{Arc, Mutex};

use quintet::apps::auth::models::{Permission as Right, User};
use quintet::apps::authtoken::ObtainAuthToken;
use quintet::auth::{
    Account, AllowAllUsersModelBackend, Asker, AuthBackend, Credentials, LoginView, ModelBackend, authenticate_by,
    find, login,
};
use quintet::prelude::*;
use quintet::query::Assignment;
use quintet::rest::{AnyUser as _, Authenticator, Choice, Object};
use quintet::settings::*;
use quintet::testing::{Client, TestData, TestResponse};

const PASSWORD: &str = "S3cret-pass!";
const MODEL: &str = "django.contrib.auth.backends.ModelBackend";
const ALL: &str = "django.contrib.auth.backends.AllowAllUsersModelBackend";

/// What was asked of whom.
type Log = Arc<Mutex<Vec<String>>>;

/// A directory of people, who become users when they first log in: all with the password `directory`, but bob, who shall
/// not be let in, and eve, at whose name it fails. A header names its door.
struct Directory {
    log: Log,
}

impl AuthBackend for Directory {
    fn path(&self) -> &str {
        "staff.backends.Directory"
    }

    async fn authenticate(&self, asker: Asker<'_>, credentials: &Credentials<'_>) -> Result<Option<Account>> {
        let door = asker.request().and_then(|request| request.header("x-door")).unwrap_or("no door".into());
        let said = format!("{door}: {credentials:?}");
        self.log.lock().unwrap().push(said);
        match (credentials.username(), credentials.password(), credentials.get("badge")) {
            (Some("bob"), ..) => Err(Error::permission_denied()),
            (Some("eve"), ..) => Err(Error::unexpected("the directory is down")),
            (Some(name), Some("directory"), _) | (None, None, Some(name)) => {
                if let Some(known) = find(asker.db(), "username", name.into()).await? {
                    return Ok(Some(known));
                }
                User::create_user(asker.db(), vec![Assignment::named("username", name)]).await?;
                find(asker.db(), "username", name.into()).await
            }
            _ => Ok(None),
        }
    }

    /// Its sessions end when somebody leaves.
    fn user_can_authenticate(&self, user: &Account) -> bool {
        user.is_active() && user.text("last_name") != "gone"
    }

    async fn has_perm(&self, _: Db<'_>, user: &Account, permission: &str, object: Option<Object<'_>>) -> Result<bool> {
        match (permission, object.and_then(Object::get::<String>)) {
            ("desk.denied" | "auth.add_group", None) => Err(Error::permission_denied()),
            (_, Some(owner)) => Ok(owner == user.username()),
            ("desk.given", None) => Ok(true),
            _ => Ok(false),
        }
    }

    async fn all_permissions(
        &self,
        _: Db<'_>,
        _: &Account,
        _: Option<Object<'_>>,
    ) -> Result<quintet::auth::Permissions> {
        Ok(Arc::new(["desk.given".to_owned()].into()))
    }
}

/// Asked last; notes that it is.
struct Last {
    log: Log,
}

impl AuthBackend for Last {
    fn path(&self) -> &str {
        "staff.backends.Last"
    }

    async fn authenticate(&self, _: Asker<'_>, _: &Credentials<'_>) -> Result<Option<Account>> {
        self.log.lock().unwrap().push("last".to_owned());
        Ok(None)
    }
}

async fn badge(request: &Request) -> Result<Response> {
    let badge = request.header("x-badge").unwrap_or_default();
    let credentials = Credentials::new().with("badge", badge);
    match authenticate_by(request.into(), &credentials).await? {
        Some(user) => {
            login(request, &user).await?;
            Ok(Response::text(user.backend().unwrap_or_default().to_owned()))
        }
        None => Ok(Response::text("nobody")),
    }
}

/// Logs ann in, whom no backend gave; by the one that is named.
async fn planted(request: &Request) -> Result<Response> {
    let ann = find(request.into(), "username", "ann".into()).await?.or_404()?;
    let ann = match request.header("x-backend") {
        Some(path) => ann.with_backend(&path),
        None => ann,
    };
    login(request, &ann).await?;
    Ok(Response::text("in"))
}

async fn me(request: &Request) -> Result<Response> {
    let path: Option<String> = request.session()?.get("_auth_user_backend").await?;
    Ok(Response::json(&json!([request.user().username(), path])))
}

async fn rights(request: &Request) -> Result<Response> {
    let user = request.user();
    let mut told = vec![];
    for permission in ["desk.given", "desk.denied", "auth.add_group", "auth.view_group", "desk.other"] {
        if user.has_perm(request, permission).await? {
            told.push(permission);
        }
    }
    let mut owned = vec![];
    for owner in ["ann", "root"].map(str::to_owned) {
        if user.has_object_perm(request, "desk.any", Object::new(&owner)).await? {
            owned.push(owner);
        }
    }
    let identity = user.identity().or_404()?;
    let account = identity.as_any().downcast_ref::<Account>().or_404()?;
    let all: Vec<String> = account.permissions(request.into()).await?.iter().cloned().collect();
    Ok(Response::json(&json!({ "has": told, "owns": owned, "all": all })))
}

struct Desk;

impl ApiView for Desk {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::show);
    }

    fn authentication(&self) -> Choice<Authenticator> {
        vec![BasicAuthentication::default().into()].into()
    }

    fn permissions(&self) -> Permission {
        IsAuthenticated.into()
    }
}

impl Desk {
    async fn show(&self, request: &Request) -> Result<Response> {
        Ok(Response::text(request.user().username().to_owned()))
    }
}

fn urls() -> Urls {
    urls![
        path("login/", LoginView::default()),
        path("jwt/", TokenObtainPairView),
        path("token/", ObtainAuthToken),
        path("desk/", Desk),
        path("badge/", get(badge)),
        path("planted/", get(planted)),
        path("me/", get(me)),
        path("rights/", get(rights)),
    ]
}

fn settings(url: &str) -> Settings {
    Settings {
        secret_key: crate::harness::SECRET.into(),
        allowed_hosts: vec!["testserver".into()],
        installed_apps: [quintet::apps::defaults(), vec![quintet::apps::authtoken()]].concat(),
        database: DatabaseUrl::parse("DATABASE_URL", url).expect("a URL"),
        middleware: vec![SessionMiddleware.into(), AuthenticationMiddleware.into()],
        auth: Auth { password_hashers: vec![PasswordHasher::Md5], ..Auth::default() },
        urls,
        ..Settings::default()
    }
}

fn sqlite(_: &Env) -> Settings {
    settings("sqlite:///nowhere/at/all/db.sqlite3")
}

fn postgres(env: &Env) -> Settings {
    settings(&env.text::<String>("QUINTET_TEST_POSTGRES", ""))
}

/// A client of a site with the directory, the model backend and the last one, and what they are asked; on each database
/// that there is.
async fn each(test: impl AsyncFn(Client, Log) -> Result<()>) -> Result<()> {
    let mut projects: Vec<fn(&Env) -> Settings> = vec![sqlite];
    if std::env::var_os("QUINTET_TEST_POSTGRES").is_some() {
        projects.push(postgres);
    }
    for project in projects {
        let log = Log::default();
        let backends =
            vec![Directory { log: log.clone() }.into(), ModelBackend.into(), Last { log: log.clone() }.into()];
        let client = Client::with_database(project).with_settings(|settings| settings.auth.backends = backends);
        for (name, is_active) in [("ann", true), ("bob", true), ("carol", false), ("root", true)] {
            let values = vec![
                Assignment::named("username", name),
                Assignment::named("password", PASSWORD),
                Assignment::named("is_active", is_active),
                Assignment::named("is_superuser", name == "root"),
            ];
            User::create_user(client.db().into(), values).await?;
        }
        test(client, log).await?;
    }
    Ok(())
}

/// A client that has seen nothing yet, of the same site.
fn fresh(client: &Client) -> Client {
    client.clone().with_cookie("sessionid", "")
}

async fn by_form(client: &Client, name: &str, password: &str) -> TestResponse {
    let form = TestData::form([("username", name), ("password", password)]);
    client.post("/login/", form).header("x-door", "form").await
}

/// Who is in, and by which backend.
async fn who(client: &Client) -> Value {
    client.get("/me/").await.assert_status(200).json()
}

#[quintet::test]
async fn the_first_backend_that_knows_somebody_wins_and_its_name_stands_in_the_session() -> Result<()> {
    each(async |client, log| {
        let taken = || std::mem::take(&mut *log.lock().unwrap());
        for (name, password, path) in [
            ("dana", "directory", "staff.backends.Directory"),
            ("ann", "directory", "staff.backends.Directory"),
            ("ann", PASSWORD, MODEL),
        ] {
            let client = fresh(&client);
            assert_eq!(by_form(&client, name, password).await.status(), 302, "{name}");
            assert_eq!(who(&client).await, json!([name, path]));
            assert_eq!(taken(), [r#"form: {"username", "password"}"#], "who comes after it is not asked");
        }
        let client = fresh(&client);
        let refused = by_form(&client, "ann", "wrong").await;
        assert!(refused.assert_status(200).text().contains("Please enter a correct username and password."));
        assert_eq!(taken(), [r#"form: {"username", "password"}"#, "last"]);
        assert_eq!(who(&client).await, json!(["", null]));
        Ok(())
    })
    .await
}

#[quintet::test]
async fn every_door_asks_the_backends() -> Result<()> {
    each(async |client, log| {
        let basic = |name: &str, password: &str| {
            let header = quintet_core::python::base64::encode(format!("{name}:{password}").as_bytes());
            client.get("/desk/").header("authorization", &format!("Basic {header}")).header("x-door", "basic")
        };
        let posted = |path: &str, name: &str, password: &str| {
            let body = json!({ "username": name, "password": password });
            client.post(path, body).header("x-door", path)
        };
        assert_eq!(basic("dana", "directory").await.assert_status(200).text(), "dana");
        posted("/jwt/", "dana", "directory").await.assert_status(200);
        posted("/token/", "dana", "directory").await.assert_status(200);
        let doors: Vec<String> =
            log.lock().unwrap().iter().filter_map(|said| Some(said.split_once(": ")?.0.into())).collect();
        assert_eq!(doors, ["basic", "/jwt/", "/token/"]);
        // Bob's password is right, but a backend before the model's refuses him outright.
        log.lock().unwrap().clear();
        basic("bob", PASSWORD).await.assert_status(401);
        posted("/jwt/", "bob", PASSWORD).await.assert_status(401);
        posted("/token/", "bob", PASSWORD).await.assert_status(400);
        assert!(by_form(&client, "bob", PASSWORD).await.assert_status(200).text().contains("Please enter a correct"));
        assert_eq!(log.lock().unwrap().len(), 4, "nobody else is asked");
        // Who fails does not refuse.
        posted("/jwt/", "eve", PASSWORD).await.assert_status(500);
        Ok(())
    })
    .await
}

#[quintet::test]
async fn credentials_of_another_kind_are_for_those_who_know_them() -> Result<()> {
    each(async |client, log| {
        let answer = client.get("/badge/").header("x-badge", "ann").await;
        assert_eq!(answer.assert_status(200).text(), "staff.backends.Directory");
        assert_eq!(who(&client).await, json!(["ann", "staff.backends.Directory"]));
        let client = client.with_settings(|settings| drop(settings.auth.backends.remove(0)));
        log.lock().unwrap().clear();
        assert_eq!(client.get("/badge/").header("x-badge", "ann").await.text(), "nobody");
        assert_eq!(*log.lock().unwrap(), ["last"], "the model backend asks for a name and a password, and went by");
        Ok(())
    })
    .await
}

#[quintet::test]
async fn a_session_is_the_backends_that_began_it() -> Result<()> {
    each(async |client, _| {
        by_form(&client, "ann", "directory").await.assert_status(302);
        let without = client.clone().with_settings(|settings| drop(settings.auth.backends.remove(0)));
        assert_eq!(who(&without).await, json!(["", "staff.backends.Directory"]), "anonymous, and not forgotten");
        assert_eq!(who(&client).await[0], "ann");
        // The directory says who stays in; the model backend knows nothing of that.
        let by_model = fresh(&client);
        by_form(&by_model, "ann", PASSWORD).await.assert_status(302);
        let ann = User::objects().filter(|user| user.username().eq("ann"));
        ann.update(client.db(), |user| user.last_name().set("gone")).await?;
        assert_eq!((who(&client).await[0].clone(), who(&by_model).await[0].clone()), (json!(""), json!("ann")));
        Ok(())
    })
    .await
}

#[quintet::test]
async fn who_was_given_by_no_backend_needs_the_name_of_one_of_several() -> Result<()> {
    each(async |client, _| {
        client.get("/planted/").await.assert_status(500);
        client.get("/planted/").header("x-backend", MODEL).await.assert_status(200);
        assert_eq!(who(&client).await, json!(["ann", MODEL]));
        let one = fresh(&client).with_settings(|settings| settings.auth.backends.truncate(1));
        one.get("/planted/").await.assert_status(200);
        assert_eq!(who(&one).await, json!(["ann", "staff.backends.Directory"]));
        let none = fresh(&client).with_settings(|settings| settings.auth.backends.clear());
        by_form(&none, "ann", PASSWORD).await.assert_status(500);
        Ok(())
    })
    .await
}

#[quintet::test]
async fn a_permission_is_what_any_backend_gives_before_one_forbids_it() -> Result<()> {
    each(async |client, _| {
        let ann = User::objects().filter(|user| user.username().eq("ann")).get(client.db()).await?;
        let stored = Right::objects().filter(|right| right.codename().is_in(["add_group", "view_group"]));
        let stored = stored.all(client.db()).await?;
        ann.user.permissions.user_permissions.add(client.db(), &stored).await?;
        by_form(&client, "ann", PASSWORD).await.assert_status(302);
        let wanted = json!({
            "has": ["desk.given", "auth.view_group"],
            "owns": ["ann"],
            "all": ["auth.add_group", "auth.view_group", "desk.given"],
        });
        assert_eq!(client.get("/rights/").await.assert_status(200).json(), wanted);
        // Nobody is asked about who has all.
        by_form(&client, "root", PASSWORD).await.assert_status(302);
        let told = client.get("/rights/").await.json();
        assert_eq!(told["has"].as_array().map(Vec::len), Some(5));
        assert_eq!(told["owns"], json!(["ann", "root"]));
        // The model backend by itself: no permission is for one row.
        let alone = fresh(&client).with_settings(|settings| settings.auth.backends = vec![ModelBackend.into()]);
        by_form(&alone, "ann", PASSWORD).await.assert_status(302);
        let wanted = json!({
            "has": ["auth.add_group", "auth.view_group"],
            "owns": [],
            "all": ["auth.add_group", "auth.view_group"],
        });
        assert_eq!(alone.get("/rights/").await.json(), wanted);
        Ok(())
    })
    .await
}

#[quintet::test]
async fn who_is_not_active_is_a_user_to_the_backend_that_takes_all() -> Result<()> {
    each(async |client, _| {
        let both = client.clone().with_settings(|settings| {
            settings.auth.backends = vec![ModelBackend.into(), AllowAllUsersModelBackend.into()];
        });
        assert!(
            by_form(&both, "carol", PASSWORD).await.assert_status(200).text().contains("This account is inactive.")
        );
        assert!(by_form(&client, "carol", PASSWORD).await.text().contains("Please enter a correct"));
        // A session of theirs is hers as long as that backend is asked.
        User::objects().filter(|user| user.username().eq("ann")).update(both.db(), |u| u.is_active().set(true)).await?;
        both.get("/planted/").header("x-backend", ALL).await.assert_status(200);
        User::objects()
            .filter(|user| user.username().eq("ann"))
            .update(both.db(), |u| u.is_active().set(false))
            .await?;
        assert_eq!(who(&both).await, json!(["ann", ALL]));
        both.get("/planted/").header("x-backend", MODEL).await.assert_status(200);
        assert_eq!(who(&both).await, json!(["", MODEL]));
        Ok(())
    })
    .await
}
