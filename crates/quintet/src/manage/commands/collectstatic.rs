//! `collectstatic`: puts the built front end into a folder, for a server in front that serves it.

use std::fs;
use std::path::Path;

use clap::{Arg, ArgAction, ArgMatches};

use crate::manage::{Checks, Command, CommandError, Context, frontend};

pub(super) const COMMAND: Command = Command {
    name: "collectstatic",
    about: "Put the built front end into `static_root`",
    args,
    checks: Checks::First,
    run,
};

fn args(command: clap::Command) -> clap::Command {
    let flag = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
    command
        .arg(flag("noinput").alias("no-input").help("Do what cannot be undone without asking"))
        .arg(flag("clear").short('c').help("First remove everything that is in the folder; needs --noinput"))
        .arg(flag("dry-run").short('n').help("Only say what would be done"))
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    if context.settings.static_root.as_os_str().is_empty() {
        let hint = "name a folder in the settings: `static_root: \"/srv/static\".into()`";
        return Err(CommandError::new("`static_root` is not set").with_hint(hint));
    }
    let root = context.folder().join(&context.settings.static_root);
    let files = frontend::built_files(context)?.ok_or_else(|| {
        CommandError::new("there is no built front end").with_hint("run `npm run build` in its folder, or `build`")
    })?;
    let is_dry = args.get_flag("dry-run");
    if args.get_flag("clear") {
        clear(&root, args.get_flag("noinput"), is_dry)?;
    }
    let mut copied = 0;
    for (name, content) in &files {
        let path = root.join(name);
        if fs::read(&path).is_ok_and(|there| there == *content) {
            continue;
        }
        copied += 1;
        if !is_dry {
            write(&path, content)?;
        }
    }
    let (would, unmodified) = (if is_dry { "would be " } else { "" }, files.len() - copied);
    context.terminal.print(format!("{copied} files {would}copied to `{}`, {unmodified} unmodified", root.display()));
    Ok(())
}

fn write(path: &Path, content: &[u8]) -> Result<(), CommandError> {
    let folder = path.parent().unwrap_or(path);
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(path, content));
    written.map_err(|error| CommandError::because(format!("`{}` cannot be written", path.display()), error))
}

/// Empties the folder. Whatever somebody else has put there is gone as well.
fn clear(root: &Path, is_meant: bool, is_dry: bool) -> Result<(), CommandError> {
    if is_dry || !root.exists() {
        return Ok(());
    }
    if !is_meant {
        let told = format!("`--clear` removes everything in `{}`", root.display());
        return Err(CommandError::new(told).with_hint("add `--noinput` if that is meant"));
    }
    let cleared = fs::remove_dir_all(root).and_then(|()| fs::create_dir_all(root));
    cleared.map_err(|error| CommandError::because(format!("`{}` cannot be emptied", root.display()), error))
}
