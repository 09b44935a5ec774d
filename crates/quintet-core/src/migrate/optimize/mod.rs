//! The optimizer: fewer operations with the same effect.
//!
//! Each operation is compared with those after it. Two become one where nothing between them stands in the way; what
//! stands in the way is told by `reduce`. Which pairs become what, and in which place, is the reference's behaviour,
//! as migrations squashed by either should read the same.

mod create;
mod reduce;
mod references;
#[cfg(test)]
mod tests;

use crate::operation::Operation;
use reduce::{Reduced, reduce};

/// Where operations belong: what they leave unsaid.
#[derive(Clone, Copy, Debug)]
struct Scope<'a> {
    /// The app whose they are.
    app: &'a str,
    /// The app and the name of the user model.
    user_model: (&'a str, &'a str),
}

/// The shortest list of an app's operations with the same effect that can be found without looking at a database. The
/// user model is given by its label: `auth.User`.
pub fn optimize(mut operations: Vec<Operation>, app: &str, user_model: &str) -> Vec<Operation> {
    let scope = Scope { app, user_model: user_model.split_once('.').unwrap_or(("auth", user_model)) };
    // After each step the reference compares all with all again, which no list of hundreds survives. An operation that
    // meets nothing after it is compared with what the last step made only: nothing else is new to it.
    let mut alone: Vec<bool> = vec![];
    let mut fresh: Vec<Operation> = vec![];
    let mut at = 0;
    while at < operations.len() {
        let joins = |new: &Operation| matches!(reduce(&operations[at], new, scope), Reduced::To(_));
        if alone.get(at) == Some(&true) && !fresh.iter().any(joins) {
            at += 1;
            continue;
        }
        match scan(&operations, at, scope) {
            Scan::Joins(found) => {
                fresh.clone_from(&found.made);
                operations = found.apply(operations, at);
                alone.truncate(at);
                at = 0;
            }
            other => {
                let is_alone = matches!(other, Scan::Alone);
                match alone.get_mut(at) {
                    Some(known) => *known = is_alone,
                    None => alone.push(is_alone),
                }
                at += 1;
            }
        }
    }
    operations
}

/// What an operation finds after it.
enum Scan {
    /// Another, with which it becomes something.
    Joins(Found),
    /// Another, but what stands between them stays there.
    Blocked,
    /// Nothing.
    Alone,
}

/// Two operations that become others.
struct Found {
    /// The place of the second.
    other: usize,
    made: Vec<Operation>,
    /// Whether what they become stands where the second stood, or else where the first did.
    right: bool,
}

impl Found {
    fn apply(self, mut operations: Vec<Operation>, at: usize) -> Vec<Operation> {
        operations.remove(self.other);
        operations.remove(at);
        let place = if self.right { self.other - 1 } else { at };
        operations.splice(place..place, self.made);
        operations
    }
}

/// Looks for the first operation after the one at a place with which it becomes something.
fn scan(operations: &[Operation], at: usize, scope: Scope<'_>) -> Scan {
    let mut right = true;
    for (other, second) in operations.iter().enumerate().skip(at + 1) {
        match reduce(&operations[at], second, scope) {
            Reduced::To(made) => {
                let passes = |one: &Operation| matches!(reduce(one, second, scope), Reduced::Across);
                if right || operations[at + 1..other].iter().all(passes) {
                    return Scan::Joins(Found { other, made, right });
                }
                return Scan::Blocked;
            }
            Reduced::Across => {}
            Reduced::No => right = false,
        }
    }
    Scan::Alone
}
