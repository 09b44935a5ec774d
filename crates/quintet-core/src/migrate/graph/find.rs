//! Finds the migration that a person means: by a beginning of its name.

use super::{Graph, GraphError, Key};
use crate::operation::Migration;

/// Where to migrate to: an app, and a migration of it; none for the time before its first.
pub type Target = (String, Option<String>);

impl Graph {
    /// The migration of an app whose name begins so. A name that is given whole is meant, though others begin with it.
    pub fn find(&self, app: &str, prefix: &str) -> Result<&Migration, GraphError> {
        if let Some(exact) = self.file(&(app.to_owned(), prefix.to_owned())) {
            return Ok(exact);
        }
        let matches: Vec<&Migration> =
            self.files.iter().filter(|file| file.app == app && file.name.starts_with(prefix)).collect();
        let (app, name) = (app.to_owned(), prefix.to_owned());
        match matches.as_slice() {
            [one] => Ok(one),
            [] => Err(GraphError::Unknown { app, name }),
            several => {
                let matches = several.iter().map(|migration| migration.name.clone()).collect();
                Err(GraphError::Ambiguous { app, name, matches })
            }
        }
    }

    /// What `migrate APP NAME` means. `zero` is the time before the first. A squashed migration that cannot be used, as
    /// only some of what it replaces is applied, means the last of those.
    pub fn target(&self, app: &str, name: &str) -> Result<Target, GraphError> {
        if name == "zero" {
            return Ok((app.to_owned(), None));
        }
        let found = self.find(app, name)?;
        let (app, name) = match found.replaces.last() {
            Some(last) if self.number(&found.key()).is_none() => last.clone(),
            _ => found.key(),
        };
        Ok((app, Some(name)))
    }

    /// The ends of an app, or of all apps: what `migrate` without a name goes to.
    pub fn leaf_targets(&self, app: Option<&str>) -> Vec<Target> {
        self.leaf_nodes(app).into_iter().map(|(app, name): Key| (app, Some(name))).collect()
    }
}
