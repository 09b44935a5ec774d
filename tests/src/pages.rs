//! The pages of the documentation as text: what is prose in them, and what is code.

use std::fs;

use crate::support::checkout;

/// A block of code: what stands behind its opening marks, and its lines.
pub type Block<'a> = (&'a str, Vec<&'a str>);

/// A page, by its path in the checkout.
///
/// # Panics
/// Where there is none.
pub fn text(page: &str) -> String {
    fs::read_to_string(checkout().join(page)).unwrap_or_else(|error| panic!("{page}: {error}"))
}

/// A page's lines outside code, and its code.
///
/// # Panics
/// Where a block is never closed.
pub fn split(page: &str) -> (Vec<&str>, Vec<Block<'_>>) {
    let (mut prose, mut blocks, mut open) = (Vec::new(), Vec::new(), None);
    for line in page.lines() {
        match (line.trim_start().strip_prefix("```"), open.take()) {
            (Some(info), None) => open = Some((info, Vec::new())),
            (Some(_), Some(block)) => blocks.push(block),
            (None, None) => prose.push(line),
            (None, Some((info, mut lines))) => {
                lines.push(line);
                open = Some((info, lines));
            }
        }
    }
    assert!(open.is_none(), "a code block is never closed");
    (prose, blocks)
}
