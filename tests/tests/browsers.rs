//! One database and one key, two servers: what the reference remembers of a browser we know, and it knows what we remember.
//!
//! The reference itself runs upon the databases of these tests: its sessions, its cookies, its log-ins.

use quintet::apps::{self, authtoken::ObtainAuthToken};
use quintet::auth;
use quintet::prelude::*;
use quintet::rest::Choice;
use quintet::settings::*;
use quintet::signing;
use quintet::testing::{Client, TestData, block_on};
use quintet_tests::databases::{Scratch, each};
use quintet_tests::django;

/// As the reference's project has it.
const SECRET_KEY: &str = "oracle-secret-key-0123456789-abcdefghijklmnopqrstuvwxyz-XYZ";
const PASSWORD: &str = "S3cret-pass!";

fn settings(database: &Scratch, engine: SessionEngine) -> Settings {
    Settings {
        secret_key: SECRET_KEY.into(),
        allowed_hosts: vec!["testserver".into()],
        database: DatabaseUrl::parse("DATABASE_URL", &database.url).expect("a URL of the test's own"),
        installed_apps: [apps::defaults(), vec![apps::authtoken()]].concat(),
        middleware: vec![SessionMiddleware.into(), CsrfViewMiddleware.into(), AuthenticationMiddleware.into()],
        sessions: Sessions { engine, ..Sessions::default() },
        auth: Auth { password_hashers: vec![PasswordHasher::Pbkdf2 { iterations: 1000 }], ..Auth::default() },
        rest_framework: RestFramework {
            default_authentication_classes: vec![SessionAuthentication.into()],
            ..RestFramework::default()
        },
        urls,
        ..Settings::default()
    }
}

fn urls() -> Urls {
    urls![
        path("shown/", get(shown)),
        path("kept/", post(kept).authentication(Choice::none())),
        path("who/", get(who)),
        path("enter/", get(enter)),
        path("form/", get(token).post(token)),
        path("signed/", post(signed).csrf_exempt()),
        path("opened/", post(opened).csrf_exempt()),
        path("token/", ObtainAuthToken),
        path("mine/", Mine),
    ]
}

async fn shown(request: &Request) -> Result<Response> {
    Ok(Response::data(request.session()?.values().await?))
}

async fn kept(request: &Request) -> Result<Response> {
    let data: Value = serde_json::from_slice(&request.bytes().await?)?;
    for (name, value) in data.as_object().into_iter().flatten() {
        request.session()?.set(name, value).await?;
    }
    Ok(Response::text("kept"))
}

async fn who(request: &Request) -> Result<Response> {
    Ok(Response::text(request.user().username().to_owned()))
}

async fn enter(request: &Request) -> Result<Response> {
    let user = auth::authenticate(request.into(), "ann", PASSWORD).await?.or_404()?;
    auth::login(request, &user).await?;
    Ok(Response::text("in"))
}

async fn token(request: &Request) -> Result<Response> {
    Ok(Response::text(request.csrf_token()?))
}

async fn signed(request: &Request) -> Result<Response> {
    let values: Vec<Value> = serde_json::from_slice(&request.bytes().await?)?;
    let sign = |value: &Value| signing::dumps(request.site(), "live", value, true);
    Ok(Response::json(&values.iter().map(sign).collect::<Result<Vec<String>>>()?))
}

async fn opened(request: &Request) -> Result<Response> {
    let texts: Vec<String> = serde_json::from_slice(&request.bytes().await?)?;
    let open = |text: &String| signing::loads::<Value>(request.site(), "live", text, Some(hours(1)));
    Ok(Response::json(&texts.iter().map(open).collect::<Result<Vec<Value>, _>>()?))
}

struct Mine;

impl ApiView for Mine {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::show);
    }

    fn authentication(&self) -> Choice<quintet::rest::Authenticator> {
        TokenAuthentication::default().into()
    }
}

impl Mine {
    async fn show(&self, request: &Request) -> Result<Response> {
        Ok(Response::json(&json!(request.user().username())))
    }
}

/// A database that the reference made, with a user.
fn begun(database: &Scratch, profile: &str) {
    let script = format!(
        "from django.core.management import call_command\n\
         call_command('migrate', verbosity=0)\n\
         from django.contrib.auth.models import User\n\
         User.objects.create_user('ann', password='{PASSWORD}')"
    );
    django::python_script_as(profile, database, &script);
}

