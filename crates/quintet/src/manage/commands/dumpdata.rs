//! `dumpdata`: the rows of the project's models as a fixture, in the reference's format.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches, value_parser};
use quintet_core::schema::{ModelKey, ProjectState};
use quintet_db::fixtures::{self, DumpOptions, Format, NaturalKey};

use crate::App;
use crate::manage::migrations::{allowed, app, models};
use crate::manage::{Checks, Command, CommandError, Context, Terminal, database};

pub(super) const COMMAND: Command =
    Command { name: "dumpdata", about: "Write the rows of the models as a fixture", args, checks: Checks::First, run };

fn args(command: clap::Command) -> clap::Command {
    let flag = |name: &'static str, help: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    command
        .arg(Arg::new("label").num_args(0..).value_name("APP[.MODEL]").help("Only these apps or models"))
        .arg(Arg::new("format").long("format").default_value("json").help("The format: json or jsonl"))
        .arg(
            Arg::new("indent")
                .long("indent")
                .value_parser(value_parser!(i64).range(-1..=64))
                .allow_negative_numbers(true)
                .value_name("SPACES")
                .help("Several lines for each object, with so many spaces for each step"),
        )
        .arg(database::arg())
        .arg(exclude())
        .arg(flag("natural-foreign", "Name rows by their natural keys, where they have any"))
        .arg(flag("natural-primary", "Leave out the primary keys of rows that have a natural key"))
        .arg(flag("all", "All rows, whatever a model's manager leaves out (none does)").short('a'))
        .arg(Arg::new("pks").long("pks").value_name("KEYS").help("Only rows with these primary keys: 1,2,3"))
        .arg(
            Arg::new("output")
                .short('o')
                .long("output")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help("Write into this file"),
        )
}

/// `--exclude`, as `loaddata` has it too.
pub(super) fn exclude() -> Arg {
    Arg::new("exclude")
        .short('e')
        .long("exclude")
        .value_name("APP[.MODEL]")
        .action(ArgAction::Append)
        .help("Leave out this app or model; may be given several times")
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    let state = models(context);
    let labels: Vec<&str> = args.get_many::<String>("label").unwrap_or_default().map(String::as_str).collect();
    let text = |name: &str| args.get_one::<String>(name).map(String::as_str);
    let pks = text("pks").filter(|pks| !pks.is_empty());
    if pks.is_some() && !matches!(labels.as_slice(), [label] if label.contains('.')) {
        return Err(CommandError::new("you can only use --pks option with one model")
            .with_hint("name the model: `dumpdata shop.Product --pks 1,2`"));
    }
    let natural_keys = NaturalKey::usual(&state);
    let mut wanted = wanted(context, &state, &labels)?;
    let excluded = excluded(context, &state, args)?;
    // Only a whole app that is left out has no part in the order of the others.
    wanted.retain(|(app, _)| !excludes_app(args, app));
    if args.get_flag("natural-foreign") {
        wanted = fixtures::sort_dependencies(&state, &wanted, &natural_keys);
    }
    let refused = allowed::refused(context, &state);
    wanted.retain(|key| !excluded.contains(key) && !refused.contains(key));
    warn_of_proxies(context, &state, &wanted);
    let options = DumpOptions {
        format: format(text("format").unwrap_or("json"))?,
        indent: args.get_one::<i64>("indent").map(|spaces| usize::try_from(*spaces).unwrap_or(0)),
        natural_foreign: args.get_flag("natural-foreign"),
        natural_primary: args.get_flag("natural-primary"),
        pks: pks.map(|pks| pks.split(',').map(|pk| pk.trim().to_owned()).collect()).unwrap_or_default(),
        natural_keys,
    };
    let dump = |out: &mut (dyn Write + Send)| {
        let work = async { fixtures::dump(&database::connect(context), &state, &wanted, &options, out).await };
        context.block_on(work)?.map_err(|error| database::failed("unable to serialize database", &error))
    };
    match args.get_one::<PathBuf>("output") {
        None => dump(&mut Shown(context.terminal)).map(drop),
        Some(path) => into_file(path, dump),
    }
}

