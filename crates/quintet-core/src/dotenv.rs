//! Reads the text of a `.env` file, exactly as python-dotenv's `load_dotenv()` does.
//!
//! [`parse`] takes the statements apart, [`expand`] replaces `${NAME}` and `${NAME:-default}`. Neither knows where the
//! text or the process environment comes from: the caller reads the file, hands in a look-up, and prints the warnings.
//! `oracle/vectors/dotenv.json` holds what the reference makes of some five hundred texts.

use std::fmt;

/// A file's statements in order, and the lines that are none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parsed {
    /// Name and value as written, before expansion; a name may come twice. `KEY` without `=` has no value.
    pub entries: Vec<(String, Option<String>)>,
    /// Statements that make no sense; reading goes on behind each.
    pub errors: Vec<LineError>,
}

/// Takes the text of a file apart. Never fails as a whole: what is not understood is reported beside the rest.
pub fn parse(text: &str) -> Parsed {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut scanner = Scanner { rest: text.strip_prefix('\u{feff}').unwrap_or(&text), line: 1 };
    let mut parsed = Parsed::default();
    while !scanner.rest.is_empty() {
        scanner.take_while(is_space);
        let line = scanner.line;
        match statement(&mut scanner) {
            Ok(entry) => parsed.entries.extend(entry),
            Err(problem) => {
                scanner.skip_line();
                parsed.errors.push(LineError { line, problem });
            }
        }
    }
    parsed
}

/// Expands the values in order and leaves one entry per name: the last value, at the place of the first.
///
/// A name inside `${}` means the process environment first, then what the file said further up. The default counts
/// only where a name is in neither; a name that is empty, or has no value, is there.
pub fn expand(
    entries: &[(String, Option<String>)],
    environment: impl Fn(&str) -> Option<String>,
) -> Vec<(String, Option<String>)> {
    let mut values: Vec<(String, Option<String>)> = Vec::new();
    for (name, raw) in entries {
        let value = raw.as_deref().map(|raw| expand_value(raw, &environment, &values));
        match values.iter_mut().find(|(known, _)| known == name) {
            Some((_, slot)) => *slot = value,
            None => values.push((name.clone(), value)),
        }
    }
    values
}

/// A statement that is not understood. Holds nothing of the text: it may be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineError {
    /// Where the statement begins, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What can be wrong with a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// There is no name where one should be.
    NoName,
    /// A name or a value opens a quote that nothing closes.
    OpenQuote,
    /// Something follows the statement on its line.
    Trailing,
}

impl LineError {
    /// The way to mend the line.
    pub fn hint(&self) -> &'static str {
        match self.problem {
            Problem::NoName => "write `NAME=value`, or put a `#` before a comment",
            Problem::OpenQuote => "close the quote, and write a quote inside the value with a backslash before it",
            Problem::Trailing => "write `NAME=value`; end the line after a closing quote, or put ` #` before a comment",
        }
    }
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = match self.problem {
            Problem::NoName => "there is no name",
            Problem::OpenQuote => "a quote is opened and never closed",
            Problem::Trailing => "something follows the name or the closing quote",
        };
        write!(f, "line {}: {problem}", self.line)
    }
}

/// The text that is left, and the number of the line it starts on. A step that fails has moved nothing.
struct Scanner<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.line += taken.matches('\n').count();
        self.rest = rest;
        taken
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        self.take(self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len()))
    }

    fn skip_line(&mut self) {
        self.take(self.rest.find('\n').map_or(self.rest.len(), |end| end + 1));
    }
}

/// One statement, its new line included; `None` for a comment and for the end of the text.
fn statement(scanner: &mut Scanner<'_>) -> Result<Option<(String, Option<String>)>, Problem> {
    if scanner.rest.is_empty() {
        return Ok(None);
    }
    skip_export(scanner);
    let name = name(scanner)?;
    scanner.take_while(is_blank);
    let value = if scanner.peek() == Some('=') { Some(value(scanner)?) } else { None };
    end_of_statement(scanner)?;
    Ok(name.map(|name| (name, value)))
}

/// `export` counts as the word of a shell only before white space: `export=1` sets a variable of that name.
fn skip_export(scanner: &mut Scanner<'_>) {
    if let Some(after) = scanner.rest.strip_prefix("export")
        && after.starts_with(is_blank)
    {
        scanner.take("export".len());
        scanner.take_while(is_blank);
    }
}

