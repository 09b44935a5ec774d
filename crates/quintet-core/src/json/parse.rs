//! JSON text to a tree, with the words and the places that the reference's language has for its faults.
//!
//! One pass over the bytes; where something is wrong, and only then, characters are counted. Depth is bounded, so that a
//! tree can be walked by recursion everywhere.

use std::fmt;

use super::charset::{self, DecodeError};
use super::{Json, Object};
use crate::python::{Integer, MOST_DIGITS};

/// So many lists and objects may be within each other.
pub const DEPTH: usize = 512;

/// Why bytes are no JSON. Shown in the reference's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError(Fault);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fault {
    /// Wrong at a place.
    At {
        text: &'static str,
        line: usize,
        column: usize,
        place: usize,
    },
    /// Bytes that are none of the charset's.
    Decode(DecodeError),
    /// `NaN` and its like.
    Constant(&'static str),
    /// A whole number of more digits than are read.
    Digits(usize),
    TooDeep,
    /// A charset that is known and not read here.
    Charset(String),
}

impl ParseError {
    /// Whether lists and objects are within each other too often.
    pub fn is_too_deep(&self) -> bool {
        matches!(self.0, Fault::TooDeep)
    }

    /// Whether it is the charset that cannot be read, whatever the bytes are.
    pub fn is_unsupported_charset(&self) -> bool {
        matches!(self.0, Fault::Charset(_))
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Fault::At { text, line, column, place } => {
                write!(out, "{text}: line {line} column {column} (char {place})")
            }
            Fault::Decode(error) => error.fmt(out),
            Fault::Constant(name) => write!(out, "Out of range float values are not JSON compliant: '{name}'"),
            Fault::Digits(count) => write!(
                out,
                "Exceeds the limit ({MOST_DIGITS} digits) for integer string conversion: value has {count} digits; use \
                 sys.set_int_max_str_digits() to increase the limit"
            ),
            Fault::TooDeep => write!(out, "more than {DEPTH} lists and objects are within each other"),
            Fault::Charset(name) => write!(out, "Unsupported charset \"{name}\" in request Content-Type header."),
        }
    }
}

impl std::error::Error for ParseError {}

/// Reads bytes of a charset; an unknown name is as `utf-8`.
pub fn parse(bytes: &[u8], encoding: &str) -> Result<Json, ParseError> {
    let charset = charset::lookup(encoding).map_err(|_| ParseError(Fault::Charset(encoding.to_owned())))?;
    let text = charset.decode(bytes).map_err(|error| ParseError(Fault::Decode(error)))?;
    parse_text(&text)
}

/// Reads text.
pub fn parse_text(text: &str) -> Result<Json, ParseError> {
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, depth: 0 };
    if text.starts_with('\u{feff}') {
        return Err(reader.wrong("Unexpected UTF-8 BOM (decode using utf-8-sig)", 0));
    }
    reader.skip_spaces();
    let value = reader.value()?;
    reader.skip_spaces();
    if reader.at < reader.bytes.len() {
        return Err(reader.wrong("Extra data", reader.at));
    }
    Ok(value)
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: usize,
}

/// What the reference's language would read and JSON does not know.
const CONSTANTS: [&str; 3] = ["NaN", "Infinity", "-Infinity"];

