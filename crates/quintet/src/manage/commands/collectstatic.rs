//! `collectstatic`: puts the built front end into a folder, for a server in front that serves it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use clap::{Arg, ArgAction, ArgMatches};
use quintet_core::python::fnmatch;

use crate::manage::{Checks, Command, CommandError, Context, frontend};

pub(super) const COMMAND: Command = Command {
    name: "collectstatic",
    about: "Put the built front end into `static_root`",
    args,
    checks: Checks::First,
    run,
};

/// What is nobody's to see, by the names of files and folders.
const PRIVATE: [&str; 3] = ["CVS", ".*", "*~"];

fn args(command: clap::Command) -> clap::Command {
    let flag = |name: &'static str, help: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    command
        .arg(flag("noinput", "Do what overwrites or removes files without asking").alias("no-input"))
        .arg(flag("clear", "First remove everything that is in the folder").short('c'))
        .arg(flag("dry-run", "Only say what would be done").short('n'))
        .arg(flag("link", "Links to the built files instead of copies of them").short('l'))
        .arg(
            Arg::new("ignore")
                .long("ignore")
                .short('i')
                .value_name("PATTERN")
                .action(ArgAction::Append)
                .help("Leave out what has such a name; may be given again"),
        )
        .arg(flag("no-default-ignore", "Do not leave out `CVS`, `.*` and `*~`"))
        .arg(flag("no-post-process", "Changes nothing: the front end's build has given files their names"))
}

/// What is to be done.
struct Collection<'a> {
    context: &'a Context<'a>,
    root: PathBuf,
    /// Where the files are, unless they are in this program.
    source: Option<PathBuf>,
    is_dry: bool,
    is_link: bool,
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    if context.settings.static_root.as_os_str().is_empty() {
        let hint = "name a folder in the settings: `static_root: \"/srv/static\".into()`";
        return Err(CommandError::new("`static_root` is not set").with_hint(hint));
    }
    let files = frontend::built_files(context)?.ok_or_else(|| {
        CommandError::new("there is no built front end").with_hint("run `npm run build` in its folder, or `build`")
    })?;
    let collection = Collection {
        context,
        root: context.folder().join(&context.settings.static_root),
        source: frontend::folder(context)
            .filter(|_| context.settings.frontend.pack().is_empty())
            .map(|folder| frontend::built_folder(&folder)),
        is_dry: args.get_flag("dry-run"),
        is_link: args.get_flag("link"),
    };
    if collection.is_link && collection.source.is_none() {
        return Err(CommandError::new("the front end is in this program, so there is nothing to link to")
            .with_hint("leave `--link` out"));
    }
    let is_clear = args.get_flag("clear");
    if !args.get_flag("noinput") && !collection.is_dry {
        collection.ask(is_clear)?;
    }
    if is_clear {
        collection.clear()?;
    }
    collection.collect(files.iter().filter(|(name, _)| !is_ignored(name, args)))
}

/// Whether a file, or a folder that it is in, has a name that is left out.
fn is_ignored(name: &str, args: &ArgMatches) -> bool {
    let private: &[&str] = if args.get_flag("no-default-ignore") { &[] } else { &PRIVATE };
    let given = args.get_many::<String>("ignore").into_iter().flatten().map(String::as_str);
    given
        .chain(private.iter().copied())
        .any(|pattern| fnmatch::matches(pattern, name) || name.split('/').any(|part| fnmatch::matches(pattern, part)))
}

