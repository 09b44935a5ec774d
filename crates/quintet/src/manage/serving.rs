//! A site at a listener until it shall end: what `serve` and `runserver` share.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use quintet_web::assets::FrontEnd;
use quintet_web::server::{self, Limits, Tls};
use quintet_web::{AccessLog, App, Site};
use tokio::sync::oneshot;

use super::signals::Signals;
use super::sockets::Bound;
use super::{CommandError, Context};
use crate::databases;

/// The site of the project's settings, or what is wrong with them; one that serves uploaded files if it is told to.
pub(super) fn site(
    context: &Context<'_>,
    access_log: Option<AccessLog>,
    serves_media: bool,
    frontend: Option<FrontEnd>,
) -> Result<App, CommandError> {
    let mut options = context.settings.site_options();
    options.access_log = access_log;
    options.frontend = frontend;
    options.media.serve = serves_media;
    if !options.media.root.as_os_str().is_empty() {
        options.media.root = context.folder().join(&options.media.root);
    }
    let databases = databases::of(&context.settings, context.folder())
        .map_err(|problem| CommandError::new(problem).with_hint("`check` lists what is wrong"))?;
    options.databases = Some(Arc::new(databases));
    let site = Site::build(options)
        .map_err(|bad| CommandError::new(bad.to_string()).with_hint("`check` lists what is wrong"))?;
    Ok(App::new(site))
}

/// Serves until the end is asked for and the requests in flight are answered.
pub(super) async fn serve(
    context: &Context<'_>,
    app: App,
    bound: Bound,
    tls: Option<Tls>,
    (mut signals, hung_up): (Signals, impl Future<Output = ()>),
) -> Result<(), CommandError> {
    let (grace, mailer) = (context.settings.server.shutdown_grace, app.site().mailer().clone());
    let (heard, again) = oneshot::channel();
    let file = bound.file;
    let end = async move {
        // Whoever hangs up has another process take over: nothing to tell of.
        let told = tokio::select! {
            () = hung_up => false,
            () = signals.next() => true,
        };
        // The next server may come as soon as this one stops to listen.
        drop(file);
        if told {
            context.terminal.note("stopping: requests in flight are finished, new connections refused");
        }
        let _ = heard.send((signals, overdue(grace)));
    };
    // Who asks a second time does not want to wait; and where every thread is blocked, no timer of theirs ends the wait.
    let at_once = async {
        match again.await {
            Ok((mut signals, overdue)) => tokio::select! {
                () = signals.next() => Some(CommandError::new("stopped at once: requests in flight were cut")),
                _ = overdue => None,
            },
            Err(_) => std::future::pending().await,
        }
    };
    let mut limits = Limits::from(&context.settings.server);
    limits.connections = possible_connections(context, limits.connections);
    let cut = tokio::select! {
        report = server::serve(bound.listener, tls, limits, app, end) => match report.aborted {
            0 => {
                // What was promised to be sent is sent, where that does not take too long.
                drop(tokio::time::timeout(grace.min(MESSAGES), mailer.idle()).await);
                return Ok(());
            }
            count => format!("{count} connections were cut: they were"),
        },
        stopped = at_once => match stopped {
            Some(error) => return Err(error),
            // Nobody is left to count them.
            None => "connections were cut: their views block every thread, and were".to_owned(),
        },
    };
    let told = format!("{cut} not finished after {} s", grace.as_secs());
    context.terminal.warn(&told, Some("raise `server.shutdown_grace`"));
    Ok(())
}

/// How long a server that ends waits for messages beside requests.
const MESSAGES: Duration = Duration::from_secs(5);

/// Resolves somewhat after the grace, by a thread of its own.
fn overdue(grace: Duration) -> oneshot::Receiver<()> {
    const SOMEWHAT: Duration = Duration::from_secs(1);
    let (over, overdue) = oneshot::channel();
    std::thread::spawn(move || {
        std::thread::sleep(grace.saturating_add(SOMEWHAT));
        let _ = over.send(());
    });
    overdue
}

/// Descriptors that are left for everything but connections: files, databases, the log.
const SPARE: usize = 64;

/// No more connections than the process may have open files: those beyond wait, instead of failing whatever comes next.
fn possible_connections(context: &Context<'_>, wanted: usize) -> usize {
    let Some(files) = open_files() else { return wanted };
    let possible = files.saturating_sub(SPARE).max(1);
    if wanted != 0 && wanted <= possible {
        return wanted;
    }
    let told = format!("at most {possible} connections at a time, as this process may have {files} files open");
    context.terminal.note(format!("{told}: `ulimit -n` or `LimitNOFILE=` raises it"));
    possible
}

/// The soft limit, where the system tells it as a file.
fn open_files() -> Option<usize> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}
