//! Several databases of one project, by name.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use quintet_core::database_url::DatabaseUrl;
use quintet_core::query::Registry;

use crate::database::Database;
use crate::error::{Error, ErrorKind, Result};

/// The name of the database that is meant where none is named.
const DEFAULT: &str = "default";

/// Databases by name. One of them is `default`.
#[derive(Clone, Debug)]
pub struct Databases {
    default: Database,
    others: BTreeMap<String, Database>,
}

impl Databases {
    /// The database `default` alone.
    pub fn new(default: Database) -> Self {
        Self { default, others: BTreeMap::new() }
    }

    /// The databases of URLs; `folder` is the project's. Nothing is opened yet.
    pub fn connect<'u>(
        default: &DatabaseUrl,
        others: impl IntoIterator<Item = (&'u String, &'u DatabaseUrl)>,
        folder: &Path,
    ) -> Result<Self> {
        let mut made = Self::new(Database::connect(default, folder));
        for (name, url) in others {
            made = made.with(name, Database::connect(url, folder))?;
        }
        Ok(made)
    }

    /// The same with one more.
    pub fn with(mut self, name: &str, database: Database) -> Result<Self> {
        if name == DEFAULT || self.others.contains_key(name) {
            let message = format!("there are two databases with the name `{name}`");
            return Err(Error::new(ErrorKind::Usage, message).with_hint("give each a name of its own"));
        }
        self.others.insert(name.to_owned(), database);
        Ok(self)
    }

    /// The same databases, whose queries are about these models.
    #[must_use]
    pub fn with_models(self, registry: &Arc<Registry>) -> Self {
        let with = |database: Database| database.with_models(Arc::clone(registry));
        Self {
            default: with(self.default),
            others: self.others.into_iter().map(|(name, database)| (name, with(database))).collect(),
        }
    }

    /// The database that is meant where none is named.
    pub fn default_database(&self) -> &Database {
        &self.default
    }

    /// A database by name.
    pub fn get(&self, name: &str) -> Result<&Database> {
        if name == DEFAULT {
            return Ok(&self.default);
        }
        self.others.get(name).ok_or_else(|| {
            let known: Vec<String> = self.names().map(|name| format!("`{name}`")).collect();
            let message = format!("there is no database `{name}`");
            Error::new(ErrorKind::Usage, message).with_hint(format!("the databases are {}", known.join(", ")))
        })
    }

    /// Their names, `default` first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(DEFAULT).chain(self.others.keys().map(String::as_str))
    }
}
