//! What administrators are written about errors, and managers about broken links, against `oracle/vectors/error_mail.json`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::harness::{Ask, Recording, ask, block_on, get, options, same, site, text, texts};
use crate::http::{Error, Request, Response, Result};
use crate::mail::{EmailBackend, EmailMessage, EmailSettings, Mailer};
use crate::middleware::BrokenLinkEmailsMiddleware;
use crate::urls::Urls;
use crate::{Site, SiteOptions, view};

fn recording() -> Recording {
    Recording::new(include_str!("../../../../../oracle/vectors/error_mail.json"))
}

fn routes() -> Urls {
    crate::urls![
        re_path("^boom/", view::get(boom).post(boom)),
        re_path("^fine/", view::get(fine)),
        re_path("^other/", view::get(boom))
    ]
}

async fn boom(_: &Request) -> Result<Response> {
    Err(Error::unexpected("it broke: probe-message, at postgres://u:probe-password@db/n"))
}

async fn fine(_: &Request) -> Result<Response> {
    Ok(Response::text("fine"))
}

fn people(name: &str) -> (String, String) {
    (name.to_owned(), format!("{}@example.com", name.to_lowercase()))
}

fn mailing(change: impl FnOnce(&mut SiteOptions, &mut EmailSettings)) -> Arc<Site> {
    let mut options = options(routes);
    options.middleware = vec![BrokenLinkEmailsMiddleware.into()];
    options.shown_settings =
        [("own_password", "probe-setting"), ("own_colour", "probe-colour")].map(|(a, b)| (a.into(), b.into())).to_vec();
    let mut settings = EmailSettings {
        backend: EmailBackend::Memory,
        admins: vec![people("Ann"), people("Bob")],
        managers: vec![people("Mia")],
        ..EmailSettings::default()
    };
    change(&mut options, &mut settings);
    options.mailer = Mailer::new(settings, options.clock.clone(), Arc::new(|_| Ok(())));
    site(options)
}

/// What was sent while this was asked.
fn sent(site: &Arc<Site>, asked: &[Ask]) -> Vec<EmailMessage> {
    block_on(async {
        for asked in asked {
            drop(site.handle(asked.parts(), asked.incoming(), Arc::new(asked.peer())).await);
        }
        site.mailer().idle().await;
    });
    site.mailer().outbox()
}

fn asked(case: &Value) -> Ask {
    let mut asked = ask(text(case, "method"), text(case, "target"));
    for row in case["headers"].as_array().into_iter().flatten() {
        asked = asked.header(&row[0].as_str().expect("a name").to_lowercase(), row[1].as_str().expect("a value"));
    }
    asked.body(case["body"].as_str().unwrap_or_default().to_owned())
}

const LABELS: [&str; 14] = [
    "Request Method",
    "Request URL",
    "Server time",
    "Installed Middleware",
    "Exception Type",
    "Exception Value",
    "Request information",
    "USER",
    "GET",
    "POST",
    "FILES",
    "COOKIES",
    "META",
    "Settings",
];

/// The reference tells these too: a body, and a field of a query whose name says that it is a secret.
const KEPT: [&str; 3] = ["probe-form", "probe-secret", "probe-token"];

