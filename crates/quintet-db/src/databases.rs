//! Several databases of one project, by name, with their copies and the routers that choose among them.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use quintet_core::database_url::DatabaseUrl;
use quintet_core::query::Registry;

use crate::database::{Connection, Database};
use crate::error::{Error, ErrorKind, Result};
use crate::models::Models;
use crate::replicas::Replicated;
use crate::router::Routers;

/// The name of the database that is meant where none is named.
const DEFAULT: &str = "default";

/// Databases by name. The first of them is `default`.
#[derive(Clone, Debug)]
pub struct Databases {
    named: Vec<Named>,
    routers: Routers,
}

#[derive(Clone, Debug)]
struct Named {
    name: String,
    database: Database,
    copied: Option<Arc<Replicated>>,
}

impl Databases {
    /// The database `default` alone.
    pub fn new(default: Database) -> Self {
        let default = Named { name: DEFAULT.to_owned(), database: default, copied: None };
        Self { named: vec![default], routers: Routers::default() }
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
        if self.place(name).is_some() {
            let message = format!("there are two databases with the name `{name}`");
            return Err(Error::new(ErrorKind::Usage, message).with_hint("give each a name of its own"));
        }
        self.named.push(Named { name: name.to_owned(), database, copied: None });
        Ok(self)
    }

    /// The same, where one has copies that are read from.
    pub fn with_replicas(mut self, name: &str, replicas: Vec<Database>) -> Result<Self> {
        let place = self.known(name)?;
        let one = &mut self.named[place];
        if replicas.iter().any(|replica| replica.dialect() != one.database.dialect()) {
            let message = format!("a replica of `{name}` is another kind of database");
            return Err(Error::new(ErrorKind::Usage, message).with_hint("a replica is a copy of its database"));
        }
        let models = one.database.models().cloned();
        let replicas = replicas.into_iter().map(|replica| match &models {
            Some(models) => replica.with_shared(Arc::clone(models)),
            None => replica,
        });
        // Each piece of work has a handle of its own: what it wrote, it reads from the primary up to its end.
        let copied = Replicated::new(one.database.clone(), replicas.collect()).with_lag(Duration::MAX);
        one.copied = Some(Arc::new(copied));
        Ok(self)
    }

    /// The same, where these say which database is meant.
    #[must_use]
    pub fn with_routers(self, routers: Routers) -> Self {
        Self { routers, ..self }
    }

    /// The same databases, whose queries are about these models.
    #[must_use]
    pub fn with_models(self, registry: &Arc<Registry>) -> Self {
        self.with_known(Models::new(Arc::clone(registry)))
    }

    /// The same, where more is known of the models: who is told of what happens to their rows.
    #[must_use]
    pub fn with_known(mut self, models: Models) -> Self {
        let models = Arc::new(models);
        for one in &mut self.named {
            one.database = one.database.clone().with_shared(Arc::clone(&models));
            one.copied = one.copied.take().map(|copied| Arc::new(copied.with_shared(&models)));
        }
        self
    }

    /// The database that is meant where none is named.
    pub fn default_database(&self) -> &Database {
        &self.named[0].database
    }

    /// A database by name. What it is asked, its copies are not.
    pub fn get(&self, name: &str) -> Result<&Database> {
        Ok(&self.named[self.known(name)?].database)
    }

    /// A connection for one piece of work, a request for one: it reads from copies, if there are any, until it writes.
    pub fn connection(&self, name: &str) -> Result<Arc<dyn Connection>> {
        Ok(self.named[self.known(name)?].connection())
    }

    /// The same of all of them, in the order of their names.
    pub fn connections(&self) -> impl Iterator<Item = Arc<dyn Connection>> {
        self.named.iter().map(Named::connection)
    }

    /// Their names, `default` first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.named.iter().map(|one| one.name.as_str())
    }

    /// Which of them a name means, counted as [`Databases::names`] lists them.
    pub fn known(&self, name: &str) -> Result<usize> {
        self.place(name).ok_or_else(|| {
            let known: Vec<String> = self.names().map(|name| format!("`{name}`")).collect();
            let message = format!("there is no database `{name}`");
            Error::new(ErrorKind::Usage, message).with_hint(format!("the databases are {}", known.join(", ")))
        })
    }

    /// Which of them rows of a model are in, as the routers say; `None` where there is no router.
    pub fn routed(&self, (app, model): (&str, &str), is_write: bool) -> Result<Option<usize>> {
        if self.routers.is_empty() {
            return Ok(None);
        }
        let chosen = self.routers.choose(app, model, is_write).unwrap_or(DEFAULT);
        let place = self.known(chosen).map_err(|error| {
            let message = format!("a router chose a database for `{app}.{model}`, and {}", error.message());
            Error::new(ErrorKind::Usage, message).with_hint(error.hint().unwrap_or_default())
        });
        place.map(Some)
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.named.iter().position(|one| one.name == name)
    }
}

impl Named {
    fn connection(&self) -> Arc<dyn Connection> {
        match &self.copied {
            Some(copied) => Arc::new(copied.handle()),
            None => Arc::new(self.database.clone()),
        }
    }
}
