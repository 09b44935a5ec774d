//! `generatedeployment`: writes the files by which the project is deployed, as its settings are.

use std::fs;
use std::path::{Component, Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches, value_parser};
use quintet_core::database_url::DatabaseUrl;
use quintet_core::deployment::{self, Engine, Facts, File, Unfit};

use crate::manage::openapi::written;
use crate::manage::{Checks, Command, CommandError, Context, frontend};

pub(super) const COMMAND: Command = Command {
    name: "generatedeployment",
    about: "Write the files for a container, for systemd, for nginx",
    args,
    checks: Checks::Configured,
    run,
};

const KINDS: [&str; 3] = ["docker", "systemd", "nginx"];

fn args(command: clap::Command) -> clap::Command {
    command
        .arg(Arg::new("kind").value_name("KIND").num_args(0..).value_parser(KINDS).help("Only these; without one, all"))
        .arg(
            Arg::new("out")
                .long("out")
                .value_name("DIR")
                .value_parser(value_parser!(PathBuf))
                .help("The folder, from that of the project; without it the project's own"),
        )
        .arg(
            Arg::new("engine")
                .long("engine")
                .value_name("ENGINE")
                .value_parser(["sqlite", "postgresql"])
                .help("The container's database; without it what the settings name"),
        )
        .arg(Arg::new("force").long("force").action(ArgAction::SetTrue).help("Overwrite files that were changed"))
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    let kinds: Vec<&str> = args.get_many::<String>("kind").into_iter().flatten().map(String::as_str).collect();
    let has = |kind: &str| kinds.is_empty() || kinds.contains(&kind);
    let out =
        args.get_one::<PathBuf>("out").map_or_else(|| context.folder().to_owned(), |out| context.folder().join(out));
    let facts = facts(context, args, &out, has("docker"))?;
    let mut files = Vec::new();
    for (kind, made) in KINDS.into_iter().zip([deployment::docker, deployment::systemd, deployment::nginx]) {
        if has(kind) {
            files.extend(made(&facts).map_err(|unfit| refused(&unfit))?);
        }
    }
    if !args.get_flag("force") {
        spare(&out, &files)?;
    }
    let mut said = Vec::new();
    for file in &files {
        let path = out.join(&file.path);
        if written(&path, &file.text, false)? {
            said.push(path.display().to_string());
        }
    }
    context.terminal.print(match said.is_empty() {
        true => "nothing has changed".to_owned(),
        false => format!("wrote `{}`", said.join("`, `")),
    });
    for note in deployment::notes(&facts, has("docker"), has("nginx")) {
        context.terminal.warn(&note.what, Some(&note.hint));
    }
    Ok(())
}

fn refused(unfit: &Unfit) -> CommandError {
    let hint = match &*unfit.what {
        "the program's name" => "give it a plain name in Cargo.toml: `name = \"mysite\"`",
        "the database" => {
            "let the settings read it: `database: env.database(\"DATABASE_URL\", \"sqlite://db.sqlite3\")`"
        }
        _ => "give it a plainer value",
    };
    CommandError::new(unfit.to_string()).with_hint(hint)
}

/// All of them, or none: a file that somebody has changed is not lost.
fn spare(out: &Path, files: &[File]) -> Result<(), CommandError> {
    let is_changed = |file: &&File| {
        let there = fs::read(out.join(&file.path)).ok();
        there.is_some_and(|there| String::from_utf8_lossy(&there).replace("\r\n", "\n") != file.text)
    };
    let changed: Vec<String> =
        files.iter().filter(is_changed).map(|file| format!("`{}`", out.join(&file.path).display())).collect();
    if changed.is_empty() {
        return Ok(());
    }
    let what = format!("there is something else in {}: nothing was written", changed.join(", "));
    Err(CommandError::new(what).with_hint("add `--force` to overwrite, or `--out DIR` for another folder"))
}

