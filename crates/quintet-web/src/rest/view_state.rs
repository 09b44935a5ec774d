//! What becomes known of a request while an API view answers it: which view, and who asks.
//!
//! A part of the request, so that clones of it know the same.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use super::negotiate::Accepted;
use super::user::Who;
use super::versioning::Versioning;
use super::view_choices::Choices;
use super::view_facts::ViewFacts;

/// The REST layer's part of a request.
#[derive(Default)]
pub(crate) struct State {
    who: OnceLock<Who>,
    /// Whether the view of the request's route answers: then nothing that is shared need be kept of it, and counted.
    is_routed: AtomicBool,
    /// What that view chose, by the place of the method's row; see [`State::place`].
    place: AtomicUsize,
    /// Another view that answers.
    view: OnceLock<Arc<ViewFacts>>,
    /// What another view chose, or this request for itself.
    choices: OnceLock<Arc<Choices>>,
    /// Whether the view has any authentication, so that credentials could help.
    has_authentication: AtomicBool,
    is_rolled_back: AtomicBool,
    /// Whether what was done stays, though the answer is a refusal.
    is_kept: AtomicBool,
    /// Whether the view may be a page for people, who log in by session.
    is_page: AtomicBool,
    /// Whether it was agreed that the first renderer of all answers, with its own media type.
    is_usual: AtomicBool,
    /// The renderer that was agreed upon; where it is the usual one, once that was asked.
    accepted: OnceLock<Accepted>,
    version: OnceLock<Box<(Versioning, Option<String>)>>,
}

impl State {
    /// Who asks, once that is known and somebody.
    pub(crate) fn who(&self) -> Option<&Who> {
        self.who.get()
    }

    pub(crate) fn set_who(&self, who: Who) {
        let _ = self.who.set(who);
    }

    /// Whether the view of the request's route answers.
    pub(crate) fn is_routed(&self) -> bool {
        self.is_routed.load(Ordering::Relaxed)
    }

    pub(crate) fn set_routed(&self) {
        self.is_routed.store(true, Ordering::Relaxed);
    }

    /// Another view that answers.
    pub(crate) fn view(&self) -> Option<&Arc<ViewFacts>> {
        self.view.get()
    }

    pub(crate) fn set_view(&self, view: &Arc<ViewFacts>) {
        let _ = self.view.set(view.clone());
    }

    /// The row of the route's view whose choices count, once that is known; within, nothing where it has none for the
    /// method.
    pub(crate) fn place(&self) -> Option<Option<usize>> {
        match self.place.load(Ordering::Relaxed) {
            0 => None,
            place => Some(place.checked_sub(2)),
        }
    }

    pub(crate) fn set_place(&self, row: Option<usize>) {
        self.place.store(row.map_or(1, |row| row + 2), Ordering::Relaxed);
    }

    /// What was chosen by another view, or by this request for itself.
    pub(crate) fn choices(&self) -> Option<&Arc<Choices>> {
        self.choices.get()
    }

    pub(crate) fn set_choices(&self, choices: &Arc<Choices>) {
        let _ = self.choices.set(choices.clone());
    }

    pub(crate) fn set_authentication(&self, is_there: bool) {
        self.has_authentication.store(is_there, Ordering::Relaxed);
    }

    /// Whether a refusal is for want of credentials.
    pub(crate) fn asks_for_credentials(&self) -> bool {
        self.who.get().is_none() && self.has_authentication.load(Ordering::Relaxed)
    }

    /// Whether who logged in by session is who asks, where no authentication says otherwise.
    pub(crate) fn is_page(&self) -> bool {
        self.is_page.load(Ordering::Relaxed)
    }

    pub(crate) fn set_page(&self) {
        self.is_page.store(true, Ordering::Relaxed);
    }

    /// Whether the first renderer of all answers, with its own media type.
    pub(crate) fn is_usual(&self) -> bool {
        self.is_usual.load(Ordering::Relaxed)
    }

    pub(crate) fn set_usual(&self) {
        self.is_usual.store(true, Ordering::Relaxed);
    }

    /// The renderer that was agreed upon, where it is not the usual one.
    pub(crate) fn accepted(&self) -> Option<&Accepted> {
        self.accepted.get()
    }

    /// The usual one, put into words.
    pub(crate) fn accepted_or(&self, usual: impl FnOnce() -> Accepted) -> &Accepted {
        self.accepted.get_or_init(usual)
    }

    pub(crate) fn set_accepted(&self, accepted: Accepted) {
        let _ = self.accepted.set(accepted);
    }

    /// How a version was asked for, and which.
    pub(crate) fn version(&self) -> Option<&(Versioning, Option<String>)> {
        self.version.get().map(|version| &**version)
    }

    pub(crate) fn set_version(&self, scheme: Versioning, version: Option<String>) {
        let _ = self.version.set(Box::new((scheme, version)));
    }

    /// What was done for this request shall be undone, though it is answered.
    pub(crate) fn set_rollback(&self) {
        self.is_rolled_back.store(true, Ordering::Relaxed);
    }

    /// What was done for this request stays, though it is refused: that a stolen token was seen.
    pub(crate) fn set_kept(&self) {
        self.is_kept.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_rolled_back(&self) -> bool {
        self.is_rolled_back.load(Ordering::Relaxed) && !self.is_kept.load(Ordering::Relaxed)
    }
}
