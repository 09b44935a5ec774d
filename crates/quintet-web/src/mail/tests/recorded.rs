//! The recorded messages: the same bytes, the same addresses, the same refusals.

use serde_json::Value;

use crate::auth::base64::{Alphabet, decode};
use crate::mail::message::{Alternative, Attachment, EmailMessage, Stamp};
use crate::mail::{MailErrorKind, address};

#[allow(clippy::disallowed_methods, reason = "a test reads its vectors")]
fn recorded(section: &str) -> Vec<Value> {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../oracle/vectors/mail.json");
    let text = std::fs::read_to_string(file).expect("recordings");
    let all: Value = serde_json::from_str(&text).expect("JSON");
    all[section].as_array().expect("a list").clone()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().map(|list| list.iter().map(text).collect()).unwrap_or_default()
}

fn rows(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

fn message(case: &Value) -> EmailMessage {
    let or_x = |name: &str| case.get(name).map_or_else(|| "x".to_owned(), text);
    let to = case.get("to").map_or_else(|| vec!["ann@example.com".to_owned()], texts);
    EmailMessage {
        subject: or_x("subject"),
        body: or_x("body"),
        from_email: case.get("from_email").map(text),
        to,
        cc: texts(&case["cc"]),
        bcc: texts(&case["bcc"]),
        reply_to: texts(&case["reply_to"]),
        headers: rows(&case["headers"]).iter().map(|row| (text(&row[0]), text(&row[1]))).collect(),
        alternatives: rows(&case["alternatives"])
            .iter()
            .map(|row| Alternative { content: text(&row[0]), mimetype: text(&row[1]) })
            .collect(),
        attachments: rows(&case["attachments"])
            .iter()
            .map(|row| Attachment {
                filename: row[0].as_str().map(str::to_owned),
                content: decode(&text(&row[1]), Alphabet::Standard).expect("base64"),
                mimetype: row[2].as_str().map(str::to_owned),
            })
            .collect(),
        content_subtype: case.get("subtype").map(text),
    }
}

fn stamp() -> Stamp {
    Stamp {
        from_email: "webmaster@localhost".to_owned(),
        date: "Mon, 20 Jan 2025 10:00:00 -0000".to_owned(),
        message_id: "<1@localhost>".to_owned(),
        boundary: 8_123_456_789_012_345_678,
    }
}

/// With `BOUNDARY-n` for what comes of chance, in the order in which it is met.
fn named(written: &[u8]) -> String {
    let mut text = String::from_utf8(written.to_vec()).expect("text");
    let pattern = regex::Regex::new(r"={15}\d{19}==").expect("a pattern");
    let mut met = 0;
    while let Some(found) = pattern.find(&text) {
        let found = found.as_str().to_owned();
        text = text.replace(&found, &format!("BOUNDARY-{met}"));
        met += 1;
    }
    text
}

#[test]
fn messages_are_written_as_recorded() {
    let cases = recorded("messages");
    assert!(cases.len() > 30);
    for case in cases {
        let written = message(&case).to_bytes(&stamp()).unwrap_or_else(|error| panic!("{}: {error}", case["id"]));
        assert_eq!(named(&written), text(&case["bytes"]), "{}", case["id"]);
    }
}

#[test]
fn addresses_are_taken_as_recorded_but_for_those_that_are_none() {
    // The reference reads something into these: a word as a name, what is not closed as closed.
    const REFUSED_HERE: [&str; 5] = ["a b", "<a@b", "\"a@b", "a\"b@c", "a\\b@c"];
    for case in recorded("addresses") {
        let given = text(&case["address"]);
        let written = address::in_ascii(&given);
        match case.get("ok").filter(|_| !REFUSED_HERE.contains(&given.as_str())) {
            Some(wanted) => assert_eq!(written.as_deref(), Ok(text(wanted).as_str()), "{given:?}"),
            None => assert!(written.is_err(), "{given:?}: {written:?}"),
        }
    }
}

#[test]
fn a_line_break_in_a_header_is_refused_as_recorded() {
    let mut refused = 0;
    for case in recorded("headers") {
        match message(&case).to_bytes(&stamp()) {
            Ok(_) => assert!(case.get("ok").is_some(), "{case}"),
            Err(error) => {
                assert!(case.get("refused").is_some() && error.kind() == MailErrorKind::BadHeader, "{case}: {error}");
                refused += 1;
            }
        }
    }
    assert_eq!(refused, 9);
}

#[test]
fn what_the_reference_lets_through_in_other_places_is_refused_too() {
    let bad = |message: EmailMessage| message.to_bytes(&stamp()).expect_err("refused").kind();
    let new = || EmailMessage::new("x", "x", ["ann@example.com"]);
    assert_eq!(bad(new().header("X-One\nBcc: eve@example.com", "1")), MailErrorKind::BadHeader);
    assert_eq!(bad(new().header("", "1")), MailErrorKind::BadHeader);
    assert_eq!(bad(new().attach("a.png\nX: y", "x")), MailErrorKind::BadHeader);
    assert_eq!(bad(new().alternative("x", "text/html\nX: y")), MailErrorKind::BadHeader);
    assert_eq!(bad(new().alternative("x", "multipart/mixed")), MailErrorKind::BadHeader);
    for end in ["\u{b}", "\u{c}", "\u{1c}", "\u{85}", "\u{2028}", "\0"] {
        let subject = format!("a{end}Bcc: eve@example.com");
        assert_eq!(bad(EmailMessage::new(subject, "x", ["a@b.example"])), MailErrorKind::BadHeader, "{end:?}");
    }
}

#[test]
fn what_stands_between_parts_is_in_none_of_them() {
    let stamp = stamp();
    let first = format!("==============={:019}==", stamp.boundary >> 1);
    let message = EmailMessage::new("x", format!("--{first}\n"), ["ann@example.com"]).html("x");
    let written = String::from_utf8(message.to_bytes(&stamp).expect("written")).expect("text");
    assert!(
        written.contains(&format!("--{first}")) && !written.contains(&format!("boundary=\"{first}\"")),
        "{written}"
    );
}
