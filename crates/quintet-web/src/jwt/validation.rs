//! What is asked of a token's registered claims.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::json::member;
use super::{Claims, Error};

/// What is asked of a token's claims, besides its signature. `exp`, `nbf` and `iat` are looked at where they are there.
#[derive(Clone, Debug)]
pub struct Validation {
    now: f64,
    leeway: f64,
    audience: Vec<String>,
    issuer: Vec<String>,
    subject: Option<String>,
    required: Vec<String>,
}

impl Validation {
    /// At a moment. Nothing more is asked.
    pub fn at(now: SystemTime) -> Self {
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        Self { now, leeway: 0.0, audience: vec![], issuer: vec![], subject: None, required: vec![] }
    }

    /// By how much clocks may differ.
    #[must_use]
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.leeway = leeway.as_secs_f64();
        self
    }

    /// One of these must be among its `aud`. Without any, a token's `aud` is passed by.
    #[must_use]
    pub fn audience(mut self, audience: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.audience = audience.into_iter().map(Into::into).collect();
        self
    }

    /// Its `iss` must be one of these, to the letter.
    #[must_use]
    pub fn issuer(mut self, issuer: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.issuer = issuer.into_iter().map(Into::into).collect();
        self
    }

    /// Its `sub` must be this.
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// These claims must be there and not null.
    #[must_use]
    pub fn required(mut self, claims: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.required = claims.into_iter().map(Into::into).collect();
        self
    }

    pub(super) fn check(&self, claims: &Claims) -> Result<(), Error> {
        for name in &self.required {
            if member(claims, name).is_none_or(Value::is_null) {
                return Err(Error::Missing(name.clone()));
            }
        }
        if moment(claims, "iat")?.is_some_and(|issued| issued > self.now + self.leeway) {
            return Err(Error::Immature("iat"));
        }
        if moment(claims, "nbf")?.is_some_and(|begin| begin > self.now + self.leeway) {
            return Err(Error::Immature("nbf"));
        }
        if moment(claims, "exp")?.is_some_and(|end| end <= self.now - self.leeway) {
            return Err(Error::Expired);
        }
        self.check_issuer(claims)?;
        self.check_audience(claims)?;
        match member(claims, "sub") {
            Some(Value::String(subject)) if self.subject.as_ref().is_none_or(|wanted| wanted == subject) => {}
            None if self.subject.is_none() => {}
            None => return Err(Error::Missing("sub".to_owned())),
            Some(_) => return Err(Error::Claim("sub".to_owned())),
        }
        match member(claims, "jti") {
            None | Some(Value::String(_)) => Ok(()),
            Some(_) => Err(Error::Claim("jti".to_owned())),
        }
    }

    fn check_issuer(&self, claims: &Claims) -> Result<(), Error> {
        if self.issuer.is_empty() {
            return Ok(());
        }
        match member(claims, "iss") {
            None => Err(Error::Missing("iss".to_owned())),
            Some(Value::String(issuer)) if self.issuer.contains(issuer) => Ok(()),
            Some(_) => Err(Error::Claim("iss".to_owned())),
        }
    }

    fn check_audience(&self, claims: &Claims) -> Result<(), Error> {
        if self.audience.is_empty() {
            return Ok(());
        }
        let wrong = || Error::Claim("aud".to_owned());
        let said = match member(claims, "aud") {
            None | Some(Value::Null) => return Err(Error::Missing("aud".to_owned())),
            Some(Value::String(one)) => vec![one.as_str()],
            Some(Value::Array(several)) => {
                several.iter().map(Value::as_str).collect::<Option<Vec<_>>>().ok_or_else(wrong)?
            }
            Some(_) => return Err(wrong()),
        };
        let is_meant = self.audience.iter().any(|wanted| said.contains(&wanted.as_str()));
        is_meant.then_some(()).ok_or_else(wrong)
    }
}

/// A moment in whole seconds; a fraction is cut off. Anything but a number is none.
fn moment(claims: &Claims, name: &'static str) -> Result<Option<f64>, Error> {
    match member(claims, name) {
        None => Ok(None),
        Some(Value::Number(number)) => Ok(number.as_f64().map(f64::trunc)),
        Some(_) => Err(Error::Claim(name.to_owned())),
    }
}
