//! How much a token may cost who decrypts it.

use std::io::Read as _;

use flate2::read::DeflateDecoder;

use crate::jwt::Error;

/// How much a token may cost: its length, and what comes of it where it is compressed.
#[derive(Clone, Debug)]
pub struct DecryptionLimits {
    pub(super) token: usize,
    decompressed: Option<usize>,
}

impl Default for DecryptionLimits {
    /// 256 KiB, and nothing that is compressed.
    fn default() -> Self {
        Self { token: 1 << 18, decompressed: None }
    }
}

impl DecryptionLimits {
    /// The bytes that a token may have, written out.
    #[must_use]
    pub fn token(mut self, bytes: usize) -> Self {
        self.token = bytes;
        self
    }

    /// Takes tokens that say `"zip": "DEF"`, of which at most so many bytes come.
    #[must_use]
    pub fn decompressed(mut self, bytes: usize) -> Self {
        self.decompressed = Some(bytes);
        self
    }

    /// Whether compressed tokens are taken at all.
    pub(super) fn takes_compressed(&self) -> bool {
        self.decompressed.is_some()
    }

    /// What was compressed. No more than the limit is ever made of it.
    pub(super) fn inflated(&self, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        let most = self.decompressed.unwrap_or_default();
        let mut text = vec![];
        let mut reader = DeflateDecoder::new(bytes).take(most as u64 + 1);
        reader.read_to_end(&mut text).map_err(|_| Error::Malformed("it is compressed wrongly"))?;
        if text.len() > most {
            return Err(Error::Malformed("it is too long, decompressed"));
        }
        if reader.into_inner().total_in() != bytes.len() as u64 {
            return Err(Error::Malformed("it is compressed wrongly"));
        }
        Ok(text)
    }
}
