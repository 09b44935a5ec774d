//! What administrators are written about an error: the parts of the reference's message, and nothing that is a secret.
//!
//! A body is never in it: nobody can tell which of its fields are secrets.

use std::fmt::Write as _;
use std::time::SystemTime;

use quintet_core::python::repr_text;
use quintet_core::secrecy::{mask_urls, one_line};

use super::masks::{masked, masked_headers, masked_pair, masked_query, masked_settings};
use crate::http::{Error, Request, http_date};

/// The longest path in a subject.
const LONGEST: usize = 300;

/// The subject of a message, without the prefix of all of them.
pub(crate) fn error_subject(request: &Request, error: &Error) -> String {
    // As the reference has it where no address is one of its `INTERNAL_IPS`, which are none unless said.
    format!("ERROR (EXTERNAL IP): {}", title(request, error))
}

/// The text of a message; `left_out` errors were not written about since the last one.
pub(crate) fn error_report(request: &Request, error: &Error, left_out: u64) -> String {
    let chain: Vec<String> = error.chain().iter().map(|text| one_line(&mask_urls(text))).collect();
    let (what, causes) = chain.split_first().map_or(("", [].as_slice()), |(what, causes)| (what.as_str(), causes));
    let path = one_line(request.path());
    let mut text = format!("{}\n\n", title(request, error));
    if left_out > 0 {
        let _ =
            writeln!(text, "{left_out} more errors were not written about since the last message; the log has them.\n");
    }
    let _ = write!(text, "Error at {path}\n{what}\n\n{}", asked(request));
    let _ = writeln!(text, "Exception Type: Error at {path}\nException Value: {what}");
    for cause in causes {
        let _ = writeln!(text, "Because: {cause}");
    }
    if let Some(place) = error.place() {
        let _ = writeln!(text, "Place: {place}");
    }
    text.push_str("Request information:\n");
    let user = if request.user().is_anonymous() { "AnonymousUser" } else { request.user().username() };
    let _ = writeln!(text, "USER: {}\n", one_line(user));
    part(&mut text, "GET", "No GET data", &query(request));
    text.push_str("POST: not in this message\n\nFILES: not in this message\n\n");
    let cookies = request.cookies().into_iter().map(|(name, value)| {
        let value = masked(request, &name, &value);
        (name, value)
    });
    part(&mut text, "COOKIES", "No cookie data", &cookies.collect::<Vec<_>>());
    part(&mut text, "META", "No headers", &meta(request));
    part(&mut text, "Settings", "None", &masked_settings(request));
    text
}

/// `Internal Server Error: /notes/`
fn title(request: &Request, error: &Error) -> String {
    let reason = error.status().canonical_reason().unwrap_or("Error");
    let path = escaped(request.path());
    let path = path.get(..LONGEST).map_or_else(|| path.clone(), |start| format!("{start}..."));
    format!("{reason}: {path}")
}

/// What was asked, and of whom.
fn asked(request: &Request) -> String {
    let host = request.get_host().unwrap_or_default();
    let path = request.full_path();
    let path = path.split_once('?').map_or(path.as_str(), |(path, _)| path);
    let query = masked_query(request);
    let mark = if query.is_empty() { "" } else { "?" };
    let now: SystemTime = request.site().options().clock.now();
    let mut text = format!(
        "Request Method: {}\nRequest URL: {}://{}{path}{mark}{}\nRequest id: {}\nRoute: {}\nVersion: quintet {}\nServer time: {}\n\
         Installed Middleware:\n",
        request.method(),
        request.scheme(),
        one_line(&host),
        one_line(&query),
        one_line(&request.id()),
        request.route().unwrap_or("none"),
        env!("CARGO_PKG_VERSION"),
        http_date(now),
    );
    for layer in &request.site().options().middleware {
        let _ = writeln!(text, "  {}", layer.name());
    }
    text.push('\n');
    text
}

fn query(request: &Request) -> Vec<(String, String)> {
    let pairs = request.query_string().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    let split = |pair: &str| {
        let shown = masked_pair(request, pair);
        shown
            .split_once('=')
            .map_or_else(|| (shown.clone(), String::new()), |(name, value)| (name.into(), value.into()))
    };
    pairs.map(split).collect()
}

/// The headers by the names of the reference's environment, and the address of the client.
fn meta(request: &Request) -> Vec<(String, String)> {
    let name = |name: &str| match name {
        "content-type" | "content-length" => name.to_uppercase().replace('-', "_"),
        name => format!("HTTP_{}", name.to_uppercase().replace('-', "_")),
    };
    let mut rows: Vec<_> = masked_headers(request).into_iter().map(|(header, value)| (name(&header), value)).collect();
    rows.extend(request.client_ip().map(|address| ("REMOTE_ADDR".to_owned(), address.to_string())));
    rows.sort();
    rows
}

/// A part with its rows, a value as the reference's language writes a text: on one line, whatever is in it.
fn part(text: &mut String, title: &str, none: &str, rows: &[(String, String)]) {
    let none = if rows.is_empty() { format!(" {none}") } else { String::new() };
    let _ = writeln!(text, "{title}:{none}");
    for (name, value) in rows {
        let _ = writeln!(text, "{} = {}", one_line(name), repr_text(value));
    }
    text.push('\n');
}

/// A path as the reference writes it into its log, in letters of ASCII alone.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        let code = u32::from(letter);
        let _ = match letter {
            '\\' => write!(out, "\\\\"),
            '\n' => write!(out, "\\n"),
            '\r' => write!(out, "\\r"),
            '\t' => write!(out, "\\t"),
            ' '..='~' => write!(out, "{letter}"),
            _ if code < 0x100 => write!(out, "\\x{code:02x}"),
            _ if code < 0x1_0000 => write!(out, "\\u{code:04x}"),
            _ => write!(out, "\\U{code:08x}"),
        };
    }
    out
}
