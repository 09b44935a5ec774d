//! Each setting of tokens has the effect that it has in the reference's token package: both are asked the same, with the same
//! settings, on one database.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use quintet::apps::auth::models::User;
use quintet::http::BoxFuture;
use quintet::json::Object;
use quintet::jwt::{TokenCall, TokenUser, UserToken, unverified_claims, unverified_header};
use quintet::prelude::*;
use quintet::rest::{AnyUser, Identity};
use quintet::settings::{
    Algorithm, Auth, DatabaseUrl, IsAuthenticated, JWTAuthentication, JWTStatelessUserAuthentication, PasswordHasher,
    RestFramework, Settings, SimpleJwt, TokenClass, TokenSerializer, TokenUserClass, UserRule, days, hours, seconds,
};
use quintet::testing::{Client, block_on};
use quintet_core::schema::Value as Cell;
use quintet_db::Connection as _;
use quintet_tests::databases::Scratch;
use quintet_tests::django;

/// What is asked under each row of settings: a name, the path, the body, and the tokens of earlier answers that go along.
const STEPS: &str = r#"[
    ["pair", "/pair/", {"username": "ann", "password": "pw"}, {}],
    ["inactive", "/pair/", {"username": "carol", "password": "pw"}, {}],
    ["sliding", "/sliding/", {"username": "ann", "password": "pw"}, {}],
    ["by bearer", "/who/", null, {"HTTP_AUTHORIZATION": "Bearer {pair.access}"}],
    ["by another word", "/who/", null, {"HTTP_AUTHORIZATION": "JWT {pair.access}"}],
    ["by another header", "/who/", null, {"HTTP_X_TOKEN": "Bearer {pair.access}"}],
    ["of the inactive", "/who/", null, {"HTTP_AUTHORIZATION": "Bearer {inactive.access}"}],
    ["by a sliding one", "/who/", null, {"HTTP_AUTHORIZATION": "Bearer {sliding.token}"}],
    ["by nothing", "/who/", null, {}],
    ["stateless", "/stateless/", null, {"HTTP_AUTHORIZATION": "Bearer {pair.access}"}],
    ["refreshed", "/refresh/", {"refresh": "{pair.refresh}"}, {}],
    ["refreshed again", "/refresh/", {"refresh": "{pair.refresh}"}, {}],
    ["slid", "/slid/", {"token": "{sliding.token}"}, {}],
    ["verified", "/verify/", {"token": "{pair.access}"}, {}],
    ["ended", "/end/", {"refresh": "{refreshed.refresh}"}, {}],
    ["ended otherwise", "/end/", {"refresh": "{pair.refresh}"}, {}],
    ["after another password", "/who/", null, {"HTTP_AUTHORIZATION": "Bearer {pair.access}"}],
    ["after the end", "/who/", null, {"HTTP_AUTHORIZATION": "Bearer {pair.access}"}],
    ["refreshed after the end", "/refresh/", {"refresh": "{pair.refresh}"}, {}]
]"#;

