//! Decimal numbers: how many digits they may have, and rounding.

use super::numbers::MOST_CHARACTERS;
use super::{Answer, Read, json};
use crate::python::{self, Decimal};
use crate::rest::{Datum, Decimals, Field, Input, Problem};
use crate::schema::Value;

/// So many digits are kept where the field does not say how many.
pub(in crate::rest) const PRECISION: usize = 28;

/// A decimal number, from what any value looks like as text.
pub(super) fn read(field: &Field, options: &Decimals, input: &Input<'_>) -> Answer {
    let text = python::str(&json(input));
    let text = python::strip(&text);
    if text.chars().count() > MOST_CHARACTERS {
        return Err(field.problem("max_string_length", &[]).into());
    }
    let invalid = || field.problem("invalid", &[]);
    let number = Decimal::parse(text).filter(Decimal::is_finite).ok_or_else(invalid)?;
    precise(field, options, &number)?;
    let number = quantized(options, &number).ok_or_else(invalid)?;
    // An exponent that would be a page of zeros is no number: few letters must not become many.
    let text = number.to_plain().ok_or_else(invalid)?;
    Ok(Read::of(Datum::Value(Value::Decimal(text))))
}

/// Whether there are too many digits: in all, behind the point, before it. The first is said.
fn precise(field: &Field, options: &Decimals, number: &Decimal) -> Result<(), Problem> {
    let Some((digits, exponent)) = number.parts() else { return Ok(()) };
    let count = i64::try_from(digits.len()).unwrap_or(i64::MAX);
    let (total, whole, places) = match exponent {
        0.. => (count.saturating_add(exponent), count.saturating_add(exponent), 0),
        _ if count > exponent.saturating_neg() => (count, count + exponent, -exponent),
        _ => (exponent.saturating_neg(), 0, exponent.saturating_neg()),
    };
    let most_whole = options.max_digits.zip(options.decimal_places);
    let most_whole = most_whole.map(|(digits, places)| i64::from(digits) - i64::from(places));
    let limits = [
        ("max_digits", total, options.max_digits.map(i64::from)),
        ("max_decimal_places", places, options.decimal_places.map(i64::from)),
        ("max_whole_digits", whole, most_whole),
    ];
    for (code, is, most) in limits {
        if let Some(most) = most.filter(|most| is > *most) {
            return Err(field.problem(code, &[(code, &most.to_string())]));
        }
    }
    Ok(())
}

/// The number with as many places as the field has.
pub(in crate::rest) fn quantized(options: &Decimals, number: &Decimal) -> Option<Decimal> {
    let Some(places) = options.decimal_places else { return Some(number.clone()) };
    let precision = options.max_digits.map_or(PRECISION, |digits| digits as usize);
    number.quantize(-i64::from(places), precision, options.rounding)
}