/// Values of many kinds, some of which are smaller when they are compressed.
fn values(count: usize) -> Vec<Value> {
    (0..count)
        .map(|n| {
            let text = ["ä€😀", "\"\\/\n\u{7f}", "", "plain", "<script>"][n % 5].repeat(n % 7 * 9);
            json!({ "n": n, "text": text, "list": [n % 3 == 0, null, n * 1_000_003, -1.5, "1e3"], format!("k{n}é"): { "deep": [[n]] } })
        })
        .collect()
}

/// Python's source for a JSON value.
fn literal(value: &Value) -> String {
    let hex: String = value.to_string().bytes().map(|byte| format!("{byte:02x}")).collect();
    format!("json.loads(bytes.fromhex('{hex}').decode())")
}

fn answer(said: &str) -> Value {
    serde_json::from_str(said.trim()).unwrap_or_else(|error| panic!("{error}: {said}"))
}

fn client(database: &Scratch, engine: SessionEngine) -> Client {
    Client::of(settings(database, engine))
}

#[test]
fn sessions_of_either_side_are_read_by_the_other() {
    if !django::is_here() {
        return;
    }
    for (profile, engine) in [("accounts", SessionEngine::Database), ("accounts_cookies", SessionEngine::SignedCookies)]
    {
        for database in each() {
            begun(&database, profile);
            let values = values(if engine == SessionEngine::Database { 100 } else { 30 });
            let made = format!(
                "import json\nfrom importlib import import_module\nfrom django.conf import settings\n\
                 Store = import_module(settings.SESSION_ENGINE).SessionStore\nkeys = []\n\
                 for data in {}:\n    store = Store()\n    store.update(data)\n    store.save()\n    keys.append(store.session_key)\n\
                 print(json.dumps(keys))",
                literal(&json!(values))
            );
            let theirs = answer(&django::python_script_as(profile, &database, &made));
            let ours = block_on(async {
                let mut keys = vec![];
                for (key, value) in theirs.as_array().expect("keys").iter().zip(&values) {
                    let key = key.as_str().expect("a key");
                    let seen = client(&database, engine).with_cookie("sessionid", key).get("/shown/").await;
                    assert_eq!(seen.assert_status(200).json(), *value, "{engine:?} {key}");
                    let client = client(&database, engine);
                    client.post("/kept/", TestData::json(value)).await.assert_status(200);
                    keys.push(client.cookie("sessionid").expect("a key"));
                }
                keys
            });
            let read = format!(
                "import json\nfrom importlib import import_module\nfrom django.conf import settings\n\
                 Store = import_module(settings.SESSION_ENGINE).SessionStore\n\
                 print(json.dumps([dict(Store(key).items()) for key in {}]))",
                literal(&json!(ours))
            );
            let read = answer(&django::python_script_as(profile, &database, &read));
            assert_eq!(read, json!(values), "{engine:?} on {}", database.url);
        }
    }
}

#[test]
fn who_logs_in_at_one_is_logged_in_at_the_other() {
    if !django::is_here() {
        return;
    }
    for database in each() {
        begun(&database, "accounts");
        let entered = "import json\nfrom django.test import Client\nclient = Client(SERVER_NAME='testserver', enforce_csrf_checks=True)\n\
             client.get('/acc/enter/?username=ann&password=S3cret-pass%21')\n\
             token = client.get('/acc/token/').json()['token']\n\
             print(json.dumps([client.cookies['sessionid'].value, client.cookies['csrftoken'].value, token]))";
        let theirs = answer(&django::python_script_as("accounts", &database, entered));
        let text = |place: usize| theirs[place].as_str().expect("text").to_owned();
        let ours = block_on(async {
            let known = client(&database, SessionEngine::Database).enforce_csrf_checks();
            let known = known.with_cookie("sessionid", &text(0)).with_cookie("csrftoken", &text(1));
            assert_eq!(known.get("/who/").await.text(), "ann");
            known.post("/form/", TestData::form([("csrfmiddlewaretoken", text(2))])).await.assert_status(200);
            let own = client(&database, SessionEngine::Database).enforce_csrf_checks();
            own.get("/enter/").await.assert_status(200);
            let token = own.get("/form/").await.text();
            let cookie = |name: &str| own.cookie(name).expect("a cookie");
            [cookie("sessionid"), cookie("csrftoken"), token]
        });
        let asked = format!(
            "import json\nfrom django.test import Client\nsession, secret, token = {}\n\
             client = Client(SERVER_NAME='testserver', enforce_csrf_checks=True)\n\
             client.cookies['sessionid'] = session\nclient.cookies['csrftoken'] = secret\n\
             print(json.dumps([client.get('/acc/who/').json()['user'], client.post('/acc/form/', {{'csrfmiddlewaretoken': token}}).status_code,\n\
             \x20   client.post('/acc/api/me/', headers={{'X-CSRFToken': token}}).status_code, client.post('/acc/api/me/').status_code]))",
            literal(&json!(ours))
        );
        let said = answer(&django::python_script_as("accounts", &database, &asked));
        assert_eq!(said, json!(["ann", 200, 200, 403]), "{}", database.url);
    }
}

