//! A migration: a named list of operations, and what must come before it.

use super::Operation;

/// One migration of an app, as its file makes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Migration {
    /// The app's label; given by the app that lists it.
    pub app: String,
    /// Its name: `0001_initial`.
    pub name: String,
    /// The file that it stands in, where that is known.
    pub file: Option<String>,
    /// Whether it creates an app's first tables; where nothing is said, whether it depends on none of its own app.
    pub initial: Option<bool>,
    /// What must have been applied before.
    pub dependencies: Vec<Dependency>,
    /// Migrations of other apps that this one must be applied before.
    pub run_before: Vec<(String, String)>,
    /// Migrations that it stands for, as app and name.
    pub replaces: Vec<(String, String)>,
    /// Whether it happens whole or not at all.
    pub atomic: bool,
    /// What it does.
    pub operations: Vec<Operation>,
}

/// What must have been applied before.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dependency {
    /// A migration by app and name; the names `__first__` and `__latest__` mean the app's first and last.
    On(String, String),
    /// The first migration of the app of the project's user model.
    UserModel,
}

impl Migration {
    /// Whether it creates an app's first tables.
    pub fn is_initial(&self) -> bool {
        self.initial.unwrap_or_else(|| {
            !self.dependencies.iter().any(|on| matches!(on, Dependency::On(app, _) if *app == self.app))
        })
    }

    /// How a graph finds it.
    pub fn key(&self) -> (String, String) {
        (self.app.clone(), self.name.clone())
    }

    /// `app.name`.
    pub fn label(&self) -> String {
        format!("{}.{}", self.app, self.name)
    }
}
