//! The program. `cargo manage COMMAND` runs it.

mod settings;
mod urls;

#[cfg(test)]
mod tests;

fn main() -> quintet::ExitCode {
    quintet::manage(settings::settings)
}
