//! Rust text as words and signs with their places, without comments and with strings as one piece.
//!
//! Just enough of Rust's lexical rules to never mistake a comment or a string for code.

use super::Unrecognised;

/// One word, sign or literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) text: &'a str,
    pub(super) start: usize,
    /// How many brackets are open around it; a bracket counts with what is outside of it.
    pub(super) depth: usize,
}

impl Token<'_> {
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// All tokens of `text`, if its comments, strings and brackets are closed.
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, Unrecognised> {
    let mut tokens = Vec::new();
    let mut open = Vec::new();
    let mut position = after_shebang(text);
    while let Some(next) = text[position..].chars().next() {
        let rest = &text[position..];
        let length = if next.is_whitespace() || next == '\u{feff}' {
            position += next.len_utf8();
            continue;
        } else if rest.starts_with("//") {
            position += rest.find('\n').unwrap_or(rest.len());
            continue;
        } else if rest.starts_with("/*") {
            position += block_comment(rest)?;
            continue;
        } else {
            token_length(rest)?
        };
        let token = &rest[..length];
        if matches!(token, ")" | "]" | "}") && open.pop() != Some(token) {
            return Err(Unrecognised("its brackets do not match"));
        }
        tokens.push(Token { text: token, start: position, depth: open.len() });
        open.extend(closing(token));
        position += length;
    }
    if open.is_empty() { Ok(tokens) } else { Err(Unrecognised("its brackets do not match")) }
}

/// The place of the bracket that closes the one at `open`.
pub(super) fn closing_index(tokens: &[Token<'_>], open: usize) -> usize {
    let depth = tokens[open].depth;
    let inside = tokens[open + 1..].iter().take_while(|token| token.depth > depth).count();
    open + 1 + inside
}

pub(super) fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_') && !text.ends_with(['"', '\'', '#'])
}

fn closing(token: &str) -> Option<&'static str> {
    match token {
        "(" => Some(")"),
        "[" => Some("]"),
        "{" => Some("}"),
        _ => None,
    }
}

/// `#!/usr/bin/...` on the first line; `#![...]` is an attribute.
fn after_shebang(text: &str) -> usize {
    match text.starts_with("#!") && !text[2..].trim_start().starts_with('[') {
        true => text.find('\n').unwrap_or(text.len()),
        false => 0,
    }
}

/// Block comments nest.
fn block_comment(rest: &str) -> Result<usize, Unrecognised> {
    let mut depth = 0;
    let mut position = 0;
    while position < rest.len() {
        match &rest.as_bytes()[position..] {
            [b'/', b'*', ..] => (depth, position) = (depth + 1, position + 2),
            [b'*', b'/', ..] if depth == 1 => return Ok(position + 2),
            [b'*', b'/', ..] => (depth, position) = (depth - 1, position + 2),
            _ => position += 1,
        }
    }
    Err(Unrecognised("it ends inside a comment"))
}

fn token_length(rest: &str) -> Result<usize, Unrecognised> {
    let word = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
    let after = &rest[word..];
    match (&rest[..word], after.chars().next()) {
        ("r" | "br" | "cr", Some('"' | '#')) => match raw_string(after)? {
            Some(length) => Ok(word + length),
            None => Ok(word + 1 + raw_identifier(&after[1..])),
        },
        ("" | "b" | "c", Some('"')) => Ok(word + quoted(after, '"')?),
        ("b", Some('\'')) => Ok(word + quoted(after, '\'')?),
        ("", Some('\'')) => character_or_lifetime(after),
        ("", Some(sign)) => Ok(sign.len_utf8()),
        _ => Ok(word),
    }
}

/// `#"..."#` with any number of `#`; `None` where no quote follows, as in `r#type`.
fn raw_string(after: &str) -> Result<Option<usize>, Unrecognised> {
    let hashes = after.len() - after.trim_start_matches('#').len();
    let Some(content) = after[hashes..].strip_prefix('"') else {
        return Ok(None);
    };
    let end = format!("\"{}", "#".repeat(hashes));
    match content.find(&end) {
        Some(length) => Ok(Some(hashes + 1 + length + end.len())),
        None => Err(Unrecognised("it ends inside a string")),
    }
}

fn raw_identifier(after_hash: &str) -> usize {
    after_hash.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(after_hash.len())
}

fn quoted(after: &str, quote: char) -> Result<usize, Unrecognised> {
    let mut letters = after.char_indices().skip(1);
    while let Some((position, letter)) = letters.next() {
        if letter == '\\' {
            letters.next();
        } else if letter == quote {
            return Ok(position + 1);
        }
    }
    Err(Unrecognised("it ends inside a string"))
}

/// `'a'` and `'\n'` are characters; `'a` without a second quote is a lifetime.
fn character_or_lifetime(after: &str) -> Result<usize, Unrecognised> {
    let mut letters = after.chars().skip(1);
    match (letters.next(), letters.next()) {
        (Some('\\'), _) => quoted(after, '\''),
        (Some(letter), Some('\'')) => Ok(2 + letter.len_utf8()),
        _ => Ok(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        tokens(text).unwrap().into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn comments_are_left_out() {
        assert_eq!(texts("a // b\nc /* d /* e */ f */ g /// h"), ["a", "c", "g"]);
    }

    #[test]
    fn a_string_is_one_token() {
        assert_eq!(texts(r##"x("a \" // b", r#"c " d"#, b"e", br"f\", '"', '\'', b'"')"##).len(), 16);
    }

    #[test]
    fn a_lifetime_is_no_open_character() {
        assert_eq!(texts("fn f<'a>(x: &'a str) {}").last(), Some(&"}"));
    }

    #[test]
    fn a_raw_identifier_is_one_word() {
        assert_eq!(texts("mod r#type; r"), ["mod", "r#type", ";", "r"]);
    }

    #[test]
    fn a_shebang_is_left_out_and_an_attribute_is_not() {
        assert_eq!(texts("#!/usr/bin/env mod\nx"), ["x"]);
        assert_eq!(texts("#![a]"), ["#", "!", "[", "a", "]"]);
    }

    #[test]
    fn what_is_not_closed_is_refused() {
        for text in ["\"a", "/* /* */", "r#\"a\"", "(]", "(", ")", "'\\"] {
            assert!(tokens(text).is_err(), "{text}");
        }
    }

    #[test]
    fn letters_beyond_ascii_do_not_disturb() {
        assert_eq!(texts("é = \"日本\"; 'é' /* ü */ z"), ["é", "=", "\"日本\"", ";", "'é'", "z"]);
    }
}
