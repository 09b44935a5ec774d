//! What is answered to tokens that are not taken: few answers, of which each is put into words once.
//!
//! Whoever sends a token that is over, or somebody else's, is told the same as everybody before; and those who send nothing
//! else should cost the least.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use super::tokens::Refusal;
use crate::http::{Error, KeptRefusal};

/// The refusals of a site so far, by what was wrong with the token for each kind that it could have been.
#[derive(Default)]
pub(crate) struct Refusals(RwLock<Vec<Known>>);

struct Known {
    whys: Vec<Refusal>,
    refusal: Arc<KeptRefusal>,
}

/// More are not kept: the names of claims are in them, and a project's own words.
const MOST: usize = 32;

impl Refusals {
    /// The refusal of a token, made by `make` where it is the first of its kind.
    pub(super) fn of(&self, whys: Vec<Refusal>, make: impl FnOnce(&[Refusal]) -> Error) -> Error {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.iter().find(|known| known.whys == whys) {
            return Error::kept(known.refusal.clone());
        }
        drop(known);
        let made = match KeptRefusal::of(make(&whys)) {
            Ok(made) => made,
            Err(error) => return error,
        };
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < MOST && known.iter().all(|known| known.whys != whys) {
            known.push(Known { whys, refusal: made.clone() });
        }
        Error::kept(made)
    }
}

impl fmt::Debug for Refusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Refusals({})", self.0.read().unwrap_or_else(PoisonError::into_inner).len())
    }
}
