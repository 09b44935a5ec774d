//! What a project changes about tokens: their kinds, claims, forms, keys and users.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;

use quintet::auth::Account;
use quintet::http::BoxFuture;
use quintet::json::Object;
use quintet::jwt::{
    Claims, JWTStatelessUserAuthentication, OwnToken, TokenCall, TokenUser, Tokens, UserToken, encode,
    unverified_claims,
};
use quintet::prelude::*;
use quintet::rest::{AnyUser, Identity};
use quintet::settings::{
    Algorithm, CustomClaims, Duration, JwkSource, PasswordHasher, Settings, SimpleJwt, TokenClass, TokenSerializer,
    TokenUserClass, UserRule,
};
use quintet::testing::{Client, TestClock};
use quintet_core::sql::Dialect;
use quintet_db::Connection as _;

use crate::harness::{Kit, PASSWORD, PRIVATE_PEM, PUBLIC, PUBLIC_PEM, cheap, each, families, private_key, rotating};

static PIPELINE: OwnToken = OwnToken::new("PipelineToken", "pipeline", Duration::from_secs(3600));

async fn login(client: &Client, name: &str) -> Value {
    let answer = client.post("/api/token/", json!({ "username": name, "password": PASSWORD })).await;
    assert_eq!(answer.status(), 200, "{}", answer.text());
    answer.json()
}

fn urls() -> Urls {
    urls![
        path("api/token/", TokenObtainPairView),
        path("api/token/refresh/", TokenRefreshView),
        path("pipeline/", api_view(post(pipeline))),
        path("who/", api_view(get(who))),
    ]
}

async fn pipeline(request: &Request) -> Result<Response> {
    let identity = request.user().identity().expect("a user");
    let account = identity.as_any().downcast_ref::<Account>().expect("a row");
    let tokens = Tokens::of(request)?;
    let mut token = tokens.for_user(TokenClass::Own(&PIPELINE), account).await?;
    token.insert("stage", "build");
    token.remove("iat");
    Ok(Response::text(tokens.encode(&token)?))
}

async fn who(request: &Request) -> Result<Response> {
    let user = request.user();
    let stage = request.auth::<UserToken>().and_then(|token| token.get("stage").cloned());
    Ok(Response::json(&json!({ "username": user.username(), "stage": stage })))
}

#[quintet::test]
async fn a_kind_of_token_of_ones_own_opens_views() {
    each(async |kit| {
        let clock = TestClock::stopped();
        let classes = vec![TokenClass::Access, TokenClass::Own(&PIPELINE)];
        let client = cheap(kit, SimpleJwt { auth_token_classes: classes, ..rotating() });
        let client = client.with_settings(|settings| settings.urls = urls);
        let access = login(&client, "alice").await["access"].as_str().expect("text").to_owned();
        let token = client.clone().with_token(&access).post("/pipeline/", ()).await.text();
        let claims = unverified_claims(&token).expect("claims");
        assert_eq!((&claims["token_type"], claims.get("iat")), (&json!("pipeline"), None));
        let own = client.clone().with_token(&token);
        assert_eq!(own.get("/who/").await.json(), json!({ "username": "alice", "stage": "build" }));
        clock.advance(Duration::from_secs(3600));
        let refused = own.get("/who/").await.json();
        assert_eq!(
            refused["messages"][1],
            json!({
            "token_class": "PipelineToken", "token_type": "pipeline", "message": "Token is expired" })
        );
        let strict = cheap(kit, rotating()).with_settings(|settings| settings.urls = urls);
        assert_eq!(strict.with_token(&token).get("/who/").await.status(), 401);
    })
    .await;
}

fn with_code<'a>(call: &'a mut TokenCall<'_>) -> BoxFuture<'a, Result<Object>> {
    Box::pin(async move {
        if call.get("code") != Some("0000") {
            return Err(Error::invalid_field("code", "That is not the code."));
        }
        assert!(call.user().is_none());
        call.set("username", call.get("username").unwrap_or_default().to_lowercase());
        let answer = call.validate().await?;
        Ok(answer.with("user", call.user().map_or("", |user| user.text("username"))))
    })
}

