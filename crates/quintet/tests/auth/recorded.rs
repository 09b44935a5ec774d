//! The recorded exchanges about tokens, on a copy of the recorded database: the same answers, but for those that are better
//! on purpose.

use std::collections::BTreeMap;
use std::path::PathBuf;

use quintet::http::Method;
use quintet::settings::{Duration, Settings, SimpleJwt, TokenClass};
use quintet::testing::{Client, TestResponse};
use quintet_db::Connection as _;
use serde_json::Value;

use crate::harness::{apps, rotating, settings};
use crate::scratch::Scratch;

/// Answered otherwise on purpose: the exchange, and the status.
const DEVIATIONS: &[(&str, u16)] = &[
    ("header.token.exp_string", 401),
    ("header.token.user_id_garbage", 401),
    ("header.token.padded", 401),
    ("token.refresh.unknown_user", 401),
    ("rotation.refresh_no_jti", 401),
];

/// What is not about tokens: pages of other renderers.
const ELSEWHERE: &[&str] = &["token.accept_html"];

fn oracle(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../oracle").join(path)
}

fn seed() -> SimpleJwt {
    SimpleJwt { access_token_lifetime: Duration::from_secs(30 * 60), ..SimpleJwt::default() }
}

fn revoking() -> SimpleJwt {
    SimpleJwt {
        rotate_refresh_tokens: false,
        blacklist_after_rotation: false,
        check_revoke_token: true,
        audience: vec!["oracle-aud".to_owned()],
        issuer: Some("oracle-iss".to_owned()),
        leeway: Duration::from_secs(10),
        auth_header_types: vec!["JWT".to_owned(), "Bearer".to_owned()],
        auth_token_classes: vec![TokenClass::Access, TokenClass::Sliding],
        ..rotating()
    }
}

/// Replays a suite; gives how many exchanges were equal.
async fn replay(suite: &str, fixture: &str, simple_jwt: SimpleJwt) -> usize {
    let scratch = Scratch::new();
    let installed = if fixture == "seed.sql" { apps().into_iter().take(2).collect() } else { apps() };
    let settings = Settings { simple_jwt, ..settings(&scratch.url(), installed) };
    let db = quintet::database(&settings).expect("a database");
    let sql = std::fs::read_to_string(oracle("fixtures").join(fixture)).expect("the recorded database");
    let sql = sql.replace("BEGIN TRANSACTION;", "").replace("COMMIT;", "");
    // Its tables refer to one another in no order.
    let sql = format!("PRAGMA foreign_keys = OFF;{sql}PRAGMA foreign_keys = ON;");
    db.script(&sql).await.expect("the recorded database");
    let client = Client::of(settings);
    let text = std::fs::read_to_string(oracle("transcripts").join(format!("{suite}.jsonl"))).expect("recordings");
    let (mut saved, mut count) = (BTreeMap::new(), 0);
    for line in text.lines() {
        let exchange: Value = serde_json::from_str(line).expect("JSON");
        let id = exchange["id"].as_str().expect("text");
        let is_ours = ["/api/token", "/api/sliding", "/api/notes/"]
            .iter()
            .any(|path| exchange["request"]["path"].as_str().expect("text").starts_with(path));
        if ELSEWHERE.contains(&id) || !is_ours {
            continue;
        }
        let answer = send(&client, &exchange["request"], &saved).await;
        compare(id, &exchange, &answer);
        for (name, pointer) in exchange["save"].as_object().into_iter().flatten() {
            let token = answer.json().pointer(pointer.as_str().expect("text")).cloned().expect("a token");
            saved.insert(name.clone(), token.as_str().expect("text").to_owned());
        }
        count += 1;
    }
    drop((client, db));
    drop(scratch);
    count
}

