//! What is done with bytes of strangers, one function a door, for cargo-fuzz and for an ordinary test.
//!
//! A function panics where something is wrong: where our code does, where an answer is a 5xx, where a rule does not hold that
//! holds for every input. Each has a program of the same name in `fuzz_targets` and inputs to start from in `seeds`.

mod asked;
mod read;

/// What is done with bytes.
pub type Target = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: [(&str, Target); 11] = [
    ("accept", asked::accept),
    ("cookies", asked::cookies),
    ("fields", read::fields),
    ("filters", asked::filters),
    ("forms", read::forms),
    ("json", read::json),
    ("json_body", asked::json_body),
    ("multipart", asked::multipart),
    ("query", asked::query),
    ("router", asked::router),
    ("token", read::token),
];

/// Runs one target.
///
/// # Panics
/// Where something is wrong, or there is no such target.
pub fn run(name: &str, data: &[u8]) {
    let (_, target) = TARGETS.iter().find(|(known, _)| *known == name).expect("a target");
    target(data);
}
