//! JSON text to a tree, with the words and the places that the reference's language has for its faults.
//!
//! One pass over the bytes; where something is wrong, and only then, characters are counted. Depth is bounded, so that a
//! tree can be walked by recursion everywhere. What a stranger's text becomes is counted while it grows: two bytes may be a
//! value, which takes 32.

use std::fmt;
use std::sync::Arc;

use super::charset::{self, DecodeError};
use super::{Json, Object, scan};
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
    /// There are more values than there may be, or they take more memory.
    TooMuch(usize, &'static str),
    /// A charset that is known and not read here.
    Charset(String),
}

impl ParseError {
    /// Whether lists and objects are within each other too often.
    pub fn is_too_deep(&self) -> bool {
        matches!(self.0, Fault::TooDeep)
    }

    /// Whether there are more values than there may be, or they take more memory.
    pub fn is_too_much(&self) -> bool {
        matches!(self.0, Fault::TooMuch(..))
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
            Fault::TooMuch(most, what) => write!(out, "more than {most} {what}"),
            Fault::Charset(name) => write!(out, "Unsupported charset \"{name}\" in request Content-Type header."),
        }
    }
}

impl std::error::Error for ParseError {}

/// Reads bytes of a charset; an unknown name is as `utf-8`.
pub fn parse(bytes: &[u8], encoding: &str) -> Result<Json, ParseError> {
    parse_within(bytes, encoding, usize::MAX)
}

/// The same of bytes of a stranger's, of whom so many are taken at most: there may be one value for twenty of them, and
/// the values may take four times as much memory. A megabyte of ordinary rows is within both; a list of ones is not.
pub fn parse_within(bytes: &[u8], encoding: &str, size: usize) -> Result<Json, ParseError> {
    let charset = charset::lookup(encoding).map_err(|_| ParseError(Fault::Charset(encoding.to_owned())))?;
    let text = charset.decode(bytes).map_err(|error| ParseError(Fault::Decode(error)))?;
    read(&text, Bounds { memory: size.saturating_mul(4).max(1 << 20), values: (size / 20).max(10_000) })
}

/// Reads text.
pub fn parse_text(text: &str) -> Result<Json, ParseError> {
    read(text, Bounds { memory: usize::MAX, values: usize::MAX })
}

