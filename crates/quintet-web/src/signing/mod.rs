//! Values that leave the site and come back: signed, so that nobody else can make or change them. The reference's format,
//! letter for letter, so that each side takes what the other signed.
//!
//! [`Signer`] is the least of it, [`TimestampSigner`] knows how old a value is, [`dumps`] and [`loads`] carry whatever JSON
//! can say. What is signed can be read by everybody; a salt keeps values of one use from being taken for another.

mod base62;
mod cookie;
mod keys;
mod object;
mod signer;
#[cfg(test)]
mod tests;
mod timestamp;

pub use keys::{Algorithm, Keys, is_equal, salted_hmac};
pub use object::{OBJECT_SALT, dumps, loads};
pub use signer::{BadSignature, Signer};
pub use timestamp::TimestampSigner;

pub(crate) use keys::hex_hmac;
pub(crate) use object::{tree, typed};
