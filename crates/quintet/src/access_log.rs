//! The access log: a line for each answer, as text or JSON, written by a thread of its own.
//!
//! Requests never wait for the log: when the disk is slower than the clients, lines are dropped and counted.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use quintet_core::secrecy::{MASK, is_secret_name};
use quintet_web::http::{Request, iso_date};
use quintet_web::{Access, AccessLog};

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Text,
    Json,
}

impl Format {
    /// `text` or `json`; anything else is no log.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "text" => Some(Self::Text),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// Lines that may wait for the disk.
const WAITING: usize = 8192;

/// A log that writes to the standard output.
pub(crate) fn to_stdout(format: Format) -> AccessLog {
    let (lines, waiting) = sync_channel(WAITING);
    let dropped = Arc::new(AtomicU64::new(0));
    let counter = dropped.clone();
    std::thread::spawn(move || write_all(&waiting, &counter));
    let now = crate::clock::system();
    Arc::new(move |access| send(&lines, &dropped, line(format, access, &iso_date(now.now()))))
}

fn send(lines: &SyncSender<String>, dropped: &AtomicU64, line: String) {
    if lines.try_send(line).is_err() {
        dropped.fetch_add(1, Ordering::Relaxed);
    }
}

/// Writes what is there in one go, then waits for more.
fn write_all(waiting: &Receiver<String>, dropped: &AtomicU64) {
    while let Ok(first) = waiting.recv() {
        let mut text = first;
        for line in waiting.try_iter().take(WAITING) {
            text.push_str(&line);
        }
        match dropped.swap(0, Ordering::Relaxed) {
            0 => {}
            lost => text
                .push_str(&format!("quintet: {lost} lines of the access log were dropped, the output is too slow\n")),
        }
        let _ = std::io::stdout().lock().write_all(text.as_bytes());
    }
}

fn line(format: Format, access: &Access<'_>, time: &str) -> String {
    let request = access.request;
    let client = request.client_ip().map_or_else(|| "-".to_owned(), |address| address.to_string());
    let (method, path, version) = (request.method(), shown_path(request), format!("{:?}", request.version()));
    let (status, id) = (access.status.as_u16(), request.id());
    let millis = access.duration.as_secs_f64() * 1000.0;
    match format {
        Format::Text => {
            let length = access.length.map_or_else(|| "-".to_owned(), |length| length.to_string());
            format!("{time} {client} \"{method} {path} {version}\" {status} {length} {millis:.3}ms {id}\n")
        }
        Format::Json => {
            let fields = serde_json::json!({
                "time": time, "client": client, "method": method.as_str(), "path": path, "version": version,
                "status": status, "length": access.length, "ms": (millis * 1000.0).round() / 1000.0, "id": id,
            });
            format!("{fields}\n")
        }
    }
}

/// The path and query as they came, with the values of secret fields masked. A URI has no white space or control
/// characters, so a client cannot write lines of its own.
fn shown_path(request: &Request) -> String {
    let Some(query) = request.query_string() else {
        return request.uri().path().to_owned();
    };
    let pairs = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if is_secret_name(name) => format!("{name}={MASK}"),
        _ => pair.to_owned(),
    });
    format!("{}?{}", request.uri().path(), pairs.collect::<Vec<_>>().join("&"))
}
