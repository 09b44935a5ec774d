//! The project of the tutorial, with a page that lists what is there.

mod accounts;
mod api;
mod demo;
mod settings;
mod urls;

#[cfg(test)]
mod tests;

/// Memory for many threads at once: quicker than what systems have, most of all where the program is static.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> quintet::ExitCode {
    quintet::manage(settings::settings)
}
