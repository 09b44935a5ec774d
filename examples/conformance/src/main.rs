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

/// Memory for many threads at once: quicker than what systems have, most of all where the program is static.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> quintet::ExitCode {
    quintet::manage(settings::settings)
}