/// The rows, as the reference has them. `tailored` holds what a project writes itself.
const ROWS: &str = r#"{
    "the defaults": {},
    "lifetimes": {"ACCESS_TOKEN_LIFETIME": timedelta(hours=1), "REFRESH_TOKEN_LIFETIME": timedelta(days=2)},
    "rotation": {"ROTATE_REFRESH_TOKENS": True},
    "rotation with a list": {"ROTATE_REFRESH_TOKENS": True, "BLACKLIST_AFTER_ROTATION": True},
    "a list without rotation": {"BLACKLIST_AFTER_ROTATION": True},
    "logins are noted": {"UPDATE_LAST_LOGIN": True},
    "another algorithm and key": {"ALGORITHM": "HS512", "SIGNING_KEY": "k" * 64},
    "one audience": {"AUDIENCE": "us"},
    "two audiences": {"AUDIENCE": ["us", "them"]},
    "an issuer": {"ISSUER": "desk"},
    "leeway": {"ACCESS_TOKEN_LIFETIME": timedelta(0), "LEEWAY": 60},
    "no leeway": {"ACCESS_TOKEN_LIFETIME": timedelta(0)},
    "other words": {"AUTH_HEADER_TYPES": ("JWT", "Token")},
    "two words": {"AUTH_HEADER_TYPES": ("Bearer", "JWT")},
    "another header": {"AUTH_HEADER_NAME": "HTTP_X_TOKEN"},
    "another field": {"USER_ID_FIELD": "username"},
    "another claim": {"USER_ID_CLAIM": "sub"},
    "a rule": {"USER_AUTHENTICATION_RULE": "tailored.carol_alone"},
    "whoever is there": {"CHECK_USER_IS_ACTIVE": False},
    "sliding tokens open": {"AUTH_TOKEN_CLASSES": ("rest_framework_simplejwt.tokens.SlidingToken",)},
    "both open": {"AUTH_TOKEN_CLASSES": (
        "rest_framework_simplejwt.tokens.AccessToken", "rest_framework_simplejwt.tokens.SlidingToken")},
    "another claim of the kind": {"TOKEN_TYPE_CLAIM": "kind"},
    "no claim of the kind": {"TOKEN_TYPE_CLAIM": None},
    "another name of the token": {"JTI_CLAIM": "id"},
    "users of tokens": {"TOKEN_USER_CLASS": "tailored.Named"},
    "sliding lifetimes": {"SLIDING_TOKEN_LIFETIME": timedelta(hours=1), "SLIDING_TOKEN_REFRESH_LIFETIME": timedelta(days=3)},
    "another claim of sliding": {"SLIDING_TOKEN_REFRESH_EXP_CLAIM": "until"},
    "passwords": {"CHECK_REVOKE_TOKEN": True},
    "another claim of passwords": {"CHECK_REVOKE_TOKEN": True, "REVOKE_TOKEN_CLAIM": "pw"},
    "the pair's serializer": {"TOKEN_OBTAIN_SERIALIZER": "tailored.Pair"},
    "the refresh's serializer": {"TOKEN_REFRESH_SERIALIZER": "tailored.Refresh"},
    "the verification's serializer": {"TOKEN_VERIFY_SERIALIZER": "tailored.Verify"},
    "the list's serializer": {"TOKEN_BLACKLIST_SERIALIZER": "tailored.Blacklist"},
    "the sliding serializer": {"SLIDING_TOKEN_OBTAIN_SERIALIZER": "tailored.Sliding"},
    "the serializer of sliding on": {"SLIDING_TOKEN_REFRESH_SERIALIZER": "tailored.Slid"},
}"#;

/// A process for each row: the classes of tokens read the settings once, when they are imported.
const ASK: &str = r#"
import base64, json, os, sys, types
from datetime import timedelta
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.db import connection
from rest_framework_simplejwt.settings import api_settings

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
User = get_user_model()
STEPS, ROWS = json.loads(STEPS), eval(ROWS)

def people():
    User.objects.all().delete()
    password = make_password("pw", salt="saltSALTsaltSALTsalt12", hasher="md5")
    for number, (name, is_active) in enumerate([("ann", True), ("carol", False)], 1):
        User.objects.create(id=number, username=name, is_active=is_active, password=password)

def part(text):
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))

def shape(value):
    if not (isinstance(value, str) and value.count(".") == 2):
        return value
    header, claims = part(value.split(".")[0]), part(value.split(".")[1])
    begin = claims["iat"]
    for name, claim in claims.items():
        if name in ("jti", "id"):
            claims[name] = len(claim)
        elif isinstance(claim, int):
            # A second may have passed between two moments of one token.
            claims[name] = (claim - begin + 2) // 5 * 5
    return {"header": header, "claims": claims}

