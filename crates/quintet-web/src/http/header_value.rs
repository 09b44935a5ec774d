//! Header values with parameters, `form-data; name="a"`, as the reference reads them: quotes, RFC 2231's escapes and
//! continuations.

use percent_encoding::percent_decode_str;
use quintet_core::json::charset::{self, Charset};

/// A value and its parameters, in order; of a name that comes again, the last counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct HeaderValueParts {
    /// What stands before the first `;`, in lower case.
    pub main: String,
    /// Names in lower case, values without quotes.
    pub params: Vec<(String, String)>,
}

/// So many parameters are read; nobody means more.
const MOST_PARAMS: usize = 256;

impl HeaderValueParts {
    /// Reads a value; nothing but an empty one where a parameter is in a charset that nobody knows.
    pub(crate) fn parse(line: &str) -> Self {
        Self::read(line).unwrap_or_default()
    }

    fn read(line: &str) -> Option<Self> {
        if !line.contains(';') {
            return Some(Self { main: line.trim().to_lowercase(), params: vec![] });
        }
        let mut pieces = pieces(line).into_iter();
        let main = pieces.next().unwrap_or_default().to_lowercase();
        let mut found = Self { main, params: vec![] };
        let mut continued: Vec<(String, usize, bool, String)> = Vec::new();
        for piece in pieces.take(MOST_PARAMS) {
            let (name, value) = piece.split_once('=').unwrap_or((&piece, ""));
            let (name, value) = (name.trim().to_lowercase(), unquoted(value.trim()));
            match continuation(&name) {
                Some((base, number, escaped)) => continued.push((base.to_owned(), number, escaped, value)),
                None if name.is_empty() => {}
                None => found.set(name, value),
            }
        }
        found.join(continued)?;
        Some(found)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn set(&mut self, name: String, value: String) {
        match self.params.iter_mut().find(|(known, _)| *known == name) {
            Some(known) => known.1 = value,
            None => self.params.push((name, value)),
        }
    }

    /// RFC 2231: `name*0="a"; name*1="b"`, and `name*=utf-8''%C3%A9`.
    fn join(&mut self, mut pieces: Vec<(String, usize, bool, String)>) -> Option<()> {
        pieces.sort_by(|left, right| (&left.0, left.1).cmp(&(&right.0, right.1)));
        for group in pieces.chunk_by(|left, right| left.0 == right.0) {
            let text: String = group.iter().map(|(.., value)| value.as_str()).collect();
            let escaped = group.iter().any(|(_, _, escaped, _)| *escaped);
            let value = if escaped { unescaped(&text)? } else { text };
            self.set(group[0].0.clone(), value);
        }
        Some(())
    }
}

/// What semicolons divide that are not within quotes.
fn pieces(line: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let (mut quoted, mut escaped) = (false, false);
    for character in line.chars() {
        match character {
            ';' if !quoted => found.push(String::new()),
            _ => {
                quoted ^= character == '"' && !escaped;
                escaped = character == '\\' && !escaped && quoted;
                if let Some(last) = found.last_mut() {
                    last.push(character);
                }
            }
        }
    }
    found.iter().map(|piece| piece.trim().to_owned()).collect()
}

fn unquoted(value: &str) -> String {
    if value.len() < 2 {
        return value.to_owned();
    }
    if let Some(inner) = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        return inner.replace("\\\\", "\\").replace("\\\"", "\"");
    }
    value.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or(value).to_owned()
}

/// `name*`, `name*0`, `name*0*`: the name, the number, whether it is escaped.
fn continuation(name: &str) -> Option<(&str, usize, bool)> {
    let (base, rest) = name.split_once('*')?;
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    if base.is_empty() || !base.chars().all(is_word) {
        return None;
    }
    let digits = rest.strip_suffix('*').unwrap_or(rest);
    match (digits, rest) {
        ("", "") => Some((base, 0, true)),
        _ => Some((base, digits.parse().ok()?, rest.len() > digits.len())),
    }
}

/// `utf-8'en'%C3%A9`; nothing where nobody knows the charset.
fn unescaped(text: &str) -> Option<String> {
    let bytes = |text: &str| percent_decode_str(text).collect::<Vec<u8>>();
    let parts: Vec<&str> = text.splitn(3, '\'').collect();
    match parts[..] {
        [name, _, text] if !name.is_empty() => {
            let charset = charset::lookup(name).unwrap_or(Charset::Utf8);
            charset::is_known(name).then(|| charset.decode_lossy(&bytes(text)).into_owned())
        }
        [.., text] => Some(String::from_utf8_lossy(&bytes(text)).into_owned()),
        [] => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> (String, Vec<(String, String)>) {
        let found = HeaderValueParts::parse(line);
        (found.main, found.params)
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn a_value_is_read_with_its_parameters() {
        assert_eq!(read(" Text/HTML "), ("text/html".to_owned(), vec![]));
        assert_eq!(
            read("Text/HTML; Charset=\"UTF-8\"; q = 0.5;;"),
            ("text/html".to_owned(), vec![pair("charset", "UTF-8"), pair("q", "0.5")])
        );
        assert_eq!(read("a; name=\"b;c\\\"d\"; name=e").1, [pair("name", "e")]);
        assert_eq!(read("a; name=\"b;c\\\"d\"").1, [pair("name", "b;c\"d")]);
    }

    #[test]
    fn escapes_and_continuations_of_rfc_2231_are_read() {
        assert_eq!(read("a; filename*=UTF-8''%C3%A9.txt").1, [pair("filename", "é.txt")]);
        assert_eq!(read("a; filename*0=\"long\"; filename*1=\"er.txt\"").1, [pair("filename", "longer.txt")]);
        assert_eq!(read("a; filename*1=b; filename*0*=utf-8''%41").1, [pair("filename", "Ab")]);
        assert_eq!(read("a; filename*=klingon''b"), (String::new(), vec![]));
    }
}
