//! `createsuperuser`: a user who may do everything, in a dialogue, or out of arguments and variables.
//!
//! What is asked for are the fields of the project's user model that `auth.username_field` and `auth.required_fields`
//! name; each has an option of its name.

mod asked;

use clap::{Arg, ArgAction, ArgMatches};
use quintet_core::schema::Value;
use quintet_db::query::{Assignment, insert_named};
use quintet_db::{Database, Db};
use quintet_web::auth::validators::PasswordOwner;
use quintet_web::auth::{Accounts, new_superuser};

use super::users::{failed, open, problems, system_user, user};
use crate::manage::{Checks, Command, CommandError, Context, database};
use crate::settings::Settings;
use asked::Asked;

pub(super) const COMMAND: Command =
    Command { name: "createsuperuser", about: "Make a user who may do everything", args, checks: Checks::First, run };

const SKIPPED: &str = "Superuser creation skipped due to not running in a TTY. \
    Run `createsuperuser` at a terminal to make one, or use `--noinput`.";

fn args(command: clap::Command) -> clap::Command {
    command
        .arg(
            Arg::new("noinput")
                .long("noinput")
                .alias("no-input")
                .action(ArgAction::SetTrue)
                .help("Do not ask: take what is not said from DJANGO_SUPERUSER_USERNAME, _EMAIL and _PASSWORD"),
        )
        .arg(database::arg())
}

/// An option for each field that is asked for, of which the command's row does not know.
pub(in crate::manage) fn with_fields(command: clap::Command, settings: &Settings) -> clap::Command {
    let auth = &settings.auth;
    let mut command = command;
    for field in std::iter::once(&auth.username_field).chain(&auth.required_fields) {
        // A field of the name of an option keeps its variable.
        if command.get_arguments().any(|known| known.get_id() == field.as_str()) {
            continue;
        }
        let help = match field.as_str() {
            name if name == auth.username_field => "The name to log in by".to_owned(),
            "email" => "The e-mail address".to_owned(),
            name => format!("The value of the field `{name}`"),
        };
        command = command.arg(Arg::new(field.clone()).long(field.clone()).value_name(field.to_uppercase()).help(help));
    }
    command
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    let db = open(context)?;
    let fields = Fields::of(context, &db)?;
    let values = if args.get_flag("noinput") {
        silent(context, &db, &fields, args)?
    } else if context.terminal.is_interactive() {
        dialogue(context, &db, &fields, args)?
    } else {
        context.terminal.print(SKIPPED);
        return Ok(());
    };
    let (app, model) = Accounts::of(Db::from(&db)).model.clone();
    let making = async {
        let values = new_superuser(Db::from(&db), values).await?;
        insert_named(&db, (&app, &model), values).await?;
        Ok::<_, quintet_web::http::Error>(())
    };
    context.block_on(making)?.map_err(|error| failed("the superuser was not made", &error))?;
    if context.terminal.verbosity() >= 1 {
        context.terminal.print("Superuser created successfully.");
    }
    Ok(())
}

/// What is asked for.
struct Fields {
    login: Asked,
    required: Vec<Asked>,
}

impl Fields {
    fn of(context: &Context<'_>, db: &Database) -> Result<Self, CommandError> {
        let auth = &context.settings.auth;
        let asked = |name: &String| Asked::of(Db::from(db), name);
        let required = auth.required_fields.iter().map(asked).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { login: asked(&auth.username_field)?, required })
    }
}

/// The values of arguments and variables. Without a password, no password fits.
fn silent(
    context: &Context<'_>,
    db: &Database,
    fields: &Fields,
    args: &ArgMatches,
) -> Result<Vec<Assignment>, CommandError> {
    let variable = |name: &str| std::env::var(format!("DJANGO_SUPERUSER_{}", name.to_uppercase())).ok();
    let missing = |name: &str| CommandError::new(format!("You must use --{name} with --noinput."));
    let login = &fields.login;
    let name = said(args, login).or_else(|| variable(&login.name)).ok_or_else(|| missing(&login.name))?;
    if let Some(problem) = wrong_name(context, db, login, &name)? {
        return Err(CommandError::new(problem));
    }
    let mut values = vec![assigned(login, value(context, db, login, &name)?)];
    for field in &fields.required {
        let given = [said(args, field), variable(&field.name)];
        match given.iter().flatten().find(|text| !text.is_empty()) {
            Some(text) => values.push(assigned(field, value(context, db, field, text)?)),
            None if field.may_be_blank && given.iter().any(Option::is_some) => {}
            None => return Err(missing(&field.name)),
        }
    }
    if let Some(password) = variable("password") {
        values.push(Assignment::named("password", password));
    }
    Ok(values)
}

