//! `argon2$argon2id$v=19$m=102400,t=2,p=8$salt$hash`, the salt being the base64 of a text.

use argon2::{Algorithm, Argon2, Params, Version};

use super::is_weak;
use crate::auth::base64::{Alphabet, decode, encode as base64};

/// Memory in KiB, passes, lanes.
type Costs = (u32, u32, u32);

/// How many bytes the reference's hashes have.
const LENGTH: usize = 32;

/// What a hash says of itself.
struct Parts {
    algorithm: Algorithm,
    version: Version,
    costs: Costs,
    salt: Vec<u8>,
    length: usize,
}

pub(super) fn encode(password: &str, salt: &str, costs: Costs) -> Option<String> {
    let parts = Parts {
        algorithm: Algorithm::Argon2id,
        version: Version::V0x13,
        costs,
        salt: salt.as_bytes().to_vec(),
        length: LENGTH,
    };
    parts.hash(password)
}

pub(super) fn encode_as(password: &str, encoded: &str) -> Option<String> {
    Parts::read(encoded)?.hash(password)
}

/// What no password fits: an empty hash, as long as all are.
pub(super) fn stand_in(salt: &str, (memory, time, lanes): Costs) -> String {
    let (salt, hash) = (base64(salt.as_bytes(), Alphabet::Bare), base64(&[0; LENGTH], Alphabet::Bare));
    format!("argon2$argon2id$v=19$m={memory},t={time},p={lanes}${salt}${hash}")
}

pub(super) fn must_update(encoded: &str, costs: Costs) -> bool {
    Parts::read(encoded).is_none_or(|parts| {
        let is_same = parts.algorithm == Algorithm::Argon2id
            && parts.version == Version::V0x13
            && parts.costs == costs
            && parts.length == LENGTH;
        // Salts of the reference are letters; each byte is one.
        let salt: String = parts.salt.iter().map(|byte| char::from(*byte)).collect();
        !is_same || is_weak(&salt)
    })
}

impl Parts {
    fn read(encoded: &str) -> Option<Self> {
        let mut parts = encoded.split('$').skip(1);
        let algorithm = match parts.next()? {
            "argon2id" => Algorithm::Argon2id,
            "argon2i" => Algorithm::Argon2i,
            "argon2d" => Algorithm::Argon2d,
            _ => return None,
        };
        let version = match parts.next()? {
            "v=19" => Version::V0x13,
            "v=16" => Version::V0x10,
            _ => return None,
        };
        let mut costs = parts.next()?.split(',');
        let mut cost = |name: &str| costs.next()?.strip_prefix(name)?.parse().ok();
        let costs = (cost("m=")?, cost("t=")?, cost("p=")?);
        let (salt, hash) = (parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let length = decode(hash, Alphabet::Bare)?.len();
        Some(Self { algorithm, version, costs, salt: decode(salt, Alphabet::Bare)?, length })
    }

    fn hash(&self, password: &str) -> Option<String> {
        let (memory, time, lanes) = self.costs;
        let params = Params::new(memory, time, lanes, Some(self.length)).ok()?;
        let mut hash = vec![0; self.length];
        let argon2 = Argon2::new(self.algorithm, self.version, params);
        argon2.hash_password_into(password.as_bytes(), &self.salt, &mut hash).ok()?;
        let (name, version) = (self.algorithm.as_str(), self.version as u32);
        let (salt, hash) = (base64(&self.salt, Alphabet::Bare), base64(&hash, Alphabet::Bare));
        Some(format!("argon2${name}$v={version}$m={memory},t={time},p={lanes}${salt}${hash}"))
    }
}
