//! `serve`: the production server.

use std::future::pending;
use std::path::Path;

use clap::{Arg, ArgMatches, value_parser};
use quintet_web::assets::FrontEnd;
use quintet_web::server::Tls;

use crate::access_log::{Format, Log};
use crate::logging;
use crate::manage::command::run_to_end;
use crate::manage::signals::Signals;
use crate::manage::sockets::{Bound, Place, bind, inherited};
use crate::manage::{Checks, Command, CommandError, Context, frontend, serving};

pub(super) const COMMAND: Command =
    Command { name: "serve", about: "Serve the site in production", args, checks: Checks::First, run };

const DEFAULT: &str = "127.0.0.1:8000";

fn args(command: clap::Command) -> clap::Command {
    let file = |name: &'static str, help: &'static str| Arg::new(name).long(name).value_name("FILE").help(help);
    command
        .arg(
            Arg::new("place")
                .value_name("PLACE")
                .help("PORT, ADDR:PORT or unix:PATH; without it an inherited socket, or 127.0.0.1:8000"),
        )
        .arg(
            Arg::new("workers")
                .long("workers")
                .value_name("N")
                .value_parser(value_parser!(u16).range(1..=1024))
                .help("Threads; one for each core without it"),
        )
        .arg(
            Arg::new("access-log")
                .long("access-log")
                .value_parser(["off", "text", "json"])
                .default_value("off")
                .help("A line for each answer, to the standard output"),
        )
        .arg(
            Arg::new("socket-mode")
                .long("socket-mode")
                .value_name("MODE")
                .value_parser(octal)
                .help("Permissions of the Unix socket, as 660; by the umask without it"),
        )
        .arg(file("tls-cert", "Certificate chain, as PEM").requires("tls-key"))
        .arg(file("tls-key", "The certificate's private key, as PEM").requires("tls-cert"))
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    logging::start(context.terminal.verbosity(), context.terminal.has_color());
    let place = args.get_one::<String>("place").map(|place| Place::parse(place, false)).transpose()?;
    let tls = tls(args)?;
    let log = args.get_one::<String>("access-log").and_then(|name| Format::named(name)).map(Log::to_stdout);
    let app = serving::site(context, log.as_ref().map(Log::sink), context.settings.serve_media, frontend(context)?)?;
    if context.settings.debug {
        let hint = "set `DEBUG=False` in the environment";
        context.terminal.warn("DEBUG is on: visitors see errors and settings", Some(hint));
    }
    let workers = args.get_one::<u16>("workers").map(|count| usize::from(*count));
    run_to_end(workers, async {
        let signals = Signals::listen();
        let bound = listening(place).await?;
        if let Some(mode) = args.get_one::<u32>("socket-mode") {
            bound.permit(*mode)?;
        }
        let name = if tls.is_some() { bound.name.replacen("http:", "https:", 1) } else { bound.name.clone() };
        context.terminal.note(format!("serving at {name}"));
        serving::serve(context, app, bound, tls, (signals, pending())).await
    })?
}

/// The built front end. Without one the API is served, which may well be what is wanted; the root says how to build it.
fn frontend(context: &Context<'_>) -> Result<Option<FrontEnd>, CommandError> {
    let built = frontend::built(context)?;
    if built.is_none() && frontend::folder(context).is_some() {
        let hint = "`build` makes one program with the front end inside";
        context.terminal.warn("the front end is not built: only the API is served", Some(hint));
        return Ok(Some(FrontEnd::Unbuilt));
    }
    Ok(built)
}

fn octal(text: &str) -> Result<u32, String> {
    let mode = u32::from_str_radix(text, 8).ok().filter(|mode| *mode <= 0o777);
    mode.ok_or_else(|| "write three octal digits, as 660".to_owned())
}

async fn listening(place: Option<Place>) -> Result<Bound, CommandError> {
    if let Some(place) = place {
        return bind(&place).await;
    }
    match inherited()? {
        Some(bound) => Ok(bound),
        None => bind(&Place::parse(DEFAULT, false)?).await,
    }
}

fn tls(args: &ArgMatches) -> Result<Option<Tls>, CommandError> {
    let (Some(certificate), Some(key)) = (args.get_one::<String>("tls-cert"), args.get_one::<String>("tls-key")) else {
        return Ok(None);
    };
    let read = |path: &String| {
        std::fs::read(Path::new(path)).map_err(|error| CommandError::because(format!("`{path}` cannot be read"), error))
    };
    let tls = Tls::from_pem(&read(certificate)?, &read(key)?);
    tls.map(Some).map_err(|error| CommandError::new(format!("TLS cannot be set up: {error}")))
}
