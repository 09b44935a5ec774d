//! The models of a database: a description of its tables in, the text of a `models.rs` out.
//!
//! Names and relations are those that the reference would choose. What an attribute can say is said, so that models of a
//! database that models made are those models again, as far as a database knows them; what cannot be said is a comment.
//! Knows no database: somebody else reads the description.

mod column;
mod diff;
mod expression;
mod indexes;
mod names;
mod plan;
mod relations;
mod schema;
mod table;
mod text;

#[cfg(test)]
mod tests;

pub use schema::{Column, Constraint, ConstraintKind, Generated, Index, OWN_PREFIX, Part, Schema, Table};

use crate::sql::Dialect;
use plan::Plan;

/// Something in a database that models can be made of.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Its columns and all the rest.
    pub table: Table,
    /// What it is.
    pub what: What,
}

/// What something in a database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A table.
    Table,
    /// A part of a table (PostgreSQL).
    Partition,
    /// A view.
    View,
    /// Something that could not be read, and why.
    Unreadable(String),
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Only these, whatever they are; all tables where it is empty.
    pub names: Vec<String>,
    /// Views as well.
    pub views: bool,
    /// Partitions as well.
    pub partitions: bool,
    /// Models for taking the tables over: migrations change them from then on.
    pub managed: bool,
}

/// The table in which the reference and we record migrations.
const RECORDS: &str = "django_migrations";

/// The text of a `models.rs`.
pub fn models(dialect: Dialect, seen: &[Seen], wanted: &Wanted) -> String {
    let chosen = chosen(seen, wanted);
    let plan = Plan::new(dialect, seen, &chosen, wanted.managed);
    let mut found: Vec<_> = chosen.iter().map(|at| table::model(&plan, *at)).collect();
    relations::name_ways_back(&plan, &mut found);
    let unknown = wanted.names.iter().filter(|name| !seen.iter().any(|one| one.table.name == **name));
    text::file(&plan, &found, &unknown.cloned().collect::<Vec<_>>())
}

/// Which ones, in the order in which they are written.
fn chosen(seen: &[Seen], wanted: &Wanted) -> Vec<usize> {
    if !wanted.names.is_empty() {
        let place = |name: &String| seen.iter().position(|one| one.table.name == *name);
        let mut places = vec![];
        for at in wanted.names.iter().filter_map(place) {
            if !places.contains(&at) {
                places.push(at);
            }
        }
        return places;
    }
    let is_wanted = |one: &Seen| match one.what {
        What::View => wanted.views,
        What::Partition => wanted.partitions,
        What::Table | What::Unreadable(_) => true,
    };
    let is_own = |one: &Seen| one.table.name == RECORDS || one.table.name.starts_with(OWN_PREFIX);
    let mut places: Vec<usize> = (0..seen.len()).filter(|at| is_wanted(&seen[*at]) && !is_own(&seen[*at])).collect();
    places.sort_by_key(|at| &seen[*at].table.name);
    places
}
