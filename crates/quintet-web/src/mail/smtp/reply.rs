//! What a server answers: a number, and lines for people.

use quintet_core::secrecy::one_line;

use crate::mail::error::{MailError, MailErrorKind};

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reply {
    /// Who answered.
    pub(super) server: String,
    pub(super) code: u16,
    pub(super) lines: Vec<String>,
}

impl Reply {
    /// The answer, where it has one of these numbers.
    pub(super) fn expect(self, codes: &[u16], otherwise: &str) -> Result<Self, MailError> {
        self.expect_of(codes, MailErrorKind::Refused, otherwise)
    }

    pub(super) fn expect_of(self, codes: &[u16], kind: MailErrorKind, otherwise: &str) -> Result<Self, MailError> {
        if codes.contains(&self.code) {
            return Ok(self);
        }
        let said: String = one_line(&self.lines.join(" ")).chars().take(300).collect();
        let message = format!("the server of e-mail at `{}` {otherwise}: {} {said}", self.server, self.code);
        Err(MailError::new(kind, message))
    }
}

/// The number and the text of a line, and whether more follow.
pub(super) fn parsed(line: &str) -> Option<(u16, bool, &str)> {
    let code = line.get(..3)?.parse().ok().filter(|code| (200..600).contains(code))?;
    let rest = &line[3..];
    match rest.chars().next() {
        None => Some((code, false, "")),
        Some(' ') => Some((code, false, &rest[1..])),
        Some('-') => Some((code, true, &rest[1..])),
        Some(_) => None,
    }
}
