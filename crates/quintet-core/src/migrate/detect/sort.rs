//! Orders an app's operations so that each comes after those of the same app that it needs.
//!
//! The order among the others is that of the reference, whose sorter passes nodes out in generations and keeps, within
//! one, the order in which it first heard of them.

use super::DetectError;
use super::need::{Generated, Providers};

/// The operations in order, or an error where they need each other in a circle.
pub(super) fn by_need(app: &str, list: Vec<Generated>) -> Result<Vec<Generated>, DetectError> {
    let order = generations(app, &list);
    if order.len() < list.len() {
        let stuck = list.iter().enumerate().filter(|(at, _)| !order.contains(at));
        let stuck: Vec<String> = stuck.map(|(_, one)| format!("`{}`", one.operation.describe())).collect();
        return Err(DetectError::circle(app, &stuck));
    }
    let mut slots: Vec<Option<Generated>> = list.into_iter().map(Some).collect();
    Ok(order.into_iter().filter_map(|at| slots[at].take()).collect())
}

/// The places of all operations that are in no circle, in order.
fn generations(app: &str, list: &[Generated]) -> Vec<usize> {
    let providers = Providers::of(list);
    let mut heard_of = Heard { order: vec![], known: vec![false; list.len()] };
    let mut waits_for = vec![0_usize; list.len()];
    let mut successors = vec![vec![]; list.len()];
    for (at, generated) in list.iter().enumerate() {
        heard_of.add(at);
        for need in generated.needs.iter().filter(|need| need.app == app) {
            for before in providers.find(need) {
                heard_of.add(before);
                waits_for[at] += 1;
                successors[before].push(at);
            }
        }
    }
    let mut order = vec![];
    let mut ready: Vec<usize> = heard_of.order.into_iter().filter(|at| waits_for[*at] == 0).collect();
    while !ready.is_empty() {
        let mut next = vec![];
        for at in ready {
            order.push(at);
            for &after in &successors[at] {
                waits_for[after] -= 1;
                if waits_for[after] == 0 {
                    next.push(after);
                }
            }
        }
        ready = next;
    }
    order
}

struct Heard {
    order: Vec<usize>,
    known: Vec<bool>,
}

impl Heard {
    fn add(&mut self, at: usize) {
        if !std::mem::replace(&mut self.known[at], true) {
            self.order.push(at);
        }
    }
}
