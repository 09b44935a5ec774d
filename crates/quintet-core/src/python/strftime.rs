//! Moments as text by a pattern, `%Y/%m/%d`: how folders of uploaded files are named.

use std::fmt::Write;

use chrono::{DateTime, NaiveDateTime, Timelike};
use chrono_tz::Tz;

/// Directives that mean the same here and there. A naive moment has no zone: `%z` and `%Z` are empty.
const SAME: &str = "aAbBcCdDeFgGhHIjmMnprRsStTuUVwWxXyY";

/// What the local clock of a zone shows at a moment, by a pattern. An unknown zone is UTC; what is no directive stays.
pub fn strftime(pattern: &str, unix_seconds: i64, zone: &str) -> String {
    let zone: Tz = zone.parse().unwrap_or(Tz::UTC);
    let utc = DateTime::from_timestamp(unix_seconds, 0).unwrap_or_default();
    let local = utc.with_timezone(&zone).naive_local();
    let mut text = String::with_capacity(pattern.len() + 8);
    let mut rest = pattern.chars();
    while let Some(character) = rest.next() {
        match (character, rest.clone().next()) {
            ('%', Some(directive)) => {
                rest.next();
                push(&mut text, directive, local);
            }
            _ => text.push(character),
        }
    }
    text
}

fn push(text: &mut String, directive: char, local: NaiveDateTime) {
    let done = match directive {
        '%' => write!(text, "%"),
        'f' => write!(text, "{:06}", local.nanosecond() / 1000),
        'z' | 'Z' => Ok(()),
        known if SAME.contains(known) => write!(text, "{}", local.format(&format!("%{known}"))),
        other => write!(text, "%{other}"),
    };
    done.unwrap_or_default(); // a `String` takes everything, and every directive is known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_filled_with_the_local_time() {
        assert_eq!(strftime("up/%Y/%m/%d/%H%M%S-%j%%", 1_704_164_645, "UTC"), "up/2024/01/02/030405-002%");
        assert_eq!(strftime("%d %H", 1_704_164_645, "Pacific/Auckland"), "02 16");
        assert_eq!(strftime("%Q %", 0, "nowhere"), "%Q %");
    }

    #[test]
    fn every_directive_is_written() {
        for directive in SAME.chars() {
            assert_ne!(strftime(&format!("%{directive}"), 0, "UTC"), format!("%{directive}"));
        }
    }
}
