//! `makemigrations --merge`: where the branches of an app part, and the migration that joins them.

use super::{Graph, GraphError, Key};
use crate::operation::{Dependency, Migration, Operation};

/// The branches of an app that has several last migrations.
#[derive(Clone, Debug, PartialEq)]
pub struct Merge<'a> {
    /// The app.
    pub app: String,
    /// The last migration that all have in common.
    pub ancestor: Key,
    /// The branches, in the order of the names of their ends.
    pub branches: Vec<Branch<'a>>,
}

/// A branch: what comes after the common ancestor.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch<'a> {
    /// The name of its end.
    pub name: String,
    /// Its migrations, in order.
    pub migrations: Vec<Key>,
    /// What they do, in order.
    pub operations: Vec<&'a Operation>,
}

impl Graph {
    /// The branches of an app that end in these migrations.
    pub fn merge(&self, app: &str, names: &[String]) -> Result<Merge<'_>, GraphError> {
        let mut histories = vec![];
        for name in names {
            let mut history = self.forwards_plan(&(app.to_owned(), name.clone()))?;
            history.retain(|key| key.0 == app);
            histories.push(history);
        }
        let at = |place: usize| histories.iter().map(move |history| history.get(place));
        let together = |place: &usize| at(*place).all(|key| key.is_some() && Some(key) == at(*place).next());
        let common = (0..).take_while(together).count();
        let Some(ancestor) = histories.first().filter(|_| common > 0).map(|history| history[common - 1].clone()) else {
            return Err(GraphError::NoAncestor { app: app.to_owned(), names: names.to_vec() });
        };
        let branches = names.iter().zip(&histories).map(|(name, history)| self.branch(name, &history[common..]));
        Ok(Merge { app: app.to_owned(), ancestor, branches: branches.collect() })
    }

    fn branch(&self, name: &str, keys: &[Key]) -> Branch<'_> {
        let migrations = keys.iter().filter_map(|key| self.migration(key));
        Branch {
            name: name.to_owned(),
            migrations: keys.to_vec(),
            operations: migrations.flat_map(|migration| &migration.operations).collect(),
        }
    }
}

impl Merge<'_> {
    /// What is told of the branches, line by line.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("Merging {}", self.app)];
        for branch in &self.branches {
            lines.push(format!("  Branch {}", branch.name));
            let operations = branch.operations.iter();
            lines.extend(operations.map(|operation| format!("    {} {}", operation.symbol(), operation.describe())));
        }
        lines
    }

    /// The migration that joins them. A name of its own may be given; the usual one, where it were too long, has the
    /// time instead: `20240131_1200`.
    pub fn migration(&self, name: Option<&str>, time: &str) -> Migration {
        let mut ends: Vec<&str> = self.branches.iter().map(|branch| branch.name.as_str()).collect();
        let number = ends.iter().filter_map(|name| number_of(name)).max().unwrap_or(1) + 1;
        let dependencies = ends.iter().map(|end| Dependency::On(self.app.clone(), (*end).to_owned())).collect();
        ends.sort_unstable();
        let joined = ends.join("_");
        let rest = match name {
            Some(name) => name.to_owned(),
            None if joined.chars().count() > 47 => format!("merge_{time}"),
            None => format!("merge_{joined}"),
        };
        Migration { app: self.app.clone(), file: None, dependencies, ..Migration::new(&format!("{number:04}_{rest}")) }
    }
}

/// The number in a migration's name; of a squashed one, that of the last which it replaces.
pub fn number_of(name: &str) -> Option<u64> {
    let digits = |text: &str| {
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        text[..end].parse().ok()
    };
    let mut squashed = name.rmatch_indices("_squashed_").filter_map(|(at, word)| digits(&name[at + word.len()..]));
    squashed.next().or_else(|| digits(name))
}
