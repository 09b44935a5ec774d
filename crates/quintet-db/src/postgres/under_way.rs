//! How many do the same at this moment.

use std::sync::atomic::{AtomicU32, Ordering};

/// How many there are.
#[derive(Default)]
pub(crate) struct UnderWay(AtomicU32);

/// One of them.
pub(super) struct One<'a>(&'a UnderWay);

impl UnderWay {
    /// One more, until what is given goes away.
    pub(super) fn begin(&self) -> One<'_> {
        self.0.fetch_add(1, Ordering::Relaxed);
        One(self)
    }

    /// Whether there are two or more.
    pub(super) fn are_several(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 1
    }
}

impl One<'_> {
    /// Whether there is no other.
    pub(super) fn is_alone(&self) -> bool {
        !self.0.are_several()
    }
}

impl Drop for One<'_> {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}
