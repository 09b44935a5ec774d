//! How alike a password and a name are: how many letters they share, wherever they stand.

use std::collections::HashMap;

use super::PasswordOwner;

/// What people call the first field that a password is too much like.
pub(super) fn like<'a>(password: &str, attributes: &[String], owner: &'a PasswordOwner, most: f64) -> Option<&'a str> {
    let password: Vec<char> = password.to_lowercase().chars().collect();
    for attribute in attributes {
        let Some((_, label, value)) = owner.0.iter().find(|(name, _, _)| name == attribute) else { continue };
        if value.is_empty() {
            continue;
        }
        let value = value.to_lowercase();
        let words = value.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        for part in words.chain([value.as_str()]) {
            let part: Vec<char> = part.chars().collect();
            if !is_much_shorter(&part, &password, most) && likeness(&password, &part) >= most {
                return Some(label);
            }
        }
    }
    None
}

/// Whether a part is so much shorter than the password that they cannot be alike.
#[allow(clippy::cast_precision_loss, reason = "lengths of texts")]
fn is_much_shorter(part: &[char], password: &[char], most: f64) -> bool {
    let bound = most / 2.0 * password.len() as f64;
    password.len() >= 10 * part.len() && (part.len() as f64) < bound
}

/// Twice the letters that both have, by the letters of both; two empty texts are the same.
#[allow(clippy::cast_precision_loss, reason = "lengths of texts")]
fn likeness(one: &[char], other: &[char]) -> f64 {
    let mut left: HashMap<char, usize> = HashMap::new();
    for letter in other {
        *left.entry(*letter).or_default() += 1;
    }
    let mut shared = 0_usize;
    for letter in one {
        if let Some(count) = left.get_mut(letter).filter(|count| **count > 0) {
            *count -= 1;
            shared += 1;
        }
    }
    let length = one.len() + other.len();
    if length == 0 { 1.0 } else { 2.0 * shared as f64 / length as f64 }
}
