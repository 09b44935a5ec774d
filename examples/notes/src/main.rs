//! The demo: a site that lists what is there, and the notes' model with its migration. Views of notes join with serializers.

#![forbid(unsafe_code)]

mod api;
mod settings;
mod urls;
mod views;

#[cfg(test)]
mod tests;

fn main() -> quintet::ExitCode {
    quintet::manage(settings::settings)
}
