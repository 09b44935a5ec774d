//! Which joins a condition turns into outer ones, and which into inner ones.
//!
//! In `a or b` a row may be wanted for `a` though nothing is at the end of a join that only `b` needs: that join must keep
//! it. In `a and b` a join that either needs may drop what it does not find.

use std::collections::BTreeMap;

use super::Compiler;
use super::condition::Connector;

/// The votes of a condition's parts: how many of them need a row at the end of a join.
#[derive(Debug)]
pub(super) struct Votes {
    /// The connector as it is in effect: `not (a and b)` is an or.
    effective: Connector,
    parts: usize,
    votes: BTreeMap<usize, usize>,
}

impl Votes {
    /// No votes yet.
    pub(super) fn new(connector: Connector, parts: usize, is_negated: bool) -> Self {
        let effective = match (is_negated, connector) {
            (true, Connector::And) => Connector::Or,
            (true, _) => Connector::And,
            (false, connector) => connector,
        };
        Self { effective, parts, votes: BTreeMap::new() }
    }

    /// A part's vote.
    pub(super) fn add(&mut self, needed: impl IntoIterator<Item = usize>) {
        for place in needed {
            *self.votes.entry(place).or_default() += 1;
        }
    }

    /// Changes the joins, and tells which must find a row.
    pub(super) fn count(self, compiler: &mut Compiler<'_, '_>) -> Vec<usize> {
        let those = |is_meant: &dyn Fn(usize) -> bool| -> Vec<usize> {
            self.votes.iter().filter(|(_, votes)| is_meant(**votes)).map(|(place, _)| *place).collect()
        };
        let is_or = self.effective == Connector::Or;
        let promoted = those(&|votes| is_or && votes < self.parts);
        let demoted = those(&|votes| self.effective == Connector::And || (is_or && votes == self.parts));
        compiler.promote(promoted);
        compiler.demote(demoted.iter().copied());
        demoted
    }
}
