//! What the rows of a database say about the migrations: unknown ones, ones out of order; and ends in conflict.

use std::collections::BTreeMap;

use super::{Graph, GraphError, Key};

impl Graph {
    /// The rows of the database, in their order.
    pub fn rows(&self) -> &[Key] {
        &self.rows
    }

    /// Rows of which there is no file: of apps that are not installed, or of migrations whose files are gone.
    pub fn unknown_applied(&self) -> Vec<&Key> {
        self.rows.iter().filter(|key| self.file(key).is_none()).collect()
    }

    /// The rows of an app that `migrate --prune` deletes. The error names the squashed migrations that still refer to
    /// one of them, and so forbid it.
    pub fn prunable(&self, app: &str) -> Result<Vec<Key>, Vec<Key>> {
        let mut prunable: Vec<Key> = self.unknown_applied().into_iter().filter(|key| key.0 == app).cloned().collect();
        prunable.sort();
        let refer = |replaces: &[Key]| replaces.iter().any(|key| prunable.contains(key));
        let refering: Vec<Key> =
            self.files.iter().filter(|file| refer(&file.replaces)).map(crate::operation::Migration::key).collect();
        if refering.is_empty() { Ok(prunable) } else { Err(refering) }
    }

    /// Squashed migrations without a row of their own, though all that they replace has one: `migrate` records them.
    pub fn unrecorded_replacements(&self) -> Vec<Key> {
        let rows: std::collections::HashSet<&Key> = self.rows.iter().collect();
        self.files
            .iter()
            .filter(|file| !file.replaces.is_empty() && file.replaces.iter().all(|key| rows.contains(key)))
            .map(crate::operation::Migration::key)
            .filter(|key| !rows.contains(key))
            .collect()
    }

    /// Fails where a migration has a row and one that it needs has none.
    pub fn check_consistent_history(&self, database: &str) -> Result<(), GraphError> {
        let rows: std::collections::HashSet<&Key> = self.rows.iter().collect();
        for key in &self.rows {
            let Some(number) = self.number(key) else { continue };
            for parent in &self.parents[number] {
                let dependency = self.key(*parent);
                let replaces = &self.files[*parent].replaces;
                let replaced = !replaces.is_empty() && replaces.iter().all(|key| rows.contains(key));
                if !rows.contains(dependency) && !replaced {
                    return Err(GraphError::Inconsistent {
                        applied: key.clone(),
                        dependency: dependency.clone(),
                        database: database.to_owned(),
                    });
                }
            }
        }
        Ok(())
    }

    /// Fails where a migration needs the first of an app that has none yet. For who migrates; who makes migrations is
    /// about to change it.
    pub fn check_apps(&self) -> Result<(), GraphError> {
        match self.waiting.first() {
            Some((by, app)) => Err(GraphError::NoMigrations { by: by.clone(), app: app.clone() }),
            None => Ok(()),
        }
    }

    /// Apps that have several last migrations, with their names.
    pub fn conflicts(&self) -> Vec<(String, Vec<String>)> {
        let mut apps: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (app, name) in self.leaf_nodes(None) {
            apps.entry(app).or_default().push(name);
        }
        apps.into_iter().filter(|(_, names)| names.len() > 1).collect()
    }

    /// Fails where an app has several last migrations.
    pub fn check_conflicts(&self) -> Result<(), GraphError> {
        let conflicts = self.conflicts();
        if conflicts.is_empty() { Ok(()) } else { Err(GraphError::Conflicts(conflicts)) }
    }
}
