//! `bcrypt_sha256$$2b$12$..` and `bcrypt$$2b$12$..`, with bcrypt's own alphabet.

use aws_lc_rs::digest;

use crate::auth::chance::hex;

pub(super) const SHA256: Bcrypt = Bcrypt { name: "bcrypt_sha256", is_digested: true };
pub(super) const PLAIN: Bcrypt = Bcrypt { name: "bcrypt", is_digested: false };

/// As much of a password as bcrypt looks at.
const LONGEST: usize = 72;
const LETTERS: &[u8; 64] = b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// bcrypt, of the password or of its digest.
pub(super) struct Bcrypt {
    name: &'static str,
    is_digested: bool,
}

impl Bcrypt {
    pub(super) fn encode(&self, password: &str, salt: &[u8; 16], rounds: u32) -> Option<String> {
        self.written(password, "2b", salt, rounds)
    }

    pub(super) fn encode_as(&self, password: &str, encoded: &str) -> Option<String> {
        let (version, rounds, salt) = parts(encoded)?;
        self.written(password, version, &salt, rounds)
    }

    /// What no password fits.
    pub(super) fn stand_in(&self, salt: &[u8; 16], rounds: u32) -> String {
        format!("{}$$2b${rounds:02}${}", self.name, text(salt))
    }

    /// One more round is twice the work.
    pub(super) fn harden(&self, password: &str, encoded: &str, wanted: u32) {
        let Some((_, rounds, salt)) = parts(encoded) else { return };
        let times = 1_u64.checked_shl(wanted.saturating_sub(rounds)).unwrap_or(1) - 1;
        for _ in 0..times {
            let _ = self.encode(password, &salt, rounds);
        }
    }

    fn written(&self, password: &str, version: &str, salt: &[u8; 16], rounds: u32) -> Option<String> {
        let digested;
        let mut key = if self.is_digested {
            digested = hex(digest::digest(&digest::SHA256, password.as_bytes()).as_ref());
            digested.as_bytes().to_vec()
        } else {
            password.as_bytes().to_vec()
        };
        if key.len() > LONGEST || !(4..=31).contains(&rounds) {
            return None;
        }
        // The end of the text belongs to it, unless there is no place left.
        if key.len() < LONGEST {
            key.push(0);
        }
        let hash = bcrypt::bcrypt(rounds, *salt, &key);
        Some(format!("{}$${version}${rounds:02}${}{}", self.name, text(salt), text(&hash[..23])))
    }
}

/// The rounds of a hash.
pub(super) fn rounds_of(encoded: &str) -> Option<u32> {
    parts(encoded).map(|(_, rounds, _)| rounds)
}

fn parts(encoded: &str) -> Option<(&str, u32, [u8; 16])> {
    let mut parts = encoded.splitn(5, '$').skip(1);
    let ("", version, rounds, data) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?) else {
        return None;
    };
    if !["2a", "2b", "2x", "2y"].contains(&version) || version == "2x" {
        return None;
    }
    Some((version, rounds.parse().ok()?, bytes(data.get(..22)?)?))
}

fn text(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..=chunk.len() {
            text.push(LETTERS[(group >> (18 - 6 * at) & 63) as usize].into());
        }
    }
    text
}

fn bytes(text: &str) -> Option<[u8; 16]> {
    let mut bytes = Vec::with_capacity(18);
    for chunk in text.as_bytes().chunks(4) {
        let mut group = 0_u32;
        for at in 0..4 {
            let letter = chunk.get(at);
            let value = letter.map_or(Some(0), |letter| LETTERS.iter().position(|known| known == letter))?;
            group = group << 6 | u32::try_from(value).ok()?;
        }
        bytes.extend(&group.to_be_bytes()[1..]);
    }
    bytes.get(..16)?.try_into().ok()
}
