//! `runserver`: the development server, which rebuilds and reloads when a source changes.

use clap::{Arg, ArgAction, ArgMatches};

use crate::manage::{Checks, Command, CommandError, Context, runserver};

pub(super) const COMMAND: Command = Command {
    name: "runserver",
    about: "Serve the site while you work on it, with reload",
    args,
    checks: Checks::Unconfigured,
    run,
};

fn args(command: clap::Command) -> clap::Command {
    let flag = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
    command
        .arg(Arg::new("addrport").value_name("ADDR:PORT").default_value("8000").help("PORT or ADDR:PORT"))
        .arg(flag("ipv6").short('6').help("Listen at an IPv6 address"))
        .arg(flag("noreload").help("Do not rebuild and reload"))
        .arg(flag("nothreading").help("Serve with one thread"))
        .arg(flag("no-frontend").help("Serve the API alone, and do not start the front end's server"))
        .arg(flag("nostatic").hide(true))
        .arg(flag("insecure").hide(true))
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    for name in ["nostatic", "insecure"] {
        if args.get_flag(name) {
            return Err(CommandError::new(format!("`--{name}` is not in this version: no static files are served"))
                .with_hint("leave it out"));
        }
    }
    let place = args.get_one::<String>("addrport").map(String::as_str).unwrap_or_default();
    let request = runserver::Wanted {
        place: crate::manage::sockets::Place::parse(place, args.get_flag("ipv6"))?,
        reload: !args.get_flag("noreload"),
        frontend: !args.get_flag("no-frontend"),
        threads: args.get_flag("nothreading").then_some(1),
    };
    runserver::run(context, &request)
}
