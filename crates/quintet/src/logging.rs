//! Where log lines go: the standard error, in one line each.

use std::io::IsTerminal;
use std::panic::PanicHookInfo;

use quintet_core::secrecy::{mask_urls, one_line};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;

/// The time as the access log writes it.
struct IsoTime;

impl FormatTime for IsoTime {
    fn format_time(&self, writer: &mut Writer<'_>) -> std::fmt::Result {
        writer.write_str(&quintet_web::http::iso_date(std::time::SystemTime::now()))
    }
}

/// Sends log lines and panics to the standard error, unless the program has its own subscriber.
pub(crate) fn start(verbosity: u8, color: bool) {
    let level = match verbosity {
        0 => LevelFilter::ERROR,
        1 => LevelFilter::WARN,
        2 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_timer(IsoTime)
        .with_ansi(color && std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .finish();
    // A program that set its own keeps it.
    let _ = tracing::subscriber::set_global_default(subscriber);
    std::panic::set_hook(Box::new(log_panic));
}

/// A panic's words may hold what a client sent, or an address with a password.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let text = panic.payload_as_str().unwrap_or("without words");
    let place = panic.location().map(|place| format!(" at {}:{}", place.file(), place.line())).unwrap_or_default();
    tracing::error!(target: "quintet.panic", "panicked{place}: {}", one_line(&mask_urls(text)));
}
