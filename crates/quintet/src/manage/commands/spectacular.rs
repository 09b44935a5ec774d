//! `spectacular`: the description of the API, by the flags of the reference's tool for it.

use clap::ArgMatches;
use quintet_core::openapi::problems;

use crate::manage::openapi::{describe, file, flag, format, put, refuse, warn, word};
use crate::manage::{Checks, Command, CommandError, Context};

pub(super) const COMMAND: Command = Command {
    name: "spectacular",
    about: "Describe the API by OpenAPI, and validate that",
    args,
    checks: Checks::Configured,
    run,
};

fn args(command: clap::Command) -> clap::Command {
    command
        .arg(format())
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
    let version = args.get_one::<String>("api-version").map(String::as_str);
    let generated = describe(context, context.settings.openapi.clone(), version)?;
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
    put(context, args, &generated.document)
}