fn read(text: &str, bounds: Bounds) -> Result<Json, ParseError> {
    let bytes = text.as_bytes();
    let mut reader = Reader { text, bytes, at: 0, depth: 0, bounds, memory: 0, values: 0, names: vec![] };
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

/// How much a text may become.
struct Bounds {
    memory: usize,
    values: usize,
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    bounds: Bounds,
    /// What the values take so far, and how many there are.
    memory: usize,
    values: usize,
    /// Names that were read, each where its letters put it: objects of a list have the same ones.
    names: Vec<Option<Arc<str>>>,
}

/// So many names are remembered.
const KNOWN: usize = 64;

/// What a piece of memory takes besides what it holds.
const OVERHEAD: usize = 16;

/// What the reference's language would read and JSON does not know.
const CONSTANTS: [&str; 3] = ["NaN", "Infinity", "-Infinity"];

impl Reader<'_> {
    fn value(&mut self) -> Result<Json, ParseError> {
        let rest = &self.bytes[self.at..];
        match rest.first() {
            Some(b'"') => self.text_value(),
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
        self.take(OVERHEAD)?;
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
            self.counted(size_of::<Json>())?;
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
            let name = self.name()?;
            self.counted(members.cost())?;
            self.skip_spaces();
            if !self.next_is(b':') {
                return Err(self.wrong("Expecting ':' delimiter", self.at));
            }
            self.skip_spaces();
            members.insert(name, self.value()?);
            if self.ends(b'}')? {
                // Many small ones within another would hold far more than they need.
                if self.depth > 1 {
                    members.shrink();
                }
                return Ok(Json::Object(members));
            }
        }
    }

    /// One more value, in so many bytes.
    fn counted(&mut self, bytes: usize) -> Result<(), ParseError> {
        self.values += 1;
        if self.values > self.bounds.values {
            return Err(ParseError(Fault::TooMuch(self.bounds.values, "values")));
        }
        self.take(bytes)
    }

    fn take(&mut self, bytes: usize) -> Result<(), ParseError> {
        self.fits(bytes)?;
        self.memory = self.memory.saturating_add(bytes);
        Ok(())
    }

    /// Whether so many bytes more may be taken.
    fn fits(&self, bytes: usize) -> Result<(), ParseError> {
        if self.memory.saturating_add(bytes) > self.bounds.memory {
            return Err(ParseError(Fault::TooMuch(self.bounds.memory, "bytes of memory for the values")));
        }
        Ok(())
    }

    fn text_value(&mut self) -> Result<Json, ParseError> {
        let text = self.string()?;
        self.take(text.size() + OVERHEAD)?;
        Ok(text.into_json())
    }

    /// The name of a member: the one that is known, where it is.
    fn name(&mut self) -> Result<Arc<str>, ParseError> {
        let start = self.at + 1;
        let rest = &self.bytes[start..];
        let stop = rest.iter().position(is_stop).unwrap_or(rest.len());
        if rest.get(stop) != Some(&b'"') {
            let name: Arc<str> = self.string()?.into_name().into();
            self.take(name.len() + 2 * OVERHEAD)?;
            return Ok(name);
        }
        self.at = start + stop + 1;
        let name = &self.text[start..start + stop];
        let place = match name.as_bytes() {
            [] => 0,
            [first, .., last] => usize::from(*first) * 7 + usize::from(*last) * 31 + name.len() * 13,
            [one] => usize::from(*one),
        };
        // The names of the outermost object come once.
        if self.depth > 1 && self.names.is_empty() {
            self.names.resize(KNOWN, None);
        }
        let known = self.names.get(place % KNOWN).and_then(Option::as_ref);
        if let Some(known) = known.filter(|known| ***known == *name) {
            return Ok(Arc::clone(known));
        }
        let name: Arc<str> = name.into();
        self.take(name.len() + 2 * OVERHEAD)?;
        if let Some(known) = self.names.get_mut(place % KNOWN) {
            *known = Some(Arc::clone(&name));
        }
        Ok(name)
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
            let stop = scan::stop(rest, is_stop).unwrap_or(rest.len());
            if let Text::Codes(codes) = &text {
                self.fits(2 * size_of::<u32>() * (codes.len() + stop))?;
            }
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

/// Where a text does not go on as it is.
fn is_stop(byte: &u8) -> bool {
    matches!(byte, b'"' | b'\\' | ..=0x1f)
}

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

    /// How many bytes it takes.
    fn size(&self) -> usize {
        match self {
            Self::Plain(text) => text.len(),
            // They are made a text once more.
            Self::Codes(codes) => 2 * size_of_val(&codes[..]),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str, size: usize) -> bool {
        parse_within(text.as_bytes(), "utf-8", size).is_err_and(|error| error.is_too_much())
    }

    #[test]
    fn few_bytes_do_not_become_many_values() {
        let ones = |count: usize| format!("[{}1]", "1,".repeat(count - 1));
        assert!(!refused(&ones(10_000), 0), "so many may always be there");
        assert!(refused(&ones(10_001), 200_000));
        assert!(!refused(&ones(10_001), 200_020));
        assert_eq!(parse_text(&ones(20_000)), parse(ones(20_000).as_bytes(), "utf-8"), "what is ours has no bound");
    }

    #[test]
    fn few_values_do_not_take_much_memory() {
        let texts = |length: usize| format!("[\"{}\"]", "x".repeat(length));
        assert!(!refused(&texts(1 << 19), 0));
        assert!(refused(&texts(1 << 20), 0));
        let members: Vec<String> = (0..9_000).map(|number| format!("\"{number}\":1")).collect();
        assert!(refused(&format!("{{{}}}", members.join(",")), 0), "names take memory, and places of names");
    }

    #[test]
    fn a_megabyte_of_ordinary_rows_is_within_both_bounds() {
        let row = "{\"id\":12345,\"name\":\"Blue tea\",\"price\":\"12.50\",\"tags\":[\"new\",\"tea\"],\"note\":null},";
        let count = 1_000_000 / row.len();
        let body = format!("[{}1]", row.repeat(count));
        assert!(parse_within(body.as_bytes(), "utf-8", 2_621_440).is_ok(), "{count} rows");
    }

    #[test]
    fn objects_that_are_read_together_share_their_names() {
        let Ok(Json::List(rows)) = parse_text("[{\"name\":1},{\"name\":2,\"\\u006eame\":3}]") else { panic!("a list") };
        let names: Vec<*const u8> = rows
            .iter()
            .filter_map(|row| match row {
                Json::Object(members) => members.iter().next().map(|(name, _)| name.as_ptr()),
                _ => None,
            })
            .collect();
        assert_eq!(names[0], names[1]);
        assert_eq!(rows[1], Json::Object(Object::new().with("name", 3)), "an escaped name is the same name");
    }
}
