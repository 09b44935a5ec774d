//! What can be wrong with migrations as a whole: which, in whose file, and the way out.

use std::fmt;

use super::Key;
use crate::schema::StateError;

/// What is wrong. Texts that the reference has are its own; a way out is in [`GraphError::hint`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GraphError {
    /// Two migrations of an app have the same name.
    Duplicate {
        /// The name.
        key: Key,
        /// Their files, where known.
        files: Vec<String>,
    },
    /// A migration names another that is not there.
    Missing(Box<Missing>),
    /// Migrations that wait for each other: each comes before the next, and the last before the first.
    Cycle {
        /// They, in order.
        keys: Vec<Key>,
        /// The file of the first.
        file: Option<String>,
    },
    /// A migration needs the first of an app that has none.
    NoMigrations {
        /// Who needs it.
        by: Key,
        /// The app.
        app: String,
    },
    /// A name that no migration has, or begins with.
    Unknown {
        /// The app.
        app: String,
        /// What was asked for.
        name: String,
    },
    /// A beginning that several names have.
    Ambiguous {
        /// The app.
        app: String,
        /// What was asked for.
        name: String,
        /// The names.
        matches: Vec<String>,
    },
    /// Apps with several last migrations.
    Conflicts(Vec<(String, Vec<String>)>),
    /// A migration is applied, and one that it needs is not.
    Inconsistent {
        /// Who is applied.
        applied: Key,
        /// What it needs.
        dependency: Key,
        /// The database's alias.
        database: String,
    },
    /// Branches that have no beginning in common.
    NoAncestor {
        /// The app.
        app: String,
        /// The last migrations.
        names: Vec<String>,
    },
    /// A migration that replaces others cannot be replaced itself.
    SquashedAlready(Key),
    /// The first to be squashed is not before the last.
    NotBefore {
        /// The first.
        from: Key,
        /// The last.
        to: Key,
    },
    /// An operation does not fit the state at its point of the history.
    State {
        /// The migration.
        key: Key,
        /// Its file, where known.
        file: Option<String>,
        /// The operation's place, from 1, and what it does.
        operation: (usize, String),
        /// Why not.
        error: Box<StateError>,
    },
}

/// A dependency that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Who names it.
    pub by: Key,
    /// The file of who names it, where known.
    pub file: Option<String>,
    /// What it names.
    pub missing: Key,
    /// A migration of the same app that may be meant.
    pub near: Option<Key>,
    /// Migrations that would stand for it, were they not applied in part.
    pub replacements: Vec<Key>,
}

impl fmt::Display for GraphError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duplicate { key, files } => {
                write!(f, "the app `{}` lists two migrations named `{}`", key.0, key.1)?;
                if files.is_empty() { Ok(()) } else { write!(f, ": {}", files.join(", ")) }
            }
            Self::Missing(missing) => missing.fmt(f),
            Self::Cycle { keys, file } => {
                let chain: Vec<String> =
                    keys.iter().chain(keys.first()).map(|key| format!("`{}`", dotted(key))).collect();
                write!(f, "migrations wait for each other{}: {}", place(file), chain.join(" before "))
            }
            Self::NoMigrations { by, app } => {
                write!(f, "the migration `{}` needs the first of the app `{app}`, which has no migrations", dotted(by))
            }
            Self::Unknown { app, name } => write!(f, "Cannot find a migration matching '{name}' from app '{app}'."),
            Self::Ambiguous { app, name, .. } => {
                write!(f, "More than one migration matches '{name}' in app '{app}'. Please be more specific.")
            }
            Self::Conflicts(apps) => {
                let apps: Vec<String> =
                    apps.iter().map(|(app, names)| format!("{} in {app}", names.join(", "))).collect();
                write!(
                    f,
                    "Conflicting migrations detected; multiple leaf nodes in the migration graph: ({}).\n\
                     To fix them run 'cargo manage makemigrations --merge'",
                    apps.join("; ")
                )
            }
            Self::Inconsistent { applied, dependency, database } => write!(
                f,
                "Migration {} is applied before its dependency {} on database '{database}'.",
                dotted(applied),
                dotted(dependency)
            ),
            Self::NoAncestor { app, names } => {
                write!(f, "the migrations {} of the app `{app}` have no beginning in common", names.join(", "))
            }
            Self::SquashedAlready(_) => {
                f.write_str("You cannot squash squashed migrations! Please transition it to a normal migration first.")
            }
            Self::NotBefore { from, to } => write!(
                f,
                "The migration '{}' cannot be found. Maybe it comes after the migration '{}'?\n\
                 Have a look at:\n  cargo manage showmigrations {}\nto debug this issue.",
                dotted(from),
                dotted(to),
                from.0
            ),
            Self::State { key, file, operation: (place_of, what), error } => write!(
                f,
                "operation {place_of} of the migration `{}`{} does not fit: {error} ({what})",
                dotted(key),
                place(file)
            ),
        }
    }
}

impl std::error::Error for GraphError {}

impl GraphError {
    /// The way out, where the text does not say it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Duplicate { key, .. } => {
                Some(format!("give one of them another name, and say it in what depends on `{}`", dotted(key)))
            }
            Self::Missing(missing) => Some(missing.hint()),
            Self::Cycle { .. } => {
                Some("remove one of these dependencies, or move its operation to a later migration".to_owned())
            }
            Self::NoMigrations { app, .. } => Some(format!("make them: `cargo manage makemigrations {app}`")),
            Self::Unknown { app, .. } => Some(format!("`cargo manage showmigrations {app}` lists them")),
            Self::Ambiguous { matches, .. } => Some(format!("one of {}", matches.join(", "))),
            Self::Inconsistent { dependency, .. } => Some(format!(
                "where the tables of `{0}` are there, record it: `cargo manage migrate {1} {2} --fake`",
                dotted(dependency),
                dependency.0,
                dependency.1
            )),
            Self::NoAncestor { .. } => Some("let one of them depend on the other".to_owned()),
            Self::SquashedAlready(key) => Some(format!(
                "delete the files that `{}` replaces, point what depends on them to it, and remove its `replaces`",
                dotted(key)
            )),
            Self::State { file, .. } => Some(format!(
                "correct{}, or what comes before it",
                file.as_ref().map_or(" the file".to_owned(), |file| format!(" {file}"))
            )),
            Self::Conflicts(_) | Self::NotBefore { .. } => None,
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (by, missing) = (dotted(&self.by), dotted(&self.missing));
        write!(f, "the migration `{by}`{} needs `{missing}`, which is not there", place(&self.file))?;
        if self.replacements.is_empty() {
            return Ok(());
        }
        let tried: Vec<String> = self.replacements.iter().map(|key| format!("`{}`", dotted(key))).collect();
        write!(f, "; {} cannot stand for it, as only some of what it replaces is applied", tried.join(", "))
    }
}

impl Missing {
    fn hint(&self) -> String {
        let (by, missing) = (dotted(&self.by), dotted(&self.missing));
        match &self.near {
            Some(near) => format!("was `{}` meant?", dotted(near)),
            None if self.replacements.is_empty() => format!(
                "bring back the file of `{missing}` and its line in the list of `{}`, or name another in `{by}`",
                self.missing.0
            ),
            None => format!(
                "bring back the file of `{missing}`, migrate to the end of what is replaced, then remove it again"
            ),
        }
    }
}

fn dotted(key: &Key) -> String {
    format!("{}.{}", key.0, key.1)
}

fn place(file: &Option<String>) -> String {
    file.as_ref().map_or_else(String::new, |file| format!(" ({file})"))
}
