//! The program. `cargo manage COMMAND` runs it.

{{modules}}mod settings;
mod urls;

#[cfg(test)]
mod tests;

fn main() -> quintet::ExitCode {
    quintet::manage(settings::settings)
}
