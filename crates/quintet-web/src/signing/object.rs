//! Whatever JSON can say, as a text of plain letters: JSON, made smaller where that helps, in base64.

use std::io::{Read, Write};
use std::time::Duration;

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use quintet_core::json::{self, Json, Style};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::BadSignature;
use crate::Site;
use crate::auth::base64::{self, Alphabet};
use crate::http::{Error, Result};

/// The salt of [`dumps`] and [`loads`], where none is said.
pub const OBJECT_SALT: &str = "django.core.signing";

/// Signs whatever JSON can say, with the time: as one text that can stand in a URL.
///
/// # Errors
/// JSON cannot say it, or the site has no key.
pub fn dumps(site: &Site, salt: &str, value: &impl Serialize, compress: bool) -> Result<String> {
    site.timestamp_signer()?.salt(OBJECT_SALT).salt(salt).sign_object(value, compress)
}

/// The same back, no older than it may be.
///
/// # Errors
/// It is not signed, too old, or of another type.
pub fn loads<T: DeserializeOwned>(
    site: &Site,
    salt: &str,
    signed: &str,
    max_age: Option<Duration>,
) -> Result<T, BadSignature> {
    let signer = site.timestamp_signer().map_err(|_| BadSignature::Mismatch)?;
    signer.salt(OBJECT_SALT).salt(salt).unsign_object(signed, max_age)
}

/// ASCII alone, without spaces.
const STYLE: Style = Style { ascii: true, indent: None, compact: true, strict: false };

/// What stands in front of what was made smaller.
const SMALLER: char = '.';

pub(super) fn packed(value: &Json, compress: bool) -> Result<String> {
    let mut text = vec![];
    json::write(value, &STYLE, &mut text).map_err(Error::internal)?;
    if compress {
        let mut smaller = ZlibEncoder::new(vec![], Compression::default());
        smaller.write_all(&text).map_err(Error::internal)?;
        let smaller = smaller.finish().map_err(Error::internal)?;
        if smaller.len() + 1 < text.len() {
            return Ok(format!("{SMALLER}{}", base64::encode(&smaller, Alphabet::Url)));
        }
    }
    Ok(base64::encode(&text, Alphabet::Url))
}

pub(super) fn unpacked(text: &str) -> Option<Json> {
    let bytes = match text.strip_prefix(SMALLER) {
        None => base64::decode(text, Alphabet::Url)?,
        Some(smaller) => {
            let mut bytes = vec![];
            // Its length is no concern: who signed it had the key.
            ZlibDecoder::new(base64::decode(smaller, Alphabet::Url)?.as_slice()).read_to_end(&mut bytes).ok()?;
            bytes
        }
    };
    json::parse(&bytes, "latin-1").ok()
}

/// A value as a tree.
pub(crate) fn tree(value: &impl Serialize) -> Result<Json> {
    json::parse_text(&serde_json::to_string(value)?).map_err(Error::internal)
}

/// A tree as a value.
pub(crate) fn typed<T: DeserializeOwned>(value: &Json) -> Result<T, BadSignature> {
    let mut text = vec![];
    json::write(value, &STYLE, &mut text).map_err(|_| BadSignature::Malformed)?;
    serde_json::from_slice(&text).map_err(|_| BadSignature::Malformed)
}
