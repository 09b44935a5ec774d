//! Rewrites a regular expression of Python's `re` as one of the `regex` crate, or says why that cannot be.
//!
//! The two differ in escapes (`\Z`, octal, `\<`), in what `\w` and `\s` contain, in set operations inside of classes, in
//! what a lone brace means and in `$`, which in Python also matches before a final newline. Groups lose their names on
//! the way and are known by number, so that one name may occur on several levels of routes. Knows nothing about routes.

use std::fmt;
use std::iter::Peekable;
use std::str::Chars;

/// A rewritten expression.
#[derive(Debug)]
pub(super) struct Translated {
    /// The expression in which `$` matches at the very end only.
    pub(super) strict: String,
    /// The expression in which `$` matches before any newline as well.
    pub(super) lenient: String,
    /// Each group's name, from the first group on.
    pub(super) groups: Vec<Option<String>>,
    /// How many `$` there are.
    pub(super) dollars: usize,
}

/// Why an expression is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// `(?=`, `(?!`, `(?<=` or `(?<!`.
    LookAround,
    /// `\1`, `(?P=name)` or `(?(1)..)`.
    BackReference,
    /// Valid for the reference, not available here: what it is.
    Unsupported(&'static str),
    /// Not valid for the reference either: what is wrong.
    Invalid(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LookAround => f.write_str("look-around is not supported in a route's regular expression"),
            Self::BackReference => f.write_str("a back-reference is not supported in a route's regular expression"),
            Self::Unsupported(what) => write!(f, "{what} not supported in a route's regular expression"),
            Self::Invalid(what) => write!(f, "not a valid regular expression: {what}"),
        }
    }
}

/// Rewrites `python`.
pub(super) fn translate(python: &str) -> Result<Translated, Refusal> {
    let mut writer = Writer {
        rest: python.chars().peekable(),
        start: true,
        out: Translated { strict: String::new(), lenient: String::new(), groups: Vec::new(), dollars: 0 },
        last: Last::Nothing,
        open: 0,
    };
    while let Some(c) = writer.rest.next() {
        writer.item(c)?;
        writer.start = false;
    }
    if writer.open > 0 {
        return invalid("a `(` is never closed");
    }
    Ok(writer.out)
}

/// What a quantifier would apply to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    Item,
    Quantifier,
}

struct Writer<'a> {
    rest: Peekable<Chars<'a>>,
    /// Whether nothing has been read yet: the only place for flags.
    start: bool,
    out: Translated,
    last: Last,
    open: usize,
}

