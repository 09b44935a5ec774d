//! Indexes, constraints and `unique_together` of models that stay.
//!
//! What goes goes before its fields do, and what is new comes after them.

use std::collections::BTreeSet;

use super::need::Need;
use super::work::{Key, Work};
use crate::operation::Operation;
use crate::schema::{Constraint, Index};

/// What is other about the indexes of a model.
pub(super) struct AlteredIndexes<'a> {
    model: Key<'a>,
    added: Vec<&'a Index>,
    removed: Vec<&'a Index>,
    /// Old and new names.
    renamed: Vec<(&'a str, &'a str)>,
}

/// Compares the indexes of all models.
pub(super) fn altered_indexes<'a>(work: &Work<'a>) -> Vec<AlteredIndexes<'a>> {
    work.kept().into_iter().filter_map(|key| indexes_of(work, key)).collect()
}

fn indexes_of<'a>(work: &Work<'a>, key: Key<'a>) -> Option<AlteredIndexes<'a>> {
    let (old, new) = (&work.old_model(key).options.indexes, &work.new_model(key).options.indexes);
    if old == new {
        return None;
    }
    let mut added: Vec<&Index> = new.iter().filter(|index| !old.contains(index)).collect();
    let mut removed: Vec<&Index> = old.iter().filter(|index| !new.contains(index)).collect();
    let mut renamed = vec![];
    for new in &added {
        for old in &removed {
            if is_renamed(old, new) {
                renamed.push((old.name.as_str(), new.name.as_str()));
            }
        }
    }
    added.retain(|index| !renamed.iter().any(|(_, name)| *name == index.name));
    removed.retain(|index| !renamed.iter().any(|(name, _)| *name == index.name));
    Some(AlteredIndexes { model: key, added, removed, renamed })
}

/// Whether two indexes differ in nothing but their names.
fn is_renamed(old: &Index, new: &Index) -> bool {
    old.name != new.name && Index { name: new.name.clone(), ..old.clone() } == *new
}

/// Removes the indexes that go.
pub(super) fn remove_indexes(work: &mut Work<'_>, altered: &[AlteredIndexes<'_>]) {
    for AlteredIndexes { model, removed, .. } in altered {
        for index in removed {
            let operation = Operation::RemoveIndex { model: model.1.to_owned(), name: index.name.clone() };
            work.add(model.0, operation, vec![]);
        }
    }
}

/// Renames the indexes that have another name.
pub(super) fn rename_indexes(work: &mut Work<'_>, altered: &[AlteredIndexes<'_>]) {
    for AlteredIndexes { model, renamed, .. } in altered {
        for (old, new) in renamed {
            let operation = Operation::RenameIndex {
                model: model.1.to_owned(),
                old_name: (*old).to_owned(),
                new_name: (*new).to_owned(),
            };
            work.add(model.0, operation, vec![]);
        }
    }
}

/// Adds the new indexes.
pub(super) fn add_indexes(work: &mut Work<'_>, altered: &[AlteredIndexes<'_>]) {
    for AlteredIndexes { model, added, .. } in altered {
        for index in added {
            let operation = Operation::AddIndex { model: model.1.to_owned(), index: (*index).clone() };
            let needs = needs_of_model(work, *model);
            work.add(model.0, operation, needs);
        }
    }
}

/// All models that a model refers to.
fn needs_of_model(work: &Work<'_>, key: Key<'_>) -> Vec<Need> {
    super::work::in_state(work.to, key).fields.iter().flat_map(|(_, field)| work.needs_of(field)).collect()
}

/// What is other about the constraints of a model.
pub(super) struct AlteredConstraints<'a> {
    model: Key<'a>,
    added: Vec<&'a Constraint>,
    removed: Vec<&'a Constraint>,
    /// Those that say something else to people, and are the same to the database.
    altered: Vec<&'a Constraint>,
}

/// Compares the constraints of all models.
pub(super) fn altered_constraints<'a>(work: &Work<'a>) -> Vec<AlteredConstraints<'a>> {
    work.kept().into_iter().filter_map(|key| constraints_of(work, key)).collect()
}

