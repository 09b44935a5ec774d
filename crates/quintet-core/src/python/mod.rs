//! What the reference's language does with plain values: its `str`, `repr`, `int`, `float`, `Decimal`, `strip` and its
//! times read from text.
//!
//! The reference shows these in its messages and accepts what they accept. Pure; knows JSON values and no field.

pub mod base64;
mod decimal;
mod duration;
pub mod fnmatch;
mod iso;
mod number;
pub mod pickle;
mod show;
mod strftime;
mod tables;
mod text;
pub mod time;

pub use decimal::{Decimal, Rounding};
pub use number::{Integer, MOST_DIGITS, float, float_repr, int};
pub use show::{repr, str, type_name};
pub use strftime::strftime;
pub use text::{capital, digit, is_printable, is_space, repr_text, strip};