impl Writer<'_> {
    fn item(&mut self, c: char) -> Result<(), Refusal> {
        match c {
            '\\' => self.escape(),
            '[' => self.class(),
            '(' => self.group(),
            ')' => self.close(),
            '|' => self.put("|", Last::Nothing),
            '^' => self.put("^", Last::Nothing),
            '$' => self.dollar(),
            '.' => self.put(".", Last::Item),
            '*' | '+' | '?' => self.quantifier(&c.to_string()),
            '{' => self.braces(),
            literal => self.literal(literal),
        }
    }

    fn put(&mut self, text: &str, last: Last) -> Result<(), Refusal> {
        self.out.strict.push_str(text);
        self.out.lenient.push_str(text);
        self.last = last;
        Ok(())
    }

    fn literal(&mut self, c: char) -> Result<(), Refusal> {
        self.put(&escaped(c), Last::Item)
    }

    fn dollar(&mut self) -> Result<(), Refusal> {
        self.out.strict.push('$');
        self.out.lenient.push_str("(?m:$)");
        self.out.dollars += 1;
        self.last = Last::Nothing;
        Ok(())
    }

    fn escape(&mut self) -> Result<(), Refusal> {
        let Some(c) = self.rest.next() else {
            return invalid("it ends with a `\\`");
        };
        if let Some((_, outside, _)) = CLASSES.iter().find(|(letter, ..)| *letter == c) {
            return self.put(outside, Last::Item);
        }
        match c {
            'A' => self.put(r"\A", Last::Nothing),
            'Z' => self.put(r"\z", Last::Nothing),
            'b' => self.put(r"\b", Last::Nothing),
            'B' => self.put(r"\B", Last::Nothing),
            '1'..='9' => self.octal_or_reference(c),
            c => {
                let c = self.character(c)?;
                self.literal(c)
            }
        }
    }

    /// `\101` is a character, `\1` and `\10` are references.
    fn octal_or_reference(&mut self, first: char) -> Result<(), Refusal> {
        let digits: String = self.rest.clone().take(2).collect();
        let octal = format!("{first}{digits}");
        if octal.len() != 3 || !octal.chars().all(|c| c.is_digit(8)) {
            return Err(Refusal::BackReference);
        }
        let c = self.octal(first, 2)?;
        self.literal(c)
    }

    /// The character that an escape outside of the tables stands for.
    fn character(&mut self, c: char) -> Result<char, Refusal> {
        if let Some((_, control)) = CONTROLS.iter().find(|(letter, _)| *letter == c) {
            return Ok(*control);
        }
        match c {
            '0' => self.octal('0', 2),
            'x' => self.hexadecimal(2),
            'u' => self.hexadecimal(4),
            'U' => self.hexadecimal(8),
            'N' => Err(Refusal::Unsupported("a character by name (`\\N{..}`) is")),
            c if c.is_ascii_alphanumeric() => invalid(format!("unknown escape `\\{c}`")),
            c => Ok(c),
        }
    }

    fn octal(&mut self, first: char, more: usize) -> Result<char, Refusal> {
        let mut code = first.to_digit(8).unwrap_or_default();
        for _ in 0..more {
            let Some(digit) = self.rest.peek().and_then(|c| c.to_digit(8)) else {
                break;
            };
            self.rest.next();
            code = code * 8 + digit;
        }
        match char::from_u32(code) {
            Some(c) if code <= 0o377 => Ok(c),
            _ => invalid("an octal escape is greater than `\\377`"),
        }
    }

    fn hexadecimal(&mut self, digits: usize) -> Result<char, Refusal> {
        let mut code = 0;
        for _ in 0..digits {
            let Some(digit) = self.rest.next().and_then(|c| c.to_digit(16)) else {
                return invalid("a hexadecimal escape is too short");
            };
            code = code * 16 + digit;
        }
        char::from_u32(code).map_or_else(|| invalid("an escape names no character"), Ok)
    }

    fn class(&mut self) -> Result<(), Refusal> {
        let mut text = String::from("[");
        if self.rest.next_if_eq(&'^').is_some() {
            text.push('^');
        }
        let mut first = true;
        loop {
            match self.rest.next() {
                None => return invalid("a `[` is never closed"),
                Some(']') if !first => break,
                Some(c) => self.class_item(c, &mut text)?,
            }
            first = false;
        }
        text.push(']');
        self.put(&text, Last::Item)
    }

    fn class_item(&mut self, c: char, text: &mut String) -> Result<(), Refusal> {
        let low = self.class_member(c)?;
        let range = self.rest.peek() == Some(&'-') && self.rest.clone().nth(1).is_some_and(|after| after != ']');
        if !range {
            text.push_str(&low.text());
            return Ok(());
        }
        self.rest.next();
        let Some(c) = self.rest.next() else {
            return invalid("a `[` is never closed");
        };
        match (low, self.class_member(c)?) {
            (Member::Char(low), Member::Char(high)) if low <= high => {
                text.push_str(&escaped(low));
                text.push('-');
                text.push_str(&escaped(high));
                Ok(())
            }
            _ => invalid("a range of characters that is none"),
        }
    }

    fn class_member(&mut self, c: char) -> Result<Member, Refusal> {
        if c != '\\' {
            return Ok(Member::Char(c));
        }
        let Some(c) = self.rest.next() else {
            return invalid("a `[` is never closed");
        };
        if let Some((.., inside)) = CLASSES.iter().find(|(letter, ..)| *letter == c) {
            return Ok(Member::Class(inside));
        }
        match c {
            'b' => Ok(Member::Char('\u{8}')),
            '0'..='7' => self.octal(c, 2).map(Member::Char),
            c => self.character(c).map(Member::Char),
        }
    }

    fn group(&mut self) -> Result<(), Refusal> {
        if self.rest.next_if_eq(&'?').is_none() {
            return self.capture(None);
        }
        match self.rest.next() {
            Some(':') => self.enter("(?:"),
            Some('P') => self.named(),
            Some('#') => self.comment(),
            Some('=' | '!') => Err(Refusal::LookAround),
            Some('<') if matches!(self.rest.peek(), Some('=' | '!')) => Err(Refusal::LookAround),
            Some('(') => Err(Refusal::BackReference),
            Some('>') => Err(Refusal::Unsupported("an atomic group (`(?>..)`) is")),
            Some(flag) if flag == '-' || flag.is_ascii_alphabetic() => self.flags(flag),
            _ => invalid("unknown kind of group after `(?`"),
        }
    }

    fn enter(&mut self, opening: &str) -> Result<(), Refusal> {
        self.open += 1;
        self.put(opening, Last::Nothing)
    }

    fn capture(&mut self, name: Option<String>) -> Result<(), Refusal> {
        self.out.groups.push(name);
        self.enter("(")
    }

    fn close(&mut self) -> Result<(), Refusal> {
        if self.open == 0 {
            return invalid("a `)` without its `(`");
        }
        self.open -= 1;
        self.put(")", Last::Item)
    }

    fn named(&mut self) -> Result<(), Refusal> {
        match self.rest.next() {
            Some('=') => Err(Refusal::BackReference),
            Some('<') => {
                let name: String = std::iter::from_fn(|| self.rest.next_if(|c| *c != '>')).collect();
                if self.rest.next().is_none() {
                    return invalid("a group's name is never closed");
                }
                self.capture(Some(name))
            }
            _ => invalid("unknown kind of group after `(?P`"),
        }
    }

    fn comment(&mut self) -> Result<(), Refusal> {
        match self.rest.find(|c| *c == ')') {
            Some(_) => Ok(()),
            None => invalid("a comment is never closed"),
        }
    }

    /// `(?i)` at the start, `(?i:..)` and `(?s-i:..)` anywhere.
    fn flags(&mut self, first: char) -> Result<(), Refusal> {
        let mut flags = String::from(first);
        let end = loop {
            match self.rest.next() {
                Some(end @ (':' | ')')) => break end,
                Some(flag) => flags.push(flag),
                None => return invalid("flags are never closed"),
            }
        };
        if flags.contains(['a', 'x']) {
            return Err(Refusal::Unsupported("the flags `a` and `x` are"));
        }
        if !flags.chars().all(|flag| "imsu-".contains(flag)) {
            return invalid(format!("unknown flags `{flags}`"));
        }
        // Matching by code point is the only way here, so the flag that asks for it says nothing.
        let flags = flags.replace('u', "");
        match end {
            ':' => self.enter(&format!("(?{flags}:")),
            _ if !self.start => invalid("flags for the whole expression must be at its start"),
            _ if flags.is_empty() => Ok(()),
            _ => self.put(&format!("(?{flags})"), Last::Nothing),
        }
    }

    fn quantifier(&mut self, text: &str) -> Result<(), Refusal> {
        match self.last {
            Last::Nothing => return invalid(format!("there is nothing to repeat before `{text}`")),
            Last::Quantifier => return invalid(format!("`{text}` repeats a repetition")),
            Last::Item => self.put(text, Last::Quantifier)?,
        }
        match self.rest.peek() {
            Some('?') => {
                self.rest.next();
                self.put("?", Last::Quantifier)
            }
            Some('+') => Err(Refusal::Unsupported("a possessive quantifier (`*+`) is")),
            _ => Ok(()),
        }
    }

    /// Braces that hold no counts are ordinary characters.
    fn braces(&mut self) -> Result<(), Refusal> {
        let ahead: String = self.rest.clone().take_while(|c| c.is_ascii_digit() || *c == ',').collect();
        let closed = self.rest.clone().nth(ahead.len()) == Some('}');
        let (low, high) = ahead.split_once(',').unwrap_or((&ahead, &ahead));
        if ahead.is_empty() || !closed || high.contains(',') {
            return self.literal('{');
        }
        let (lowest, highest): (u32, u32) = match (count(low, 0), count(high, u32::MAX)) {
            (Some(low), Some(high)) => (low, high),
            _ => return invalid("a count is too large"),
        };
        if lowest > highest {
            return invalid("the least count is greater than the greatest");
        }
        self.rest.nth(ahead.len());
        let low = if low.is_empty() { "0" } else { low };
        self.quantifier(&if ahead.contains(',') { format!("{{{low},{high}}}") } else { format!("{{{low}}}") })
    }
}

