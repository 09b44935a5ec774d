//! `diffsettings`: which settings are not the defaults.

use clap::{Arg, ArgAction, ArgMatches};
use quintet_core::secrecy::{MASK, is_secret_name};

use crate::manage::{Checks, Command, CommandError, Context, Style};
use crate::settings::Settings;

pub(super) const COMMAND: Command = Command {
    name: "diffsettings",
    about: "Show the settings that differ from the defaults",
    args,
    checks: Checks::Configured,
    run,
};

fn args(command: clap::Command) -> clap::Command {
    command
        .arg(Arg::new("all").long("all").action(ArgAction::SetTrue).help("Show the others as well"))
        .arg(Arg::new("default").long("default").value_name("MODULE").hide(true))
        .arg(
            Arg::new("output")
                .long("output")
                .value_name("FORMAT")
                .value_parser(["hash", "unified"])
                .default_value("hash")
                .help("`hash` marks what is set with nothing and defaults with ###; `unified` shows both sides"),
        )
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    if args.contains_id("default") {
        return Err(
            CommandError::new("`--default` is not supported: the defaults are compiled in").with_hint("leave it out")
        );
    }
    let unified = args.get_one::<String>("output").is_some_and(|output| output == "unified");
    let mut rows: Vec<_> = context.settings.shown().into_iter().zip(Settings::default().shown()).collect();
    rows.sort_by_key(|(row, _)| row.path);
    for (mut now, default) in rows {
        let differs = now.value != default.value;
        if is_secret_name(own_name(now.path)) && differs && !is_plain(&now.value) {
            now.value = format!("{MASK:?}");
        }
        if differs || args.get_flag("all") {
            print(context, (now.path, &now.value, &default.value), differs, unified);
        }
    }
    Ok(())
}

/// The name without its section: `auth` would hide all that is in it.
fn own_name(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// A truth or a span of time, which is no secret whatever the setting is called.
fn is_plain(value: &str) -> bool {
    let number = value.trim_end_matches(|c: char| c.is_ascii_lowercase());
    ["true", "false", "None"].contains(&value) || number.len() < value.len() && number.parse::<f64>().is_ok()
}

fn print(context: &Context<'_>, (path, now, default): (&str, &str, &str), differs: bool, unified: bool) {
    let terminal = context.terminal;
    match (unified, differs) {
        (false, true) => terminal.print(format!("{path} = {now}")),
        (false, false) => terminal.print(format!("### {path} = {now}")),
        (true, true) => {
            terminal.print(terminal.styled(Style::Error, &format!("- {path} = {default}")));
            terminal.print(terminal.styled(Style::Success, &format!("+ {path} = {now}")));
        }
        (true, false) => terminal.print(format!("  {path} = {now}")),
    }
}
