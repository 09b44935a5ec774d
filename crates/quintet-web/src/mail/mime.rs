//! A message as bytes: headers, text in its forms, files.
//!
//! Pure text. The order of the headers, how parts are encoded and where lines end are the reference's.

use super::encoded::{lines, quoted_printable};
use super::error::{MailError, MailErrorKind};
use super::header;
use super::message::{Attachment, EmailMessage, Stamp};
use super::mime_types::mime_type;
use crate::auth::base64::{Alphabet, encode};

/// Longer lines are not sent by SMTP.
const LONGEST_LINE: usize = 998;

/// A part of a message, ready but for the boundaries.
struct Part {
    headers: Vec<(String, String)>,
    content: Content,
}

enum Content {
    Whole(String),
    /// The kind behind `multipart/`, and the parts.
    Many(&'static str, Vec<Part>),
}

pub(super) fn rendered(message: &EmailMessage, stamp: &Stamp) -> Result<Vec<u8>, MailError> {
    let mut top = top(message)?;
    let own = |name: &str| message.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let mut add = |name: &str, value: String| top.headers.push((name.to_owned(), value));
    add("Subject", message.subject.clone());
    let from = message.from_email.as_ref().filter(|from| !from.is_empty()).unwrap_or(&stamp.from_email);
    add("From", own("From").unwrap_or_else(|| from.clone()));
    for (name, addresses) in [("To", &message.to), ("Cc", &message.cc), ("Reply-To", &message.reply_to)] {
        match own(name) {
            Some(said) => add(name, said),
            None if addresses.is_empty() => {}
            None => add(name, addresses.join(", ")),
        }
    }
    let has = |name: &str| message.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
    if !has("Date") {
        add("Date", stamp.date.clone());
    }
    if !has("Message-ID") {
        add("Message-ID", stamp.message_id.clone());
    }
    let is_said = |name: &str| ["from", "to", "cc", "reply-to"].contains(&name.to_ascii_lowercase().as_str());
    for (name, value) in message.headers.iter().filter(|(name, _)| !is_said(name)) {
        add(name, value.clone());
    }
    let mut boundaries = Boundaries(stamp.boundary);
    Ok(written(&top, &mut boundaries)?.into_bytes())
}

/// The text, with its other forms around it, and files around those.
fn top(message: &EmailMessage) -> Result<Part, MailError> {
    let mut part = text(&message.body, message.content_subtype.as_deref().unwrap_or("plain"));
    if !message.alternatives.is_empty() {
        let mut forms = if message.body.is_empty() { vec![] } else { vec![part] };
        for form in &message.alternatives {
            forms.push(content(form.content.as_bytes(), &form.mimetype)?);
        }
        part = many("alternative", forms);
    }
    if !message.attachments.is_empty() {
        let has_text = !message.body.is_empty() || matches!(part.content, Content::Many(..));
        let mut parts = if has_text { vec![part] } else { vec![] };
        for attachment in &message.attachments {
            parts.push(file(attachment)?);
        }
        part = many("mixed", parts);
    }
    Ok(part)
}

fn many(kind: &'static str, parts: Vec<Part>) -> Part {
    Part { headers: vec![], content: Content::Many(kind, parts) }
}

fn text(body: &str, subtype: &str) -> Part {
    // Unicode knows more ends of lines than SMTP does; the reference asks all of them.
    let breaks =
        |c: char| matches!(c, '\n' | '\r' | '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let is_long = body.split(breaks).any(|line| line.len() > LONGEST_LINE);
    let (way, content) = match body {
        long if is_long => ("quoted-printable", quoted_printable(long)),
        ascii if ascii.is_ascii() => ("7bit", ascii.to_owned()),
        other => ("8bit", other.to_owned()),
    };
    Part {
        headers: typed(&format!("text/{subtype}; charset=\"utf-8\""), way),
        content: Content::Whole(with_newlines(&content)),
    }
}

fn typed(content_type: &str, way: &str) -> Vec<(String, String)> {
    [("Content-Type", content_type), ("MIME-Version", "1.0"), ("Content-Transfer-Encoding", way)]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

/// Every line ends in `\n`, but for a last one that has no end.
fn with_newlines(text: &str) -> String {
    let mut all = lines(text).collect::<Vec<_>>().join("\n");
    if text.ends_with(['\n', '\r']) {
        all.push('\n');
    }
    all
}

/// Content of a type, in a part of its own.
fn content(bytes: &[u8], mimetype: &str) -> Result<Part, MailError> {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte);
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(is_letter);
    let wrong = |why: &str| {
        let message = format!("`{}` is {why}", mimetype.escape_debug());
        MailError::new(MailErrorKind::BadHeader, message)
    };
    let (base, subtype) = mimetype
        .split_once('/')
        .filter(|(base, subtype)| is_word(base) && is_word(subtype))
        .ok_or_else(|| wrong("no type of content").with_hint("write it as `text/html`"))?;
    if base == "multipart" || base == "message" {
        return Err(wrong("a type that is made of other messages, which is not in this version")
            .with_hint("attach it as `application/octet-stream`"));
    }
    match std::str::from_utf8(bytes) {
        Ok(readable) if base == "text" => Ok(text(readable, subtype)),
        Err(_) if base == "text" => Ok(binary(bytes, "application/octet-stream")),
        _ => Ok(binary(bytes, mimetype)),
    }
}

fn binary(bytes: &[u8], mimetype: &str) -> Part {
    let letters = encode(bytes, Alphabet::Standard);
    let mut content = String::with_capacity(letters.len() + letters.len() / 76 + 1);
    let mut rest = letters.as_str();
    while !rest.is_empty() {
        let (line, behind) = rest.split_at(rest.len().min(76));
        content.push_str(line);
        content.push('\n');
        rest = behind;
    }
    Part { headers: typed(mimetype, "base64"), content: Content::Whole(content) }
}

fn file(attachment: &Attachment) -> Result<Part, MailError> {
    let Attachment { filename, content: bytes, mimetype } = attachment;
    let name = filename.as_deref().filter(|name| !name.is_empty());
    let by_name = || name.and_then(mime_type).unwrap_or("application/octet-stream");
    let mut part = content(bytes, mimetype.as_deref().filter(|given| !given.is_empty()).unwrap_or_else(by_name))?;
    if let Some(name) = name {
        header::refuse_breaks("Content-Disposition", name)?;
        let said = if name.is_ascii() {
            format!("attachment; filename=\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
        } else {
            format!("attachment; filename*=utf-8''{}", percent_encoded(name))
        };
        part.headers.push(("Content-Disposition".to_owned(), said));
    }
    Ok(part)
}

fn percent_encoded(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-~".contains(&byte);
    let letter = |byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    name.bytes().map(letter).collect()
}

/// What stands between parts.
struct Boundaries(u64);

impl Boundaries {
    /// One that is in none of the parts.
    fn next(&mut self, parts: &[String]) -> String {
        loop {
            let made = format!("==============={:019}==", self.0 >> 1);
            self.0 = self.0.wrapping_add(2);
            if !parts.iter().any(|part| part.contains(&format!("--{made}"))) {
                return made;
            }
        }
    }
}

fn written(part: &Part, boundaries: &mut Boundaries) -> Result<String, MailError> {
    let mut out = String::new();
    let body = match &part.content {
        Content::Whole(content) => content.clone(),
        Content::Many(kind, parts) => {
            let parts = parts.iter().map(|part| written(part, boundaries)).collect::<Result<Vec<_>, _>>()?;
            let boundary = boundaries.next(&parts);
            let content_type = format!("multipart/{kind}; boundary=\"{boundary}\"");
            out.push_str(&header::line("Content-Type", &content_type)?);
            out.push_str("MIME-Version: 1.0\n");
            format!("--{boundary}\n{}\n--{boundary}--\n", parts.join(&format!("\n--{boundary}\n")))
        }
    };
    for (name, value) in &part.headers {
        out.push_str(&header::line(name, value)?);
    }
    out.push('\n');
    out.push_str(&body);
    Ok(out)
}
