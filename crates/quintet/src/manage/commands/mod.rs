//! The commands that are there, one file each: its row, its `args()`, its `run()`.

mod build;
mod changepassword;
mod check;
mod clearsessions;
mod collectstatic;
mod createcachetable;
mod createsuperuser;
mod dbshell;
mod diffsettings;
mod dumpdata;
mod findstatic;
mod flush;
mod flushexpiredtokens;
mod generateclient;
mod generatedeployment;
mod generateschema;
mod healthcheck;
mod inspectdb;
mod jwt;
mod loaddata;
mod makemigrations;
mod migrate;
mod optimizemigration;
mod remove_stale_contenttypes;
mod runserver;
mod sendtestemail;
mod serve;
mod showmigrations;
mod spectacular;
mod sqlflush;
mod sqlmigrate;
mod sqlsequencereset;
mod squashmigrations;
mod startapp;
mod startproject;
mod test;
mod users;

use super::{Command, not_yet};
use crate::settings::Settings;

/// Every command, by name; an app's command takes the place of one of ours.
pub(super) fn all(settings: &Settings) -> Vec<Command> {
    let ours = [
        build::COMMAND,
        changepassword::COMMAND,
        check::COMMAND,
        clearsessions::COMMAND,
        collectstatic::COMMAND,
        createcachetable::COMMAND,
        createsuperuser::COMMAND,
        dbshell::COMMAND,
        diffsettings::COMMAND,
        dumpdata::COMMAND,
        findstatic::COMMAND,
        flush::COMMAND,
        flushexpiredtokens::COMMAND,
        generateclient::COMMAND,
        generatedeployment::COMMAND,
        generateschema::COMMAND,
        healthcheck::COMMAND,
        inspectdb::COMMAND,
        jwt::COMMAND,
        loaddata::COMMAND,
        makemigrations::COMMAND,
        migrate::COMMAND,
        optimizemigration::COMMAND,
        remove_stale_contenttypes::COMMAND,
        runserver::COMMAND,
        sendtestemail::COMMAND,
        serve::COMMAND,
        showmigrations::COMMAND,
        spectacular::COMMAND,
        sqlflush::COMMAND,
        sqlmigrate::COMMAND,
        sqlsequencereset::COMMAND,
        squashmigrations::COMMAND,
        startapp::COMMAND,
        startproject::COMMAND,
        test::COMMAND,
    ];
    let mut commands: Vec<Command> = settings.installed_apps.iter().flat_map(|app| app.commands.clone()).collect();
    for command in ours.into_iter().chain(not_yet::commands()) {
        if commands.iter().all(|known| known.name != command.name) {
            commands.push(command);
        }
    }
    commands.sort_by_key(|command| command.name);
    commands
}

/// The arguments of a command, with those that depend on the settings.
pub(super) fn completed(command: clap::Command, settings: &Settings) -> clap::Command {
    match command.get_name() {
        "createsuperuser" if command.get_arguments().any(|arg| arg.get_id() == "noinput") => {
            createsuperuser::with_fields(command, settings)
        }
        _ => command,
    }
}
