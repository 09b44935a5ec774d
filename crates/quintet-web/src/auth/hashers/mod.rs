//! Hashes of passwords, in the reference's formats: made, checked, and found to be out of date.
//!
//! Plain functions that take their time; the pool runs them where they stand in nobody's way. A hash that
//! cannot be read is no error: no password fits it, and finding that out takes as long as with any other.

mod argon2;
mod bcrypt;
mod md5;
mod pbkdf2;
mod scrypt;
#[cfg(test)]
mod tests;

use aws_lc_rs::constant_time::verify_slices_are_equal;

use super::chance;
use crate::http::{Error, Result};

/// A way to hash passwords, with its costs. The first of a list makes new hashes, all of them check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasswordHasher {
    /// PBKDF2 with SHA-256.
    Pbkdf2 {
        /// How often it is repeated.
        iterations: u32,
    },
    /// PBKDF2 with SHA-1, for rows that have it.
    Pbkdf2Sha1 {
        /// How often it is repeated.
        iterations: u32,
    },
    /// Argon2id.
    Argon2 {
        /// KiB of memory.
        memory_cost: u32,
        /// Passes over it.
        time_cost: u32,
        /// Lanes.
        parallelism: u32,
    },
    /// bcrypt of the password's SHA-256, so that it is not cut at 72 bytes.
    BcryptSha256 {
        /// The logarithm of how often it is repeated.
        rounds: u32,
    },
    /// bcrypt of the password itself. One of more than 72 bytes is refused.
    Bcrypt {
        /// The logarithm of how often it is repeated.
        rounds: u32,
    },
    /// scrypt.
    Scrypt {
        /// `N`.
        work_factor: u32,
        /// `r`.
        block_size: u32,
        /// `p`.
        parallelism: u32,
    },
    /// MD5, for tests: it protects nothing.
    Md5,
}

/// What came of checking a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it is the right one.
    pub is_correct: bool,
    /// Whether it had better be hashed again.
    pub must_update: bool,
}

/// What an unusable password begins with.
const UNUSABLE: char = '!';
/// Bits of chance that a salt has.
const SALT_BITS: f64 = 128.0;
/// As many letters hold so many bits.
const SALT_LETTERS: usize = 22;

impl PasswordHasher {
    /// PBKDF2 with SHA-256 at the reference's cost.
    pub const PBKDF2: Self = Self::Pbkdf2 { iterations: 1_000_000 };
    /// PBKDF2 with SHA-1 at the reference's cost.
    pub const PBKDF2_SHA1: Self = Self::Pbkdf2Sha1 { iterations: 1_000_000 };
    /// Argon2id at the reference's cost.
    pub const ARGON2: Self = Self::Argon2 { memory_cost: 102_400, time_cost: 2, parallelism: 8 };
    /// bcrypt of the SHA-256 at the reference's cost.
    pub const BCRYPT_SHA256: Self = Self::BcryptSha256 { rounds: 12 };
    /// bcrypt at the reference's cost.
    pub const BCRYPT: Self = Self::Bcrypt { rounds: 12 };
    /// scrypt at the reference's cost.
    pub const SCRYPT: Self = Self::Scrypt { work_factor: 1 << 14, block_size: 8, parallelism: 5 };

    /// The hashers that a project has unless it says otherwise.
    pub fn defaults() -> Vec<Self> {
        vec![Self::PBKDF2, Self::PBKDF2_SHA1, Self::ARGON2, Self::BCRYPT_SHA256, Self::SCRYPT]
    }

