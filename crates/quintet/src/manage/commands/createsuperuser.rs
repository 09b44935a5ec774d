//! `createsuperuser`: a user who may do everything, in a dialogue, or out of arguments and variables.

use clap::{Arg, ArgAction, ArgMatches};
use quintet_core::rest::{Context as FieldContext, Field, Input, Problems};
use quintet_db::Database;
use quintet_db::query::Assignment;

use super::users::{failed, login_field, open, owner, problems, system_user, user};
use crate::apps::auth::models::User;
use crate::manage::{Checks, Command, CommandError, Context, database};

pub(super) const COMMAND: Command =
    Command { name: "createsuperuser", about: "Make a user who may do everything", args, checks: Checks::First, run };

const SKIPPED: &str = "Superuser creation skipped due to not running in a TTY. \
    Run `createsuperuser` at a terminal to make one, or use `--noinput`.";

fn args(command: clap::Command) -> clap::Command {
    let value = |name: &'static str, help: &'static str| Arg::new(name).long(name).help(help);
    command
        .arg(value("username", "The name to log in by"))
        .arg(value("email", "The e-mail address"))
        .arg(
            Arg::new("noinput")
                .long("noinput")
                .alias("no-input")
                .action(ArgAction::SetTrue)
                .help("Do not ask: take what is not said from DJANGO_SUPERUSER_USERNAME, _EMAIL and _PASSWORD"),
        )
        .arg(database::arg())
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    if !context.settings.auth_user_model.eq_ignore_ascii_case("auth.User") {
        let model = &context.settings.auth_user_model;
        return Err(CommandError::new(format!("users are of `{model}`, which this command does not know"))
            .with_hint("make one with `create!` and `quintet::auth::new_superuser`, in a command of your own"));
    }
    let db = open(context)?;
    let values = if args.get_flag("noinput") {
        silent(context, &db, args)?
    } else if context.terminal.is_interactive() {
        dialogue(context, &db, args)?
    } else {
        context.terminal.print(SKIPPED);
        return Ok(());
    };
    let made = context.block_on(User::create_superuser((&db).into(), values))?;
    made.map_err(|error| failed("the superuser was not made", &error))?;
    if context.terminal.verbosity() >= 1 {
        context.terminal.print("Superuser created successfully.");
    }
    Ok(())
}

/// The values of arguments and variables. Without a password, no password fits.
fn silent(context: &Context<'_>, db: &Database, args: &ArgMatches) -> Result<Vec<Assignment>, CommandError> {
    let said = |name: &str| {
        let variable = format!("DJANGO_SUPERUSER_{}", name.to_uppercase());
        args.get_one::<String>(name).cloned().or_else(|| std::env::var(variable).ok())
    };
    let missing = |name: &str| CommandError::new(format!("You must use --{name} with --noinput."));
    let username = said("username").ok_or_else(|| missing("username"))?;
    if let Some(problem) = wrong_name(context, db, &username)? {
        return Err(CommandError::new(problem));
    }
    let mut values = vec![Assignment::named(login_field(context).to_owned(), username)];
    if context.settings.auth.required_fields.iter().any(|field| field == "email") {
        let email = said("email").ok_or_else(|| missing("email"))?;
        if let Some(problem) = wrong_address(&email) {
            return Err(CommandError::new(problem));
        }
        values.push(Assignment::named("email", email));
    }
    if let Ok(password) = std::env::var("DJANGO_SUPERUSER_PASSWORD") {
        values.push(Assignment::named("password", password));
    }
    Ok(values)
}

/// The values as somebody types them.
fn dialogue(context: &Context<'_>, db: &Database, args: &ArgMatches) -> Result<Vec<Assignment>, CommandError> {
    let username = ask_name(context, db, args.get_one::<String>("username"))?;
    let mut values = vec![Assignment::named(login_field(context).to_owned(), username.clone())];
    let mut email = String::new();
    if context.settings.auth.required_fields.iter().any(|field| field == "email") {
        email = ask_address(context, args.get_one::<String>("email"))?;
        values.push(Assignment::named("email", email.clone()));
    }
    let password = ask_password(context, &username, &email)?;
    values.push(Assignment::named("password", password));
    Ok(values)
}

fn cancelled() -> CommandError {
    CommandError::new("nobody answered, so no superuser was made").with_hint("`--noinput` does not ask")
}

fn ask_name(context: &Context<'_>, db: &Database, said: Option<&String>) -> Result<String, CommandError> {
    if let Some(name) = said {
        if name.is_empty() {
            return Err(CommandError::new("Username cannot be blank."));
        }
        match wrong_name(context, db, name)? {
            None => return Ok(name.clone()),
            Some(problem) => context.terminal.aside(problem),
        }
    }
    let usual = system_user().map(|name| name.replace(' ', "").to_lowercase());
    let usual = usual.filter(|name| name.chars().all(is_of_name));
    let usual = match usual {
        Some(name) if user(context, db, &name)?.is_none() => Some(name),
        _ => None,
    };
    let hint = usual.as_ref().map(|name| format!(" (leave blank to use '{name}')")).unwrap_or_default();
    loop {
        let typed = context.terminal.ask(&format!("Username{hint}: ")).ok_or_else(cancelled)?;
        let name = if typed.is_empty() { usual.clone().unwrap_or_default() } else { typed };
        match wrong_name(context, db, &name)? {
            None => return Ok(name),
            Some(problem) => context.terminal.aside(format!("Error: {}", problem.trim_start_matches("Error: "))),
        }
    }
}

fn ask_address(context: &Context<'_>, said: Option<&String>) -> Result<String, CommandError> {
    if let Some(address) = said {
        return match wrong_address(address) {
            None => Ok(address.clone()),
            Some(problem) => Err(CommandError::new(problem)),
        };
    }
    loop {
        let address = context.terminal.ask("Email address: ").ok_or_else(cancelled)?;
        match wrong_address(&address) {
            None => return Ok(address),
            Some(problem) => context.terminal.aside(format!("Error: {problem}")),
        }
    }
}

fn ask_password(context: &Context<'_>, username: &str, email: &str) -> Result<String, CommandError> {
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
        let wrong = problems(context, &password, &owner(&[("username", username), ("email", email)]));
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

/// What is wrong with a name to log in by.
fn wrong_name(context: &Context<'_>, db: &Database, name: &str) -> Result<Option<String>, CommandError> {
    if user(context, db, name)?.is_some() {
        return Ok(Some("Error: That username is already taken.".to_owned()));
    }
    if name.is_empty() {
        return Ok(Some("Username cannot be blank.".to_owned()));
    }
    let mut wrong = vec![];
    if !name.chars().all(is_of_name) {
        let text = "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.";
        wrong.push(text.to_owned());
    }
    let length = name.chars().count();
    if length > 150 {
        wrong.push(format!("Ensure this value has at most 150 characters (it has {length})."));
    }
    Ok((!wrong.is_empty()).then(|| wrong.join("; ")))
}

fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || "_.@+-".contains(letter)
}

/// What is wrong with an address; there need be none.
fn wrong_address(address: &str) -> Option<String> {
    if address.is_empty() {
        return None;
    }
    let json = quintet_core::json::Json::from(address);
    match Field::email().run(Input::from(&json), &FieldContext::default()).err()? {
        Problems::List(found) => found.into_iter().next().map(|problem| problem.message),
        Problems::Map(_) => Some("Enter a valid email address.".to_owned()),
    }
}
