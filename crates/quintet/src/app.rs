//! An app: a named part of a project, with its routes, commands and checks.

use std::fmt;

use quintet_core::check::Message;
use quintet_web::urls::Urls;

use crate::Settings;
use crate::manage::Command;

/// A part of a project, as `installed_apps` lists it. Made by [`app!`](crate::app).
#[derive(Clone)]
pub struct App {
    /// The name by which everything of the app is known.
    pub label: &'static str,
    /// The app's own routes; a project's `urls.rs` includes them where it likes.
    pub urls: Option<fn() -> Urls>,
    /// Commands that the app adds.
    pub commands: Vec<Command>,
    /// System checks that the app adds.
    pub checks: Vec<fn(&Settings) -> Vec<Message>>,
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label)
    }
}

/// Declares an app in its `mod.rs`: `quintet::app! { api, urls = urls::urls }`. Gives the module a function `app()`.
///
/// `commands = [greet::COMMAND]` and `checks = [function]` add commands and system checks.
#[macro_export]
macro_rules! app {
    ($label:ident $(, urls = $urls:path)? $(, commands = [$($command:expr),* $(,)?])? $(, checks = [$($check:path),* $(,)?])? $(,)?) => {
        /// This app, for `installed_apps`.
        pub fn app() -> $crate::App {
            $crate::App {
                label: stringify!($label),
                urls: $crate::app!(@urls $($urls)?),
                commands: vec![$($($command),*)?],
                checks: vec![$($($check),*)?],
            }
        }
    };
    (@urls) => { None };
    (@urls $urls:path) => { Some($urls) };
    ($($other:tt)*) => {
        compile_error!("write `quintet::app! { label, urls = urls::urls, commands = [..], checks = [..] }`; all but the label may be left out, the order stays");
    };
}
