//! Builds the graph: nodes, edges within an app, edges between apps, then replacements.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::error::Missing;
use super::{Graph, GraphError, Key};
use crate::near;
use crate::operation::{Dependency, Migration};

/// The first and the last migration of each app.
type Ends = BTreeMap<String, (usize, usize)>;

impl Graph {
    /// The graph of all migrations, with the rows of the database in their order, and the user model: `auth.User`.
    pub fn build(migrations: Vec<Migration>, applied: &[Key], user_model: &str) -> Result<Self, GraphError> {
        let mut files = migrations;
        files.sort_by(|a, b| (&a.app, &a.name).cmp(&(&b.app, &b.name)));
        if let Some(pair) = files.windows(2).find(|pair| pair[0].key() == pair[1].key()) {
            let files = pair.iter().filter_map(|migration| migration.file.clone()).collect();
            return Err(GraphError::Duplicate { key: pair[0].key(), files });
        }
        Self::assemble(&Arc::new(files), applied.to_vec(), user_model, true)
    }

    /// The same without replacing: what is replaced stands beside what replaces it.
    pub fn without_replacements(&self) -> Result<Self, GraphError> {
        Self::assemble(&self.files, self.rows.clone(), &self.user_model, false)
    }

    /// The same with other rows: what a database has now.
    pub fn with_applied(&self, applied: &[Key]) -> Result<Self, GraphError> {
        Self::assemble(&self.files, applied.to_vec(), &self.user_model, self.replacing)
    }

    fn assemble(
        files: &Arc<Vec<Migration>>,
        rows: Vec<Key>,
        user_model: &str,
        replacing: bool,
    ) -> Result<Self, GraphError> {
        let keys: Vec<Key> = files.iter().map(Migration::key).collect();
        let count = keys.len();
        let mut graph = Self {
            numbers: keys.iter().cloned().zip(0..).collect(),
            keys,
            present: vec![true; count],
            parents: vec![BTreeSet::new(); count],
            children: vec![BTreeSet::new(); count],
            applied: rows.iter().cloned().collect::<HashSet<_>>(),
            rows,
            waiting: vec![],
            user_model: user_model.to_owned(),
            replacing,
            files: Arc::clone(files),
        };
        let mut askers = HashMap::new();
        for (number, migration) in files.iter().enumerate() {
            graph.connect_within(number, migration, &mut askers);
        }
        let ends = graph.ends();
        for (number, migration) in files.iter().enumerate() {
            graph.connect_between(number, migration, &ends, &mut askers);
        }
        if replacing {
            graph.replace();
        }
        graph.nobody_missing(&askers)?;
        graph.no_cycle()?;
        Ok(graph)
    }

    fn connect_within(&mut self, number: usize, migration: &Migration, askers: &mut HashMap<usize, usize>) {
        for dependency in &migration.dependencies {
            // An app's own first migration says nothing.
            if let Dependency::On(app, name) = dependency
                && *app == migration.app
                && name != "__first__"
            {
                let parent = self.number_or_missing(app, name, number, askers);
                self.connect(parent, number);
            }
        }
    }

    fn connect_between(
        &mut self,
        number: usize,
        migration: &Migration,
        ends: &Ends,
        askers: &mut HashMap<usize, usize>,
    ) {
        let user_app = self.user_model.split_once('.').map_or("auth", |(app, _)| app).to_owned();
        for dependency in &migration.dependencies {
            let (app, name) = match dependency {
                Dependency::On(app, name) => (app.as_str(), name.as_str()),
                Dependency::UserModel => (user_app.as_str(), "__first__"),
            };
            if app != migration.app
                && let Some(parent) = self.meant(app, name, number, ends, askers)
            {
                self.connect(parent, number);
            }
        }
        for (app, name) in &migration.run_before {
            if let Some(child) = self.meant(app, name, number, ends, askers) {
                self.connect(number, child);
            }
        }
    }

    /// The number of a migration of another app, which may be named as the app's first or last.
    fn meant(
        &mut self,
        app: &str,
        name: &str,
        by: usize,
        ends: &Ends,
        askers: &mut HashMap<usize, usize>,
    ) -> Option<usize> {
        let special = matches!(name, "__first__" | "__latest__");
        if !special || self.numbers.contains_key(&(app.to_owned(), name.to_owned())) {
            return Some(self.number_or_missing(app, name, by, askers));
        }
        if app == self.files[by].app {
            return None;
        }
        match ends.get(app) {
            Some((first, last)) => Some(if name == "__first__" { *first } else { *last }),
            None => {
                // Models may refer to an app before its migrations are made; who migrates asks `check_apps`.
                self.waiting.push((self.keys[by].clone(), app.to_owned()));
                None
            }
        }
    }

    fn number_or_missing(&mut self, app: &str, name: &str, by: usize, askers: &mut HashMap<usize, usize>) -> usize {
        let key = (app.to_owned(), name.to_owned());
        if let Some(number) = self.numbers.get(&key) {
            return *number;
        }
        let number = self.keys.len();
        self.numbers.insert(key.clone(), number);
        self.keys.push(key);
        self.present.push(true);
        self.parents.push(BTreeSet::new());
        self.children.push(BTreeSet::new());
        askers.insert(number, by);
        number
    }

    pub(super) fn connect(&mut self, parent: usize, child: usize) {
        self.parents[child].insert(parent);
        self.children[parent].insert(child);
    }

    fn ends(&self) -> Ends {
        let mut ends = Ends::new();
        for number in self.sorted(self.root_numbers()) {
            ends.entry(self.keys[number].0.clone()).or_insert((number, number));
        }
        for number in self.sorted(self.leaf_numbers()).into_iter().rev() {
            if let Some(both) = ends.get_mut(&self.keys[number].0) {
                both.1 = number;
            }
        }
        ends
    }

    /// Names are resolved while some may be missing, whose numbers are not in the order of the keys.
    fn sorted(&self, mut numbers: Vec<usize>) -> Vec<usize> {
        numbers.sort_by(|a, b| self.keys[*a].cmp(&self.keys[*b]));
        numbers
    }

    fn nobody_missing(&self, askers: &HashMap<usize, usize>) -> Result<(), GraphError> {
        let Some(number) = (self.files.len()..self.keys.len()).find(|number| self.present[*number]) else {
            return Ok(());
        };
        let missing = self.keys[number].clone();
        let by = &self.files[askers[&number]];
        let others = self.files.iter().filter(|file| file.app == missing.0 && file.key() != by.key());
        let names: Vec<&str> = others.map(|file| file.name.as_str()).collect();
        let near = near::close_matches(&missing.1, &names, 1, 0.6).pop();
        let replacements: Vec<Key> =
            self.files.iter().filter(|file| file.replaces.contains(&missing)).map(Migration::key).collect();
        let usable = replacements.iter().any(|key| self.number(key).is_some());
        Err(GraphError::Missing(Box::new(Missing {
            by: by.key(),
            file: by.file.clone(),
            near: near.filter(|_| replacements.is_empty()).map(|name| (missing.0.clone(), name.to_owned())),
            replacements: if usable { vec![] } else { replacements },
            missing,
        })))
    }
}
