//! Tokens of the reference's two libraries and ours, checked by one another: the same verdict on each.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use quintet::jwt::{Algorithm, SigningKey, TokenClass, Tokens, Validation, VerifyingKey, decode, encode};
use quintet::prelude::*;
use quintet::settings::{Settings, SimpleJwt};
use quintet::testing::{Client, block_on};
use quintet_tests::databases::Scratch;
use quintet_tests::django;
use quintet_tests::support::Folder;

/// Makes keys and tokens, and says of each what the libraries themselves think of it.
const MAKE: &str = r#"
import json, sys, time
from datetime import timedelta
import jwt
from cryptography.hazmat.primitives import serialization as s
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, SlidingToken

def pem(key):
    private = key.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption()).decode()
    public = key.public_key().public_bytes(s.Encoding.PEM, s.PublicFormat.SubjectPublicKeyInfo).decode()
    return [private, public]

pair = pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))
keys = {alg: pair for alg in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]}
keys.update(ES256=pem(ec.generate_private_key(ec.SECP256R1())), ES384=pem(ec.generate_private_key(ec.SECP384R1())))
keys.update(ES512=pem(ec.generate_private_key(ec.SECP521R1())), EdDSA=pem(ed25519.Ed25519PrivateKey.generate()))
secret = "a secret of sixty-four bytes or more, as the longest of the digests asks for it"
keys.update({alg: [secret, secret] for alg in ["HS256", "HS384", "HS512"]})

now = int(time.time())
HOUR = 3600
CASES = [
    ({"exp": now + HOUR}, {}),
    ({"exp": now - HOUR}, {}),
    ({"exp": now - 60}, {"leeway": 600}),
    ({"exp": now - HOUR}, {"leeway": 600}),
    ({"nbf": now + HOUR}, {}),
    ({"nbf": now + 60}, {"leeway": 600}),
    ({"nbf": now - HOUR, "iat": now - HOUR}, {}),
    ({"iat": now + HOUR}, {}),
    ({"iss": "desk"}, {"issuer": "desk"}),
    ({"iss": "des"}, {"issuer": "desk"}),
    ({}, {"issuer": "desk"}),
    ({"aud": ["them", "us"]}, {"audience": "us"}),
    ({"aud": "them"}, {"audience": "us"}),
    ({}, {"audience": "us"}),
    ({"sub": "1", "name": "Zo\u00eb \U0001f600 \u2028", "deep": {"a": [1, 2.5, None, True, -3e40]}, "exp": now + HOUR + 0.5}, {}),
    ({"sub": 1}, {}),
    ({"jti": 1}, {}),
    ({"aud": "us"}, {}),
    ({"aud": "us"}, {"audience": ["others", "us"]}),
    ({"aud": []}, {"audience": ["us"]}),
    ({"aud": ["them"]}, {"audience": ["others", "us"]}),
    ({"iss": "desk"}, {"issuer": ["shop", "desk"]}),
    ({"iss": "des"}, {"issuer": ["shop", "desk"]}),
    ({"exp": now + HOUR, "nbf": now, "iat": now, "iss": "desk", "aud": ["us"], "sub": "1", "jti": "2"},
     {"audience": "us", "issuer": "desk", "leeway": 5, "require": ["exp", "nbf", "iat", "iss", "aud", "sub", "jti"]}),
    ({"exp": now + HOUR}, {"require": ["exp", "jti"]}),
    ({"sub": None, "exp": now + HOUR}, {"require": ["sub"]}),
    ({"iat": now + 60}, {"leeway": 600}),
    ({"iat": now + HOUR}, {"leeway": 600}),
    ({"nbf": now + HOUR}, {"leeway": 600}),
]

def verdict(token, key, alg, options):
    asked = {name: value for name, value in options.items() if name != "require"}
    checks = {"verify_aud": "audience" in options, "require": options.get("require", [])}
    try:
        return jwt.decode(token, key, algorithms=[alg], options=checks, **asked)
    except jwt.InvalidTokenError:
        return None

def classes(alg):
    backend = TokenBackend(alg, keys[alg][0], keys[alg][1], "us", "desk")
    made = {"access": AccessToken, "refresh": RefreshToken, "sliding": SlidingToken}
    return {name: type(cls.__name__, (cls,), {"_token_backend": backend}) for name, cls in made.items()}

def good(cls, text):
    try:
        return cls(text).payload
    except TokenError:
        return None

