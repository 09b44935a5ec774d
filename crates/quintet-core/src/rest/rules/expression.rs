//! Expressions as the reference's language reads them, in the words of the one that runs them here.
//!
//! Letters, spaces and the end of a text mean a little less or more there. What only the other one can do, as looking
//! ahead, is left as it is, and refused by who compiles it.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use regex::{Regex, RegexBuilder};

/// Expressions that were used, with their flags. All are the program's own, so there are not many.
static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);

type Known = HashMap<(String, u32), Option<Regex>>;

/// An expression with the reference's flags, made once. None where it asks for what linear time cannot do.
pub(in crate::rest) fn known(pattern: &str, flags: u32) -> Option<Regex> {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let made = known.entry((pattern.to_owned(), flags)).or_insert_with(|| {
        RegexBuilder::new(&expression(pattern, flags & 8 != 0))
            .case_insensitive(flags & 2 != 0)
            .multi_line(flags & 8 != 0)
            .dot_matches_new_line(flags & 16 != 0)
            .ignore_whitespace(flags & 64 != 0)
            .build()
            .ok()
    });
    made.clone()
}

/// An expression that means the same here. In several lines `$` is before each line feed, or else before the last.
pub fn expression(pattern: &str, multi_line: bool) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut letters = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('Z') => out.push_str(r"\z"),
                Some('w') => out.push_str(r"[\p{L}\p{N}_]"),
                Some('W') => out.push_str(r"[^\p{L}\p{N}_]"),
                Some('s') => out.push_str(r"[\s\x1c-\x1f]"),
                Some('S') => out.push_str(r"[^\s\x1c-\x1f]"),
                // A quote or a slash needs no escape, and has one often.
                Some(other @ ('\'' | '"' | '/' | '@' | '%' | ',' | ';' | ':' | '=' | '!' | '`')) => out.push(other),
                Some(other) => out.extend(['\\', other]),
                None => out.push('\\'),
            },
            '[' if in_class => out.push_str(r"\["),
            '[' => {
                in_class = true;
                out.push('[');
                if letters.next_if_eq(&'^').is_some() {
                    out.push('^');
                }
                // The first one closes nothing.
                if letters.next_if_eq(&']').is_some() {
                    out.push_str(r"\]");
                }
            }
            ']' => {
                in_class = false;
                out.push(']');
            }
            '&' | '~' if in_class => out.extend(['\\', letter]),
            '$' if !in_class && !multi_line => out.push_str(r"(?:\n?\z)"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::*;

    fn is_match(pattern: &str, text: &str) -> bool {
        Regex::new(&expression(pattern, false)).expect(pattern).is_match(text)
    }

    #[test]
    fn a_line_feed_may_follow_the_end() {
        assert!(is_match("^a$", "a\n") && !is_match("^a$", "a\n\n") && !is_match(r"^a\Z", "a\n"));
    }

    #[test]
    fn a_letter_is_no_mark_and_a_space_may_be_a_separator() {
        assert!(!is_match(r"^\w+$", "e\u{301}") && is_match(r"^[\w-]+$", "é-１") && is_match(r"^\s$", "\u{1c}"));
    }

    #[test]
    fn what_stands_in_a_class_means_itself() {
        assert!(is_match("^[[$&~]+$", "[$&~") && is_match("^[]a]+$", "a]") && is_match("^[^]]$", "a"));
    }
}
