//! The development server: a supervisor that watches and builds, and the site in a process of its own.
//!
//! The supervisor keeps the listening socket, so that no connection is ever refused: while a new build is on its way
//! the old process answers, and only when the new one says that it is ready is the old one told to finish. The two
//! talk over a connection on this machine: the site's process connects to say that it is ready, and the supervisor
//! hangs up to say that it shall end; so none outlives the other, however it ends.

mod child;
mod handover;
mod supervisor;
mod watch;

use std::future::pending;

use quintet_web::assets::FrontEnd;

use super::command::run_to_end;
use super::frontend::Vite;
use super::signals::Signals;
use super::sockets::{Place, bind};
use super::{CommandError, Context, migrations, serving};
use crate::access_log::{Format, Log};
use crate::logging;

/// What the command line asked for.
pub(super) struct Wanted {
    pub(super) place: Place,
    pub(super) reload: bool,
    pub(super) frontend: bool,
    pub(super) threads: Option<usize>,
}

/// Serves, by a supervisor where this is a cargo project and reload is wanted. The supervisor checks nothing: each new
/// process does, and what it says can be corrected while the supervisor waits.
pub(super) fn run(context: &Context<'_>, wanted: &Wanted) -> Result<(), CommandError> {
    if let Some(handed) = child::Handed::from_supervisor() {
        context.checked()?;
        migrations::warn_of_unapplied(context);
        logging::start(context.terminal.verbosity(), context.terminal.has_color());
        return child::serve(context, &handed, wanted.threads);
    }
    if wanted.reload && context.folder().join("Cargo.toml").is_file() {
        return supervisor::run(context, wanted);
    }
    if wanted.reload {
        let hint = "run it by `cargo manage runserver` in the project's folder, or add `--noreload`";
        context
            .terminal
            .warn("this is no cargo project, so there is nothing to rebuild: serving without reload", Some(hint));
    }
    context.checked()?;
    migrations::warn_of_unapplied(context);
    logging::start(context.terminal.verbosity(), context.terminal.has_color());
    let log = Log::to_stdout(Format::Text);
    let vite = if wanted.frontend { Vite::start(context)? } else { None };
    let frontend = vite.as_ref().map(|vite| FrontEnd::Server(vite.address));
    let app = serving::site(context, Some(log.sink()), true, frontend)?;
    run_to_end(wanted.threads, async {
        let signals = Signals::listen();
        let bound = bind(&wanted.place).await?;
        announce(context, &bound.name);
        serving::serve(context, app, bound, None, (signals, pending())).await
    })?
}

fn announce(context: &Context<'_>, name: &str) {
    context.terminal.note(format!(
        "serving at {name}\nThis is the development server: use `serve` in production. Ctrl-C stops it."
    ));
}
