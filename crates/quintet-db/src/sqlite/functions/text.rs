//! Functions of text: patterns, fillings and digests.

use md5::{Digest, Md5};
use regex::Regex;
use rusqlite::functions::Context;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Error, Result};
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};

use super::{Function, failure, text_of};

pub(super) const FUNCTIONS: &[Function] = &[
    ("regexp", 2, regexp),
    ("LPAD", 3, |given| pad(given, |text, fill| format!("{fill}{text}"))),
    ("RPAD", 3, |given| pad(given, |text, fill| format!("{text}{fill}"))),
    ("MD5", 1, digest::<Md5>),
    ("SHA1", 1, digest::<Sha1>),
    ("SHA224", 1, digest::<Sha224>),
    ("SHA256", 1, digest::<Sha256>),
    ("SHA384", 1, digest::<Sha384>),
    ("SHA512", 1, digest::<Sha512>),
    ("REPEAT", 2, repeat),
    ("REVERSE", 1, |given| Ok(Value::Text(text_of(given, 0)?.chars().rev().collect()))),
];

/// More than any column holds: a text of this length is a mistake or an attack.
const MOST: usize = 100_000_000;

/// `text REGEXP pattern` calls `regexp(pattern, text)`.
fn regexp(given: &Context<'_>) -> Result<Value> {
    let compile = |value: ValueRef<'_>| -> std::result::Result<Regex, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Regex::new(value.as_str()?)?)
    };
    let pattern = given.get_or_create_aux(0, compile)?;
    let is_match = match given.get_raw(1) {
        ValueRef::Text(text) => {
            let text = std::str::from_utf8(text).map_err(|error| Error::UserFunctionError(Box::new(error)))?;
            pattern.is_match(text)
        }
        _ => pattern.is_match(&text_of(given, 1)?),
    };
    Ok(Value::Integer(is_match.into()))
}

fn digest<D: Digest>(given: &Context<'_>) -> Result<Value> {
    let digest = D::digest(text_of(given, 0)?.as_bytes());
    Ok(Value::Text(digest.iter().map(|byte| format!("{byte:02x}")).collect()))
}

fn repeat(given: &Context<'_>) -> Result<Value> {
    let (text, count) = (text_of(given, 0)?, usize::try_from(given.get::<i64>(1)?).unwrap_or_default());
    if text.len().saturating_mul(count) > MOST {
        return Err(failure("`REPEAT` makes too long a text"));
    }
    Ok(Value::Text(text.repeat(count)))
}

fn pad(given: &Context<'_>, join: fn(&str, &str) -> String) -> Result<Value> {
    let (text, fill) = (text_of(given, 0)?, text_of(given, 2)?);
    let length = usize::try_from(given.get::<i64>(1)?).unwrap_or_default();
    if length > MOST {
        return Err(failure("a text is filled up to too great a length"));
    }
    let missing = length.saturating_sub(text.chars().count());
    let fill: String = fill.chars().cycle().take(missing).collect();
    let cut: String = text.chars().take(length).collect();
    Ok(Value::Text(join(&cut, &fill)))
}
