//! Options and managers of models that stay.

use super::need::{Event, Need};
use super::work::{Key, Work};
use crate::operation::Operation;
use crate::schema::Options;

/// Options that change without the database.
pub(super) fn altered(work: &mut Work<'_>) {
    let mut keys = work.kept_of_all_sorts();
    keys.extend(work.old.unmanaged.intersection(&work.new.models));
    keys.extend(work.old.models.intersection(&work.new.unmanaged));
    for key in keys {
        let alterable = |options: &Options| Options::default().with_alterable(options);
        let (old, new) = (alterable(&work.old_model(key).options), alterable(&work.new_model(key).options));
        if old != new {
            work.add(key.0, Operation::AlterModelOptions { name: key.1.to_owned(), options: new }, vec![]);
        }
    }
}

/// Managers that migrations know.
pub(super) fn managers(work: &mut Work<'_>) {
    for key in work.kept() {
        let managers = &work.new_model(key).managers;
        if work.old_model(key).managers != *managers {
            let operation = Operation::AlterModelManagers { name: key.1.to_owned(), managers: managers.clone() };
            work.add(key.0, operation, vec![]);
        }
    }
}

/// Comments of tables.
pub(super) fn table_comments(work: &mut Work<'_>) {
    for key in work.kept_of_all_sorts() {
        if let Some(comment) = other(work, key, |options| &options.db_table_comment) {
            work.add(key.0, Operation::AlterModelTableComment { name: key.1.to_owned(), comment }, vec![]);
        }
    }
}

/// The keys among whose rows an order is kept.
pub(super) fn order_with_respect_to(work: &mut Work<'_>) {
    for key in work.kept() {
        if let Some(field) = other(work, key, |options| &options.order_with_respect_to) {
            let needs = field.iter().map(|field| Need::field(key.0, key.1, field, Event::Created)).collect();
            let operation = Operation::AlterOrderWithRespectTo { name: key.1.to_owned(), order_with_respect_to: field };
            work.add(key.0, operation, needs);
        }
    }
}

/// Names of tables.
pub(super) fn tables(work: &mut Work<'_>) {
    for key in work.kept_of_all_sorts() {
        if let Some(table) = other(work, key, |options| &options.db_table) {
            work.add(key.0, Operation::AlterModelTable { name: key.1.to_owned(), table }, vec![]);
        }
    }
}

/// An option as it is to be, where it was another.
fn other<'a>(work: &Work<'a>, key: Key<'a>, option: fn(&Options) -> &Option<String>) -> Option<Option<String>> {
    let new = option(&work.new_model(key).options);
    (option(&work.old_model(key).options) != new).then(|| new.clone())
}
