//! A queue between tasks that ask and threads that answer.
//!
//! A thread that is at work finds its next job without being woken; only one that sleeps is.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Jobs in the order in which they came.
pub(super) struct Queue<J> {
    state: Mutex<State<J>>,
    ready: Condvar,
}

struct State<J> {
    jobs: VecDeque<J>,
    sleeping: usize,
    is_closed: bool,
}

impl<J> Queue<J> {
    pub(super) fn new() -> Self {
        let state = State { jobs: VecDeque::new(), sleeping: 0, is_closed: false };
        Self { state: Mutex::new(state), ready: Condvar::new() }
    }

    /// Puts a job at the end, unless nobody takes jobs any more.
    pub(super) fn push(&self, job: J) {
        let mut state = self.state();
        if state.is_closed {
            return;
        }
        state.jobs.push_back(job);
        let is_asleep = state.sleeping > 0;
        drop(state);
        if is_asleep {
            self.ready.notify_one();
        }
    }

    /// The next job, as soon as there is one; nothing when the queue is closed and empty.
    pub(super) fn pop(&self) -> Option<J> {
        let mut state = self.state();
        loop {
            if let Some(job) = state.jobs.pop_front() {
                return Some(job);
            }
            if state.is_closed {
                return None;
            }
            state.sleeping += 1;
            state = self.ready.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.sleeping -= 1;
        }
    }

    /// The next jobs, as far as they are there and of this kind, so many at most.
    pub(super) fn pop_while(&self, most: usize, into: &mut Vec<J>, is_wanted: impl Fn(&J) -> bool) {
        let mut state = self.state();
        let count = state.jobs.iter().take(most).take_while(|job| is_wanted(job)).count();
        into.extend(state.jobs.drain(..count));
    }

    /// What is there is still done; nothing more is taken.
    pub(super) fn close(&self) {
        self.state().is_closed = true;
        self.ready.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State<J>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes a queue when nobody asks any more.
pub(super) struct Closing<J>(pub(super) std::sync::Arc<Queue<J>>);

impl<J> Drop for Closing<J> {
    fn drop(&mut self) {
        self.0.close();
    }
}
