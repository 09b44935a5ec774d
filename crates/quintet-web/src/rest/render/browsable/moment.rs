//! Days and times as the browser's own controls take them.

use quintet_core::rest::{Dates, Format};

/// A value as the browser's own control takes it; nothing where the field wants another format, or has a value in one.
pub(super) fn local(own: &Dates, usual: &[Format], kind: &str, text: &str) -> Option<String> {
    let formats = own.input_formats.as_deref().unwrap_or(usual);
    if !formats.contains(&Format::Iso8601) {
        return None;
    }
    if text.is_empty() {
        return Some(String::new());
    }
    if kind == "date" {
        return is_date(text).then(|| text.to_owned());
    }
    let (day, time) = match kind {
        "time" => (None, text),
        _ => text.split_once(['T', ' ']).map(|(day, time)| (Some(day), time))?,
    };
    // What is behind the seconds' third digit, and the zone, the control does not know.
    let end = time.find(|next: char| !next.is_ascii_digit() && !matches!(next, ':' | '.')).unwrap_or(time.len());
    let time = time[..end]
        .split_once('.')
        .map_or(time[..end].to_owned(), |(whole, part)| format!("{whole}.{}", part.get(..3).unwrap_or(part)));
    let is_time = time.len() >= 5 && time.as_bytes()[2] == b':';
    match day {
        None => is_time.then_some(time),
        Some(day) => (is_time && is_date(day)).then(|| format!("{day}T{time}")),
    }
}

fn is_date(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() })
}