def tailored():
    from rest_framework.permissions import AllowAny
    from rest_framework.response import Response
    from rest_framework.views import APIView
    from rest_framework_simplejwt import authentication, models, serializers, views
    from django.urls import path

    def serializer(base, name):
        def validate(self, attrs):
            return {**base.validate(self, attrs), "by": name}
        return type(name, (base,), {"validate": validate})

    module = types.ModuleType("tailored")
    module.Pair = serializer(serializers.TokenObtainPairSerializer, "pair")
    module.Refresh = serializer(serializers.TokenRefreshSerializer, "refresh")
    module.Verify = serializer(serializers.TokenVerifySerializer, "verify")
    module.Blacklist = serializer(serializers.TokenBlacklistSerializer, "blacklist")
    module.Sliding = serializer(serializers.TokenObtainSlidingSerializer, "sliding")
    module.Slid = serializer(serializers.TokenRefreshSlidingSerializer, "slid")

    class Who(APIView):
        authentication_classes = [authentication.JWTAuthentication]
        def get(self, request):
            return Response({"username": request.user.username, "noted": request.user.last_login is not None})

    class Stateless(Who):
        authentication_classes = [authentication.JWTStatelessUserAuthentication]
        def get(self, request):
            return Response({"id": str(request.user.pk), "username": request.user.username})

    module.urlpatterns = [
        path("pair/", views.TokenObtainPairView.as_view()),
        path("sliding/", views.TokenObtainSlidingView.as_view()),
        path("refresh/", views.TokenRefreshView.as_view()),
        path("slid/", views.TokenRefreshSlidingView.as_view()),
        path("verify/", views.TokenVerifyView.as_view()),
        path("end/", views.TokenBlacklistView.as_view()),
        path("who/", Who.as_view()),
        path("stateless/", Stateless.as_view()),
    ]
    return module

def asked(row):
    api_settings.reload()
    api_settings._user_settings = row
    settings.ROOT_URLCONF = "tailored"
    early = types.ModuleType("tailored")
    early.carol_alone = lambda user: user is not None and user.username == "carol"
    sys.modules["tailored"] = early
    from rest_framework_simplejwt import models
    early.Named = type("Named", (models.TokenUser,), {"username": property(lambda self: "named")})
    sys.modules["tailored"].__dict__.update({k: v for k, v in tailored().__dict__.items() if not k.startswith("__")})
    from django.test import Client
    client = Client(raise_request_exception=False)
    people()
    answers, told = {}, []
    def filled(text):
        for name, answer in answers.items():
            for member, value in answer.items():
                text = text.replace("{%s.%s}" % (name, member), str(value))
        return text
    for name, path, body, headers in STEPS:
        if name == "after another password":
            User.objects.update(password="md5$other$" + "0" * 32)
        if name == "after the end":
            User.objects.update(is_active=False)
        headers = {key: filled(value) for key, value in headers.items()}
        if body is None:
            answer = client.get(path, **headers)
        else:
            answer = client.post(path, filled(json.dumps(body)), content_type="application/json", **headers)
        found = answer.json() if answer["Content-Type"] == "application/json" else {}
        answers[name] = found if isinstance(found, dict) else {}
        shown = {key: shape(value) for key, value in answers[name].items()}
        told.append([name, answer.status_code, shown, answer.headers.get("WWW-Authenticate")])
    return told

out = {}
connection.close()
for name, row in ROWS.items():
    reading, writing = os.pipe()
    if os.fork() == 0:
        try:
            said = json.dumps(asked(row))
        except BaseException as error:
            said = json.dumps(repr(error))
        with os.fdopen(writing, "w") as pipe:
            pipe.write(said)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        out[name] = json.loads(pipe.read())
    os.wait()
people()
print(json.dumps(out))
"#;

fn by<'a>(call: &'a mut TokenCall<'_>, name: &'static str) -> BoxFuture<'a, Result<Object>> {
    Box::pin(async move { Ok(call.validate().await?.with("by", name)) })
}

