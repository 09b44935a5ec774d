//! Whole numbers and floats, from text and to text.

use std::cmp::Ordering;
use std::fmt;

use super::text::{ascii_digits, digit};
use crate::json::Json;

/// A whole number of more digits is refused, so that none costs more than its text.
pub const MOST_DIGITS: usize = 4300;

/// A whole number of any size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Integer {
    /// One of 64 bits.
    Small(i64),
    /// A larger one: `-` where it is negative, then digits without leading zeros.
    Big(String),
}

/// What `int` reads: spaces around, a sign, digits of any script with single underscores between, at most
/// [`MOST_DIGITS`].
pub fn int(text: &str) -> Option<Integer> {
    let text = text.trim(); // not the four separators of ASCII, which `strip` cuts
    let (negative, body) = sign(text);
    let mut digits = String::with_capacity(body.len());
    let mut after_digit = false;
    for character in body.chars() {
        match digit(character).and_then(|value| char::from_digit(value, 10)) {
            Some(digit) => digits.push(digit),
            None if character == '_' && after_digit => {}
            None => return None,
        }
        after_digit = character != '_';
    }
    (after_digit && digits.len() <= MOST_DIGITS).then(|| Integer::from_digits(negative, &digits))
}

/// What `float` reads: spaces around, a sign, digits of any script with single underscores between, a point, an
/// exponent; `inf`, `infinity` and `nan` in any case. What is too large is infinite.
pub fn float(text: &str) -> Option<f64> {
    let text = ascii_digits(text.trim());
    let (negative, body) = sign(&text);
    let value = match body.to_ascii_lowercase().as_str() {
        "inf" | "infinity" => f64::INFINITY,
        "nan" => f64::NAN,
        number => plain_float(number)?,
    };
    Some(if negative { -value } else { value })
}

fn plain_float(number: &str) -> Option<f64> {
    let (mantissa, exponent) = match number.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, Some(sign(exponent).1)),
        None => (number, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let empty_or = |part: &str| part.is_empty() || is_grouped(part);
    let some = !(whole.is_empty() && fraction.is_empty());
    if !some || !empty_or(whole) || !empty_or(fraction) || !exponent.is_none_or(is_grouped) {
        return None;
    }
    number.replace('_', "").parse().ok()
}

/// Digits with single underscores between them.
fn is_grouped(part: &str) -> bool {
    part.split('_').all(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// What `repr` makes of a float: the shortest digits that are read as the same number, an exponent below 1e-4 and
/// from 1e16 on.
pub fn float_repr(value: f64) -> String {
    if !value.is_finite() {
        return if value.is_nan() {
            "nan"
        } else if value > 0.0 {
            "inf"
        } else {
            "-inf"
        }
        .to_owned();
    }
    let scientific = shortest(value);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        let fraction = mantissa.split_once('.').map_or(0, |(_, fraction)| i32::try_from(fraction.len()).unwrap_or(0));
        let plain = format!("{value:.*}", usize::try_from(fraction - exponent).unwrap_or(0));
        return if plain.contains('.') { plain } else { plain + ".0" };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

/// The shortest digits that are read as the same number; of two that are as near to it, those that end evenly.
fn shortest(value: f64) -> String {
    let shortest = format!("{value:e}");
    let mantissa = shortest.split('e').next().unwrap_or_default();
    let is_odd = mantissa.bytes().last().is_some_and(|digit| digit % 2 == 1);
    let Some((_, fraction)) = mantissa.split_once('.').filter(|_| is_odd) else { return shortest };
    let even = format!("{value:.*e}", fraction.len());
    if even.parse() == Ok(value) { even } else { shortest }
}

impl Integer {
    /// A number of its digits, of which some may be leading zeros.
    pub fn from_digits(negative: bool, digits: &str) -> Self {
        let digits = digits.trim_start_matches('0');
        let text = if negative && !digits.is_empty() { format!("-{digits}") } else { digits.to_owned() };
        if text.is_empty() { Self::Small(0) } else { text.parse().map_or(Self::Big(text), Self::Small) }
    }

    /// The number, where it has 64 bits.
    pub fn to_i64(&self) -> Option<i64> {
        match self {
            Self::Small(number) => Some(*number),
            Self::Big(_) => None,
        }
    }

    /// The nearest float; none where even the largest float is smaller, as `float` refuses such numbers.
    #[expect(clippy::cast_precision_loss, reason = "the nearest float is what is asked for")]
    pub fn to_f64(&self) -> Option<f64> {
        match self {
            Self::Small(number) => Some(*number as f64),
            Self::Big(digits) => digits.parse().ok().filter(|value: &f64| value.is_finite()),
        }
    }

    /// The whole number that a finite float is equal to, if there is one.
    pub fn of_float(value: f64) -> Option<Self> {
        if !value.is_finite() || value.fract() != 0.0 {
            return None;
        }
        let text = format!("{value:.0}"); // exact: every digit of the number
        Some(Self::from_digits(text.starts_with('-'), text.trim_start_matches('-')))
    }

    /// Whether it is below zero.
    pub fn is_negative(&self) -> bool {
        match self {
            Self::Small(number) => *number < 0,
            Self::Big(digits) => digits.starts_with('-'),
        }
    }
}

impl Ord for Integer {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Small(left), Self::Small(right)) => left.cmp(right),
            (Self::Big(left), Self::Big(right)) if self.is_negative() == other.is_negative() => {
                let size = left.len().cmp(&right.len()).then_with(|| left.cmp(right));
                if self.is_negative() { size.reverse() } else { size }
            }
            (Self::Big(_), _) if self.is_negative() => Ordering::Less,
            (Self::Big(_), _) => Ordering::Greater,
            (Self::Small(_), Self::Big(_)) => other.cmp(self).reverse(),
        }
    }
}

impl PartialOrd for Integer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<i64> for Integer {
    fn from(number: i64) -> Self {
        Self::Small(number)
    }
}

impl From<Integer> for Json {
    fn from(number: Integer) -> Self {
        match number {
            Integer::Small(number) => Self::Int(number),
            Integer::Big(digits) => Self::Big(digits),
        }
    }
}

impl fmt::Display for Integer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Small(number) => number.fmt(out),
            Self::Big(digits) => digits.fmt(out),
        }
    }
}
