//! Text that is not ASCII, in the letters that headers and bodies may have: encoded words, and quoted-printable bodies.

use crate::auth::base64::{Alphabet, encode};

/// How an encoded word is written: whichever is shorter for the whole text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Base64,
    Quoted,
}

/// What stands around the letters of an encoded word: `=?utf-8?q?..?=`.
pub(super) const AROUND: usize = 12;

impl Word {
    /// The shorter one.
    pub(super) fn of(text: &str) -> Self {
        if Self::Base64.length(text) < Self::Quoted.length(text) { Self::Base64 } else { Self::Quoted }
    }

    /// How many letters a text has in it.
    pub(super) fn length(self, text: &str) -> usize {
        match self {
            Self::Base64 => text.len().div_ceil(3) * 4,
            Self::Quoted => text.bytes().map(|byte| if plain_in_word(byte) { 1 } else { 3 }).sum(),
        }
    }

    /// A text as one encoded word.
    pub(super) fn encode(self, text: &str) -> String {
        match self {
            Self::Base64 => format!("=?utf-8?b?{}?=", encode(text.as_bytes(), Alphabet::Standard)),
            Self::Quoted => {
                let letter = |byte: u8| match byte {
                    b' ' => "_".to_owned(),
                    byte if plain_in_word(byte) => char::from(byte).to_string(),
                    byte => quoted(byte),
                };
                format!("=?utf-8?q?{}?=", text.bytes().map(letter).collect::<String>())
            }
        }
    }
}

fn plain_in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-!*+/ ".contains(&byte)
}

fn quoted(byte: u8) -> String {
    format!("={byte:02X}")
}

/// The most letters that a line of a quoted-printable body has.
const LINE: usize = 76;

/// A body as quoted-printable text, by lines of `\n`.
pub(super) fn quoted_printable(body: &str) -> String {
    let mut out: Vec<String> = vec![];
    for line in lines(body) {
        let mut left: String = line
            .bytes()
            .map(|byte| if plain_in_body(byte) { char::from(byte).to_string() } else { quoted(byte) })
            .collect();
        // A soft break leaves no quoted byte in two.
        while left.len() > LINE {
            let at = match left.as_bytes() {
                bytes if bytes[LINE - 3] == b'=' => LINE - 3,
                bytes if bytes[LINE - 2] == b'=' => LINE - 2,
                _ => LINE - 1,
            };
            let rest = left.split_off(at);
            out.push(left + "=");
            left = rest;
        }
        // A space at the end of a line would be lost on the way.
        if let Some(end @ (' ' | '\t')) = left.chars().next_back() {
            left.pop();
            let room = LINE - left.len();
            let end = if end == ' ' { "=20" } else { "=09" };
            match room {
                3.. => out.push(left + end),
                2 => {
                    out.push(left + if end == "=20" { " =" } else { "\t=" });
                    out.push(String::new());
                }
                _ => {
                    out.push(left + "=");
                    out.push(end.to_owned());
                }
            }
        } else {
            out.push(left);
        }
    }
    if body.ends_with(['\r', '\n']) {
        out.push(String::new());
    }
    out.join("\n")
}

fn plain_in_body(byte: u8) -> bool {
    byte == b'\t' || (b' '..=b'~').contains(&byte) && byte != b'='
}

/// The lines of a text, whichever way they end; without an empty one behind the last.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let end = if text.ends_with('\n') || text.ends_with('\r') { 1 } else { 0 };
    let mut all: Vec<&str> = vec![];
    let mut rest = text;
    while let Some(at) = rest.find(['\r', '\n']) {
        all.push(&rest[..at]);
        let long = if rest[at..].starts_with("\r\n") { 2 } else { 1 };
        rest = &rest[at + long..];
    }
    if end == 0 && !(rest.is_empty() && all.is_empty()) {
        all.push(rest);
    }
    all.into_iter()
}
