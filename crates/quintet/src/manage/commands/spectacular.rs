//! `spectacular`: the description of the API, by the flags of the reference's tool for it.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches};
use quintet_core::openapi::problems;

use super::generateschema::{file, refuse};
use crate::manage::openapi::{describe, text, warn, written};
use crate::manage::{Checks, Command, CommandError, Context};

pub(super) const COMMAND: Command = Command {
    name: "spectacular",
    about: "Describe the API by OpenAPI, and validate that",
    args,
    checks: Checks::Configured,
    run,
};

fn args(command: clap::Command) -> clap::Command {
    let word = |name: &'static str, help: &'static str| Arg::new(name).long(name).value_name("TEXT").help(help);
    let flag = |name: &'static str, help: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    command
        .arg(
            Arg::new("format")
                .long("format")
                .value_parser(["openapi", "openapi-json"])
                .default_value("openapi")
                .help("`openapi` is YAML"),
        )
        .arg(word("urlconf", "Refused: a project has one list of routes"))
        .arg(word("generator-class", "Refused: what is described follows from the views"))
        .arg(word("custom-settings", "Refused: settings are typed; change `openapi` in them"))
        .arg(word("lang", "Refused: words are not translated"))
        .arg(file())
        .arg(flag("fail-on-warn", "Fail where something could not be found out"))
        .arg(flag("validate", "Fail where the description breaks a rule of OpenAPI 3.1"))
        .arg(word("api-version", "One version of the API"))
        .arg(flag("color", "Colour what is told").overrides_with("no-color"))
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    refuse(args, &["urlconf", "generator-class", "custom-settings", "lang"])?;
    let word = |name: &str| args.get_one::<String>(name).map(String::as_str);
    let generated = describe(context, context.settings.openapi.clone(), word("api-version"))?;
    warn(context, &generated);
    if args.get_flag("fail-on-warn") && !generated.warnings.is_empty() {
        return Err(CommandError::new(format!("{} things could not be found out", generated.warnings.len()))
            .with_hint("say them by `describe`, as the warnings tell"));
    }
    if args.get_flag("validate") {
        let problems = problems(&generated.document);
        if !problems.is_empty() {
            return Err(CommandError::new(format!("the description breaks rules:\n{}", problems.join("\n"))));
        }
    }
    let text = text(&generated.document, word("format") == Some("openapi-json"))?;
    match args.get_one::<PathBuf>("file") {
        Some(path) => written(path, &text, false).map(drop),
        None => {
            context.terminal.print(text.trim_end());
            Ok(())
        }
    }
}
