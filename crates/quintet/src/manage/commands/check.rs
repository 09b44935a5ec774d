//! `check`: what is wrong with the project, and how to put it right.

use clap::{Arg, ArgAction, ArgMatches};
use quintet_core::check::{Level, report};

use crate::checks;
use crate::manage::{Checks, Command, CommandError, Context, database};

pub(super) const COMMAND: Command =
    Command { name: "check", about: "Look for problems in the project", args, checks: Checks::Configured, run };

fn args(command: clap::Command) -> clap::Command {
    command
        .arg(Arg::new("app_label").num_args(0..).help("Only these apps' own checks"))
        .arg(
            Arg::new("tag")
                .short('t')
                .long("tag")
                .value_name("TAG")
                .action(ArgAction::Append)
                .help("Only the checks with this tag"),
        )
        .arg(Arg::new("list-tags").long("list-tags").action(ArgAction::SetTrue).help("List the tags"))
        .arg(Arg::new("deploy").long("deploy").action(ArgAction::SetTrue).help("Also what matters in production"))
        .arg(
            Arg::new("fail-level")
                .long("fail-level")
                .value_name("LEVEL")
                .value_parser(Level::ALL.map(Level::name))
                .default_value(Level::Error.name())
                .help("The lowest level that makes the command fail"),
        )
        .arg(
            // Not `database`: it may be several, and none of them takes the place of `default`.
            Arg::new("databases")
                .long("database")
                .value_name("ALIAS")
                .action(ArgAction::Append)
                .help("Also connect to this database"),
        )
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    let deploy = args.get_flag("deploy");
    if args.get_flag("list-tags") {
        context.terminal.print(checks::tags().join("\n"));
        return Ok(());
    }
    let aliases: Vec<&str> = args.get_many::<String>("databases").unwrap_or_default().map(String::as_str).collect();
    let urls: Result<Vec<_>, _> = aliases.iter().map(|alias| database::named(&context.settings, alias)).collect();
    let request = checks::Wanted {
        tags: args.get_many::<String>("tag").unwrap_or_default().map(String::as_str).collect(),
        apps: args.get_many::<String>("app_label").unwrap_or_default().map(String::as_str).collect(),
        deploy,
        databases: aliases.into_iter().zip(urls?).collect(),
    };
    let messages = checks::run(&context.settings, context.folder(), &request)
        .map_err(|(what, hint)| CommandError::new(what).with_hint(hint))?;
    let fail_level =
        args.get_one::<String>("fail-level").and_then(|name| Level::from_name(name)).unwrap_or(Level::Error);
    let report = report(messages, &context.settings.silenced_system_checks);
    let text = report.text(fail_level, true, |paint, text| context.terminal.paint(paint, text));
    if report.fails(fail_level) {
        return Err(CommandError::new(text.trim_end()));
    }
    if report.shown.is_empty() {
        context.terminal.print(text.trim_end());
    } else {
        context.terminal.note(text.trim_end());
    }
    Ok(())
}
