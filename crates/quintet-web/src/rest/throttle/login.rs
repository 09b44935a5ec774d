//! A throttle for views that take a name and a password: guessing has an end, by account and by address.
//!
//! Counted is before the password is looked at, whether it is right or not, so that an answer tells nothing of an account.

use quintet_core::json::{FormValue, Json};
use quintet_core::rest::Data;
use quintet_db::Db;

use super::rate::{address, count_if_rated};
use super::{Throttle, Verdict};
use crate::auth::Accounts;
use crate::http::{Request, Result};
use crate::rest::view_facts::ViewFacts;

/// Counts attempts to log in, under three rates of `default_throttle_rates`, each of which has no limit unless it is
/// there: `login` of one account from one address, `login_address` of one address whatever the account, and
/// `login_account` of one account whatever the address.
///
/// With the last one a stranger who knows a user's name can keep that user out: let it be generous.
#[derive(Clone, Copy, Debug, Default)]
pub struct LoginThrottle;

const SCOPES: [&str; 3] = ["login", "login_address", "login_account"];

impl Throttle for LoginThrottle {
    async fn allow(&self, request: &Request, _: &ViewFacts) -> Result<Verdict> {
        counted(request, &account(request).await?).await
    }
}

/// The same where a view knows the account by itself: whose password is tried, by whichever door.
pub(crate) struct AccountThrottle(pub(crate) String);

impl Throttle for AccountThrottle {
    async fn allow(&self, request: &Request, _: &ViewFacts) -> Result<Verdict> {
        counted(request, &digest_of(&self.0)).await
    }
}

async fn counted(request: &Request, account: &str) -> Result<Verdict> {
    let address = address(request);
    let both = [account, "@", &address].concat();
    let mut verdict = Verdict::Allowed;
    for (scope, ident) in SCOPES.into_iter().zip([both.as_str(), &address, account]) {
        // Each counts for itself; the longest wait is told.
        verdict = match (verdict, count_if_rated(request, scope, ident).await?) {
            (Verdict::Refused(one), Verdict::Refused(other)) => Verdict::Refused(one.max(other)),
            (Verdict::Allowed, next) => next,
            (refused, Verdict::Allowed) => refused,
        };
    }
    Ok(verdict)
}

/// The account that somebody wants to log in to, the same whatever the case of its name: a digest, as anything may stand
/// in a body. What is no name is one account, so that it is counted as well.
async fn account(request: &Request) -> Result<String> {
    let data = request.data().await?;
    let field = &Accounts::of(Db::from(request)).auth.username_field;
    let name = match &*data {
        Data::Json(Json::Object(object)) => match object.get(field) {
            Some(Json::Text(name)) => name.clone(),
            Some(Json::Int(number)) => number.to_string(),
            _ => String::new(),
        },
        Data::Form(form) => match form.form.get_last(field) {
            Some(FormValue::Text(name)) => name.clone(),
            _ => String::new(),
        },
        Data::Json(_) => String::new(),
    };
    Ok(digest_of(&name))
}

fn digest_of(name: &str) -> String {
    crate::cache::digest(name.trim().to_lowercase().as_bytes())
}