    /// What its hashes begin with.
    pub fn algorithm(&self) -> &'static str {
        match self {
            Self::Pbkdf2 { .. } => "pbkdf2_sha256",
            Self::Pbkdf2Sha1 { .. } => "pbkdf2_sha1",
            Self::Argon2 { .. } => "argon2",
            Self::BcryptSha256 { .. } => "bcrypt_sha256",
            Self::Bcrypt { .. } => "bcrypt",
            Self::Scrypt { .. } => "scrypt",
            Self::Md5 => "md5",
        }
    }

    /// Says that a hash is made, for who counts them.
    fn told(&self) {
        tracing::trace!(target: "quintet::hash", hasher = ?self, "a password is hashed");
    }

    /// Hashes a password with a new salt.
    fn encode(&self, password: &str) -> Result<String> {
        self.told();
        let made = match *self {
            Self::Pbkdf2 { iterations } => pbkdf2::SHA256.encode(password, &salt()?, iterations),
            Self::Pbkdf2Sha1 { iterations } => pbkdf2::SHA1.encode(password, &salt()?, iterations),
            Self::Argon2 { memory_cost, time_cost, parallelism } => {
                argon2::encode(password, &salt()?, (memory_cost, time_cost, parallelism))
            }
            Self::BcryptSha256 { rounds } => bcrypt::SHA256.encode(password, &chance::bytes()?, rounds),
            Self::Bcrypt { rounds } => bcrypt::PLAIN.encode(password, &chance::bytes()?, rounds),
            Self::Scrypt { work_factor, block_size, parallelism } => {
                scrypt::encode(password, &salt()?, (work_factor, block_size, parallelism))
            }
            Self::Md5 => Some(md5::encode(password, &salt()?)),
        };
        made.ok_or_else(|| Error::internal(format!("the password cannot be hashed by {self:?}")))
    }

    /// The hash of the password by the salt and the costs of another; nothing where that cannot be read.
    fn encode_as(&self, password: &str, encoded: &str) -> Option<String> {
        self.told();
        match self {
            Self::Pbkdf2 { .. } => pbkdf2::SHA256.encode_as(password, encoded),
            Self::Pbkdf2Sha1 { .. } => pbkdf2::SHA1.encode_as(password, encoded),
            Self::Argon2 { .. } => argon2::encode_as(password, encoded),
            Self::BcryptSha256 { .. } => bcrypt::SHA256.encode_as(password, encoded),
            Self::Bcrypt { .. } => bcrypt::PLAIN.encode_as(password, encoded),
            Self::Scrypt { .. } => scrypt::encode_as(password, encoded),
            Self::Md5 => md5::encode_as(password, encoded),
        }
    }

    /// What no password fits, with a new salt and at today's costs.
    fn stand_in(&self) -> Result<String> {
        let name = self.algorithm();
        Ok(match *self {
            Self::Pbkdf2 { iterations } | Self::Pbkdf2Sha1 { iterations } => {
                format!("{name}${iterations}${}$", salt()?)
            }
            Self::Argon2 { memory_cost, time_cost, parallelism } => {
                argon2::stand_in(&salt()?, (memory_cost, time_cost, parallelism))
            }
            Self::BcryptSha256 { rounds } => bcrypt::SHA256.stand_in(&chance::bytes()?, rounds),
            Self::Bcrypt { rounds } => bcrypt::PLAIN.stand_in(&chance::bytes()?, rounds),
            Self::Scrypt { work_factor, block_size, parallelism } => {
                format!("{name}${work_factor}${}${block_size}${parallelism}$", salt()?)
            }
            Self::Md5 => format!("{name}${}$", salt()?),
        })
    }

    /// Whether a hash of this kind was made at other costs, or with a salt that is too short; so is what cannot be read.
    fn must_update(&self, encoded: &str) -> bool {
        match *self {
            Self::Pbkdf2 { iterations } => pbkdf2::SHA256.must_update(encoded, iterations),
            Self::Pbkdf2Sha1 { iterations } => pbkdf2::SHA1.must_update(encoded, iterations),
            Self::Argon2 { memory_cost, time_cost, parallelism } => {
                argon2::must_update(encoded, (memory_cost, time_cost, parallelism))
            }
            Self::BcryptSha256 { rounds } | Self::Bcrypt { rounds } => bcrypt::rounds_of(encoded) != Some(rounds),
            Self::Scrypt { work_factor, block_size, parallelism } => {
                scrypt::costs_of(encoded) != Some((work_factor, block_size, parallelism))
            }
            Self::Md5 => md5::must_update(encoded),
        }
    }

    /// Spends the time that a wrong password would have taken at today's cost.
    fn harden(&self, password: &str, encoded: &str) {
        match *self {
            Self::Pbkdf2 { iterations } => pbkdf2::SHA256.harden(password, encoded, iterations),
            Self::Pbkdf2Sha1 { iterations } => pbkdf2::SHA1.harden(password, encoded, iterations),
            Self::BcryptSha256 { rounds } => bcrypt::SHA256.harden(password, encoded, rounds),
            Self::Bcrypt { rounds } => bcrypt::PLAIN.harden(password, encoded, rounds),
            Self::Argon2 { .. } | Self::Scrypt { .. } | Self::Md5 => {}
        }
    }
}

