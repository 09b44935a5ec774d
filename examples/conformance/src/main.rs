//! The oracle's applications, written with quintet; the recordings judge them.
//!
//! `PROFILE` chooses the settings, as the oracle's project has them; `DATABASE_URL` names the database, and `MEDIA` the folder
//! for uploaded files. Nothing else is read.

#![forbid(unsafe_code)]

mod accounts;
mod api;
mod gallery;
mod settings;
mod shop;
mod urls;

#[cfg(test)]
mod tests;

fn main() -> quintet::ExitCode {
    quintet::manage(settings::settings)
}
