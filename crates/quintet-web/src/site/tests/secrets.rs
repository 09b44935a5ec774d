//! What the developers' pages hide, against `oracle/vectors/secret_masking.json`.

use super::harness::{Recording, get, options, same, site, text};
use crate::http::{Error, Request, Response, Result};
use crate::urls::Urls;
use crate::view;

const SECRET: &str = "vAlUe-To-HiDe";

fn routes() -> Urls {
    crate::urls![path("", view::get(fails))]
}

async fn fails(_: &Request) -> Result<Response> {
    Err(Error::unexpected("connecting to postgres://u:vAlUe-To-HiDe@db/n failed"))
}

fn page(asked: &super::harness::Ask, setting: (&str, &str)) -> String {
    let mut options = options(routes);
    options.debug = true;
    options.shown_settings = vec![(setting.0.to_owned(), setting.1.to_owned())];
    asked.to(&site(options)).text()
}

#[test]
fn a_setting_is_hidden_where_the_reference_hides_it() {
    let recording = Recording::new(include_str!("../../../../../oracle/vectors/secret_masking.json"));
    let skipped = [("name `DB_PWD`", "hidden here: it is a database's password")];
    let ran = recording.each("names", &skipped, |case| {
        let shown = page(&get("/"), (text(case, "name"), SECRET)).contains(SECRET);
        same("hidden", !shown, case["masked"] == true)
    });
    assert_eq!(ran, 71);
}

#[test]
fn passwords_of_databases_are_hidden_though_the_reference_shows_them() {
    for (name, value) in [
        ("DB_PWD", SECRET),
        ("database", "postgres://u:vAlUe-To-HiDe@h/d"),
        ("server.redis_url", "redis://:vAlUe-To-HiDe@h"),
    ] {
        assert!(!page(&get("/"), (name, value)).contains(SECRET), "{name}");
    }
}

#[test]
fn headers_and_query_fields_that_carry_secrets_are_hidden() {
    let asked = [
        get("/").header("authorization", SECRET),
        get("/").header("cookie", format!("sessionid={SECRET}")),
        get("/").header("x-api-key", SECRET),
        get("/").header("x-auth-token", SECRET),
        get("/").header("proxy-authorization", SECRET),
        get("/").header("referer", format!("https://u:{SECRET}@h/")),
        get(&format!("/?token={SECRET}")),
        get(&format!("/?a=1&p%61ssword={SECRET}")),
        get(&format!("/?to=https://u:{SECRET}@h/")),
        get("/"),
    ];
    for asked in asked {
        let page = page(&asked, ("debug", "true"));
        assert!(!page.contains(SECRET), "{asked:?}");
        assert!(page.contains("failed"), "{page}");
    }
    let shown = page(&get("/?a=vAlUe").header("x-plain", "vAlUe"), ("debug", "true"));
    assert_eq!(shown.matches("vAlUe").count(), 2, "{shown}");
}

#[test]
fn the_text_for_other_clients_hides_as_much() {
    let asked = get(&format!("/?token={SECRET}")).header("accept", "application/json").header("authorization", SECRET);
    let text = page(&asked, ("SECRET_KEY", SECRET));
    assert!(text.contains("failed") && !text.contains(SECRET) && !text.contains("<html"), "{text}");
}
