//! The pieces of a multipart body between its boundaries, as they arrive.
//!
//! Keeps no more than one piece and what could be the start of a boundary.

use bytes::{Bytes, BytesMut};
use regex::bytes::Regex;

use crate::http::{BodyStream, Error, Result};

/// A part of a body; after it comes more of the same part, a boundary or nothing.
pub(super) struct Piece {
    pub(super) data: Bytes,
    pub(super) then: Then,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    More,
    Boundary,
    End,
}

pub(super) struct Segments {
    stream: BodyStream,
    kept: BytesMut,
    boundary: Regex,
    /// What may be the start of a boundary with the line break before it.
    held_back: usize,
    is_over: bool,
}

impl Segments {
    pub(super) fn new(stream: BodyStream, boundary: &str) -> Result<Self> {
        let separator = format!("--{boundary}");
        // A plain text as a pattern: it is found in linear time, whatever the text.
        let pattern = Regex::new(&regex::escape(&separator)).map_err(Error::internal)?;
        let held_back = separator.len() + 2;
        Ok(Self { stream, kept: BytesMut::new(), boundary: pattern, held_back, is_over: false })
    }

    /// Whether nothing is left.
    pub(super) async fn is_at_end(&mut self) -> Result<bool> {
        while self.kept.is_empty() && !self.is_over {
            self.read().await?;
        }
        Ok(self.kept.is_empty())
    }

    pub(super) async fn next(&mut self) -> Result<Piece> {
        loop {
            if let Some(found) = self.boundary.find(&self.kept) {
                let (start, end) = (found.start(), found.end());
                let mut data = self.kept.split_to(end);
                data.truncate(without_line_break(&data[..start]));
                return Ok(Piece { data: data.freeze(), then: Then::Boundary });
            }
            if self.is_over {
                return Ok(Piece { data: self.kept.split().freeze(), then: Then::End });
            }
            if self.kept.len() > self.held_back {
                let data = self.kept.split_to(self.kept.len() - self.held_back).freeze();
                return Ok(Piece { data, then: Then::More });
            }
            self.read().await?;
        }
    }

    async fn read(&mut self) -> Result<()> {
        match self.stream.next().await? {
            Some(bytes) => self.kept.extend_from_slice(&bytes),
            None => self.is_over = true,
        }
        Ok(())
    }
}

/// The length without the line break that belongs to the boundary.
fn without_line_break(data: &[u8]) -> usize {
    let line = data.strip_suffix(b"\n").unwrap_or(data);
    line.strip_suffix(b"\r").unwrap_or(line).len()
}
