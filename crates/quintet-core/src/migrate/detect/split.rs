//! Cuts the ordered operations of all apps into migrations.
//!
//! An app's list is cut where it needs something that another app has not made yet; where two apps wait for each other,
//! what is ready of the first becomes a migration of its own. Knows nothing about names: a migration that is made here is
//! referred to by its place, as [`placeholder`] writes it.

use std::collections::{BTreeMap, BTreeSet};

use super::need::{Generated, Need, Providers};
use super::{AppChanges, DetectError, History};
use crate::operation::{Dependency, Migration};

/// How a migration that has no name yet is referred to: by its place in its app's list. No real name looks like it.
pub(super) fn placeholder(place: usize) -> String {
    format!("<{place}>")
}

/// The migrations of all apps, the apps in the order in which they are complete.
pub(super) fn into_migrations(
    operations: &BTreeMap<String, Vec<Generated>>,
    existing: &BTreeSet<&str>,
    history: &History,
) -> Result<Vec<AppChanges>, DetectError> {
    let providers = operations.iter().map(|(app, list)| (app.as_str(), Providers::of(list))).collect();
    let mut cut = Cut {
        at: operations.keys().map(|app| (app.as_str(), 0)).collect(),
        providers,
        history,
        changes: vec![],
        forced: false,
    };
    while cut.at.iter().any(|(app, at)| *at < operations[*app].len()) {
        let moved = operations.iter().fold(false, |moved, (app, list)| {
            let new = !existing.contains(app.as_str());
            cut.one(app, list, new) || moved
        });
        if !moved && std::mem::replace(&mut cut.forced, true) {
            let stuck =
                operations.iter().filter_map(|(app, list)| list.get(cut.at[app.as_str()]).map(|one| (app, one)));
            let stuck: Vec<String> =
                stuck.map(|(app, one)| format!("`{app}`: `{}`", one.operation.describe())).collect();
            return Err(DetectError::circle("several apps", &stuck));
        }
    }
    Ok(cut.changes)
}

struct Cut<'a> {
    /// How far each app's list is cut.
    at: BTreeMap<&'a str, usize>,
    providers: BTreeMap<&'a str, Providers>,
    history: &'a History,
    changes: Vec<AppChanges>,
    /// Nothing was complete in the last round, so an app's list is cut where it stands.
    forced: bool,
}

impl<'a> Cut<'a> {
    /// Cuts what is ready off an app's list, if that completes it or has to be. Whether it did.
    fn one(&mut self, app: &'a str, list: &[Generated], new: bool) -> bool {
        let start = self.at[app];
        let mut end = start;
        let mut dependencies = BTreeSet::new();
        while let Some(met) = list.get(end).and_then(|generated| self.needs_met(app, &generated.needs)) {
            dependencies.extend(met);
            end += 1;
        }
        if end == start || (end < list.len() && !self.forced) {
            return false;
        }
        let place = self.made_of(app);
        if place > 0 {
            dependencies.insert(Dependency::On(app.to_owned(), placeholder(place)));
        }
        let migration = Migration {
            app: app.to_owned(),
            name: placeholder(place + 1),
            file: None,
            initial: new.then_some(true),
            dependencies: dependencies.into_iter().collect(),
            run_before: vec![],
            replaces: vec![],
            atomic: true,
            operations: list[start..end].iter().map(|generated| generated.operation.clone()).collect(),
        };
        match self.changes.iter_mut().find(|changes| changes.app == app) {
            Some(changes) => changes.migrations.push(migration),
            None => self.changes.push(AppChanges { app: app.to_owned(), migrations: vec![migration] }),
        }
        self.at.insert(app, end);
        self.forced = false;
        true
    }

    /// The migrations that an operation of an app has to wait for; none where that cannot be said yet.
    fn needs_met(&self, app: &str, needs: &[Need]) -> Option<BTreeSet<Dependency>> {
        let mut dependencies = BTreeSet::new();
        for need in needs.iter().filter(|need| need.app != app) {
            let other = need.app.as_str();
            let done = self.at.get(other).copied().unwrap_or_default();
            if self.providers.get(other).is_some_and(|providers| providers.find(need).any(|at| at >= done)) {
                return None;
            }
            let made = self.made_of(other);
            dependencies.insert(if need.user_model {
                Dependency::UserModel
            } else if made > 0 {
                Dependency::On(other.to_owned(), placeholder(made))
            } else if self.forced {
                // Which migration of the other app made it is not known here: its last one is late enough.
                let last = self.history.leaves.get(other).map_or("__first__", String::as_str);
                Dependency::On(other.to_owned(), last.to_owned())
            } else {
                return None;
            });
        }
        Some(dependencies)
    }

    /// How many migrations of an app there are already.
    fn made_of(&self, app: &str) -> usize {
        self.changes.iter().find(|changes| changes.app == app).map_or(0, |changes| changes.migrations.len())
    }
}
