//! The pages that answer when no view does: fixed ones for everybody, and three that help a developer; and the message
//! that administrators get.
//!
//! Four of the fixed ones are the reference's, byte for byte; all of them tell nothing. The others are shown only while DEBUG is on.

mod debug;
mod masks;
mod report;

use http::StatusCode;

use crate::http::Response;

pub(crate) use debug::{error_page, error_text, not_found_page};
pub(crate) use report::{error_report, error_subject};

/// The fixed page of a status. The reference has those of 400, 403, 404 and 500; others have the status's name.
pub fn fixed(status: StatusCode) -> Response {
    let (title, detail) = match status {
        StatusCode::BAD_REQUEST => ("Bad Request (400)", ""),
        StatusCode::FORBIDDEN => ("403 Forbidden", ""),
        StatusCode::NOT_FOUND => ("Not Found", "The requested resource was not found on this server."),
        StatusCode::INTERNAL_SERVER_ERROR => ("Server Error (500)", ""),
        other => (other.canonical_reason().unwrap_or("Error"), ""),
    };
    let page = format!(
        "\n<!doctype html>\n<html lang=\"en\">\n<head>\n  <title>{title}</title>\n</head>\n<body>\n  <h1>{title}</h1><p>{detail}</p>\n</body>\n</html>\n"
    );
    Response::html(page).with_status(status)
}

/// Text that may stand in HTML, between tags and in attributes.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#x27;"),
            _ => safe.push(character),
        }
    }
    safe
}