/// A file is whole or as it was before: a dump that fails leaves no half of it.
fn into_file(
    path: &Path,
    dump: impl FnOnce(&mut (dyn Write + Send)) -> Result<u64, CommandError>,
) -> Result<(), CommandError> {
    let failed = |error| CommandError::because(format!("cannot write into `{}`", path.display()), error);
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if ["gz", "bz2", "lzma", "xz", "zip"].contains(&ending) {
        return Err(CommandError::new(format!(
            "`{}` would be compressed, which is not in this version",
            path.display()
        ))
        .with_hint("write it without, then compress it: `dumpdata -o data.json && gzip data.json`"));
    }
    // A pipe or a device is written to as it is.
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return dump(&mut File::create(path).map_err(failed)?).map(drop);
    }
    let mut fresh = path.as_os_str().to_owned();
    fresh.push(".new");
    let mut file = File::create(&fresh).map_err(failed)?;
    match dump(&mut file) {
        Ok(_) => fs::rename(&fresh, path).map_err(failed),
        Err(error) => {
            // What failed first is what is told.
            drop(fs::remove_file(&fresh));
            Err(error)
        }
    }
}

/// The models of these labels, or of all apps, in the order in which the apps list them.
fn wanted(context: &Context<'_>, state: &ProjectState, labels: &[&str]) -> Result<Vec<ModelKey>, CommandError> {
    let mut chosen: Vec<(&App, Option<Vec<ModelKey>>)> = vec![];
    if labels.is_empty() {
        chosen = context.settings.installed_apps.iter().map(|app| (app, None)).collect();
    }
    for label in labels {
        let (name, model) = label.split_once('.').map_or((*label, None), |(app, model)| (app, Some(model)));
        let app = app(context, name)?;
        let at = chosen.iter().position(|(known, _)| known.label == app.label).unwrap_or_else(|| {
            chosen.push((app, Some(vec![])));
            chosen.len() - 1
        });
        match model {
            None => chosen[at].1 = None,
            Some(model) => {
                let key = known(state, app.label, model)?;
                if let Some(keys) = chosen[at].1.as_mut().filter(|keys| !keys.contains(&key)) {
                    keys.push(key);
                }
            }
        }
    }
    Ok(chosen.into_iter().flat_map(|(app, keys)| keys.unwrap_or_else(|| of_app(app))).collect())
}

/// The models of an app, in its order.
pub(super) fn of_app(app: &App) -> Vec<ModelKey> {
    app.models.iter().map(|def| def.state_in(app.label).key()).collect()
}

/// The models that `--exclude` names.
pub(super) fn excluded(
    context: &Context<'_>,
    state: &ProjectState,
    args: &ArgMatches,
) -> Result<Vec<ModelKey>, CommandError> {
    let mut all = vec![];
    for label in args.get_many::<String>("exclude").unwrap_or_default() {
        match label.split_once('.') {
            Some((name, model)) => all.push(known(state, app(context, name)?.label, model)?),
            None => all.extend(of_app(app(context, label)?)),
        }
    }
    Ok(all)
}

fn excludes_app(args: &ArgMatches, app: &str) -> bool {
    args.get_many::<String>("exclude").unwrap_or_default().any(|label| label == app)
}

fn known(state: &ProjectState, app: &str, model: &str) -> Result<ModelKey, CommandError> {
    state.model(app, model).map(|model| model.key()).ok_or_else(|| {
        let names: Vec<&str> = state.of_app(app).map(|model| model.name.as_str()).collect();
        CommandError::new(format!("unknown model: {app}.{model}"))
            .with_hint(format!("the models of `{app}` are: {}", names.join(", ")))
    })
}

/// A format by its name.
pub(super) fn format(name: &str) -> Result<Format, CommandError> {
    Format::named(name).ok_or_else(|| match name {
        "xml" | "yaml" => CommandError::new(format!("the serialization format `{name}` is not in this version"))
            .with_hint("use json or jsonl; the reference reads and writes both"),
        _ => CommandError::new(format!("unknown serialization format: {name}")).with_hint("use json or jsonl"),
    })
}

fn warn_of_proxies(context: &Context<'_>, state: &ProjectState, keys: &[ModelKey]) {
    for model in keys.iter().filter_map(|key| state.models.get(key)).filter(|model| model.options.proxy) {
        let base = model.bases.iter().find_map(|base| state.base(base));
        if !base.is_some_and(|base| keys.contains(&base.key())) {
            let hint = format!("name `{}` instead", state.concrete(model).label());
            context.terminal.warn(&format!("{} is a proxy model and won't be serialized", model.label()), Some(&hint));
        }
    }
}

/// A result, piece by piece.
struct Shown<'a>(&'a Terminal);

impl Write for Shown<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.begin(String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
