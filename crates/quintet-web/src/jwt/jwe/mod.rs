//! Encrypted tokens, in the compact form: [`encrypt`] and [`decrypt`].
//!
//! Both algorithms, how a key travels and how the text is encrypted, are the key's; a token that says others is refused.
//! Whatever is wrong with what only a key can tell has one error, so that nobody learns by trying. Knows bytes and
//! headers; what a token holds is the caller's affair, a signed token for instance.

mod agreement;
mod algorithm;
mod content;
mod jwk;
mod key;
mod limits;
#[cfg(test)]
mod tests;
mod token;

pub use algorithm::{ContentAlgorithm, KeyAlgorithm};
pub use key::{DecryptingKey, EncryptingKey};
pub use limits::DecryptionLimits;
pub use token::{Decrypted, decrypt, decrypt_any, encrypt, encrypt_with_header};
