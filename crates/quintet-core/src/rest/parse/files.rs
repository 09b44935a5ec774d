//! Files: that there is one, that it has a name and bytes; and that an image looks like one.

use std::sync::Arc;

use super::{Answer, Read};
use crate::rest::{Datum, Field, Files, Input, UploadedFile, rules};
use crate::schema::{Rule, Validator, Value};

/// A file.
pub(super) fn file(field: &Field, options: &Files, input: &Input<'_>) -> Answer {
    checked(field, options, input).map(|file| Read::from(Datum::File(file)))
}

fn checked(field: &Field, options: &Files, input: &Input<'_>) -> Result<Arc<dyn UploadedFile>, crate::rest::Problems> {
    let Input::File(file) = input else { return Err(field.problem("invalid", &[]).into()) };
    let length = file.name().chars().count();
    if length == 0 {
        return Err(field.problem("no_name", &[]).into());
    }
    if file.size() == 0 && !options.allow_empty_file {
        return Err(field.problem("empty", &[]).into());
    }
    if let Some(most) = options.max_length.filter(|most| *most > 0 && length > *most as usize) {
        let places = [("max_length", most.to_string()), ("length", length.to_string())];
        return Err(field.problem("max_length", &places.each_ref().map(|(name, text)| (*name, text.as_str()))).into());
    }
    Ok(Arc::clone(file))
}

/// An image: its first bytes say so, and its name has an end of images.
pub(super) fn image(field: &Field, options: &Files, input: &Input<'_>) -> Answer {
    let file = checked(field, options, input)?;
    if !is_image(file.head()) {
        return Err(field.problem("invalid_image", &[]).into());
    }
    let name = Datum::Value(Value::Text(file.name().to_owned()));
    match rules::check(&Validator::new(Rule::FileExtension(vec![])), &name) {
        Some(problem) => Err(problem.into()),
        None => Ok(Read::from(Datum::File(file))),
    }
}

/// Whether bytes begin as an image of a known kind does. They are not decoded.
fn is_image(head: &[u8]) -> bool {
    const BEGINNINGS: [&[u8]; 9] = [
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"GIF87a",
        b"GIF89a",
        b"BM",
        b"II*\0",
        b"MM\0*",
        b"\0\0\x01\0",
        b"\0\0\x02\0",
    ];
    let is_webp = head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP");
    let is_avif = head.get(4..12).is_some_and(|kind| kind == b"ftypavif" || kind == b"ftypavis");
    is_webp || is_avif || BEGINNINGS.iter().any(|beginning| head.starts_with(beginning))
}
