//! Locks on rows: `FOR UPDATE`. SQLite has none and needs none; there they are left out, as in the reference.

use crate::query::Lock;
use crate::query::ast::Strength;
use crate::query::error::QueryError;
use crate::query::fragment::Fragment;
use crate::query::{Name, Path};
use crate::sql::{Dialect, quote};

use super::Compiler;
use super::names::shown;
use super::select::Found;

impl<'q> Compiler<'_, 'q> {
    /// `FOR UPDATE`, where the database has it.
    pub(super) fn push_lock(&self, sql: &mut Fragment<'q>, lock: &Lock, rows: &[Found]) -> Result<(), QueryError> {
        if lock.no_wait && lock.skip_locked {
            return Err(QueryError::usage("a lock cannot both fail at once and skip locked rows"));
        }
        if self.cx.dialect == Dialect::Sqlite {
            return Ok(());
        }
        sql.push(match lock.strength {
            Strength::Update => " FOR UPDATE",
            Strength::NoKeyUpdate => " FOR NO KEY UPDATE",
        });
        let mut of: Vec<String> = vec![];
        for path in lock.of.iter().filter(|_| !rows.is_empty()) {
            of.extend(self.locked(path, rows)?);
        }
        if !of.is_empty() {
            sql.push(&format!(" OF {}", of.join(", ")));
        }
        if lock.no_wait {
            sql.push(" NOWAIT");
        } else if lock.skip_locked {
            sql.push(" SKIP LOCKED");
        }
        Ok(())
    }

    /// The table of a row that comes along, or of a parent of its model.
    fn locked(&self, path: &Path, rows: &[Found]) -> Result<Option<String>, QueryError> {
        let registry = self.cx.registry;
        let names: &[Name] = if path.names() == ["self"] { &[] } else { path.names() };
        let of = |found: &Found, owner: usize| {
            found.tables.iter().find(|(own, _)| *own == owner).map(|(_, alias)| quote(alias))
        };
        if let Some(found) = rows.iter().find(|found| found.row.path == names) {
            return Ok(of(found, registry.model(found.row.model).concrete));
        }
        // The last names may be links to parents.
        for length in (0..names.len()).rev() {
            let Some(found) = rows.iter().find(|found| found.row.path == names[..length]) else { continue };
            let mut model = found.row.model;
            let is_up = names[length..].iter().all(|name| {
                let parents = &registry.model(registry.model(model).concrete).parents;
                let own = registry.model(registry.model(model).concrete);
                let up = parents.iter().find(|(_, place)| own.columns[*place].name == *name);
                model = up.map_or(model, |(parent, _)| *parent);
                up.is_some()
            });
            if is_up {
                return Ok(of(found, registry.model(model).concrete));
            }
        }
        let mut choices: Vec<String> = vec!["self".to_owned()];
        choices.extend(rows.iter().skip(1).map(|found| found.row.path.join("__")));
        Err(QueryError::name(format!(
            "`select_for_update` cannot lock `{}`: only relations that come along; choices are: {}",
            shown(&path.to_string()),
            choices.join(", ")
        )))
    }
}