#[quintet::test]
async fn a_project_says_what_a_login_takes_and_answers() {
    each(async |kit| {
        let serializer = TokenSerializer::new(with_code).with_field("code");
        let client = cheap(kit, SimpleJwt { token_obtain_serializer: serializer, ..rotating() });
        let body = json!({ "username": "ALICE", "password": PASSWORD, "code": "0000" });
        let answer = client.post("/api/token/", &body).await.json();
        assert_eq!(answer["user"], "alice");
        let names: Vec<&str> = answer.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(names, ["refresh", "access", "user"]);
        let missing = client.post("/api/token/", json!({ "username": "alice", "password": PASSWORD })).await;
        assert_eq!(missing.text(), r#"{"code":["This field is required."]}"#);
        let wrong = json!({ "username": "alice", "password": PASSWORD, "code": "1" });
        assert_eq!(client.post("/api/token/", &wrong).await.text(), r#"{"code":["That is not the code."]}"#);
        let described = client.options("/api/token/").await.json();
        assert_eq!(described["actions"]["POST"]["code"]["required"], true, "{described}");
    })
    .await;
}

#[quintet::test]
async fn claims_of_a_projects_own_come_along_and_change_no_session() {
    fn add(user: &Account, claims: &mut Claims) {
        claims.insert("name".to_owned(), user.text("username").into());
        claims.insert("sid".to_owned(), "mine".into());
    }
    each(async |kit| {
        let client = cheap(kit, SimpleJwt { custom_claims: CustomClaims::new(add), ..families() });
        let answer = login(&client, "alice").await;
        let claims = unverified_claims(answer["access"].as_str().expect("text")).expect("claims");
        assert_eq!(claims["name"], "alice");
        assert_ne!(claims["sid"], "mine");
        assert_eq!(client.post("/api/token/refresh/", json!({ "refresh": answer["refresh"] })).await.status(), 200);
    })
    .await;
}

#[quintet::test]
async fn a_rule_says_who_may_have_tokens() {
    each(async |kit| {
        let rule = UserRule::new(|user| user.is_superuser());
        let client = cheap(kit, SimpleJwt { user_authentication_rule: rule, ..rotating() });
        login(&client, "root").await;
        let refused = client.post("/api/token/", json!({ "username": "alice", "password": PASSWORD })).await;
        assert_eq!(refused.status(), 401);
    })
    .await;
}

/// A user of a token, whose name is a claim.
struct Named(TokenUser, String);

impl AnyUser for Named {
    fn id(&self) -> quintet_core::schema::Value {
        self.0.id()
    }

    fn username(&self) -> &str {
        &self.1
    }

    fn has_perm<'a>(&'a self, db: Db<'a>, permission: &'a str) -> BoxFuture<'a, Result<bool>> {
        self.0.has_perm(db, permission)
    }

    fn as_any(&self) -> &(dyn std::any::Any + Send + Sync) {
        self
    }
}

fn named(token: Arc<UserToken>) -> Identity {
    let name = token.get("token_type").and_then(Value::as_str).unwrap_or_default().to_owned();
    Arc::new(Named(TokenUser::of(token, "user_id"), name))
}

#[quintet::test]
async fn users_of_tokens_are_of_a_projects_own_kind() {
    each(async |kit| {
        let with = |class| {
            let jwt = SimpleJwt { token_user_class: class, ..rotating() };
            let client = cheap(kit, jwt).with_settings(|settings| settings.urls = urls);
            client.with_settings(|settings| {
                settings.rest_framework.default_authentication_classes = vec![JWTStatelessUserAuthentication.into()];
            })
        };
        let client = with(TokenUserClass::new(named));
        let access = login(&client, "alice").await["access"].as_str().expect("text").to_owned();
        assert_eq!(client.with_token(&access).get("/who/").await.json()["username"], "access");
        let usual = with(TokenUserClass::default()).with_token(&access);
        assert_eq!(usual.get("/who/").await.json()["username"], "", "no claim of that name");
    })
    .await;
}

#[quintet::test]
async fn an_old_key_of_tokens_is_believed_beside_the_new_one() {
    each(async |kit| {
        let keyed = |key: &str, old: &[&str]| {
            let verifying_key_fallbacks = old.iter().map(|old| (*old).into()).collect();
            cheap(kit, SimpleJwt { signing_key: key.into(), verifying_key_fallbacks, ..rotating() })
        };
        let (first, second) = ("first-0123456789-abcdefghijklmnopqrst", "second-0123456789-abcdefghijklmnopqrst");
        let tokens = login(&keyed(first, &[]), "alice").await;
        let access = tokens["access"].as_str().expect("text");
        assert_eq!(keyed(second, &[first]).with_token(access).get("/api/notes/").await.status(), 200);
        assert_eq!(keyed(second, &[]).with_token(access).get("/api/notes/").await.status(), 401);
        let fresh = keyed(second, &[first]).post("/api/token/refresh/", json!({ "refresh": tokens["refresh"] })).await;
        let access = fresh.json()["access"].as_str().expect("text").to_owned();
        assert_eq!(keyed(second, &[]).with_token(&access).get("/api/notes/").await.status(), 200, "by the new one");
    })
    .await;
}

