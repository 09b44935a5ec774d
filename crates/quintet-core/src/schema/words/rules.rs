//! Rules for values, and functions that are known by their path.

use super::strings;
use crate::schema::{Function, Rule, Test, Value};

/// A function that is known by its path.
pub fn function<T: Into<Value>, F: Fn() -> T + Send + Sync + 'static>(function: F) -> Function {
    Function::of(function)
}

/// A function of the project that looks at a value.
pub fn function_rule<F: Fn(&Value) -> Result<(), String> + Send + Sync + 'static>(run: F) -> Rule {
    Rule::Function(Test::of(run))
}

/// A match of an expression, or none where `inverse`; flags as the reference numbers them.
pub fn regex_rule(pattern: &str, inverse: bool, flags: u32) -> Rule {
    Rule::Regex { pattern: pattern.to_owned(), inverse, flags }
}

/// A URL with one of these schemes; none for the usual ones.
pub fn url_rule(schemes: &[&str]) -> Rule {
    Rule::Url(strings(schemes))
}

/// A file's name with one of these ends; none for those of images.
pub fn file_extension_rule(ends: &[&str]) -> Rule {
    Rule::FileExtension(strings(ends))
}