/// `None` where a comment begins. Only single quotes quote a name; double quotes belong to it.
fn name(scanner: &mut Scanner<'_>) -> Result<Option<String>, Problem> {
    if scanner.peek() == Some('#') {
        return Ok(None);
    }
    if let Some(quoted) = scanner.rest.strip_prefix('\'') {
        let end = quoted.find('\'').ok_or(Problem::OpenQuote)?;
        let name = &scanner.rest[1..=end];
        if name.is_empty() {
            return Err(Problem::NoName);
        }
        scanner.take(end + 2);
        return Ok(Some(name.to_owned()));
    }
    match scanner.take_while(|c| !matches!(c, '=' | '#') && !is_space(c)) {
        "" => Err(Problem::NoName),
        name => Ok(Some(name.to_owned())),
    }
}

/// What follows `=`. A `#` right behind `=` belongs to the value; with white space between, it begins a comment.
fn value(scanner: &mut Scanner<'_>) -> Result<String, Problem> {
    scanner.take(1);
    let spaced = !scanner.take_while(is_blank).is_empty();
    match scanner.peek() {
        Some('#') if spaced => Ok(String::new()),
        Some('\'') => quoted_value(scanner, '\'', SINGLE_QUOTE_ESCAPES),
        Some('"') => quoted_value(scanner, '"', DOUBLE_QUOTE_ESCAPES),
        _ => Ok(unquoted_value(scanner.take_while(|c| c != '\n')).to_owned()),
    }
}

const SINGLE_QUOTE_ESCAPES: &[(char, char)] = &[('\\', '\\'), ('\'', '\'')];

const DOUBLE_QUOTE_ESCAPES: &[(char, char)] = &[
    ('\\', '\\'),
    ('\'', '\''),
    ('"', '"'),
    ('a', '\u{7}'),
    ('b', '\u{8}'),
    ('f', '\u{c}'),
    ('n', '\n'),
    ('r', '\r'),
    ('t', '\t'),
    ('v', '\u{b}'),
];

/// A backslash keeps the next character from closing the quote; it goes only where the two are an escape.
fn quoted_value(scanner: &mut Scanner<'_>, quote: char, escapes: &[(char, char)]) -> Result<String, Problem> {
    let mut value = String::new();
    let mut chars = scanner.rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        if c == quote {
            scanner.take(at + 1);
            return Ok(value);
        }
        if c != '\\' {
            value.push(c);
            continue;
        }
        let (_, escaped) = chars.next().ok_or(Problem::OpenQuote)?;
        match escapes.iter().find(|(letter, _)| *letter == escaped) {
            Some((_, meaning)) => value.push(*meaning),
            None => value.extend(['\\', escaped]),
        }
    }
    Err(Problem::OpenQuote)
}

/// Up to the first `#` that follows white space.
fn unquoted_value(line: &str) -> &str {
    let comment = line.match_indices('#').find(|(at, _)| line[..*at].ends_with(is_space));
    line[..comment.map_or(line.len(), |(at, _)| at)].trim_end_matches(is_space)
}

fn end_of_statement(scanner: &mut Scanner<'_>) -> Result<(), Problem> {
    scanner.take_while(is_blank);
    if scanner.peek() == Some('#') {
        scanner.take_while(|c| c != '\n');
    }
    match scanner.peek() {
        None | Some('\n') => {
            scanner.skip_line();
            Ok(())
        }
        Some(_) => Err(Problem::Trailing),
    }
}

/// Python's white space: Unicode's, and the four information separators.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

fn is_blank(c: char) -> bool {
    is_space(c) && c != '\n'
}

fn expand_value(
    raw: &str,
    environment: &impl Fn(&str) -> Option<String>,
    values: &[(String, Option<String>)],
) -> String {
    let mut out = String::new();
    let mut rest = raw;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(variable) = variable(rest) {
            out.push_str(&look_up(&variable, environment, values));
            rest = &rest[variable.length..];
        } else {
            out.push('$');
            rest = &rest[1..];
        }
    }
    out + rest
}

/// `${NAME}` or `${NAME:-default}`, and how long it is as written.
struct Variable<'a> {
    name: &'a str,
    default: &'a str,
    length: usize,
}

/// The default ends at the first `}`: there is no nesting. A `:` without `-` makes the whole plain text.
fn variable(text: &str) -> Option<Variable<'_>> {
    let inside = text.strip_prefix("${")?;
    let name = &inside[..inside.find(['}', ':'])?];
    let after = &inside[name.len()..];
    if after.starts_with('}') {
        return Some(Variable { name, default: "", length: name.len() + 3 });
    }
    let default = after.strip_prefix(":-")?;
    let default = &default[..default.find('}')?];
    Some(Variable { name, default, length: name.len() + default.len() + 5 })
}