# What is asked of each token of a user: its kind, by how many seconds it has still to live, as which kind it is read.
USERS = [(kind, left, kind) for kind in ("access", "refresh", "sliding") for left in (HOUR, -HOUR)]
USERS += [("access", HOUR, "refresh"), ("refresh", HOUR, "access")]
"#;

/// Theirs: written for us to check.
const THEIRS: &str = r#"
out = {"now": now, "keys": keys, "tokens": [], "users": [], "cases": CASES, "asked": USERS}
for alg, (private, public) in keys.items():
    for number, (claims, options) in enumerate(CASES):
        token = jwt.encode(claims, private, algorithm=alg, headers={"kid": "one"} if number % 2 else None)
        out["tokens"].append([alg, token, options, verdict(token, public, alg, options)])
        if number == 0:
            broken = token[:-6] + ("AAAAAA" if token[-6:] != "AAAAAA" else "BBBBBB")
            out["tokens"].append([alg, broken, options, verdict(broken, public, alg, options)])
    for kind, left, read in USERS:
        token = classes(alg)[kind]()
        token.set_exp(lifetime=timedelta(seconds=left))
        token["user_id"] = "1"
        out["users"].append([alg, str(token), read, good(classes(alg)[read], str(token))])
json.dump(out, open(folder + "/theirs.json", "w"))
"#;

/// Ours, checked by them.
const OURS: &str = r#"
given = json.load(open(folder + "/ours.json"))
keys = json.load(open(folder + "/theirs.json"))["keys"]
out = {"tokens": [], "users": []}
for alg, token, options in given["tokens"]:
    out["tokens"].append(verdict(token, keys[alg][1], alg, options))
for alg, token, read in given["users"]:
    out["users"].append(good(classes(alg)[read], token))
json.dump(out, open(folder + "/verdicts.json", "w"))
"#;

/// What both sides know, and the keys ready for use.
struct Exchange {
    theirs: Value,
    folder: Folder,
    database: Scratch,
    keys: BTreeMap<String, (SigningKey, VerifyingKey)>,
    now: SystemTime,
}

fn exchange() -> Exchange {
    let (folder, database) = (Folder::new("tokens"), Scratch::sqlite());
    let said = django::manage(&database, &["migrate", "--verbosity", "0"]);
    assert_eq!(said.code, 0, "{said:?}");
    python(&database, &folder, THEIRS);
    let theirs = read(&folder, "theirs.json");
    let pair = |(name, pair): (&String, &Value)| {
        let algorithm: Algorithm = name.parse().expect("an algorithm");
        let (private, public) = (text(&pair[0]), text(&pair[1]));
        let keys = if name.starts_with("HS") {
            let key = SigningKey::secret(algorithm, private.as_bytes()).expect("a key");
            (key.clone(), key.verifying_key().expect("a key"))
        } else {
            let signing = SigningKey::from_pem(algorithm, private).expect("a key");
            (signing, VerifyingKey::from_pem(algorithm, public).expect("a key"))
        };
        (name.clone(), keys)
    };
    let keys = theirs["keys"].as_object().expect("keys").iter().map(pair).collect();
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(theirs["now"].as_u64().expect("a moment"));
    Exchange { theirs, folder, database, keys, now }
}

fn python(database: &Scratch, folder: &Folder, script: &str) {
    let place = format!("folder = {:?}\n", folder.path().display().to_string());
    django::python_script(database, &format!("{place}{MAKE}{script}"));
}

fn read(folder: &Folder, name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(folder.path().join(name)).expect("a file")).expect("JSON")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("text")
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().expect("a list")
}

impl Exchange {
    /// The claims, where the token is good.
    fn verdict(&self, algorithm: &str, token: &str, options: &Value) -> Value {
        let text = |name: &str| match &options[name] {
            Value::String(one) => vec![one.clone()],
            Value::Array(several) => several.iter().map(|one| text(one).to_owned()).collect(),
            _ => vec![],
        };
        let validation = Validation::at(self.now)
            .leeway(Duration::from_secs(options["leeway"].as_u64().unwrap_or_default()))
            .issuer(text("issuer"))
            .audience(text("audience"))
            .required(text("require"));
        let decoded = decode(token, &self.keys[algorithm].1, &validation);
        decoded.map_or(Value::Null, |decoded| Value::Object(decoded.claims))
    }

