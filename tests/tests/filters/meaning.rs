//! What a condition means for a row.

use quintet_core::query::{Condition, Expr, Path};
use quintet_core::schema::Value;

use super::world::{Part, Thing, World};

/// True, false, or unknown.
type Truth = Option<bool>;

/// Whether the condition is true of the row: with one row of the relation of many, or with none where there is none.
pub(crate) fn holds(world: &World, condition: &Condition, is_excluded: bool, id: i64) -> bool {
    let thing = world.thing(id);
    let place = Place { world, thing, is_odd: is_excluded, is_under_not: is_excluded };
    world.parts_or_none(id).into_iter().any(|part| {
        let truth = place.truth(condition, part);
        if is_excluded { truth == Some(false) } else { truth == Some(true) }
    })
}

/// Where in a condition we are.
#[derive(Clone, Copy)]
struct Place<'a> {
    world: &'a World,
    thing: &'a Thing,
    /// Under an odd number of `not`.
    is_odd: bool,
    /// Under any.
    is_under_not: bool,
}

impl<'a> Place<'a> {
    fn truth(self, condition: &Condition, part: Option<&'a Part>) -> Truth {
        let each = |parts: &[Condition]| parts.iter().map(|one| self.truth(one, part)).collect::<Vec<_>>();
        match condition {
            Condition::And(parts) => all(&each(parts)),
            Condition::Or(parts) if parts.is_empty() => Some(true),
            Condition::Or(parts) => any(&each(parts)),
            // What is unknown is not counted.
            Condition::Xor(parts) => Some(each(parts).iter().filter(|one| **one == Some(true)).count() % 2 == 1),
            Condition::Not(inner) => {
                let below = Self { is_odd: !self.is_odd, is_under_not: true, ..self };
                below.truth(inner, part).map(|truth| !truth)
            }
            Condition::Lookup(path, right) => self.leaf(path, right, part),
            other => unreachable!("not drawn: {other:?}"),
        }
    }

    fn leaf(self, path: &Path, right: &Expr, part: Option<&'a Part>) -> Truth {
        if path.names()[0] == "parts" && self.is_under_not {
            let parts = self.world.parts_or_none(self.thing.id);
            return Some(parts.into_iter().any(|part| self.compare(path, right, part) == Some(true)));
        }
        let truth = self.compare(path, right, part);
        if self.is_odd { Some(truth == Some(true)) } else { truth }
    }

    fn compare(self, path: &Path, right: &Expr, part: Option<&Part>) -> Truth {
        let names: Vec<&str> = path.names().iter().map(AsRef::as_ref).collect();
        let (field, lookup) = names.split_at(names.len() - 1);
        let left = self.world.value(self.thing, part, field);
        let right = match right {
            Expr::Value(value) => value.clone(),
            Expr::F(path) => {
                let names: Vec<&str> = path.names().iter().map(AsRef::as_ref).collect();
                self.world.value(self.thing, part, &names)
            }
            other => unreachable!("not drawn: {other:?}"),
        };
        compared(&left, lookup[0], &right)
    }
}

fn compared(left: &Value, lookup: &str, right: &Value) -> Truth {
    let is_null = |value: &Value| *value == Value::Null;
    match (lookup, right) {
        ("isnull", Value::Bool(wanted)) => return Some(is_null(left) == *wanted),
        // No value is among none, also none that is unknown.
        ("in", Value::List(values)) if values.iter().all(is_null) => return Some(false),
        _ if is_null(left) || is_null(right) => return None,
        _ => {}
    }
    Some(match (lookup, left, right) {
        ("exact", left, right) => left == right,
        ("gt", Value::Int(left), Value::Int(right)) => left > right,
        ("gte", Value::Int(left), Value::Int(right)) => left >= right,
        ("lt", Value::Int(left), Value::Int(right)) => left < right,
        ("lte", Value::Int(left), Value::Int(right)) => left <= right,
        ("in", left, Value::List(values)) => values.contains(left),
        ("range", Value::Int(left), Value::List(ends)) => match ends.as_slice() {
            [Value::Int(low), Value::Int(high)] => low <= left && left <= high,
            _ => unreachable!("not drawn: {ends:?}"),
        },
        ("contains", Value::Text(left), Value::Text(right)) => left.contains(right),
        ("startswith", Value::Text(left), Value::Text(right)) => left.starts_with(right),
        ("endswith", Value::Text(left), Value::Text(right)) => left.ends_with(right),
        _ => unreachable!("not drawn: {lookup} {left:?} {right:?}"),
    })
}

fn all(truths: &[Truth]) -> Truth {
    if truths.contains(&Some(false)) {
        Some(false)
    } else if truths.contains(&None) {
        None
    } else {
        Some(true)
    }
}

fn any(truths: &[Truth]) -> Truth {
    if truths.contains(&Some(true)) {
        Some(true)
    } else if truths.contains(&None) {
        None
    } else {
        Some(false)
    }
}