fn look_up(
    variable: &Variable<'_>,
    environment: &impl Fn(&str) -> Option<String>,
    values: &[(String, Option<String>)],
) -> String {
    let in_file = || values.iter().find(|(name, _)| name == variable.name).map(|(_, value)| value.clone());
    match environment(variable.name) {
        Some(value) => value,
        None => in_file().map_or_else(|| variable.default.to_owned(), Option::unwrap_or_default),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn recorded() -> Vec<Value> {
        let text = include_str!("../../../oracle/vectors/dotenv.json");
        serde_json::from_str::<Vec<Value>>(text).expect("the recording is a list")
    }

    fn pairs(list: &Value) -> Vec<(String, Option<String>)> {
        let pair = |row: &Value| (row[0].as_str().unwrap_or_default().to_owned(), row[1].as_str().map(str::to_owned));
        list.as_array().expect("a list of pairs").iter().map(pair).collect()
    }

    fn environment(case: &Value) -> impl Fn(&str) -> Option<String> {
        |name: &str| case["environment"].get(name).and_then(Value::as_str).map(str::to_owned)
    }

    fn lines(text: &str) -> Vec<(usize, Problem)> {
        parse(text).errors.iter().map(|error| (error.line, error.problem)).collect()
    }

    #[test]
    fn the_recording_holds_hundreds_of_texts_and_some_that_are_refused() {
        let cases = recorded();
        assert!(cases.len() >= 400, "{} cases", cases.len());
        assert!(cases.iter().filter(|case| case["warned"][0].is_number()).count() >= 40);
    }

    #[test]
    fn every_recorded_text_gives_the_reference_entries() {
        for case in recorded() {
            let text = case["text"].as_str().unwrap_or_default();
            assert_eq!(parse(text).entries, pairs(&case["entries"]), "{text:?}");
        }
    }

    #[test]
    fn every_recorded_text_expands_to_the_reference_values() {
        for case in recorded() {
            let text = case["text"].as_str().unwrap_or_default();
            assert_eq!(expand(&parse(text).entries, environment(&case)), pairs(&case["values"]), "{text:?}");
        }
    }

    #[test]
    fn what_reaches_the_environment_is_what_it_did_not_hold() {
        for case in recorded().iter().filter(|case| case.get("raised").is_none()) {
            let (text, environment) = (case["text"].as_str().unwrap_or_default(), environment(case));
            let mut added: Vec<_> = expand(&parse(text).entries, &environment);
            added.retain(|(name, value)| value.is_some() && environment(name).is_none());
            let object = case["added"].as_object().expect("an object");
            let expected: Vec<_> =
                object.iter().map(|(name, value)| (name.clone(), value.as_str().map(str::to_owned))).collect();
            assert_eq!(added, expected, "{text:?}");
        }
    }

    /// The reference counts from the end of the statement before; we skip the blank lines between.
    #[test]
    fn every_recorded_warning_is_ours_but_for_blank_lines_before_it() {
        for case in recorded() {
            let text = case["text"].as_str().unwrap_or_default();
            let plain = text.replace("\r\n", "\n").replace('\r', "\n").replacen('\u{feff}', "", 1);
            let rows: Vec<&str> = plain.split('\n').collect();
            let warned: Vec<_> = case["warned"].as_array().expect("a list").iter().flat_map(Value::as_u64).collect();
            let ours = lines(text);
            assert_eq!(ours.len(), warned.len(), "{text:?}");
            for ((line, _), theirs) in ours.into_iter().zip(warned) {
                let theirs = usize::try_from(theirs).expect("a small number");
                let between = rows.get(theirs - 1..line - 1).unwrap_or_else(|| panic!("{theirs} to {line}: {text:?}"));
                assert!(between.iter().all(|row| row.chars().all(is_space)), "{text:?}");
            }
        }
    }

    #[test]
    fn a_broken_line_is_named_by_its_own_number_and_reading_goes_on() {
        let parsed = parse("A=1\n\n\nbroken line\nB=2\n");
        assert_eq!(parsed.errors, [LineError { line: 4, problem: Problem::Trailing }]);
        assert_eq!(parsed.entries.len(), 2);
    }

    #[test]
    fn each_way_to_be_wrong_has_its_own_name() {
        assert_eq!(lines("=1"), [(1, Problem::NoName)]);
        assert_eq!(lines("''=1"), [(1, Problem::NoName)]);
        assert_eq!(lines("A='x\nB=2"), [(1, Problem::OpenQuote)]);
        assert_eq!(lines("\nA=\"x\" y"), [(2, Problem::Trailing)]);
    }

    #[test]
    fn a_warning_never_shows_the_value() {
        let error = parse("KEY=\"hunter2\" hunter3").errors[0];
        let shown = format!("{error} {error:?} {}", error.hint());
        assert!(shown.starts_with("line 1: something follows"), "{shown}");
        assert!(!shown.contains("hunter"), "{shown}");
    }
}