/// Hashes a password by the first of these; without a password, makes what no password fits.
///
/// # Errors
/// The list is empty, the hasher refuses the password, or the system has no random numbers.
pub fn make_password(hashers: &[PasswordHasher], password: Option<&str>) -> Result<String> {
    match password {
        Some(password) => preferred(hashers)?.encode(password),
        None => unusable_password(),
    }
}

/// What no password fits.
///
/// # Errors
/// The system has no random numbers.
pub fn unusable_password() -> Result<String> {
    Ok(format!("{UNUSABLE}{}", chance::letters(40)?))
}

/// Whether there is a password that might fit.
pub fn is_password_usable(encoded: &str) -> bool {
    !encoded.starts_with(UNUSABLE)
}

/// Whether a password is the one that was hashed. Takes the time of one hash, whatever the answer.
///
/// # Errors
/// The list is empty.
pub fn verify_password(hashers: &[PasswordHasher], password: &str, encoded: &str) -> Result<Verdict> {
    let preferred = preferred(hashers)?;
    let wrong = Verdict { is_correct: false, must_update: false };
    let hasher = hashers.iter().find(|hasher| Some(hasher.algorithm()) == encoded.split('$').next());
    let readable = hasher.filter(|_| is_password_usable(encoded) && encoded.contains('$'));
    // Nobody shall tell by the time which accounts there are: what cannot be read is taken the same way as what can. A
    // password that a hasher refuses costs nothing, then.
    let stand_in = preferred.stand_in()?;
    let mut ways = readable.map(|hasher| (hasher, encoded)).into_iter().chain([(preferred, stand_in.as_str())]);
    let made = ways.find_map(|(hasher, text)| Some((hasher, text, hasher.encode_as(password, text)?)));
    let Some((hasher, again)) = made.and_then(|(hasher, text, again)| (text == encoded).then_some((hasher, again)))
    else {
        return Ok(wrong);
    };
    let is_changed = hasher.algorithm() != preferred.algorithm();
    let must_update = is_changed || preferred.must_update(encoded);
    let is_correct = verify_slices_are_equal(again.as_bytes(), encoded.as_bytes()).is_ok();
    if !is_correct && !is_changed && must_update {
        hasher.harden(password, encoded);
    }
    Ok(Verdict { is_correct, must_update })
}

/// Whether a password is the one that was hashed.
///
/// # Errors
/// The list is empty.
pub fn check_password(hashers: &[PasswordHasher], password: &str, encoded: &str) -> Result<bool> {
    Ok(verify_password(hashers, password, encoded)?.is_correct)
}

fn preferred(hashers: &[PasswordHasher]) -> Result<&PasswordHasher> {
    hashers.first().ok_or_else(|| Error::internal("`auth.password_hashers` is empty, so no password can be hashed"))
}

fn salt() -> Result<String> {
    chance::letters(SALT_LETTERS)
}

/// Whether a salt is one that can stand in a hash.
fn is_salt(salt: &str) -> bool {
    !salt.is_empty() && !salt.contains('$')
}

/// Whether a salt is too short.
#[allow(clippy::cast_precision_loss, reason = "salts are short")]
fn is_weak(salt: &str) -> bool {
    (salt.chars().count() as f64) * 62_f64.log2() < SALT_BITS
}
