//! All files of a front end as one piece of bytes, so that a program can hold them.
//!
//! For each file: the length of its name and of its content, eight bytes each with the lowest first, then both.

use std::fmt;

use bytes::Bytes;

/// Bytes that are no pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadPack;

impl fmt::Display for BadPack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the front end in this program is damaged")
    }
}

impl std::error::Error for BadPack {}

/// Files as one piece.
pub fn pack(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut packed = Vec::new();
    for (name, content) in files {
        for length in [name.len(), content.len()] {
            packed.extend((length as u64).to_le_bytes());
        }
        packed.extend(name.as_bytes());
        packed.extend(content);
    }
    packed
}

/// The files again. Nothing is copied.
///
/// # Errors
/// Where the bytes end in the middle of a file, or a name is no text.
pub fn unpack(packed: &'static [u8]) -> Result<Vec<(String, Bytes)>, BadPack> {
    let mut rest = packed;
    let mut files = Vec::new();
    while !rest.is_empty() {
        let (name, content) = (length(&mut rest)?, length(&mut rest)?);
        let name = std::str::from_utf8(piece(&mut rest, name)?).map_err(|_| BadPack)?;
        files.push((name.to_owned(), Bytes::from_static(piece(&mut rest, content)?)));
    }
    Ok(files)
}

fn length(rest: &mut &'static [u8]) -> Result<usize, BadPack> {
    let bytes = piece(rest, 8)?.try_into().map_err(|_| BadPack)?;
    usize::try_from(u64::from_le_bytes(bytes)).map_err(|_| BadPack)
}

fn piece(rest: &mut &'static [u8], length: usize) -> Result<&'static [u8], BadPack> {
    let (piece, after) = rest.split_at_checked(length).ok_or(BadPack)?;
    *rest = after;
    Ok(piece)
}
