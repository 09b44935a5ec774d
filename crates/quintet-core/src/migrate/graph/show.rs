//! What `showmigrations` shows: lists per app, and the plan.

use super::{Graph, GraphError, Key};

/// A line of an app's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The migration.
    pub key: Key,
    /// What stands before it.
    pub mark: Mark,
    /// How many migrations it replaces.
    pub squashed: usize,
}

/// What stands before a migration in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It is applied.
    Applied,
    /// All that it replaces is applied, and it has no row yet.
    Unrecorded,
    /// It is not applied.
    Open,
}

/// A line of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The migration.
    pub key: Key,
    /// Whether it is applied.
    pub applied: bool,
    /// What it needs directly.
    pub needs: Vec<Key>,
}

impl Graph {
    /// The migrations of an app, in order.
    pub fn listed(&self, app: &str) -> Vec<Listed> {
        let mut walk = self.walk();
        for leaf in self.leaf_numbers().into_iter().filter(|number| self.key(*number).0 == app) {
            self.visit(&mut walk, leaf, true);
        }
        let own = walk.order.iter().map(|number| (self.key(*number), *number)).filter(|(key, _)| key.0 == app);
        own.map(|(key, number)| Listed {
            key: key.clone(),
            mark: match (self.applied.contains(key), self.rows.contains(key)) {
                (true, true) => Mark::Applied,
                (true, false) => Mark::Unrecorded,
                (false, _) => Mark::Open,
            },
            squashed: self.files[number].replaces.len(),
        })
        .collect()
    }

    /// All migrations, or those that the ends of these apps need, in the order in which they are applied.
    pub fn planned(&self, apps: &[String]) -> Result<Vec<Planned>, GraphError> {
        let ends: Vec<Key> =
            self.leaf_nodes(None).into_iter().filter(|key| apps.is_empty() || apps.contains(&key.0)).collect();
        let keys = self.needed_by(&ends)?;
        keys.into_iter()
            .map(|key| {
                let number = self.node(&key)?;
                let needs = self.parents[number].iter().map(|parent| self.key(*parent).clone()).collect();
                Ok(Planned { applied: self.applied.contains(&key), key, needs })
            })
            .collect()
    }
}

impl Listed {
    /// The line: ` [X] 0001_initial`.
    pub fn line(&self) -> String {
        let squashed = match self.squashed {
            0 => String::new(),
            count => format!(" ({count} squashed migrations)"),
        };
        let name = &self.key.1;
        match self.mark {
            Mark::Applied => format!(" [X] {name}{squashed}"),
            Mark::Unrecorded => format!(" [-] {name}{squashed} Run 'cargo manage migrate' to finish recording."),
            Mark::Open => format!(" [ ] {name}{squashed}"),
        }
    }
}

impl Planned {
    /// The line: `[X]  api.0001_initial`, with what it needs where that is wanted.
    pub fn line(&self, with_needs: bool) -> String {
        let mark = if self.applied { "[X]" } else { "[ ]" };
        let (app, name) = &self.key;
        let needs: Vec<String> = self.needs.iter().map(|(app, name)| format!("{app}.{name}")).collect();
        let needs =
            if with_needs && !needs.is_empty() { format!(" ... ({})", needs.join(", ")) } else { String::new() };
        format!("{mark}  {app}.{name}{needs}")
    }
}
