//! Links that reset passwords, and signed values: made by the reference and by us, and taken by the other.

use std::time::Duration;

use quintet::auth::{PasswordResetTokens, find, uid_of, user_of_uid};
use quintet::prelude::*;
use quintet::settings::{DatabaseUrl, Settings};
use quintet::signing::{dumps, loads};
use quintet::testing::block_on;
use quintet_tests::databases::Scratch;
use quintet_tests::django;
use quintet_tests::support::Folder;

/// Users of all kinds, and a clock on another wall.
const BEGIN: &str = r#"
import datetime, json, os, time
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import signing
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

os.environ["TZ"] = "Asia/Kolkata"
time.tzset()
User = get_user_model()
generator = PasswordResetTokenGenerator()
DAY = 24 * 3600

def shifted(seconds):
    other = PasswordResetTokenGenerator()
    other._now = lambda: datetime.datetime.now() - datetime.timedelta(seconds=seconds)
    return other

def checked(row):
    uid, token = row
    try:
        user = User.objects.get(pk=urlsafe_base64_decode(uid).decode())
    except Exception:
        return False
    return generator.check_token(user, token)

def opened(text):
    try:
        return signing.loads(text, max_age=600)
    except signing.BadSignature:
        return None
"#;

/// Theirs: written for us to check.
const THEIRS: &str = r#"
User.objects.bulk_create(
    User(
        username="user-%d" % n,
        email=["ann@example.com", "", "J\u00f6rg@b\u00fccher.example"][n % 3],
        password="pbkdf2_sha256$1000$salt%d$hash" % n,
        last_login=None if n % 4 == 0 else datetime.datetime(2024, 1 + n % 12, 1 + n % 28, n % 24, n % 60, 59, n * 1009, tzinfo=datetime.timezone.utc),
    )
    for n in range(100)
)
links = []
for n, user in enumerate(User.objects.order_by("pk")):
    # New ones, some that are nearly too old, some that are, and some that are changed on the way.
    age = [0, 0, 0, settings.PASSWORD_RESET_TIMEOUT - 60, settings.PASSWORD_RESET_TIMEOUT + 60][n % 5]
    token = shifted(age).make_token(user)
    if n % 10 == 7:
        token = token[:-1] + ("0" if token[-1] != "0" else "1")
    row = [urlsafe_base64_encode(force_bytes(user.pk)), token]
    links.append(row + [checked(row)])
values = [{"n": n, "text": "\u00e4\u20ac" * (n % 40), "list": [None, True, n / 4]} for n in range(100)]
signed = [signing.dumps(value, compress=n % 2 == 1) for n, value in enumerate(values)]
signed = [text[:-1] + ("A" if text[-1] != "A" else "B") if n % 10 == 3 else text for n, text in enumerate(signed)]
json.dump({"key": settings.SECRET_KEY, "timeout": settings.PASSWORD_RESET_TIMEOUT, "links": links,
           "signed": [[text, opened(text)] for text in signed]}, open(folder + "/theirs.json", "w"))
"#;

/// Ours, checked by them.
const OURS: &str = r#"
given = json.load(open(folder + "/ours.json"))
json.dump({"links": [checked(row) for row in given["links"]], "signed": [opened(text) for text in given["signed"]]},
          open(folder + "/verdicts.json", "w"))
"#;

fn python(database: &Scratch, folder: &Folder, script: &str) {
    let place = format!("folder = {:?}\n", folder.path().display().to_string());
    django::python_script(database, &format!("{place}{BEGIN}{script}"));
}

fn read(folder: &Folder, name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(folder.path().join(name)).expect("a file")).expect("JSON")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("text")
}

#[test]
fn links_and_signed_values_of_both_sides_are_taken_by_the_other() {
    if !django::is_here() {
        return;
    }
    let (folder, database) = (Folder::new("links"), Scratch::sqlite());
    let said = django::manage(&database, &["migrate", "--verbosity", "0"]);
    assert_eq!(said.code, 0, "{said:?}");
    python(&database, &folder, THEIRS);
    let theirs = read(&folder, "theirs.json");

    let mut settings = Settings {
        secret_key: text(&theirs["key"]).to_owned().into(),
        database: DatabaseUrl::parse("DATABASE_URL", &database.url).expect("a URL"),
        installed_apps: quintet::apps::defaults(),
        time_zone: "Asia/Kolkata".to_owned(),
        ..Settings::default()
    };
    settings.auth.password_reset_timeout = Duration::from_secs(theirs["timeout"].as_u64().expect("seconds"));
    let db = quintet::database(&settings).expect("a database");
    let app = quintet::site(&settings).expect("a site");
    let tokens = PasswordResetTokens::of(app.site(), Db::from(&db)).expect("a key");

    let (mut count, mut good) = (0, 0);
    let taken = async |uid: &str, token: &str| match user_of_uid(Db::from(&db), uid).await.expect("asked") {
        Some(user) => tokens.check(&user, token).expect("a key"),
        None => false,
    };
    let mut ours = json!({ "links": [], "signed": [] });
    block_on(async {
        for link in theirs["links"].as_array().expect("links") {
            let ours = taken(text(&link[0]), text(&link[1])).await;
            assert_eq!(Value::Bool(ours), link[2], "{link}");
            count += 1;
            good += u32::from(ours);
        }
        for number in 0..100 {
            let name = format!("user-{number}");
            let user = find(Db::from(&db), "username", name.into()).await.expect("asked").expect("a user");
            let mut token = tokens.make(&user).expect("a key");
            if number % 10 == 7 {
                let end = if token.pop() == Some('0') { '1' } else { '0' };
                token.push(end);
            }
            let uid = uid_of(&user).expect("a key");
            assert_eq!(taken(&uid, &token).await, number % 10 != 7);
            ours["links"].as_array_mut().expect("a list").push(json!([uid, token]));
        }
    });
    assert_eq!((count, good), (100, 70), "a fifth is too old, a tenth was changed");

    let opened =
        |signed: &str| loads::<Value>(app.site(), "", signed, Some(Duration::from_secs(600))).unwrap_or(Value::Null);
    for (number, pair) in theirs["signed"].as_array().expect("values").iter().enumerate() {
        assert_eq!(opened(text(&pair[0])), pair[1], "{pair}");
        let value = json!({ "n": number, "text": "ä€".repeat(number % 40), "list": [null, true, 0.25] });
        let mut signed = dumps(app.site(), "", &value, number % 2 == 1).expect("signed");
        if number % 10 == 3 {
            signed.push('A');
        }
        assert_eq!(opened(&signed), if number % 10 == 3 { Value::Null } else { value });
        ours["signed"].as_array_mut().expect("a list").push(signed.into());
        count += 1;
    }
    std::fs::write(folder.path().join("ours.json"), ours.to_string()).expect("a file");
    python(&database, &folder, OURS);
    let verdicts = read(&folder, "verdicts.json");
    for (link, verdict) in
        ours["links"].as_array().expect("links").iter().zip(verdicts["links"].as_array().expect("verdicts"))
    {
        let was_changed = block_on(taken(text(&link[0]), text(&link[1])));
        assert_eq!(*verdict, was_changed, "{link}");
        count += 1;
    }
    for (signed, verdict) in
        ours["signed"].as_array().expect("values").iter().zip(verdicts["signed"].as_array().expect("verdicts"))
    {
        assert_eq!(*verdict, opened(text(signed)), "{signed}");
        count += 1;
    }
    assert_eq!(count, 400, "two hundred each way");
}
