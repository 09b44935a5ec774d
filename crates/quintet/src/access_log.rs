//! The access log: a line for each answer, as text or JSON, written by a thread of its own.
//!
//! Requests never wait for the log: when the disk is slower than the clients, lines are dropped and counted.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use quintet_core::secrecy::mask_query;
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
/// How long the end of the program waits for the last of them.
const PATIENCE: Duration = Duration::from_secs(2);

/// A log that writes to the standard output. Its last lines are written when it is dropped.
pub(crate) struct Log {
    format: Format,
    entries: SyncSender<Entry>,
    dropped: Arc<AtomicU64>,
}

enum Entry {
    Line(String),
    /// Everything before this is to be written; then the other end is let go.
    Written(SyncSender<()>),
}

impl Log {
    pub(crate) fn to_stdout(format: Format) -> Self {
        let (entries, waiting) = sync_channel(WAITING);
        let dropped = Arc::new(AtomicU64::new(0));
        let counter = dropped.clone();
        std::thread::spawn(move || write_all(&waiting, &counter));
        Self { format, entries, dropped }
    }

    /// What the site tells of its answers.
    pub(crate) fn sink(&self) -> AccessLog {
        let (format, entries, dropped) = (self.format, self.entries.clone(), self.dropped.clone());
        let clock = crate::clock::system();
        Arc::new(move |access| {
            if entries.try_send(Entry::Line(line(format, access, &iso_date(clock.now())))).is_err() {
                dropped.fetch_add(1, Ordering::Relaxed);
            }
        })
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        let (done, written) = sync_channel(1);
        if self.entries.try_send(Entry::Written(done)).is_ok() {
            let _ = written.recv_timeout(PATIENCE);
        }
    }
}

/// Writes what is there in one go, then waits for more.
fn write_all(waiting: &Receiver<Entry>, dropped: &AtomicU64) {
    while let Ok(first) = waiting.recv() {
        let (mut text, mut done) = (String::new(), Vec::new());
        for entry in std::iter::once(first).chain(waiting.try_iter().take(WAITING)) {
            match entry {
                Entry::Line(line) => text.push_str(&line),
                Entry::Written(sender) => done.push(sender),
            }
        }
        match dropped.swap(0, Ordering::Relaxed) {
            0 => {}
            lost => text
                .push_str(&format!("quintet: {lost} lines of the access log were dropped, the output is too slow\n")),
        }
        let _ = std::io::stdout().lock().write_all(text.as_bytes());
        for sender in done {
            let _ = sender.send(());
        }
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

/// The path and query as they came, with secrets masked. A URI may have quotes and characters beyond ASCII, control
/// characters among them: they are percent-encoded, so that no client writes fields or lines of its own.
fn shown_path(request: &Request) -> String {
    let path = request.uri().path();
    let shown = match request.query_string() {
        Some(query) => format!("{path}?{}", mask_query(query)),
        None => path.to_owned(),
    };
    shown.bytes().fold(String::with_capacity(shown.len()), |mut line, byte| {
        match byte.is_ascii_graphic() && byte != b'"' {
            true => line.push(char::from(byte)),
            false => line.push_str(&format!("%{byte:02X}")),
        }
        line
    })
}