async fn send(client: &Client, request: &Value, saved: &BTreeMap<String, String>) -> TestResponse {
    let filled = |text: &str| {
        saved.iter().fold(text.to_owned(), |text, (name, token)| text.replace(&format!("{{{{{name}}}}}"), token))
    };
    // The client of tests has each header once; a repeated one comes as servers in front of a site join it.
    let mut headers: BTreeMap<&str, String> = BTreeMap::new();
    for header in request["headers"].as_array().expect("headers") {
        let (name, value) = (header[0].as_str().expect("text"), filled(header[1].as_str().expect("text")));
        headers.entry(name).and_modify(|known| *known += &format!(",{value}")).or_insert(value);
    }
    let mut client = client.clone();
    for (name, value) in headers {
        client = client.with_header(name, &value);
    }
    let method: Method = request["method"].as_str().expect("text").parse().expect("a method");
    client.send(method, request["path"].as_str().expect("text"), filled(request["body"].as_str().unwrap_or(""))).await
}

fn compare(id: &str, exchange: &Value, answer: &TestResponse) {
    let recorded = &exchange["response"];
    if let Some((_, status)) = DEVIATIONS.iter().find(|(known, _)| *known == id) {
        assert_ne!(u64::from(*status), recorded["status"], "{id} is no deviation");
        assert_eq!(answer.status(), *status, "{id}: {}", answer.text());
        return;
    }
    assert_eq!(u64::from(answer.status()), recorded["status"], "{id}: {}", answer.text());
    for name in ["WWW-Authenticate", "Allow", "Content-Type"] {
        let headers = recorded["headers"].as_array().expect("headers");
        let wanted = headers.iter().find(|header| header[0] == name).map(|header| &header[1]);
        // Notes are another app's, and so are their methods.
        if name == "Allow" && (id.starts_with("header") || exchange["request"]["path"] == "/api/notes/") {
            continue;
        }
        assert_eq!(answer.header(name).map(Value::from).as_ref(), wanted, "{id}: {name}");
    }
    let is_notes = exchange["request"]["path"].as_str().is_some_and(|path| path.starts_with("/api/notes/"));
    if is_notes && answer.status() == 200 {
        return;
    }
    let body = recorded["body"].as_str().unwrap_or_default();
    if exchange["volatile"].is_object() {
        assert_eq!(shape(&answer.text()), shape(body), "{id}");
    } else {
        assert_eq!(answer.text(), body, "{id}");
    }
}

/// The members of an answer, and the claims of its tokens, without what differs each time.
fn shape(body: &str) -> Vec<(String, Vec<String>)> {
    let body: Value = serde_json::from_str(body).expect("JSON");
    let members = body.as_object().expect("an object").iter();
    members
        .map(|(name, token)| {
            let token = token.as_str().expect("a token");
            let header = quintet::jwt::unverified_header(token).expect("a header");
            let claims = quintet::jwt::unverified_claims(token).expect("claims");
            let lived = claims["exp"].as_i64().zip(claims["iat"].as_i64()).map(|(end, begin)| end - begin);
            let mut told = vec![serde_json::to_string(&header).expect("text"), format!("{lived:?}")];
            told.extend(claims.iter().map(|(claim, value)| match claim.as_str() {
                "exp" | "iat" | "jti" | "refresh_exp" => claim.clone(),
                _ => format!("{claim}={value}"),
            }));
            (name.clone(), told)
        })
        .collect()
}

#[quintet::test]
async fn headers_are_answered_as_recorded() {
    assert_eq!(replay("header", "seed.sql", seed()).await, 60);
}

#[quintet::test]
async fn credentials_are_answered_as_recorded() {
    assert_eq!(replay("token", "seed.sql", seed()).await, 46);
}

#[quintet::test]
async fn rotation_is_answered_as_recorded() {
    assert_eq!(replay("rotation", "full.sql", rotating()).await, 47);
}

#[quintet::test]
async fn revoked_tokens_are_answered_as_recorded() {
    assert_eq!(replay("revoke", "full.sql", revoking()).await, 18);
}
