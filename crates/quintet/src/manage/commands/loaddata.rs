//! `loaddata`: fixtures into the database, all of them or nothing. Files of the reference's are read as our own.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches};
use quintet_core::query::Zone;
use quintet_db::fixtures::{self, Format, LoadOptions, NaturalKey, Source};

use super::dumpdata;
use crate::manage::migrations::files::source;
use crate::manage::migrations::{allowed, app, models};
use crate::manage::{Checks, Command, CommandError, Context, database};

pub(super) const COMMAND: Command =
    Command { name: "loaddata", about: "Load fixtures into the database", args, checks: Checks::First, run };

/// Ends of names that say how a file is compressed.
const COMPRESSED: [&str; 5] = ["gz", "zip", "bz2", "lzma", "xz"];

fn args(command: clap::Command) -> clap::Command {
    command
        .arg(
            Arg::new("fixture")
                .num_args(1..)
                .required(true)
                .value_name("FIXTURE")
                .help("Files, names of fixtures, or `-` for the standard input"),
        )
        .arg(database::arg())
        .arg(Arg::new("app").long("app").value_name("APP").help("Only look into this app's folder `fixtures`"))
        .arg(
            Arg::new("ignorenonexistent")
                .short('i')
                .long("ignorenonexistent")
                .action(ArgAction::SetTrue)
                .help("Pass over models and fields that there are no more"),
        )
        .arg(dumpdata::exclude())
        .arg(Arg::new("format").long("format").help("The format of the standard input: json or jsonl"))
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    let state = models(context);
    let labels: Vec<&String> = args.get_many("fixture").unwrap_or_default().collect();
    let folders = folders(context, args.get_one::<String>("app").map(String::as_str))?;
    let mut sources = vec![];
    for label in labels {
        if label == "-" {
            let Some(name) = args.get_one::<String>("format") else {
                return Err(CommandError::new("--format must be specified when reading from stdin")
                    .with_hint("`loaddata --format json -`"));
            };
            sources.push(standard_input(dumpdata::format(name)?));
            continue;
        }
        for (path, format) in find(label, &folders)? {
            let file = File::open(&path)
                .map_err(|error| CommandError::because(format!("cannot read `{}`", path.display()), error))?;
            let input: Box<dyn BufRead + Send> = Box::new(BufReader::with_capacity(1 << 16, file));
            sources.push(Source { name: path.display().to_string(), format, input });
        }
    }
    let options = LoadOptions {
        ignore_nonexistent: args.get_flag("ignorenonexistent"),
        exclude: [dumpdata::excluded(context, &state, args)?, allowed::refused(context, &state)].concat(),
        natural_keys: NaturalKey::usual(&state),
        zone: Zone::parse(&context.settings.time_zone),
    };
    let work = async { fixtures::load(&database::connect(context), &state, sources, &options).await };
    let loaded = context.block_on(work)?.map_err(|error| database::failed("nothing was loaded", &error))?;
    for name in &loaded.empty {
        context
            .terminal
            .warn(&format!("no fixture data found for `{name}`"), Some("look whether it has the right format"));
    }
    if context.terminal.verbosity() >= 1 {
        let of = if loaded.seen == loaded.objects { String::new() } else { format!(" (of {})", loaded.seen) };
        let (objects, fixtures) = (loaded.objects, loaded.fixtures);
        context.terminal.print(format!("Installed {objects} object(s){of} from {fixtures} fixture(s)"));
    }
    Ok(())
}

fn standard_input(format: Format) -> Source<'static> {
    let input = Box::new(BufReader::new(std::io::stdin()));
    Source { name: "-".to_owned(), format, input }
}

/// The end of a file's name, and its format.
type Ending = (&'static str, Format);

/// Where fixtures may stand: the folders `fixtures` of the apps that have one, then this folder.
fn folders(context: &Context<'_>, only: Option<&str>) -> Result<Vec<PathBuf>, CommandError> {
    if let Some(label) = only {
        app(context, label)?;
    }
    let apps = context.settings.installed_apps.iter().filter(|app| only.is_none_or(|only| app.label == only));
    let beside = apps.filter_map(|app| Some(source(app, context.folder())?.parent()?.join("fixtures")));
    Ok(beside.filter(|folder| folder.is_dir()).chain([PathBuf::new()]).collect())
}

/// The files of a label: a path, or a name with or without its ending, in each folder at most once.
fn find(label: &str, folders: &[PathBuf]) -> Result<Vec<(PathBuf, Format)>, CommandError> {
    let (stem, formats) = parse(label)?;
    let mut found = vec![];
    // An absolute path takes the folder's place, so that one folder is enough.
    let folders = if Path::new(stem).is_absolute() { &folders[folders.len() - 1..] } else { folders };
    for folder in folders {
        let mut here = vec![];
        for (ending, format) in &formats {
            for name in [format!("{stem}.{ending}"), format!("{stem}.default.{ending}")] {
                let path = folder.join(name);
                if path.is_file() {
                    here.push((path, *format));
                }
            }
        }
        if here.len() > 1 {
            let names: Vec<String> = here.iter().map(|(path, _)| format!("`{}`", path.display())).collect();
            return Err(CommandError::new(format!(
                "multiple fixtures named `{stem}` in one folder: {}",
                names.join(", ")
            ))
            .with_hint("write the one that is meant with its ending"));
        }
        found.extend(here);
    }
    if found.is_empty() {
        let looked: Vec<String> = folders
            .iter()
            .map(|folder| {
                if folder.as_os_str().is_empty() { "this folder".to_owned() } else { format!("`{}`", folder.display()) }
            })
            .collect();
        let error = CommandError::new(format!("no fixture named `{stem}` found"));
        return Err(error.with_hint(format!("looked into {}, for a .json or a .jsonl file", looked.join(", "))));
    }
    Ok(found)
}

/// A label without its ending, and the formats that it may have.
fn parse(label: &str) -> Result<(&str, Vec<Ending>), CommandError> {
    let Some((stem, ending)) =
        label.rsplit_once('.').filter(|(stem, ending)| !stem.is_empty() && !ending.contains('/'))
    else {
        return Ok((label, Format::ALL.to_vec()));
    };
    if COMPRESSED.contains(&ending) {
        return Err(CommandError::new(format!("the fixture `{label}` is compressed, which is not in this version"))
            .with_hint("unpack it on the way: `gunzip -c data.json.gz | cargo manage loaddata --format json -`"));
    }
    match Format::ALL.into_iter().find(|(name, _)| *name == ending) {
        Some(format) => Ok((stem, vec![format])),
        None => dumpdata::format(ending).map(|_| (stem, vec![])),
    }
}
