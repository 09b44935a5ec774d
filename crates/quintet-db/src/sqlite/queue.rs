//! A queue between tasks that ask and threads that answer.
//!
//! A thread that is at work finds its next job without being woken; only one that sleeps is. One is woken at a time, and
//! wakes the next where it leaves jobs behind: jobs that come together need few threads, and each waking costs as much
//! as a small query.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// How often a thread lets others go before it sleeps.
const TURNS: u32 = 4;

/// Jobs in the order in which they came.
pub(super) struct Queue<J> {
    state: Mutex<State<J>>,
    ready: Condvar,
}

struct State<J> {
    jobs: VecDeque<J>,
    sleeping: usize,
    /// Whether a thread was woken that has not come yet.
    is_called: bool,
    is_closed: bool,
}

impl<J> Queue<J> {
    pub(super) fn new() -> Self {
        let state = State { jobs: VecDeque::new(), sleeping: 0, is_called: false, is_closed: false };
        Self { state: Mutex::new(state), ready: Condvar::new() }
    }

    /// Puts a job at the end, unless nobody takes jobs any more.
    pub(super) fn push(&self, job: J) {
        let mut state = self.state();
        if state.is_closed {
            return;
        }
        state.jobs.push_back(job);
        self.call_one(state);
    }

    /// The next job, as soon as there is one; nothing when the queue is closed and empty.
    pub(super) fn pop(&self) -> Option<J> {
        let mut state = self.state();
        let mut turns = 0;
        loop {
            if let Some(job) = state.jobs.pop_front() {
                self.call_one(state);
                return Some(job);
            }
            if state.is_closed {
                return None;
            }
            // Another one often comes at once, and to be woken for it would cost as much as the job.
            if turns < TURNS {
                turns += 1;
                drop(state);
                std::thread::yield_now();
                state = self.state();
                continue;
            }
            state.sleeping += 1;
            state = self.ready.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.sleeping -= 1;
            state.is_called = false;
        }
    }

    /// Wakes a thread for what is left, unless one is on its way.
    fn call_one(&self, mut state: MutexGuard<'_, State<J>>) {
        let is_wanted = !state.jobs.is_empty() && state.sleeping > 0 && !state.is_called;
        state.is_called |= is_wanted;
        drop(state);
        if is_wanted {
            self.ready.notify_one();
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

#[cfg(test)]
mod tests {
    use std::sync::{Arc, mpsc};
    use std::thread;
    use std::time::Duration;

    use super::*;

    type Job = Box<dyn FnOnce() + Send>;

    #[test]
    fn a_job_that_takes_long_does_not_hold_up_one_that_came_with_it() {
        let queue = Arc::new(Queue::<Job>::new());
        let threads: Vec<_> = (0..2)
            .map(|_| {
                let queue = Arc::clone(&queue);
                thread::spawn(move || {
                    while let Some(job) = queue.pop() {
                        job();
                    }
                })
            })
            .collect();
        while queue.state().sleeping < 2 {
            thread::yield_now();
        }
        let (come, came) = mpsc::channel();
        let (tell, told) = mpsc::channel();
        let long: Job = Box::new(move || tell.send(came.recv_timeout(Duration::from_secs(10)).is_ok()).unwrap());
        // Both are there before anyone is woken, so that one thread finds two.
        queue.state().jobs.push_back(long);
        queue.push(Box::new(move || come.send(()).unwrap()));
        assert_eq!(told.recv_timeout(Duration::from_secs(20)), Ok(true));
        queue.close();
        threads.into_iter().for_each(|thread| thread.join().expect("a thread that ends"));
    }
}
