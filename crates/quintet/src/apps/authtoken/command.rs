//! `drf_create_token`: the token of a user, made where there is none.

use clap::{Arg, ArgAction, ArgMatches};
use quintet_core::schema::Value;
use quintet_db::Db;
use quintet_web::auth::find;
use quintet_web::rest::AnyUser as _;

use super::models::Token;
use crate::manage::{Checks, Command, CommandError, Context};

pub(super) const DRF_CREATE_TOKEN: Command = Command {
    name: "drf_create_token",
    about: "Make the token of a user, and show it",
    args,
    checks: Checks::First,
    run,
};

fn args(command: clap::Command) -> clap::Command {
    command.arg(Arg::new("username").required(true).help("The name that the user logs in by")).arg(
        Arg::new("reset_token")
            .short('r')
            .long("reset")
            .action(ArgAction::SetTrue)
            .help("Take back the token that is there, and make another"),
    )
}

fn run(context: &Context<'_>, matches: &ArgMatches) -> Result<(), CommandError> {
    let name = matches.get_one::<String>("username").map_or("", String::as_str);
    let database = crate::database(&context.settings).map_err(CommandError::new)?;
    let made = async {
        let db = Db::from(&database);
        let field = &context.settings.auth.username_field;
        let Some(user) = find(db, field, Value::Text(name.to_owned())).await? else { return Ok(None) };
        if matches.get_flag("reset_token") {
            Token::take_back(db, &user.id()).await?;
        }
        Token::of(db, &user.id()).await.map(Some)
    };
    let made: crate::http::Result<Option<String>> = context.block_on(made)?;
    match made {
        Ok(Some(key)) => {
            context.terminal.print(format!("Generated token {key} for user {name}"));
            Ok(())
        }
        Ok(None) => Err(CommandError::new(format!("cannot create the token: user `{name}` does not exist"))),
        Err(error) => {
            let text = format!("cannot create the token: {}", error.chain().join(": "));
            Err(CommandError::new(text).with_hint("`migrate` makes the tables"))
        }
    }
}
