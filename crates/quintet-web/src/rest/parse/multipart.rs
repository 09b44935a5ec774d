//! Forms with files.
//!
//! Parts are read as they arrive: fields into memory up to a limit, files to disk past another. The reference's rules in
//! what it is strict about and what it lets pass.

use std::sync::Arc;

use bytes::BytesMut;
use http::StatusCode;
use quintet_core::json::charset::{self, Charset};
use quintet_core::json::{Form, FormValue};
use quintet_core::rest::{Data, FormData, UploadedFile};

use super::base64::{self, Decoder};
use super::form::too_many_fields;
use super::segments::{Piece, Segments, Then};
use super::{Parse, charset_of, unsupported_charset};
use crate::http::{BoxFuture, Error, HeaderValueParts, Request, Result};
use crate::rest::upload::{Sink, safe_name};

/// Reads forms with files; the reference's `MultiPartParser`.
#[derive(Clone, Copy, Debug, Default)]
pub struct MultiPartParser;

/// The headers of a part have so many bytes at most.
const LONGEST_HEAD: usize = 1024;

/// Two parts that are none are there always: before the first boundary and after the last.
const UNSEEN_PARTS: usize = 2;

impl Parse for MultiPartParser {
    fn media_type(&self) -> &'static str {
        "multipart/form-data"
    }

    fn parse<'a>(&'a self, request: &'a Request, content_type: &'a str) -> BoxFuture<'a, Result<Data>> {
        Box::pin(async move {
            let boundary = boundary_of(content_type)?;
            let name = charset_of(content_type);
            let charset = charset::lookup(&name).map_err(|_| unsupported_charset(&name))?;
            let segments = Segments::new(request.stream()?, &boundary)?;
            Reading::new(request, segments, charset).run().await
        })
    }
}

fn malformed(text: impl std::fmt::Display) -> Error {
    Error::parse_error(format!("Multipart form parse error - {text}"))
}

fn boundary_of(content_type: &str) -> Result<String> {
    if !content_type.starts_with("multipart/") {
        return Err(malformed(format!("Invalid Content-Type: {content_type}")));
    }
    if !content_type.is_ascii() {
        return Err(malformed(format!("Invalid non-ASCII Content-Type in multipart: {content_type}")));
    }
    let parts = HeaderValueParts::parse(content_type);
    let boundary = parts.get("boundary").unwrap_or_default();
    let fits = (1..=201).contains(&boundary.len()) && boundary.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if !fits || boundary.ends_with(' ') {
        let shown = if parts.get("boundary").is_some() { boundary } else { "None" };
        return Err(malformed(format!("Invalid boundary in multipart: {shown}")));
    }
    Ok(boundary.to_owned())
}

/// A form that is being read.
struct Reading<'a> {
    request: &'a Request,
    segments: Segments,
    charset: Charset,
    form: Form,
    files: Vec<(String, Arc<dyn UploadedFile>)>,
    parts: usize,
    files_seen: usize,
    field_bytes: usize,
    /// What files may still take of memory.
    memory: usize,
}

/// What the headers of a part say.
struct Head {
    disposition: HeaderValueParts,
    content_type: Option<HeaderValueParts>,
    is_base64: bool,
}

impl<'a> Reading<'a> {
    fn new(request: &'a Request, segments: Segments, charset: Charset) -> Self {
        Self {
            request,
            segments,
            charset,
            form: Form::default(),
            files: Vec::new(),
            parts: 0,
            files_seen: 0,
            field_bytes: 0,
            memory: request.site().options().http.file_upload_max_memory_size,
        }
    }

    async fn run(mut self) -> Result<Data> {
        while !self.segments.is_at_end().await? {
            self.part().await?;
        }
        let mut files: Vec<Arc<dyn UploadedFile>> = Vec::with_capacity(self.files.len());
        for (name, file) in self.files {
            self.form.0.push((name, FormValue::File(files.len())));
            files.push(file);
        }
        Ok(Data::Form(FormData { form: self.form, files: files.into() }))
    }

    async fn part(&mut self) -> Result<()> {
        let (start, then) = self.start().await?;
        let Some((head, body)) = split_head(&start) else {
            let is_long = start.len() >= LONGEST_HEAD;
            return if is_long {
                Err(malformed("Request max total header size exceeded."))
            } else {
                self.count_field()
            };
        };
        let Some(head) = head else {
            self.count_field()?;
            return self.skip(then).await;
        };
        let text = |name: &str| self.charset.decode_lossy(name.as_bytes()).into_owned();
        let file = head.disposition.get("filename").filter(|name| !name.is_empty()).map(text);
        let field = head.disposition.get("name").map(|name| text(name.trim()));
        if file.is_none() {
            self.count_field()?;
        }
        let Some(name) = field else { return self.skip(then).await };
        match file {
            None => self.field(name, head.is_base64, body, then).await,
            Some(file) => self.file(name, &file, &head, body, then).await,
        }
    }

