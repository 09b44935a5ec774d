//! `generateschema`: the description of the API, by OpenAPI 3.1.

use std::path::PathBuf;

use clap::ArgMatches;

use crate::manage::openapi::{describe, file, flag, format, formatted, put, refuse, warn, word, written};
use crate::manage::{Checks, Command, CommandError, Context};
use crate::settings::OpenApi;

pub(super) const COMMAND: Command =
    Command { name: "generateschema", about: "Describe the API by OpenAPI", args, checks: Checks::Configured, run };

fn args(command: clap::Command) -> clap::Command {
    command
        .arg(word("title", "The name of the API, instead of `openapi.title`"))
        .arg(word("url", "The address at which it is served, instead of `openapi.servers`"))
        .arg(word("description", "What is said of it, instead of `openapi.description`"))
        .arg(format())
        .arg(word("urlconf", "Refused: a project has one list of routes"))
        .arg(word("generator_class", "Refused: what is described follows from the views"))
        .arg(file())
        .arg(word("api_version", "One version of the API"))
        .arg(flag("check", "Fail where the file is not what it would be, and write nothing").requires("file"))
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
    match args.get_one::<PathBuf>("file").filter(|_| args.get_flag("check")) {
        Some(path) if written(path, &formatted(args, &generated.document)?, true)? => {
            Err(CommandError::new(format!("`{}` is not what the API is now", path.display()))
                .with_hint("run the same without `--check`"))
        }
        Some(_) => Ok(()),
        None => put(context, args, &generated.document),
    }
}
