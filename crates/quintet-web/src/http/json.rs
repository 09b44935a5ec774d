//! JSON text as the reference writes it: Python's floats, and the two line separators escaped.
//!
//! Works on anything that serde can serialise; sets no header and knows no response.

use std::io::{self, Write};

use quintet_core::python::float_repr;
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

/// Compact JSON text in the reference's bytes; an error for what JSON cannot say (a map key that is no text).
pub fn to_vec(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut text = Vec::with_capacity(128);
    value.serialize(&mut Serializer::with_formatter(&mut text, Reference(CompactFormatter)))?;
    Ok(text)
}

struct Reference(CompactFormatter);

impl Formatter for Reference {
    fn write_f32<W: ?Sized + Write>(&mut self, writer: &mut W, value: f32) -> io::Result<()> {
        self.write_f64(writer, f64::from(value))
    }

    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        writer.write_all(float_repr(value).as_bytes())
    }

    /// A fragment holds no quote, backslash or control character: only U+2028 and U+2029 are left to escape.
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        /// The first byte of both separators, looked for before any character is decoded.
        const LEAD: u8 = 0xE2;
        let mut rest = fragment;
        if !rest.as_bytes().contains(&LEAD) {
            return self.0.write_string_fragment(writer, rest);
        }
        while let Some(at) = rest.find(['\u{2028}', '\u{2029}']) {
            self.0.write_string_fragment(writer, &rest[..at])?;
            writer.write_all(if rest[at..].starts_with('\u{2028}') { b"\\u2028" } else { b"\\u2029" })?;
            rest = &rest[at + '\u{2028}'.len_utf8()..];
        }
        self.0.write_string_fragment(writer, rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_written_as_python_writes_them() {
        let cases = [
            (0.1, "0.1"),
            (1.0, "1.0"),
            (1e16, "1e+16"),
            (1e15, "1000000000000000.0"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (1e-5, "1e-05"),
            (1e-4, "0.0001"),
            (-0.0, "-0.0"),
            (1.5e300, "1.5e+300"),
            (5e-324, "5e-324"),
            (1.0 / 3.0, "0.3333333333333333"),
        ];
        for (value, text) in cases {
            assert_eq!(float_repr(value), text);
        }
    }

    #[test]
    fn only_what_json_and_javascript_need_is_escaped() {
        let text = "\u{2028}\u{2029}\"\\\u{8}\u{c}\n\r\t\u{1f}\u{7f}</é&";
        let written = String::from_utf8(to_vec(&text).unwrap()).unwrap();
        assert_eq!(written, "\"\\u2028\\u2029\\\"\\\\\\b\\f\\n\\r\\t\\u001f\u{7f}</é&\"");
    }

    #[test]
    fn members_keep_their_order_and_nothing_is_padded() {
        let value = serde_json::json!({"b": [1, null, true], "a": {"x": 1.5}});
        assert_eq!(to_vec(&value).unwrap(), br#"{"b":[1,null,true],"a":{"x":1.5}}"#);
    }
}
