//! Truth and numbers.

use super::Written;
use crate::json::{write_float, write_text};
use crate::python::{self, Decimal, Integer};
use crate::rest::parse::{PRECISION, quantized};
use crate::rest::{Decimals, Rounding, ValueRef};

/// True or false: words and numbers for them, or else whether there is anything.
pub(super) fn boolean(value: &ValueRef<'_>, allow_null: bool, out: &mut Vec<u8>) {
    let is_true = match value {
        ValueRef::Bool(yes) => Some(*yes),
        ValueRef::Int(number) => Some(*number != 0),
        ValueRef::Float(number) => Some(*number != 0.0),
        ValueRef::Text(text) => match text.to_lowercase().as_str() {
            "f" | "n" | "no" | "false" | "off" | "0" => Some(false),
            "null" | "" if allow_null => None,
            text => Some(!text.is_empty()),
        },
        ValueRef::List(values) => Some(!values.is_empty()),
        _ => Some(true),
    };
    let written: &[u8] = match is_true {
        Some(true) => b"true",
        Some(false) => b"false",
        None => b"null",
    };
    out.extend_from_slice(written);
}

/// A whole number; of one with a fraction what is before the point.
pub(super) fn integer(value: &ValueRef<'_>, as_text: bool, out: &mut Vec<u8>) -> Written {
    let number = match value {
        ValueRef::Int(number) if !as_text => {
            digits(*number, out);
            return Ok(());
        }
        ValueRef::Int(number) => Some(Integer::Small(*number)),
        ValueRef::Bool(yes) => Some(Integer::Small((*yes).into())),
        ValueRef::Float(number) => Integer::of_float(number.trunc()),
        ValueRef::Decimal(text) => Decimal::parse(text)
            .and_then(|number| number.quantize(0, text.len() + 1, Rounding::Down))
            .and_then(|number| {
                let (digits, _) = number.parts()?;
                Some(Integer::from_digits(number.is_negative(), digits))
            }),
        ValueRef::Text(text) => python::int(text),
        _ => None,
    };
    let number = number.ok_or("it is no whole number")?.to_string();
    if as_text {
        write_text(&number, false, out);
    } else {
        out.extend_from_slice(number.as_bytes());
    }
    Ok(())
}

/// The digits of a whole number.
pub(super) fn digits(number: i64, out: &mut Vec<u8>) {
    let (mut digits, mut at, mut rest) = ([0; 20], 20, number.unsigned_abs());
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10).to_le_bytes()[0];
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[at..]);
}

/// A floating-point number.
pub(super) fn float(value: &ValueRef<'_>, out: &mut Vec<u8>) -> Written {
    let number = match value {
        ValueRef::Float(number) => Some(*number),
        ValueRef::Bool(yes) => Some(f64::from(u8::from(*yes))),
        ValueRef::Int(number) => Integer::Small(*number).to_f64(),
        ValueRef::Decimal(text) | ValueRef::Text(text) => python::float(text),
        _ => None,
    };
    finite(number.ok_or("it is no number")?, out)
}

fn finite(number: f64, out: &mut Vec<u8>) -> Written {
    if !number.is_finite() {
        return Err(format!("`{}` is no number that JSON has", python::float_repr(number)));
    }
    write_float(number, out);
    Ok(())
}

/// A decimal number that no field writes: as a float.
pub(super) fn raw_decimal(text: &str, out: &mut Vec<u8>) -> Written {
    // Without a point and beyond 64 bits it is what a whole number is kept as.
    if !text.contains(['.', 'e', 'E']) && text.parse::<i64>().is_err() && python::int(text).is_some() {
        out.extend_from_slice(text.as_bytes());
        return Ok(());
    }
    finite(python::float(text).ok_or("it is no number")?, out)
}

/// A decimal number with the field's places. A float has the 15 digits that the reference reads of a database's.
pub(super) fn decimal(value: &ValueRef<'_>, options: &Decimals, as_text: bool, out: &mut Vec<u8>) -> Written {
    if let ValueRef::Decimal(text) | ValueRef::Text(text) = value
        && as_text
        && !options.normalize_output
        && is_exact(text, options)
    {
        write_text(text, false, out);
        return Ok(());
    }
    let number = match value {
        ValueRef::Decimal(text) | ValueRef::Text(text) => Decimal::parse(text),
        ValueRef::Int(number) => Some(Decimal::from(&Integer::Small(*number))),
        ValueRef::Float(number) => Decimal::parse(&format!("{number:.14e}")),
        ValueRef::Bool(yes) => Some(Decimal::from(&Integer::Small((*yes).into()))),
        _ => None,
    };
    let number = number.filter(Decimal::is_finite).ok_or("it is no decimal number")?;
    let number = quantized(options, &number).ok_or("it has more digits than the field")?;
    let number = if options.normalize_output { shortened(&number) } else { number };
    let mut text = number.to_plain().ok_or("it is too large to be written out")?;
    if options.normalize_output {
        text = normalized(&text);
    }
    if as_text {
        write_text(&text, false, out);
        return Ok(());
    }
    finite(python::float(&text).ok_or("it is no number")?, out)
}

/// Whether a text has the field's places already, and no more digits than it may have: as most have.
fn is_exact(text: &str, options: &Decimals) -> bool {
    let (Some(most), Some(places)) = (options.max_digits, options.decimal_places) else { return false };
    let plain = text.strip_prefix('-').unwrap_or(text);
    let Some((whole, fraction)) = plain.split_once('.').filter(|_| places > 0) else { return false };
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_short = whole == "0" || !whole.starts_with('0');
    fraction.len() == places as usize
        && is_short
        && is_digits(whole)
        && is_digits(fraction)
        && whole.len() + fraction.len() <= most as usize
}

/// No more digits than the reference computes with.
fn shortened(number: &Decimal) -> Decimal {
    let Some((digits, exponent)) = number.parts() else { return number.clone() };
    let over = i64::try_from(digits.len().saturating_sub(PRECISION)).unwrap_or(0);
    if over == 0 {
        return number.clone();
    }
    // Rounding nines up makes one digit more.
    let rounded = |over| number.quantize(exponent + over, PRECISION, Rounding::HalfEven);
    rounded(over).or_else(|| rounded(over + 1)).unwrap_or_else(|| number.clone())
}

/// Without zeros at the end of the fraction.
fn normalized(text: &str) -> String {
    match text.split_once('.') {
        Some(_) => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        None => text.to_owned(),
    }
}