impl Reader<'_> {
    fn value(&mut self) -> Result<Json, ParseError> {
        let rest = &self.bytes[self.at..];
        match rest.first() {
            Some(b'"') => self.string().map(Text::into_json),
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::list),
            Some(b'n') if rest.starts_with(b"null") => Ok(self.skip(4, Json::Null)),
            Some(b't') if rest.starts_with(b"true") => Ok(self.skip(4, Json::Bool(true))),
            Some(b'f') if rest.starts_with(b"false") => Ok(self.skip(5, Json::Bool(false))),
            Some(_) => match CONSTANTS.iter().find(|name| rest.starts_with(name.as_bytes())) {
                Some(name) => Err(ParseError(Fault::Constant(name))),
                None => self.number(),
            },
            None => Err(self.wrong(VALUE, self.at)),
        }
    }

    fn skip(&mut self, count: usize, value: Json) -> Json {
        self.at += count;
        value
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Json, ParseError>) -> Result<Json, ParseError> {
        if self.depth == DEPTH {
            return Err(ParseError(Fault::TooDeep));
        }
        self.depth += 1;
        self.at += 1;
        self.skip_spaces();
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn list(&mut self) -> Result<Json, ParseError> {
        let mut values = Vec::new();
        if self.next_is(b']') {
            return Ok(Json::List(values));
        }
        loop {
            values.push(self.value()?);
            if self.ends(b']')? {
                values.shrink_to_fit(); // many short lists would hold far more than they need
                return Ok(Json::List(values));
            }
        }
    }

    fn object(&mut self) -> Result<Json, ParseError> {
        let mut members = Object::new();
        if self.next_is(b'}') {
            return Ok(Json::Object(members));
        }
        loop {
            if self.bytes.get(self.at) != Some(&b'"') {
                return Err(self.wrong("Expecting property name enclosed in double quotes", self.at));
            }
            let name = self.string()?.into_name();
            self.skip_spaces();
            if !self.next_is(b':') {
                return Err(self.wrong("Expecting ':' delimiter", self.at));
            }
            self.skip_spaces();
            members.insert(name, self.value()?);
            if self.ends(b'}')? {
                members.shrink();
                return Ok(Json::Object(members));
            }
        }
    }

    /// After an item: whether the end is next; if not, there must be a comma.
    fn ends(&mut self, end: u8) -> Result<bool, ParseError> {
        self.skip_spaces();
        if self.next_is(end) {
            return Ok(true);
        }
        if !self.next_is(b',') {
            return Err(self.wrong("Expecting ',' delimiter", self.at));
        }
        self.skip_spaces();
        Ok(false)
    }

    fn number(&mut self) -> Result<Json, ParseError> {
        let start = self.at;
        let byte = |at: usize| self.bytes.get(at).copied().unwrap_or(0);
        let digits_from = |at: usize| (at..).find(|at| !byte(*at).is_ascii_digit()).unwrap_or(at);
        let whole = start + usize::from(byte(start) == b'-');
        let mut end = match byte(whole) {
            b'1'..=b'9' => digits_from(whole),
            b'0' => whole + 1,
            _ => return Err(self.wrong(VALUE, start)),
        };
        let whole_end = end;
        if byte(end) == b'.' && byte(end + 1).is_ascii_digit() {
            end = digits_from(end + 1);
        }
        if matches!(byte(end), b'e' | b'E') {
            let power = end + 1 + usize::from(matches!(byte(end + 1), b'+' | b'-'));
            if byte(power).is_ascii_digit() {
                end = digits_from(power);
            }
        }
        let text = &self.text[start..end];
        self.at = end;
        if end > whole_end {
            // Never fails: the grammar is narrower than that of Rust; what is too large is infinite in both.
            return Ok(Json::Float(text.parse().unwrap_or(f64::INFINITY)));
        }
        if whole_end - whole > MOST_DIGITS {
            return Err(ParseError(Fault::Digits(whole_end - whole)));
        }
        Ok(Integer::from_digits(whole > start, &self.text[whole..whole_end]).into())
    }

    fn string(&mut self) -> Result<Text, ParseError> {
        let begin = self.at;
        self.at += 1;
        let mut text = Text::Plain(String::new());
        loop {
            let rest = &self.bytes[self.at..];
            let stop = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..=0x1f)).unwrap_or(rest.len());
            text.push_str(&self.text[self.at..self.at + stop]);
            self.at += stop;
            match rest.get(stop) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape(begin)?),
                Some(_) => return Err(self.wrong("Invalid control character at", self.at)),
                None => return Err(self.wrong("Unterminated string starting at", begin)),
            }
        }
    }

    /// The code point that an escape stands for.
    fn escape(&mut self, begin: usize) -> Result<u32, ParseError> {
        let slash = self.at;
        let Some(letter) = self.bytes.get(slash + 1) else {
            return Err(self.wrong("Unterminated string starting at", begin));
        };
        self.at += 2;
        let character = match letter {
            b'"' | b'\\' | b'/' => char::from(*letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return Err(self.wrong("Invalid \\escape", slash)),
        };
        Ok(character.into())
    }

    /// `\u` is read; four digits follow, and perhaps the second half of a pair.
    fn unicode(&mut self) -> Result<u32, ParseError> {
        let first = self.hex(self.at, 5)?;
        self.at += 4;
        let rest = &self.text[self.at..];
        if !(0xD800..0xDC00).contains(&first) || !rest.starts_with("\\u") || !has_characters(rest, 7) {
            return Ok(first);
        }
        let second = self.hex(self.at + 2, 0)?;
        if !(0xDC00..0xE000).contains(&second) {
            return Ok(first);
        }
        self.at += 6;
        Ok(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    }

    /// Four hexadecimal digits, with as many characters after the place.
    fn hex(&self, at: usize, characters: usize) -> Result<u32, ParseError> {
        let wrong = || self.wrong("Invalid \\uXXXX escape", at - 1);
        if !has_characters(&self.text[at..], characters) {
            return Err(wrong());
        }
        let digits = self.bytes.get(at..at + 4).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let digit = |byte: &u8| char::from(*byte).to_digit(16).unwrap_or(0);
        Ok(digits.ok_or_else(wrong)?.iter().fold(0, |code, byte| code * 16 + digit(byte)))
    }

    fn next_is(&mut self, byte: u8) -> bool {
        let found = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found
    }

    fn skip_spaces(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// A fault at a byte, whose place is told in characters.
    #[expect(clippy::naive_bytecount, reason = "once, where the text is refused")]
    fn wrong(&self, text: &'static str, at: usize) -> ParseError {
        let count = |bytes: &[u8]| bytes.iter().filter(|byte| (**byte & 0xC0) != 0x80).count();
        let before = &self.bytes[..at];
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        ParseError(Fault::At {
            text,
            line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
            column: count(&before[line_start..]) + 1,
            place: count(before),
        })
    }
}

const VALUE: &str = "Expecting value";

fn has_characters(text: &str, count: usize) -> bool {
    text.chars().take(count).count() == count
}

/// Text that is being read; code points from the first surrogate on that stands alone.
enum Text {
    Plain(String),
    Codes(Vec<u32>),
}

impl Text {
    fn push_str(&mut self, part: &str) {
        match self {
            Self::Plain(text) => text.push_str(part),
            Self::Codes(codes) => codes.extend(part.chars().map(u32::from)),
        }
    }

    fn push(&mut self, code: u32) {
        match (&mut *self, char::from_u32(code)) {
            (Self::Plain(text), Some(character)) => text.push(character),
            (Self::Plain(text), None) => {
                *self = Self::Codes(text.chars().map(u32::from).chain([code]).collect());
            }
            (Self::Codes(codes), _) => codes.push(code),
        }
    }

    fn into_json(self) -> Json {
        match self {
            Self::Plain(text) => Json::Text(text),
            Self::Codes(codes) => Json::Surrogates(codes),
        }
    }

    /// A name cannot hold surrogates; no field has such a name, so what stands for them does not matter.
    fn into_name(self) -> String {
        match self {
            Self::Plain(text) => text,
            Self::Codes(codes) => {
                let lossy = |code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                codes.into_iter().map(lossy).collect()
            }
        }
    }
}
