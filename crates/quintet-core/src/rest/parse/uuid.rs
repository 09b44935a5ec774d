//! UUIDs, in all ways in which the reference reads them.

use super::{Answer, Read, json};
use crate::json::Json;
use crate::python;
use crate::rest::{Datum, Field, Input};
use crate::schema::Value;

/// A UUID as text or as a number.
pub(super) fn read(field: &Field, input: &Input<'_>) -> Answer {
    let number = match (input, &*json(input)) {
        (Input::File(_), _) => None,
        (_, Json::Bool(yes)) => Some(u128::from(*yes)),
        (_, Json::Int(number)) => u128::try_from(*number).ok(),
        (_, Json::Big(digits)) => digits.parse().ok(),
        (_, Json::Text(text)) => of_text(text),
        _ => None,
    };
    match number {
        Some(number) => Ok(Read::of(Datum::Value(Value::Uuid(::uuid::Uuid::from_u128(number).to_string())))),
        None => Err(field.problem("invalid", &[]).into()),
    }
}

/// 32 hexadecimal digits, wherever hyphens stand, in braces and with prefixes. What is left is read as a number, which
/// may have a sign, spaces, a prefix or underscores of its own among the 32.
fn of_text(text: &str) -> Option<u128> {
    let plain = text.replace("urn:", "").replace("uuid:", "");
    let plain = plain.trim_matches(['{', '}']).replace('-', "");
    if plain.chars().count() != 32 {
        return None;
    }
    let number = plain.trim(); // not the four separators of ASCII, as of any number
    let number = number.strip_prefix('+').unwrap_or(number);
    let hexadecimal = || {
        let rest = number.strip_prefix(|letter| python::digit(letter) == Some(0))?;
        rest.strip_prefix(['x', 'X'])
    };
    let (number, mut after_digit) = match hexadecimal() {
        // An underscore may follow the prefix.
        Some(rest) => (rest, true),
        None => (number, false),
    };
    let mut value = 0_u128;
    for letter in number.chars() {
        match letter.to_digit(16).or_else(|| python::digit(letter)) {
            Some(digit) => value = value << 4 | u128::from(digit),
            None if letter == '_' && after_digit => {}
            None => return None,
        }
        after_digit = letter != '_';
    }
    (after_digit && !number.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_count_among_the_digits_and_separators_of_ascii_are_none() {
        let digits = "d1dffc03c2bab6d7cd3edd99bdf0da";
        let number = u128::from_str_radix(digits, 16).ok();
        assert_eq!(of_text(&format!("\u{2005}urn:{digits} ")), number);
        assert_eq!(of_text(&format!("\u{2005}{digits}\u{1f}")), None);
    }
}
