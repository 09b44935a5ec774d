//! Base64 as parts of forms may be encoded: what is no letter of it is skipped.

/// All of a value; nothing where letters are missing.
pub(super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut decoder = Decoder::default();
    let plain = decoder.decode(text)?;
    decoder.is_complete().then_some(plain)
}

/// A value that comes in pieces.
#[derive(Default)]
pub(super) struct Decoder {
    /// Letters that wait for the rest of their four.
    bits: u32,
    letters: u32,
    pads: u32,
    is_over: bool,
}

impl Decoder {
    /// What a piece adds; nothing where it is no Base64.
    pub(super) fn decode(&mut self, piece: &[u8]) -> Option<Vec<u8>> {
        let mut plain = Vec::with_capacity(piece.len() / 4 * 3 + 3);
        for byte in piece {
            if self.is_over {
                break;
            }
            if *byte == b'=' {
                self.pads += u32::from(self.letters >= 2);
                self.is_over = self.letters >= 2 && self.letters + self.pads >= 4;
                continue;
            }
            let Some(value) = value_of(*byte) else { continue };
            self.pads = 0;
            self.bits = self.bits << 6 | value;
            self.letters += 1;
            if self.letters > 1 {
                // Four letters are three bytes: each letter but the first completes one.
                let left = 6 - 2 * (self.letters - 1);
                plain.push(u8::try_from(self.bits >> left & 0xff).ok()?);
                self.bits &= (1 << left) - 1;
            }
            if self.letters == 4 {
                (self.letters, self.bits) = (0, 0);
            }
        }
        Some(plain)
    }

    pub(super) fn is_complete(&self) -> bool {
        self.letters == 0 || self.is_over
    }
}

fn value_of(byte: u8) -> Option<u32> {
    let (first, offset) = match byte {
        b'A'..=b'Z' => (b'A', 0),
        b'a'..=b'z' => (b'a', 26),
        b'0'..=b'9' => (b'0', 52),
        b'+' => return Some(62),
        b'/' => return Some(63),
        _ => return None,
    };
    Some(u32::from(byte - first) + offset)
}