fn named(token: Arc<UserToken>) -> Identity {
    struct Named(TokenUser);
    impl AnyUser for Named {
        fn id(&self) -> Cell {
            self.0.id()
        }
        fn username(&self) -> &str {
            "named"
        }
        fn has_perm<'a>(&'a self, db: Db<'a>, permission: &'a str) -> BoxFuture<'a, Result<bool>> {
            self.0.has_perm(db, permission)
        }
        fn as_any(&self) -> &(dyn std::any::Any + Send + Sync) {
            self
        }
    }
    Arc::new(Named(TokenUser::of(token, "user_id")))
}

/// The rows, as we have them.
fn rows() -> Vec<(&'static str, SimpleJwt)> {
    let usual = SimpleJwt::default;
    let text = str::to_owned;
    let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let short = || SimpleJwt { access_token_lifetime: seconds(0), ..usual() };
    vec![
        ("the defaults", usual()),
        ("lifetimes", SimpleJwt { access_token_lifetime: hours(1), refresh_token_lifetime: days(2), ..usual() }),
        ("rotation", SimpleJwt { rotate_refresh_tokens: true, ..usual() }),
        ("rotation with a list", SimpleJwt { rotate_refresh_tokens: true, blacklist_after_rotation: true, ..usual() }),
        ("a list without rotation", SimpleJwt { blacklist_after_rotation: true, ..usual() }),
        ("logins are noted", SimpleJwt { update_last_login: true, ..usual() }),
        (
            "another algorithm and key",
            SimpleJwt { algorithm: Algorithm::HS512, signing_key: "k".repeat(64).into(), ..usual() },
        ),
        ("one audience", SimpleJwt { audience: list(&["us"]), ..usual() }),
        ("two audiences", SimpleJwt { audience: list(&["us", "them"]), ..usual() }),
        ("an issuer", SimpleJwt { issuer: Some(text("desk")), ..usual() }),
        ("leeway", SimpleJwt { leeway: seconds(60), ..short() }),
        ("no leeway", short()),
        ("other words", SimpleJwt { auth_header_types: list(&["JWT", "Token"]), ..usual() }),
        ("two words", SimpleJwt { auth_header_types: list(&["Bearer", "JWT"]), ..usual() }),
        ("another header", SimpleJwt { auth_header_name: text("HTTP_X_TOKEN"), ..usual() }),
        ("another field", SimpleJwt { user_id_field: text("username"), ..usual() }),
        ("another claim", SimpleJwt { user_id_claim: text("sub"), ..usual() }),
        (
            "a rule",
            SimpleJwt { user_authentication_rule: UserRule::new(|user| user.text("username") == "carol"), ..usual() },
        ),
        ("whoever is there", SimpleJwt { check_user_is_active: false, ..usual() }),
        ("sliding tokens open", SimpleJwt { auth_token_classes: vec![TokenClass::Sliding], ..usual() }),
        ("both open", SimpleJwt { auth_token_classes: vec![TokenClass::Access, TokenClass::Sliding], ..usual() }),
        ("another claim of the kind", SimpleJwt { token_type_claim: Some(text("kind")), ..usual() }),
        ("no claim of the kind", SimpleJwt { token_type_claim: None, ..usual() }),
        ("another name of the token", SimpleJwt { jti_claim: Some(text("id")), ..usual() }),
        ("users of tokens", SimpleJwt { token_user_class: TokenUserClass::new(named), ..usual() }),
        (
            "sliding lifetimes",
            SimpleJwt { sliding_token_lifetime: hours(1), sliding_token_refresh_lifetime: days(3), ..usual() },
        ),
        ("another claim of sliding", SimpleJwt { sliding_token_refresh_exp_claim: text("until"), ..usual() }),
        ("passwords", SimpleJwt { check_revoke_token: true, ..usual() }),
        (
            "another claim of passwords",
            SimpleJwt { check_revoke_token: true, revoke_token_claim: text("pw"), ..usual() },
        ),
        (
            "the pair's serializer",
            SimpleJwt { token_obtain_serializer: TokenSerializer::new(|call| by(call, "pair")), ..usual() },
        ),
        (
            "the refresh's serializer",
            SimpleJwt { token_refresh_serializer: TokenSerializer::new(|call| by(call, "refresh")), ..usual() },
        ),
        (
            "the verification's serializer",
            SimpleJwt { token_verify_serializer: TokenSerializer::new(|call| by(call, "verify")), ..usual() },
        ),
        (
            "the list's serializer",
            SimpleJwt { token_blacklist_serializer: TokenSerializer::new(|call| by(call, "blacklist")), ..usual() },
        ),
        (
            "the sliding serializer",
            SimpleJwt { sliding_token_obtain_serializer: TokenSerializer::new(|call| by(call, "sliding")), ..usual() },
        ),
        (
            "the serializer of sliding on",
            SimpleJwt { sliding_token_refresh_serializer: TokenSerializer::new(|call| by(call, "slid")), ..usual() },
        ),
    ]
}