enum Member {
    Char(char),
    Class(&'static str),
}

impl Member {
    fn text(&self) -> String {
        match self {
            Self::Char(c) => escaped(*c),
            Self::Class(class) => (*class).to_owned(),
        }
    }
}

/// Letter, meaning outside and inside of a class. `\w` is what Python calls alphanumeric, `\s` what it calls space.
const CLASSES: [(char, &str, &str); 6] = [
    ('d', r"\p{Nd}", r"\p{Nd}"),
    ('D', r"\P{Nd}", r"\P{Nd}"),
    ('w', r"[\p{L}\p{N}_]", r"\p{L}\p{N}_"),
    ('W', r"[^\p{L}\p{N}_]", r"[^\p{L}\p{N}_]"),
    ('s', r"[\s\x1c-\x1f]", r"\s\x1c-\x1f"),
    ('S', r"[^\s\x1c-\x1f]", r"[^\s\x1c-\x1f]"),
];

const CONTROLS: [(char, char); 7] =
    [('a', '\u{7}'), ('f', '\u{c}'), ('n', '\n'), ('r', '\r'), ('t', '\t'), ('v', '\u{b}'), ('\\', '\\')];

fn escaped(c: char) -> String {
    regex_syntax::escape(c.encode_utf8(&mut [0; 4]))
}

fn count(digits: &str, default: u32) -> Option<u32> {
    if digits.is_empty() { Some(default) } else { digits.parse().ok() }
}

fn invalid<T>(what: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::Invalid(what.into()))
}