fn constraints_of<'a>(work: &Work<'a>, key: Key<'a>) -> Option<AlteredConstraints<'a>> {
    let (old, new) = (&work.old_model(key).options.constraints, &work.new_model(key).options.constraints);
    if old == new {
        return None;
    }
    let reworded = |new: &&Constraint| old.iter().any(|old| old != *new && wordless(old) == wordless(new));
    let altered: Vec<&Constraint> = new.iter().filter(reworded).collect();
    let is_altered = |one: &Constraint| altered.iter().any(|altered| altered.name() == one.name());
    let added = new.iter().filter(|one| !old.contains(one) && !is_altered(one)).collect();
    let removed = old.iter().filter(|one| !new.contains(one) && !is_altered(one)).collect();
    Some(AlteredConstraints { model: key, added, removed, altered })
}

/// A constraint without what the database does not know.
fn wordless(constraint: &Constraint) -> Constraint {
    let mut constraint = constraint.clone();
    let (message, code) = match &mut constraint {
        Constraint::Unique(unique) => (&mut unique.violation_error_message, &mut unique.violation_error_code),
        Constraint::Check(check) => (&mut check.violation_error_message, &mut check.violation_error_code),
    };
    (*message, *code) = (None, None);
    constraint
}

/// Removes the constraints that go.
pub(super) fn remove_constraints(work: &mut Work<'_>, altered: &[AlteredConstraints<'_>]) {
    for AlteredConstraints { model, removed, .. } in altered {
        for constraint in removed {
            let name = constraint.name().to_owned();
            work.add(model.0, Operation::RemoveConstraint { model: model.1.to_owned(), name }, vec![]);
        }
    }
}

/// Adds the new constraints.
pub(super) fn add_constraints(work: &mut Work<'_>, altered: &[AlteredConstraints<'_>]) {
    for AlteredConstraints { model, added, .. } in altered {
        for constraint in added {
            let constraint = (*constraint).clone();
            let needs = needs_of_model(work, *model);
            work.add(model.0, Operation::AddConstraint { model: model.1.to_owned(), constraint }, needs);
        }
    }
}

/// Alters the constraints that say something else.
pub(super) fn alter_constraints(work: &mut Work<'_>, altered: &[AlteredConstraints<'_>]) {
    for AlteredConstraints { model, altered, .. } in altered {
        for constraint in altered {
            let operation = Operation::AlterConstraint {
                model: model.1.to_owned(),
                name: constraint.name().to_owned(),
                constraint: (*constraint).clone(),
            };
            let needs = needs_of_model(work, *model);
            work.add(model.0, operation, needs);
        }
    }
}

/// Takes back the rules that no longer hold, before their fields go.
pub(super) fn shrink_unique_together(work: &mut Work<'_>) {
    for Together { model, old, new, needs } in altered_together(work) {
        if !old.is_empty() {
            let unique_together = new.intersection(&old).cloned().collect();
            work.add(model.0, Operation::AlterUniqueTogether { name: model.1.to_owned(), unique_together }, needs);
        }
    }
}

/// Sets the new rules, after their fields are there.
pub(super) fn grow_unique_together(work: &mut Work<'_>) {
    for Together { model, old, new, needs } in altered_together(work) {
        if !new.is_subset(&old) {
            let unique_together = new.into_iter().collect();
            work.add(model.0, Operation::AlterUniqueTogether { name: model.1.to_owned(), unique_together }, needs);
        }
    }
}

struct Together<'a> {
    model: Key<'a>,
    /// With the new names of renamed fields.
    old: BTreeSet<Vec<String>>,
    new: BTreeSet<Vec<String>>,
    needs: Vec<Need>,
}

fn altered_together<'a>(work: &Work<'a>) -> Vec<Together<'a>> {
    work.kept().into_iter().filter_map(|key| together_of(work, key)).collect()
}

fn together_of<'a>(work: &Work<'a>, key: Key<'a>) -> Option<Together<'a>> {
    let (before, model) = (work.old_model(key), work.new_model(key));
    let new_name = |name: &String| {
        let renamed = work.renamed_fields.iter().find(|(new, old)| (new.0, new.1) == key && **old == name.as_str());
        renamed.map_or_else(|| name.clone(), |(new, _)| new.2.to_owned())
    };
    let old = before.options.unique_together.iter().map(|rule| rule.iter().map(new_name).collect()).collect();
    let new = as_set(&model.options.unique_together);
    if new == old {
        return None;
    }
    let fields = new.iter().flatten().filter_map(|name| model.field(name));
    let needs = fields.flat_map(|field| work.needs_of(field)).collect();
    Some(Together { model: key, old, new, needs })
}

/// Rules without an order among them.
pub(super) fn as_set(rules: &[Vec<String>]) -> BTreeSet<Vec<String>> {
    rules.iter().cloned().collect()
}