    /// The start of a part, until its headers must have ended.
    async fn start(&mut self) -> Result<(BytesMut, Then)> {
        let mut start = BytesMut::new();
        loop {
            let Piece { data, then } = self.segments.next().await?;
            start.extend_from_slice(&data);
            if then != Then::More || start.len() >= LONGEST_HEAD {
                return Ok((start, then));
            }
        }
    }

    fn count_field(&mut self) -> Result<()> {
        self.parts += 1;
        let limit = self.request.site().options().http.data_upload_max_number_fields;
        if limit.is_some_and(|limit| self.parts > limit + UNSEEN_PARTS) { Err(too_many_fields()) } else { Ok(()) }
    }

    async fn skip(&mut self, mut then: Then) -> Result<()> {
        while then == Then::More {
            then = self.segments.next().await?.then;
        }
        Ok(())
    }

    async fn field(&mut self, name: String, is_base64: bool, body: &[u8], mut then: Then) -> Result<()> {
        let limit = self.request.site().options().http.data_upload_max_memory_size.unwrap_or(usize::MAX);
        let spent = self.field_bytes.saturating_add(name.chars().count() + 2);
        let mut value = body.to_vec();
        loop {
            if value.len().saturating_add(spent) > limit {
                return Err(Error::payload_too_large());
            }
            if then != Then::More {
                break;
            }
            let piece = self.segments.next().await?;
            value.extend_from_slice(&piece.data);
            then = piece.then;
        }
        self.field_bytes = spent + value.len();
        let plain = if is_base64 { base64::decode(&value).unwrap_or(value) } else { value };
        self.form.0.push((name, FormValue::Text(self.charset.decode_lossy(&plain).into_owned())));
        Ok(())
    }

    async fn file(&mut self, field: String, name: &str, head: &Head, body: &[u8], mut then: Then) -> Result<()> {
        let http = &self.request.site().options().http;
        self.files_seen += 1;
        if http.data_upload_max_number_files.is_some_and(|limit| self.files_seen > limit) {
            let reason = "the form has more files than `data_upload_max_number_files` allows";
            return Err(Error::page(StatusCode::BAD_REQUEST, reason));
        }
        let Some(name) = safe_name(name) else { return self.skip(then).await };
        let said = head.content_type.as_ref();
        let content_type = said.map(|said| said.main.clone()).unwrap_or_default();
        let charset = said.and_then(|said| said.get("charset")).map(str::to_owned);
        let mut sink = Sink::new(name, Some(content_type), charset, http.file_upload_temp_dir.clone());
        let mut decoder = head.is_base64.then(Decoder::default);
        let mut piece = body.to_vec();
        loop {
            if let Some(decoder) = &mut decoder {
                piece = decoder.decode(&piece).ok_or_else(|| malformed("Could not decode base64 data."))?;
            }
            sink.write(&piece, &mut self.memory).await?;
            if then != Then::More {
                break;
            }
            let next = self.segments.next().await?;
            (piece, then) = (next.data.to_vec(), next.then);
        }
        if decoder.is_some_and(|decoder| !decoder.is_complete()) {
            return Err(malformed("Could not decode base64 data."));
        }
        // One that the body's end cut off is none.
        if then == Then::Boundary && !self.segments.is_at_end().await? {
            self.files.push((field, Arc::new(sink.finish().await?)));
        }
        Ok(())
    }
}

/// The headers and what follows. Nothing where they do not end in time; no head where they describe no part of a form.
fn split_head(start: &[u8]) -> Option<(Option<Head>, &[u8])> {
    let within = &start[..start.len().min(LONGEST_HEAD)];
    let end = within.windows(4).position(|window| window == b"\r\n\r\n")?;
    Some((head_of(&start[..end]), &start[end + 4..]))
}

fn head_of(bytes: &[u8]) -> Option<Head> {
    let (mut disposition, mut content_type, mut is_base64) = (None, None, false);
    for line in lines(bytes) {
        let Ok(line) = std::str::from_utf8(line) else { continue };
        let mut value = HeaderValueParts::parse(line);
        let Some((name, main)) = value.main.split_once(':') else { continue };
        let (name, main) = (name.to_owned(), main.trim().to_owned());
        value.main = main;
        match &*name {
            "content-disposition" => disposition = Some(value),
            "content-type" => content_type = Some(value),
            "content-transfer-encoding" => is_base64 = value.main == "base64",
            _ => {}
        }
    }
    disposition.map(|disposition| Head { disposition, content_type, is_base64 })
}

/// What CR LF divides; either alone is a part of its line.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = text.windows(2).position(|window| window == b"\r\n");
        rest = end.map(|end| &text[end + 2..]);
        Some(end.map_or(text, |end| &text[..end]))
    })
}
