//! The description of the project's API, for the commands that write it or something made of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Arg, ArgAction, ArgMatches, value_parser};
use quintet_core::json::{self, Json, Style};
use quintet_core::openapi::yaml;
use quintet_web::Site;
use quintet_web::rest::openapi::{Generated, generate};

use super::{CommandError, Context};
use crate::databases;
use crate::settings::OpenApi;

/// The description, as the settings and these words say. No database is asked.
pub(super) fn describe(
    context: &Context<'_>,
    openapi: OpenApi,
    api_version: Option<&str>,
) -> Result<Generated, CommandError> {
    let mut options = context.settings.site_options();
    options.openapi = openapi;
    let databases = databases::of(&context.settings, context.folder())
        .map_err(|problem| CommandError::new(problem).with_hint("`check` lists what is wrong"))?;
    options.databases = Some(Arc::new(databases));
    let site = Site::build(options)
        .map_err(|bad| CommandError::new(bad.to_string()).with_hint("`check` lists what is wrong"))?;
    generate(&site, api_version).map_err(|error| {
        let source = error.chain().join(": ");
        CommandError::new(format!("the API cannot be described: {source}"))
    })
}

/// Tells what could not be found out.
pub(super) fn warn(context: &Context<'_>, generated: &Generated) {
    for warning in &generated.warnings {
        let (what, hint) =
            warning.split_once("\nhint: ").map_or((warning.as_str(), None), |(what, hint)| (what, Some(hint)));
        context.terminal.warn(what, hint);
    }
}

/// The document as text: JSON or YAML, with a line's end behind it.
fn text(document: &Json, is_json: bool) -> Result<String, CommandError> {
    if !is_json {
        return Ok(yaml(document));
    }
    let mut out = vec![];
    let style = Style { indent: Some(2), ..Style::default() };
    json::write(document, &style, &mut out)
        .map_err(|error| CommandError::because("the description is no JSON", error))?;
    out.push(b'\n');
    String::from_utf8(out).map_err(|error| CommandError::because("the description is no text", error))
}

/// Writes a file, or tells that it is not what it would be; whether it was another one.
pub(super) fn written(path: &Path, text: &str, only_check: bool) -> Result<bool, CommandError> {
    let before = match fs::read_to_string(path) {
        Ok(before) => Some(before),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(CommandError::because(format!("cannot read `{}`", path.display()), error)),
    };
    // Whoever checks out files with other line ends has the same file.
    let is_same = before.is_some_and(|before| before == text || before.replace("\r\n", "\n") == text);
    if is_same || only_check {
        return Ok(!is_same);
    }
    let failed = |error| CommandError::because(format!("cannot write into `{}`", path.display()), error);
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, text).map_err(failed)?;
    Ok(true)
}

/// Writes the document as `--format` says into `--file`, or shows it.
pub(super) fn put(context: &Context<'_>, args: &ArgMatches, document: &Json) -> Result<(), CommandError> {
    let text = formatted(args, document)?;
    match args.get_one::<PathBuf>("file") {
        Some(path) => written(path, &text, false).map(drop),
        None => {
            context.terminal.print(text.trim_end());
            Ok(())
        }
    }
}

/// The document as `--format` says.
pub(super) fn formatted(args: &ArgMatches, document: &Json) -> Result<String, CommandError> {
    text(document, args.get_one::<String>("format").is_some_and(|format| format == "openapi-json"))
}

/// `--name TEXT`
pub(super) fn word(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name("TEXT").help(help)
}

/// `--name`
pub(super) fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}

/// `--format`
pub(super) fn format() -> Arg {
    let format = Arg::new("format").long("format").value_parser(["openapi", "openapi-json"]);
    format.default_value("openapi").help("`openapi` is YAML")
}

/// `--file`
pub(super) fn file() -> Arg {
    Arg::new("file").long("file").value_name("FILE").value_parser(value_parser!(PathBuf)).help("Write into this file")
}

/// Refuses flags of the reference that mean nothing here.
pub(super) fn refuse(args: &ArgMatches, names: &[&str]) -> Result<(), CommandError> {
    match names.iter().find(|name| args.get_one::<String>(name).is_some()) {
        None => Ok(()),
        Some(name) => Err(CommandError::new(format!("`--{name}` means nothing here"))
            .with_hint("leave it out; `help` of this command says what there is")),
    }
}
