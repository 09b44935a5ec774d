//! A tree to JSON text, in the reference's bytes.

use std::fmt;

use super::{Json, scan};
use crate::python::float_repr;

/// How JSON text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether everything beyond ASCII is escaped.
    pub ascii: bool,
    /// By how many spaces each level is indented; no line breaks without.
    pub indent: Option<u8>,
    /// Whether no space follows commas and colons where there is no indentation.
    pub compact: bool,
    /// Whether floats that are not finite are refused.
    pub strict: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { ascii: false, indent: None, compact: true, strict: true }
    }
}

/// Why a tree has no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteError {
    /// A float that is not finite.
    NotFinite,
    /// A surrogate that stands alone, of which UTF-8 has none.
    Surrogate,
}

impl fmt::Display for WriteError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::NotFinite => "a float that is not finite cannot be written as JSON",
            Self::Surrogate => "text with a surrogate that stands alone cannot be written as UTF-8",
        })
    }
}

impl std::error::Error for WriteError {}

/// Appends the text of a value. As deep as the value, which for one that was read is bounded.
pub fn write(value: &Json, style: &Style, out: &mut Vec<u8>) -> Result<(), WriteError> {
    Writer { style, level: 0 }.value(value, out)
}

/// Appends a text in its quotes: the least that must be escaped, or everything beyond ASCII.
pub fn write_text(text: &str, ascii: bool, out: &mut Vec<u8>) {
    let stop = |text: &str| match ascii {
        true => text.bytes().position(|byte| ASCII_STOPS[usize::from(byte)]),
        false => scan::stop(text.as_bytes(), |byte| STOPS[usize::from(*byte)]),
    };
    let mut rest = text;
    out.push(b'"');
    while let Some(at) = stop(rest) {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        let character = rest[at..].chars().next().unwrap_or_default();
        let is_plain = !ascii && !character.is_ascii() && !matches!(character, '\u{2028}' | '\u{2029}');
        let end = at + character.len_utf8();
        if is_plain {
            out.extend_from_slice(&rest.as_bytes()[at..end]);
        } else {
            write_escape(character, out);
        }
        rest = &rest[end..];
    }
    out.extend_from_slice(rest.as_bytes());
    out.push(b'"');
}

/// Bytes that are looked at: what is always escaped, and the first byte of the two line separators.
const STOPS: [bool; 256] = stops(false);
const ASCII_STOPS: [bool; 256] = stops(true);

const fn stops(ascii: bool) -> [bool; 256] {
    let mut stops = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        stops[byte] = byte < 0x20 || byte == 0x22 || byte == 0x5c || byte == 0xe2 || (ascii && byte >= 0x7f);
        byte += 1;
    }
    stops
}

/// Appends a finite float.
pub fn write_float(value: f64, out: &mut Vec<u8>) {
    out.extend_from_slice(float_repr(value).as_bytes());
}

fn write_escape(character: char, out: &mut Vec<u8>) {
    match character {
        '"' => out.extend_from_slice(b"\\\""),
        '\\' => out.extend_from_slice(b"\\\\"),
        '\n' => out.extend_from_slice(b"\\n"),
        '\r' => out.extend_from_slice(b"\\r"),
        '\t' => out.extend_from_slice(b"\\t"),
        '\u{8}' => out.extend_from_slice(b"\\b"),
        '\u{c}' => out.extend_from_slice(b"\\f"),
        other => other.encode_utf16(&mut [0; 2]).iter().for_each(|unit| write_unit(u32::from(*unit), out)),
    }
}

fn write_unit(unit: u32, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("\\u{unit:04x}").as_bytes());
}

struct Writer<'a> {
    style: &'a Style,
    level: usize,
}

impl Writer<'_> {
    fn value(&mut self, value: &Json, out: &mut Vec<u8>) -> Result<(), WriteError> {
        match value {
            Json::Null => out.extend_from_slice(b"null"),
            Json::Bool(true) => out.extend_from_slice(b"true"),
            Json::Bool(false) => out.extend_from_slice(b"false"),
            Json::Int(number) => out.extend_from_slice(number.to_string().as_bytes()),
            Json::Big(digits) => out.extend_from_slice(digits.as_bytes()),
            Json::Float(number) => self.float(*number, out)?,
            Json::Text(text) => write_text(text, self.style.ascii, out),
            Json::Surrogates(codes) => self.surrogates(codes, out)?,
            Json::List(values) => {
                let items = values.iter();
                self.around(b"[]", items, out, |writer, value, out| writer.value(value, out))?;
            }
            Json::Object(members) => {
                self.around(b"{}", members.iter(), out, |writer, (name, value), out| {
                    write_text(name, writer.style.ascii, out);
                    let spaced = !writer.style.compact || writer.style.indent.is_some();
                    out.extend_from_slice(if spaced { b": " } else { b":" });
                    writer.value(value, out)
                })?;
            }
        }
        Ok(())
    }

    fn around<T>(
        &mut self,
        brackets: &[u8; 2],
        items: impl ExactSizeIterator<Item = T>,
        out: &mut Vec<u8>,
        mut write: impl FnMut(&mut Self, T, &mut Vec<u8>) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        let is_empty = items.len() == 0;
        out.push(brackets[0]);
        self.level += 1;
        for (at, item) in items.enumerate() {
            if at > 0 {
                let spaced = !self.style.compact && self.style.indent.is_none();
                out.extend_from_slice(if spaced { b", " } else { b"," });
            }
            self.break_line(out);
            write(self, item, out)?;
        }
        self.level -= 1;
        if !is_empty {
            self.break_line(out);
        }
        out.push(brackets[1]);
        Ok(())
    }

    fn break_line(&self, out: &mut Vec<u8>) {
        if let Some(indent) = self.style.indent {
            out.push(b'\n');
            out.resize(out.len() + usize::from(indent) * self.level, b' ');
        }
    }

    fn float(&self, number: f64, out: &mut Vec<u8>) -> Result<(), WriteError> {
        if number.is_finite() {
            write_float(number, out);
            return Ok(());
        }
        if self.style.strict {
            return Err(WriteError::NotFinite);
        }
        let name = if number.is_nan() {
            "NaN"
        } else if number > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        };
        out.extend_from_slice(name.as_bytes());
        Ok(())
    }

    fn surrogates(&self, codes: &[u32], out: &mut Vec<u8>) -> Result<(), WriteError> {
        if !self.style.ascii {
            return Err(WriteError::Surrogate);
        }
        out.push(b'"');
        for code in codes {
            match char::from_u32(*code) {
                Some(character) => {
                    let mut quoted = Vec::new();
                    write_text(character.encode_utf8(&mut [0; 4]), true, &mut quoted);
                    out.extend_from_slice(&quoted[1..quoted.len() - 1]);
                }
                None => write_unit(*code, out),
            }
        }
        out.push(b'"');
        Ok(())
    }
}
