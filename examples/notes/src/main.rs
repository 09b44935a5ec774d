//! The demo: until the notes application is here, a site that lists what is there.

#![forbid(unsafe_code)]

mod settings;
mod urls;
mod views;

#[cfg(test)]
mod tests;

fn main() -> quintet::ExitCode {
    quintet::manage(settings::settings)
}
