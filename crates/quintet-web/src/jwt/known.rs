//! Tokens whose signature was right a moment ago.
//!
//! A client sends the same access token with everything that it asks for some minutes. Whether its signature is right
//! follows from its letters and the site's keys alone, neither of which changes; so it is computed once. Whatever can change
//! is no part of this: a token's end, its user and the lists of tokens are looked at each time.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use foldhash::fast::RandomState;

use super::Claims;

/// The claims of tokens that came lately, by their text.
///
/// Only what was signed by a key of the site is here, and no more than [`MOST`] times [`SHELVES`] twice over.
pub(super) struct Known([Mutex<Shelf>; SHELVES]);

/// Parts of the whole, so that threads seldom wait for each other.
const SHELVES: usize = 8;

/// Tokens that one part of a shelf holds.
const MOST: usize = 128;

/// Bytes of a token that is worth its place: those of the longest keys among them.
const LONGEST: usize = 2048;

/// What was asked for since the other half was put away, and what was before that. What is asked for again comes to the
/// front; when the front is full it becomes the back, and the old back is forgotten.
#[derive(Default)]
struct Shelf {
    front: HashMap<Box<str>, Arc<Claims>, RandomState>,
    back: HashMap<Box<str>, Arc<Claims>, RandomState>,
}

impl Known {
    pub(super) fn new() -> Self {
        Self(std::array::from_fn(|_| Mutex::default()))
    }

    /// What a token says that was seen before.
    pub(super) fn find(&self, token: &str) -> Option<Arc<Claims>> {
        let mut shelf = self.shelf(token)?;
        if let Some(claims) = shelf.front.get(token) {
            return Some(claims.clone());
        }
        let (token, claims) = shelf.back.remove_entry(token)?;
        shelf.put(token, claims.clone());
        Some(claims)
    }

    /// Remembers a token whose signature is right.
    pub(super) fn keep(&self, token: &str, claims: &Arc<Claims>) {
        if let Some(mut shelf) = self.shelf(token) {
            shelf.put(token.into(), claims.clone());
        }
    }

    /// Where a token has its place, by a letter of its signature; nowhere if it is too long.
    fn shelf(&self, token: &str) -> Option<MutexGuard<'_, Shelf>> {
        let letter = token.as_bytes().iter().rev().nth(1).filter(|_| token.len() <= LONGEST)?;
        let shelf = &self.0[usize::from(*letter) % SHELVES];
        Some(shelf.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Shelf {
    fn put(&mut self, token: Box<str>, claims: Arc<Claims>) {
        if self.front.len() == MOST {
            std::mem::swap(&mut self.front, &mut self.back);
            self.front.clear();
        }
        self.front.insert(token, claims);
    }
}

/// How many there are; never which.
impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Known({})", self.len())
    }
}

impl Known {
    fn len(&self) -> usize {
        let count = |shelf: &Mutex<Shelf>| {
            let shelf = shelf.lock().unwrap_or_else(PoisonError::into_inner);
            shelf.front.len() + shelf.back.len()
        };
        self.0.iter().map(count).sum()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn claims(number: usize) -> Arc<Claims> {
        Arc::new(Claims::from_iter([("number".to_owned(), number.into())]))
    }

    #[test]
    fn a_token_is_found_by_all_of_its_letters() {
        let known = Known::new();
        known.keep("head.claims.signature", &claims(1));
        assert_eq!(known.find("head.claims.signature"), Some(claims(1)));
        for other in ["", "h", "Head.claims.signature", "head.claim.signature", "head.claims.signaturf"] {
            assert_eq!(known.find(other), None, "{other:?}");
        }
    }

    #[test]
    fn what_is_asked_for_stays_and_the_rest_is_forgotten() {
        let known = Known::new();
        known.keep("often.asked.forxx", &claims(0));
        for number in 1..20_000 {
            known.keep(&format!("asked.once.{number}"), &claims(number));
            assert_eq!(known.find("often.asked.forxx"), Some(claims(0)), "after {number}");
        }
        assert_eq!(known.find("asked.once.1"), None);
        assert!((SHELVES * MOST / 2..=2 * SHELVES * MOST).contains(&known.len()), "{known:?}");
    }

    #[test]
    fn a_long_token_is_not_kept() {
        let known = Known::new();
        let (longest, longer) = ("x".repeat(LONGEST), "x".repeat(LONGEST + 1));
        known.keep(&longest, &claims(1));
        known.keep(&longer, &claims(2));
        assert_eq!((known.find(&longest), known.find(&longer)), (Some(claims(1)), None));
    }
}
