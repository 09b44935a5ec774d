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
        let has_room = known.len() < MOST;
        drop(known);
        let made = match KeptRefusal::of(make(&whys)) {
            Ok(made) => made,
            Err(error) => return error,
        };
        if !has_room {
            return Error::kept(made);
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::StatusCode;

    fn refusal(whys: &[Refusal]) -> Error {
        Error::api(StatusCode::UNAUTHORIZED, "token_not_valid", whys.join(", "))
            .with_header("www-authenticate", "Bearer")
    }

    fn told(error: &Error) -> (StatusCode, String, Option<&str>) {
        let header = error.headers().get("www-authenticate").and_then(|value| value.to_str().ok());
        (error.status(), error.to_string(), header)
    }

    #[test]
    fn each_reason_has_its_own_answer_and_it_is_the_one_that_was_made() {
        let refusals = Refusals::default();
        for _ in 0..2 {
            for whys in [vec!["Token is invalid".into()], vec!["Token is expired".into()], vec!["a".into(), "b".into()]]
            {
                let made = refusal(&whys);
                let given = refusals.of(whys, refusal);
                assert_eq!(told(&given), told(&made));
                let [given, made] = [given, made].map(|error| error.api_response().expect("an answer"));
                assert_eq!(given.body().whole(), made.body().whole());
                assert_eq!((given.status(), given.headers()), (made.status(), made.headers()));
            }
        }
        let again = refusals.of(vec!["Token is invalid".into()], |_| panic!("it was made before"));
        assert_eq!(again.to_string(), "Token is invalid");
        let other = again.with_header("www-authenticate", "Other");
        assert_eq!(told(&other).2, Some("Other"));
        assert_eq!(
            told(&refusals.of(vec!["Token is invalid".into()], refusal)).2,
            Some("Bearer"),
            "it is kept as it was"
        );
    }

    #[test]
    fn no_more_are_kept_than_there_are_reasons() {
        let refusals = Refusals::default();
        for number in 0..1000 {
            let why: Refusal = number.to_string().into();
            assert_eq!(refusals.of(vec![why.clone()], refusal).to_string(), why);
        }
        assert_eq!(format!("{refusals:?}"), format!("Refusals({MOST})"));
    }
}