/// The text with another letter at a place.
fn altered(text: &str, at: usize) -> String {
    let other = if &text[at..=at] == "A" { "B" } else { "A" };
    format!("{}{other}{}", &text[..at], &text[at + 1..])
}

#[quintet::test]
async fn a_token_that_comes_again_is_believed_no_more_than_the_first_time() {
    each(async |kit| {
        let clock = TestClock::stopped();
        let asked = async |token: &str, client: &Client| {
            let answer = client.clone().with_token(token).get("/api/notes/").await;
            (answer.status(), answer.json()["messages"][0]["message"].clone())
        };
        let (good, invalid) = ((200, Value::Null), (401, json!("Token is invalid")));
        for pair in [false, true] {
            let mut jwt = rotating();
            if pair {
                jwt = SimpleJwt { algorithm: Algorithm::EdDSA, signing_key: PRIVATE_PEM.into(), ..jwt };
            }
            let client = cheap(kit, jwt.clone());
            let access = login(&client, "alice").await["access"].as_str().expect("text").to_owned();
            let bobs = login(&client, "bob").await["access"].as_str().expect("text").to_owned();
            for _ in 0..3 {
                assert_eq!(asked(&access, &client).await, good);
                for at in [0, 10, access.len() / 2, access.rfind('.').expect("a dot") + 1, access.len() - 2] {
                    assert_eq!(asked(&altered(&access, at), &client).await, invalid, "letter {at}");
                }
                let (claims, signature) =
                    (bobs.rsplit_once('.').expect("a dot").0, access.rsplit_once('.').expect("a dot").1);
                assert_eq!(asked(&format!("{claims}.{signature}"), &client).await, invalid, "of somebody else");
            }
            let stranger =
                cheap(kit, SimpleJwt { signing_key: "another-0123456789-abcdefghijklmnop".into(), ..rotating() });
            assert_eq!(asked(&access, &stranger).await, invalid, "what one site knows is no other's");
            kit.db.script("UPDATE auth_user SET is_active = false WHERE username = 'alice'").await.expect("a change");
            assert_eq!(asked(&access, &client).await.0, 401, "no longer active");
            kit.db.script("UPDATE auth_user SET is_active = true WHERE username = 'alice'").await.expect("a change");
            assert_eq!(asked(&access, &client).await, good);
            clock.advance(Duration::from_secs(30 * 60 - 1));
            assert_eq!(asked(&access, &client).await, good, "to the last second");
            clock.advance(Duration::from_secs(1));
            assert_eq!(asked(&access, &client).await, (401, json!("Token is expired")));
        }
    })
    .await;
}

#[quintet::test]
async fn a_login_that_makes_a_new_hash_gives_tokens_that_know_it() {
    each(async |kit| {
        let jwt = SimpleJwt { check_revoke_token: true, ..families() };
        let mut settings = Settings { simple_jwt: jwt, ..kit.settings.clone() };
        settings.auth.password_hashers = vec![PasswordHasher::Pbkdf2 { iterations: 10 }, PasswordHasher::Md5];
        let client = Client::of(settings);
        let tokens = login(&client, "alice").await;
        let access = tokens["access"].as_str().expect("text");
        assert_eq!(client.clone().with_token(access).get("/api/notes/").await.status(), 200);
        assert_eq!(client.post("/api/token/refresh/", json!({ "refresh": tokens["refresh"] })).await.status(), 200);
    })
    .await;
}

/// Answers every request with a set of one key, whose name is `1`.
fn publisher() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}/keys.json", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let mut socket = socket.expect("a client");
            let _ = socket.read(&mut [0; 4096]).expect("a request");
            let key = json!({ "kty": "OKP", "crv": "Ed25519", "kid": "1", "x": PUBLIC });
            let body = json!({ "keys": [key] }).to_string();
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            socket.write_all((head + &body).as_bytes()).expect("an answer");
        }
    });
    address
}

#[quintet::test]
async fn keys_that_another_server_publishes_open_views() {
    each(async |kit| {
        let jwk_source = JwkSource::url(publisher());
        let client = cheap(kit, SimpleJwt { algorithm: Algorithm::EdDSA, jwk_source, ..rotating() });
        let (known, other) = (by_publisher(kit, "1").await, by_publisher(kit, "2").await);
        assert_eq!(client.clone().with_token(&known).get("/api/notes/").await.json(), json!(["alice"]));
        assert_eq!(client.with_token(&other).get("/api/notes/").await.status(), 401, "another key");
    })
    .await;
}

