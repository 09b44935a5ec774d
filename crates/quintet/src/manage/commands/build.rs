//! `build`: one program with the front end inside.

use std::path::{Path, PathBuf};
use std::process::Command as Process;

use clap::{Arg, ArgAction, ArgMatches};
use quintet_web::assets::pack;

use crate::manage::{Checks, Command, CommandError, Context, frontend};

pub(super) const COMMAND: Command = Command {
    name: "build",
    about: "Build one program of the site and its front end",
    args,
    checks: Checks::Unconfigured,
    run,
};

/// Names to the compiler the file with the built front end.
const PACK: &str = "QUINTET_FRONTEND";

fn args(command: clap::Command) -> clap::Command {
    let flag = |name: &'static str, help: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    command
        .arg(flag("dev", "Without optimisation: quicker to build, slower to run"))
        .arg(flag("prebuilt", "Take the front end as it was built before, without Node.js"))
}

/// Values of the environment are not missed here: a machine that builds has no secrets of the one that serves.
fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    let program =
        std::env::current_exe().map_err(|error| CommandError::because("this program cannot be found", error))?;
    let (Some(name), Some(target)) = (program.file_name(), program.parent().and_then(Path::parent)) else {
        return Err(
            CommandError::new("this program is in no folder of cargo's").with_hint("run it by `cargo manage build`")
        );
    };
    let is_dev = args.get_flag("dev");
    let pack = match frontend::folder(context) {
        Some(folder) => Some(packed(context, &folder, target, args.get_flag("prebuilt"))?),
        None => None,
    };
    context.terminal.note("building the program");
    let mut cargo = Process::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--bin"]).arg(program.file_stem().unwrap_or(name)).current_dir(context.folder());
    cargo.args((!is_dev).then_some("--release"));
    match &pack {
        Some(pack) => cargo.env(PACK, pack),
        None => cargo.env_remove(PACK),
    };
    done(&mut cargo, "cargo", "the program was not built")?;
    let built = target.join(if is_dev { "debug" } else { "release" }).join(name);
    context.terminal.print(format!("built {}", built.display()));
    Ok(())
}

/// The file with all that the front end's build makes.
fn packed(context: &Context<'_>, folder: &Path, target: &Path, is_built: bool) -> Result<PathBuf, CommandError> {
    let built = frontend::built_folder(folder);
    if !is_built {
        build_frontend(context, folder)?;
    } else if !built.is_dir() {
        let hint = format!("run `npm run build` in `{}`, or leave `--prebuilt` out", folder.display());
        return Err(CommandError::new(format!("`{}` is not there", built.display())).with_hint(hint));
    }
    let files = frontend::files(&built)?;
    if !files.iter().any(|(name, _)| name == frontend::PAGE) {
        return Err(CommandError::new(format!("`{}` has no index.html", built.display()))
            .with_hint("let the front end's build write there"));
    }
    let (path, content) = (target.join("frontend.pack"), pack(&files));
    // A file that is written again is built in again.
    if std::fs::read(&path).ok().as_ref() != Some(&content) {
        let failed = |error| CommandError::because(format!("`{}` cannot be written", path.display()), error);
        std::fs::write(&path, content).map_err(failed)?;
    }
    Ok(path)
}

fn build_frontend(context: &Context<'_>, folder: &Path) -> Result<(), CommandError> {
    context.terminal.note("building the front end");
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    if !folder.join("node_modules").is_dir() {
        let hint = format!("run `npm install` in `{}`", folder.display());
        return Err(CommandError::new("the front end is not installed").with_hint(hint));
    }
    done(Process::new(npm).args(["run", "build", "--silent"]).current_dir(folder), npm, "the front end was not built")
}

/// Runs a program to its end; what it says is on the terminal, and no part of what this command prints.
fn done(process: &mut Process, name: &str, failure: &str) -> Result<(), CommandError> {
    let status = process
        .stdout(std::io::stderr())
        .status()
        .map_err(|error| CommandError::because(format!("`{name}` cannot be started"), error))?;
    if status.success() { Ok(()) } else { Err(CommandError::new(failure).with_hint("what it said is above")) }
}
