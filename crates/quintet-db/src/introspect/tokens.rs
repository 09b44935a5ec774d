//! SQL cut into tokens, as far as the definitions in an SQLite database need it.

/// A piece of SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A word or a number.
    Word(String),
    /// A name in quotes, without them.
    Name(String),
    /// A text in quotes, with them.
    Text(String),
    /// What stands in parentheses, without them.
    Group(String),
    /// A comma.
    Comma,
    /// Another sign.
    Sign(char),
}

impl Token {
    /// Whether it is this word, in any case.
    pub(super) fn is(&self, word: &str) -> bool {
        matches!(self, Self::Word(own) if own.eq_ignore_ascii_case(word))
    }

    /// The name that it is, in quotes or not.
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Word(name) | Self::Name(name) => Some(name),
            _ => None,
        }
    }

    /// As SQL again.
    pub(super) fn sql(&self) -> String {
        match self {
            Self::Word(text) | Self::Text(text) => text.clone(),
            Self::Name(name) => format!("\"{name}\""),
            Self::Group(inner) => format!("({inner})"),
            Self::Comma => ",".to_owned(),
            Self::Sign(sign) => sign.to_string(),
        }
    }
}

/// Cuts a text; white space and comments go.
pub(super) fn tokens(sql: &str) -> Vec<Token> {
    let mut found = vec![];
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            c if c.is_whitespace() => c.len_utf8(),
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |at| at + 2),
            '"' | '`' => {
                let length = quoted(rest, first);
                let inner = &rest[1..(length - 1).max(1)];
                let double = format!("{first}{first}");
                found.push(Token::Name(inner.replace(&double, &first.to_string())));
                length
            }
            '[' => {
                let length = rest.find(']').map_or(rest.len(), |at| at + 1);
                found.push(Token::Name(rest[1..length].trim_end_matches(']').to_owned()));
                length
            }
            '\'' => {
                let length = quoted(rest, first);
                found.push(Token::Text(rest[..length].to_owned()));
                length
            }
            '(' => {
                let length = group(rest);
                found.push(Token::Group(rest[1..(length - 1).max(1)].trim().to_owned()));
                length
            }
            ',' => {
                found.push(Token::Comma);
                1
            }
            c if is_word(c) => {
                let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                found.push(Token::Word(rest[..length].to_owned()));
                length
            }
            sign => {
                found.push(Token::Sign(sign));
                sign.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.' || c == '$'
}

/// The length of a text in quotes, in which a doubled quote stands for one.
fn quoted(text: &str, quote: char) -> usize {
    let mut at = 1;
    while let Some(next) = text[at..].find(quote) {
        at += next + 1;
        if !text[at..].starts_with(quote) {
            return at;
        }
        at += 1;
    }
    text.len()
}

/// The length of what stands in parentheses, with them.
fn group(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(c) = text[at..].chars().next() {
        at += match c {
            '"' | '`' | '\'' => quoted(&text[at..], c),
            _ => c.len_utf8(),
        };
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}