    /// A site whose tokens are signed so.
    fn site(&self, algorithm: &str) -> Client {
        let pair = &self.theirs["keys"][algorithm];
        let verifying = if algorithm.starts_with("HS") { String::new() } else { text(&pair[1]).to_owned() };
        Client::of(Settings {
            secret_key: "a-key-for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz".into(),
            simple_jwt: SimpleJwt {
                algorithm: algorithm.parse().expect("an algorithm"),
                signing_key: text(&pair[0]).into(),
                verifying_key: verifying,
                audience: vec!["us".to_owned()],
                issuer: Some("desk".to_owned()),
                ..SimpleJwt::default()
            },
            urls,
            ..Settings::default()
        })
    }
}

fn urls() -> Urls {
    urls![path("make/<str:kind>/<str:left>/", get(make)), path("read/<str:kind>/", post(read_one))]
}

fn class(request: &Request) -> Result<TokenClass> {
    let kind: String = request.param("kind")?;
    let all = [TokenClass::Access, TokenClass::Refresh, TokenClass::Sliding];
    all.into_iter().find(|class| class.token_type() == kind).or_404()
}

async fn make(request: &Request) -> Result<Response> {
    let left: i64 = request.param("left")?;
    let tokens = Tokens::of(request)?;
    let mut token = tokens.new_token(class(request)?)?;
    let now = token.get("iat").and_then(Value::as_i64).expect("a moment");
    token.insert("exp", now + left);
    token.insert("user_id", "1");
    Ok(Response::text(tokens.encode(&token)?))
}

async fn read_one(request: &Request) -> Result<Response> {
    let text = String::from_utf8_lossy(&request.bytes().await?).into_owned();
    let token = Tokens::of(request)?.read(class(request)?, &text).await?;
    Ok(Response::json(token.claims()))
}

#[test]
fn tokens_of_both_libraries_are_judged_alike_on_both_sides() {
    if !django::is_here() {
        return;
    }
    let exchange = exchange();
    let mut count = 0;
    for token in list(&exchange.theirs["tokens"]) {
        let ours = exchange.verdict(text(&token[0]), text(&token[1]), &token[2]);
        assert_eq!(ours, token[3], "{token}");
        count += 1;
    }
    assert_eq!(count, 13 * 30);

    let mut ours = vec![];
    for (name, (key, _)) in &exchange.keys {
        for case in list(&exchange.theirs["cases"]) {
            let token = encode(case[0].as_object().expect("claims"), key).expect("a token");
            ours.push(json!([name, token, case[1]]));
        }
    }
    let users = block_on(made(&exchange));
    let written = json!({ "tokens": ours, "users": users }).to_string();
    std::fs::write(exchange.folder.path().join("ours.json"), written).expect("a file");
    python(&exchange.database, &exchange.folder, OURS);
    let verdicts = read(&exchange.folder, "verdicts.json");
    for (token, theirs) in ours.iter().zip(list(&verdicts["tokens"])) {
        assert_eq!(*theirs, exchange.verdict(text(&token[0]), text(&token[1]), &token[2]), "{token}");
        count += 1;
    }
    count += block_on(judged(&exchange, &users, list(&verdicts["users"])));
    assert_eq!(count, 13 * (30 + 29 + 8 + 8), "tokens");
}

/// Our tokens of users.
async fn made(exchange: &Exchange) -> Vec<Value> {
    let mut users = vec![];
    for algorithm in exchange.keys.keys() {
        let site = exchange.site(algorithm);
        for asked in list(&exchange.theirs["asked"]) {
            let answer = site.get(&format!("/make/{}/{}/", text(&asked[0]), asked[1])).await;
            assert_eq!(answer.status(), 200, "{}", answer.text());
            users.push(json!([algorithm, answer.text(), asked[2]]));
        }
    }
    users
}

/// How many tokens of users both sides judge alike: theirs here, and ours there.
async fn judged(exchange: &Exchange, ours: &[Value], verdicts: &[Value]) -> usize {
    let mut sites = BTreeMap::new();
    let theirs = list(&exchange.theirs["users"]).iter().map(|token| (token, &token[3]));
    let all = theirs.chain(ours.iter().zip(verdicts));
    let mut count = 0;
    for (token, verdict) in all {
        let site = sites.entry(text(&token[0]).to_owned()).or_insert_with(|| exchange.site(text(&token[0])));
        let answer = site.send(Method::POST, &format!("/read/{}/", text(&token[2])), text(&token[1]).to_owned()).await;
        let found = if answer.status() == 200 { answer.json() } else { Value::Null };
        assert_eq!(found, *verdict, "{token}");
        count += 1;
    }
    assert!(verdicts.iter().any(|verdict| !verdict.is_null()) && verdicts.iter().any(Value::is_null));
    count
}