impl Collection<'_> {
    /// Asks before files are lost; where none are there, nothing is.
    fn ask(&self, is_clear: bool) -> Result<(), CommandError> {
        if fs::read_dir(&self.root).map_or(true, |mut entries| entries.next().is_none()) {
            return Ok(());
        }
        let what = if is_clear { "DELETE ALL FILES in this location" } else { "overwrite existing files" };
        let question = format!(
            "\nYou have requested to collect static files at the destination\n\
             location as specified in your settings:\n\n    {}\n\nThis will {what}!\n\
             Are you sure you want to do this?\n\nType 'yes' to continue, or 'no' to cancel: ",
            self.root.display()
        );
        match self.context.terminal.ask(&question) {
            Some(answer) if answer == "yes" => Ok(()),
            Some(_) => Err(CommandError::new("Collecting static files cancelled.")),
            None => {
                Err(CommandError::new("nobody answered, so nothing was done").with_hint("`--noinput` does not ask"))
            }
        }
    }

    fn collect<'a>(&self, files: impl Iterator<Item = &'a (String, Bytes)>) -> Result<(), CommandError> {
        let (mut done, mut unmodified) = (0, 0);
        for (name, content) in files {
            let path = self.root.join(name);
            if self.is_there(&path, name, content) {
                unmodified += 1;
                self.say(2, &format!("Skipping '{name}' (not modified)"));
                continue;
            }
            done += 1;
            let shown = self.source.as_ref().map_or_else(|| name.into(), |source| source.join(name));
            let verb = if self.is_link { ("Linking", "link") } else { ("Copying", "copy") };
            match self.is_dry {
                true => self.say(1, &format!("Pretending to {} '{}'", verb.1, shown.display())),
                false => {
                    self.say(2, &format!("{} '{}'", verb.0, shown.display()));
                    self.write(&path, name, content).map_err(|error| {
                        CommandError::because(format!("`{}` cannot be written", path.display()), error)
                    })?;
                }
            }
        }
        let ending = if done == 1 { "" } else { "s" };
        let verb = if self.is_link { "symlinked" } else { "copied" };
        let rest = if unmodified == 0 { String::new() } else { format!(", {unmodified} unmodified") };
        self.say(1, &format!("{done} static file{ending} {verb} to '{}'{rest}.", self.root.display()));
        Ok(())
    }

    /// Whether what would be put there is there already.
    fn is_there(&self, path: &Path, name: &str, content: &Bytes) -> bool {
        match (fs::read_link(path), &self.source) {
            (Ok(target), Some(source)) => self.is_link && target == source.join(name),
            (Ok(_), None) => false,
            (Err(_), _) => !self.is_link && fs::read(path).is_ok_and(|there| there == *content),
        }
    }

    /// A link that is in the way is taken away, and never written through.
    fn write(&self, path: &Path, name: &str, content: &Bytes) -> io::Result<()> {
        fs::create_dir_all(path.parent().unwrap_or(path))?;
        if path.symlink_metadata().is_ok_and(|found| self.is_link || found.is_symlink()) {
            fs::remove_file(path)?;
        }
        match &self.source {
            Some(source) if self.is_link => link(&source.join(name), path),
            _ => fs::write(path, content),
        }
    }

    /// Empties the folder. Whatever somebody else has put there is gone as well; the folder stays, whatever it is.
    fn clear(&self) -> Result<(), CommandError> {
        let failed = |error| CommandError::because(format!("`{}` cannot be emptied", self.root.display()), error);
        self.spare_the_project()?;
        let entries = match fs::read_dir(&self.root) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            entries => entries.map_err(failed)?,
        };
        let mut entries =
            entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>().map_err(failed)?;
        entries.sort();
        for path in entries {
            let name = path.strip_prefix(&self.root).unwrap_or(&path).display();
            if self.is_dry {
                self.say(1, &format!("Pretending to delete '{name}'"));
                continue;
            }
            self.say(1, &format!("Deleting '{name}'"));
            let is_folder = path.symlink_metadata().is_ok_and(|found| found.is_dir());
            if is_folder { fs::remove_dir_all(&path) } else { fs::remove_file(&path) }.map_err(failed)?;
        }
        Ok(())
    }

    /// `static_root: ".".into()` would empty the folder with the sources.
    fn spare_the_project(&self) -> Result<(), CommandError> {
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let root = real(&self.root);
        let kept = [Some(self.context.folder().to_owned()), self.source.clone()];
        if kept.iter().flatten().any(|folder| real(folder).starts_with(&root)) {
            let what = format!("`{}` holds the project itself, and `--clear` would remove it", self.root.display());
            return Err(CommandError::new(what).with_hint("let `static_root` be a folder of its own"));
        }
        Ok(())
    }

    fn say(&self, verbosity: u8, text: &str) {
        if self.context.terminal.verbosity() >= verbosity {
            self.context.terminal.print(text);
        }
    }
}

#[cfg(unix)]
fn link(target: &Path, path: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

#[cfg(not(unix))]
fn link(target: &Path, path: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_file(target, path)
}
