//! Answers that are files: their type by their name, and what a browser shall do with them.

use std::borrow::Cow;

use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Body, Response};

/// What the reference's `quote` leaves as it is.
const QUOTED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'_').remove(b'.').remove(b'-').remove(b'~');

/// What a browser does with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// Shows it, if it can.
    Inline,
    /// Saves it.
    Attachment,
}

impl Response {
    /// A file: its content type is guessed from its name, and `Content-Disposition` says that name. Of a stream whose
    /// length is known, say it: `with_length`.
    pub fn file(body: impl Into<Body>, name: &str, disposition: Disposition) -> Self {
        let name = name.rsplit('/').next().unwrap_or_default();
        let mut response = Self::new(body, "application/octet-stream");
        let content_type = content_type_of(name).map_or(Cow::Borrowed("application/octet-stream"), Cow::Owned);
        if let Ok(value) = HeaderValue::from_str(&content_type) {
            response.headers_mut().insert(CONTENT_TYPE, value);
        }
        if let Some(value) = content_disposition(disposition, name) {
            response.headers_mut().insert(CONTENT_DISPOSITION, value);
        }
        response
    }

    /// The same answer, whose body is known to have so many bytes.
    #[must_use]
    pub fn with_length(mut self, bytes: u64) -> Self {
        self.headers_mut().insert(CONTENT_LENGTH, bytes.into());
        self
    }
}

/// The header for a file's name: quoted where it is plain, else as RFC 6266 has it.
pub fn content_disposition(disposition: Disposition, name: &str) -> Option<HeaderValue> {
    let word = if disposition == Disposition::Attachment { "attachment" } else { "inline" };
    let is_plain = name.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~'));
    let text = match name {
        "" if disposition == Disposition::Attachment => word.to_owned(),
        "" => return None,
        plain if is_plain => {
            format!("{word}; filename=\"{}\"", plain.replace('\\', "\\\\").replace('"', "\\\""))
        }
        other => format!("{word}; filename*=utf-8''{}", utf8_percent_encode(other, QUOTED)),
    };
    HeaderValue::from_str(&text).ok()
}

/// The media type that a file's name says; that of what packs it where it is packed.
pub fn content_type_of(name: &str) -> Option<String> {
    let extension = name.rsplit_once('.').filter(|(root, _)| !root.is_empty())?.1.to_ascii_lowercase();
    let (_, media_type) = TYPES.iter().find(|(names, _)| names.split(' ').any(|known| known == extension))?;
    Some((*media_type).to_owned())
}

/// The reference's table, as far as files on the web go.
const TYPES: &[(&str, &str)] = &[
    ("html htm", "text/html"),
    ("txt bat c h ksh pl text", "text/plain"),
    ("css", "text/css"),
    ("csv", "text/csv"),
    ("tsv", "text/tab-separated-values"),
    ("py", "text/x-python"),
    ("rtf", "application/rtf"),
    ("vcf", "text/x-vcard"),
    ("xml xsl rdf wsdl xpdl", "text/xml"),
    ("js mjs", "text/javascript"),
    ("json", "application/json"),
    ("webmanifest", "application/manifest+json"),
    ("wasm", "application/wasm"),
    ("pdf", "application/pdf"),
    ("ps ai eps", "application/postscript"),
    ("doc dot wiz", "application/msword"),
    ("xls xlb", "application/vnd.ms-excel"),
    ("ppt pot ppa pps pwz", "application/vnd.ms-powerpoint"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("zip", "application/zip"),
    ("tar", "application/x-tar"),
    ("gz tgz", "application/gzip"),
    ("bz2", "application/x-bzip"),
    ("xz", "application/x-xz"),
    ("br", "application/x-brotli"),
    ("z", "application/x-compress"),
    ("swf", "application/x-shockwave-flash"),
    ("png", "image/png"),
    ("jpg jpeg jpe", "image/jpeg"),
    ("gif", "image/gif"),
    ("bmp", "image/bmp"),
    ("ico", "image/vnd.microsoft.icon"),
    ("svg", "image/svg+xml"),
    ("tif tiff", "image/tiff"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("heic", "image/heic"),
    ("heif", "image/heif"),
    ("mp3 mp2", "audio/mpeg"),
    ("wav", "audio/x-wav"),
    ("aac adts", "audio/aac"),
    ("opus", "audio/opus"),
    ("mp4 m4v", "video/mp4"),
    ("mpg mpeg mpe m1v mpa", "video/mpeg"),
    ("mov qt", "video/quicktime"),
    ("webm", "video/webm"),
    ("avi", "video/x-msvideo"),
    ("eml mht mhtml nws", "message/rfc822"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn header(disposition: Disposition, name: &str) -> Option<String> {
        content_disposition(disposition, name).map(|value| value.to_str().unwrap().to_owned())
    }

    #[test]
    fn the_header_quotes_plain_names_and_escapes_others() {
        let inline = |name| header(Disposition::Inline, name);
        assert_eq!(inline("a b.txt").as_deref(), Some("inline; filename=\"a b.txt\""));
        assert_eq!(inline("a\"b\\.txt").as_deref(), Some("inline; filename=\"a\\\"b\\\\.txt\""));
        assert_eq!(inline("é/ñ.txt").as_deref(), Some("inline; filename*=utf-8''%C3%A9/%C3%B1.txt"));
        assert_eq!(inline("a\nb").as_deref(), Some("inline; filename*=utf-8''a%0Ab"));
        assert_eq!(inline(""), None);
        assert_eq!(header(Disposition::Attachment, "").as_deref(), Some("attachment"));
    }

    #[test]
    fn a_file_has_the_type_that_its_name_says() {
        let content_type = |name| {
            let response = Response::file("x", name, Disposition::Attachment);
            response.header("content-type").unwrap().to_owned()
        };
        assert_eq!(content_type("a.PNG"), "image/png");
        assert_eq!(content_type("a.tar.gz"), "application/gzip");
        assert_eq!(content_type("png"), "application/octet-stream");
        assert_eq!(content_type(".png"), "application/octet-stream");
    }
}
