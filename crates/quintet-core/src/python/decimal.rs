//! Decimal numbers of any size, as exact as they were written.
//!
//! A coefficient and an exponent; no arithmetic but rounding and comparison. An exponent may be astronomical, so
//! nothing here writes zeros out before it has counted them.

use std::cmp::Ordering;
use std::fmt;

use super::number::{Integer, float_repr};
use super::text::{ascii_digits, is_space, strip};

/// No exponent is larger, and none is smaller than minus twice this.
const LARGEST_EXPONENT: i64 = 999_999_999_999_999_999;
const SMALLEST_EXPONENT: i64 = -2 * LARGEST_EXPONENT + 1;

/// So many zeros are written out at most.
const MOST_ZEROS: u64 = 10_000;

/// A decimal number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal {
    negative: bool,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// Digits without leading zeros (`0` for none), and the power of ten that they are multiplied by.
    Finite {
        digits: String,
        exponent: i64,
    },
    Infinity,
    /// Not a number; whether it is the signalling kind, and the digits that follow its name.
    Nan {
        signalling: bool,
        payload: String,
    },
}

/// How the last kept digit follows from the digits that are dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rounding {
    /// To the nearest; from halfway to the even digit.
    #[default]
    HalfEven,
    /// To the nearest; from halfway away from zero.
    HalfUp,
    /// To the nearest; from halfway towards zero.
    HalfDown,
    /// Away from zero.
    Up,
    /// Towards zero.
    Down,
    /// Towards infinity.
    Ceiling,
    /// Towards minus infinity.
    Floor,
    /// Away from zero where the last kept digit is 0 or 5, else towards zero.
    ZeroFiveUp,
}

impl Decimal {
    /// What `Decimal` reads: spaces around, a sign, digits of any script, underscores anywhere, a point, an exponent;
    /// `inf`, `infinity`, `nan`, `snan` in any case.
    pub fn parse(text: &str) -> Option<Self> {
        let stripped = strip(text);
        if stripped.contains(is_space) {
            return None;
        }
        let text = ascii_digits(stripped).replace('_', "");
        let (negative, body) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, &text[..]),
        };
        let kind = special(&body.to_ascii_lowercase()).or_else(|| finite(body))?;
        Some(Self { negative, kind })
    }

    /// The number that the float's `repr` says.
    pub fn of_float(value: f64) -> Option<Self> {
        Self::parse(&float_repr(value))
    }

    /// Whether it is not a number.
    pub fn is_nan(&self) -> bool {
        matches!(self.kind, Kind::Nan { .. })
    }

    /// Whether it is a number and not infinite.
    pub fn is_finite(&self) -> bool {
        matches!(self.kind, Kind::Finite { .. })
    }

    /// Whether it has a minus, as `-0` has.
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        matches!(&self.kind, Kind::Finite { digits, .. } if digits == "0")
    }

    /// The digits without leading zeros, and the power of ten that they are multiplied by; of a finite number.
    pub fn parts(&self) -> Option<(&str, i64)> {
        match &self.kind {
            Kind::Finite { digits, exponent } => Some((digits, *exponent)),
            _ => None,
        }
    }

    /// The number with the given exponent, of at most `precision` digits; none where it has more, or is not finite.
    pub fn quantize(&self, exponent: i64, precision: usize, rounding: Rounding) -> Option<Self> {
        let (digits, own) = self.parts()?;
        let with = |digits: String| Self { negative: self.negative, kind: Kind::Finite { digits, exponent } };
        if self.is_zero() {
            return Some(with("0".to_owned()));
        }
        let shift = own.checked_sub(exponent)?;
        let length = i64::try_from(digits.len()).ok()?.checked_add(shift)?;
        if length > i64::try_from(precision).ok()? {
            return None;
        }
        if let Ok(zeros) = usize::try_from(shift) {
            return Some(with(format!("{digits}{}", "0".repeat(zeros))));
        }
        let kept = rounded(digits, length, self.negative, rounding);
        (kept.len() <= precision).then(|| with(kept))
    }

    /// The number without an exponent: `0.001`, `1200`. None where that would take more than 10,000 zeros.
    pub fn to_plain(&self) -> Option<String> {
        let Some((digits, exponent)) = self.parts() else { return Some(self.to_string()) };
        let is_short = self.is_zero() && exponent > 0; // no zero of a zero is written out
        if !is_short && exponent.unsigned_abs() > MOST_ZEROS + digits.len() as u64 {
            return None;
        }
        let zero_or = |exponent: i64| if self.is_zero() { 0 } else { exponent };
        let body = match usize::try_from(exponent) {
            Ok(_) => format!("{digits}{}", "0".repeat(usize::try_from(zero_or(exponent)).ok()?)),
            Err(_) => with_point(digits, usize::try_from(exponent.unsigned_abs()).ok()?),
        };
        Some(if self.negative { format!("-{body}") } else { body })
    }

    /// Where the first digit stands: 0 for 1 to 9.
    fn adjusted(digits: &str, exponent: i64) -> i64 {
        exponent.saturating_add(i64::try_from(digits.len()).unwrap_or(i64::MAX) - 1)
    }

    /// How it compares to another; none where one is not a number.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        let sign = |number: &Self| {
            if number.is_zero() {
                0
            } else if number.negative {
                -1
            } else {
                1
            }
        };
        if self.is_nan() || other.is_nan() {
            return None;
        }
        let order = match (&self.kind, &other.kind) {
            _ if sign(self) != sign(other) => return Some(sign(self).cmp(&sign(other))),
            _ if sign(self) == 0 => return Some(Ordering::Equal),
            (Kind::Finite { digits: left, exponent: l }, Kind::Finite { digits: right, exponent: r }) => {
                let trimmed = |digits: &str| digits.trim_end_matches('0').to_owned();
                let place = Self::adjusted(left, *l).cmp(&Self::adjusted(right, *r));
                place.then_with(|| trimmed(left).cmp(&trimmed(right)))
            }
            (left, right) => matches!(left, Kind::Infinity).cmp(&matches!(right, Kind::Infinity)),
        };
        Some(if self.negative { order.reverse() } else { order })
    }
}

