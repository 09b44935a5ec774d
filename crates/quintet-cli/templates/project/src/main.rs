//! The program. `cargo manage COMMAND` runs it.

{{modules}}mod settings;
mod urls;

#[cfg(test)]
mod tests;

/// Memory for many threads at once: quicker than what systems have, most of all where the program is static.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> quintet::ExitCode {
    quintet::manage(settings::settings)
}
