//! What a view chooses for itself; what it does not choose is as the settings say.

use super::authentication::{Authentication, Authenticator};
use super::negotiate::{Negotiate, Negotiation};
use super::parse::{Parse, Parser};
use super::permission::Permission;
use super::render::{Render, Renderer};
use super::throttle::{Throttle, Throttler};
use super::versioning::{Versioning, VersioningScheme};

/// Several of a kind that a view chooses, or none of its own: then those of the settings.
#[derive(Clone, Debug)]
pub struct Choice<T>(Option<Vec<T>>);

impl<T> Choice<T> {
    /// As the settings say.
    pub fn as_settings() -> Self {
        Self(None)
    }

    /// None at all.
    pub fn none() -> Self {
        Self(Some(vec![]))
    }

    /// One more.
    #[must_use]
    pub fn and(self, one: impl Into<T>) -> Self {
        let mut all = self.0.unwrap_or_default();
        all.push(one.into());
        Self(Some(all))
    }

    /// Whether it was said that there shall be none.
    pub(crate) fn is_none(&self) -> bool {
        self.0.as_ref().is_some_and(Vec::is_empty)
    }

    /// Those that were chosen; nothing where the settings say.
    pub(crate) fn chosen(&self) -> Option<&[T]> {
        self.0.as_deref()
    }

    /// Those that count.
    pub(crate) fn or<'a>(&'a self, settings: &'a [T]) -> &'a [T] {
        self.0.as_deref().unwrap_or(settings)
    }

    /// This choice, or where it is none another one.
    pub(crate) fn or_choice(self, other: &Self) -> Self
    where
        T: Clone,
    {
        if self.0.is_some() { self } else { other.clone() }
    }
}

impl<T> Default for Choice<T> {
    fn default() -> Self {
        Self::as_settings()
    }
}

impl<A: Authentication> From<A> for Choice<Authenticator> {
    fn from(one: A) -> Self {
        Self::none().and(one)
    }
}

impl<T: Throttle> From<T> for Choice<Throttler> {
    fn from(one: T) -> Self {
        Self::none().and(one)
    }
}

impl<P: Parse> From<P> for Choice<Parser> {
    fn from(one: P) -> Self {
        Self::none().and(one)
    }
}

impl<R: Render> From<R> for Choice<Renderer> {
    fn from(one: R) -> Self {
        Self::none().and(one)
    }
}

impl<N: Negotiate> From<N> for Choice<Negotiation> {
    fn from(one: N) -> Self {
        Self::none().and(one)
    }
}

impl<S: VersioningScheme> From<S> for Choice<Versioning> {
    fn from(one: S) -> Self {
        Self::none().and(one)
    }
}

impl From<Versioning> for Choice<Versioning> {
    fn from(one: Versioning) -> Self {
        Self::none().and(one)
    }
}

impl<T> From<Vec<T>> for Choice<T> {
    fn from(all: Vec<T>) -> Self {
        Self(Some(all))
    }
}

/// Everything that a view chooses.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Who may ask.
    pub permissions: Permission,
    /// How it is told who asks.
    pub authentication: Choice<Authenticator>,
    /// How often.
    pub throttles: Choice<Throttler>,
    /// What reads bodies.
    pub parsers: Choice<Parser>,
    /// What writes answers.
    pub renderers: Choice<Renderer>,
    /// How a version is asked for; the first of them.
    pub versioning: Choice<Versioning>,
    /// How a renderer and a parser are chosen; the first of them.
    pub negotiation: Choice<Negotiation>,
}

impl Choices {
    /// These choices; where they are none, others.
    pub(crate) fn over(self, others: &Self) -> Self {
        Self {
            permissions: match self.permissions {
                Permission::AsSettings => others.permissions.clone(),
                own => own,
            },
            authentication: self.authentication.or_choice(&others.authentication),
            throttles: self.throttles.or_choice(&others.throttles),
            parsers: self.parsers.or_choice(&others.parsers),
            renderers: self.renderers.or_choice(&others.renderers),
            versioning: self.versioning.or_choice(&others.versioning),
            negotiation: self.negotiation.or_choice(&others.negotiation),
        }
    }
}