fn special(body: &str) -> Option<Kind> {
    if matches!(body, "inf" | "infinity") {
        return Some(Kind::Infinity);
    }
    let (signalling, rest) = match body.strip_prefix('s') {
        Some(rest) => (true, rest),
        None => (false, body),
    };
    let payload = rest.strip_prefix("nan")?;
    let payload = is_digits(payload).then(|| payload.trim_start_matches('0').to_owned())?;
    Some(Kind::Nan { signalling, payload })
}

fn finite(body: &str) -> Option<Kind> {
    let (mantissa, power) = match body.split_once(['e', 'E']) {
        Some((mantissa, power)) => (mantissa, parse_power(power)?),
        None => (body, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if !is_digits(whole) || !is_digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let exponent = power.saturating_sub(i64::try_from(fraction.len()).ok()?);
    let all = format!("{whole}{fraction}");
    let digits = match all.trim_start_matches('0') {
        "" => "0".to_owned(),
        digits => digits.to_owned(),
    };
    let fits = exponent >= SMALLEST_EXPONENT && Decimal::adjusted(&digits, exponent) <= LARGEST_EXPONENT;
    fits.then_some(Kind::Finite { digits, exponent })
}

/// The exponent's number; one that is too large for 64 bits is as good as the largest.
fn parse_power(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !is_digits(digits) {
        return None;
    }
    let power = digits.parse().unwrap_or(i64::MAX);
    Some(if text.starts_with('-') { -power } else { power })
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The first `length` digits, rounded by what follows; zero or fewer may be kept.
fn rounded(digits: &str, length: i64, negative: bool, rounding: Rounding) -> String {
    let (kept, dropped) = match usize::try_from(length) {
        Ok(length) => digits.split_at(length),
        Err(_) => ("", "1"), // far below half of the last place, but not nothing
    };
    let last = kept.bytes().last().unwrap_or(b'0') - b'0';
    let rest_is_zero = dropped.bytes().skip(1).all(|byte| byte == b'0');
    let half = match dropped.bytes().next() {
        Some(b'5') if rest_is_zero => Ordering::Equal,
        Some(b'5'..=b'9') => Ordering::Greater,
        _ => Ordering::Less,
    };
    let exact = dropped.bytes().all(|byte| byte == b'0');
    let up = !exact
        && match rounding {
            Rounding::HalfEven => half == Ordering::Greater || (half == Ordering::Equal && last % 2 == 1),
            Rounding::HalfUp => half != Ordering::Less,
            Rounding::HalfDown => half == Ordering::Greater,
            Rounding::Up => true,
            Rounding::Down => false,
            Rounding::Ceiling => !negative,
            Rounding::Floor => negative,
            Rounding::ZeroFiveUp => last.is_multiple_of(5),
        };
    let kept = if up { incremented(kept) } else { kept.to_owned() };
    if kept.is_empty() { "0".to_owned() } else { kept }
}

fn incremented(digits: &str) -> String {
    let nines = digits.bytes().rev().take_while(|byte| *byte == b'9').count();
    let (head, _) = digits.split_at(digits.len() - nines);
    let zeros = "0".repeat(nines);
    match head.as_bytes().split_last() {
        Some((last, before)) => format!("{}{}{zeros}", String::from_utf8_lossy(before), char::from(last + 1)),
        None => format!("1{zeros}"),
    }
}

fn with_point(digits: &str, places: usize) -> String {
    if digits.len() > places {
        let (whole, fraction) = digits.split_at(digits.len() - places);
        return format!("{whole}.{fraction}");
    }
    format!("0.{}{digits}", "0".repeat(places - digits.len()))
}

impl From<&Integer> for Decimal {
    fn from(number: &Integer) -> Self {
        let text = number.to_string();
        let digits = text.trim_start_matches('-').to_owned();
        Self { negative: number.is_negative(), kind: Kind::Finite { digits, exponent: 0 } }
    }
}

/// As `str` writes it: with an exponent where it is positive or the number is below 0.000001.
impl fmt::Display for Decimal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negative {
            out.write_str("-")?;
        }
        let (digits, exponent) = match &self.kind {
            Kind::Finite { digits, exponent } => (digits, *exponent),
            Kind::Infinity => return out.write_str("Infinity"),
            Kind::Nan { signalling, payload } => {
                return write!(out, "{}NaN{payload}", if *signalling { "s" } else { "" });
            }
        };
        let adjusted = Self::adjusted(digits, exponent);
        if exponent == 0 {
            return out.write_str(digits);
        }
        if exponent < 0 && adjusted >= -6 {
            return out.write_str(&with_point(digits, usize::try_from(-exponent).unwrap_or(0)));
        }
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        write!(out, "{first}{point}{rest}E{adjusted:+}")
    }
}