#[test]
fn administrators_are_told_of_errors_as_recorded_and_of_no_secret() {
    let skipped = [
        ("returned", "an answer of a view's own with 500 is what the view wants to say"),
        ("busy", "the same with 503"),
    ];
    let ran = recording().each("errors", &skipped, |case| {
        let site = mailing(|options, settings| {
            options.debug = case["debug"] == true;
            if case["admins"].is_array() {
                settings.admins = vec![];
            }
        });
        let sent = sent(&site, &[asked(case)]);
        let wanted = &case["mail"];
        same("number of messages", sent.len(), usize::from(!wanted.is_null()))?;
        let Some(mail) = sent.first() else { return Ok(()) };
        same("subject", mail.subject.as_str(), text(wanted, "subject"))?;
        same("sender", mail.from_email.as_deref(), wanted["from"].as_str())?;
        same("recipients", &mail.to, &texts(&wanted["to"]))?;
        let body = &mail.body;
        same("first line", body.lines().next(), wanted["begins"][0].as_str())?;
        let label = |line: &str| {
            line.split_once(':').map(|(label, _)| label.to_owned()).filter(|label| LABELS.contains(&&**label))
        };
        same("parts", json!(body.lines().filter_map(label).collect::<Vec<_>>()), wanted["labels"].clone())?;
        let address = body.lines().find_map(|line| line.strip_prefix("Request URL: ")).unwrap_or_default();
        same("address", address, &text(wanted, "url").replace("probe-token", "********************"))?;
        let probes: Vec<String> =
            texts(&wanted["reads"]).into_iter().filter(|probe| !KEPT.contains(&&**probe)).collect();
        let ours = body.split(|c: char| !c.is_ascii_alphabetic() && c != '-').filter(|word| word.starts_with("probe-"));
        let ours: std::collections::BTreeSet<String> = ours.map(str::to_owned).collect();
        same("what can be read", ours, probes.into_iter().collect())
    });
    assert_eq!(ran, 8);
}

#[test]
fn managers_are_told_of_broken_links_as_recorded() {
    let ran = recording().each("links", &[], |case| {
        let site = mailing(|options, _| {
            options.debug = case["debug"] == true;
            options.http.ignorable_404_urls =
                case["ignorable"].as_array().map(|_| texts(&case["ignorable"])).unwrap_or_default();
        });
        let mut asked = get(text(case, "target")).client(SocketAddr::from(([127, 0, 0, 1], 5000)));
        for (name, key) in [("referer", "referer"), ("user-agent", "agent")] {
            if let Some(value) = case[key].as_str().filter(|value| !value.is_empty()) {
                asked = asked.header(name, value);
            }
        }
        let sent = sent(&site, &[asked]);
        let told = sent.first().map_or(
            Value::Null,
            |mail| json!({ "subject": mail.subject, "from": mail.from_email, "to": mail.to, "body": mail.body }),
        );
        same("message", &told, &case["mail"])
    });
    assert_eq!(ran, 18);
}

#[test]
fn a_page_that_is_broken_fills_no_mailbox() {
    let site = mailing(|_, _| {});
    let many: Vec<Ask> = (0..50).map(|number| get(&format!("/boom/{number}/?a={number}"))).collect();
    assert_eq!(sent(&site, &many).len(), 1, "one route, one place");
    let all = sent(&site, &[get("/other/")]);
    assert_eq!(all.len(), 2, "another is another");
    assert!(all[1].body.contains("\n49 more errors were not written about"), "{}", all[1].body);
    let links: Vec<Ask> =
        (0..50).map(|number| get(&format!("/nowhere/{number}/")).header("referer", "http://o.example/")).collect();
    assert_eq!(sent(&mailing(|_, _| {}), &links).len(), 10);
    let each = mailing(|_, settings| settings.error_interval = Duration::ZERO);
    assert_eq!(sent(&each, &many[..5]).len(), 5);
}

#[test]
fn a_message_that_cannot_be_sent_changes_no_answer() {
    let site = mailing(|_, settings| {
        settings.backend = EmailBackend::Smtp;
        settings.host = "127.0.0.1".to_owned();
        settings.port = 1;
    });
    let answer = get("/boom/").to(&site);
    assert_eq!(answer.code(), 500);
}

#[test]
fn nothing_of_a_request_writes_lines_of_its_own() {
    let hostile =
        get("/boom/x%0ASettings:/?a%0A=b&c=%0Ad").header("user-agent", "a\tb").header("cookie", "a=b; c=\"d\\012e\"");
    let sent = sent(&mailing(|_, _| {}), &[hostile]);
    let settings = sent[0].body.lines().filter(|line| line.starts_with("Settings:")).count();
    assert_eq!(settings, 1, "{}", sent[0].body);
    let long = get(&format!("/boom/{}", "x".repeat(20_000)));
    let sent = super::error_mail::sent(&mailing(|_, _| {}), &[long]);
    assert!(sent[0].subject.len() < 400, "{}", sent[0].subject.len());
}
