//! A form: names with values, of which a name may have several; and the names that say that fields belong together.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use super::charset::{self, Charset};
use crate::python::{Integer, int};

/// The fields of a form, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Form(pub Vec<(String, FormValue)>);

/// A value of a form.
#[derive(Clone, Debug, PartialEq)]
pub enum FormValue {
    /// Text.
    Text(String),
    /// A file, by its number.
    File(usize),
}

/// An item of a list that a form's names spell: `lines[0]`, or `lines[0]price` and its like together.
#[derive(Clone, Debug, PartialEq)]
pub enum FormItem {
    /// One value.
    Value(FormValue),
    /// Several by name.
    Form(Form),
}

/// Why a form was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormError {
    /// It has more fields than the limit.
    TooManyFields,
    /// Its charset is known and not read here.
    UnsupportedCharset,
}

impl Form {
    /// Reads `a=1&b=2`. Escapes that are no text of the charset become U+FFFD; a name without `=` has an empty value;
    /// bytes that are no text of the charset themselves are all read as Latin-1.
    pub fn parse_urlencoded(bytes: &[u8], encoding: &str, limit: Option<usize>) -> Result<Self, FormError> {
        let charset = charset::lookup(encoding).map_err(|_| FormError::UnsupportedCharset)?;
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        let text = charset.decode(bytes).or_else(|_| Charset::Latin1.decode(bytes)).unwrap_or_default();
        if limit.is_some_and(|limit| text.bytes().filter(|byte| *byte == b'&').count() >= limit) {
            return Err(FormError::TooManyFields);
        }
        let field = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (unquoted(name, charset), FormValue::Text(unquoted(value, charset)))
        };
        Ok(Self(text.split('&').filter(|pair| !pair.is_empty()).map(field).collect()))
    }

    /// The last value of a name.
    pub fn get_last(&self, name: &str) -> Option<&FormValue> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// All values of a name.
    pub fn get_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a FormValue> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value)
    }

    /// Whether there is no field.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names, each once, in the order in which they came first.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let mut seen = HashSet::new();
        self.0.iter().map(|(name, _)| name.as_str()).filter(move |name| seen.insert(*name))
    }

    /// The list whose items are called `prefix[0]`, `prefix[1]name`: in the order of their numbers. None where no name is.
    pub fn list(&self, prefix: &str) -> Option<Vec<FormItem>> {
        let mut items: BTreeMap<Integer, FormItem> = BTreeMap::new();
        let last: std::collections::HashMap<&str, &FormValue> =
            self.0.iter().map(|(name, value)| (name.as_str(), value)).collect();
        for name in self.keys() {
            let Some((number, key)) = name.strip_prefix(prefix).and_then(numbered) else { continue };
            let value = last[name].clone();
            match items.get_mut(&number) {
                Some(FormItem::Form(form)) if !key.is_empty() => form.set(key, value),
                _ if key.is_empty() => drop(items.insert(number, FormItem::Value(value))),
                _ => drop(items.insert(number, FormItem::Form(Self(vec![(key.to_owned(), value)])))),
            }
        }
        (!items.is_empty()).then(|| items.into_values().collect())
    }

    /// The fields that are called `prefix.name`, by that name. Where two names are one without the line feed at their end,
    /// the values are those of the later one.
    pub fn dict(&self, prefix: &str) -> Self {
        let inner = |name: &str| {
            let key = line(name.strip_prefix(prefix)?.strip_prefix('.')?)?;
            (!key.is_empty()).then(|| key.to_owned())
        };
        let mut members = Self::default();
        let mut doubled = false;
        for (name, value) in &self.0 {
            let Some(key) = inner(name) else { continue };
            doubled |= name.ends_with('\n');
            members.0.push((key, value.clone()));
        }
        if doubled { self.dict_of_lines(inner) } else { members }
    }

    fn dict_of_lines(&self, inner: impl Fn(&str) -> Option<String>) -> Self {
        let mut members: Vec<(String, &str)> = vec![];
        for name in self.keys() {
            let Some(key) = inner(name) else { continue };
            match members.iter_mut().find(|(known, _)| *known == key) {
                Some(known) => known.1 = name,
                None => members.push((key, name)),
            }
        }
        let values = |(key, name): &(String, &str)| -> Vec<(String, FormValue)> {
            self.get_all(name).map(|value| (key.clone(), value.clone())).collect()
        };
        Self(members.iter().flat_map(values).collect())
    }

    fn set(&mut self, name: &str, value: FormValue) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some(known) => known.1 = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }
}

/// `[12]rest` as its number and its rest.
fn numbered(text: &str) -> Option<(Integer, &str)> {
    let (digits, rest) = text.strip_prefix('[')?.split_once(']')?;
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    Some((int(digits).filter(|_| plain)?, line(rest)?))
}

/// Text of one line, without the line feed that may end it.
fn line(text: &str) -> Option<&str> {
    let line = text.strip_suffix('\n').unwrap_or(text);
    (!line.contains('\n')).then_some(line)
}

/// Text without its escapes: runs of them are read together.
fn unquoted(text: &str, charset: Charset) -> String {
    let text: Cow<'_, str> = if text.contains('+') { text.replace('+', " ").into() } else { text.into() };
    let mut rest: &str = &text;
    let mut plain = String::with_capacity(rest.len());
    while let Some(at) = rest.find('%') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let run = escaped_run(rest.as_bytes());
        if run.is_empty() {
            plain.push('%');
            rest = &rest[1..];
        } else {
            plain.push_str(&charset.decode_lossy(&run));
            rest = &rest[run.len() * 3..];
        }
    }
    plain.push_str(rest);
    plain
}

fn escaped_run(text: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let byte = |escape: &[u8]| match escape {
        [b'%', high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    };
    text.chunks(3).map_while(byte).collect()
}