/// An access token of alice's that the publisher has signed by a key of this name.
async fn by_publisher(kit: &Kit, id: &str) -> String {
    let of_login = login(&cheap(kit, rotating()), "alice").await;
    let user = unverified_claims(of_login["access"].as_str().expect("text")).expect("claims")["user_id"].clone();
    let claims = json!({ "token_type": "access", "jti": "0123", "exp": 4_000_000_000_u32, "user_id": user });
    encode(claims.as_object().expect("claims"), &private_key().with_id(id)).expect("a token")
}

#[quintet::test]
async fn old_keys_are_believed_also_while_nobody_gives_the_published_ones() {
    each(async |kit| {
        let token = by_publisher(kit, "1").await;
        for (old, status) in [(vec![PUBLIC_PEM.into()], 200), (vec![], 401)] {
            let jwk_source = JwkSource::new(|| async { Err(Error::unexpected("nobody answers")) });
            let own = SimpleJwt { algorithm: Algorithm::EdDSA, jwk_source, verifying_key_fallbacks: old, ..rotating() };
            assert_eq!(cheap(kit, own).with_token(&token).get("/api/notes/").await.status(), status);
        }
    })
    .await;
}

/// Has another hash written, an expression of SQL, wherever somebody writes one.
async fn write_instead(db: &Database, hash: &str) {
    let sql = match db.dialect() {
        Dialect::Sqlite => format!(
            "CREATE TRIGGER faster AFTER UPDATE OF password ON auth_user
             BEGIN UPDATE auth_user SET password = {hash} WHERE id = NEW.id; END"
        ),
        Dialect::Postgres => format!(
            "CREATE OR REPLACE FUNCTION faster() RETURNS trigger LANGUAGE plpgsql
             AS $$ BEGIN NEW.password = {hash}; RETURN NEW; END $$;
             CREATE OR REPLACE TRIGGER faster BEFORE UPDATE OF password ON auth_user
             FOR EACH ROW EXECUTE FUNCTION faster()"
        ),
    };
    db.script(&sql).await.expect("a trigger");
}

#[quintet::test]
async fn whose_password_is_changed_while_its_hash_is_made_again_needs_the_new_one() {
    each(async |kit| {
        let mut settings = Settings { simple_jwt: families(), ..kit.settings.clone() };
        settings.auth.password_hashers = vec![PasswordHasher::Pbkdf2 { iterations: 10 }, PasswordHasher::Md5];
        let client = Client::of(settings);
        let credentials = json!({ "username": "alice", "password": PASSWORD });
        write_instead(&kit.db, "OLD.password").await;
        assert_eq!(client.post("/api/token/", credentials.clone()).await.status(), 200, "it is the same password");
        if kit.db.dialect() == Dialect::Sqlite {
            kit.db.script("DROP TRIGGER faster").await.expect("it goes");
        }
        write_instead(&kit.db, "'md5$x$x'").await;
        assert_eq!(client.post("/api/token/", credentials).await.status(), 401);
    })
    .await;
}

/// Keeps the database from ending a family.
async fn nothing_ends(db: &Database) {
    let sql = match db.dialect() {
        Dialect::Sqlite => {
            "CREATE TRIGGER broken BEFORE UPDATE OF ended_at ON quintet_token_family
             BEGIN SELECT RAISE(ABORT, 'no'); END"
        }
        Dialect::Postgres => {
            "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
             CREATE TRIGGER broken BEFORE UPDATE OF ended_at ON quintet_token_family
             FOR EACH ROW EXECUTE FUNCTION broken()"
        }
    };
    db.script(sql).await.expect("a trigger");
}

#[quintet::test]
async fn a_password_is_not_changed_where_the_sessions_of_the_old_one_cannot_be_ended() {
    fn urls() -> Urls {
        urls![
            path("api/token/", TokenObtainPairView),
            path("api/token/refresh/", TokenRefreshView),
            path("change/", quintet::auth::PasswordChangeView),
        ]
    }
    each(async |kit| {
        let jwt = SimpleJwt { revoke_on_password_change: false, ..families() };
        let mut settings = Settings { simple_jwt: jwt, urls, ..kit.settings.clone() };
        settings.auth.password_hashers = vec![PasswordHasher::Md5];
        let client = Client::of(settings);
        let tokens = login(&client, "alice").await;
        let alice = client.clone().with_token(tokens["access"].as_str().expect("text"));
        nothing_ends(&kit.db).await;
        let body = json!({ "old_password": PASSWORD, "new_password": "Another-lake-52" });
        assert_eq!(alice.post("/change/", body).await.status(), 500);
        let refreshed = client.post("/api/token/refresh/", json!({ "refresh": tokens["refresh"] })).await.status();
        assert_eq!(refreshed, 200, "the session goes on");
        login(&client, "alice").await;
    })
    .await;
}
