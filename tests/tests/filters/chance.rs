//! Filters by chance.

use quintet_core::query::{Condition, Expr, Path, Step};
use quintet_core::schema::Value;
use quintet_tests::support::Random;

/// Columns with whole numbers and with texts: of the row, of what it belongs to, of its many.
const NUMBERS: [&str; 4] = ["a", "c", "owner__rank", "owner"];
const TEXTS: [&str; 2] = ["b", "owner__name"];
const MANY_NUMBERS: [&str; 4] = ["parts__n", "parts__owner__rank", "parts__owner", "parts"];
const MANY_TEXTS: [&str; 2] = ["parts__s", "parts__owner__name"];

/// Where the relation of many may stand. Both in one filter would be one row of it for both, by the order in which they
/// are said.
#[derive(Clone, Copy, PartialEq)]
enum Many {
    Nowhere,
    Outside,
    UnderNot,
}

/// A filter or an exclude.
pub(crate) fn step(random: &mut Random) -> Step {
    let many = *random.one_of(&[Many::Nowhere, Many::Outside, Many::UnderNot]);
    let depth = 1 + random.below(3);
    if random.below(3) == 0 {
        let many = if many == Many::Outside { Many::Nowhere } else { many };
        return Step::Exclude(condition(random, many, true, depth));
    }
    Step::Filter(condition(random, many, false, depth))
}

fn condition(random: &mut Random, many: Many, is_under_not: bool, depth: usize) -> Condition {
    if depth == 0 || random.below(4) == 0 {
        let is_many = match many {
            Many::Nowhere => false,
            Many::Outside => !is_under_not,
            Many::UnderNot => is_under_not,
        };
        let is_many = is_many && random.below(2) == 0;
        return leaf(random, is_many);
    }
    let parts = |random: &mut Random| {
        (0..1 + random.below(3)).map(|_| condition(random, many, is_under_not, depth - 1)).collect()
    };
    match random.below(7) {
        0..=1 => Condition::And(parts(random)),
        2..=3 => Condition::Or(parts(random)),
        // The reference loses rows where one of these follows a key, and takes one alone as it is: neither is drawn.
        4 => Condition::Xor((0..2 + random.below(2)).map(|_| own(random, depth - 1)).collect()),
        _ => not(|| condition(random, many, true, depth - 1)),
    }
}

/// Not what is drawn. A `not` right in a `not` is none of both, and what is in it would stand in another place than drawn.
fn not(mut draw: impl FnMut() -> Condition) -> Condition {
    let mut inner = draw();
    while matches!(inner, Condition::Not(_)) {
        inner = draw();
    }
    Condition::Not(Box::new(inner))
}

/// A condition over the row's own columns only.
fn own(random: &mut Random, depth: usize) -> Condition {
    if depth == 0 || random.below(4) == 0 {
        return leaf_of(random, &NUMBERS[..2], &TEXTS[..1]);
    }
    let parts = |random: &mut Random| (0..1 + random.below(3)).map(|_| own(random, depth - 1)).collect();
    match random.below(7) {
        0..=1 => Condition::And(parts(random)),
        2..=3 => Condition::Or(parts(random)),
        4 => Condition::Xor((0..2 + random.below(2)).map(|_| own(random, depth - 1)).collect()),
        _ => not(|| own(random, depth - 1)),
    }
}

fn leaf(random: &mut Random, is_many: bool) -> Condition {
    if is_many { leaf_of(random, &MANY_NUMBERS, &MANY_TEXTS) } else { leaf_of(random, &NUMBERS, &TEXTS) }
}

fn leaf_of(random: &mut Random, numbers: &[&'static str], texts: &[&'static str]) -> Condition {
    let is_text = random.below(3) == 0;
    let column = *random.one_of(if is_text { texts } else { numbers });
    let is_many = column.starts_with("parts");
    let (lookup, right) = match random.below(6) {
        0 => ("isnull", Value::Bool(random.below(2) == 0).into()),
        // A list without values says nothing of a relation; of many, the reference is of two minds about it.
        1 if is_many => ("in", Value::List(vec![value(random, is_text), sure(random, is_text)]).into()),
        1 => ("in", Value::List((0..random.below(4)).map(|_| value(random, is_text)).collect()).into()),
        _ if is_text => (*random.one_of(&["exact", "contains", "startswith", "endswith"]), text(random).into()),
        _ if is_relation(column) => ("exact", number(random).into()),
        2 => ("range", Value::List(vec![number(random), number(random)]).into()),
        3 if !is_many => (*random.one_of(&["exact", "gt", "lte"]), Expr::F(Path::from(*random.one_of(&["a", "c"])))),
        _ => (*random.one_of(&["exact", "gt", "gte", "lt", "lte"]), number(random).into()),
    };
    Condition::Lookup(Path::from(column).with(lookup), right)
}

fn is_relation(column: &str) -> bool {
    column.ends_with("owner") || column == "parts"
}

fn value(random: &mut Random, is_text: bool) -> Value {
    if random.below(6) == 0 { Value::Null } else { sure(random, is_text) }
}

fn sure(random: &mut Random, is_text: bool) -> Value {
    if is_text { text(random) } else { number(random) }
}

/// A number that columns have.
pub(crate) fn number(random: &mut Random) -> Value {
    Value::Int([-1, 0, 1, 2, 3, 4][random.below(6)])
}

/// A text that columns have. Lower case: one of the databases compares some texts without regard to it.
pub(crate) fn text(random: &mut Random) -> Value {
    Value::Text((*random.one_of(&["", "a", "ab", "b", "%", "_", "a_b", "ba"])).to_owned())
}
