//! Durations from text: `3 days, 04:05:06.7`, ISO 8601's `P3DT4H5M6.7S`, PostgreSQL's `3 days 04:05:06`.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::text::ascii_digits;
use super::time::{Error, pattern};

/// The longest duration in microseconds; the shortest is its opposite without the last day's part.
pub const LARGEST_DURATION: i128 = 86_400_000_000 * 1_000_000_000 - 1;
const SMALLEST_DURATION: i128 = -86_400_000_000 * 999_999_999;

static STANDARD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:(?<days>-?\d+) (?:days?, )?)?(?<sign>-?)(?:(?<hours>\d+):(?<minutes>\d+):(?<seconds>\d+)|(?:(?<m>\d+):)?(?<s>\d+))(?:[.,](?<microseconds>\d{1,6})\d{0,6})?\n?$",
    )
});
static ISO: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?<sign>[-+]?)P(?:(?<days>\d+(?:[.,]\d+)?)D)?(?:T(?:(?<hours>\d+(?:[.,]\d+)?)H)?(?:(?<minutes>\d+(?:[.,]\d+)?)M)?(?:(?<seconds>\d+(?:[.,]\d+)?)S)?)?\n?$",
    )
});
static POSTGRES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:(?<days>-?\d+) (?:days? ?))?(?:(?<sign>[-+])?(?<hours>\d+):(?<minutes>\d\d):(?<seconds>\d\d)(?:\.(?<microseconds>\d{1,6}))?)?\n?$",
    )
});

/// A duration in microseconds.
pub fn parse_duration(text: &str) -> Result<i128, Error> {
    let text = ascii_digits(text);
    let iso = || ISO.captures(&text).map(|found| (found, true));
    let other = |pattern: &LazyLock<Regex>| pattern.captures(&text).map(|found| (found, false));
    let (found, is_iso) = other(&STANDARD).or_else(iso).or_else(|| other(&POSTGRES)).ok_or(Error::NoMatch)?;
    duration_of(&found, is_iso).ok_or(Error::OutOfRange)
}

fn duration_of(found: &Captures<'_>, is_iso: bool) -> Option<i128> {
    let part = |name: &str| found.name(name).map(|digits| digits.as_str());
    let number = |text: Option<&str>| text.map_or(0.0, |text| text.replace(',', ".").parse().unwrap_or(f64::INFINITY));
    let micro = part("microseconds").map(|digits| format!("{digits:0<6}"));
    let sign = if part("sign") == Some("-") { -1 } else { 1 };
    let days = sum(&[(number(part("days")), 86_400_000_000)])?;
    let rest = sum(&[
        (number(micro.as_deref()), 1),
        (number(part("seconds").or(part("s"))), 1_000_000),
        (number(part("minutes").or(part("m"))), 60_000_000),
        (number(part("hours")), 3_600_000_000),
    ])?;
    let days = if is_iso { in_range(sign * days)? } else { days };
    in_range(days + in_range(sign * rest)?)
}

fn in_range(micro: i128) -> Option<i128> {
    (SMALLEST_DURATION..=LARGEST_DURATION).contains(&micro).then_some(micro)
}

/// Numbers times their units: whole parts exactly, and what is left of a microsecond once, to the even one from halfway.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "whole floats far below 2^127")]
fn sum(parts: &[(f64, i64)]) -> Option<i128> {
    let (mut whole, mut left) = (0_i128, 0.0_f64);
    for (value, unit) in parts {
        if value.abs() > 1e24 {
            return None;
        }
        whole += value.trunc() as i128 * i128::from(*unit);
        let fraction = value.fract() * *unit as f64;
        whole += fraction.trunc() as i128;
        left += fraction.fract();
    }
    let mut rounded = left.round();
    if (rounded - left).abs().to_bits() == 0.5_f64.to_bits() {
        let odd = (whole & 1) as f64;
        rounded = 2.0 * ((left + odd) * 0.5).round() - odd;
    }
    in_range(whole + rounded as i128)
}