/// The values as somebody types them.
fn dialogue(
    context: &Context<'_>,
    db: &Database,
    fields: &Fields,
    args: &ArgMatches,
) -> Result<Vec<Assignment>, CommandError> {
    let login = &fields.login;
    let name = ask_name(context, db, login, said(args, login))?;
    let mut owner = PasswordOwner::default();
    owner.0.push((login.name.clone(), login.label.clone(), name.clone()));
    let mut values = vec![assigned(login, value(context, db, login, &name)?)];
    for field in &fields.required {
        let given = match said(args, field) {
            Some(text) => value(context, db, field, &text)?,
            None => ask_value(context, db, field)?,
        };
        if let Value::Text(text) = &given {
            owner.0.push((field.name.clone(), field.label.clone(), text.clone()));
        }
        values.push(assigned(field, given));
    }
    values.push(Assignment::named("password", ask_password(context, &owner)?));
    Ok(values)
}

/// What the command line says of a field.
fn said(args: &ArgMatches, field: &Asked) -> Option<String> {
    args.try_get_one::<String>(&field.name).ok().flatten().cloned()
}

fn assigned(field: &Asked, value: Value) -> Assignment {
    Assignment::named(field.name.clone(), value)
}

/// The value of a field, or why the text is none.
fn value(context: &Context<'_>, db: &Database, field: &Asked, text: &str) -> Result<Value, CommandError> {
    context.block_on(field.read(Db::from(db), text))??.map_err(|problems| CommandError::new(problems.join("; ")))
}

fn cancelled() -> CommandError {
    CommandError::new("nobody answered, so no superuser was made").with_hint("`--noinput` does not ask")
}

fn ask_name(context: &Context<'_>, db: &Database, login: &Asked, said: Option<String>) -> Result<String, CommandError> {
    if let Some(name) = said {
        if name.is_empty() {
            return Err(CommandError::new(login.blank()));
        }
        match wrong_name(context, db, login, &name)? {
            None => return Ok(name),
            Some(problem) => context.terminal.aside(problem),
        }
    }
    let usual = usual_name(context, db, login)?;
    loop {
        let typed = context.terminal.ask(&login.prompt(usual.as_deref())).ok_or_else(cancelled)?;
        let name = if typed.is_empty() { usual.clone().unwrap_or_default() } else { typed };
        match wrong_name(context, db, login, &name)? {
            None => return Ok(name),
            Some(problem) => context.terminal.aside(format!("Error: {}", problem.trim_start_matches("Error: "))),
        }
    }
}

/// The name that the system knows, where the users are the built-in ones and it is free.
fn usual_name(context: &Context<'_>, db: &Database, login: &Asked) -> Result<Option<String>, CommandError> {
    if !context.settings.auth_user_model.eq_ignore_ascii_case("auth.User") {
        return Ok(None);
    }
    let Some(name) = system_user().map(|name| name.replace(' ', "").to_lowercase()) else { return Ok(None) };
    Ok(wrong_name(context, db, login, &name)?.is_none().then_some(name))
}

fn ask_value(context: &Context<'_>, db: &Database, field: &Asked) -> Result<Value, CommandError> {
    loop {
        let typed = context.terminal.ask(&field.prompt(None)).ok_or_else(cancelled)?;
        match context.block_on(field.read(Db::from(db), &typed))?? {
            Ok(value) => return Ok(value),
            Err(problems) => context.terminal.aside(format!("Error: {}", problems.join("; "))),
        }
    }
}

fn ask_password(context: &Context<'_>, owner: &PasswordOwner) -> Result<String, CommandError> {
    let terminal = context.terminal;
    loop {
        let password = terminal.ask_hidden("Password: ").ok_or_else(cancelled)?;
        let again = terminal.ask_hidden("Password (again): ").ok_or_else(cancelled)?;
        if password != again {
            terminal.aside("Error: Your passwords didn't match.");
            continue;
        }
        if quintet_core::python::strip(&password).is_empty() {
            terminal.aside("Error: Blank passwords aren't allowed.");
            continue;
        }
        let wrong = problems(context, &password, owner);
        if wrong.is_empty() {
            return Ok(password);
        }
        terminal.aside(wrong.join("\n"));
        let bypass = terminal.ask("Bypass password validation and create user anyway? [y/N]: ");
        if bypass.ok_or_else(cancelled)?.eq_ignore_ascii_case("y") {
            return Ok(password);
        }
    }
}

/// What is wrong with what somebody is to log in by.
fn wrong_name(context: &Context<'_>, db: &Database, login: &Asked, name: &str) -> Result<Option<String>, CommandError> {
    if login.is_unique && user(context, db, name)?.is_some() {
        return Ok(Some(format!("Error: That {} is already taken.", login.label)));
    }
    if name.is_empty() {
        return Ok(Some(login.blank()));
    }
    let read = context.block_on(login.read(Db::from(db), name))??;
    Ok(read.err().map(|problems| problems.join("; ")))
}
