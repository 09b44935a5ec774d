//! Files as fields take them.

use std::any::Any;
use std::sync::Arc;

use quintet_core::rest::{Context, Field, Input, Outcome, Problems, UploadedFile};

/// A file that is there as a whole.
#[derive(Debug)]
struct Upload {
    name: String,
    bytes: Vec<u8>,
}

/// A file.
pub(crate) fn upload(name: &str, bytes: &[u8]) -> Arc<dyn UploadedFile> {
    Arc::new(Upload { name: name.to_owned(), bytes: bytes.to_owned() })
}

impl UploadedFile for Upload {
    fn name(&self) -> &str {
        &self.name
    }

    fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn content_type(&self) -> Option<&str> {
        None
    }

    fn head(&self) -> &[u8] {
        &self.bytes
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn said(field: &Field, name: &str, bytes: &[u8]) -> String {
    match field.run(Input::File(upload(name, bytes)), &Context::default()) {
        Ok(Outcome::Valid(_)) => "valid".to_owned(),
        Err(Problems::List(problems)) => problems[0].message.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_has_a_name_that_is_not_too_long_and_bytes() {
    let field = Field::file().max_length(5);
    assert_eq!(said(&field, "a.txt", b"a"), "valid");
    assert_eq!(said(&field, "", b"a"), "No filename could be determined.");
    assert_eq!(said(&field, "a.txt", b""), "The submitted file is empty.");
    assert_eq!(said(&field, "äb.txt", b"a"), "Ensure this filename has at most 5 characters (it has 6).");
    assert_eq!(said(&Field::file().allow_empty_file(true), "a.txt", b""), "valid");
}

#[test]
fn an_image_begins_as_one_and_is_called_so() {
    let field = Field::image();
    assert_eq!(said(&field, "a.png", b"\x89PNG\r\n\x1a\n...."), "valid");
    assert!(said(&field, "a.png", b"<svg>").starts_with("Upload a valid image."));
    assert!(said(&field, "a.exe", b"GIF89a...").starts_with("File extension \u{201c}exe\u{201d} is not allowed."));
}

#[test]
fn text_is_no_file_and_a_file_is_no_text() {
    let text = Field::file().run(Input::from(quintet_core::json::Json::from("x")), &Context::default());
    assert!(matches!(text, Err(Problems::List(problems)) if problems[0].code == "invalid"));
    assert_eq!(said(&Field::char(), "a.txt", b"a"), "Not a valid string.");
    assert_eq!(said(&Field::boolean(), "1", b"a"), "Must be a valid boolean.");
}
