//! JSON Web Tokens: a library that signs and checks them, and the doors that are opened by them.
//!
//! The lower half ([`encode`], [`decode`], keys, [`Validation`]) knows bytes and JSON and nothing else; the algorithm is
//! fixed by the key, never by a token. The upper half is what the reference's token package does: tokens of a user, their
//! lifetimes, their blacklist, and the views that give them out.

mod algorithm;
mod authentication;
mod blacklist;
mod cookie;
mod error;
mod family;
mod inspect;
mod json;
mod jwe;
mod jwk;
mod jwk_source;
mod key;
mod keys;
mod known;
mod pem;
mod refusals;
mod rotation;
mod rows;
mod serializer;
mod settings;
#[cfg(test)]
mod tests;
mod token;
mod tokens;
mod user_token;
mod validation;
mod views;

pub use algorithm::Algorithm;
pub use authentication::{JWTAuthentication, JWTStatelessUserAuthentication, TokenUser, TokenUserClass};
pub use error::Error;
pub use inspect::{Inspection, Inspector};
pub use jwe::{
    ContentAlgorithm, Decrypted, DecryptingKey, DecryptionLimits, EncryptingKey, KeyAlgorithm, decrypt, decrypt_any,
    encrypt, encrypt_with_header,
};
pub use jwk::KeySet;
pub use jwk_source::JwkSource;
pub use key::{SigningKey, VerifyingKey};
pub use rotation::{end_session, end_sessions};
pub(crate) use rotation::{end_sessions_within, sessions_home};
pub use serializer::{TokenCall, TokenSerializer};
pub use settings::{CustomClaims, SimpleJwt, UserRule};
pub use token::{
    Claims, Decoded, decode, decode_any, decode_with_set, encode, encode_with_header, unverified_claims,
    unverified_header,
};
pub use tokens::Tokens;
pub use user_token::{OwnToken, TokenClass, UserToken};
pub use validation::Validation;
pub use views::{
    TokenBlacklistView, TokenKind, TokenObtainPairView, TokenObtainSlidingView, TokenRefreshSlidingView,
    TokenRefreshView, TokenVerifyView,
};

pub(crate) use keys::Keys;
pub(crate) use refusals::Refusals;
pub(crate) use views::texts;
