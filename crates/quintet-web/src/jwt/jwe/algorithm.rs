//! The algorithms of encrypted tokens: one for the key of a token, one for its text.

use std::fmt;
use std::str::FromStr;

use crate::jwt::Error;

/// How the key of a token's text reaches who may read it. Fixed by who decrypts, never taken from a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyAlgorithm {
    /// Both sides have it.
    Dir,
    /// It is wrapped with a secret of 128 bits.
    A128KW,
    /// It is wrapped with a secret of 256 bits.
    A256KW,
    /// It is encrypted with an RSA key: OAEP with SHA-256.
    RsaOaep256,
    /// It comes of an agreement on P-256 or P-384.
    EcdhEs,
    /// It is wrapped with a secret of 128 bits that comes of such an agreement.
    EcdhEsA128KW,
    /// It is wrapped with a secret of 256 bits that comes of such an agreement.
    EcdhEsA256KW,
}

/// The kind of key that an algorithm needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Secret,
    Rsa,
    Ec,
}

impl KeyAlgorithm {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Dir, Self::A128KW, Self::A256KW, Self::RsaOaep256, Self::EcdhEs, Self::EcdhEsA128KW, Self::EcdhEsA256KW];

    /// Its name in a token: `A256KW`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dir => "dir",
            Self::A128KW => "A128KW",
            Self::A256KW => "A256KW",
            Self::RsaOaep256 => "RSA-OAEP-256",
            Self::EcdhEs => "ECDH-ES",
            Self::EcdhEsA128KW => "ECDH-ES+A128KW",
            Self::EcdhEsA256KW => "ECDH-ES+A256KW",
        }
    }

    pub(super) fn family(self) -> Family {
        match self {
            Self::Dir | Self::A128KW | Self::A256KW => Family::Secret,
            Self::RsaOaep256 => Family::Rsa,
            Self::EcdhEs | Self::EcdhEsA128KW | Self::EcdhEsA256KW => Family::Ec,
        }
    }

    /// The bytes of the secret that wraps the key; nothing where none is wrapped with a secret.
    pub(super) fn wrapping(self) -> Option<usize> {
        match self {
            Self::A128KW | Self::EcdhEsA128KW => Some(16),
            Self::A256KW | Self::EcdhEsA256KW => Some(32),
            Self::Dir | Self::RsaOaep256 | Self::EcdhEs => None,
        }
    }
}

impl fmt::Display for KeyAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for KeyAlgorithm {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|known| known.name() == name);
        found.ok_or_else(|| Error::Key(format!("`{name}` is no algorithm of ours")))
    }
}

/// How the text of a token is encrypted. Fixed by who decrypts, never taken from a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContentAlgorithm {
    /// AES-GCM with a key of 128 bits.
    A128GCM,
    /// AES-GCM with a key of 256 bits.
    A256GCM,
    /// AES-CBC with a key of 128 bits, and HMAC with SHA-256 over the result.
    A128CbcHs256,
    /// AES-CBC with a key of 256 bits, and HMAC with SHA-512 over the result.
    A256CbcHs512,
}

impl ContentAlgorithm {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::A128GCM, Self::A256GCM, Self::A128CbcHs256, Self::A256CbcHs512];

    /// Its name in a token: `A256CBC-HS512`.
    pub fn name(self) -> &'static str {
        match self {
            Self::A128GCM => "A128GCM",
            Self::A256GCM => "A256GCM",
            Self::A128CbcHs256 => "A128CBC-HS256",
            Self::A256CbcHs512 => "A256CBC-HS512",
        }
    }

    /// The bytes of its key.
    pub(super) fn key_length(self) -> usize {
        match self {
            Self::A128GCM => 16,
            Self::A256GCM | Self::A128CbcHs256 => 32,
            Self::A256CbcHs512 => 64,
        }
    }
}

impl fmt::Display for ContentAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for ContentAlgorithm {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|known| known.name() == name);
        found.ok_or_else(|| Error::Key(format!("`{name}` is no algorithm of ours")))
    }
}
