//! `changepassword`: another password for a user, typed twice.

use clap::{Arg, ArgMatches};
use quintet_core::query::{Assign, Expr, Query, Statement, Step};
use quintet_core::schema::Value;
use quintet_db::Db;
use quintet_web::auth::hashed;
use quintet_web::rest::AnyUser as _;

use super::users::{failed, open, owner, problems, system_user, user};
use crate::manage::{Checks, Command, CommandError, Context, database};

pub(super) const COMMAND: Command =
    Command { name: "changepassword", about: "Give a user another password", args, checks: Checks::Configured, run };

/// How often somebody may mistype.
const TRIES: usize = 3;

fn args(command: clap::Command) -> clap::Command {
    command
        .arg(
            Arg::new("username")
                .value_name("USERNAME")
                .help("Whose; yours, by the system's name, where it is not said"),
        )
        .arg(database::arg())
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    let name = args.get_one::<String>("username").cloned().or_else(system_user).unwrap_or_default();
    let db = open(context)?;
    let Some(account) = user(context, &db, &name)? else {
        return Err(CommandError::new(format!("user '{name}' does not exist")));
    };
    context.terminal.print(format!("Changing password for user '{name}'"));
    let known = ["username", "first_name", "last_name", "email"].map(|field| (field, account.text(field)));
    let password = ask(context, &name, &known)?;
    let work = async {
        let encoded = hashed(Db::from(&db), Some(&password)).await?;
        let (app, model) = quintet_web::auth::Accounts::of(Db::from(&db)).model.clone();
        let mut query = Query::of(app, model);
        query.steps.push(Step::lookup("pk", account.id()));
        let assign = Assign { field: "password".into(), value: Expr::Value(Value::Text(encoded)) };
        Db::from(&db).run(&Statement::Update(&query, &[assign])).await?;
        Ok::<_, quintet_web::http::Error>(())
    };
    context.block_on(work)?.map_err(|error| failed("the password was not changed", &error))?;
    context.terminal.print(format!("Password changed successfully for user '{name}'"));
    Ok(())
}

fn ask(context: &Context<'_>, name: &str, known: &[(&str, &str)]) -> Result<String, CommandError> {
    let terminal = context.terminal;
    let hidden = |prompt: &str| {
        let typed = terminal.ask_hidden(prompt).filter(|typed| !typed.is_empty());
        typed.ok_or_else(|| CommandError::new("aborted"))
    };
    for _ in 0..TRIES {
        let (password, again) = (hidden("Password: ")?, hidden("Password (again): ")?);
        if password != again {
            terminal.print("Passwords do not match. Please try again.");
            continue;
        }
        let wrong = problems(context, &password, &owner(known));
        if wrong.is_empty() {
            return Ok(password);
        }
        terminal.aside(wrong.join("\n"));
    }
    Err(CommandError::new(format!("Aborting password change for user '{name}' after {TRIES} attempts")))
}
