//! Addresses of people: read, and written so that a server takes them.

use unicode_normalization::UnicodeNormalization as _;

use super::error::{MailError, MailErrorKind};
use super::header;

/// An address with the name of whom it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mailbox {
    name: String,
    local: String,
    domain: String,
}

/// Letters that end a word of an address.
const SPECIALS: &str = "()<>@,:;.\\\"[]";

/// One address, whole, as somebody has it though the dots of its name stand where no standard has them, in ASCII: `Ann <ann@example.com>` for a header, and as the envelope has it.
pub(super) fn in_ascii(address: &str) -> Result<String, MailError> {
    let mut reader = Reader::new(address);
    let mailbox = reader.mailbox().filter(|_| reader.rest().is_empty());
    mailbox.ok_or_else(|| invalid(address))?.ascii(address)
}

/// What the envelope has: the address without the name.
pub(super) fn bare(address: &str) -> Result<String, MailError> {
    let written = in_ascii(address)?;
    match written.rfind('<').filter(|_| written.ends_with('>')) {
        Some(at) => Ok(written[at + 1..written.len() - 1].to_owned()),
        None => Ok(written),
    }
}

/// Addresses with commas between them.
pub(super) fn list_in_ascii(list: &str) -> Result<String, MailError> {
    let mut reader = Reader::new(list);
    let mut written = vec![];
    loop {
        let mailbox = reader.mailbox().filter(|mailbox| !mailbox.domain.is_empty()).ok_or_else(|| invalid(list))?;
        written.push(mailbox.ascii(list)?);
        match reader.rest().chars().next() {
            None => return Ok(written.join(", ")),
            Some(',') => reader.at += 1,
            Some(_) => return Err(invalid(list)),
        }
    }
}

fn invalid(address: &str) -> MailError {
    let message = format!("`{}` is no e-mail address", address.escape_debug());
    MailError::new(MailErrorKind::BadAddress, message).with_hint("write `ann@example.com` or `Ann <ann@example.com>`")
}

impl Mailbox {
    fn ascii(&self, whole: &str) -> Result<String, MailError> {
        header::refuse_breaks("address", &[self.name.as_str(), &self.local, &self.domain].concat())
            .map_err(|_| invalid(whole))?;
        let encoded = |text: &str| if text.is_ascii() { header::ascii(text) } else { header::words(text) };
        let local = if self.local.is_ascii() { self.local.clone() } else { header::words(&self.local) };
        let must_quote = |c: char| c != '.' && SPECIALS.contains(c) || c == ' ' || c == '\t';
        let local = if local.contains(must_quote) { format!("\"{}\"", escaped(&local)) } else { local };
        let mut address = local;
        if !self.domain.is_empty() {
            address.push('@');
            address.push_str(&punycode(&self.domain).ok_or_else(|| invalid(whole))?);
        }
        if self.name.is_empty() {
            return Ok(address);
        }
        let name = encoded(&self.name);
        let quote = if name.contains(|c| SPECIALS.contains(c)) { "\"" } else { "" };
        Ok(format!("{quote}{}{quote} <{address}>", escaped(&name)))
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// Reads addresses from the left to the right.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn next_is(&self, wanted: char) -> bool {
        self.rest().starts_with(wanted)
    }

    /// `ann@example.com` or `Ann <ann@example.com>`.
    fn mailbox(&mut self) -> Option<Mailbox> {
        let mut comments = vec![];
        self.skip(&mut comments)?;
        let mut words: Vec<(String, bool)> = vec![];
        loop {
            let rest = self.rest();
            match rest.chars().next() {
                Some('<') => {
                    self.at += 1;
                    self.skip(&mut comments)?;
                    let local = self.local(&mut comments)?;
                    let domain = self.domain(&mut comments)?;
                    if !self.next_is('>') {
                        return None;
                    }
                    self.at += 1;
                    self.skip(&mut comments)?;
                    let mut name = words.into_iter().map(|(word, _)| word).collect::<Vec<_>>().join(" ");
                    if !comments.is_empty() && !name.is_empty() {
                        name = format!("{name} ({})", comments.join(" "));
                    }
                    return Some(Mailbox { name, local, domain });
                }
                Some('@') | None if words.len() == 1 => {
                    let (local, is_quoted) = words.pop()?;
                    let domain = self.domain(&mut comments)?;
                    if !is_quoted && local.chars().all(|c| c == '.') {
                        return None;
                    }
                    return Some(Mailbox { name: comments.join(" "), local, domain });
                }
                Some('"') => words.push((self.quoted()?, true)),
                Some(_) => words.push((self.word()?, false)),
                None => return None,
            }
            self.skip(&mut comments)?;
        }
    }

    fn local(&mut self, comments: &mut Vec<String>) -> Option<String> {
        let local = if self.next_is('"') { self.quoted()? } else { self.word()? };
        self.skip(comments)?;
        Some(local)
    }

    /// What stands behind an `@`; empty where there is none.
    fn domain(&mut self, comments: &mut Vec<String>) -> Option<String> {
        if !self.next_is('@') {
            return Some(String::new());
        }
        self.at += 1;
        self.skip(comments)?;
        let domain = if self.next_is('[') {
            let end = self.rest().find(']')?;
            let literal = &self.rest()[..=end];
            self.at += literal.len();
            let is_plain = literal[1..end].chars().all(|c| c.is_ascii_graphic() && !"[\\".contains(c));
            is_plain.then(|| literal.to_owned())?
        } else {
            self.word().filter(|word| is_dot_atom(word))?
        };
        self.skip(comments)?;
        Some(domain)
    }

