//! Headers as lines: long values are folded, what is not ASCII is encoded, what has a line break in it is refused.
//!
//! Where a line is folded is the reference's choice in every case, so that both sides send the same bytes.

use super::address;
use super::encoded::{AROUND, Word};
use super::error::{MailError, MailErrorKind};

/// The letters of a line that is not too long.
const LINE: usize = 78;

/// Headers whose values are addresses.
const OF_ADDRESSES: [&str; 11] = [
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "bcc",
    "resent-from",
    "resent-sender",
    "resent-to",
    "resent-cc",
    "resent-bcc",
];

/// A header as the lines that are sent, with `\n` between them and at the end.
pub(super) fn line(name: &str, value: &str) -> Result<String, MailError> {
    let value = safe(name, value)?;
    Ok(folded(name, &value))
}

/// A header whose value is known to be ASCII without a line break.
pub(super) fn folded(name: &str, value: &str) -> String {
    let mut folder = Folder::new(name.len() + 2);
    folder.feed_lines(value);
    format!("{name}: {}\n", folder.finish())
}

/// A value that is ASCII, and can be no second header.
fn safe(name: &str, value: &str) -> Result<String, MailError> {
    let is_name = |byte: u8| byte.is_ascii_graphic() && byte != b':';
    if name.is_empty() || !name.bytes().all(is_name) {
        let message = format!("`{}` is no name of a header", name.escape_debug());
        return Err(MailError::new(MailErrorKind::BadHeader, message));
    }
    refuse_breaks(name, value)?;
    let lower = name.to_ascii_lowercase();
    if value.is_ascii() {
        return Ok(if lower == "subject" { ascii(value) } else { value.to_owned() });
    }
    if OF_ADDRESSES.contains(&lower.as_str()) { address::list_in_ascii(value) } else { Ok(words(value)) }
}

/// Whoever could write a line break into a header could write headers.
pub(super) fn refuse_breaks(name: &str, value: &str) -> Result<(), MailError> {
    let is_bad = |c: char| c.is_control() && c != '\t' || matches!(c, '\u{2028}' | '\u{2029}');
    if value.contains(is_bad) {
        let message = format!("the header `{}` has a line break or a control character in it", name.escape_debug());
        let error = MailError::new(MailErrorKind::BadHeader, message);
        return Err(
            error.with_hint("take line breaks out of what people typed before it becomes a subject or an address")
        );
    }
    Ok(())
}

/// A value of ASCII, folded as if it had no name in front.
pub(super) fn ascii(value: &str) -> String {
    let mut folder = Folder::new(0);
    folder.feed_lines(value);
    folder.finish()
}

/// A value as encoded words.
pub(super) fn words(value: &str) -> String {
    let mut folder = Folder::new(0);
    folder.feed_words(value);
    folder.finish()
}

/// A piece of a line, and the space in front of it.
type Piece = (String, String);

/// Fills lines.
struct Folder {
    lines: Vec<String>,
    pieces: Vec<Piece>,
    /// What the line has besides: the header's name.
    before: usize,
}

impl Folder {
    fn new(before: usize) -> Self {
        Self { lines: vec![], pieces: vec![], before }
    }

    fn length(&self) -> usize {
        self.before + self.pieces.iter().map(|(space, part)| space.len() + part.len()).sum::<usize>()
    }

    fn text(pieces: &[Piece]) -> String {
        pieces.iter().flat_map(|(space, part)| [space.as_str(), part]).collect()
    }

    /// ASCII, which may have been folded before.
    fn feed_lines(&mut self, value: &str) {
        let mut lines = value.split('\n');
        self.feed(lines.next().unwrap_or_default());
        let mut has_more = false;
        for line in lines {
            has_more = true;
            self.end_line();
            self.feed(line);
        }
        if has_more {
            self.end_line();
        }
    }

    /// A line of ASCII, piece by piece.
    fn feed(&mut self, line: &str) {
        let is_space = |c: char| c == ' ' || c == '\t';
        let mut rest = line;
        while !rest.is_empty() {
            let part_at = rest.find(|c| !is_space(c)).unwrap_or(rest.len());
            let (space, behind) = rest.split_at(part_at);
            let space_at = behind.find(is_space).unwrap_or(behind.len());
            let (part, behind) = behind.split_at(space_at);
            self.add(space, part);
            rest = behind;
        }
    }

    /// One more piece; where the line becomes too long by it, what fits stays and the rest begins another one.
    fn add(&mut self, space: &str, part: &str) {
        self.pieces.push((space.to_owned(), part.to_owned()));
        if self.length() <= LINE {
            return;
        }
        match self.best_break() {
            Some(at) => {
                let rest = self.pieces.split_off(at);
                self.lines.push(Self::text(&self.pieces));
                self.pieces = rest;
                self.before = 0;
            }
            None => {
                let Some((mut space, part)) = self.pieces.pop() else { return };
                if self.before > 0 {
                    // The header's name has a line of its own.
                    self.end_line();
                    if space.is_empty() {
                        " ".clone_into(&mut space);
                    }
                }
                self.pieces.push((space, part));
            }
        }
    }

    /// Behind the last `;`, else behind the last `,`, else at the last space.
    fn best_break(&self) -> Option<usize> {
        let places = || (1..self.pieces.len()).rev();
        let behind = |end: char| places().find(|at| self.pieces[at - 1].1.ends_with(end));
        let at = |space: char| places().find(|at| self.pieces[*at].0.starts_with(space));
        behind(';').or_else(|| behind(',')).or_else(|| at(' ')).or_else(|| at('\t'))
    }

    /// Encoded words, as many letters in each as fit into its line.
    fn feed_words(&mut self, value: &str) {
        let word = Word::of(value);
        let (mut made, mut now): (Vec<Option<String>>, String) = (vec![], String::new());
        let mut room = LINE.saturating_sub(self.length() + AROUND);
        for letter in value.chars() {
            now.push(letter);
            if word.length(&now) > room {
                now.pop();
                let is_first = made.is_empty() && now.is_empty();
                made.push((!is_first).then(|| word.encode(&now)));
                now = letter.to_string();
                room = LINE - 1 - AROUND;
            }
        }
        made.push(Some(word.encode(&now)));
        let mut made = made.into_iter();
        if let Some(first) = made.next().flatten() {
            self.add("", &first);
        }
        let mut rest: Vec<String> = made.flatten().collect();
        if let Some(last) = rest.pop() {
            self.end_line();
            self.lines.extend(rest.into_iter().map(|word| format!(" {word}")));
            self.pieces.push((" ".to_owned(), last));
        }
    }

    /// Ends the line; one space at its end is not worth it.
    fn end_line(&mut self) {
        if self.pieces.last().is_some_and(|(space, part)| space == " " && part.is_empty()) {
            self.pieces.pop();
        }
        let text = Self::text(&self.pieces);
        if self.length() > 0 {
            let is_space = self.before == 0 && text.chars().all(char::is_whitespace);
            match self.lines.last_mut().filter(|_| is_space) {
                Some(last) => last.push_str(&text),
                None => self.lines.push(text),
            }
        }
        self.pieces.clear();
        self.before = 0;
    }

    fn finish(mut self) -> String {
        // What the value itself ends with stays.
        self.pieces.push((" ".to_owned(), String::new()));
        self.end_line();
        self.lines.join("\n")
    }
}