fn urls() -> Urls {
    let stateless = api_view(get(stateless)).authentication(JWTStatelessUserAuthentication);
    urls![
        path("pair/", TokenObtainPairView),
        path("sliding/", TokenObtainSlidingView),
        path("refresh/", TokenRefreshView),
        path("slid/", TokenRefreshSlidingView),
        path("verify/", TokenVerifyView),
        path("end/", TokenBlacklistView),
        path("who/", api_view(get(who))),
        path("stateless/", stateless),
    ]
}

async fn who(request: &Request) -> Result<Response> {
    let user = request.user().get::<User>()?;
    let noted = user.user.base.last_login.is_some();
    Ok(Response::json(&json!({ "username": request.user().username(), "noted": noted })))
}

async fn stateless(request: &Request) -> Result<Response> {
    let id = match request.user().id() {
        Some(Cell::Text(id)) => id,
        other => format!("{other:?}"),
    };
    Ok(Response::json(&json!({ "id": id, "username": request.user().username() })))
}

/// The members of an answer; of tokens the header and the claims, without what differs each time.
fn shape(value: &Value) -> Value {
    let Some(token) = value.as_str().filter(|text| text.split('.').count() == 3) else { return value.clone() };
    let claims = unverified_claims(token).expect("claims");
    let begin = claims["iat"].as_i64().expect("a moment");
    let told = claims.iter().map(|(name, claim)| {
        let told = match claim {
            Value::String(id) if name == "jti" || name == "id" => json!(id.len()),
            Value::Number(moment) => json!((moment.as_i64().expect("a moment") - begin + 2).div_euclid(5) * 5),
            other => other.clone(),
        };
        (name.clone(), told)
    });
    json!({ "header": unverified_header(token).expect("a header"), "claims": told.collect::<quintet::jwt::Claims>() })
}