#[test]
fn two_hundred_signed_values_are_read_both_ways() {
    if !django::is_here() {
        return;
    }
    let database = Scratch::sqlite();
    begun(&database, "accounts");
    let values = values(200);
    let made = format!(
        "import json\nfrom django.core import signing\n\
         print(json.dumps([signing.dumps(value, salt='live', compress=True) for value in {}]))",
        literal(&json!(values))
    );
    let theirs = answer(&django::python_script_as("accounts", &database, &made));
    let ours = block_on(async {
        let client = client(&database, SessionEngine::Database);
        let opened = client.post("/opened/", TestData::json(&theirs)).await;
        assert_eq!(opened.assert_status(200).json(), json!(values));
        client.post("/signed/", TestData::json(&json!(values))).await.assert_status(200).json()
    });
    let read = format!(
        "import json\nfrom django.core import signing\n\
         print(json.dumps([signing.loads(text, salt='live', max_age=3600) for text in {}]))",
        literal(&ours)
    );
    assert_eq!(answer(&django::python_script_as("accounts", &database, &read)), json!(values));
}

#[test]
fn the_tokens_of_the_database_are_the_same_and_so_is_their_table() {
    if !django::is_here() {
        return;
    }
    for database in each() {
        begun(&database, "accounts");
        let key = block_on(async {
            let client = client(&database, SessionEngine::Database);
            let given = client.post("/token/", json!({ "username": "ann", "password": PASSWORD })).await;
            given.assert_status(200).json()["token"].as_str().expect("a token").to_owned()
        });
        let asked = format!(
            "from django.test import Client\nclient = Client(SERVER_NAME='testserver', headers={{'Authorization': 'Token {key}'}})\n\
             print(client.get('/acc/api/key/').json()['user'])\n\
             from rest_framework.authtoken.models import Token\nToken.objects.all().delete()\n\
             from django.contrib.auth.models import User\nprint(Token.objects.create(user=User.objects.get()).key)"
        );
        let said = django::python_script_as("accounts", &database, &asked);
        let (name, theirs) = said.trim().split_once('\n').expect("two lines");
        assert_eq!(name, "ann", "{}", database.url);
        block_on(async {
            let header = format!("Token {theirs}");
            let client = client(&database, SessionEngine::Database);
            assert_eq!(client.get("/mine/").header("authorization", &header).await.text(), "\"ann\"");
        });
        // Made by our own migrations, the table is the same.
        let own = if database.is_sqlite() { Some(Scratch::sqlite()) } else { Scratch::postgres() };
        let Some(own) = own else { continue };
        block_on(async {
            let client = client(&own, SessionEngine::Database);
            let (code, said) = client.call_command(&["migrate", "--verbosity", "0", "--skip-checks"]);
            assert_eq!(code, 0, "{}", said.err());
        });
        let table = |scratch: &Scratch| {
            let schema = scratch.schema();
            format!("{:#?}", schema.tables.get("authtoken_token").expect("the table"))
        };
        assert_eq!(table(&own), table(&database));
        let check = "from django.core.management import call_command\n\
             call_command('migrate', 'authtoken', verbosity=0)\ncall_command('makemigrations', 'authtoken', check=True, dry_run=True, verbosity=0)";
        django::python_script_as("accounts", &own, check);
    }
}
