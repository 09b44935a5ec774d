//! Gives migrations their names and puts them behind those that there are.

use std::collections::{BTreeMap, BTreeSet};

use super::split::placeholder;
use super::{AppChanges, History, Request};
use crate::migrate::graph::number_of;
use crate::migrate::names;
use crate::operation::{Dependency, Migration};

/// The migrations with names, each app's first behind the app's last. Those of an app without migrations of its own that
/// was not asked for are left out: whoever needs them needs the app's first migration, should it ever have one.
pub(super) fn after_leaves(changes: Vec<AppChanges>, history: &History, request: &Request) -> Vec<AppChanges> {
    let mut real_names = BTreeMap::new();
    let mut named = vec![];
    for AppChanges { app, mut migrations } in changes {
        let leaf = history.leaves.get(&app);
        let starts = leaf.is_some() || request.apps.contains(&app) || !history.unmigrated.contains(&app);
        let first_number = leaf.map_or(1, |leaf| number_of(leaf).unwrap_or(0) + 1);
        for (place, migration) in migrations.iter_mut().enumerate() {
            let number = first_number + place as u64;
            migration.name =
                if starts { name(migration, number, place, leaf, request) } else { "__first__".to_owned() };
            real_names.insert((app.clone(), placeholder(place + 1)), migration.name.clone());
        }
        if let (Some(leaf), Some(first)) = (leaf, migrations.first_mut()) {
            first.dependencies.push(Dependency::On(app.clone(), leaf.clone()));
        }
        if starts {
            named.push(AppChanges { app, migrations });
        }
    }
    for migration in named.iter_mut().flat_map(|changes| &mut changes.migrations) {
        let real = |dependency: Dependency| match dependency {
            Dependency::On(app, name) => {
                let key = (app, name);
                let name = real_names.get(&key).cloned().unwrap_or(key.1);
                Dependency::On(key.0, name)
            }
            Dependency::UserModel => Dependency::UserModel,
        };
        let dependencies: BTreeSet<Dependency> = migration.dependencies.drain(..).map(real).collect();
        migration.dependencies.extend(dependencies);
    }
    named
}

fn name(migration: &Migration, number: u64, place: usize, leaf: Option<&String>, request: &Request) -> String {
    let rest = match &request.name {
        Some(name) => name.clone(),
        None if place == 0 && leaf.is_none() => "initial".to_owned(),
        None => {
            let initial = migration.initial == Some(true);
            names::suggested(&migration.operations, initial, &request.timestamp).chars().take(100).collect()
        }
    };
    names::numbered(number, &rest)
}

/// Only the changes of the apps that are wanted, with those of apps that these depend on; all where none is named.
pub(super) fn trimmed(changes: Vec<AppChanges>, wanted: &BTreeSet<String>) -> Vec<AppChanges> {
    if wanted.is_empty() {
        return changes;
    }
    let mut required = wanted.clone();
    loop {
        let needed = changes.iter().filter(|changes| required.contains(&changes.app));
        let dependencies = needed.flat_map(|changes| &changes.migrations).flat_map(|migration| &migration.dependencies);
        let mut more = required.clone();
        more.extend(dependencies.filter_map(|dependency| match dependency {
            Dependency::On(app, _) => Some(app.clone()),
            Dependency::UserModel => None,
        }));
        if more == required {
            return changes.into_iter().filter(|changes| required.contains(&changes.app)).collect();
        }
        required = more;
    }
}

/// An empty migration for each app that is asked for, to be filled by hand.
pub fn empty(history: &History, request: &Request) -> Vec<AppChanges> {
    let one = |app: &String| {
        let migration = Migration {
            app: app.clone(),
            name: placeholder(1),
            file: None,
            initial: None,
            dependencies: vec![],
            run_before: vec![],
            replaces: vec![],
            atomic: true,
            operations: vec![],
        };
        AppChanges { app: app.clone(), migrations: vec![migration] }
    };
    after_leaves(request.apps.iter().map(one).collect(), history, request)
}