/// What we answer under a row: for each step its name, the status, the body and the challenge.
async fn answered(database: &Scratch, simple_jwt: SimpleJwt) -> Vec<Value> {
    let settings = Settings {
        secret_key: "oracle-secret-key-0123456789-abcdefghijklmnopqrstuvwxyz-XYZ".into(),
        database: DatabaseUrl::parse("DATABASE_URL", &database.url).expect("a URL"),
        installed_apps: [quintet::apps::defaults(), vec![quintet::apps::token_blacklist()]].concat(),
        rest_framework: RestFramework {
            default_authentication_classes: vec![JWTAuthentication.into()],
            default_permission_classes: IsAuthenticated.into(),
            ..RestFramework::default()
        },
        auth: Auth { password_hashers: vec![PasswordHasher::Md5], ..Auth::default() },
        simple_jwt,
        urls,
        ..Settings::default()
    };
    let db = quintet::database(&settings).expect("a database");
    let kept = User::objects().order_by(|user| user.id().asc()).all(&db).await.expect("users");
    let client = Client::of(settings);
    let steps: Vec<(String, String, Value, BTreeMap<String, String>)> =
        serde_json::from_str(STEPS).expect("the steps are JSON");
    let (mut answers, mut told) = (BTreeMap::<String, Value>::new(), vec![]);
    for (name, path, body, headers) in steps {
        let filled = |text: &str| {
            let members = answers.iter().flat_map(|(name, answer)| {
                answer
                    .as_object()
                    .into_iter()
                    .flatten()
                    .map(move |(member, value)| (format!("{{{name}.{member}}}"), value))
            });
            members
                .fold(text.to_owned(), |text, (place, value)| text.replace(&place, value.as_str().unwrap_or_default()))
        };
        if name == "after another password" {
            let other = format!("md5$other${}", "0".repeat(32));
            db.script(&format!("UPDATE auth_user SET password = '{other}'")).await.expect("another password");
        }
        if name == "after the end" {
            db.script("UPDATE auth_user SET is_active = FALSE").await.expect("nobody is active");
        }
        let asking = headers.iter().fold(client.clone(), |client, (header, value)| {
            client.with_header(&header.trim_start_matches("HTTP_").replace('_', "-"), &filled(value))
        });
        let answer = if body.is_null() {
            asking.get(&path).await
        } else {
            let body: Value = serde_json::from_str(&filled(&body.to_string())).expect("JSON");
            asking.post(&path, body).await
        };
        let found = answer.json();
        let shown: quintet::jwt::Claims =
            found.as_object().expect("an object").iter().map(|(name, value)| (name.clone(), shape(value))).collect();
        told.push(json!([name, answer.status(), shown, answer.header("www-authenticate")]));
        answers.insert(name, found);
    }
    for mut user in kept {
        user.save(&db).await.expect("the user as before");
    }
    told
}

/// Without a name for the claim of the kind the reference writes one called `null`; gives of how many tokens it is taken away.
fn forget_null(answer: &mut Value) -> usize {
    let tokens = answer[2].as_object_mut().into_iter().flat_map(|members| members.values_mut());
    tokens.filter_map(|token| token.get_mut("claims")?.as_object_mut()?.remove("null")).count()
}

fn each_setting_has_the_effect_that_it_has_there(database: &Scratch) {
    if !django::is_here() {
        return;
    }
    let said = django::manage(database, &["migrate", "--verbosity", "0"]);
    assert_eq!(said.code, 0, "{said:?}");
    let script = format!("STEPS = r'''{STEPS}'''\nROWS = r'''{ROWS}'''\n{ASK}");
    let mut theirs: Value = serde_json::from_str(&django::python_script(database, &script)).expect("JSON");
    let without = theirs["no claim of the kind"].as_array_mut().expect("answers");
    assert!(without.iter_mut().map(forget_null).sum::<usize>() > 0, "it writes no claim `null` any more");
    let rows = rows();
    let names: BTreeSet<_> = rows.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, theirs.as_object().expect("rows").keys().map(String::as_str).collect());
    let mut found = vec![];
    for (row, simple_jwt) in rows {
        let ours = block_on(answered(database, simple_jwt));
        for (here, there) in ours.iter().zip(theirs[row].as_array().unwrap_or_else(|| panic!("{row}: {}", theirs[row])))
        {
            if here != there {
                found.push(format!("{row}:\n  here  {here}\n  there {there}"));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn each_setting_has_the_effect_that_it_has_in_the_reference_on_sqlite() {
    each_setting_has_the_effect_that_it_has_there(&Scratch::sqlite());
}

#[test]
fn each_setting_has_the_effect_that_it_has_in_the_reference_on_postgresql() {
    if let Some(database) = Scratch::postgres() {
        each_setting_has_the_effect_that_it_has_there(&database);
    }
}