fn facts(context: &Context<'_>, args: &ArgMatches, out: &Path, is_docker: bool) -> Result<Facts, CommandError> {
    let settings = &context.settings;
    let (project, dockerfile) = if is_docker { seen(context.folder(), out)? } else { (String::new(), String::new()) };
    let media = settings.media();
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let reads = &context.reads;
    Ok(Facts {
        program: program()?,
        rust: env!("CARGO_PKG_RUST_VERSION").to_owned(),
        frontend: frontend::folder(context).and_then(|_| settings.frontend.folder()).map(text),
        checkout: if is_docker { checkout(context.folder())? } else { None },
        project,
        dockerfile,
        engine: match args.get_one::<String>("engine").map(String::as_str) {
            Some("postgresql") => Engine::Postgres,
            Some(_) => Engine::Sqlite,
            None if matches!(settings.database, DatabaseUrl::Postgres(_)) => Engine::Postgres,
            None => Engine::Sqlite,
        },
        database_variable: main_database(&reads.databases),
        variables: reads.variables.iter().cloned().collect(),
        required: reads.required.iter().cloned().collect(),
        hosts: settings.allowed_hosts.clone(),
        static_root: text(&settings.static_root),
        media_root: text(&settings.media_root),
        media_path: media.path().filter(|_| !settings.serve_media && settings.default_storage.is_none()),
        livez: settings.server.livez.clone(),
        readyz: settings.server.readyz.clone(),
        trusted_proxies: settings.server.trusted_proxies,
        ssl_header: settings.security.proxy_ssl_header.clone(),
        is_forwarded_host: settings.http.use_x_forwarded_host,
        is_forwarded_port: settings.http.use_x_forwarded_port,
        max_body_bytes: settings.server.max_body_bytes,
        max_connections: settings.server.max_connections,
        keep_alive: settings.server.keep_alive_timeout,
        shutdown_grace: settings.server.shutdown_grace,
    })
}

/// `DATABASE_URL`, or else the first that the settings have read.
fn main_database(variables: &[String]) -> Option<String> {
    variables.iter().find(|name| *name == "DATABASE_URL").or_else(|| variables.first()).cloned()
}

fn program() -> Result<String, CommandError> {
    let program =
        std::env::current_exe().map_err(|error| CommandError::because("this program cannot be found", error))?;
    Ok(program.file_stem().unwrap_or_default().to_string_lossy().into_owned())
}

/// The project's folder as seen from the files, and the Dockerfile as seen from the project's folder.
fn seen(folder: &Path, out: &Path) -> Result<(String, String), CommandError> {
    let absolute = |path: &Path| {
        std::path::absolute(path)
            .map_err(|error| CommandError::because(format!("`{}` cannot be found", path.display()), error))
    };
    let (folder, out) = (absolute(folder)?, absolute(out)?);
    let text = |path: &Path| path.to_string_lossy().replace('\\', "/");
    match out.strip_prefix(&folder) {
        Ok(below) if below.as_os_str().is_empty() => Ok((".".to_owned(), "Dockerfile".to_owned())),
        Ok(below) if below.components().all(|part| matches!(part, Component::Normal(_))) => {
            let up = below.components().map(|_| "..").collect::<Vec<_>>().join("/");
            Ok((up, text(&below.join("Dockerfile"))))
        }
        _ => Ok((text(&folder), text(&out.join("Dockerfile")))),
    }
}

/// Where the project's manifest says that the framework is, if it is in a folder.
fn checkout(folder: &Path) -> Result<Option<String>, CommandError> {
    let manifest = folder.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).map_err(|error| {
        CommandError::because(format!("`{}` cannot be read", manifest.display()), error)
            .with_hint("run it in the project's folder: `cargo manage generatedeployment`")
    })?;
    let dependency = text
        .lines()
        .map(str::trim)
        .find(|line| line.strip_prefix("quintet").is_some_and(|rest| rest.trim_start().starts_with(['=', '.'])));
    let Some(dependency) = dependency else { return Ok(None) };
    if dependency.contains("workspace") {
        let what = "the project is a member of a workspace, which one folder of sources does not hold";
        return Err(
            CommandError::new(what).with_hint("name `systemd` or `nginx`, or write a Dockerfile for the workspace")
        );
    }
    let Some(path) = dependency.split("path").nth(1).and_then(|rest| rest.split('"').nth(1)) else { return Ok(None) };
    match path.strip_suffix("/crates/quintet").filter(|_| path.starts_with('/') && !path.contains('\\')) {
        Some(checkout) => Ok(Some(checkout.to_owned())),
        None => {
            Err(CommandError::new(format!("`{path}` in Cargo.toml is no folder that a container can have as well"))
                .with_hint("give `quintet` an absolute path, or a version"))
        }
    }
}
