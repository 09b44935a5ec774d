//! An app: a named part of a project, with its routes, commands and checks.

use std::fmt;

use quintet_core::check::Message;
use quintet_core::operation::Migration;
use quintet_core::schema::ModelDef;
use quintet_db::Managed;
use quintet_db::query::Receiver;
use quintet_web::urls::Urls;

use crate::Settings;
use crate::manage::Command;

/// A part of a project, as `installed_apps` lists it. Made by [`app!`](crate::app).
#[derive(Clone)]
pub struct App {
    /// The name by which everything of the app is known.
    pub label: &'static str,
    /// The file that declares it; its migrations stand in the folder `migrations` beside.
    pub source: &'static str,
    /// The module that declares it: `notes::api`.
    pub module: &'static str,
    /// The app's models.
    pub models: Vec<&'static ModelDef>,
    /// Where queries of the rows of those models begin that have a manager.
    pub managers: Vec<Managed>,
    /// The app's migrations; none where it has no folder of them.
    pub migrations: Option<fn() -> Vec<Migration>>,
    /// The app's own routes; a project's `urls.rs` includes them where it likes.
    pub urls: Option<fn() -> Urls>,
    /// Commands that the app adds.
    pub commands: Vec<Command>,
    /// System checks that the app adds.
    pub checks: Vec<fn(&Settings) -> Vec<Message>>,
    /// Functions that are told what happens to rows.
    pub signals: Vec<Receiver>,
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label)
    }
}

/// Declares an app in its `mod.rs`, and gives the module a function `app()`:
/// `quintet::app! { api, models = [Note, Tag], migrations = migrations::all(), urls = urls::urls }`.
///
/// A model that stands in no such list does not compile. `commands = [greet::COMMAND]` and `checks = [function]` add
/// commands and system checks, `signals = [on::<Note>().post_save(function)]` functions that are told what happens to rows.
#[macro_export]
macro_rules! app {
    (
        $label:ident
        $(, models = [$($model:path),* $(,)?])?
        $(, migrations = $migrations:expr)?
        $(, urls = $urls:path)?
        $(, commands = [$($command:expr),* $(,)?])?
        $(, checks = [$($check:path),* $(,)?])?
        $(, signals = [$($signal:expr),* $(,)?])?
        $(,)?
    ) => {
        $($(impl $crate::models::Listed for $model {
            const APP: &'static str = stringify!($label);
        })*)?

        /// This app, for `installed_apps`.
        pub fn app() -> $crate::App {
            $crate::App {
                label: stringify!($label),
                source: file!(),
                module: module_path!(),
                models: vec![$($(<$model as $crate::models::Model>::DEF),*)?],
                managers: ::std::iter::empty()$($(.chain($crate::models::Managed::of::<$model>()))*)?.collect(),
                migrations: $crate::app!(@migrations $($migrations)?),
                urls: $crate::app!(@urls $($urls)?),
                commands: vec![$($($command),*)?],
                checks: vec![$($($check),*)?],
                signals: vec![$($($signal),*)?],
            }
        }
    };
    (@migrations) => { None };
    (@migrations $migrations:expr) => { Some(|| $migrations) };
    (@urls) => { None };
    (@urls $urls:path) => { Some($urls) };
    ($($other:tt)*) => {
        compile_error!("write `quintet::app! { label, models = [..], migrations = migrations::all(), urls = urls::urls, commands = [..], checks = [..], signals = [..] }`; all but the label may be left out, the order stays");
    };
}
