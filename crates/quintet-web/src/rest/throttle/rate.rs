//! Rates, and the throttles that count by them: strangers, users, and parts of an API.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use quintet_core::schema::Value;

use super::{Throttle, Verdict};
use crate::http::{Error, Request, Result};
use crate::rest::view_facts::ViewFacts;

/// So many requests in so much time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub requests: u64,
    /// In how much time.
    pub period: Duration,
}

impl Rate {
    /// Reads `3/min`: of the period, the first letter counts (`s`, `m`, `h`, `d`).
    ///
    /// # Errors
    /// What is wrong with it, as a text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no rate\nhint: write it as `10/min`; periods are `s`, `m`, `h` and `d`");
        let (requests, period) = text.split_once('/').ok_or_else(wrong)?;
        let seconds = match period.chars().next() {
            Some('s') => 1,
            Some('m') => 60,
            Some('h') => 3600,
            Some('d') => 86_400,
            _ => return Err(wrong()),
        };
        let requests = requests.trim().parse().map_err(|_| wrong())?;
        Ok(Self { requests, period: Duration::from_secs(seconds) })
    }
}

/// Counts those who are nobody, by their address. The rate `anon`.
#[derive(Clone, Copy, Debug, Default)]
pub struct AnonRateThrottle;

/// Counts users, and those who are nobody by their address. The rate `user`.
#[derive(Clone, Copy, Debug, Default)]
pub struct UserRateThrottle;

/// Counts users for the views of one scope: what a view says as `throttle_scope`, which is the name of the rate too.
#[derive(Clone, Copy, Debug, Default)]
pub struct ScopedRateThrottle;

/// A throttle with a scope or a rate of its own: `UserRateThrottle.scope("reads")`, `AnonRateThrottle.rate("1/min")`.
#[derive(Clone, Copy, Debug)]
pub struct RateThrottle {
    scope: &'static str,
    rate: Option<&'static str>,
    counts_users: bool,
}

impl RateThrottle {
    /// Counts by this rate instead of the settings'.
    #[must_use]
    pub fn rate(self, rate: &'static str) -> Self {
        Self { rate: Some(rate), ..self }
    }
}

impl AnonRateThrottle {
    /// The same by another scope, whose rate the settings say.
    pub fn scope(self, scope: &'static str) -> RateThrottle {
        RateThrottle { scope, rate: None, counts_users: false }
    }

    /// The same by another rate: `10/min`.
    pub fn rate(self, rate: &'static str) -> RateThrottle {
        self.scope("anon").rate(rate)
    }
}

impl UserRateThrottle {
    /// The same by another scope, whose rate the settings say.
    pub fn scope(self, scope: &'static str) -> RateThrottle {
        RateThrottle { scope, rate: None, counts_users: true }
    }

    /// The same by another rate: `10/min`.
    pub fn rate(self, rate: &'static str) -> RateThrottle {
        self.scope("user").rate(rate)
    }
}

impl Throttle for RateThrottle {
    async fn allow(&self, request: &Request, _: &ViewFacts) -> Result<Verdict> {
        if !self.counts_users && request.user().is_authenticated() {
            return Ok(Verdict::Allowed);
        }
        match self.rate {
            Some(rate) => {
                let rate = Rate::parse(rate).map_err(Error::unexpected)?;
                counted(request, self.scope, &who(request), rate).await
            }
            None => count(request, self.scope, &who(request)).await,
        }
    }
}

impl Throttle for AnonRateThrottle {
    async fn allow(&self, request: &Request, _: &ViewFacts) -> Result<Verdict> {
        if request.user().is_authenticated() {
            return Ok(Verdict::Allowed);
        }
        count(request, "anon", &address(request)).await
    }
}

impl Throttle for UserRateThrottle {
    async fn allow(&self, request: &Request, _: &ViewFacts) -> Result<Verdict> {
        count(request, "user", &who(request)).await
    }
}

impl Throttle for ScopedRateThrottle {
    async fn allow(&self, request: &Request, view: &ViewFacts) -> Result<Verdict> {
        match &view.throttle_scope {
            Some(scope) => count(request, scope, &who(request)).await,
            None => Ok(Verdict::Allowed),
        }
    }
}

/// Counts a request under a scope of `default_throttle_rates`, for throttles of a project's own. The scopes `anon` and
/// `user` without a rate have no limit, nor has a scope whose rate is an empty text.
///
/// # Errors
/// Where there is no rate of this name.
pub async fn count(request: &Request, scope: &str, ident: &str) -> Result<Verdict> {
    let rates = &request.site().options().rest_framework.default_throttle_rates;
    if !rates.contains_key(scope) && !["anon", "user"].contains(&scope) {
        return Err(Error::unexpected(format!(
            "there is no throttle rate for the scope `{scope}`\nhint: add it to `rest_framework.default_throttle_rates`"
        )));
    }
    count_if_rated(request, scope, ident).await
}

/// The same, where a scope without a rate has no limit.
pub(super) async fn count_if_rated(request: &Request, scope: &str, ident: &str) -> Result<Verdict> {
    let settings = &request.site().options().rest_framework;
    let Some(rate) = settings.default_throttle_rates.get(scope).filter(|rate| !rate.is_empty()) else {
        return Ok(Verdict::Allowed);
    };
    counted(request, scope, ident, Rate::parse(rate).map_err(Error::unexpected)?).await
}

async fn counted(request: &Request, scope: &str, ident: &str, rate: Rate) -> Result<Verdict> {
    let settings = &request.site().options().rest_framework;
    let now = request.site().options().clock.now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let key = format!("throttle_{scope}_{ident}");
    settings.throttle_counters.count(request.site(), &key, rate, now).await
}

/// Who is counted: a user by its key, anybody else by the address.
fn who(request: &Request) -> Cow<'_, str> {
    match request.user().key() {
        Some(Value::Int(id)) => id.to_string().into(),
        Some(Value::Text(id) | Value::Uuid(id)) => id.into(),
        Some(key) => format!("{key:?}").into(),
        None => address(request),
    }
}

/// The client's address, as far as `num_proxies` says whom to believe.
pub(super) fn address(request: &Request) -> Cow<'_, str> {
    let direct = || request.peer().address.map(|address| address.ip().to_string()).unwrap_or_default().into();
    let Some(forwarded) = request.header("x-forwarded-for") else { return direct() };
    match request.site().options().rest_framework.num_proxies {
        Some(0) => direct(),
        Some(proxies) => {
            let all: Vec<&str> = forwarded.split(',').collect();
            all[all.len() - proxies.min(all.len())].trim().to_owned().into()
        }
        None => {
            let whole: String = forwarded.split_whitespace().collect();
            if whole.is_empty() { direct() } else { whole.into() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_period_the_first_letter_counts() {
        let rate = |requests, seconds| Ok(Rate { requests, period: Duration::from_secs(seconds) });
        assert_eq!(Rate::parse("2/min"), rate(2, 60));
        assert_eq!(Rate::parse("5/hour"), rate(5, 3600));
        assert_eq!(Rate::parse("1/second"), rate(1, 1));
        assert_eq!(Rate::parse("10/d"), rate(10, 86_400));
    }

    #[test]
    fn what_is_no_rate_is_told() {
        for wrong in ["", "5", "five/min", "5/week", "-1/min", "5/"] {
            assert!(Rate::parse(wrong).is_err_and(|told| told.contains("hint: ")), "{wrong}");
        }
    }
}
