//! The installed command `quintet`: makes projects and apps, and passes every other command on to
//! the project that the user stands in.
//!
//! The only file of the command that knows the process: its arguments, its folder, its exit code.

#![forbid(unsafe_code)]

mod command;
mod terminal;

use std::process::ExitCode;

use terminal::Terminal;

fn main() -> ExitCode {
    let terminal = Terminal::of_this_process();
    match command::run(&std::env::args_os().collect::<Vec<_>>(), &terminal) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            terminal.failure(&failure);
            ExitCode::from(failure.code)
        }
    }
}
