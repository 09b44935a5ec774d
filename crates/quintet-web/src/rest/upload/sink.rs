//! Where the bytes of an uploaded file go while they arrive.

use std::fs::File;
use std::path::PathBuf;

use bytes::Bytes;
use quintet_core::python;

use super::temporary::{Temporary, append};
use super::{Content, Uploaded};
use crate::http::Result;

/// So much is written at once.
const BLOCK: usize = 256 * 1024;

/// So much of a file on disk is kept at hand: it tells what kind of file it is.
const HEAD: usize = 64 * 1024;

/// A file's name has so many characters at most.
const LONGEST_NAME: usize = 255;

/// A file that is arriving.
pub(crate) struct Sink {
    file: Uploaded,
    pending: Vec<u8>,
    disk: Option<(Temporary, File)>,
    head: Bytes,
    folder: Option<PathBuf>,
}

impl Sink {
    pub(crate) fn new(
        name: String,
        content_type: Option<String>,
        charset: Option<String>,
        folder: Option<PathBuf>,
    ) -> Self {
        let file = Uploaded { name, content_type, charset, size: 0, content: Content::Memory(Bytes::new()) };
        Self { file, pending: Vec::new(), disk: None, head: Bytes::new(), folder }
    }

    /// Takes more of the file: into memory while there is any left to spend, then to disk.
    pub(crate) async fn write(&mut self, bytes: &[u8], memory: &mut usize) -> Result<()> {
        self.file.size += bytes.len() as u64;
        if self.disk.is_none() && bytes.len() <= *memory {
            *memory -= bytes.len();
            self.pending.extend_from_slice(bytes);
            return Ok(());
        }
        if self.disk.is_none() {
            *memory += self.pending.len();
            self.disk = Some(Temporary::create(self.folder.clone()).await?);
        }
        self.pending.extend_from_slice(bytes);
        if self.pending.len() >= BLOCK { self.flush().await } else { Ok(()) }
    }

    async fn flush(&mut self) -> Result<()> {
        if self.head.is_empty() {
            self.head = Bytes::copy_from_slice(&self.pending[..self.pending.len().min(HEAD)]);
        }
        if let Some((path, file)) = self.disk.take() {
            let file = append(file, std::mem::take(&mut self.pending)).await?;
            self.disk = Some((path, file));
        }
        Ok(())
    }

    /// The file, which is complete.
    pub(crate) async fn finish(mut self) -> Result<Uploaded> {
        if self.disk.is_some() {
            self.flush().await?;
        }
        self.file.content = match self.disk {
            Some((path, _)) => Content::Disk(path, self.head),
            None => Content::Memory(self.pending.into()),
        };
        Ok(self.file)
    }
}

/// A client's name for a file without folders and without what is not printable; nothing where nothing is left.
pub(crate) fn safe_name(name: &str) -> Option<String> {
    let name = unescaped(name);
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|character| python::is_printable(*character)).collect();
    if matches!(&*name, "" | "." | "..") {
        return None;
    }
    let length = name.chars().count();
    if length <= LONGEST_NAME {
        return Some(name);
    }
    let (root, extension) = match name.rfind('.').filter(|at| !name[..*at].trim_start_matches('.').is_empty()) {
        Some(at) => name.split_at(at),
        None => (&*name, ""),
    };
    let extension: String = extension.chars().take(LONGEST_NAME).collect();
    let root: String = root.chars().take(LONGEST_NAME - extension.chars().count()).collect();
    Some(root + &extension)
}

/// The entities of HTML that a name could hide a folder in; old browsers write `&#228;` for what a charset lacks.
fn unescaped(name: &str) -> String {
    const NAMED: [(&str, char); 9] = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("sol", '/'),
        ("bsol", '\\'),
        ("period", '.'),
        ("nbsp", '\u{a0}'),
    ];
    let mut rest = name;
    let mut plain = String::with_capacity(name.len());
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity = rest[1..].split_once(';').filter(|(entity, _)| entity.len() <= 10).and_then(|(entity, after)| {
            let named = || NAMED.iter().find(|(known, _)| *known == entity).map(|(_, character)| *character);
            Some((numbered(entity).or_else(named)?, after))
        });
        match entity {
            Some((character, after)) => {
                plain.push(character);
                rest = after;
            }
            None => {
                plain.push('&');
                rest = &rest[1..];
            }
        }
    }
    plain + rest
}

fn numbered(entity: &str) -> Option<char> {
    let digits = entity.strip_prefix('#')?;
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => digits.parse(),
    };
    code.ok().and_then(char::from_u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_no_folder_of_any_system() {
        let cases = [
            ("a/b/c.png", Some("c.png")),
            ("..\\x.bin", Some("x.bin")),
            ("C:\\a\\win.png", Some("win.png")),
            ("&#92;x&sol;y", Some("y")),
            ("a/..", None),
            ("..\\", None),
        ];
        for (given, name) in cases {
            assert_eq!(safe_name(given).as_deref(), name, "{given}");
        }
    }
}