    /// Letters and dots.
    fn word(&mut self) -> Option<String> {
        let ends = |c: char| c != '.' && SPECIALS.contains(c) || c.is_whitespace() || c.is_control();
        let word = &self.rest()[..self.rest().find(ends).unwrap_or(self.rest().len())];
        self.at += word.len();
        (!word.is_empty()).then(|| word.to_owned())
    }

    fn quoted(&mut self) -> Option<String> {
        self.delimited('"')
    }

    /// Spaces and comments.
    fn skip(&mut self, comments: &mut Vec<String>) -> Option<()> {
        loop {
            let spaces = self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
            self.at += spaces;
            if !self.next_is('(') {
                return Some(());
            }
            comments.push(self.delimited(')')?);
        }
    }

    /// What stands between a letter here and the one that closes it.
    fn delimited(&mut self, close: char) -> Option<String> {
        let mut inner = String::new();
        let mut letters = self.rest().char_indices().skip(1);
        while let Some((at, letter)) = letters.next() {
            match letter {
                '\\' => inner.push(letters.next()?.1),
                letter if letter == close => {
                    self.at += at + letter.len_utf8();
                    return Some(inner);
                }
                letter => inner.push(letter),
            }
        }
        None
    }
}

fn is_dot_atom(word: &str) -> bool {
    !word.is_empty() && !word.starts_with('.') && !word.ends_with('.') && !word.contains("..")
}

/// A domain as it is asked for: `bücher.example` is `xn--bcher-kva.example`. Nothing where it cannot be one.
pub(super) fn punycode(domain: &str) -> Option<String> {
    if domain.is_ascii() {
        return Some(domain.to_owned());
    }
    let labels = domain.split(['.', '\u{3002}', '\u{ff0e}', '\u{ff61}']).map(|label| {
        if label.is_ascii() {
            return (!label.is_empty() && label.len() < 64).then(|| label.to_owned());
        }
        let prepared: String = label.nfkc().flat_map(char::to_lowercase).nfkc().collect();
        let label = if prepared.is_ascii() { prepared } else { format!("xn--{}", punycoded(&prepared)?) };
        (label.len() < 64).then_some(label)
    });
    Some(labels.collect::<Option<Vec<_>>>()?.join("."))
}

/// Letters outside ASCII by their places among the others: RFC 3492.
fn punycoded(label: &str) -> Option<String> {
    let letters: Vec<u32> = label.chars().map(u32::from).collect();
    let mut out: String = label.chars().filter(char::is_ascii).collect();
    let plain = u32::try_from(out.len()).ok()?;
    if plain > 0 {
        out.push('-');
    }
    let (mut next, mut delta, mut bias, mut done) = (128_u32, 0_u32, 72_u32, plain);
    while (done as usize) < letters.len() {
        let least = letters.iter().copied().filter(|letter| *letter >= next).min()?;
        delta = delta.checked_add((least - next).checked_mul(done + 1)?)?;
        next = least;
        for letter in &letters {
            if *letter < next {
                delta = delta.checked_add(1)?;
            }
            if *letter == next {
                write_number(&mut out, delta, bias);
                bias = adapted(delta, done + 1, done == plain);
                delta = 0;
                done += 1;
            }
        }
        delta = delta.checked_add(1)?;
        next += 1;
    }
    Some(out)
}

/// A number in digits whose weight depends on the bias.
fn write_number(out: &mut String, number: u32, bias: u32) {
    const DIGITS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let (mut left, mut place) = (number, 36_u32);
    loop {
        let threshold = place.saturating_sub(bias).clamp(1, 26);
        if left < threshold {
            out.push(DIGITS[left as usize].into());
            return;
        }
        out.push(DIGITS[(threshold + (left - threshold) % (36 - threshold)) as usize].into());
        left = (left - threshold) / (36 - threshold);
        place += 36;
    }
}

fn adapted(delta: u32, count: u32, is_first: bool) -> u32 {
    let mut delta = if is_first { delta / 700 } else { delta / 2 };
    delta += delta / count;
    let mut steps = 0;
    while delta > 455 {
        delta /= 35;
        steps += 36;
    }
    steps + 36 * delta / (delta + 38)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_written_in_ascii() {
        for (given, written) in [
            ("ann@example.com", "ann@example.com"),
            (" Ann <ann@example.com> ", "Ann <ann@example.com>"),
            ("Ann B. C <ann@example.com>", "\"Ann B. C\" <ann@example.com>"),
            ("\"B, Ann\" <ann@example.com>", "\"B, Ann\" <ann@example.com>"),
            ("ann@b\u{fc}cher.example", "ann@xn--bcher-kva.example"),
            ("J\u{f6}rg <j@example.com>", "=?utf-8?b?SsO2cmc=?= <j@example.com>"),
            ("\"an n\"@example.com", "\"an n\"@example.com"),
            ("ann@[127.0.0.1]", "ann@[127.0.0.1]"),
            ("root", "root"),
            ("a..b@example.com", "a..b@example.com"),
        ] {
            assert_eq!(in_ascii(given).as_deref(), Ok(written), "{given}");
        }
        assert_eq!(bare("J\u{f6}rg <j@example.com>").as_deref(), Ok("j@example.com"));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for bad in [
            "",
            " ",
            "a b",
            "a@b c",
            "a@",
            "@b",
            "<a@b",
            "a@b>",
            "a@b, c@d",
            "a@b..c",
            "a@b\nBcc: c@d",
            "\"a@b",
            "a@b (c",
            "x <a@b> y",
        ] {
            assert!(in_ascii(bad).is_err(), "{bad:?}");
        }
        assert!(list_in_ascii("\u{e4} <a@b>, c").is_err());
        assert_eq!(list_in_ascii("\u{e4} <a@b>, c@d").as_deref(), Ok("=?utf-8?b?w6Q=?= <a@b>, c@d"));
    }
}
