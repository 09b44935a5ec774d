//! `scrypt$16384$salt$8$5$hash`.

use scrypt::{Params, scrypt};

use super::is_salt;
use crate::auth::base64::{self, Alphabet};

/// `N`, `r`, `p`.
type Costs = (u32, u32, u32);

/// Bytes of memory that one hash may take; the reference's library refuses more.
const MEMORY: u64 = 32 << 20;

pub(super) fn encode(password: &str, salt: &str, costs: Costs) -> Option<String> {
    let (n, r, p) = costs;
    if !is_salt(salt) || !n.is_power_of_two() || n < 2 || u64::from(n) * u64::from(r) * 128 > MEMORY {
        return None;
    }
    let params = Params::new(u8::try_from(n.ilog2()).ok()?, r, p).ok()?;
    let mut hash = [0; 64];
    scrypt(password.as_bytes(), salt.as_bytes(), &params, &mut hash).ok()?;
    Some(format!("scrypt${n}${salt}${r}${p}${}", base64::encode(&hash, Alphabet::Standard)))
}

pub(super) fn encode_as(password: &str, encoded: &str) -> Option<String> {
    let (salt, costs) = parts(encoded)?;
    encode(password, salt, costs)
}

pub(super) fn costs_of(encoded: &str) -> Option<Costs> {
    parts(encoded).map(|(_, costs)| costs)
}

fn parts(encoded: &str) -> Option<(&str, Costs)> {
    let mut parts = encoded.splitn(6, '$').skip(1);
    let (n, salt, r, p) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    parts.next()?;
    Some((salt, (n.parse().ok()?, r.parse().ok()?, p.parse().ok()?)))
}
