//! The commands that are there, one file each: its row, its `args()`, its `run()`.

mod check;
mod dbshell;
mod diffsettings;
mod makemigrations;
mod migrate;
mod optimizemigration;
mod runserver;
mod serve;
mod showmigrations;
mod sqlmigrate;
mod squashmigrations;
mod startapp;
mod startproject;
mod test;

use super::{Command, not_yet};
use crate::settings::Settings;

/// Every command, by name; an app's command takes the place of one of ours.
pub(super) fn all(settings: &Settings) -> Vec<Command> {
    let ours = [
        check::COMMAND,
        dbshell::COMMAND,
        diffsettings::COMMAND,
        makemigrations::COMMAND,
        migrate::COMMAND,
        optimizemigration::COMMAND,
        runserver::COMMAND,
        serve::COMMAND,
        showmigrations::COMMAND,
        sqlmigrate::COMMAND,
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
