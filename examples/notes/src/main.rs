//! The project of the tutorial, with a page that lists what is there.

mod accounts;
mod api;
mod demo;
mod settings;
mod urls;

#[cfg(test)]
mod tests;

fn main() -> quintet::ExitCode {
    quintet::manage(settings::settings)
}
