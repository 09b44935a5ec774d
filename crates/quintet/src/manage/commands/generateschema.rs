//! `generateschema`: the description of the API, by OpenAPI 3.1.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, value_parser};

use crate::manage::openapi::{describe, text, warn, written};
use crate::manage::{Checks, Command, CommandError, Context};
use crate::settings::OpenApi;

pub(super) const COMMAND: Command =
    Command { name: "generateschema", about: "Describe the API by OpenAPI", args, checks: Checks::Configured, run };

fn args(command: clap::Command) -> clap::Command {
    let word = |name: &'static str, help: &'static str| Arg::new(name).long(name).value_name("TEXT").help(help);
    command
        .arg(word("title", "The name of the API, instead of `openapi.title`"))
        .arg(word("url", "The address at which it is served, instead of `openapi.servers`"))
        .arg(word("description", "What is said of it, instead of `openapi.description`"))
        .arg(
            Arg::new("format")
                .long("format")
                .value_parser(["openapi", "openapi-json"])
                .default_value("openapi")
                .help("`openapi` is YAML"),
        )
        .arg(word("urlconf", "Refused: a project has one list of routes"))
        .arg(word("generator_class", "Refused: what is described follows from the views"))
        .arg(file())
        .arg(word("api_version", "One version of the API"))
        .arg(
            Arg::new("check")
                .long("check")
                .action(ArgAction::SetTrue)
                .requires("file")
                .help("Fail where the file is not what it would be, and write nothing"),
        )
}

/// `--file`, as `spectacular` has it too.
pub(super) fn file() -> Arg {
    Arg::new("file").long("file").value_name("FILE").value_parser(value_parser!(PathBuf)).help("Write into this file")
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    refuse(args, &["urlconf", "generator_class"])?;
    let word = |name: &str| args.get_one::<String>(name).cloned();
    let settings = context.settings.openapi.clone();
    let openapi = OpenApi {
        title: word("title").unwrap_or(settings.title),
        servers: word("url").map_or(settings.servers, |url| vec![url]),
        description: word("description").unwrap_or(settings.description),
        ..settings
    };
    let generated = describe(context, openapi, word("api_version").as_deref())?;
    warn(context, &generated);
    let is_json = word("format").is_some_and(|format| format == "openapi-json");
    let text = text(&generated.document, is_json)?;
    let Some(path) = args.get_one::<PathBuf>("file") else {
        context.terminal.print(text.trim_end());
        return Ok(());
    };
    let only_check = args.get_flag("check");
    if written(path, &text, only_check)? && only_check {
        return Err(CommandError::new(format!("`{}` is not what the API is now", path.display()))
            .with_hint("run the same without `--check`"));
    }
    Ok(())
}

/// Refuses flags of the reference that mean nothing here.
pub(super) fn refuse(args: &ArgMatches, names: &[&str]) -> Result<(), CommandError> {
    match names.iter().find(|name| args.get_one::<String>(name).is_some()) {
        None => Ok(()),
        Some(name) => Err(CommandError::new(format!("`--{name}` means nothing here"))
            .with_hint("leave it out; `help` of this command says what there is")),
    }
}
