//! `generateclient`: a client of the API in TypeScript, over axios.

use std::path::PathBuf;

use clap::{Arg, ArgMatches, value_parser};
use quintet_core::client::{Language, files};

use crate::manage::openapi::{describe, flag, warn, word, written};
use crate::manage::{Checks, Command, CommandError, Context};

pub(super) const COMMAND: Command =
    Command { name: "generateclient", about: "Write a typed client of the API", args, checks: Checks::Configured, run };

fn args(command: clap::Command) -> clap::Command {
    command
        .arg(
            Arg::new("out")
                .long("out")
                .value_name("DIR")
                .value_parser(value_parser!(PathBuf))
                .default_value("client")
                .help("The folder, from that of the project"),
        )
        .arg(flag("js", "JavaScript with its types beside it, instead of TypeScript"))
        .arg(flag("check", "Fail where a file is not what it would be, and write nothing"))
        .arg(word("api-version", "One version of the API"))
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    let version = args.get_one::<String>("api-version").map(String::as_str);
    let generated = describe(context, context.settings.openapi.clone(), version)?;
    warn(context, &generated);
    let language = if args.get_flag("js") { Language::JavaScript } else { Language::TypeScript };
    let folder = args.get_one::<PathBuf>("out").cloned().unwrap_or_else(|| PathBuf::from("client"));
    let folder = context.folder().join(folder);
    let only_check = args.get_flag("check");
    let mut stale = vec![];
    for (name, text) in files(&generated.document, language) {
        let path = folder.join(name);
        if written(&path, &text, only_check)? {
            stale.push(path.display().to_string());
        }
    }
    match (stale.is_empty(), only_check) {
        (false, true) => Err(CommandError::new(format!("not what the API is now: `{}`", stale.join("`, `")))
            .with_hint("run the same without `--check`")),
        (false, false) => {
            context.terminal.print(format!("wrote `{}`", stale.join("`, `")));
            Ok(())
        }
        (true, _) => {
            context.terminal.print("nothing has changed");
            Ok(())
        }
    }
}
