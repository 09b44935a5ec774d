//! PEM: a label, and bytes in base64 between two lines.

use crate::auth::base64::{Alphabet, decode};

/// What a PEM holds.
pub(super) struct Pem<'a> {
    /// `PUBLIC KEY`.
    pub(super) label: &'a str,
    /// The bytes.
    pub(super) der: Vec<u8>,
}

/// The first key of a text; parameters of a curve in front of it are passed by.
pub(super) fn read(text: &str) -> Option<Pem<'_>> {
    let (_, rest) = text.split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (body, after) = rest.split_once("-----END ")?;
    if !after.strip_prefix(label)?.starts_with("-----") {
        return None;
    }
    if label == "EC PARAMETERS" {
        return read(after);
    }
    let letters: String = body.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
    Some(Pem { label, der: decode(&letters, Alphabet::Standard)? })
}
