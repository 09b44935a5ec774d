//! `sendtestemail`: a message to see whether e-mail works.

use clap::{Arg, ArgAction, ArgMatches};
use quintet_web::mail::MailError;

use crate::clock;
use crate::manage::{Checks, Command, CommandError, Context};

pub(super) const COMMAND: Command = Command {
    name: "sendtestemail",
    about: "Send a message to see whether e-mail works",
    args,
    checks: Checks::Configured,
    run,
};

fn args(command: clap::Command) -> clap::Command {
    let flag = |name: &'static str, help: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    command
        .arg(Arg::new("email").value_name("EMAIL").num_args(0..).help("To whom"))
        .arg(flag("managers", "To the `email.managers` of the settings"))
        .arg(flag("admins", "To the `email.admins` of the settings"))
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    let to: Vec<&str> = args.get_many::<String>("email").unwrap_or_default().map(String::as_str).collect();
    let (managers, admins) = (args.get_flag("managers"), args.get_flag("admins"));
    if to.is_empty() && !managers && !admins {
        return Err(CommandError::new("there is nobody to write to")
            .with_code(2)
            .with_hint("name addresses, as `sendtestemail ann@example.com`, or say `--managers` or `--admins`"));
    }
    let mailer = context.mailer();
    let host = &mailer.settings().local_hostname;
    let subject = format!("Test email from {host} on {}+00:00", clock::Moment::now().iso());
    let sending = async {
        let mut sent = mailer.send_mail(&subject, "If you're reading this, it was successful.", None, &to).await?;
        if managers {
            sent += mailer.mail_managers(&subject, "This email was sent to the site managers.").await?;
        }
        if admins {
            sent += mailer.mail_admins(&subject, "This email was sent to the site admins.").await?;
        }
        Ok::<usize, MailError>(sent)
    };
    let sent = context.block_on(sending)?.map_err(|error| {
        let told = CommandError::new(format!("the message was not sent: {}", error.message()));
        match error.hint() {
            Some(hint) => told.with_hint(hint),
            None => told,
        }
    })?;
    if sent == 0 {
        context.terminal.warn(
            "nothing was sent: the settings name nobody",
            Some("`email.managers` and `email.admins` are names and addresses"),
        );
    }
    Ok(())
}
