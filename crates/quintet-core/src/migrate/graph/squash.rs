//! `squashmigrations`: one migration in the place of several.

use super::{Graph, GraphError, Key};
use crate::operation::{Dependency, Migration, Operation};

/// What becomes one.
#[derive(Clone, Debug, PartialEq)]
pub struct Squash {
    /// The app.
    pub app: String,
    /// The migrations, in order.
    pub migrations: Vec<Key>,
    /// What they do, in order; not optimised.
    pub operations: Vec<Operation>,
    /// What they need of other apps, and what the first needs.
    pub dependencies: Vec<Dependency>,
    /// Whether the first was named: the new one is initial only where it was not.
    pub from: Option<String>,
}

impl Graph {
    /// The migrations of an app up to one, from its first or from another, each named by a beginning.
    pub fn squash(&self, app: &str, from: Option<&str>, to: &str) -> Result<Squash, GraphError> {
        let last = self.find(app, to)?.key();
        let mut keys = self.forwards_plan(&last)?;
        keys.retain(|key| key.0 == app);
        let from = from.map(|from| self.find(app, from)).transpose()?.map(Migration::key);
        if let Some(from) = &from {
            let at = keys.iter().position(|key| key == from);
            let at = at.ok_or_else(|| GraphError::NotBefore { from: from.clone(), to: last })?;
            keys.drain(..at);
        }
        let (mut operations, mut dependencies) = (vec![], vec![]);
        for (place, migration) in keys.iter().filter_map(|key| self.migration(key)).enumerate() {
            if !migration.replaces.is_empty() {
                return Err(GraphError::SquashedAlready(migration.key()));
            }
            operations.extend(migration.operations.iter().cloned());
            let needed = migration.dependencies.iter().filter(|dependency| match dependency {
                Dependency::On(other, _) => place == 0 || other != app,
                Dependency::UserModel => true,
            });
            dependencies.extend(needed.cloned());
        }
        dependencies.sort();
        dependencies.dedup();
        let from = from.map(|(_, name)| name);
        Ok(Squash { app: app.to_owned(), migrations: keys, operations, dependencies, from })
    }
}

impl Squash {
    /// The migration, with the operations as the optimiser left them. `name` is what `--squashed-name` says.
    pub fn migration(&self, operations: Vec<Operation>, name: Option<&str>) -> Migration {
        let last = self.migrations.last().map_or("", |(_, name)| name.as_str());
        let full = match (&self.from, name) {
            (Some(from), Some(name)) => format!("{}_{name}", from.split('_').next().unwrap_or(from)),
            (Some(from), None) => format!("{from}_squashed_{last}"),
            (None, Some(name)) => format!("0001_{name}"),
            (None, None) => format!("0001_squashed_{last}"),
        };
        Migration {
            app: self.app.clone(),
            file: None,
            initial: self.from.is_none().then_some(true),
            dependencies: self.dependencies.clone(),
            replaces: self.migrations.clone(),
            operations,
            ..Migration::new(&full)
        }
    }
}
