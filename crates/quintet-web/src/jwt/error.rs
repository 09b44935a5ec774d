//! Why a token is not taken, or not made.

use std::fmt;

/// Why a token is not taken, or not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// It is no token: parts, base64url, JSON.
    Malformed(&'static str),
    /// Its header asks for something that must be understood, and is not.
    Critical,
    /// It says another algorithm than the one that is expected.
    Algorithm,
    /// Nobody who has the key signed it.
    Signature,
    /// It was not encrypted for this key, or something changed it since; which of both, nobody is told.
    Decryption,
    /// Its time is over.
    Expired,
    /// Its time has not come, by this claim.
    Immature(&'static str),
    /// A claim that must be there is not.
    Missing(String),
    /// A claim is of a type that it must not have, or another value than is expected.
    Claim(String),
    /// The key cannot be used.
    Key(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(why) => write!(f, "the token is malformed: {why}"),
            Self::Critical => f.write_str("the token's header asks for an extension that is not understood"),
            Self::Algorithm => f.write_str("the token is signed by another algorithm than is expected"),
            Self::Signature => f.write_str("the token's signature is wrong"),
            Self::Decryption => f.write_str("the token cannot be decrypted"),
            Self::Expired => f.write_str("the token has expired"),
            Self::Immature(claim) => write!(f, "the token is not valid yet (`{claim}`)"),
            Self::Missing(claim) => write!(f, "the token has no `{claim}`"),
            Self::Claim(claim) => write!(f, "the token's `{claim}` is not what is expected"),
            Self::Key(why) => write!(f, "the key cannot be used: {why}"),
        }
    }
}

impl std::error::Error for Error {}
